package batchkit_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/batchtest"
)

var (
	good = batchkit.Define("good", batchkit.EC2("good").VCPU(1).Memory(128))
	bad  = batchkit.Define("bad", batchkit.EC2("bad").VCPU(1).Memory(128))
	hour = batchkit.Define("slow", batchkit.EC2("slow").VCPU(1).Memory(128))
)

func job(name string, def batchkit.Definition[batchkit.ContainerOverride]) batchkit.JobRequest[batchkit.ContainerOverride] {
	return batchkit.Job(name, "default", def)
}

// outcomes is a service whose images end as their names say; those that are slow take an hour.
func outcomes(t *testing.T, opts ...batchtest.Option) *batchtest.Server {
	t.Helper()
	srv := batchtest.Start(t, opts...)
	srv.Image("good", batchtest.Image{Run: batchtest.Exit(0)})
	srv.Image("bad", batchtest.Image{Run: batchtest.Exit(3)})
	srv.Image("slow", batchtest.Image{Run: after(time.Hour, 0)})
	return srv
}

// after ends after a time with an exit code, or at once when it has to stop.
func after(d time.Duration, code int) batchtest.Runner {
	return batchtest.Func(func(ctx context.Context, _ *batchtest.Container) int {
		select {
		case <-ctx.Done():
			return 143
		case <-time.After(d):
			return code
		}
	})
}

func gatedPlan(t *testing.T, add func(*batchkit.Workflow)) *batchkit.Plan {
	t.Helper()
	wf := batchkit.NewWorkflow("gates")
	add(wf)
	plan, err := wf.Plan()
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// ends says how each job has ended: +, - for a failure, c if it was cancelled, s if it was skipped; in upper case, or with
// another mark, where the step was never submitted.
func ends(result *batchkit.Result) string {
	var words []string
	for _, j := range result.Jobs {
		mark := "-"
		switch {
		case j.Skipped:
			mark = "s"
		case j.Cancelled && j.ID == "":
			mark = "C"
		case j.Cancelled:
			mark = "c"
		case j.Status == types.JobStatusSucceeded:
			mark = "+"
		case j.ID == "":
			mark = "!"
		case j.Lost:
			mark = "?"
		}
		words = append(words, j.Name+mark)
	}
	return strings.Join(words, " ")
}

func exited(code int32) func(batchkit.JobResult) bool {
	return func(r batchkit.JobResult) bool {
		return slices.ContainsFunc(r.Containers(), func(c batchkit.ContainerResult) bool { return c.ExitCode != nil && *c.ExitCode == code })
	}
}

func TestGates(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, reason string
		add          func(*batchkit.Workflow)
		want         string
	}{
		{"end, success", "whatever the end", func(w *batchkit.Workflow) {
			w.Add(job("a", good))
			w.Add(job("z", good), batchkit.AfterEnd("a"))
		}, "a+ z+"},
		{"end, failure", "whatever the end", func(w *batchkit.Workflow) {
			w.Add(job("a", bad))
			w.Add(job("z", good), batchkit.AfterEnd("a"))
		}, "a- z+"},
		{"end, never started", "a job that fails with its predecessor has ended", func(w *batchkit.Workflow) {
			w.Add(job("a", bad))
			w.Add(job("b", good), batchkit.After("a"))
			w.Add(job("z", good), batchkit.AfterEnd("b"))
		}, "a- b- z+"},
		{"end, skipped", "a job that is skipped has ended", func(w *batchkit.Workflow) {
			w.Add(job("a", good))
			w.Add(job("b", good), batchkit.AfterFailure("a"))
			w.Add(job("z", good), batchkit.AfterEnd("b"))
		}, "a+ bs z+"},
		{"failure, success", "nothing to handle", func(w *batchkit.Workflow) {
			w.Add(job("a", good))
			w.Add(job("b", good), batchkit.AfterFailure("a"))
			w.Add(job("c", good), batchkit.After("b"))
			w.Add(job("d", good), batchkit.AfterFailure("c"))
		}, "a+ bs cs ds"},
		{"failure, failure", "it is handled, and what follows goes on", func(w *batchkit.Workflow) {
			w.Add(job("a", bad))
			w.Add(job("b", good), batchkit.AfterFailure("a"))
			w.Add(job("c", good), batchkit.After("b"))
		}, "a- b+ c+"},
		{"failure of one of two", "one is enough, when all have ended", func(w *batchkit.Workflow) {
			w.Add(job("a", bad))
			w.Add(job("b", hour))
			w.Add(job("c", good), batchkit.AfterFailure("a", "b"))
		}, "a- b+ c+"},
		{"failed handler", "gates behind gates", func(w *batchkit.Workflow) {
			w.Add(job("a", bad))
			w.Add(job("b", bad), batchkit.AfterFailure("a"))
			w.Add(job("c", good), batchkit.After("b"))
			w.Add(job("d", good), batchkit.AfterFailure("c"))
		}, "a- b- c- d+"},
		{"condition holds", "it sees the exit code", func(w *batchkit.Workflow) {
			w.Add(job("a", bad))
			w.Add(job("b", good), batchkit.When("exit 3", exited(3), "a"))
			w.Add(job("c", good), batchkit.When("exit 4", exited(4), "a"))
		}, "a- b+ cs"},
		{"condition on skipped", "it is asked", func(w *batchkit.Workflow) {
			w.Add(job("a", good))
			w.Add(job("b", good), batchkit.AfterFailure("a"))
			w.Add(job("c", good), batchkit.When("skipped", func(r batchkit.JobResult) bool { return r.Skipped }, "b"))
		}, "a+ bs c+"},
		{"success and gate, failed first", "as AWS Batch would fail it", func(w *batchkit.Workflow) {
			w.Add(job("a", bad))
			w.Add(job("b", hour))
			w.Add(job("c", good), batchkit.After("a"), batchkit.AfterEnd("b"))
			w.Add(job("d", good), batchkit.AfterFailure("c"))
		}, "a- b+ c! d+"},
		{"success and gate, gate first", "AWS Batch fails it", func(w *batchkit.Workflow) {
			w.Add(job("a", batchkit.Define("late", batchkit.EC2("late").VCPU(1).Memory(128))))
			w.Add(job("b", good))
			w.Add(job("c", good), batchkit.After("a"), batchkit.AfterEnd("b"))
			w.Add(job("d", good), batchkit.AfterFailure("c"))
		}, "a- b+ c- d+"},
		{"array", "its parent tells", func(w *batchkit.Workflow) {
			w.Add(job("a", bad).Array(3))
			w.Add(job("b", good).Array(2), batchkit.AfterFailure("a"))
			w.Add(job("c", good).Array(2), batchkit.AfterEnd("b"), batchkit.NToN("b"))
		}, "a- b+ c+"},
		{"many jobs", "hundreds of looks at once", func(w *batchkit.Workflow) {
			var all []batchkit.Node
			for i := range 30 {
				all = append(all, w.Add(job(fmt.Sprintf("a%02d", i), good)))
			}
			w.Add(job("z", good), batchkit.AfterEnd(all...))
		}, strings.Join(func() (words []string) {
			for i := range 30 {
				words = append(words, fmt.Sprintf("a%02d+", i))
			}
			return append(words, "z+")
		}(), " ")},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv := outcomes(t)
				defer srv.Close()
				srv.Image("late", batchtest.Image{Run: after(time.Hour, 3)})
				plan := gatedPlan(t, row.add)
				run, err := start(srv, plan, forever)
				if err != nil {
					t.Fatal(err)
				}
				var events []string
				var watching sync.WaitGroup
				watching.Go(func() { // a second one who watches
					for e, err := range run.Events(t.Context()) {
						if err != nil {
							t.Error(err)
						}
						if e.Skipped || e.ID == "" {
							events = append(events, e.Job)
						}
					}
				})
				result, err := run.Wait(t.Context())
				watching.Wait()
				if got := ends(result); got != row.want {
					t.Errorf("got %s, want %s: %s", got, row.want, row.reason)
				}
				var failed *batchkit.FailedError
				if (err != nil) != strings.ContainsAny(row.want, "-!") || err != nil && !errors.As(err, &failed) {
					t.Errorf("the error is %v", err)
				}
				var never []string
				for _, j := range result.Jobs {
					if id, ok := run.ID(batchkit.Node(j.Name)); id != j.ID || ok != (id != "") {
						t.Errorf("%s is %q, %v and not %q", j.Name, id, ok, j.ID)
					}
					if j.ID == "" {
						never = append(never, j.Name)
						if len(j.BlockedBy) == 0 || j.Why() == "" {
							t.Errorf("nobody tells why %s was not submitted", j.Name)
						}
					}
				}
				slices.Sort(events)
				if diff := cmp.Diff(never, events); diff != "" {
					t.Errorf("events of steps that were never submitted: -want +got\n%s", diff)
				}
				onceEach(t, srv, result)
				again := gone(t, srv, plan, run.RunID())
				if got := ends(again); got != row.want {
					t.Errorf("by names and tags: got %s, want %s", got, row.want)
				}
				onceEach(t, srv, result)
			})
		})
	}
}

