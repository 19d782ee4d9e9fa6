package batchkit_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/internal/buildertest"
)

// everything has a step of each kind, each kind of dependency and gate, a warning, and something removed and saved.
func everything() *batchkit.Workflow {
	w := diamond()
	w.Barrier(batchkit.Job("join", "queue", small))
	w.Add(batchkit.Job("big", "queue", small).Array(20_001), batchkit.After("top"), batchkit.Sequential())
	w.Add(batchkit.Job("bigger", "queue", small).Array(20_001), batchkit.NToN("big"), batchkit.After("top"))
	w.Add(batchkit.Job("odd", "queue", small), batchkit.NToN("left")) // a warning: it is no array
	var many []batchkit.Node
	for i := range 45 {
		many = append(many, w.Add(batchkit.Job(fmt.Sprintf("one-%d", i), "queue", small).Param("n", fmt.Sprint(i))))
	}
	w.Add(batchkit.Job("all", "queue", small).Param("a", "<&>"), batchkit.After(many...))
	w.Add(batchkit.Job("clean", "queue", small), batchkit.AfterEnd("all", "bigger"))
	w.Add(batchkit.Job("alarm", "queue", small), batchkit.AfterFailure("all"))
	w.Add(batchkit.Job("more", "queue", small), batchkit.When("slow", slow, "all"), batchkit.After("clean"))
	return w
}

// gated is a small workflow with a gate of each kind.
func gated() *batchkit.Workflow {
	w := batchkit.NewWorkflow("gated")
	a := w.Add(batchkit.Job("a", "queue", batchkit.ContainerRef("d")))
	b := w.Add(batchkit.Job("b", "queue", batchkit.ContainerRef("d")), batchkit.AfterEnd(a))
	c := w.Add(batchkit.Job("c", "queue", batchkit.ContainerRef("d")).Array(3), batchkit.AfterFailure(a), batchkit.After(b), batchkit.Sequential())
	w.Add(batchkit.Job("d", "queue", batchkit.ContainerRef("d")), batchkit.When("slow", slow, c))
	return w
}

func slow(batchkit.JobResult) bool { return true }

func planOf(tb testing.TB, w *batchkit.Workflow) *batchkit.Plan {
	tb.Helper()
	p, err := w.Plan()
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

var comparePlans = cmp.Options{buildertest.Ignore, cmpopts.IgnoreUnexported(batchkit.Plan{})}

func TestPlanJSON(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, reason string
		make         func() *batchkit.Workflow
	}{
		{"empty", "nil stays nil", func() *batchkit.Workflow { return &batchkit.Workflow{} }},
		{"diamond", "arrays and their dependencies", diamond},
		{"everything", "every field of a plan", everything},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := planOf(t, tc.make())
			data, err := json.Marshal(p)
			if err != nil {
				t.Fatal(err)
			}
			var back batchkit.Plan
			if err := json.Unmarshal(data, &back); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(p, &back, comparePlans); diff != "" {
				t.Errorf("%s: -written +read\n%s", tc.reason, diff)
			}
			if p.Digest() != back.Digest() || p.Digest() != planOf(t, tc.make()).Digest() || len(p.Digest()) != 64 {
				t.Errorf("the same plan has the digests %s and %s", p.Digest(), back.Digest())
			}
			byValue, err := json.Marshal(*p)
			if err != nil || !bytes.Equal(data, byValue) {
				t.Errorf("a plan that is no pointer becomes %s, %v", byValue, err)
			}
		})
	}
	p := planOf(t, everything())
	before := p.Digest()
	p.Warnings, p.Removed, p.Savings = nil, nil, nil
	if p.Digest() != before {
		t.Error("what is not submitted counts")
	}
	p.Steps[0].Input.Parameters = map[string]string{"a": "b"}
	if p.Digest() == before {
		t.Error("another plan has the same digest")
	}
}

