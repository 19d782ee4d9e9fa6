// Package nearest guesses which name was meant by one that does not exist.
package nearest

import (
	"iter"
	"strings"
)

// maxGuess is the longest name, in bytes, that a near one is looked for. No
// member of an API is half as long, and the search is quadratic.
const maxGuess = 64

var separators = strings.NewReplacer("_", "", "-", "", " ", "")

// Of returns the candidate that is most like name, or "" if none is like it.
// Case and word separators do not count, so that DependsOn, depends_on and
// dependson all lead to dependsOn; beyond that, one edit is forgiven for every
// three letters, three at the most. Of equals the first one counts.
func Of(name string, candidates iter.Seq[string]) string {
	if len(name) > maxGuess {
		return ""
	}
	wanted := fold(name)
	best, found := min(len(wanted)/3, 3), ""
	for candidate := range candidates {
		if len(candidate) > maxGuess {
			continue
		}
		if d := distance(wanted, fold(candidate)); d < best || d == best && found == "" {
			best, found = d, candidate
		}
	}
	return found
}

func fold(name string) string { return strings.ToLower(separators.Replace(name)) }

// distance is the number of edits that turn a into b, an edit being one letter
// added, dropped, replaced, or swapped with the next one (the restricted
// Damerau–Levenshtein distance), counted in bytes.
func distance(a, b string) int {
	before := make([]int, len(b)+1) // the row before previous
	previous := make([]int, len(b)+1)
	current := make([]int, len(b)+1)
	for j := range previous {
		previous[j] = j
	}
	for i := 1; i <= len(a); i++ {
		current[0] = i
		for j := 1; j <= len(b); j++ {
			replace := previous[j-1]
			if a[i-1] != b[j-1] {
				replace++
			}
			current[j] = min(replace, previous[j]+1, current[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				current[j] = min(current[j], before[j-2]+1)
			}
		}
		before, previous, current = previous, current, before
	}
	return previous[len(b)]
}
