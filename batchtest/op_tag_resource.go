package batchtest

// TagResource
//
// Adds tags to what ListTagsForResource takes, and replaces those with the same
// key. A resource has at most 50 tags, keys have 1 to 128 characters and do not
// begin with aws:, values have at most 256; both are letters, digits, spaces and
// _ . : / = + - @. When a tag is refused nothing changes. Describing the resource
// shows the tags at once.

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
)

const (
	maxTags     = 50
	maxTagKey   = 128
	maxTagValue = 256
)

var tagText = regexp.MustCompile(`^[\pL\pN\pZ_.:/=+@-]*$`)

func (s *Server) tagResource(in *batch.TagResourceInput) (*batch.TagResourceOutput, error) {
	if len(in.Tags) == 0 {
		return nil, refuse("tags must be provided")
	}
	for _, key := range slices.Sorted(maps.Keys(in.Tags)) {
		switch n := utf8.RuneCountInString(key); {
		case n < 1 || n > maxTagKey:
			return nil, refuse("the key of a tag must have 1 to %d characters, found %d", maxTagKey, n)
		case strings.HasPrefix(strings.ToLower(key), "aws:"):
			return nil, refuse("the key of a tag must not begin with aws:, found %q", key)
		}
		if !tagText.MatchString(key + in.Tags[key]) {
			return nil, refuse("Tags can only contain letters, numbers, spaces, and the following special characters: _ . : / = + - @")
		}
		if n := utf8.RuneCountInString(in.Tags[key]); n > maxTagValue {
			return nil, refuse("the value of the tag %q must have at most %d characters, found %d", key, maxTagValue, n)
		}
	}
	return &batch.TagResourceOutput{}, s.retag(aws.ToString(in.ResourceArn), func(tags map[string]string) error {
		maps.Copy(tags, in.Tags)
		if len(tags) > maxTags {
			return refuse("a resource must have at most %d tags, found %d", maxTags, len(tags))
		}
		return nil
	})
}
