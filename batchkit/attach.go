package batchkit

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// attachment keeps the gates of a run: as jobs end it decides what becomes of the steps that AWS Batch could not be given
// at once, and submits them. All who watch the run share it, so that each step is decided on and submitted once.
//
// What it decides follows from the ends of the jobs alone, in whichever order they are seen, so that a run that is gone on
// with after a crash decides the same.
type attachment struct {
	run        *Run
	submission *submission
	turn       chan struct{} // of who submits

	mu        sync.Mutex
	stopped   error             // Submit ended with it, so that nothing more is submitted; nil after a Cancel
	jobs      map[string][]int  // steps by their job
	cleanUps  []bool            // steps that outlive a Cancel
	heard     map[int]JobResult // ends of which it is not known yet whose fault they are
	ends      []*JobResult      // of the steps, nil for those that have not ended
	never     []int             // steps that will never be jobs, in the order in which that was decided
	undecided []int             // steps that are neither jobs nor ended, in the order of the plan
}

func newAttachment(r *Run, s *submission, stopped error) *attachment {
	a := &attachment{
		run: r, submission: s, turn: make(chan struct{}, 1), stopped: stopped,
		jobs: map[string][]int{}, cleanUps: make([]bool, len(s.ids)), heard: map[int]JobResult{}, ends: make([]*JobResult, len(s.ids)),
	}
	for i := range s.plan.Steps {
		step := &s.plan.Steps[i]
		a.jobs[step.Job] = append(a.jobs[step.Job], i)
		a.cleanUps[i] = a.cleanUp(step)
		if s.ids[i] == "" {
			a.undecided = append(a.undecided, i)
		}
	}
	return a
}

// cleanUp reports whether a step waits for the end of jobs only, or follows such steps only.
func (a *attachment) cleanUp(step *Step) bool {
	if len(step.Gates) > 0 {
		return !slices.ContainsFunc(step.Gates, func(g Gate) bool { return g.When != GateEnded })
	}
	follows := func(on string) bool { return on != "" && a.cleanUps[a.submission.index[on]] }
	for _, d := range step.DependsOn {
		if !follows(d.On) {
			return false
		}
	}
	return len(step.DependsOn) > 0
}

// end takes down that a job has ended.
func (a *attachment) end(step *Step, r JobResult) {
	i := a.submission.index[step.Name]
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.undecided) > 0 && a.ends[i] == nil {
		a.heard[i] = r
	}
}

