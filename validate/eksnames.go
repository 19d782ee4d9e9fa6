package validate

import "strings"

const (
	smallLetters = "abcdefghijklmnopqrstuvwxyz"
	maxLabel     = 63
	maxSubdomain = 253
)

var (
	labelLetters     = alphabetOf(letters + digitLetters + "-")
	dnsLetters       = alphabetOf(smallLetters + digitLetters + "-")
	qualifiedLetters = alphabetOf(letters + digitLetters + "-_.")
)

// isSubdomain reports whether name is a DNS subdomain: labels with periods between them.
func isSubdomain(name string) bool {
	if len(name) > maxSubdomain {
		return false
	}
	for more := true; more; {
		var label string
		if label, name, more = strings.Cut(name, "."); !isBounded(label, dnsLetters) {
			return false
		}
	}
	return true
}

// isDNSLabel reports whether name is one label of a DNS name.
func isDNSLabel(name string) bool { return len(name) <= maxLabel && isBounded(name, dnsLetters) }

// isQualified reports whether text is the name of a label or an annotation, or the value of a label.
func isQualified(text string) bool { return len(text) <= maxLabel && isBounded(text, qualifiedLetters) }

// isKey reports whether key is that of a label or an annotation: a name, which may follow a DNS subdomain and a slash.
func isKey(key string) bool {
	prefix, name, prefixed := strings.Cut(key, "/")
	if !prefixed {
		return isQualified(key)
	}
	return isSubdomain(prefix) && isQualified(name)
}

// isBounded reports whether text has no other characters, and a letter or a digit at both ends.
func isBounded(text string, of *alphabet) bool {
	if text == "" || !of.writes(text) {
		return false
	}
	return labelLetters.writes(text[:1]) && text[0] != '-' && labelLetters.writes(text[len(text)-1:]) && text[len(text)-1] != '-'
}
