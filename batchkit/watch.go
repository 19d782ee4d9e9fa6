package batchkit

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// Events watches the jobs and yields each change, until all jobs have ended, the caller breaks, or ctx ends. An error
// comes last, with a zero event; it is the one that [Run.Wait] would return, save that failed jobs are no error here.
// Each iteration starts anew with the present state of every job.
//
// It looks at the jobs with DescribeJobs, a hundred with a call, or follows the events of Amazon EventBridge; see [From].
// Arrays are watched by the summary of their parent, at the cost of one id; for the children see [Run.Children].
// A look takes in all jobs that have not ended, but for those that wait for others: once seen, they are looked at again
// when what they wait for has ended, and now and then in between. Looks come at the interval of [WithPollInterval], which
// becomes longer where they take more than ten calls, so that on average there are no more than five calls a second.
//
// Throttling slows a watch down and never ends it. Faults of the service and of the network are tried again, for about
// ten minutes; then, or when the service refuses, the watch ends with that error.
func (r *Run) Events(ctx context.Context, opts ...WatchOption) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		w := r.watch(opts...)
		left := false
		err := w.watch(ctx, func(e Event) bool { left = !yield(e, nil); return !left })
		if err = cmp.Or(err, r.unfinished()); err != nil && !left {
			yield(Event{}, err)
		}
	}
}

// Wait watches the jobs, as [Run.Events] does, until all have ended. The result is never nil and holds what is known of
// each job, in the order of the plan. If a job has failed or was lost, the error is a [*FailedError]; of steps
// that were skipped there is none. If Submit has failed, its error is joined to that, unless the run was cancelled since. It
// is another if ctx ended or a call failed; jobs that had not been submitted by then are not in the result.
//
// As long as it runs, it submits the steps whose gates open; see [Run].
func (r *Run) Wait(ctx context.Context, opts ...WatchOption) (*Result, error) {
	w := r.watch(opts...)
	err := w.watch(ctx, func(Event) bool { return true })
	result := w.result()
	if err != nil {
		return result, err
	}
	return result, errors.Join(result.err(), r.unfinished())
}

// watcher follows jobs until all have ended. It belongs to one goroutine.
//
// Jobs are added while it watches: after ends of jobs, whoever drives it calls advance.
type watcher struct {
	run      *Run
	settings watchSettings
	states   []*state          // in the order in which they were added
	names    map[string]*state // by step
	ids      map[string]*state
	open     int              // how many have not ended
	listener *listener        // nil for one that polls
	report   func(Event) bool // returns whether to go on
	never    int              // how many steps that will never be jobs were reported
}

func (r *Run) watch(opts ...WatchOption) *watcher {
	jobs := r.submitted(0)
	w := &watcher{
		run: r, settings: newWatchSettings(opts),
		names: make(map[string]*state, len(jobs)), ids: make(map[string]*state, len(jobs)),
	}
	for _, j := range jobs {
		w.follow(j)
	}
	return w
}

// follow adds a job.
func (w *watcher) follow(j job) {
	s := &state{job: j, heard: j.sent}
	w.states = append(w.states, s)
	w.names[j.step.Name], w.ids[j.id] = s, s
	w.open++
	if w.listener != nil {
		w.listener.follow(j.id, s.size())
	}
}

// errLeft says that whom a watcher reports to wants no more.
var errLeft = errors.New("the caller has left")

// watch reports each change until all jobs have ended or report returns false.
func (w *watcher) watch(ctx context.Context, report func(Event) bool) error {
	w.report = report
	if told := w.settings.onEvent; told != nil {
		w.report = func(e Event) bool { told(e); return report(e) }
	}
	err := w.advance(ctx)
	switch {
	case err != nil:
	case w.settings.feed != nil:
		err = w.hear(ctx)
	default:
		err = w.poll(ctx)
	}
	if errors.Is(err, errLeft) {
		return nil
	}
	return err
}

// take has a job be as the service says. It returns whether that is a change.
func (w *watcher) take(s *state, d *types.JobDetail, at time.Time) (bool, error) {
	before := s.detail
	s.detail, s.missing, s.heard = *d, time.Time{}, at
	s.dwell(&before, at)
	if !s.differs(&before) {
		return false, nil
	}
	return true, w.tell(s, s.event(before.Status, at))
}

// miss takes in that the service does not show a job. It may not do so at once, and forgets a job some days after its end.
func (w *watcher) miss(s *state, at time.Time) (bool, error) {
	if s.missing.IsZero() {
		s.missing = at
	}
	if at.Sub(s.missing) <= w.run.client.polling.grace {
		return false, nil
	}
	s.lost = true
	return true, w.tell(s, s.event(s.detail.Status, at))
}

// tell reports an event, and the end of a job to whoever goes on from there.
func (w *watcher) tell(s *state, e Event) error {
	if !w.report(e) {
		return errLeft
	}
	if !s.over() || s.done {
		return nil
	}
	s.done = true
	w.open--
	if w.run.gates != nil {
		w.run.gates.end(s.job.step, w.jobResult(s))
	}
	return nil
}

// advance has the steps submitted whose gates have opened, follows all jobs that the run has by now, and reports the
// steps that will never be any. It may take as long as submitting does.
func (w *watcher) advance(ctx context.Context) error {
	if w.run.gates == nil {
		return nil
	}
	err := w.run.gates.advance(ctx)
	for _, j := range w.run.submitted(len(w.states)) {
		w.follow(j)
	}
	for _, r := range w.run.gates.resultsOfNever(w.never) {
		w.never++
		if !w.report(Event{Job: r.Name, To: r.Status, Reason: r.Why(), Skipped: r.Skipped, At: time.Now()}) {
			return errLeft
		}
	}
	return err
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