// take waits for the turn to submit.
func (a *attachment) take(ctx context.Context) error {
	select {
	case a.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (a *attachment) release() { <-a.turn }

// advance submits the steps whose time has come.
func (a *attachment) advance(ctx context.Context) error {
	if err := a.take(ctx); err != nil {
		return err
	}
	defer a.release()
	for {
		open := a.decide()
		if len(open) == 0 {
			return nil
		}
		err := a.submission.submit(ctx, open)
		a.run.catchUp(a.submission)
		if err != nil && !errors.Is(err, errCancelled) {
			return a.submission.failed(err)
		}
	}
}

// decide settles what can be settled, and returns the steps to submit, in the order of the plan.
func (a *attachment) decide() []int {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, i := range slices.Sorted(maps.Keys(a.heard)) { // what a job waits for is before it in the plan
		if end := a.heard[i]; a.explain(i, &end) {
			a.ends[i] = &end
			delete(a.heard, i)
		}
	}
	if a.stopped != nil {
		return nil
	}
	var open []int
	opening := map[int]bool{}
	a.undecided = slices.DeleteFunc(a.undecided, func(i int) bool {
		if a.submission.has(i) {
			return true
		}
		end, ready := a.fate(i, opening)
		if end != nil {
			a.ends[i] = end
			a.never = append(a.never, i)
			return true
		}
		if ready {
			opening[i] = true
			open = append(open, i)
		}
		return false
	})
	return open
}

// explain finds out whether a failure is that of a job which was cancelled. It returns false as long as nobody can tell.
func (a *attachment) explain(i int, end *JobResult) bool {
	if a.submission.whyCancelled(i) != "" && end.Status == types.JobStatusFailed {
		end.Cancelled = true
	}
	if end.Status != types.JobStatusFailed || end.Cancelled || !end.Started.IsZero() {
		return true
	}
	failed, unknown := a.failures(i)
	if len(failed) == 0 {
		return !unknown || end.Reason != dependencyFailed
	}
	end.Cancelled = a.allCancelled(failed)
	return true
}

// dependencyFailed is what the service gives as the reason of jobs that wait for one that failed.
const dependencyFailed = "Dependent Job failed"

// failures returns which of the steps that a step waits for the success of have failed, and whether any has not ended.
func (a *attachment) failures(i int) (failed []int, unknown bool) {
	for _, d := range a.submission.plan.Steps[i].DependsOn {
		if d.On == "" {
			continue
		}
		on := a.submission.index[d.On]
		switch end := a.ends[on]; {
		case end == nil:
			unknown = true
		case end.failed():
			failed = append(failed, on)
		}
	}
	return failed, unknown
}

func (a *attachment) allCancelled(steps []int) bool {
	return !slices.ContainsFunc(steps, func(i int) bool { return !a.ends[i].Cancelled })
}

// fate tells what becomes of a step that is no job: how it has ended without having become one, nil if it has not, or
// else whether it is to be submitted now. What is opening is going to be submitted before it.
func (a *attachment) fate(i int, opening map[int]bool) (end *JobResult, ready bool) {
	step := &a.submission.plan.Steps[i]
	if reason := a.submission.whyCancelled(i); reason != "" {
		return &JobResult{Name: step.Name, Status: types.JobStatusFailed, Reason: reason, Cancelled: true}, false
	}
	switch said, because := a.submission.plan.verdict(step, a.results); said {
	case undecided:
		return nil, false
	case closed:
		return &JobResult{Name: step.Name, Skipped: true, BlockedBy: because}, false
	}
	failed, unknown := a.failures(i)
	var skipped []int
	for _, d := range step.DependsOn {
		if d.On == "" {
			continue
		}
		on := a.submission.index[d.On]
		switch end := a.ends[on]; {
		case end == nil && !a.submission.has(on) && !opening[on]:
			return nil, false // it may yet be skipped
		case end != nil && end.Skipped:
			skipped = append(skipped, on)
		}
	}
	switch {
	case len(failed) > 0:
		return &JobResult{
			Name: step.Name, Status: types.JobStatusFailed, Reason: dependencyFailed,
			BlockedBy: a.names(failed), Cancelled: a.allCancelled(failed),
		}, false
	case len(skipped) > 0 && unknown:
		return nil, false // the others may yet fail
	case len(skipped) > 0:
		return &JobResult{Name: step.Name, Skipped: true, BlockedBy: a.names(skipped)}, false
	}
	return nil, true
}

func (a *attachment) names(steps []int) []string {
	names := make([]string, len(steps))
	for n, i := range steps {
		names[n] = a.submission.plan.Steps[i].Name
	}
	return names
}

// results returns how the steps of a job have ended, nil if not all have.
func (a *attachment) results(job string) []*JobResult {
	var ends []*JobResult
	for _, i := range a.jobs[job] {
		if a.ends[i] == nil {
			return nil
		}
		ends = append(ends, a.ends[i])
	}
	return ends
}

// resultsOfNever returns how the steps ended that will never be jobs, without the first n.
func (a *attachment) resultsOfNever(n int) []JobResult {
	a.mu.Lock()
	defer a.mu.Unlock()
	var ends []JobResult
	for _, i := range a.never[n:] {
		ends = append(ends, *a.ends[i])
	}
	return ends
}

// unfinished is the error that Submit ended with, when nothing has been done about it.
func (r *Run) unfinished() error {
	if r.gates == nil {
		return nil
	}
	r.gates.mu.Lock()
	defer r.gates.mu.Unlock()
	return r.gates.stopped
}

// has reports whether a step is known to be a job.
func (s *submission) has(i int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ids[i] != ""
}

// whyCancelled returns why a step was cancelled; empty if it was not.
func (s *submission) whyCancelled(i int) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cancelled[i]
}
