package batchkit

import "time"

// WatchOption changes how the jobs of a run are watched.
type WatchOption func(*watchSettings)

type watchSettings struct {
	stuckAfter     time.Duration
	feed           *Feed // nil for polling
	reconcileAfter time.Duration
	onEvent        func(Event) // nil for nobody
}

func newWatchSettings(opts []WatchOption) watchSettings {
	s := watchSettings{stuckAfter: 10 * time.Minute, reconcileAfter: 10 * time.Minute}
	for _, o := range opts {
		o(&s)
	}
	return s
}

// StuckAfter sets how long a job may be RUNNABLE before an event says that it is stuck, and what may keep it. Default:
// 10 minutes. Zero or less means never. The time counts from when the watcher first sees the job RUNNABLE, as DescribeJobs
// does not tell; by a feed, from the event. Each attempt counts for itself.
func StuckAfter(d time.Duration) WatchOption { return func(s *watchSettings) { s.stuckAfter = d } }

// OnEvent has f called with each change that [Run.Events] would yield, before it is yielded: for who wants to show how a run
// goes on and have the result of [Run.Wait] in the end. It is called by the goroutine that waits, so it should return soon.
// Nil is nobody.
func OnEvent(f func(Event)) WatchOption { return func(s *watchSettings) { s.onEvent = f } }