// gone goes on with a run on another machine, without a journal.
func gone(t *testing.T, srv *batchtest.Server, plan *batchkit.Plan, id string) *batchkit.Result {
	t.Helper()
	run, err := start(srv, plan, forever, batchkit.RunID(id))
	if err != nil {
		t.Fatal(err)
	}
	result, err := run.Wait(context.Background())
	var failed *batchkit.FailedError
	if err != nil && !errors.As(err, &failed) {
		t.Fatal(err)
	}
	return result
}

// onceEach checks that the service has the jobs of the result and no others.
func onceEach(t *testing.T, srv *batchtest.Server, result *batchkit.Result) {
	t.Helper()
	want := map[string]int{}
	for _, j := range result.Jobs {
		if j.ID != "" {
			want[j.Name]++
		}
	}
	if diff := cmp.Diff(want, jobsAt(t, srv)); diff != "" {
		t.Errorf("jobs at the service: -want +got\n%s", diff)
	}
}

// jobsAt counts the jobs of the service by their step.
func jobsAt(t *testing.T, srv *batchtest.Server) map[string]int {
	t.Helper()
	found := map[string]int{}
	pages := batch.NewListJobsPaginator(srv.Client(), &batch.ListJobsInput{
		JobQueue: aws.String("default"), Filters: []types.KeyValuesPair{{Name: aws.String("JOB_NAME"), Values: []string{"*"}}},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range page.JobSummaryList {
			d, _ := srv.Job(*s.JobId)
			found[d.Tags[batchkit.TagJob]]++
		}
	}
	return found
}
