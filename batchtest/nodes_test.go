package batchtest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchtest"
)

func containerRange(target, image string) types.NodeRangeProperty {
	return types.NodeRangeProperty{TargetNodes: aws.String(target), Container: &types.ContainerProperties{
		Image: aws.String(image), ResourceRequirements: resources(),
	}}
}

// defineNodes registers a definition whose main node is 0.
func (b *bench) defineNodes(name string, count int32, ranges ...types.NodeRangeProperty) {
	b.tb.Helper()
	b.defineNodesAround(name, count, 0, ranges...)
}

func (b *bench) defineNodesAround(name string, count, main int32, ranges ...types.NodeRangeProperty) {
	b.tb.Helper()
	_, err := b.client.RegisterJobDefinition(context.Background(), &batch.RegisterJobDefinitionInput{
		JobDefinitionName: aws.String(name), Type: types.JobDefinitionTypeMultinode,
		NodeProperties: &types.NodeProperties{NumNodes: aws.Int32(count), MainNode: aws.Int32(main), NodeRangeProperties: ranges},
	})
	if err != nil {
		b.tb.Fatalf("RegisterJobDefinition: %v", err)
	}
}

// byNode runs something else on each node; others block.
func byNode(run map[int]batchtest.Runner) batchtest.Runner {
	return batchtest.Func(func(ctx context.Context, c *batchtest.Container) int {
		index, ok := c.NodeIndex()
		if !ok {
			return 99
		}
		if r, ok := run[index]; ok {
			return r.Run(ctx, c)
		}
		return block(ctx, c)
	})
}

func TestNodes(t *testing.T) {
	t.Parallel()
	minute, hour := lasting(time.Minute), lasting(time.Hour)
	graceful := batchtest.Func(func(ctx context.Context, _ *batchtest.Container) int {
		<-ctx.Done()
		return 0
	})
	plain := []types.JobStatus{"SUBMITTED", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED"}
	fails := []types.JobStatus{"SUBMITTED", "RUNNABLE", "STARTING", "RUNNING", "FAILED"}
	stopped := []types.JobStatus{"PENDING", "RUNNABLE", "STARTING", "RUNNING", "FAILED"}
	ends := []types.JobStatus{"PENDING", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED"}
	const exited = "Essential container in task exited"
	type row struct {
		name, reason string
		runs         map[int]batchtest.Runner // of three nodes, of which 1 is the main one
		submit       []func(*batch.SubmitJobInput)
		path         []types.JobStatus // of the job
		statusReason string
		nodes        [][]types.JobStatus // paths of the three
		attempts     int
		took         time.Duration
	}
	rows := []row{
		{
			name: "main node succeeds", reason: "the others are stopped, whatever they still do", runs: map[int]batchtest.Runner{1: minute},
			path: plain, statusReason: exited, nodes: [][]types.JobStatus{stopped, ends, stopped}, attempts: 1, took: time.Minute,
		},
		{
			name: "main node fails", reason: "so does the job", runs: map[int]batchtest.Runner{1: batchtest.Exit(3), 0: graceful},
			path: fails, statusReason: exited, nodes: [][]types.JobStatus{ends, stopped, stopped}, attempts: 1,
		},
		{
			name: "other node dies", reason: "nothing happens to the rest", runs: map[int]batchtest.Runner{0: batchtest.Exit(9), 1: minute, 2: batchtest.Exit(0)},
			path: plain, statusReason: exited, nodes: [][]types.JobStatus{stopped, ends, ends}, attempts: 1, took: time.Minute,
		},
		{
			name: "retry", reason: "the main node decides, and all nodes run again", submit: []func(*batch.SubmitJobInput){attempts(2)},
			runs: map[int]batchtest.Runner{0: minute, 1: failing(1), 2: graceful},
			path: []types.JobStatus{"SUBMITTED", "RUNNABLE", "STARTING", "RUNNING", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED"}, statusReason: exited,
			nodes: [][]types.JobStatus{
				append(stopped[:5:5], stopped[1:]...), append(stopped[:5:5], ends[1:]...), append(ends[:5:5], ends[1:]...),
			}, attempts: 2,
		},
		{
			name: "no retry for others", reason: "a node that dies is not tried again", submit: []func(*batch.SubmitJobInput){attempts(5)},
			runs: map[int]batchtest.Runner{0: batchtest.Exit(9), 1: minute, 2: batchtest.Exit(9)},
			path: plain, statusReason: exited, nodes: [][]types.JobStatus{stopped, ends, stopped}, attempts: 1, took: time.Minute,
		},
		{
			name: "timeout", reason: "that of the job, for all nodes, counted from the main one's start", submit: []func(*batch.SubmitJobInput){timeout(60), attempts(3)},
			runs: map[int]batchtest.Runner{0: hour, 1: hour, 2: lasting(time.Second)},
			path: fails, statusReason: "Job attempt duration exceeded timeout", nodes: [][]types.JobStatus{stopped, stopped, ends}, attempts: 1, took: time.Minute,
		},
		{
			name: "slow to stop", reason: "the job ends when all nodes have stopped",
			runs: map[int]batchtest.Runner{1: batchtest.Exit(0), 0: batchtest.Func(func(ctx context.Context, _ *batchtest.Container) int {
				<-ctx.Done()
				<-time.After(10 * time.Second)
				return 0
			})},
			path: plain, statusReason: exited, nodes: [][]types.JobStatus{ends, ends, stopped}, attempts: 1, took: 10 * time.Second,
		},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			b := start(t)
			b.Image("app", batchtest.Image{Run: byNode(r.runs)})
			b.defineNodesAround("mnp", 3, 1, containerRange("0:2", "app"))
			began := time.Now()
			id := b.submit("mnp", r.submit...)
			d := b.ended(id)
			if took := time.Since(began); took != r.took || aws.ToString(d.StatusReason) != r.statusReason || len(d.Attempts) != r.attempts {
				t.Errorf("%s: %q after %d attempts and %v; want %q after %d and %v", r.reason,
					aws.ToString(d.StatusReason), len(d.Attempts), took, r.statusReason, r.attempts, r.took)
			}
			if diff := cmp.Diff(r.path, b.path(id)); diff != "" {
				t.Errorf("path of the job (-want +got):\n%s", diff)
			}
			for n, want := range r.nodes {
				if diff := cmp.Diff(want, b.path(fmt.Sprint(id, "#", n))); diff != "" {
					t.Errorf("path of node %d (-want +got):\n%s", n, diff)
				}
			}
		})
	})
}

func TestMainNodeStartsFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := start(t, batchtest.WithPace(batchtest.Pace{Submitted: time.Second, Runnable: time.Second, Starting: 10 * time.Second}))
		b.Image("app", batchtest.Image{Run: byNode(map[int]batchtest.Runner{0: lasting(time.Minute)})})
		b.defineNodes("mnp", 3, containerRange(":", "app"))
		id := b.submit("mnp")
		at := func(d time.Duration, want string) {
			t.Helper()
			<-time.After(d)
			var got []string
			for _, part := range []string{"", "#0", "#1", "#2"} {
				got = append(got, string(b.described(id+part).Status))
			}
			if strings.Join(got, " ") != want {
				t.Errorf("job and nodes are %v, want %s", got, want)
			}
		}
		at(time.Millisecond, "SUBMITTED PENDING PENDING PENDING")
		at(time.Second, "RUNNABLE RUNNABLE RUNNABLE RUNNABLE")
		at(time.Second, "STARTING STARTING RUNNABLE RUNNABLE")
		at(10*time.Second, "RUNNING RUNNING STARTING STARTING")
		at(10*time.Second, "RUNNING RUNNING RUNNING RUNNING")
		at(time.Minute, "SUCCEEDED SUCCEEDED FAILED FAILED")
		if d := b.described(id + "#2"); *d.StatusReason != "Main node exited" || *d.Container.ExitCode != 143 {
			t.Errorf("node 2: %q, want it stopped", *d.StatusReason)
		}
	})
}

func TestEndingNodesEarly(t *testing.T) {
	t.Parallel()
	pace := batchtest.Pace{Submitted: 10 * time.Second, Runnable: 10 * time.Second, Starting: 10 * time.Second}
	type row struct {
		name, reason string
		at           time.Duration
		cancel       bool
		nodes        string // in the end; empty when the call does nothing
	}
	rows := []row{
		{"cancelled in SUBMITTED", "nothing runs", 5 * time.Second, true, "FAILED FAILED"},
		{"cancelled in RUNNABLE", "nothing runs", 15 * time.Second, true, "FAILED FAILED"},
		{"cancelled while the main node starts", "too late for CancelJob", 25 * time.Second, true, ""},
		{"terminated in SUBMITTED", "it is cancelled", 5 * time.Second, false, "FAILED FAILED"},
		{"terminated while the main node starts", "the other has not begun", 25 * time.Second, false, "FAILED FAILED"},
		{"terminated while the other starts", "both end", 35 * time.Second, false, "FAILED FAILED"},
		{"terminated while all run", "both are stopped", 45 * time.Second, false, "FAILED FAILED"},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			b := start(t, batchtest.WithPace(pace), batchtest.WithCapacity(2))
			b.Image("app", batchtest.Image{Run: byNode(map[int]batchtest.Runner{0: lasting(time.Minute)})})
			b.defineNodes("mnp", 2, containerRange("0:1", "app"))
			id := b.submit("mnp", attempts(3))
			<-time.After(r.at)
			if r.cancel {
				if _, err := b.client.CancelJob(context.Background(), &batch.CancelJobInput{JobId: &id, Reason: aws.String("enough")}); err != nil {
					t.Fatal(err)
				}
			} else {
				b.terminate(id)
			}
			d := b.ended(id)
			nodes := []string{string(b.described(id + "#0").Status), string(b.described(id + "#1").Status)}
			switch got := strings.Join(nodes, " "); {
			case r.nodes == "":
				if d.Status != "SUCCEEDED" {
					t.Errorf("%s: %s, want SUCCEEDED", r.reason, d.Status)
				}
			case d.Status != "FAILED" || *d.StatusReason != "enough" || got != r.nodes:
				t.Errorf("%s: %s %q, nodes %s; want FAILED for the reason given, nodes %s", r.reason, d.Status, *d.StatusReason, got, r.nodes)
			}
			if next := b.ended(b.submit("mnp")); next.Status != "SUCCEEDED" { // the capacity is free again
				t.Errorf("the next job is %s", next.Status)
			}
		})
	})
}

