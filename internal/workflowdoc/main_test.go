package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/batchkit/batchkit-go/internal/golden"
	"github.com/batchkit/batchkit-go/workflowfile"
)

const root = "../.."

// TestDocument holds docs/workflow.schema.json to the structs and to the page, which has a row for each member.
// go generate ./workflowfile writes it too.
func TestDocument(t *testing.T) {
	t.Parallel()
	text, err := document(root)
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, schemaPath(root), string(text))
}

// compiled is the schema as others read it.
func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	s, err := jsonschema.NewCompiler().Compile(schemaPath(root))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func fits(t *testing.T, s *jsonschema.Schema, text string) error {
	t.Helper()
	var v any
	if err := yaml.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return s.Validate(v)
}

// load is a definition.
const load = `{"type":"container","containerProperties":{"image":"a","resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"128"}]}}`

// The example of the page is a workflow file, and fits the schema.
func TestPage(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join(root, "docs", "workflow-file.md"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(string(page), -1)
	if len(blocks) != 1 {
		t.Fatalf("%d examples, want 1", len(blocks))
	}
	text := blocks[0][1]
	if err := fits(t, compiled(t), text); err != nil {
		t.Error(err)
	}
	file, err := workflowfile.Parse("w.yaml", []byte(text), workflowfile.Options{
		Values: map[string]string{"DAY": "monday"}, FS: fstest.MapFS{"definitions/load.json": {Data: []byte(load)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.Workflow().Plan(); err != nil {
		t.Error(err)
	}
}

// The schema refuses no file that is read, and finds what an editor should mark.
func TestSchema(t *testing.T) {
	t.Parallel()
	s := compiled(t)
	values := map[string]map[string]string{"values": {"T": "true"}, "enumeration": {"T": "container", "P": "EC"}}
	tests := []struct {
		name, reason, text string
		good               bool
	}{
		{"least", "nothing else must be given", "{name: a, jobs: [{name: x, definition: d}]}", true},
		{"values", "numbers and booleans may be values", `{name: a, values: {N: 3, T: null}, jobs: [{name: x, definition: d, array: "${{N}}", sequential: "${{T}}", retryStrategy: {attempts: "${{N}}"}}]}`, true},
		{"enumeration", "it may be a value, whole or in part", `{name: a, values: {T: null, P: null}, definitions: {d: {type: "${{T}}", platformCapabilities: ["${{P}}2"]}}, jobs: [{name: x, definition: d}]}`, true},
		{"definition", "in the API's spelling", `{name: a, definitions: {d: {type: container, containerProperties: {image: i, privileged: true}}, e: e.json}, jobs: [{name: x, definition: d}]}`, true},
		{"edges", "a name or several", "{name: a, jobs: [{name: x, definition: d, after: y, afterEnd: [y], afterFailure: [], nToN: z}, {name: y, definition: d}, {name: z, definition: d}]}", true},
		{"the schema itself", "editors of JSON look for it there", `{"$schema": "workflow.schema.json", "name": "a", "jobs": [{"name": "x", "definition": "d"}]}`, true},
		{"each", "elements are values", "{name: a, jobs: [{name: x, definition: d, each: [{A: 1, B: true}]}]}", true},
		{"barrier", "with the file's queue", "{name: a, barrier: {definition: d}, jobs: [{name: x, definition: d}]}", true},
		{"unknown member", "a slip of the pen", "{name: a, jobs: [{name: x, definition: d, afterend: y}]}", false},
		{"the API's name", "one thing has one name", "{name: a, jobs: [{name: x, definition: d, jobQueue: q}]}", false},
		{"wrong type", "a number in a text's place", "{name: a, jobs: [{name: 3, definition: d}]}", false},
		{"no number", "a text that is no value", "{name: a, jobs: [{name: x, definition: d, array: ten}]}", false},
		{"enumeration that has no such value", "the service refuses it", "{name: a, definitions: {d: {type: pod}}, jobs: [{name: x, definition: d}]}", false},
		{"deep", "members of the API are known all the way down", "{name: a, jobs: [{name: x, definition: d, containerOverrides: {environment: [{nam: A}]}}]}", false},
		{"no jobs", "there is nothing to do", "{name: a, jobs: []}", false},
		{"no definition", "nobody knows what the job is", "{name: a, jobs: [{name: x}]}", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if test.name == "" || test.reason == "" {
				t.Fatal("a row needs a name and a reason")
			}
			if err := fits(t, s, test.text); (err == nil) != test.good {
				t.Errorf("%s: good is %t, got %v", test.reason, test.good, err)
			}
			if _, err := workflowfile.Parse("w.yaml", []byte(strings.Replace(test.text, "{", "{queue: q, ", 1)), workflowfile.Options{
				Values: values[test.name], FS: fstest.MapFS{"e.json": {Data: []byte(load)}},
			}); test.good && err != nil {
				t.Errorf("%s: it is good to the schema, and cannot be read: %v", test.reason, err)
			}
		})
	}
}
