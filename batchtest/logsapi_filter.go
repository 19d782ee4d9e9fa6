package batchtest

import (
	"strings"
	"unicode"
)

// A logFilter is a filter pattern for unstructured lines, as
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
// describes it.
type logFilter struct {
	all, any, none []string
}

// parseLogFilter reads a filter pattern: terms with space between, of which a
// line must hold all; those after ? are alternatives, and those after - must not
// be there. A term of anything but letters, digits and underscores stands in
// double quotes, with a backslash before a quote in it.
func parseLogFilter(pattern string) (f logFilter, err error) {
	rest := strings.TrimSpace(pattern)
	if rest != "" && strings.ContainsRune("{[%", rune(rest[0])) {
		return f, refuseParameter("Invalid filter pattern: batchtest has terms, with ?, - and double quotes, but no patterns of JSON, of columns or of regular expressions, found %q", pattern)
	}
	for rest != "" {
		list := &f.all
		switch rest[0] {
		case '?':
			list, rest = &f.any, rest[1:]
		case '-':
			list, rest = &f.none, rest[1:]
		}
		var term string
		if term, rest, err = cutTerm(rest); err != nil {
			return f, err
		}
		*list = append(*list, term)
		rest = strings.TrimSpace(rest)
	}
	return f, nil
}

// cutTerm takes a term off the front of a pattern.
func cutTerm(pattern string) (term, rest string, err error) {
	if !strings.HasPrefix(pattern, `"`) {
		end := strings.IndexFunc(pattern, unicode.IsSpace)
		if end < 0 {
			end = len(pattern)
		}
		term, rest = pattern[:end], pattern[end:]
		if term == "" || strings.ContainsFunc(term, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			return "", "", refuseParameter("Invalid filter pattern: Invalid character(s) in term '%s'. Terms of anything but letters, digits and underscores must be in double quotes.", term)
		}
		return term, rest, nil
	}
	var text strings.Builder
	for i := 1; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '"':
			return text.String(), pattern[i+1:], nil
		case c == '\\' && i+1 < len(pattern) && (pattern[i+1] == '"' || pattern[i+1] == '\\'):
			i++
			text.WriteByte(pattern[i])
		default:
			text.WriteByte(c)
		}
	}
	return "", "", refuseParameter("Invalid filter pattern: a double quote is not closed in %q", pattern)
}

// matches reports whether a line is wanted. Alternatives count only where there
// is no other term, as in the service.
func (f *logFilter) matches(line string) bool {
	holds := func(term string) bool { return strings.Contains(line, term) }
	for _, term := range f.all {
		if !holds(term) {
			return false
		}
	}
	for _, term := range f.none {
		if holds(term) {
			return false
		}
	}
	if len(f.any) == 0 || len(f.all) > 0 || len(f.none) > 0 {
		return true
	}
	for _, term := range f.any {
		if holds(term) {
			return true
		}
	}
	return false
}
