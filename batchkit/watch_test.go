package batchkit_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchkit"
)

// script is an API whose jobs have the states that a function gives them for the time since their submission.
type script struct {
	batchkit.API // what a script does not play is not called

	mu         sync.Mutex
	jobs       map[string]time.Time // submission by id
	names      map[string]string    // name by id
	describes  []int                // how many ids each DescribeJobs call had
	terminated []string
	// detail returns nil for a job that the service does not show.
	detail func(name string, age time.Duration) *types.JobDetail
}

func newScript(detail func(name string, age time.Duration) *types.JobDetail) *script {
	return &script{jobs: map[string]time.Time{}, names: map[string]string{}, detail: detail}
}

func (s *script) RegisterJobDefinition(_ context.Context, in *batch.RegisterJobDefinitionInput, _ ...func(*batch.Options)) (*batch.RegisterJobDefinitionOutput, error) {
	return &batch.RegisterJobDefinitionOutput{JobDefinitionArn: aws.String(*in.JobDefinitionName + ":1")}, nil
}

func (s *script) SubmitJob(_ context.Context, in *batch.SubmitJobInput, _ ...func(*batch.Options)) (*batch.SubmitJobOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name := in.Tags[batchkit.TagJob]
	id := "id-" + name
	s.jobs[id], s.names[id] = time.Now(), name
	return &batch.SubmitJobOutput{JobId: &id}, nil
}

func (s *script) DescribeJobs(_ context.Context, in *batch.DescribeJobsInput, _ ...func(*batch.Options)) (*batch.DescribeJobsOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.describes = append(s.describes, len(in.Jobs))
	out := &batch.DescribeJobsOutput{}
	for _, id := range in.Jobs {
		if d := s.detail(s.names[id], time.Since(s.jobs[id])); d != nil {
			detail := *d // which rows of a test may share
			detail.JobId = aws.String(id)
			out.Jobs = append(out.Jobs, detail)
		}
	}
	return out, nil
}

func (s *script) TerminateJob(_ context.Context, in *batch.TerminateJobInput, _ ...func(*batch.Options)) (*batch.TerminateJobOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.terminated = append(s.terminated, s.names[*in.JobId])
	if s.names[*in.JobId] == "b" {
		return nil, errors.New("no")
	}
	return &batch.TerminateJobOutput{}, nil
}

// phases is a job that is RUNNABLE for ten seconds, RUNNING for twenty, and then has the given end.
func phases(end types.JobStatus) func(string, time.Duration) *types.JobDetail {
	return func(_ string, age time.Duration) *types.JobDetail {
		switch {
		case age < 10*time.Second:
			return &types.JobDetail{Status: types.JobStatusRunnable}
		case age < 30*time.Second:
			return &types.JobDetail{Status: types.JobStatusRunning}
		default:
			return &types.JobDetail{Status: end}
		}
	}
}

func submitted(t *testing.T, api batchkit.API, names ...string) *batchkit.Run {
	t.Helper()
	wf := batchkit.NewWorkflow("test")
	for _, name := range names {
		wf.Add(batchkit.Job(name, "queue", batchkit.ContainerRef("d")))
	}
	plan, err := wf.Plan()
	if err != nil {
		t.Fatal(err)
	}
	run, err := batchkit.NewClient(api, batchkit.WithSubmitRate(1000), batchkit.WithGrace(time.Minute)).Submit(t.Context(), plan)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

func TestEvents(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		run := submitted(t, newScript(phases(types.JobStatusSucceeded)), "a")
		var got []string
		for e, err := range run.Events(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprintf("%s %s>%s", e.Job, e.From, e.To))
		}
		want := []string{"a >RUNNABLE", "a RUNNABLE>RUNNING", "a RUNNING>SUCCEEDED"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	})
}

// Who shows how a run goes on also wants to know how it ended, without watching twice.
func TestOnEvent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		run := submitted(t, newScript(phases(types.JobStatusFailed)), "a")
		var got []string
		told := batchkit.OnEvent(func(e batchkit.Event) { got = append(got, fmt.Sprintf("%s %s>%s", e.Job, e.From, e.To)) })
		_, err := run.Wait(t.Context(), told)
		var failed *batchkit.FailedError
		if !errors.As(err, &failed) {
			t.Errorf("got %v, want a *FailedError", err)
		}
		for range run.Events(t.Context(), told) {
			got = append(got, "yielded")
		}
		want := []string{"a >RUNNABLE", "a RUNNABLE>RUNNING", "a RUNNING>FAILED", "a >FAILED", "yielded"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	})
}

func TestEventsStopWithTheCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := newScript(phases(types.JobStatusSucceeded))
		for range submitted(t, api, "a", "b").Events(t.Context()) {
			break
		}
		if len(api.describes) != 1 {
			t.Errorf("%d looks after the caller had left", len(api.describes)-1)
		}
	})
}

func TestEventsEndWithTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
		defer cancel()
		var last error
		for _, err := range submitted(t, newScript(phases(types.JobStatusSucceeded)), "a").Events(ctx) {
			last = err
		}
		if !errors.Is(last, context.DeadlineExceeded) {
			t.Errorf("got %v, want the context's error last", last)
		}
	})
}

// An array is followed by the summary of its parent.
func TestEventsOfArrays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		run := submitted(t, newScript(func(_ string, age time.Duration) *types.JobDetail {
			done := min(int32(age/(10*time.Second)), 3)
			d := &types.JobDetail{Status: types.JobStatusPending, ArrayProperties: &types.ArrayPropertiesDetail{
				Size: aws.Int32(3), StatusSummary: map[string]int32{"SUCCEEDED": done, "RUNNING": 3 - done},
			}}
			if done == 3 {
				d.Status = types.JobStatusSucceeded
			}
			return d
		}), "a")
		var got []int32
		for e, err := range run.Events(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, e.Children["SUCCEEDED"])
		}
		if diff := cmp.Diff([]int32{0, 1, 2, 3}, got); diff != "" {
			t.Errorf("children that have succeeded: -want +got\n%s", diff)
		}
	})
}

func TestWaitDescribesInHundreds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := newScript(phases(types.JobStatusSucceeded))
		var names []string
		for i := range 250 {
			names = append(names, fmt.Sprintf("j%d", i))
		}
		result, err := submitted(t, api, names...).Wait(t.Context())
		if err != nil || len(result.Jobs) != 250 {
			t.Fatalf("got %v", err)
		}
		first := slices.Sorted(slices.Values(api.describes[:3])) // they are made at the same time
		if diff := cmp.Diff([]int{50, 100, 100}, first); diff != "" {
			t.Errorf("ids in the calls of a look: -want +got\n%s", diff)
		}
	})
}

func TestWaitFailure(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		result, err := submitted(t, newScript(phases(types.JobStatusFailed)), "a", "b").Wait(t.Context())
		var failed *batchkit.FailedError
		if !errors.As(err, &failed) || len(failed.Jobs) != 2 || failed.Total != 2 {
			t.Fatalf("got %v, want a *FailedError of both jobs", err)
		}
		if job, ok := result.Job("b"); !ok || job.Status != types.JobStatusFailed {
			t.Errorf("got %v, %v", job.Status, ok)
		}
	})
}

// A job that the service does not show yet is waited for, one that it no longer shows is lost after the grace.
func TestWaitVisibility(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, reason string
		hidden       func(age time.Duration) bool
		lost         bool
	}{
		{"late", "DescribeJobs may lag behind SubmitJob", func(age time.Duration) bool { return age < 20*time.Second }, false},
		{"gap", "a gap shorter than the grace is forgiven", func(age time.Duration) bool { return age > 12*time.Second && age < 25*time.Second }, false},
		{"never", "nothing is waited for without end", func(time.Duration) bool { return true }, true},
		{"vanished", "the service forgets jobs", func(age time.Duration) bool { return age > 12*time.Second }, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				shown := phases(types.JobStatusSucceeded)
				result, err := submitted(t, newScript(func(name string, age time.Duration) *types.JobDetail {
					if row.hidden(age) {
						return nil
					}
					return shown(name, age)
				}), "a").Wait(t.Context())
				if got := result.Jobs[0].Lost; got != row.lost || (err != nil) != row.lost {
					t.Errorf("lost is %v with error %v: %s", got, err, row.reason)
				}
			})
		})
	}
}
