package batchkit

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"golang.org/x/sync/errgroup"
)

const (
	// describeLimit is how many ids one DescribeJobs call takes:
	// https://docs.aws.amazon.com/batch/latest/APIReference/API_DescribeJobs.html.
	describeLimit = 100
	// callsInterval is how many calls may be made on average in the least interval between two looks.
	callsInterval = 10
	// waitingEvery is how much less often jobs that wait for others are looked at, in the longest intervals.
	waitingEvery = 10
	// maxFaults is how often in a row a call may fail by no fault of ours: some ten minutes, with pauses up to maxFaultPause.
	maxFaults     = 25
	maxFaultPause = 30 * time.Second
)

// newLooks returns the limiter of DescribeJobs calls. The service documents no rate for them and says when it is too high,
// from which the limiter learns. Until then only the concurrency holds calls back, as on average watchers make few.
func newLooks() *Limiter { return NewLimiter(WithRate(1000), WithConcurrency(4)) }

// poll looks at the jobs from time to time, until all have ended.
func (w *watcher) poll(ctx context.Context) error {
	p := w.run.client.polling
	var interval, pause time.Duration
	for w.open > 0 {
		if err := sleep(ctx, pause); err != nil {
			return err
		}
		due := w.due()
		changed, err := w.look(ctx, due)
		if err != nil {
			return err
		}
		if changed {
			if err := w.advance(ctx); err != nil {
				return err
			}
		}
		if changed || interval == 0 {
			interval = p.least
		} else {
			interval = min(interval*3/2, p.most)
		}
		pause = max(interval, time.Duration(calls(len(due)))*p.least/callsInterval)
	}
	return nil
}

// calls is how many calls it takes to describe some jobs.
func calls(jobs int) int { return (jobs + describeLimit - 1) / describeLimit }

// due returns the jobs to look at: all that have not ended, but for most of those that are known to wait.
func (w *watcher) due() []*state {
	long := time.Now().Add(-waitingEvery * w.run.client.polling.most)
	due := make([]*state, 0, w.open)
	for _, s := range w.states {
		if !s.over() && (!w.waits(s) || s.heard.Before(long)) {
			due = append(due, s)
		}
	}
	return due
}

// waits reports whether a job that was seen waits for another of the run, so that nothing can happen to it unless somebody
// cancels it. It fails with the first failure, and a child of an N_TO_N dependent waits for its counterpart only.
func (w *watcher) waits(s *state) bool {
	if st := s.detail.Status; st != types.JobStatusSubmitted && st != types.JobStatusPending || !s.missing.IsZero() {
		return false
	}
	waits := false
	for _, d := range s.job.step.DependsOn {
		on := w.names[d.On]
		if on == nil || on.detail.Status == types.JobStatusSucceeded {
			continue
		}
		if on.failed() {
			return false
		}
		if d.Type == types.ArrayJobDependencyNToN {
			if n := children(&on.detail); n[string(types.JobStatusFailed)] > 0 {
				return false
			} else if n[string(types.JobStatusSucceeded)] > 0 {
				continue
			}
		}
		waits = true
	}
	return waits
}

// look describes jobs and takes in what there is to know. It returns whether there were changes.
func (w *watcher) look(ctx context.Context, due []*state) (changed bool, err error) {
	ids := make([]string, len(due))
	for i, s := range due {
		ids[i] = s.job.id
	}
	details, err := w.run.client.look(ctx, ids)
	if err != nil {
		return false, err
	}
	now := time.Now()
	for _, s := range due {
		differs := false
		switch d := details[s.job.id]; {
		case d == nil:
			differs, err = w.miss(s, now)
		case w.listener != nil: // to which older events may still come
			s.heard, s.missing = now, time.Time{}
			w.settings.feed.take(&jobEvent{id: s.job.id, child: noChild, at: now, detail: *d})
		default:
			differs, err = w.take(s, d, now)
		}
		if err == nil {
			err = w.checkStuck(ctx, s, now)
		}
		if err != nil {
			return changed, err
		}
		changed = changed || differs
	}
	return changed, nil
}

// look describes jobs, several hundreds at a time, and returns those that the service shows by their id.
func (c *Client) look(ctx context.Context, ids []string) (map[string]*types.JobDetail, error) {
	pages := slices.Collect(slices.Chunk(ids, describeLimit))
	answers := make([][]types.JobDetail, len(pages))
	group, groupCtx := errgroup.WithContext(ctx)
	for i, page := range pages {
		group.Go(func() (err error) {
			answers[i], err = c.lookOnce(groupCtx, page)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	details := make(map[string]*types.JobDetail, len(ids))
	for _, answer := range answers {
		for i := range answer {
			details[aws.ToString(answer[i].JobId)] = &answer[i]
		}
	}
	return details, nil
}

// lookOnce describes up to a hundred jobs. It goes on while the service is too busy, and for a while when something else
// is in the way that passes.
func (c *Client) lookOnce(ctx context.Context, ids []string) ([]types.JobDetail, error) {
	pause := time.Second
	for faults := 0; ; faults++ {
		var out *batch.DescribeJobsOutput
		err := c.looks.do(ctx, func(ctx context.Context) (err error) {
			out, err = c.api.DescribeJobs(ctx, &batch.DescribeJobsInput{Jobs: ids}, once)
			return err
		})
		switch {
		case err == nil:
			return out.Jobs, nil
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case faults == maxFaults || !passing(err):
			return nil, fmt.Errorf("describing %d jobs: %w", len(ids), err)
		}
		if err := sleep(ctx, pause/2+rand.N(pause/2)); err != nil {
			return nil, err
		}
		pause = min(pause*2, maxFaultPause)
	}
}

// passing reports whether a call failed by the service or the network, so that it may succeed when it is repeated.
func passing(err error) bool {
	return retry.IsErrorRetryables(retry.DefaultRetryables).IsErrorRetryable(err) == aws.TrueTernary
}
