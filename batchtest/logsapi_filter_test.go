package batchtest

import "testing"

func TestLogFilter(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, reason, pattern string
		match, miss           []string
	}{
		{"empty", "matches everything", "", []string{"", "a"}, nil},
		{"space", "is nothing", " \t ", []string{"a"}, nil},
		{"term", "in any place, case counts", "ERROR", []string{"[ERROR 1] x"}, []string{"error", "x"}},
		{"all", "in any order", "b a", []string{"a b"}, []string{"a", "b"}},
		{"phrase", "as it stands", `"a b"`, []string{"xa bx"}, []string{"a  b", "b a"}},
		{"quote", "with a backslash", `"say \"x\" \\"`, []string{`say "x" \`}, []string{"say x"}},
		{"backslash", "before anything else stands for itself", `"\d"`, []string{`\d`}, []string{"d"}},
		{"any", "one is enough", "?a ?b", []string{"a", "b"}, []string{"c"}},
		{"any phrase", "quoted too", `?"a b" ?c`, []string{"a b", "c"}, []string{"a"}},
		{"none", "must not be there", "-a", []string{"b"}, []string{"ab"}},
		{"all but", "both hold", `a -"b c"`, []string{"a", "a b"}, []string{"a b c", "b"}},
		{"any ignored", "alternatives count only alone", "?x ?y a", []string{"a"}, []string{"x"}},
		{"underscore", "is no special character", "a_1", []string{"a_1"}, []string{"a1"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.reason == "" {
				t.Fatal("a row needs a reason")
			}
			f, err := parseLogFilter(tt.pattern)
			if err != nil {
				t.Fatal(err)
			}
			for want, lines := range map[bool][]string{true: tt.match, false: tt.miss} {
				for _, line := range lines {
					if got := f.matches(line); got != want {
						t.Errorf("%q matches %q: %v, want %v: %s", tt.pattern, line, got, want, tt.reason)
					}
				}
			}
		})
	}
	for pattern, reason := range map[string]string{
		"{ $.a = 1 }": "JSON", "[a, b]": "columns", "%a%": "a regular expression", `"open`: "no closing quote",
		"a:b": "needs quotes", "-": "no term", "?": "no term", "a*": "no wildcards", `a"b"`: "a quote inside a word",
	} {
		if f, err := parseLogFilter(pattern); err == nil {
			t.Errorf("%q is %v, want it refused: %s", pattern, f, reason)
		}
	}
}

// No pattern makes the parser fail in another way than by an error, and a term in quotes finds itself.
func FuzzLogFilter(f *testing.F) {
	for _, pattern := range []string{"", "a -b", `?"x y" ?z`, `"\"\\"`, "{", "-", "ä ?ö"} {
		f.Add(pattern, "a line")
	}
	f.Fuzz(func(t *testing.T, pattern, line string) {
		filter, err := parseLogFilter(pattern)
		if err != nil {
			return
		}
		wanted := filter.matches(line)
		for _, term := range filter.none {
			if term == "" && wanted {
				t.Errorf("%q wants %q, which holds the empty term", pattern, line)
			}
		}
		if len(filter.none) == 0 {
			text := ""
			for _, term := range append(filter.all, filter.any...) {
				text += term
			}
			if !filter.matches(text) {
				t.Errorf("%q does not want its own terms %q", pattern, text)
			}
		}
	})
}
