package batchtest_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchtest"
)

// attemptsOf tells the attempts of a job: seconds that each ran, its exit code,
// the reason of its container and its own.
func attemptsOf(d types.JobDetail) (out []string) {
	for _, a := range d.Attempts {
		code, ran := "none", int64(0)
		if a.Container.ExitCode != nil {
			code = fmt.Sprint(*a.Container.ExitCode)
		}
		if a.StartedAt != nil {
			ran = (*a.StoppedAt - *a.StartedAt) / 1000
		}
		out = append(out, fmt.Sprintf("%ds %s %q %q", ran, code, aws.ToString(a.Container.Reason), aws.ToString(a.StatusReason)))
	}
	return out
}

func TestScript(t *testing.T) {
	t.Parallel()
	const (
		memory = "OutOfMemoryError: Container killed due to memory usage"
		pull   = "CannotPullContainerError: no such image"
		exited = "Essential container in task exited"
	)
	once := types.EvaluateOnExit{Action: types.RetryActionRetry, OnReason: aws.String("OutOfMemoryError*")}
	rest := types.EvaluateOnExit{Action: types.RetryActionExit, OnReason: aws.String("*")}
	type row struct {
		name, reason string
		run          batchtest.Runner
		submit       []func(*batch.SubmitJobInput)
		status       types.JobStatus
		want         []string
	}
	rows := []row{
		{"nothing", "it exits with 0 at once", batchtest.Script(), nil, types.JobStatusSucceeded, []string{`0s 0 "" "` + exited + `"`}},
		{"by attempt", "each has its own outcome, also without an exit code", batchtest.Script(
			batchtest.Outcome{NoStart: true, Reason: pull, Takes: time.Hour, ExitCode: 9},
			batchtest.Outcome{Takes: time.Minute, ExitCode: 137, Reason: memory},
			batchtest.Outcome{Takes: 2 * time.Minute, HostLost: true, ExitCode: 9},
			batchtest.Outcome{Takes: time.Hour},
		), []func(*batch.SubmitJobInput){attempts(5)}, types.JobStatusSucceeded, []string{
			`0s none "` + pull + `" "Task failed to start"`, `60s 137 "` + memory + `" "` + exited + `"`,
			`120s none "" "Host EC2 (instance i-00000000000000001) terminated."`, `3600s 0 "" "` + exited + `"`,
		}},
		{"beyond", "the last outcome stays", batchtest.Script(batchtest.Outcome{ExitCode: 1}, batchtest.Outcome{ExitCode: 2}),
			[]func(*batch.SubmitJobInput){attempts(3)}, types.JobStatusFailed, []string{`0s 1 "" "` + exited + `"`, `0s 2 "" "` + exited + `"`, `0s 2 "" "` + exited + `"`}},
		{"onReason", "retry rules see the reason", batchtest.Script(batchtest.Outcome{ExitCode: 1, Reason: memory}, batchtest.Outcome{ExitCode: 1, Reason: "other"}),
			[]func(*batch.SubmitJobInput){attempts(5, once, rest)}, types.JobStatusFailed, []string{`0s 1 "` + memory + `" "` + exited + `"`, `0s 1 "other" "` + exited + `"`}},
		{"timeout", "it is stopped before its time", batchtest.Script(batchtest.Outcome{Takes: time.Hour, Reason: memory}),
			[]func(*batch.SubmitJobInput){timeout(60)}, types.JobStatusFailed, []string{`60s 143 "" "Job attempt duration exceeded timeout"`}},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		t.Parallel()
		b := start(t, batchtest.WithVirtualClock(epoch))
		b.define("app", r.run)
		id := b.submit("app", r.submit...)
		b.advance(24 * time.Hour)
		d, _ := b.Job(id)
		if diff := cmp.Diff(r.want, attemptsOf(d)); diff != "" || d.Status != r.status {
			t.Errorf("%s: %s, want %s (-want +got):\n%s", r.reason, d.Status, r.status, diff)
		}
	})
}

// On Fargate a host that is lost stops its containers.
func TestScriptLosesFargate(t *testing.T) {
	t.Parallel()
	b := start(t, batchtest.WithVirtualClock(epoch))
	b.fargateQueue("spot", types.JQStateEnabled)
	b.define("app", batchtest.Script(batchtest.Outcome{HostLost: true}, batchtest.Outcome{}), func(in *batch.RegisterJobDefinitionInput) {
		in.PlatformCapabilities = []types.PlatformCapability{types.PlatformCapabilityFargate}
		in.ContainerProperties.ExecutionRoleArn = aws.String("arn:aws:iam::123456789012:role/exec")
	})
	id := b.submit("app", to("spot"), attempts(2))
	b.advance(time.Hour)
	d, _ := b.Job(id)
	want := []string{`0s 143 "" "Your Spot Task was interrupted."`, `0s 0 "" "Essential container in task exited"`}
	if diff := cmp.Diff(want, attemptsOf(d)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestByIndex(t *testing.T) {
	t.Parallel()
	b := start(t, batchtest.WithVirtualClock(epoch))
	runners := map[int]batchtest.Runner{
		0: batchtest.Script(batchtest.Outcome{NoStart: true, Reason: "CannotPullContainerError: gone"}),
		1: batchtest.Exit(1), 2: nil,
	}
	b.define("app", batchtest.ByIndex(runners, batchtest.Exit(7)))
	b.define("nodes", batchtest.ByIndex(map[int]batchtest.Runner{1: batchtest.Exit(1)}, batchtest.Takes(time.Minute, nil)), multinode(2))
	runners[3] = batchtest.Exit(3) // too late
	array, plain, nodes := b.submit("app", size(4)), b.submit("app"), b.submit("nodes")
	b.advance(time.Hour)
	got := map[string]string{}
	for name, id := range map[string]string{"0": array + ":0", "1": array + ":1", "2": array + ":2", "3": array + ":3", "plain": plain, "main": nodes + "#0", "node": nodes + "#1"} {
		d, _ := b.Job(id)
		got[name] = string(d.Status)
		if c := d.Container; c != nil && c.ExitCode != nil {
			got[name] += fmt.Sprint(" ", *c.ExitCode)
		}
	}
	want := map[string]string{
		"0": "FAILED", "1": "FAILED 1", "2": "SUCCEEDED 0", "3": "FAILED 7", "plain": "FAILED 7",
		"main": "SUCCEEDED 0", "node": "FAILED 1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Many children end at the same time here, and few can start then.
func TestScriptsRepeat(t *testing.T) {
	t.Parallel()
	run := func() (out [][]batchtest.Transition) {
		b := start(t, batchtest.WithVirtualClock(epoch), batchtest.WithCapacity(3))
		b.define("script", batchtest.Script(batchtest.Outcome{Takes: time.Minute, ExitCode: 1}, batchtest.Outcome{Takes: time.Minute}))
		b.define("takes", batchtest.Takes(time.Minute, nil))
		var ids []string
		for _, definition := range []string{"script", "takes", "script", "takes"} {
			ids = append(ids, b.submit(definition, size(5), attempts(2)))
		}
		b.advance(time.Hour)
		for _, id := range ids {
			for i := range 5 {
				out = append(out, b.History(fmt.Sprint(id, ":", i)))
			}
		}
		return out
	}
	want := run()
	for range 10 {
		if diff := cmp.Diff(want, run()); diff != "" {
			t.Fatalf("histories of two runs (-one +other):\n%s", diff)
		}
	}
}
