package batchkit

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/validate"
)

func plain(name string) JobRequest[ContainerOverride] { return Job(name, "queue", ContainerRef("d")) }

func TestVerdict(t *testing.T) {
	t.Parallel()
	const (
		ok     = types.JobStatusSucceeded
		failed = types.JobStatusFailed
	)
	both := []Node{"a", "b"}
	long := When("long", func(r JobResult) bool { return r.Reason == "long" }, "a")
	for _, tc := range []struct {
		name, reason string
		wait         []Dependency
		results      map[string][]*JobResult
		want         verdict
	}{
		{"nothing yet", "nobody has ended", []Dependency{AfterEnd(both...)}, nil, undecided},
		{"one of two", "all must have ended", []Dependency{AfterEnd(both...)}, map[string][]*JobResult{"a": {{Status: failed}}}, undecided},
		{"any end", "whatever the end", []Dependency{AfterEnd(both...)}, map[string][]*JobResult{"a": {{Status: failed}}, "b": {{Status: ok}}}, opened},
		{"failure", "one of them is enough", []Dependency{AfterFailure(both...)}, map[string][]*JobResult{"a": {{Status: failed}}, "b": {{Status: ok}}}, opened},
		{"lost", "a job that is lost did not succeed", []Dependency{AfterFailure("a")}, map[string][]*JobResult{"a": {{Lost: true}}}, opened},
		{"skipped", "a job that was skipped has ended and not failed", []Dependency{AfterEnd("a"), AfterFailure("b")}, map[string][]*JobResult{"a": {{Skipped: true}}, "b": {{Skipped: true}}}, closed},
		{"cancelled", "what was cancelled is not to be handled", []Dependency{AfterFailure("a")}, map[string][]*JobResult{"a": {{Status: failed, Cancelled: true}}}, closed},
		{"condition on cancelled", "nobody is asked", []Dependency{long}, map[string][]*JobResult{"a": {{Reason: "long", Cancelled: true}}}, closed},
		{"end of cancelled", "it has ended", []Dependency{AfterEnd("a")}, map[string][]*JobResult{"a": {{Status: failed, Cancelled: true}}}, opened},
		{"no failure", "nothing to tell of", []Dependency{AfterFailure(both...)}, map[string][]*JobResult{"a": {{Status: ok}}, "b": {{Status: ok}}}, closed},
		{"failure of a part", "an array has failed when a part has", []Dependency{AfterFailure("a")}, map[string][]*JobResult{"a": {{Status: ok}, {Status: failed}}}, opened},
		{"condition", "it holds", []Dependency{long}, map[string][]*JobResult{"a": {{Reason: "long"}}}, opened},
		{"condition fails", "it does not hold for each", []Dependency{long}, map[string][]*JobResult{"a": {{Reason: "long"}, {}}}, closed},
		{"both kinds", "gates of all kinds must be open", []Dependency{long, AfterFailure("b")}, map[string][]*JobResult{"a": {{Reason: "long"}}, "b": {{Status: ok}}}, closed},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := NewWorkflow("w")
			w.Add(plain("a"))
			w.Add(plain("b"))
			w.Add(plain("last"), tc.wait...)
			p, err := w.Plan()
			if err != nil {
				t.Fatal(err)
			}
			if got, _ := p.verdict(&p.Steps[2], func(job string) []*JobResult { return tc.results[job] }); got != tc.want {
				t.Errorf("%s: got %v, want %v", tc.reason, got, tc.want)
			}
			p.conditions = nil
			got, _ := p.verdict(&p.Steps[2], func(string) []*JobResult { return []*JobResult{{Reason: "long"}} })
			if asked := p.Steps[2].Gates[0].When == GateCondition; asked && got != closed {
				t.Errorf("a condition without a function: got %v", got)
			}
		})
	}
}

