package batchtest

import (
	"strings"
	"testing"
)

func FuzzExpandReferences(f *testing.F) {
	for _, seed := range []string{"", "$", "$$", "$(A)", "$$(A)", "$(A", "x$(A)y$(B)z", "$($(A))", "$()", "$$$(A)"} {
		f.Add(seed)
	}
	env := map[string]string{"A": "1", "LOOP": "$(A)"}
	f.Fuzz(func(t *testing.T, text string) {
		got := expandReferences(text, env)
		if !strings.Contains(text, "$") && got != text {
			t.Errorf("%q became %q, want text without a dollar as it was", text, got)
		}
		if !strings.Contains(text, "$$") && expandReferences(text, nil) != text {
			t.Errorf("%q changed although there are no variables", text)
		}
		// Doubling every dollar keeps any text as it is.
		if kept := expandReferences(strings.ReplaceAll(text, "$", "$$"), env); kept != text {
			t.Errorf("%q escaped became %q", text, kept)
		}
	})
}

func FuzzParseRange(f *testing.F) {
	for _, seed := range []string{"", ":", "0", "0:3", ":3", "3:", "3:0", "-1", "+1", "a:b", "0:1:2", "99999999999999999999"} {
		f.Add(seed, 4)
	}
	f.Fuzz(func(t *testing.T, text string, nodes int) {
		r, err := parseRange(text, nodes)
		if err == nil && (r.from < 0 || r.to < r.from) {
			t.Errorf("%q of %d: %+v", text, nodes, r)
		}
		if strings.Trim(text, "0123456789:") != "" && err == nil {
			t.Errorf("%q: %+v, want an error", text, r)
		}
	})
}
