package validate

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	tagging = userGuide + "using-tags.html"

	maxTagKey   = 128
	maxTagValue = 256
)

var tagLetters = alphabetOf(letters + digitLetters + tagMarks)

const tagMarks = " _.:/=+-@"

// tagRules are the rules of tags, of a definition and of a submission. Messages name the key and never the value.
var tagRules = []Rule{
	{
		ID: "TAG001", Title: "a resource has at most 50 tags",
		Severity: Error, Platforms: All, Source: tagging,
		check: onTags(func(p *pass, tags map[string]string) {
			if n := len(tags); n > maxTags {
				p.fail(here, "must be at most %d tags, found %d", maxTags, n)
			}
		}),
	},
	{
		ID: "TAG002", Title: "the key of a tag has 1 to 128 characters",
		Severity: Error, Platforms: All, Source: tagging,
		check: onTag(func(p *pass, key, _ string) {
			if n := utf8.RuneCountInString(key); n < 1 || n > maxTagKey {
				p.fail(here, "must have keys of 1 to %d characters, found %d in %s", maxTagKey, n, excerpt(key))
			}
		}),
	},
	{
		ID: "TAG003", Title: "the value of a tag has at most 256 characters",
		Severity: Error, Platforms: All, Source: tagging,
		check: onTag(func(p *pass, key, value string) {
			if n := utf8.RuneCountInString(value); n > maxTagValue {
				p.fail(tagPlace(key), "must be at most %d characters, found %d", maxTagValue, n)
			}
		}),
	},
	{
		ID: "TAG004", Title: "tags are written with letters, digits, spaces and _ . : / = + - @",
		Severity: Error, Platforms: All, Source: tagging,
		Service: "Tags can only contain letters, numbers, spaces, and the following special characters: _ . : / = + - @",
		check: onTag(func(p *pass, key, value string) {
			if !tagText(key) {
				p.fail(tagPlace(key), "must have a key of letters, digits, spaces and _ . : / = + - @, found %s", excerpt(key))
			}
			if !tagText(value) {
				p.fail(tagPlace(key), "must be letters, digits, spaces and _ . : / = + - @, found others")
			}
		}),
	},
	{
		ID: "TAG005", Title: "the key of a tag does not begin with aws:",
		Severity: Error, Platforms: All, Source: tagging,
		check: onTag(func(p *pass, key, _ string) {
			const reserved = "aws:"
			if len(key) >= len(reserved) && strings.EqualFold(key[:len(reserved)], reserved) {
				p.fail(tagPlace(key), "must have a key that does not begin with aws:, which AWS keeps for itself: choose another prefix")
			}
		}),
	},
	{
		ID: "TAG006", Title: "tags stay with the array or the multi-node job",
		Severity: Info, Platforms: All, Source: tagging,
		reads: []string{"arrayProperties", "nodeProperties", "size", "type"},
		check: onSubmission(func(p *pass, s *submission) {
			if len(s.in.Tags) == 0 {
				return
			}
			switch {
			case isArray(s.in):
				p.fail(at("tags"), "are those of the array: its children do not get them")
			case s.payload == nodePayload:
				p.fail(at("tags"), "are those of the job: its nodes do not get them")
			}
		}),
	},
}

// tagPlace is where a tag is written. The members of a JSON object may have an empty name, steps of a path may not.
func tagPlace(key string) []any {
	if key == "" {
		return here
	}
	return at(key)
}

// tagText reports whether a key or a value has only characters that a tag may have. Letters are those of any script.
func tagText(text string) bool {
	if tagLetters.writes(text) {
		return true
	}
	for _, r := range text {
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.Is(unicode.Z, r) && !unicode.Is(unicode.M, r) && !strings.ContainsRune(tagMarks, r) {
			return false
		}
	}
	return utf8.ValidString(text)
}
