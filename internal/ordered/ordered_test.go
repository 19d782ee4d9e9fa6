package ordered_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/internal/ordered"
	"github.com/batchkit/batchkit-go/internal/tree"
)

func TestYAML(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, reason string
		value        any
		want         string
	}{
		{"words", "they are strings in any version", ordered.Object{{Name: "a", Value: "AWS::Batch::JobQueue"}, {Name: "b/c", Value: "arn:aws:s3:::x"}}, "a: AWS::Batch::JobQueue\nb/c: arn:aws:s3:::x\n"},
		{"words of YAML 1.1", "they would be booleans and nothing", []any{"yes", "No", "on", "off", "y", "null", "~"}, "- \"yes\"\n- \"No\"\n- \"on\"\n- \"off\"\n- \"y\"\n- \"null\"\n- \"~\"\n"},
		{"numbers", "they would be numbers, times and dates", []any{"1", "0x1f", "1_000", "12:30:45", "2024-01-01", ".inf", "1e3"}, "- \"1\"\n- \"0x1f\"\n- \"1_000\"\n- \"12:30:45\"\n- \"2024-01-01\"\n- \".inf\"\n- \"1e3\"\n"},
		{"scalars", "they have no quotes", []any{true, int64(3), 0.5, json.RawMessage("1e400")}, "- true\n- 3\n- 0.5\n- 1e400\n"},
		{"nesting", "an object in a list begins after the dash", ordered.Object{{Name: "a", Value: []any{ordered.Object{{Name: "b", Value: "x"}, {Name: "c", Value: []any{[]any{"d"}}}}}}}, "a:\n  - b: x\n    c:\n      - - d\n"},
		{"empty", "they have a form of their own", ordered.Object{{Name: "a", Value: ordered.Object{}}, {Name: "b", Value: []any{}}, {Name: "c", Value: ""}}, "a: {}\nb: []\nc: \"\"\n"},
		{"nothing", "the empty document is an empty object", ordered.Object{}, "{}\n"},
		{"a scalar", "a document may be one", "x", "x\n"},
		{"controls", "YAML has no C1 controls, and JSON has", []any{"\u0085\u007f\ufeff"}, "- \"\\u0085\\u007f\\ufeff\"\n"},
	} {
		if row.reason == "" {
			t.Errorf("%s: no reason", row.name)
		}
		got, err := ordered.YAML(row.value)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(row.want, string(got)); diff != "" {
			t.Errorf("%s (%s): -want +got\n%s", row.name, row.reason, diff)
		}
	}
}

// Any string comes back from YAML and JSON as it was, as a name and as a value.
func FuzzStrings(f *testing.F) {
	for _, s := range []string{"", "yes", "a: b", "- x", "12:30", "\u2028", "a\nb", "#", "x:", ":x", "a:b:c", "::", "/", "A::B", "\x00", "\ufeffx", "a ", "%", "---", "..."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			t.Skip("no text")
		}
		value := ordered.Object{{Name: s, Value: []any{s, ordered.Object{{Name: "x" + s, Value: s}}}}}
		text, err := ordered.YAML(value)
		if err != nil {
			t.Fatal(err)
		}
		plain := map[string]any{s: []any{s, map[string]any{"x" + s: s}}}
		var got map[string]any
		if err := yaml.Unmarshal(text, &got); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if diff := cmp.Diff(plain, got); diff != "" {
			t.Errorf("YAML: -want +got\n%s\n%s", diff, text)
		}
		line, err := ordered.Compact(value)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(line, &got); err != nil || !cmp.Equal(plain, got) {
			t.Errorf("JSON: %v\n%s", err, line)
		}
		again, err := ordered.Parse(line)
		if err != nil || !cmp.Equal(any(value), again) {
			t.Errorf("parsed: %v, %v", again, err)
		}
		if _, err := (&tree.Reader{Path: "x.yaml"}).Read(text); err != nil && !strings.Contains(s, "\ue0c0") {
			t.Errorf("the command cannot read it: %v\n%s", err, text)
		}
	})
}

func TestEncode(t *testing.T) {
	t.Parallel()
	in := &types.ContainerProperties{
		Image:            aws.String(""),
		Command:          []string{},
		LogConfiguration: &types.LogConfiguration{Options: map[string]string{"b": "2", "a c": "1"}},
		Ulimits:          []types.Ulimit{{HardLimit: aws.Int32(0)}},
	}
	var seen []string
	got := ordered.Encoder{
		Member: func(at ordered.Path, _ reflect.Value) (string, bool) {
			seen = append(seen, at.Exact+" "+at.Pattern)
			return ordered.Snake(at.Name), true
		},
		String: func(at ordered.Path, s string) any {
			seen = append(seen, at.Exact+" = "+at.Key)
			return s
		},
		Object: func(_ ordered.Path, o ordered.Object) any { return []any{o} },
	}.Encode(in)
	want := ordered.Object{
		{Name: "command", Value: []any{}},
		{Name: "image", Value: ""},
		{Name: "log_configuration", Value: []any{ordered.Object{{Name: "options", Value: ordered.Object{{Name: "a c", Value: "1"}, {Name: "b", Value: "2"}}}}}},
		{Name: "ulimits", Value: []any{ordered.Object{{Name: "hard_limit", Value: int64(0)}}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what is set, and nothing else, in the order of the fields: -want +got\n%s", diff)
	}
	wantSeen := []string{
		"command command", "image image", "image = ", "logConfiguration logConfiguration", "logConfiguration.options logConfiguration.options",
		`logConfiguration.options["a c"] = a c`, "logConfiguration.options.b = b", "ulimits ulimits", "ulimits[0].hardLimit ulimits[].hardLimit",
	}
	if diff := cmp.Diff(wantSeen, seen); diff != "" {
		t.Errorf("paths: -want +got\n%s", diff)
	}
}
