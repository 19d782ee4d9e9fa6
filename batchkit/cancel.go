package batchkit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

const (
	// cancelled begins the status reason of jobs that were cancelled, by which other programs that watch the run know them.
	cancelled = "batchkit: cancelled: "
	// maxReason is how many characters a status reason has at the most:
	// https://docs.aws.amazon.com/batch/latest/APIReference/API_TerminateJob.html.
	maxReason = 1024
)

// CancelError says that a job could not be ended.
type CancelError struct {
	// Job is the job's name in the plan, and ID its id.
	Job, ID string
	// Err is why.
	Err error
}

// Error names the job.
func (e *CancelError) Error() string {
	return fmt.Sprintf("cancelling job %q (%s): %v", e.Job, e.ID, e.Err)
}

// Unwrap returns why.
func (e *CancelError) Unwrap() error { return e.Err }

// errCancelled says that a step is not submitted any more.
var errCancelled = errors.New("the step was cancelled")

// Cancel ends the run: all jobs that have not ended, whatever their state; what has not been submitted never will be.
// They are FAILED with the reason, behind the words "batchkit: cancelled: "; what is longer than 1,024 characters in all
// is cut. Jobs that wait are ended before those that they wait for, so that each gets the reason.
//
// Clean-ups are spared: steps all of whose gates are [AfterEnd], and those that follow only such steps. One that runs goes
// on, and one whose time has not come is submitted by who watches the run. So Wait for the run after Cancel, with a
// context that still lives; a context that ends cancels no job. To end a clean-up, use [Run.CancelJob].
//
// Another program that watches the run goes by the states of the jobs: gates other than AfterEnd stay closed for those
// that were cancelled. So it is after a crash, unless a [Journal] tells of the Cancel. A run of [Client.Open] does not
// know which of its jobs are clean-ups, and ends all that exist.
//
// It looks at the jobs, with a call for each hundred, and then makes one call for each that has not ended, arrays with
// all their children being one: at most [SubmitRate] a second, and fewer when the service throttles, so 200 seconds for
// 10,000 jobs. Jobs that are being submitted, or of which it is not known whether they were, are found and ended too.
// Calls that fail by the service or the network are made again for some minutes. Where jobs cannot be looked at, for one
// because these credentials may not, the call is made for each.
//
// It may be called again, at any time, and then ends what is left. The error joins a [*CancelError] for each job that
// could not be ended; the others are ended all the same.
func (r *Run) Cancel(ctx context.Context, reason string) error {
	reason = because(reason)
	if r.gates == nil {
		return r.client.terminate(ctx, r.submitted(0), reason)
	}
	jobs, err := r.gates.cancel(ctx, reason)
	return errors.Join(err, r.client.terminate(ctx, jobs, reason))
}

// CancelJob ends a job and all that waits for it, directly or through others, save by [AfterEnd]; what of it is not
// submitted yet never will be. The name is that of a job of the workflow, whose parts are all ended, or of a step. Else
// it does what [Run.Cancel] does, within the same limits. A name that the run does not have is an [*UnknownJobError].
func (r *Run) CancelJob(ctx context.Context, name Node, reason string) error {
	reason = because(reason)
	steps := r.downstream(string(name))
	if len(steps) == 0 {
		return &UnknownJobError{RunID: r.id, Job: string(name)}
	}
	var err error
	if r.gates != nil {
		err = r.gates.cancelSteps(ctx, steps, reason)
	}
	return errors.Join(err, r.client.terminate(ctx, r.those(steps), reason))
}

// those returns the jobs that are some steps.
func (r *Run) those(steps map[string]bool) []job {
	return slices.DeleteFunc(r.submitted(0), func(j job) bool { return !steps[j.step.Name] })
}

func because(reason string) string {
	all := []rune(cancelled + reason)
	return string(all[:min(len(all), maxReason)])
}

// downstream returns the steps of a job and those that wait for them, by name; none if there is no such job.
func (r *Run) downstream(name string) map[string]bool {
	var steps []*Step // each behind those that it waits for
	if r.plan != nil {
		for i := range r.plan.Steps {
			steps = append(steps, &r.plan.Steps[i])
		}
	} else {
		for _, j := range r.submitted(0) {
			steps = append(steps, j.step)
		}
	}
	in, jobs := map[string]bool{}, map[string]bool{}
	for _, s := range steps {
		waits := s.Name == name || s.Job == name ||
			slices.ContainsFunc(s.Gates, func(g Gate) bool { return g.When != GateEnded && jobs[g.On] })
		for _, d := range s.DependsOn {
			waits = waits || in[d.On]
		}
		if waits {
			in[s.Name], jobs[s.Job] = true, true
		}
	}
	return in
}

// cancel keeps all steps from being submitted, save clean-ups, and returns the jobs to end.
func (a *attachment) cancel(ctx context.Context, reason string) ([]job, error) {
	chosen := map[string]bool{}
	for i := range a.cleanUps {
		if !a.cleanUps[i] {
			chosen[a.submission.plan.Steps[i].Name] = true
		}
	}
	err := a.cancelSteps(ctx, chosen, reason)
	if err == nil {
		a.mu.Lock()
		a.stopped = nil // what is left to submit are clean-ups
		a.mu.Unlock()
	}
	return a.run.those(chosen), err
}

