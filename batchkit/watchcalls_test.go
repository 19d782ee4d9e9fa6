package batchkit_test

import (
	"fmt"
	"slices"
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

// lasts is how long a job is RUNNING in these tests.
const lasts = 10 * time.Minute

// watched runs a workflow on an embedded service to its end, in a bubble, and returns how many ids each DescribeJobs call of
// the watch had, and how long the watch took.
func watched(tb testing.TB, wf *batchkit.Workflow, jobs int) (calls []int, took time.Duration) {
	tb.Helper()
	srv := batchtest.New(batchtest.WithCapacity(1_000_000))
	defer srv.Close()
	srv.Image("app", batchtest.Image{Run: batchtest.Takes(lasts, batchtest.Exit(0))})
	plan, err := wf.Plan()
	if err != nil {
		tb.Fatal(err)
	}
	client := batchkit.NewClient(srv.Client(), batchkit.WithLimiter(batchkit.NewLimiter(batchkit.WithRate(1_000_000))))
	run, err := client.Submit(tb.Context(), plan)
	if err != nil {
		tb.Fatal(err)
	}
	synctest.Wait() // all have begun
	began := time.Now()
	result, err := run.Wait(tb.Context())
	if err != nil || len(result.Jobs) != jobs {
		tb.Fatalf("%d jobs, %v", len(result.Jobs), err)
	}
	for _, in := range batchtest.Inputs[batch.DescribeJobsInput](srv) {
		calls = append(calls, len(in.Jobs))
	}
	return calls, time.Since(began)
}

var lasting = batchkit.Define("app", batchkit.EC2("app").VCPU(1).Memory(128))

func arrayOf(children int) *batchkit.Workflow {
	wf := batchkit.NewWorkflow("array")
	wf.Add(batchkit.Job("all", "default", lasting).Array(children))
	return wf
}

func singles(n int) *batchkit.Workflow {
	wf := batchkit.NewWorkflow("singles")
	for i := range n {
		wf.Add(batchkit.Job(fmt.Sprintf("j%d", i), "default", lasting))
	}
	return wf
}

// looks is how many looks at jobs that run for lasts a watcher takes by what is documented: after a change it waits two
// seconds, then half as long again each time, up to thirty; and where it takes more than ten calls a look, at least a
// fifth of a second for each call. The limiter of the calls has no say in that here.
func looks(jobs int) (n int) {
	calls := time.Duration((jobs + 99) / 100)
	interval := 2 * time.Second
	for at := time.Duration(0); at < lasts; n++ {
		at += max(interval, calls*200*time.Millisecond)
		interval = min(interval*3/2, 30*time.Second)
	}
	return n + 1
}

// The number of calls is what the arithmetic says: one id in one call for an array of any size, fifty calls for 5,000 jobs.
func TestWatchCalls(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, reason string
		wf           *batchkit.Workflow
		jobs         int
		page         []int // ids in the calls of a look, sorted
	}{
		{"array", "its children are counted by their parent", arrayOf(1000), 1, []int{1}},
		{"singles", "a hundred with a call", singles(250), 250, []int{50, 100, 100}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				calls, took := watched(t, row.wf, row.jobs)
				want := looks(row.jobs)
				if got := len(calls); got != want*len(row.page) {
					t.Fatalf("%d calls, want %d looks of %d: %s", got, want, len(row.page), row.reason)
				}
				for page := range slices.Chunk(calls, len(row.page)) {
					if diff := cmp.Diff(row.page, slices.Sorted(slices.Values(page))); diff != "" {
						t.Fatalf("ids in the calls of a look: -want +got\n%s", diff)
					}
				}
				if took < lasts || took > lasts+30*time.Second {
					t.Errorf("the end was seen after %s, want at most the longest interval after %s", took, lasts)
				}
			})
		})
	}
}

// A job that waits for others is looked at when they have ended, and only now and then before.
func TestWatchWaitingJobs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		seen := map[string]int{}
		api := newScript(func(name string, age time.Duration) *types.JobDetail {
			seen[name]++
			d := &types.JobDetail{Status: types.JobStatusPending}
			from := map[string]time.Duration{"a": 0, "b": 10 * time.Minute, "c": 20 * time.Minute}[name]
			switch {
			case age >= from+10*time.Minute:
				d.Status = types.JobStatusSucceeded
			case age >= from:
				d.Status = types.JobStatusRunning
			}
			return d
		})
		wf := batchkit.NewWorkflow("chain")
		a := wf.Add(batchkit.Job("a", "queue", batchkit.ContainerRef("d")))
		b := wf.Add(batchkit.Job("b", "queue", batchkit.ContainerRef("d")), batchkit.After(a))
		wf.Add(batchkit.Job("c", "queue", batchkit.ContainerRef("d")), batchkit.After(b))
		plan, err := wf.Plan()
		if err != nil {
			t.Fatal(err)
		}
		run, err := batchkit.NewClient(api).Submit(t.Context(), plan)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := run.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		// Each runs for ten minutes, in which it is looked at some 25 times. Waiting costs a look every five minutes.
		if waits := seen["c"] - seen["a"]; seen["a"] < 20 || waits < 2 || waits > 6 {
			t.Errorf("looked at %v, want c about 4 times more than a", seen)
		}
	})
}

