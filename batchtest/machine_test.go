package batchtest_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchtest"
)

// failing fails the first n attempts with exit code 1.
func failing(n int) batchtest.Func {
	return func(_ context.Context, c *batchtest.Container) int {
		if c.Attempt() <= n {
			return 1
		}
		return 0
	}
}

func lasting(d time.Duration) batchtest.Func {
	return func(ctx context.Context, _ *batchtest.Container) int {
		select {
		case <-time.After(d):
			return 0
		case <-ctx.Done():
			return 143
		}
	}
}

func TestStates(t *testing.T) {
	t.Parallel()
	type row struct {
		name, reason string
		run          func(b *bench) string // returns the job looked at
		path         []types.JobStatus
		statusReason string
		attempts     int
	}
	rows := []row{
		{
			name: "success", reason: "the shortest life",
			run:  func(b *bench) string { return b.submit("ok") },
			path: []types.JobStatus{"SUBMITTED", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED"}, statusReason: "Essential container in task exited", attempts: 1,
		},
		{
			name: "failure", reason: "one attempt is the default",
			run:  func(b *bench) string { return b.submit("fail") },
			path: []types.JobStatus{"SUBMITTED", "RUNNABLE", "STARTING", "RUNNING", "FAILED"}, statusReason: "Essential container in task exited", attempts: 1,
		},
		{
			name: "retry", reason: "a failed attempt goes back to RUNNABLE",
			run:  func(b *bench) string { return b.submit("flaky", attempts(2)) },
			path: []types.JobStatus{"SUBMITTED", "RUNNABLE", "STARTING", "RUNNING", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED"}, statusReason: "Essential container in task exited", attempts: 2,
		},
		{
			name: "exit on code", reason: "a rule that matches ends the retries, whatever the case of its action",
			run: func(b *bench) string {
				return b.submit("fail", attempts(5, types.EvaluateOnExit{Action: "exit", OnExitCode: aws.String("1")}))
			},
			path: []types.JobStatus{"SUBMITTED", "RUNNABLE", "STARTING", "RUNNING", "FAILED"}, statusReason: "Essential container in task exited", attempts: 1,
		},
		{
			name: "no image", reason: "an image nobody registered cannot be pulled, so nothing runs",
			run: func(b *bench) string {
				b.define("lost", nil, func(in *batch.RegisterJobDefinitionInput) {
					in.ContainerProperties.Image = aws.String("nowhere")
				})
				return b.submit("lost")
			},
			path: []types.JobStatus{"SUBMITTED", "RUNNABLE", "STARTING", "FAILED"}, statusReason: "Task failed to start", attempts: 1,
		},
		{
			name: "waits", reason: "an open dependency means PENDING",
			run:  func(b *bench) string { return b.submit("ok", after(b.submit("hour"))) },
			path: []types.JobStatus{"SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED"}, statusReason: "Essential container in task exited", attempts: 1,
		},
		{
			name: "dependency succeeded before", reason: "it is no open dependency",
			run: func(b *bench) string {
				first := b.submit("ok")
				b.ended(first)
				return b.submit("ok", after(first))
			},
			path: []types.JobStatus{"SUBMITTED", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED"}, statusReason: "Essential container in task exited", attempts: 1,
		},
		{
			name: "dependency failed before", reason: "the dependent fails without an attempt",
			run: func(b *bench) string {
				first := b.submit("fail")
				b.ended(first)
				return b.submit("ok", after(first))
			},
			path: []types.JobStatus{"SUBMITTED", "PENDING", "FAILED"}, statusReason: "Dependent Job failed",
		},
		{
			name: "failure spreads", reason: "to the end of the graph",
			run: func(b *bench) string {
				id := b.submit("fail")
				for range 3 {
					id = b.submit("ok", after(id, b.submit("hour")))
				}
				return id
			},
			path: []types.JobStatus{"SUBMITTED", "PENDING", "FAILED"}, statusReason: "Dependent Job failed",
		},
		{
			name: "timeout", reason: "it is not retried",
			run:  func(b *bench) string { return b.submit("hour", timeout(60), attempts(3)) },
			path: []types.JobStatus{"SUBMITTED", "RUNNABLE", "STARTING", "RUNNING", "FAILED"}, statusReason: "Job attempt duration exceeded timeout", attempts: 1,
		},
		{
			name: "array", reason: "a parent is never RUNNABLE, STARTING or RUNNING",
			run:  func(b *bench) string { return b.submit("ok", size(3)) },
			path: []types.JobStatus{"SUBMITTED", "PENDING", "SUCCEEDED"},
		},
		{
			name: "array child fails", reason: "the parent fails in the end",
			run:  func(b *bench) string { return b.submit("odd", size(3)) },
			path: []types.JobStatus{"SUBMITTED", "PENDING", "FAILED"}, statusReason: "Array Child Job failed",
		},
		{
			name: "array after failure", reason: "children never start",
			run:  func(b *bench) string { return b.submit("ok", size(3), after(b.submit("fail"))) },
			path: []types.JobStatus{"SUBMITTED", "PENDING", "FAILED"}, statusReason: "Dependent Job failed",
		},
		{
			name: "child of an array after failure", reason: "children begin in PENDING and end there",
			run:  func(b *bench) string { return b.submit("ok", size(3), after(b.submit("fail"))) + ":2" },
			path: []types.JobStatus{"PENDING", "FAILED"}, statusReason: "Dependent Job failed",
		},
		{
			name: "sequential", reason: "child 1 fails, so child 2 never starts",
			run:  func(b *bench) string { return b.submit("odd", size(3), sequential) + ":2" },
			path: []types.JobStatus{"PENDING", "FAILED"}, statusReason: "Dependent Job failed",
		},
		{
			name: "sequential runs", reason: "each child comes after the one before",
			run:  func(b *bench) string { return b.submit("hour", size(3), sequential) + ":2" },
			path: []types.JobStatus{"PENDING", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED"}, statusReason: "Essential container in task exited", attempts: 1,
		},
		{
			name: "sequential with a job id", reason: "programs in use mean an ordinary dependency by it",
			run: func(b *bench) string {
				return b.submit("ok", func(in *batch.SubmitJobInput) {
					in.DependsOn = []types.JobDependency{{JobId: aws.String(b.submit("fail")), Type: types.ArrayJobDependencySequential}}
				})
			},
			path: []types.JobStatus{"SUBMITTED", "PENDING", "FAILED"}, statusReason: "Dependent Job failed",
		},
		{
			name: "n to n failing index", reason: "only the child with the index of the failed one fails",
			run:  func(b *bench) string { return b.submit("ok", size(3), afterEach(b.submit("odd", size(3)))) + ":1" },
			path: []types.JobStatus{"PENDING", "FAILED"}, statusReason: "Dependent Job failed",
		},
		{
			name: "n to n other index", reason: "other children go on",
			run:  func(b *bench) string { return b.submit("ok", size(3), afterEach(b.submit("odd", size(3)))) + ":2" },
			path: []types.JobStatus{"PENDING", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED"}, statusReason: "Essential container in task exited", attempts: 1,
		},
		{
			name: "n to n without counterpart", reason: "an index beyond the other array waits for the whole of it, which fails",
			run:  func(b *bench) string { return b.submit("ok", size(4), afterEach(b.submit("odd", size(3)))) + ":3" },
			path: []types.JobStatus{"PENDING", "FAILED"}, statusReason: "Dependent Job failed",
		},
		{
			name: "n to n on an array that never starts", reason: "its children all fail at once, and each is told on",
			run: func(b *bench) string {
				return b.submit("ok", size(3), afterEach(b.submit("ok", size(3), after(b.submit("hour", timeout(60))))))
			},
			path: []types.JobStatus{"SUBMITTED", "PENDING", "FAILED"}, statusReason: "Array Child Job failed",
		},
		{
			name: "n to n on a plain job", reason: "it counts as an ordinary dependency",
			run:  func(b *bench) string { return b.submit("ok", size(2), afterEach(b.submit("hour"))) },
			path: []types.JobStatus{"SUBMITTED", "PENDING", "SUCCEEDED"},
		},
		{
			name: "after one child", reason: "the id of a child is a job's id too",
			run:  func(b *bench) string { return b.submit("ok", after(b.submit("hour", size(2))+":1")) },
			path: []types.JobStatus{"SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED"}, statusReason: "Essential container in task exited", attempts: 1,
		},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			b := start(t)
			b.define("ok", batchtest.Exit(0))
			b.define("fail", batchtest.Exit(1))
			b.define("flaky", failing(1))
			b.define("hour", lasting(time.Hour))
			b.define("odd", batchtest.Func(func(_ context.Context, c *batchtest.Container) int {
				i, _ := c.ArrayIndex()
				return i % 2
			}))
			id := r.run(b)
			d := b.ended(id)
			if diff := cmp.Diff(r.path, b.path(id)); diff != "" {
				t.Errorf("%s: path (-want +got):\n%s", r.reason, diff)
			}
			if got := aws.ToString(d.StatusReason); got != r.statusReason {
				t.Errorf("status reason %q, want %q", got, r.statusReason)
			}
			if len(d.Attempts) != r.attempts {
				t.Errorf("%d attempts, want %d", len(d.Attempts), r.attempts)
			}
		})
	})
}

func TestPace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := start(t, batchtest.WithPace(batchtest.Pace{Submitted: time.Second, Runnable: 2 * time.Second, Starting: 3 * time.Second}))
		b.define("minute", lasting(time.Minute))
		id := b.submit("minute")
		b.ended(id)
		var got []time.Duration
		h := b.History(id)
		for _, s := range h {
			got = append(got, s.At.Sub(h[0].At))
		}
		want := []time.Duration{0, time.Second, 3 * time.Second, 6 * time.Second, 66 * time.Second}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("times of the changes (-want +got):\n%s", diff)
		}
	})
}

