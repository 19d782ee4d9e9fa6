package batchkit

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// From has a run be watched by the events that the feed is given, instead of by looking at the jobs. Every event that is
// news is yielded: also each change of a child of an array, which counts into [Event.Children].
//
// EventBridge delivers most events within seconds, but promises only to try, for up to a day. So a job of which no event
// came for the time of [ReconcileAfter] is looked at with DescribeJobs; while events come, no call is made. Jobs that
// another program has submitted, those of a run of [Client.Open] or of one that [Client.Submit] goes on with, are looked at
// once at the beginning, as their events may have passed.
func From(feed *Feed) WatchOption { return func(s *watchSettings) { s.feed = feed } }

// ReconcileAfter sets after how long without an event a job is looked at by a watcher that follows a feed. Default: 10
// minutes. Zero or less means never, not even at the beginning: no call is made, and if the last event of a job is lost
// the watch ends with its context only.
func ReconcileAfter(d time.Duration) WatchOption {
	return func(s *watchSettings) { s.reconcileAfter = d }
}

// hear follows the events of a feed, until all jobs have ended.
func (w *watcher) hear(ctx context.Context) error {
	w.listener = w.settings.feed.listen()
	defer w.listener.leave()
	for _, s := range w.states {
		w.listener.follow(s.job.id, s.size())
	}
	tick := time.NewTicker(w.run.client.polling.most)
	defer tick.Stop()
	if err := w.reconcile(ctx); err != nil {
		return err
	}
	for {
		for queue := w.listener.next(); len(queue) > 0; queue = w.listener.next() {
			for i := range queue {
				if err := w.hearOf(ctx, &queue[i]); err != nil {
					return err
				}
			}
		}
		if err := w.advance(ctx); err != nil {
			return err
		}
		if w.open == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-w.listener.wake:
		case <-tick.C:
			if err := w.reconcile(ctx); err != nil {
				return err
			}
		}
	}
}

// hearOf takes in what a job has become.
func (w *watcher) hearOf(ctx context.Context, n *news) error {
	s := w.ids[n.id]
	if s.over() {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	_, err := w.take(s, &n.detail, n.at)
	s.heard = time.Now()
	return err
}

// reconcile looks at jobs that have been silent for long, and for such as are stuck.
func (w *watcher) reconcile(ctx context.Context) error {
	now := time.Now()
	var silent []*state
	for _, s := range w.states {
		if s.over() {
			continue
		}
		if after := w.settings.reconcileAfter; after > 0 && now.Sub(s.heard) > after && !w.waits(s) {
			silent = append(silent, s)
		}
		if err := w.checkStuck(ctx, s, now); err != nil {
			return err
		}
	}
	if len(silent) == 0 {
		return nil
	}
	_, err := w.look(ctx, silent)
	return err
}

// size is how many children the plan gives an array, else 0.
func (s *state) size() int32 {
	if in := s.job.step.Input; in != nil && in.ArrayProperties != nil {
		return aws.ToInt32(in.ArrayProperties.Size)
	}
	return 0
}
