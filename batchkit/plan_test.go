package batchkit_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/ecsprops"
	"github.com/batchkit/batchkit-go/internal/buildertest"
)

var (
	small = batchkit.Define("small", batchkit.EC2("busybox").VCPU(1).Memory(128))
	pair  = batchkit.Define("pair", ecsprops.EC2(
		ecsprops.NonEssential("tool", "busybox").VCPU(1).Memory(128),
		ecsprops.Essential("app", "busybox").VCPU(1).Memory(128)))
)

func diamond() *batchkit.Workflow {
	wf := batchkit.NewWorkflow("diamond")
	// Added in an order that is not that of the dependencies.
	wf.Add(batchkit.Job("merge", "queue", small), batchkit.After("left", "right"))
	top := wf.Add(batchkit.Job("top", "queue", pair))
	wf.Add(batchkit.Job("right", "queue", small).Array(3), batchkit.After(top))
	wf.Add(batchkit.Job("left", "queue", batchkit.ContainerRef("other:7")).Array(3), batchkit.After(top), batchkit.Sequential())
	wf.Add(batchkit.Job("each", "queue", small).Array(3), batchkit.NToN("right"))
	return wf
}

func TestPlan(t *testing.T) {
	t.Parallel()
	plan, err := diamond().Plan()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][]string{{"top"}, {"right", "left"}, {"merge", "each"}}, plan.Waves()); diff != "" {
		t.Errorf("waves: -want +got\n%s", diff)
	}
	if len(plan.Definitions) != 2 {
		t.Errorf("got %d definitions, want each of the two once", len(plan.Definitions))
	}
	if got, want := plan.Calls(), 7; got != want {
		t.Errorf("got %d calls, want %d: two definitions and five jobs", got, want)
	}
	if got, want := plan.Duration(), 100*time.Millisecond; got != want {
		t.Errorf("got %v, want %v for five jobs at fifty a second", got, want)
	}
	var definitions []int
	for _, s := range plan.Steps {
		definitions = append(definitions, s.Definition)
		if len(s.Input.DependsOn) > 0 {
			t.Errorf("%s: the input holds dependencies before there are ids", s.Name)
		}
	}
	if diff := cmp.Diff([]int{1, 0, -1, 0, 0}, definitions); diff != "" {
		t.Errorf("definitions of the steps: -want +got\n%s", diff)
	}
	again, err := diamond().Plan()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(plan, again, buildertest.Ignore, cmpopts.IgnoreUnexported(batchkit.Plan{})); diff != "" {
		t.Errorf("the same workflow gave another plan:\n%s", diff)
	}
}

// A plan has no part in what was given to the workflow, nor in the next plan.
func TestPlanIsItsOwn(t *testing.T) {
	t.Parallel()
	wf := diamond()
	plan, err := wf.Plan()
	if err != nil {
		t.Fatal(err)
	}
	*plan.Steps[0].Input.JobName = "scribbled"
	*plan.Definitions[0].JobDefinitionName = "scribbled"
	plan.Steps[1].DependsOn[0].On = "scribbled"
	again, err := wf.Plan()
	if err != nil {
		t.Fatal(err)
	}
	if *again.Steps[0].Input.JobName != "top" || *again.Definitions[0].JobDefinitionName != "small" || again.Steps[1].DependsOn[0].On != "top" {
		t.Error("writing to a plan changed the workflow")
	}
}

func TestPlanWarns(t *testing.T) {
	t.Parallel()
	wf := batchkit.NewWorkflow("workshop")
	leader := wf.Add(batchkit.Job("leader", "queue", small))
	wf.Add(batchkit.Job("follower", "queue", small).Array(12), batchkit.NToN(leader))
	plan, err := wf.Plan()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"DEP007"}, plan.Warnings.Rules()); diff != "" {
		t.Errorf("warnings: -want +got\n%s", diff)
	}
}

func TestJobRequestPlan(t *testing.T) {
	t.Parallel()
	plan, err := batchkit.Job("only", "queue", small).Plan()
	if err != nil {
		t.Fatal(err)
	}
	if len(plan.Steps) != 1 || plan.Steps[0].Name != "only" || len(plan.Definitions) != 1 {
		t.Errorf("got %+v, want one definition and one job", plan)
	}
	if _, err := batchkit.Job("only", "queue", small).Array(1).Plan(); err == nil {
		t.Error("an array of one child got a plan")
	}
}

