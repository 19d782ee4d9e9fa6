package tree_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/internal/tree"
)

// places are the nodes of a tree as "line:column path literal"; a member has the place of its name before that of its value.
func places(n *tree.Node, path string) []string {
	out := []string{strings.TrimSpace(fmt.Sprintf("%d:%d %s %s", n.Line, n.Column, path, n.Literal))}
	for _, m := range n.Members {
		out = append(out, fmt.Sprintf("%d:%d %s.%s:", m.Line, m.Column, path, m.Name))
		out = append(out, places(m.Value, path+"."+m.Name)...)
	}
	for i, item := range n.Items {
		out = append(out, places(item, fmt.Sprintf("%s[%d]", path, i))...)
	}
	return out
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, reason, file, text string
		want                     []string
	}{
		{
			"JSON", "a name and its value have places of their own, and numbers keep their text", "x.json",
			"{\"a\": [1.0,\n  null], \"b\" : {\"c\": true}}",
			[]string{"1:1 $", "1:2 $.a:", "1:7 $.a", "1:8 $.a[0] 1.0", "2:3 $.a[1] null", "2:10 $.b:", "2:16 $.b", "2:17 $.b.c:", "2:22 $.b.c true"},
		},
		{
			"JSON columns", "they count code points, not bytes", "x.json", `{"é": "ü", "z": 1}`,
			[]string{"1:1 $", "1:2 $.é:", `1:7 $.é "ü"`, "1:12 $.z:", "1:17 $.z 1"},
		},
		{
			"byte order mark", "editors write it, and it is no column", "x.json", "\ufeff[1]",
			[]string{"1:1 $", "1:2 $[0] 1"},
		},
		{
			"YAML", "an object begins at its first name", "x.yaml", "a:\n  - 1.0\n  - x: yes\n    'y': \"é\"\n",
			[]string{"1:1 $", "1:1 $.a:", "2:3 $.a", "2:5 $.a[0] 1.0", "3:5 $.a[1]", "3:5 $.a[1].x:", `3:8 $.a[1].x "yes"`, "4:5 $.a[1].y:", `4:10 $.a[1].y "é"`},
		},
		{
			"aliases", "what is shared stands where it was written", "x.yaml", "a: &x {b: 1}\nc: *x\nd: {<<: *x, e: 2}\n",
			[]string{
				"1:1 $", "1:1 $.a:", "1:8 $.a", "1:8 $.a.b:", "1:11 $.a.b 1", "2:1 $.c:", "1:8 $.c", "1:8 $.c.b:", "1:11 $.c.b 1",
				"3:1 $.d:", "3:5 $.d", "3:13 $.d.e:", "3:16 $.d.e 2", "1:8 $.d.b:", "1:11 $.d.b 1",
			},
		},
		{
			"JSON under the name of YAML", "it is read as what it is", "x.yaml", "{\n\t\"a\": 1}",
			[]string{"1:1 $", "2:2 $.a:", "2:7 $.a 1"},
		},
		{
			"no extension", "a bracket begins JSON", "-", " [1]",
			[]string{"1:2 $", "1:3 $[0] 1"},
		},
	}
	for _, tt := range tests {
		mustSay(t, tt.name, tt.reason)
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := tree.Reader{Path: tt.file}
			roots, err := r.Read([]byte(tt.text))
			if err != nil || len(roots) != 1 {
				t.Fatalf("%d documents, %v", len(roots), err)
			}
			if diff := cmp.Diff(tt.want, places(roots[0], "$")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.reason, diff)
			}
		})
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	r := tree.Reader{Path: "x.yaml"}
	roots, err := r.Read([]byte("tags:\n  a.b: 1\n  a: {b: 2}\nlist:\n  - x: 3\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, reason string
		want         tree.Place
	}{
		{"tags.a.b", "the longest name that fits is taken", tree.Place{Line: 2, Column: 3}},
		{`tags["a"].b`, "a name in brackets is taken as it is", tree.Place{Line: 3, Column: 7}},
		{"list[0].x", "an element is followed", tree.Place{Line: 5, Column: 5}},
		{"list[7].x", "the last thing that is there", tree.Place{Line: 4, Column: 1}},
		{"nothing", "all that is there is the whole", tree.Place{Line: 1, Column: 1}},
	} {
		mustSay(t, tt.name, tt.reason)
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := roots[0].Find(tt.name); got != tt.want {
				t.Errorf("got %v, want %v: %s", got, tt.want, tt.reason)
			}
		})
	}
}

func TestReadErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, reason, file, text, want string
	}{
		{"NUL in JSON", "no text holds one", "x.json", "{\"a\":\n \x00}", "x.json:2:2: holds a NUL byte, so it is no text"},
		{"NUL in YAML", "no text holds one", "x.yaml", "a: \x00", "x.yaml:1:4: holds a NUL byte, so it is no text"},
		{"binary", "bytes that are no UTF-8 are no text", "x", "\x7fELF\x02\xff\xfe", "x:1:6: holds bytes that are not UTF-8, so it is no text that can be read"},
		{"UTF-16", "PowerShell writes it, and its user should know what to do", "x.json", "\xff\xfe{\x00}\x00", "x.json: is UTF-16; save it as UTF-8"},
		{"deep JSON", "nesting is bounded", "x.json", `{"a":` + strings.Repeat("[", 500) + strings.Repeat("]", 500) + "}", "x.json:1:105: nested deeper than 100 levels"},
		{"very deep JSON", "also where the scanner of the standard library gives up", "x.json", strings.Repeat("[", 200_000), "x.json:1:101: not JSON: nested deeper than 100 levels"},
		{"deep YAML", "nesting is bounded", "x.yaml", "a: " + strings.Repeat("[", 150) + strings.Repeat("]", 150), "x.yaml:1:103: nested deeper than 100 levels"},
		{"very deep YAML", "it is seen before the parser, which would be slow", "x.yaml", strings.Repeat("- ", 300_000), "x.yaml:1:401: nested too deep"},
		{"many lines of YAML", "the parser would need minutes for a mapping as long as that", "x.yaml", strings.Repeat("k: v\n", 30_000), "x.yaml:20001:1: too many lines side by side for YAML; write it as JSON"},
		{"duplicate in YAML", "there is no telling which one is meant", "x.yaml", "type: container\ntype: multinode", `x.yaml:2:1: the member "type" occurs twice in its object, first at line 1, column 1; keep one`},
		{"private characters", "they stand for colons while YAML is parsed", "x.yaml", "type: \ue0c0\ue0c1", "x.yaml:1:7: holds characters for private use that cannot be kept"},
		{"anchor inside itself", "a value cannot hold itself", "x.yaml", "type: container\na: &x [*x]", "x.yaml:2:8: the alias stands for nothing that comes before it; quote it if it is a text"},
		{"secret like an alias", "no message shows a value", "x.yaml", "type: container\na: *hunter2", "x.yaml:2:4: the alias stands for nothing that comes before it; quote it if it is a text"},
		{"secret like a block", "no message shows a value, not even the parser's", "x.yaml", "type: container\na: |hun\\\"ter2", "x.yaml:2:4: not YAML: invalid header option: \"…\""},
		{"unknown tag", "what a tag would do is not known", "x.yaml", "type: container\na: !!binary aGk=", "x.yaml:2:4: the tag has no meaning here; quote it if it is a text"},
		{"infinity", "JSON has no such number", "x.yaml", "type: container\na: .inf", "x.yaml:2:4: the number is not finite; quote it if it is a text"},
		{"alias as key", "a key is what stands there", "x.yaml", "type: &x container\n*x : c", "x.yaml:2:1: a key must be a plain or a quoted text"},
		{"merge of a string", "only objects can be merged", "x.yaml", "type: container\n<<: a", "x.yaml:2:5: << takes an object or a list of objects, found a string"},
		{"too large", "memory is bounded", "x.json", strings.Repeat(" ", tree.MaxSize+1), "x.json: is too large: a file may have at most 16 MiB"},
		{"YAML too large", "YAML takes more to read", "x.yaml", strings.Repeat("#", tree.MaxYAML+1), "x.yaml: is too large: YAML may have at most 1 MiB"},
		{"many values", "memory is bounded", "x.json", "[" + strings.Repeat("1,", tree.MaxValues) + "1]", "x.json:1:2000000: holds more than 1000000 values; split the file"},
		{"duplicate in JSON", "there is no telling which one is meant", "x.json", "{\"a\": 1,\n \"a\": 2}", `x.json:2:2: the member "a" occurs twice in its object, first at line 1, column 2; keep one`},
		{"aliases of aliases", "a few lines cannot stand for millions of values", "x.yaml", doublings(24), "x.yaml:19:12: holds more than 1000000 values; split the file"},
		{"alias of something deep", "its levels count where it is used", "x.yaml", "a: &x " + strings.Repeat("[", 60) + strings.Repeat("]", 60) + "\nb: " + strings.Repeat("[", 60) + "*x" + strings.Repeat("]", 60), "x.yaml:2:64: nested deeper than 100 levels"},
	}
	for _, tt := range tests {
		mustSay(t, tt.name, tt.reason)
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := tree.Reader{Path: tt.file}
			_, err := r.Read([]byte(tt.text))
			var typed *tree.Error
			if !errors.As(err, &typed) {
				t.Fatalf("%s: want an *Error, got %v", tt.reason, err)
			}
			if diff := cmp.Diff(tt.want, err.Error()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.reason, diff)
			}
		})
	}
}

// doublings is a text of some lines, each of which stands for twice what the line before does.
func doublings(lines int) string {
	text := "a0: &a0 [1]\n"
	for i := range lines {
		text += fmt.Sprintf("a%d: &a%d [*a%d, *a%d]\n", i+1, i+1, i, i)
	}
	return text
}

// mustSay fails a test of which a row has no name or no reason.
func mustSay(t *testing.T, name, reason string) {
	t.Helper()
	if name == "" || reason == "" {
		t.Fatalf("row %q needs a name and a reason", name)
	}
}
