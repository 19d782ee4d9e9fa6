package batchkit

import (
	"slices"
	"sync"
	"time"
)

// Run is the jobs of a plan that have been submitted. It is safe for concurrent use.
//
// Where the plan has gates ([Plan.Attached]) the run submits what stands behind them, while somebody watches it by
// [Run.Wait] or [Run.Events]; several may watch at the same time, and no step is submitted twice. As long as nobody
// watches, nothing is submitted: when ctx ends the jobs go on, and a later Wait goes on with the gates. So does a run that
// is submitted again after a crash, as [Client.Submit] tells: what the gates say follows from how the jobs ended.
//
//   - A step whose gates close is skipped, and so is what waits for its success. [JobResult.Skipped] says so; it is no
//     error. To an [AfterEnd] it has ended, to an [AfterFailure] it has not failed, and a [When] is asked about it.
//   - A step that also waits for the success of a job that failed is FAILED, as AWS Batch would have it; it is not sent.
//   - A job that is lost, for one because the service has forgotten it some days after its end, has failed.
//   - What [Run.Cancel] and [Run.CancelJob] ended opens an [AfterEnd] only: a job that was cancelled needs no handling
//     of its failure.
//
// If a step cannot be submitted, Wait and Events end with a [*SubmitError], and the next one tries again.
type Run struct {
	client *Client
	id     string
	plan   *Plan
	gates  *attachment // nil for a run of Open

	mu         sync.Mutex
	jobs       []job // in the order of the plan, and then those that stood behind gates
	ids        map[string]string
	duplicates []Duplicate
}

// job is a submitted job.
type job struct {
	step *Step
	id   string
	sent time.Time // by this program; zero if another did, so that events about it may have passed
}

// RunID returns the run's id, by which [Client.Open] and [RunID] find it; empty if the submission failed before it had one.
func (r *Run) RunID() string { return r.id }

// Plan returns the plan that was submitted; nil for a run of [Client.Open].
func (r *Run) Plan() *Plan { return r.plan }

// Duplicates returns the jobs that were found besides those of the run. [Client.Submit] has ended them, unless they had
// ended by themselves; [Client.Open] leaves them alone.
func (r *Run) Duplicates() []Duplicate {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.duplicates)
}

// ID returns the id of a job, by its name, and whether it has been submitted.
func (r *Run) ID(name Node) (string, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	id, ok := r.ids[string(name)]
	return id, ok
}

// submitted returns the jobs without the first n.
func (r *Run) submitted(n int) []job {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.jobs[n:])
}

// catchUp takes in what the submission has done.
func (r *Run) catchUp(s *submission) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.duplicates = slices.Clone(s.duplicates)
	for i, id := range s.ids {
		step := &s.plan.Steps[i]
		if id != "" && r.ids[step.Name] == "" {
			r.ids[step.Name] = id
			r.jobs = append(r.jobs, job{step: step, id: id, sent: s.sent[i]})
		}
	}
}
