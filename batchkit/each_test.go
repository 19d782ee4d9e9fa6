package batchkit_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch"

	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchkit"
)

func TestEach(t *testing.T) {
	t.Parallel()
	w := batchkit.NewWorkflow("w")
	first := w.Add(batchkit.Job("first", "q", small))
	got := batchkit.Each(w, batchkit.Job("job", "q", small).Param("all", "x"), []int{7, 8, 9},
		func(job batchkit.ContainerJob, n int) batchkit.ContainerJob {
			if n == 8 {
				job = job.Named("eight").Param("all", "y")
			}
			return job.Override(batchkit.Override().Env("N", fmt.Sprint(n)))
		}, batchkit.After(first))
	if diff := cmp.Diff([]batchkit.Node{"job-0", "eight", "job-2"}, got); diff != "" {
		t.Errorf("nodes: -want +got\n%s", diff)
	}
	p := planOf(t, w)
	if len(p.Definitions) != 1 || len(p.Steps) != 4 {
		t.Fatalf("got %d definitions and %d steps", len(p.Definitions), len(p.Steps))
	}
	for i, want := range []string{"x 7", "y 8", "x 9"} {
		in := p.Steps[i+1].Input
		if got := in.Parameters["all"] + " " + *in.ContainerOverrides.Environment[0].Value; got != want || *in.JobName != p.Steps[i+1].Name {
			t.Errorf("job %d: got %s, want %s", i, got, want)
		}
		if len(p.Steps[i+1].DependsOn) != 1 {
			t.Errorf("job %d waits for %v", i, p.Steps[i+1].DependsOn)
		}
	}
	if nodes := batchkit.Each(w, batchkit.Job("none", "q", small), nil, func(job batchkit.ContainerJob, _ int) batchkit.ContainerJob { return job }); len(nodes) != 0 {
		t.Errorf("no items gave %v", nodes)
	}
}

func TestSavings(t *testing.T) {
	t.Parallel()
	job := func(i int) batchkit.ContainerJob {
		return batchkit.Job(fmt.Sprint("job", i), "q", reference).Param("n", fmt.Sprint(i)).
			Override(batchkit.Override().Env("N", fmt.Sprint(i)).Command("run", fmt.Sprint(i)))
	}
	for _, tc := range []struct {
		name, reason string
		vary         func(w *batchkit.Workflow, i int, job batchkit.ContainerJob)
		want         int // jobs that could be arrays
	}{
		{"alike", "parameters, environment and command can be looked up by the index", func(w *batchkit.Workflow, _ int, job batchkit.ContainerJob) {
			w.Add(job)
		}, 24},
		{"memory", "the children of an array have the same resources", func(w *batchkit.Workflow, i int, job batchkit.ContainerJob) {
			w.Add(job.Override(batchkit.Override().Memory(batchkit.Memory(100 + i))))
		}, 0},
		{"queue", "two groups of twelve", func(w *batchkit.Workflow, i int, job batchkit.ContainerJob) {
			w.Add(job.Edit(inQueue(fmt.Sprint("q", i%2))))
		}, 24},
		{"few", "an array of six is not worth a word", func(w *batchkit.Workflow, i int, job batchkit.ContainerJob) {
			w.Add(job.Edit(inQueue(fmt.Sprint("q", i%4))))
		}, 0},
		{"chain", "each waits for another", func(w *batchkit.Workflow, i int, job batchkit.ContainerJob) {
			w.Add(job, batchkit.After(nodesBefore(i)...))
		}, 0},
		{"followers", "each has a follower of its own", func(w *batchkit.Workflow, i int, job batchkit.ContainerJob) {
			n := w.Add(job)
			w.Add(batchkit.Job(fmt.Sprint("next", i), "q", reference), batchkit.After(n))
		}, 0},
		{"arrays", "they are arrays already", func(w *batchkit.Workflow, _ int, job batchkit.ContainerJob) {
			w.Add(job.Array(2))
		}, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := batchkit.NewWorkflow("w")
			for i := range 24 {
				tc.vary(w, i, job(i))
			}
			got := 0
			for _, s := range planOf(t, w).Savings {
				got += len(s.Jobs)
				if s.Calls != 1 {
					t.Errorf("an array of %d takes %d calls", len(s.Jobs), s.Calls)
				}
			}
			if got != tc.want {
				t.Errorf("%s: got %d, want %d", tc.reason, got, tc.want)
			}
		})
	}
}

func nodesBefore(i int) []batchkit.Node {
	if i == 0 {
		return nil
	}
	return []batchkit.Node{batchkit.Node(fmt.Sprint("job", i-1))}
}

func TestPlanFigures(t *testing.T) {
	t.Parallel()
	p := planOf(t, everything())
	path := p.CriticalPath()
	if waves := p.Waves(); len(path) != len(waves) {
		t.Errorf("the path %v has not a step of each of %d waves", path, len(waves))
	}
	if got, want := p.DurationAt(10), time.Duration(len(p.Steps))*time.Second/10; got != want {
		t.Errorf("at ten a second: got %v, want %v", got, want)
	}
	if got := p.DurationAt(0); got != 0 {
		t.Errorf("at no rate: got %v", got)
	}
	var empty batchkit.Plan
	if empty.CriticalPath() != nil || empty.Attached() || empty.Deferred() != nil {
		t.Error("an empty plan has something")
	}
}

func inQueue(queue string) func(*batch.SubmitJobInput) {
	return func(in *batch.SubmitJobInput) { in.JobQueue = &queue }
}
