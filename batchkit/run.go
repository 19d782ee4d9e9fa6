package batchkit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch"
)

// Run is the jobs of a plan that have been submitted. It is safe for concurrent use.
type Run struct {
	client *Client
	plan   *Plan
	jobs   []job
	ids    map[string]string
}

// job is a submitted job.
type job struct {
	step      *Step
	id        string
	submitted time.Time
}

// Plan returns the plan that was submitted.
func (r *Run) Plan() *Plan { return r.plan }

// ID returns the id of a job, by its name, and whether it has been submitted.
func (r *Run) ID(name Node) (string, bool) {
	id, ok := r.ids[string(name)]
	return id, ok
}

// Cancel ends all jobs of the run that have not ended, whatever their state; the reason, at most 1,024 characters,
// becomes their status reason. Jobs that wait are ended before those that they wait for, so that each gets the reason.
// The error joins those of all calls that failed; the other jobs are ended all the same.
func (r *Run) Cancel(ctx context.Context, reason string) error {
	var errs []error
	for _, j := range slices.Backward(r.jobs) {
		_, err := r.client.api.TerminateJob(ctx, &batch.TerminateJobInput{JobId: &j.id, Reason: &reason})
		if err != nil {
			errs = append(errs, fmt.Errorf("terminating job %q (%s): %w", j.step.Name, j.id, err))
		}
	}
	return errors.Join(errs...)
}

// Wait watches the jobs until all have ended. The result is never nil and holds what is known of each job, in the order
// of the plan. If a job has failed, the error is a [*FailedError]; it is another if ctx ended or a call failed.
func (r *Run) Wait(ctx context.Context) (*Result, error) {
	w := r.watch()
	for w.next(ctx, func(Event) bool { return true }) {
	}
	result := w.result()
	if w.err != nil {
		return result, w.err
	}
	return result, result.err()
}