func TestPlanJSONIsStrict(t *testing.T) {
	t.Parallel()
	step := func(members string) string {
		return `{"version":1,"steps":[{"name":"a","job":"a","wave":0,"input":{"jobName":"a"}},{"name":"b","job":"b",` + members + `}]}`
	}
	for _, tc := range []struct {
		name, reason, data string
		want               []string
	}{
		{"version", "another format", `{"version":2}`, []string{"version"}},
		{"no version", "any other JSON", `{}`, []string{"version"}},
		{"unknown", "a member of a later release, or misspelt", `{"version":1,"stepz":[]}`, []string{""}},
		{"type", "a list is no object", `{"version":1,"steps":{}}`, []string{""}},
		{"input", "the SDK's structs are read strictly too", step(`"wave":0,"input":{"jobNam":"b","arrayProperties":[]}`), []string{"steps[1].input"}},
		{"no input", "nothing to submit", step(`"wave":0`), []string{"steps[1].input"}},
		{"definition", "another kind of document", `{"version":1,"definitions":[{"type":7}]}`, []string{"definitions[0]"}},
		{"no such definition", "the index of none", step(`"wave":0,"definition":0,"input":{}`), []string{"steps[1].definition"}},
		{"negative definition", "absent says that there is none", step(`"wave":0,"definition":-1,"input":{}`), []string{"steps[1].definition"}},
		{"dependency", "a step that comes later, or is not there", step(`"wave":1,"dependsOn":[{"on":"c"}],"input":{}`), []string{"steps[1].dependsOn[0].on", "steps[1].wave"}},
		{"kind of dependency", "AWS Batch has three", step(`"wave":1,"dependsOn":[{"on":"a","type":"X"}],"input":{}`), []string{"steps[1].dependsOn[0].type", "steps[1].wave"}},
		{"sequential", "it is about the array itself", step(`"wave":0,"dependsOn":[{"on":"a","type":"SEQUENTIAL"}],"input":{}`), []string{"steps[1].dependsOn[0].on"}},
		{"gate", "what nobody can ask", step(`"wave":0,"gates":[{"on":"a","when":"X"},{"on":"c","when":"ENDED"},{"on":"a","when":"FAILED","condition":"x"}],"input":{}`), []string{"steps[1].gates[0].when", "steps[1].gates[1].on", "steps[1].gates[2].condition"}},
		{"wave", "waves follow from the dependencies", step(`"wave":3,"dependsOn":[{"on":"a"}],"input":{}`), []string{"steps[1].wave"}},
		{"kind", "there are two", step(`"wave":0,"kind":"X","input":{}`), []string{"steps[1].kind"}},
		{"barrier", "it is no job's", step(`"wave":0,"kind":"BARRIER","input":{}`), []string{"steps[1].job"}},
		{"part", "it begins in the array", step(`"wave":0,"kind":"PART","offset":-1,"input":{}`), []string{"steps[1].job"}},
		{"twice", "names are unique", `{"version":1,"steps":[{"name":"a","job":"a","wave":0,"input":{}},{"name":"a","job":"a","wave":0,"input":{}}]}`, []string{"steps[1].name"}},
		{"other job", "a step without a kind is its job", `{"version":1,"steps":[{"name":"a","job":"b","wave":0,"input":{}}]}`, []string{"steps[0].job"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := batchkit.Plan{Name: "old"}
			err := json.Unmarshal([]byte(tc.data), &p)
			var got []string
			collect(err, &got)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: paths: -want +got\n%s\n%v", tc.reason, diff, err)
			}
			if p.Name != "old" {
				t.Error("the plan was changed in spite of the error")
			}
		})
	}
	err := new(batchkit.Plan).UnmarshalJSON([]byte(`{"version":1} {}`))
	if err == nil {
		t.Error("got no error for a second document")
	}
	var inner *batchjson.Error
	if err := json.Unmarshal([]byte(step(`"wave":0,"input":{"x":1,"y":2}`)), new(batchkit.Plan)); !errors.As(err, &inner) || len(inner.Problems) != 2 {
		t.Errorf("got %v, want both unknown members", err)
	}
}

// collect gathers the paths of all plan errors.
func collect(err error, paths *[]string) {
	switch e := err.(type) {
	case *batchkit.PlanError:
		*paths = append(*paths, e.Path)
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			collect(inner, paths)
		}
	}
}

func FuzzPlanJSON(f *testing.F) {
	for _, w := range []*batchkit.Workflow{{}, diamond(), gated()} {
		data, err := json.Marshal(planOf(f, w))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(`{"version":1,"steps":[{"name":"a","job":"a","wave":0,"definition":9,"input":{}}],"warnings":[{"rule":"X","path":"p"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var p batchkit.Plan
		if err := p.UnmarshalJSON(data); err != nil {
			return
		}
		// A plan that was read can be used: nothing panics, and it is the same after another round.
		_, _, _ = p.String(), p.CriticalPath(), p.Deferred()
		written, err := p.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		var back batchkit.Plan
		if err := back.UnmarshalJSON(written); err != nil {
			t.Fatalf("%v\n%s", err, written)
		}
		if diff := cmp.Diff(&p, &back, comparePlans, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("-read +read again\n%s", diff)
		}
		if again, err := back.MarshalJSON(); err != nil || string(again) != string(written) {
			t.Errorf("another text: %v\n%s\n%s", err, written, again)
		}
	})
}

func TestPlanString(t *testing.T) {
	t.Parallel()
	text := planOf(t, everything()).String()
	for _, want := range []string{
		`plan "diamond": `, "critical path: ", "at 50 a second", "barriers: 2, at a depth of 1", "the run must stay attached: 3 steps",
		"could be arrays: 1\n  one-0 to one-44 (45 jobs): 1 call instead of 45", "bigger waits for top", "DEP007",
		"children 6667 to 13333", "big-part-1 (n to n)", "(sequential)", "all (ended)", "all (failed)", "all (when slow)",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the text lacks %q:\n%s", want, text)
		}
	}
	if got := strings.Count(planOf(t, eachReport(t)).String(), "\n"); got > 150 {
		t.Errorf("a plan of %d jobs has %d lines", planJobs, got)
	}
}