// cancelSteps keeps steps from being submitted, and finds out which of them have been.
func (a *attachment) cancelSteps(ctx context.Context, chosen map[string]bool, reason string) error {
	s := a.submission
	s.cancel(chosen, reason) // who submits them now stops
	if err := a.take(ctx); err != nil {
		return err
	}
	defer a.release()
	defer a.run.catchUp(s)
	for {
		doubtful := slices.DeleteFunc(s.doubtful(), func(i int) bool { return !chosen[s.plan.Steps[i].Name] })
		if len(doubtful) == 0 {
			return s.noteCancelled(ctx)
		}
		if err := s.submit(ctx, doubtful); err != nil && !errors.Is(err, errCancelled) { // which submits none
			return s.failed(err)
		}
	}
}

// cancel has steps not be submitted, as far as that has not happened.
func (s *submission) cancel(chosen map[string]bool, reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name := range chosen {
		if i := s.index[name]; s.cancelled[i] == "" {
			s.cancelled[i] = reason
		}
	}
}

// noteCancelled takes down which steps are not to be submitted.
func (s *submission) noteCancelled(ctx context.Context) error {
	s.mu.Lock()
	var records []Record
	for i := range s.ids { // in the order of the plan
		if reason := s.cancelled[i]; reason != "" && s.ids[i] == "" {
			records = append(records, Record{Kind: RecordCancelled, Step: s.plan.Steps[i].Name, Reason: reason, At: now()})
		}
	}
	s.mu.Unlock()
	return s.note(ctx, records...)
}

// doubtful returns the steps of which it is not known whether they are jobs, in the order of the plan.
func (s *submission) doubtful() []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	var steps []int
	for i := range s.doubts {
		steps = append(steps, i)
	}
	slices.Sort(steps)
	return steps
}

// newEnds returns the limiter of TerminateJob calls. The service documents no rate for them.
func newEnds() *Limiter { return NewLimiter() }

// terminate ends those of some jobs that have not ended, each after the jobs that wait for it. They are in the order of
// the plan, and the slice is no longer the caller's.
func (c *Client) terminate(ctx context.Context, jobs []job, reason string) error {
	alive, err := c.alive(ctx, jobs)
	if err != nil {
		return err
	}
	tried := make(map[string]chan struct{}, len(alive)) // by step: closed when its job was tried to be ended
	waiting := map[string][]chan struct{}{}             // by step: of those that wait for it
	for _, j := range alive {
		done := make(chan struct{})
		tried[j.step.Name] = done
		for _, d := range j.step.DependsOn {
			waiting[d.On] = append(waiting[d.On], done)
		}
	}
	var all sync.WaitGroup
	var mu sync.Mutex
	var errs []error
	work := make(chan job)
	for range min(c.ends.concurrency, len(alive)) {
		all.Go(func() {
			for j := range work {
				for _, before := range waiting[j.step.Name] {
					<-before
				}
				if err := c.end(ctx, j, reason, tried[j.step.Name]); err != nil {
					mu.Lock()
					errs = append(errs, &CancelError{Job: j.step.Name, ID: j.id, Err: err})
					mu.Unlock()
				}
			}
		})
	}
	for _, j := range slices.Backward(alive) {
		work <- j
	}
	close(work)
	all.Wait()
	slices.SortFunc(errs, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return errors.Join(errs...)
}

// alive returns the jobs that are not known to have ended: also those that the service does not show, or not yet, and all
// if it does not let anybody look, as there is no harm in ending a job that has ended.
func (c *Client) alive(ctx context.Context, jobs []job) ([]job, error) {
	ids := make([]string, len(jobs))
	for i, j := range jobs {
		ids[i] = j.id
	}
	details, err := c.look(ctx, ids)
	if err != nil && ctx.Err() != nil {
		return nil, err
	}
	return slices.DeleteFunc(jobs, func(j job) bool { d := details[j.id]; return d != nil && over(d.Status) }), nil
}

func over(s types.JobStatus) bool {
	return s == types.JobStatusSucceeded || s == types.JobStatusFailed
}

// end ends a job. It closes tried when the first call is over.
func (c *Client) end(ctx context.Context, j job, reason string, tried chan struct{}) error {
	deadline := time.Now().Add(c.polling.grace)
	pause := time.Second
	for faults := 0; ; faults++ {
		err := c.ends.do(ctx, func(ctx context.Context) error {
			_, err := c.api.TerminateJob(ctx, &batch.TerminateJobInput{JobId: &j.id, Reason: aws.String(reason)}, once)
			return err
		})
		if faults == 0 {
			close(tried)
		}
		if err == nil || ctx.Err() != nil || faults == maxFaults {
			return err
		}
		if !passing(err) {
			details, lookErr := c.look(ctx, []string{j.id})
			switch d := details[j.id]; {
			case lookErr != nil:
				return errors.Join(err, lookErr)
			case d != nil && over(d.Status):
				return nil
			case d != nil:
				return err
			case time.Now().After(deadline): // the service has forgotten it, so it has ended
				return nil
			}
		}
		if sleep(ctx, pause) != nil {
			return err
		}
		pause = min(pause*2, maxFaultPause)
	}
}
