package batchkit

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// Event is a change of a job that a watcher has seen. Between two looks a job may pass several states; the event then
// goes from the last one seen to the present one.
type Event struct {
	// Job is the job's name in the plan.
	Job string
	// ID is the job's id.
	ID string
	// From is the status seen before, empty at first. It equals To when only the children of an array have changed.
	From types.JobStatus
	// To is the present status.
	To types.JobStatus
	// Reason is the service's status reason, often empty.
	Reason string
	// Children counts the children of an array by their status. It is nil for other jobs.
	Children map[string]int32
	// At is when the change was seen.
	At time.Time
}

// describeLimit is how many ids one DescribeJobs call takes:
// https://docs.aws.amazon.com/batch/latest/APIReference/API_DescribeJobs.html.
const describeLimit = 100

// Events watches the jobs and yields each change, until all jobs have ended, the caller breaks, or ctx ends. An error
// comes last, with a zero event. Arrays are watched by the summary of their parent, at the cost of one id.
// Each iteration starts anew with the present state of every job.
func (r *Run) Events(ctx context.Context) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		w := r.watch()
		for w.next(ctx, func(e Event) bool { return yield(e, nil) }) {
		}
		if w.err != nil {
			yield(Event{}, w.err)
		}
	}
}

// watcher follows the jobs of a run.
type watcher struct {
	run    *Run
	states []state
	pause  time.Duration // before the next look; zero before the first
	err    error
}

// state is what a watcher knows of a job.
type state struct {
	job      *job
	detail   types.JobDetail
	lastSeen time.Time
	lost     bool
}

func (r *Run) watch() *watcher {
	w := &watcher{run: r, states: make([]state, len(r.jobs))}
	for i := range r.jobs {
		w.states[i] = state{job: &r.jobs[i], lastSeen: r.jobs[i].submitted}
	}
	return w
}

// ended reports whether nothing more is to be expected of the job.
func (s *state) ended() bool {
	return s.lost || s.detail.Status == types.JobStatusSucceeded || s.detail.Status == types.JobStatusFailed
}

// next waits for the time of the next look, looks at all jobs that have not ended, and reports each change.
// It returns whether there is another look to come.
func (w *watcher) next(ctx context.Context, report func(Event) bool) bool {
	if w.err = sleep(ctx, w.pause); w.err != nil {
		return false
	}
	open := make([]*state, 0, len(w.states))
	for i := range w.states {
		if s := &w.states[i]; !s.ended() {
			open = append(open, s)
		}
	}
	changed, now := false, time.Now()
	for page := range slices.Chunk(open, describeLimit) {
		details, err := w.describe(ctx, page)
		if err != nil {
			w.err = err
			return false
		}
		for _, s := range page {
			event, ok := s.see(details, now, w.run.client.polling.grace)
			if !ok {
				continue
			}
			changed = true
			if !report(event) {
				return false
			}
		}
	}
	p := w.run.client.polling
	if changed || w.pause == 0 {
		w.pause = p.least
	} else {
		w.pause = min(w.pause*3/2, p.most)
	}
	return slices.ContainsFunc(open, func(s *state) bool { return !s.ended() })
}

// describe looks at a hundred jobs at the most.
func (w *watcher) describe(ctx context.Context, page []*state) (map[string]*types.JobDetail, error) {
	ids := make([]string, len(page))
	for i, s := range page {
		ids[i] = s.job.id
	}
	out, err := w.run.client.api.DescribeJobs(ctx, &batch.DescribeJobsInput{Jobs: ids})
	if err != nil {
		return nil, fmt.Errorf("describing %d jobs: %w", len(ids), err)
	}
	details := make(map[string]*types.JobDetail, len(out.Jobs))
	for i := range out.Jobs {
		details[aws.ToString(out.Jobs[i].JobId)] = &out.Jobs[i]
	}
	return details, nil
}

// see takes in what the service said of the job, and returns the change if there is one.
func (s *state) see(details map[string]*types.JobDetail, now time.Time, grace time.Duration) (Event, bool) {
	detail, ok := details[s.job.id]
	if !ok {
		// The service may not show a job at once, and forgets it some days after its end.
		s.lost = now.Sub(s.lastSeen) > grace
		return s.event(s.detail, now), s.lost
	}
	before := s.detail
	s.detail, s.lastSeen = *detail, now
	return s.event(before, now), before.Status != detail.Status || !maps.Equal(children(&before), children(detail))
}

func (s *state) event(before types.JobDetail, now time.Time) Event {
	return Event{
		Job: s.job.step.Name, ID: s.job.id, From: before.Status, To: s.detail.Status,
		Reason: aws.ToString(s.detail.StatusReason), Children: maps.Clone(children(&s.detail)), At: now,
	}
}

func children(d *types.JobDetail) map[string]int32 {
	if d.ArrayProperties == nil || d.ArrayProperties.Size == nil {
		return nil
	}
	return d.ArrayProperties.StatusSummary
}

// sleep waits, or returns why ctx ended.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
