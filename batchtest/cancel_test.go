package batchtest_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchtest"
)

func TestCancelAndTerminate(t *testing.T) {
	t.Parallel()
	// A job is SUBMITTED until 10 s, RUNNABLE until 20 s, STARTING until 30 s and RUNNING until 90 s.
	pace := batchtest.Pace{Submitted: 10 * time.Second, Runnable: 10 * time.Second, Starting: 10 * time.Second}
	type row struct {
		name, reason         string
		after                time.Duration
		pending              bool // it waits for a job that never ends
		in                   types.JobStatus
		cancel, terminate    types.JobStatus // in the end
		canceled, terminated bool            // by TerminateJob
	}
	rows := []row{
		{name: "submitted", reason: "both cancel", after: 5 * time.Second, in: "SUBMITTED", cancel: "FAILED", terminate: "FAILED", canceled: true},
		{name: "pending", reason: "both cancel", after: 15 * time.Second, pending: true, in: "PENDING", cancel: "FAILED", terminate: "FAILED", canceled: true},
		{name: "runnable", reason: "both cancel", after: 15 * time.Second, in: "RUNNABLE", cancel: "FAILED", terminate: "FAILED", canceled: true},
		{name: "starting", reason: "only terminating acts", after: 25 * time.Second, in: "STARTING", cancel: "SUCCEEDED", terminate: "FAILED", terminated: true},
		{name: "running", reason: "only terminating acts", after: 35 * time.Second, in: "RUNNING", cancel: "SUCCEEDED", terminate: "FAILED", terminated: true},
		{name: "ended", reason: "nothing acts", after: time.Hour, in: "SUCCEEDED", cancel: "SUCCEEDED", terminate: "SUCCEEDED"},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		t.Parallel()
		for _, terminate := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				b := start(t, batchtest.WithPace(pace))
				b.define("minute", lasting(time.Minute))
				b.define("block", block)
				var edits []func(*batch.SubmitJobInput)
				if r.pending {
					edits = append(edits, after(b.submit("block")))
				}
				id := b.submit("minute", edits...)
				<-time.After(r.after)
				if got := b.described(id).Status; got != r.in {
					t.Fatalf("%s at the time of the call, want %s", got, r.in)
				}
				want := r.cancel
				if terminate {
					want = r.terminate
					b.terminate(id)
				} else if _, err := b.client.CancelJob(context.Background(), &batch.CancelJobInput{JobId: &id, Reason: aws.String("enough")}); err != nil {
					t.Fatal(err)
				}
				d := b.ended(id)
				if d.Status != want {
					t.Errorf("%s: ended as %s, want %s", r.reason, d.Status, want)
				}
				if want == types.JobStatusFailed && *d.StatusReason != "enough" {
					t.Errorf("status reason %q, want the one given", *d.StatusReason)
				}
				if terminate && (*d.IsCancelled != r.canceled || *d.IsTerminated != r.terminated) {
					t.Errorf("isCancelled %v, isTerminated %v; want %v, %v", *d.IsCancelled, *d.IsTerminated, r.canceled, r.terminated)
				}
			})
		}
	})
}

func (b *bench) terminate(id string) {
	b.tb.Helper()
	if _, err := b.client.TerminateJob(context.Background(), &batch.TerminateJobInput{JobId: &id, Reason: aws.String("enough")}); err != nil {
		b.tb.Fatal(err)
	}
}

func TestTerminateArray(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := start(t, batchtest.WithCapacity(2))
		b.define("minute", lasting(time.Minute))
		id := b.submit("minute", size(6))
		<-time.After(90 * time.Second) // two have succeeded, two run, two wait
		b.terminate(id)
		d := b.ended(id)
		if d.Status != "FAILED" || *d.StatusReason != "enough" || d.ArrayProperties.StatusSummary["SUCCEEDED"] != 2 || d.ArrayProperties.StatusSummary["FAILED"] != 4 {
			t.Errorf("%s %q %v, want FAILED for the reason given, 2 SUCCEEDED, 4 FAILED", d.Status, *d.StatusReason, d.ArrayProperties.StatusSummary)
		}
	})
}

func TestCancelChildFailsParent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := start(t, batchtest.WithCapacity(1))
		b.define("minute", lasting(time.Minute))
		id := b.submit("minute", size(3))
		if _, err := b.client.CancelJob(context.Background(), &batch.CancelJobInput{JobId: aws.String(id + ":2"), Reason: aws.String("no")}); err != nil {
			t.Fatal(err)
		}
		if d := b.ended(id); d.Status != "FAILED" || *d.StatusReason != "Array Child Job failed" {
			t.Errorf("%s %q, want FAILED because of a child", d.Status, *d.StatusReason)
		}
	})
}