func TestCapacityIsFirstComeFirstServed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := start(t, batchtest.WithCapacity(1))
		b.define("minute", lasting(time.Minute))
		began := time.Now()
		first, second, third := b.submit("minute"), b.submit("minute"), b.submit("minute")
		for i, id := range []string{first, second, third} {
			d := b.ended(id)
			if want := began.Add(time.Duration(i) * time.Minute).UnixMilli(); *d.StartedAt != want {
				t.Errorf("job %d started at %d, want %d", i, *d.StartedAt, want)
			}
		}
	})
}

func TestLargeArray(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := start(t)
		b.define("hour", lasting(time.Hour))
		began := time.Now()
		d := b.ended(b.submit("hour", size(10_000)))
		if d.Status != types.JobStatusSucceeded || d.ArrayProperties.StatusSummary["SUCCEEDED"] != 10_000 {
			t.Errorf("%s %v, want 10000 children SUCCEEDED", d.Status, d.ArrayProperties.StatusSummary)
		}
		// 256 at a time: 40 rounds of an hour.
		if took := time.Since(began); took != 40*time.Hour {
			t.Errorf("took %v, want 40h", took)
		}
	})
}

// Children to which nothing has happened yet count, and are seen, like others.
func TestStatusSummary(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := start(t, batchtest.WithCapacity(2))
		b.define("minute", lasting(time.Minute))
		first := b.submit("minute")
		id := b.submit("minute", size(5), after(first))
		check := func(at string, want map[string]int32) {
			t.Helper()
			synctest.Wait()
			got := map[string]int32{}
			for status, n := range b.described(id).ArrayProperties.StatusSummary {
				if n != 0 {
					got[status] = n
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: summary (-want +got):\n%s", at, diff)
			}
			listed := map[string]int32{}
			for _, status := range types.JobStatus("").Values() {
				out, err := b.client.ListJobs(context.Background(), &batch.ListJobsInput{ArrayJobId: &id, JobStatus: status})
				if err != nil {
					t.Fatal(err)
				}
				if n := int32(len(out.JobSummaryList)); n != 0 {
					listed[string(status)] = n
				}
			}
			if diff := cmp.Diff(want, listed); diff != "" {
				t.Errorf("%s: listed (-want +got):\n%s", at, diff)
			}
		}
		check("waiting", map[string]int32{"PENDING": 5})
		if d := b.described(id + ":4"); d.Status != "PENDING" || *d.CreatedAt != time.Now().UnixMilli() || d.StartedAt != nil {
			t.Errorf("a child that waits: %+v", d)
		}
		b.ended(first)
		check("begun", map[string]int32{"RUNNING": 2, "RUNNABLE": 3})
		<-time.After(90 * time.Second)
		check("half way", map[string]int32{"SUCCEEDED": 2, "RUNNING": 2, "RUNNABLE": 1})
		b.ended(id)
		check("ended", map[string]int32{"SUCCEEDED": 5})
	})
}

// Whoever asks while a hundred thousand children run to their ends at once is
// answered in between.
func TestManyEndsLetOthersIn(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.define("gate", batchtest.Manual())
	b.define("app", batchtest.Exit(0))
	gate := b.submit("gate")
	var ids []string
	for range 10 {
		ids = append(ids, b.submit("app", size(10_000), after(gate)))
	}
	if err := b.Finish(gate, 0); err != nil {
		t.Fatal(err)
	}
	between, ended := 0, int32(0)
	for ended < 100_000 {
		ended = 0
		out, err := b.client.DescribeJobs(t.Context(), &batch.DescribeJobsInput{Jobs: ids}) // all at one moment
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range out.Jobs {
			ended += d.ArrayProperties.StatusSummary["SUCCEEDED"]
		}
		if ended > 0 && ended < 100_000 {
			between++
		}
	}
	if between == 0 {
		t.Error("nobody was answered before all had ended")
	}
}