// A plan is plain data, so it may hold anything. None of that makes looking at it panic.
func TestPlanByHand(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, reason string
		step         batchkit.Step
		waves        [][]string
	}{
		{"nothing", "the zero step", batchkit.Step{}, [][]string{{""}, {"last"}}},
		{"a high wave", "waves may have gaps", batchkit.Step{Name: "a", Wave: 1 << 40}, [][]string{{"last"}, {"a"}}},
		{"a negative wave", "waves may begin anywhere", batchkit.Step{Name: "a", Wave: -7}, [][]string{{"a"}, {"last"}}},
		{"no definition", "the index is beyond the end", batchkit.Step{Name: "a", Definition: 7}, [][]string{{"a"}, {"last"}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			p := &batchkit.Plan{
				Definitions: []*batch.RegisterJobDefinitionInput{nil},
				Steps:       []batchkit.Step{row.step, {Name: "last", Wave: 1, Gates: []batchkit.Gate{{On: "nobody"}}}},
			}
			if diff := cmp.Diff(row.waves, p.Waves()); diff != "" {
				t.Errorf("waves: -want +got\n%s%s", diff, row.reason)
			}
			if p.String() == "" || len(p.Deferred()) != 1 || len(p.CriticalPath()) == 0 {
				t.Errorf("%q, deferred %v, critical path %v: %s", p, p.Deferred(), p.CriticalPath(), row.reason)
			}
		})
	}
}

func TestZeroValues(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, reason string
		add          func(*batchkit.Workflow)
	}{
		{"nil request", "nothing to submit", func(w *batchkit.Workflow) { w.Add(nil) }},
		{"nil input", "nothing to submit", func(w *batchkit.Workflow) { w.AddInput(nil) }},
		{"zero request", "no name, no queue, no definition", func(w *batchkit.Workflow) {
			w.Add(batchkit.JobRequest[batchkit.ContainerOverride]{})
		}},
		{"nil definition", "no definition", func(w *batchkit.Workflow) {
			w.Add(batchkit.Job[batchkit.ContainerOverride]("a", "queue", nil))
		}},
		{"zero definition", "no name and no payload", func(w *batchkit.Workflow) {
			w.Add(batchkit.Job("a", "queue", batchkit.Definition[batchkit.ContainerOverride]{}))
		}},
		{"nil payload", "a definition of nothing", func(w *batchkit.Workflow) {
			w.Add(batchkit.Job("a", "queue", batchkit.Define[batchkit.ContainerOverride]("d", nil)))
		}},
		{"nil container", "a task with nothing in it", func(w *batchkit.Workflow) {
			w.Add(batchkit.Job("a", "queue", batchkit.Define("d", ecsprops.EC2(nil, nil))))
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			var w batchkit.Workflow
			row.add(&w)
			if err := w.Check().Err(); err == nil {
				t.Errorf("%s: found nothing, although there is %s", row.name, row.reason)
			}
		})
	}
}

func TestBuild(t *testing.T) {
	t.Parallel()
	managed := batchkit.Define("managed", ecsprops.ManagedInstances(
		ecsprops.Essential("app", "busybox").VCPU(3).Memory(1000).GPU(1).Privileged()).
		HostVolume("data", "/data").CPUArchitecture("ARM64"))
	if _, err := managed.Build(); err != nil {
		t.Errorf("a task that only Managed Instances can run got %v", err)
	}
	if in, err := small.Build(); err != nil || *in.JobDefinitionName != "small" {
		t.Errorf("got %v, %v", in, err)
	}
	if in, err := small.Retry(11).Timeout(time.Second).Build(); in != nil || err == nil {
		t.Errorf("got %v, %v: a definition with faults must not be built", in, err)
	}
	if got := small.Retry(11).Timeout(time.Second).Check().Rules(); cmp.Diff([]string{"RTY001", "TMO001"}, got) != "" {
		t.Errorf("got %v", got)
	}
	if in, err := batchkit.Job("a", "queue", small).Array(2).Build(); err != nil || *in.JobDefinition != "small" {
		t.Errorf("got %v, %v", in, err)
	}
}