func TestGatesOfAPlan(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, reason string
		add          func(*Workflow)
		want         map[string][]Gate
		deferred     []string
	}{
		{
			"plain", "nothing to attend to",
			func(w *Workflow) { w.Add(plain("b"), After("a")) },
			nil, nil,
		},
		{
			"implied", "who waits for the success needs no run that waits for the end",
			func(w *Workflow) { w.Add(plain("b"), After("a"), AfterEnd("a")) },
			nil, nil,
		},
		{
			"downstream", "it waits for a job whose id there is not yet",
			func(w *Workflow) { w.Add(plain("b"), AfterEnd("a")); w.Add(plain("c"), After("b", "a"), AfterEnd("a")) },
			map[string][]Gate{"b": {{On: "a", When: GateEnded}}}, []string{"b", "c"},
		},
		{
			"failure does not imply success", "the ordinary dependency on a stays, though b follows a by a gate",
			func(w *Workflow) { w.Add(plain("b"), AfterFailure("a")); w.Add(plain("c"), After("a", "b")) },
			map[string][]Gate{"b": {{On: "a", When: GateFailed}}}, []string{"b", "c"},
		},
		{
			"end and failure", "both wait for the end",
			func(w *Workflow) { w.Add(plain("b"), AfterEnd("a"), AfterFailure("a"), AfterFailure("a")) },
			map[string][]Gate{"b": {{On: "a", When: GateFailed}}}, []string{"b"},
		},
		{
			"cut array", "a gate is about the whole array",
			func(w *Workflow) {
				w.Add(plain("big").Array(20_001))
				w.Add(plain("b"), AfterEnd("big"))
			},
			map[string][]Gate{"b": {{On: "big", When: GateEnded}}}, []string{"b"},
		},
		{
			"array with gates", "each part has them",
			func(w *Workflow) { w.Add(plain("big").Array(20_000), AfterFailure("a")) },
			map[string][]Gate{"big-part-1": {{On: "a", When: GateFailed}}, "big-part-2": {{On: "a", When: GateFailed}}},
			[]string{"big-part-1", "big-part-2"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := NewWorkflow("w")
			w.Add(plain("a"))
			tc.add(w)
			p, err := w.Plan()
			if err != nil {
				t.Fatal(err)
			}
			var got map[string][]Gate
			for _, s := range p.Steps {
				if s.Gates != nil {
					if got == nil {
						got = map[string][]Gate{}
					}
					got[s.Name] = s.Gates
				}
				if s.Name == "c" && len(s.DependsOn) != 2 {
					t.Errorf("%s: c waits for %v, want both", tc.reason, s.DependsOn)
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: gates: -want +got\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(tc.deferred, p.Deferred()); diff != "" {
				t.Errorf("%s: deferred: -want +got\n%s", tc.reason, diff)
			}
			if p.Attached() != (tc.want != nil) {
				t.Errorf("%s: attached is %v", tc.reason, p.Attached())
			}
			for _, fault := range p.faults() {
				t.Error(fault)
			}
		})
	}
}

// Gates are edges of the graph: what is wrong with them is found with all the rest.
func TestBadGates(t *testing.T) {
	t.Parallel()
	w := NewWorkflow("w")
	w.Add(plain("a"), AfterEnd("c"))
	w.Add(plain("b"), After("a"))
	w.Add(plain("c"), AfterFailure("b"))
	w.Add(plain("d"), AfterEnd("nobody"))
	w.Add(plain("e"), AfterEnd("e"))
	yes := func(JobResult) bool { return true }
	w.Add(plain("f"), When("", yes, "b"), When("none", nil, "b"), When("x", yes, "b"), When("x", yes, "b"))
	_, err := w.Plan()
	var invalid *validate.InvalidError
	if !errors.As(err, &invalid) {
		t.Fatalf("got %v, want a *validate.InvalidError", err)
	}
	var got []string
	for _, f := range invalid.Findings {
		got = append(got, f.Rule+" "+f.Path)
	}
	if diff := cmp.Diff([]string{"DEP011 jobs[a].gates[0]", "DEP012 jobs[d].gates[0]", "DEP011 jobs[e].gates[0]"}, got); diff != "" {
		t.Errorf("findings: -want +got\n%s", diff)
	}
	got = nil
	for _, e := range err.(interface{ Unwrap() []error }).Unwrap() {
		var condition *ConditionError
		if errors.As(e, &condition) {
			got = append(got, condition.Error())
		}
	}
	want := []string{
		`jobs[f]: condition "" on "b" must have a name`,
		`jobs[f]: condition "none" on "b" must have a function, found nil`,
		`jobs[f]: condition "x" on "b" must be given once for a job, found it again: give another name`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("conditions: -want +got\n%s", diff)
	}
}
