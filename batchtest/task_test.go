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

// part is a container of a task; its image has its name.
func part(name string, essential bool, dependsOn ...string) types.TaskContainerProperties {
	c := types.TaskContainerProperties{
		Name: aws.String(name), Image: aws.String(name), Essential: aws.Bool(essential), ResourceRequirements: resources(),
	}
	for i := 0; i+1 < len(dependsOn); i += 2 {
		c.DependsOn = append(c.DependsOn, types.TaskContainerDependency{ContainerName: aws.String(dependsOn[i]), Condition: aws.String(dependsOn[i+1])})
	}
	return c
}

func (b *bench) defineTask(name string, volumes []types.Volume, containers ...types.TaskContainerProperties) {
	b.tb.Helper()
	_, err := b.client.RegisterJobDefinition(context.Background(), &batch.RegisterJobDefinitionInput{
		JobDefinitionName: aws.String(name),
		Type:              types.JobDefinitionTypeContainer,
		EcsProperties:     &types.EcsProperties{TaskProperties: []types.EcsTaskProperties{{Containers: containers, Volumes: volumes}}},
	})
	if err != nil {
		b.tb.Fatalf("RegisterJobDefinition: %v", err)
	}
}

func TestTasks(t *testing.T) {
	t.Parallel()
	const never = -1
	slowStart := part("setup", false)
	slowStart.StartTimeout = aws.Int32(5)
	stubborn := part("side", false)
	stubborn.StopTimeout = aws.Int32(10)
	type row struct {
		name, reason string
		containers   []types.TaskContainerProperties
		runs         map[string]batchtest.Runner
		status       types.JobStatus
		statusReason string
		codes        map[string]int // never for no exit code
		started      bool           // it was RUNNING
		took         time.Duration
	}
	const exited, noStart = "Essential container in task exited", "Task failed to start"
	minute := lasting(time.Minute)
	rows := []row{
		{
			name: "complete, zero", reason: "set-up first, then the main container",
			containers: []types.TaskContainerProperties{part("setup", false), part("app", true, "setup", "COMPLETE")},
			runs:       map[string]batchtest.Runner{"setup": minute, "app": minute},
			status:     "SUCCEEDED", statusReason: exited, codes: map[string]int{"setup": 0, "app": 0}, started: true, took: 2 * time.Minute,
		},
		{
			name: "complete, non-zero", reason: "COMPLETE takes any exit code",
			containers: []types.TaskContainerProperties{part("setup", false), part("app", true, "setup", "COMPLETE")},
			runs:       map[string]batchtest.Runner{"setup": batchtest.Exit(3), "app": batchtest.Exit(0)},
			status:     "SUCCEEDED", statusReason: exited, codes: map[string]int{"setup": 3, "app": 0}, started: true,
		},
		{
			name: "success, zero", reason: "SUCCESS is met by exit 0",
			containers: []types.TaskContainerProperties{part("setup", false), part("app", true, "setup", "SUCCESS")},
			runs:       map[string]batchtest.Runner{"setup": minute, "app": batchtest.Exit(0)},
			status:     "SUCCEEDED", statusReason: exited, codes: map[string]int{"setup": 0, "app": 0}, started: true, took: time.Minute,
		},
		{
			name: "success, non-zero", reason: "the dependant never starts, and the attempt fails before RUNNING",
			containers: []types.TaskContainerProperties{part("setup", false), part("app", true, "setup", "SUCCESS")},
			runs:       map[string]batchtest.Runner{"setup": batchtest.Exit(3), "app": batchtest.Exit(0)},
			status:     "FAILED", statusReason: noStart, codes: map[string]int{"setup": 3, "app": never},
		},
		{
			name: "start", reason: "START does not wait for the end; the side container is stopped with the main one",
			containers: []types.TaskContainerProperties{part("side", false), part("app", true, "side", "START")},
			runs:       map[string]batchtest.Runner{"side": block, "app": minute},
			status:     "SUCCEEDED", statusReason: exited, codes: map[string]int{"side": 143, "app": 0}, started: true, took: time.Minute,
		},
		{
			name: "non-essential fails", reason: "its exit code is ignored",
			containers: []types.TaskContainerProperties{part("side", false), part("app", true)},
			runs:       map[string]batchtest.Runner{"side": batchtest.Exit(9), "app": minute},
			status:     "SUCCEEDED", statusReason: exited, codes: map[string]int{"side": 9, "app": 0}, started: true, took: time.Minute,
		},
		{
			name: "essential fails", reason: "the job fails with it, and the others are stopped",
			containers: []types.TaskContainerProperties{part("side", false), part("app", true)},
			runs:       map[string]batchtest.Runner{"side": block, "app": batchtest.Exit(9)},
			status:     "FAILED", statusReason: exited, codes: map[string]int{"side": 143, "app": 9}, started: true,
		},
		{
			name: "two essential, one ends early", reason: "the first to end stops the other, whose 143 fails the job",
			containers: []types.TaskContainerProperties{part("proxy", true), part("app", true)},
			runs:       map[string]batchtest.Runner{"proxy": block, "app": minute},
			status:     "FAILED", statusReason: exited, codes: map[string]int{"proxy": 143, "app": 0}, started: true, took: time.Minute,
		},
		{
			name: "two essential, both 0", reason: "one that ends well when asked to stop leaves the job a success",
			containers: []types.TaskContainerProperties{part("proxy", true), part("app", true, "proxy", "START")},
			runs: map[string]batchtest.Runner{"app": minute, "proxy": batchtest.Func(func(ctx context.Context, _ *batchtest.Container) int {
				<-ctx.Done()
				return 0
			})},
			status: "SUCCEEDED", statusReason: exited, codes: map[string]int{"proxy": 0, "app": 0}, started: true, took: time.Minute,
		},
		{
			name: "stop timeout", reason: "what does not stop is left behind with 137 after its stop timeout",
			containers: []types.TaskContainerProperties{stubborn, part("app", true)},
			runs: map[string]batchtest.Runner{"app": minute, "side": batchtest.Func(func(context.Context, *batchtest.Container) int {
				<-time.After(time.Hour)
				return 0
			})},
			status: "SUCCEEDED", statusReason: exited, codes: map[string]int{"side": 137, "app": 0}, started: true, took: time.Minute + 10*time.Second,
		},
		{
			name: "start timeout", reason: "a target that takes too long to complete fails the attempt",
			containers: []types.TaskContainerProperties{slowStart, part("app", true, "setup", "COMPLETE")},
			runs:       map[string]batchtest.Runner{"setup": minute, "app": batchtest.Exit(0)},
			status:     "FAILED", statusReason: noStart, codes: map[string]int{"setup": 143, "app": never}, took: 5 * time.Second,
		},
		{
			name: "chain", reason: "conditions add up along a chain",
			containers: []types.TaskContainerProperties{part("app", true, "b", "SUCCESS"), part("b", false, "a", "COMPLETE"), part("a", false)},
			runs:       map[string]batchtest.Runner{"a": minute, "b": minute, "app": minute},
			status:     "SUCCEEDED", statusReason: exited, codes: map[string]int{"a": 0, "b": 0, "app": 0}, started: true, took: 3 * time.Minute,
		},
		{
			name: "two essential, both end at once", reason: "the end of the first cannot stop what has ended by itself",
			containers: []types.TaskContainerProperties{part("a", true), part("b", true)},
			runs:       map[string]batchtest.Runner{"a": batchtest.Exit(0), "b": batchtest.Script()},
			status:     "SUCCEEDED", statusReason: exited, codes: map[string]int{"a": 0, "b": 0}, started: true,
		},
		{
			name: "two essential, both end at once, one fails", reason: "one failure is enough",
			containers: []types.TaskContainerProperties{part("a", true), part("b", true)},
			runs:       map[string]batchtest.Runner{"a": nil, "b": batchtest.Exit(3)},
			status:     "FAILED", statusReason: exited, codes: map[string]int{"a": 0, "b": 3}, started: true,
		},
		{
			name: "scripted containers", reason: "one that must stop before its time ends with 143",
			containers: []types.TaskContainerProperties{part("side", false), part("app", true, "side", "START")},
			runs:       map[string]batchtest.Runner{"side": batchtest.Takes(time.Hour, nil), "app": batchtest.Script(batchtest.Outcome{Takes: time.Minute})},
			status:     "SUCCEEDED", statusReason: exited, codes: map[string]int{"side": 143, "app": 0}, started: true, took: time.Minute,
		},
		{
			name: "scripted container that takes too long", reason: "its start timeout is watched like any other's",
			containers: []types.TaskContainerProperties{slowStart, part("app", true, "setup", "SUCCESS")},
			runs:       map[string]batchtest.Runner{"setup": batchtest.Takes(time.Minute, nil), "app": nil},
			status:     "FAILED", statusReason: noStart, codes: map[string]int{"setup": 143, "app": never}, took: 5 * time.Second,
		},
		{
			name: "panic", reason: "a runner that panics ends with 2",
			containers: []types.TaskContainerProperties{part("app", true), part("side", false)},
			runs: map[string]batchtest.Runner{"side": block, "app": batchtest.Func(func(context.Context, *batchtest.Container) int {
				panic("boom")
			})},
			status: "FAILED", statusReason: exited, codes: map[string]int{"app": 2, "side": 143}, started: true,
		},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			b := start(t)
			for name, run := range r.runs {
				b.Image(name, batchtest.Image{Run: run})
			}
			b.defineTask("task", nil, r.containers...)
			began := time.Now()
			d := b.ended(b.submit("task"))
			took := time.Since(began)
			codes := map[string]int{}
			for _, c := range d.Attempts[0].TaskProperties[0].Containers {
				codes[*c.Name] = never
				if c.ExitCode != nil {
					codes[*c.Name] = int(*c.ExitCode)
				}
			}
			if d.Status != r.status || aws.ToString(d.StatusReason) != r.statusReason || (d.StartedAt != nil) != r.started || took != r.took {
				t.Errorf("%s: got %s, %q, started %v, after %v; want %s, %q, started %v, after %v", r.reason,
					d.Status, aws.ToString(d.StatusReason), d.StartedAt != nil, took, r.status, r.statusReason, r.started, r.took)
			}
			if diff := cmp.Diff(r.codes, codes); diff != "" {
				t.Errorf("exit codes (-want +got):\n%s", diff)
			}
		})
	})
}

func TestDependantsStopFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := start(t)
		stopping := batchtest.Func(func(ctx context.Context, _ *batchtest.Container) int {
			<-ctx.Done()
			<-time.After(time.Second)
			return 0
		})
		b.Image("store", batchtest.Image{Run: stopping})
		b.Image("cache", batchtest.Image{Run: stopping})
		b.Image("app", batchtest.Image{Run: batchtest.Exit(0)})
		b.defineTask("task", nil, part("store", false), part("cache", false, "store", "START"), part("app", true, "cache", "START"))
		began := time.Now()
		b.ended(b.submit("task"))
		if took := time.Since(began); took != 2*time.Second {
			t.Errorf("took %v, want 2s: cache stops, then store", took)
		}
	})
}
