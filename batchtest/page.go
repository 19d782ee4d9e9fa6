package batchtest

import (
	"encoding/base64"
	"sort"
)

// page cuts one page out of items, which are in the order of their keys. The
// token is the key of the last item given, so pages neither repeat nor skip
// what was there all the time, even if items come and go in between.
func page[T any](items []T, key func(T) string, maxResults *int32, limit int, token *string) (cut []T, next *string, err error) {
	if maxResults != nil {
		if *maxResults < 1 {
			return nil, nil, refuse("maxResults must be between 1 and %d, found %d", limit, *maxResults)
		}
		limit = min(limit, int(*maxResults))
	}
	if token != nil && *token != "" {
		last, err := base64.RawURLEncoding.DecodeString(*token)
		if err != nil {
			return nil, nil, refuse("nextToken is not one that was returned before")
		}
		after := sort.Search(len(items), func(i int) bool { return key(items[i]) > string(last) })
		items = items[after:]
	}
	if len(items) <= limit {
		return items, nil, nil
	}
	text := base64.RawURLEncoding.EncodeToString([]byte(key(items[limit-1])))
	return items[:limit], &text, nil
}
