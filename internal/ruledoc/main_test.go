package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/batchkit/batchkit-go/internal/golden"
	"github.com/batchkit/batchkit-go/validate"
)

const root = "../.."

// TestDocument holds docs/rules.md to the catalogue. go generate ./validate writes it too.
func TestDocument(t *testing.T) {
	t.Parallel()
	text, err := document(root)
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, documentPath(root), string(text))
}

func TestValueText(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, raw, want, reason string }{
		{"null", `null`, " is absent", "null takes a member away"},
		{"repeated", `{"$repeat": "a", "times": 3, "after": "/"}`, ` = "a" repeated 3 times after "/"`, "a long text is not written out"},
		{"inside", `[{"$repeat": "a", "times": 3}]`, ` = [{"$repeat":"a","times":3}]`, "inside a value it stays as the case has it"},
		{"object", `{ "a": [1, 2] }`, ` = {"a":[1,2]}`, "a value takes one line"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := valueText(json.RawMessage(tc.raw))
			if err != nil || got != tc.want {
				t.Errorf("valueText = %q, %v, want %q, because %s", got, err, tc.want, tc.reason)
			}
		})
	}
}

func TestRenderFails(t *testing.T) {
	t.Parallel()
	rule, _ := validate.Lookup("JD001")
	stranger := rule
	stranger.ID = "ZZ001"
	for _, tc := range []struct {
		name   string
		rule   validate.Rule
		cases  map[string]ruleCase
		reason string
	}{
		{"no case", rule, nil, "a rule without an example is not documented"},
		{"no area", stranger, map[string]ruleCase{"ZZ001": {}}, "a rule must not be left out in silence"},
		{"bad value", rule, map[string]ruleCase{"JD001": {Pass: variant{Set: map[string]json.RawMessage{"a": json.RawMessage("{")}}}}, "a value that is no JSON cannot be shown"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if _, err := render([]validate.Rule{tc.rule}, nil, tc.cases); err == nil {
				t.Errorf("render took it, want an error, because %s", tc.reason)
			}
		})
	}
}

func TestReadCasesFails(t *testing.T) {
	t.Parallel()
	empty, broken := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(broken, "a.json"), []byte("["), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, dir := range map[string]string{"empty": empty, "broken": broken} {
		if _, err := readCases(dir); err == nil {
			t.Errorf("%s: readCases took it, want an error", name)
		}
	}
	if _, err := document(empty); err == nil {
		t.Error("document of a folder without cases: want an error")
	}
	if err := run(empty); err == nil {
		t.Error("run in a folder without cases: want an error")
	}
}
