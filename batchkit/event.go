package batchkit

import (
	"maps"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// Event is a change of a job that a watcher has seen. Between two looks a job may pass several states; the event then
// goes from the last one seen to the present one.
type Event struct {
	// Job is the job's name in the plan.
	Job string
	// ID is the job's id.
	ID string
	// From is the status seen before, empty at first. It equals To when something else has changed: how the children of
	// an array are counted, the reason for which the job waits, or that it is stuck or lost.
	From types.JobStatus
	// To is the present status.
	To types.JobStatus
	// Reason is the service's status reason, often empty. Of an array that is stuck it is that of a child.
	Reason string
	// Children counts the children of an array by their status. It is nil for other jobs.
	Children map[string]int32
	// Stuck is how long the job has been RUNNABLE, as far as the watcher has seen, once that is more than [StuckAfter];
	// else 0. An array counts as RUNNABLE while children of it are, and none is further.
	Stuck time.Duration
	// Advice explains Reason where the job is stuck, or Reason is one of those that [Explain] knows. Else it is zero.
	Advice Advice
	// Lost says that the service does not show the job, or no longer. It is the last event of the job.
	Lost bool
	// Skipped says that the step will never be submitted, as [JobResult.Skipped] has it. Such an event has no ID, and both
	// states are empty. Where To is FAILED and ID empty, the step was not submitted because a job that it waits for has
	// failed, or was cancelled first.
	Skipped bool
	// At is when the change was seen, or, of an event of Amazon EventBridge, when it happened.
	At time.Time
}

// state is what a watcher knows of a job.
type state struct {
	job      job
	detail   types.JobDetail
	heard    time.Time // of the job the last time; at first when it was sent
	missing  time.Time // since when the service does not show the job; zero if it does
	runnable time.Time // since when the job is RUNNABLE, as far as is known; zero if it is not
	stuck    bool      // which was reported
	lost     bool
	done     bool // the end was reported
}

// over reports whether nothing more is to be expected of the job.
func (s *state) over() bool {
	return s.lost || over(s.detail.Status)
}

// failed reports whether jobs that wait for this one fail.
func (s *state) failed() bool { return s.lost || s.detail.Status == types.JobStatusFailed }

// differs reports whether there is something to tell.
func (s *state) differs(before *types.JobDetail) bool {
	return before.Status != s.detail.Status || !maps.Equal(children(before), children(&s.detail)) ||
		aws.ToString(before.StatusReason) != aws.ToString(s.detail.StatusReason)
}

// event is the change from a status to the present state.
func (s *state) event(from types.JobStatus, at time.Time) Event {
	e := Event{
		Job: s.job.step.Name, ID: s.job.id, From: from, To: s.detail.Status,
		Reason: aws.ToString(s.detail.StatusReason), Children: maps.Clone(children(&s.detail)), Lost: s.lost, At: at,
	}
	if s.stuck {
		e.Stuck = at.Sub(s.runnable)
	}
	e.advise()
	return e
}

// advise explains why a job waits, or was cancelled because it waited.
func (e *Event) advise() {
	if advice, known := Explain(e.Reason); known || e.Stuck > 0 {
		e.Advice = advice
	}
}

func children(d *types.JobDetail) map[string]int32 {
	if d.ArrayProperties == nil || d.ArrayProperties.Size == nil {
		return nil
	}
	return d.ArrayProperties.StatusSummary
}