// Terminating and timeouts stop all nodes at once, not one after the other.
func TestAllNodesAreStoppedTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := start(t)
		b.Image("app", batchtest.Image{Run: batchtest.Func(func(ctx context.Context, _ *batchtest.Container) int {
			<-ctx.Done()
			<-time.After(10 * time.Second)
			return 0
		})})
		b.defineNodes("mnp", 3, containerRange("0:", "app"))
		id := b.submit("mnp", timeout(60))
		d := b.ended(id)
		if took := *d.StoppedAt - *d.CreatedAt; d.Status != "FAILED" || took != 70_000 {
			t.Errorf("%s after %d ms, want FAILED after the timeout and one stop", d.Status, took)
		}
	})
}

// The job is RUNNING until all nodes have stopped, so it can be terminated when
// the main node has ended.
func TestTerminatedWhileNodesStop(t *testing.T) {
	t.Parallel()
	type row struct {
		name, reason string
		code         int // of the main node
	}
	rows := []row{
		{"main node succeeded", "TerminateJob makes a job that runs FAILED", 0},
		{"main node failed", "nor is it tried again", 1},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			b := start(t)
			b.Image("app", batchtest.Image{Run: byNode(map[int]batchtest.Runner{
				0: batchtest.Takes(time.Minute, batchtest.Exit(r.code)),
				1: batchtest.Func(func(ctx context.Context, _ *batchtest.Container) int {
					<-ctx.Done()
					<-time.After(20 * time.Second)
					return 0
				}),
			})})
			b.defineNodes("mnp", 2, containerRange("0:1", "app"))
			id := b.submit("mnp", attempts(3))
			<-time.After(70 * time.Second)
			if d := b.described(id); d.Status != types.JobStatusRunning {
				t.Fatalf("%s while a node stops", d.Status)
			}
			b.terminate(id)
			if d := b.ended(id); d.Status != types.JobStatusFailed || *d.StatusReason != "enough" || len(d.Attempts) != 1 {
				t.Errorf("%s: %s %q after %d attempts, want FAILED for the reason given after one", r.reason, d.Status, *d.StatusReason, len(d.Attempts))
			}
		})
	})
}

func TestNodesTakeCapacity(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := start(t, batchtest.WithCapacity(4))
		b.define("minute", lasting(time.Minute))
		b.Image("app", batchtest.Image{Run: byNode(map[int]batchtest.Runner{0: lasting(time.Minute), 2: batchtest.Exit(1)})})
		b.defineNodes("three", 3, containerRange("0:", "app"))
		b.defineNodes("five", 5, containerRange("0:", "app"))
		began := time.Now()
		never := b.submit("five")
		ids := []string{b.submit("minute"), b.submit("minute"), b.submit("three"), b.submit("minute")}
		// The three nodes wait for both jobs before them, the last job fits beside them.
		for i, minutes := range []int{0, 0, 1, 1} {
			d := b.ended(ids[i])
			if want := began.Add(time.Duration(minutes) * time.Minute).UnixMilli(); *d.StartedAt != want {
				t.Errorf("job %d started %d ms from where it should", i, *d.StartedAt-want)
			}
		}
		d := b.described(never)
		if d.Status != "RUNNABLE" || !strings.HasPrefix(aws.ToString(d.StatusReason), "MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE") {
			t.Errorf("five nodes: %s %q; want RUNNABLE, and why", d.Status, aws.ToString(d.StatusReason))
		}
		b.terminate(never)
		if d := b.ended(never); d.Status != "FAILED" {
			t.Errorf("five nodes, terminated: %s", d.Status)
		}
	})
}
