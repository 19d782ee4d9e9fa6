package batchkit_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/validate"
)

var (
	reference = batchkit.ContainerRef("d")
	barrier   = batchkit.Job("barrier", "small", reference)
)

func fan(w *batchkit.Workflow, n int) []batchkit.Node {
	return batchkit.Each(w, batchkit.Job("one", "q", reference), make([]int, n),
		func(job batchkit.ContainerJob, _ int) batchkit.ContainerJob { return job })
}

func TestBarriers(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, reason string
		add          func(*batchkit.Workflow)
		want         []string
	}{
		{"20", "AWS Batch takes them", func(w *batchkit.Workflow) {
			w.Add(batchkit.Job("all", "q", reference), batchkit.After(fan(w, 20)...))
		}, nil},
		{"21", "one is enough", func(w *batchkit.Workflow) {
			w.Add(batchkit.Job("all", "q", reference), batchkit.After(fan(w, 21)...))
		}, []string{"barrier-all-1"}},
		{"implied", "what the reduction leaves counts", func(w *batchkit.Workflow) {
			last := w.Add(batchkit.Job("last", "q", reference), batchkit.After(fan(w, 20)...))
			w.Add(batchkit.Job("all", "q", reference), batchkit.After(last), batchkit.After(nodesOf(20)...))
		}, nil},
		{"shared", "jobs that wait for the same share them", func(w *batchkit.Workflow) {
			many := fan(w, 40)
			w.Add(batchkit.Job("all", "q", reference), batchkit.After(many...))
			w.Add(batchkit.Job("too", "q", reference), batchkit.After(many...))
		}, []string{"barrier-all-1", "barrier-all-2"}},
		{"less room", "an id from before cannot be joined, and takes a place", func(w *batchkit.Workflow) {
			id := "0a0a0a0a-0b0b-4c0c-8d0d-0e0e0e0e0e0e"
			w.Add(batchkit.Job("all", "q", reference).AfterJob(id), batchkit.After(fan(w, 20)...))
		}, []string{"barrier-all-1"}},
		{"names", "a name that is taken is not given again", func(w *batchkit.Workflow) {
			w.Add(batchkit.Job("barrier-all-1", "q", reference))
			w.Add(batchkit.Job("all", "q", reference), batchkit.After(fan(w, 21)...))
		}, []string{"barrier-all-1-2"}},
		{"long names", "a name that is too long ends with a hash of all of it", func(w *batchkit.Workflow) {
			w.Add(batchkit.Job(strings.Repeat("a", 128), "q", reference), batchkit.After(fan(w, 21)...))
		}, []string{"barrier-" + strings.Repeat("a", 103) + "-21cc14301afdb37b"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := batchkit.NewWorkflow("w")
			w.Barrier(barrier)
			tc.add(w)
			var got []string
			for _, s := range planOf(t, w).Steps {
				if len(s.Input.DependsOn)+len(s.DependsOn) > 20 {
					t.Errorf("%s has %d dependencies", s.Name, len(s.DependsOn))
				}
				if s.Kind != batchkit.StepBarrier {
					continue
				}
				got = append(got, s.Name)
				if *s.Input.JobQueue != "small" || *s.Input.JobName != s.Name || s.Job != "" {
					t.Errorf("%s is not made from the barrier's request: %+v", s.Name, s)
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: -want +got\n%s", tc.reason, diff)
			}
		})
	}
}

func nodesOf(n int) []batchkit.Node {
	nodes := make([]batchkit.Node, n)
	for i := range nodes {
		nodes[i] = batchkit.Node(fmt.Sprintf("one-%d", i))
	}
	return nodes
}

func TestTooManyDependencies(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, reason, says string
		add                func(*batchkit.Workflow)
	}{
		{"no barrier", "the mend is told with its price", "with Workflow.Barrier, which is barrier in a workflow file, the plan adds them: 53, at a depth of 2", func(w *batchkit.Workflow) {
			w.Add(batchkit.Job("all", "q", reference), batchkit.After(fan(w, 1010)...))
		}},
		{"barrier taken away", "nil takes it away", "with Workflow.Barrier, which is barrier in a workflow file, the plan adds them: 1, at a depth of 1", func(w *batchkit.Workflow) {
			w.Barrier(barrier)
			w.Barrier(nil)
			w.Add(batchkit.Job("all", "q", reference), batchkit.After(fan(w, 21)...))
		}},
		{"no room", "barriers do not join N_TO_N", "barriers leave no room", func(w *batchkit.Workflow) {
			w.Barrier(barrier)
			var arrays []batchkit.Node
			for i := range 20 {
				arrays = append(arrays, w.Add(batchkit.Job(fmt.Sprint("array", i), "q", reference).Array(2)))
			}
			w.Add(batchkit.Job("all", "q", reference).Array(2), batchkit.NToN(arrays...), batchkit.After(fan(w, 1)...))
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := batchkit.NewWorkflow("w")
			tc.add(w)
			_, err := w.Plan()
			var invalid *validate.InvalidError
			if !errors.As(err, &invalid) || invalid.Findings[0].Rule != "DEP001" || invalid.Findings[0].Path != "jobs[all].dependsOn" {
				t.Fatalf("%s: got %v", tc.reason, err)
			}
			if got := invalid.Findings[0].Message; !strings.Contains(got, tc.says) {
				t.Errorf("%s: %q does not say %q", tc.reason, got, tc.says)
			}
		})
	}
}

// Dependencies beside N_TO_N: what an N_TO_N implies, and what implies it.
func TestReduceBesidePairs(t *testing.T) {
	t.Parallel()
	after, pair := batchkit.After, batchkit.NToN
	for _, tc := range []struct {
		name, reason string
		b, c         []batchkit.Dependency
		want         int // dependencies of c
	}{
		{"plain, plain", "a is implied", []batchkit.Dependency{after("a")}, []batchkit.Dependency{after("a", "b")}, 1},
		{"pair, plain", "all of b has succeeded, so all of a has", []batchkit.Dependency{pair("a")}, []batchkit.Dependency{after("a", "b")}, 1},
		{"plain, pair", "a child of b has started, so all of a has succeeded", []batchkit.Dependency{after("a")}, []batchkit.Dependency{after("a"), pair("b")}, 1},
		{"pair, pair", "one child of a is not all of a", []batchkit.Dependency{pair("a")}, []batchkit.Dependency{after("a"), pair("b")}, 2},
		{"pairs only", "N_TO_N is never left out", []batchkit.Dependency{pair("a")}, []batchkit.Dependency{pair("a", "b")}, 2},
		{"both on one", "an ordinary one says more than the pair, and the pair stays", nil, []batchkit.Dependency{after("a"), pair("a")}, 2},
		{"twice", "said once is enough", nil, []batchkit.Dependency{after("a", "a")}, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := batchkit.NewWorkflow("w")
			w.Add(batchkit.Job("a", "q", reference).Array(3))
			w.Add(batchkit.Job("b", "q", reference).Array(3), tc.b...)
			w.Add(batchkit.Job("c", "q", reference).Array(3), tc.c...)
			p := planOf(t, w)
			if got := p.Steps[len(p.Steps)-1]; got.Name != "c" || len(got.DependsOn) != tc.want {
				t.Errorf("%s: got %v, want %d", tc.reason, got.DependsOn, tc.want)
			}
		})
	}
}
