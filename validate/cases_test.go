package validate_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/validate"
)

// A ruleCase is one rule with an input that passes and one that fails. Both are a valid base with some members set.
type ruleCase struct {
	Rule string  `json:"rule"`
	On   string  `json:"on"` // the base, a file of testdata/bases
	Pass variant `json:"pass"`
	Fail variant `json:"fail"`
}

type variant struct {
	Reason string `json:"reason"`
	// Set maps paths, such as definition.containerProperties.image, to values; null takes the member away.
	// {"$repeat": "a", "times": 4096, "after": "/"} stands for a long text.
	// Besides definition, submission and workflow there may be queue and consumables: see contextOf.
	Set map[string]json.RawMessage `json:"set"`
	// At is the path of the finding.
	At string `json:"at"`
}

// TestRules holds every rule of the catalogue to its two cases.
func TestRules(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, c := range loadCases(t) {
		rule, ok := validate.Lookup(c.Rule)
		if !ok {
			t.Errorf("case for %q, which is not in the catalogue", c.Rule)
			continue
		}
		seen[c.Rule] = true
		if c.Pass.Reason == "" || c.Fail.Reason == "" {
			t.Errorf("%s: a case needs a reason on both sides", c.Rule)
		}
		t.Run(c.Rule, func(t *testing.T) {
			t.Parallel()
			var opts []validate.Option
			if rule.Uncertain || rule.Severity == validate.Info {
				opts = append(opts, validate.Strict())
			}
			for _, f := range judge(t, c.On, c.Pass.Set, opts...) {
				if f.Rule == c.Rule || f.Severity == validate.Error && !rule.Uncertain {
					t.Errorf("the input that passes (%s) got %v", c.Pass.Reason, f)
				}
			}
			findings := judge(t, c.On, c.Fail.Set, opts...)
			if !slices.ContainsFunc(findings, func(f validate.Finding) bool {
				return f.Rule == c.Rule && f.Path == c.Fail.At && f.Severity == rule.Severity
			}) {
				t.Errorf("the input that fails (%s) got no %s at %q, only %v", c.Fail.Reason, c.Rule, c.Fail.At, findings)
			}
			for _, f := range findings.Errors() {
				if f.Rule != c.Rule {
					t.Errorf("the input that fails (%s) also got %v", c.Fail.Reason, f)
				}
			}
		})
	}
	for _, r := range validate.Rules() {
		if !seen[r.ID] {
			t.Errorf("%s has no case", r.ID)
		}
	}
}

func loadCases(tb testing.TB) []ruleCase {
	tb.Helper()
	files, err := filepath.Glob("testdata/cases/*.json")
	if err != nil || len(files) == 0 {
		tb.Fatalf("no cases: %v", err)
	}
	var all []ruleCase
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		var cases []ruleCase
		dec := json.NewDecoder(strings.NewReader(string(data)))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&cases); err != nil {
			tb.Fatalf("%s: %v", file, err)
		}
		all = append(all, cases...)
	}
	return all
}

// judge builds the base with the members set, and judges what it holds: a workflow, else a submission, else a definition.
func judge(tb testing.TB, base string, set map[string]json.RawMessage, opts ...validate.Option) validate.Findings {
	tb.Helper()
	return judgeDocument(tb, document(tb, base, set), opts...)
}

// document is the base with the members set.
func document(tb testing.TB, base string, set map[string]json.RawMessage) map[string]any {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "bases", base+".json"))
	if err != nil {
		tb.Fatal(err)
	}
	var doc any
	if err := json.Unmarshal(data, &doc); err != nil {
		tb.Fatalf("%s: %v", base, err)
	}
	for _, path := range slices.Sorted(maps.Keys(set)) {
		var value any
		if err := json.Unmarshal(set[path], &value); err != nil {
			tb.Fatalf("%s: %v", path, err)
		}
		if doc, err = put(doc, steps(path), expand(value)); err != nil {
			tb.Fatalf("%s: %s: %v", base, path, err)
		}
	}
	return doc.(map[string]any)
}

func judgeDocument(tb testing.TB, parts map[string]any, opts ...validate.Option) validate.Findings {
	tb.Helper()
	opts = append(contextOf(tb, parts), opts...)
	if jobs, ok := parts["workflow"]; ok {
		return validate.Workflow(workflow(tb, jobs.([]any)), opts...)
	}
	var def *batch.RegisterJobDefinitionInput
	if d, ok := parts["definition"]; ok {
		def = new(batch.RegisterJobDefinitionInput)
		decode(tb, d, def)
	}
	if s, ok := parts["submission"]; ok {
		in := new(batch.SubmitJobInput)
		decode(tb, s, in)
		return validate.SubmitJob(in, append(opts, validate.WithDefinition(def))...)
	}
	return validate.JobDefinition(def, opts...)
}

func workflow(tb testing.TB, list []any) []validate.Job {
	tb.Helper()
	jobs := make([]validate.Job, 0, len(list))
	for _, item := range list {
		m := item.(map[string]any)
		job := validate.Job{Name: m["name"].(string), Input: new(batch.SubmitJobInput)}
		decode(tb, m["input"], job.Input)
		if d, ok := m["definition"]; ok {
			job.Definition = new(batch.RegisterJobDefinitionInput)
			decode(tb, d, job.Definition)
		}
		deps, _ := m["dependsOn"].([]any)
		for _, d := range deps {
			d := d.(map[string]any)
			on, _ := d["on"].(string)
			kind, _ := d["type"].(string)
			job.DependsOn = append(job.DependsOn, validate.Dependency{On: on, Type: types.ArrayJobDependency(kind)})
		}
		jobs = append(jobs, job)
	}
	return jobs
}

func decode(tb testing.TB, from any, into any) {
	tb.Helper()
	data, err := json.Marshal(from)
	if err != nil {
		tb.Fatal(err)
	}
	if err := batchjson.Unmarshal(data, into); err != nil {
		tb.Fatalf("%v in %s", err, data)
	}
}

// expand writes out the long texts in a value.
func expand(value any) any {
	switch v := value.(type) {
	case []any:
		for i := range v {
			v[i] = expand(v[i])
		}
	case map[string]any:
		if text, ok := v["$repeat"].(string); ok {
			after, _ := v["after"].(string)
			return after + strings.Repeat(text, int(v["times"].(float64)))
		}
		for key := range v {
			v[key] = expand(v[key])
		}
	}
	return value
}

// steps cuts a path such as a.b[2].c into a, b, 2, c.
func steps(path string) []string {
	return strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' || r == ']' })
}

// put sets the value at the place, making what is missing on the way, and returns the changed node.
func put(node any, at []string, value any) (any, error) {
	if len(at) == 0 {
		return value, nil
	}
	if i, err := strconv.Atoi(at[0]); err == nil {
		list, _ := node.([]any)
		switch {
		case i > len(list):
			return nil, fmt.Errorf("index %d beyond the end", i)
		case i == len(list):
			list = append(list, nil)
		}
		list[i], err = put(list[i], at[1:], value)
		return list, err
	}
	m, _ := node.(map[string]any)
	if m == nil {
		m = map[string]any{}
	}
	child, err := put(m[at[0]], at[1:], value)
	if err != nil {
		return nil, err
	}
	if child == nil {
		delete(m, at[0])
	} else {
		m[at[0]] = child
	}
	return m, nil
}