// Jobs that wait fail with the first failure, and children of N_TO_N arrays start before the whole of what they wait for.
func TestWatchWaitingJobsThatNeedNotWait(t *testing.T) {
	t.Parallel()
	array := func(status types.JobStatus, summary map[string]int32) *types.JobDetail {
		return &types.JobDetail{Status: status, ArrayProperties: &types.ArrayPropertiesDetail{Size: aws.Int32(2), StatusSummary: summary}}
	}
	t.Run("failure", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			api := newScript(func(name string, age time.Duration) *types.JobDetail {
				switch {
				case age < time.Minute:
				case name == "bad", name == "c":
					return &types.JobDetail{Status: types.JobStatusFailed}
				case age > time.Hour:
					return &types.JobDetail{Status: types.JobStatusSucceeded}
				}
				status := map[string]types.JobStatus{"c": types.JobStatusPending}[name]
				if status == "" {
					status = types.JobStatusRunning
				}
				return &types.JobDetail{Status: status}
			})
			wf := batchkit.NewWorkflow("w")
			bad := wf.Add(batchkit.Job("bad", "queue", batchkit.ContainerRef("d")))
			long := wf.Add(batchkit.Job("long", "queue", batchkit.ContainerRef("d")))
			wf.Add(batchkit.Job("c", "queue", batchkit.ContainerRef("d")), batchkit.After(bad, long))
			if at := endOf(t, api, wf, "c"); at > 90*time.Second {
				t.Errorf("the failure was seen after %s, want it soon after that of the job it waits for", at)
			}
		})
	})
	t.Run("N_TO_N", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			api := newScript(func(name string, age time.Duration) *types.JobDetail {
				switch {
				case age > time.Hour:
					return array(types.JobStatusSucceeded, map[string]int32{"SUCCEEDED": 2})
				case name == "left" && age > time.Minute:
					return array(types.JobStatusPending, map[string]int32{"SUCCEEDED": 1, "RUNNING": 1})
				case name == "left":
					return array(types.JobStatusPending, map[string]int32{"RUNNING": 2})
				case age > 2*time.Minute:
					return array(types.JobStatusPending, map[string]int32{"RUNNING": 1, "PENDING": 1})
				}
				return array(types.JobStatusPending, map[string]int32{"PENDING": 2})
			})
			wf := batchkit.NewWorkflow("w")
			left := wf.Add(batchkit.Job("left", "queue", batchkit.ContainerRef("d")).Array(2))
			wf.Add(batchkit.Job("right", "queue", batchkit.ContainerRef("d")).Array(2), batchkit.NToN(left))
			began := time.Now()
			for e, err := range submittedPlan(t, api, wf).Events(t.Context()) {
				if err != nil {
					t.Fatal(err)
				}
				if e.Job == "right" && e.Children["RUNNING"] == 1 {
					if at := time.Since(began); at > 3*time.Minute {
						t.Errorf("the child's start was seen after %s", at)
					}
					return
				}
			}
			t.Error("the child's start was not seen")
		})
	})
}

func submittedPlan(t *testing.T, api batchkit.API, wf *batchkit.Workflow) *batchkit.Run {
	t.Helper()
	plan, err := wf.Plan()
	if err != nil {
		t.Fatal(err)
	}
	run, err := batchkit.NewClient(api).Submit(t.Context(), plan)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// endOf returns when the end of a job was seen.
func endOf(t *testing.T, api batchkit.API, wf *batchkit.Workflow, job string) time.Duration {
	t.Helper()
	began := time.Now()
	for e, err := range submittedPlan(t, api, wf).Events(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Job == job && (e.To == types.JobStatusFailed || e.To == types.JobStatusSucceeded) {
			return time.Since(began)
		}
	}
	t.Fatalf("no end of %s", job)
	return 0
}

// watchBubble runs a part of a benchmark in a bubble, which only a test may make.
func watchBubble(b *testing.B, f func(*testing.T)) {
	test := testing.InternalTest{Name: b.Name(), F: func(t *testing.T) { synctest.Test(t, f) }}
	if !testing.RunTests(func(string, string) (bool, error) { return true, nil }, []testing.InternalTest{test}) {
		b.Fatal("the bubble failed")
	}
}

// BenchmarkWatch watches jobs that run for ten minutes to their end, on the embedded service in a bubble, and reports
// the number of DescribeJobs calls beside the one that the arithmetic says.
func BenchmarkWatch(b *testing.B) {
	for name, row := range map[string]struct {
		wf   *batchkit.Workflow
		jobs int
	}{
		"array/10000": {arrayOf(10_000), 1},
		"single/5000": {singles(5_000), 5_000},
	} {
		b.Run(name, func(b *testing.B) {
			var calls []int
			for b.Loop() {
				watchBubble(b, func(t *testing.T) { calls, _ = watched(t, row.wf, row.jobs) })
			}
			b.ReportMetric(float64(len(calls)), "calls")
			b.ReportMetric(float64(looks(row.jobs)*((row.jobs+99)/100)), "calls-expected")
		})
	}
}
