package batchkit

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Limiter keeps the SubmitJob calls of one program, or of several clients in it, within what AWS Batch takes. Share one
// by [WithLimiter] among the clients of an account and Region: the service's limit is theirs together.
//
// Calls leave in the order in which they were asked for, at a pace that follows the service: a call that is refused for
// coming too fast slows all of them down, goes back to its place in the queue and is sent again, for as long as its
// context lasts. No job is given up because of throttling.
//
// A Limiter has no goroutine of its own. Make one with [NewLimiter]; the zero value has all defaults. It is safe for
// concurrent use, and must not be copied.
type Limiter struct {
	rate, most  float64
	concurrency int

	mu       sync.Mutex
	pace     pace
	queue    []*caller // in the order of their tickets
	tickets  uint64
	underway int
	alarm    *time.Timer // set while the first in the queue waits for the pace
}

// caller is a call that waits for leave.
type caller struct {
	ticket uint64
	leave  chan struct{} // closed when the call may go
	sent   time.Time     // when it got its leave
}

// LimiterOption changes a [Limiter] at its making.
type LimiterOption func(*Limiter)

const defaultConcurrency = 64

// The bounds of rates, so that a wait is a length of time that can be told.
const (
	lowestRate  = 1e-3
	highestRate = 1e6
)

// WithRate sets how many calls a second the service is assumed to take, more than zero, else it is not set; less than a
// thousandth and more than a million are taken for those. So many are sent at the most, and after a time with less to do
// two seconds' worth besides, as the service saves up what is not used. Default: [SubmitRate]. Give less to leave some to
// other programs. Where the service takes less, the limiter finds out.
func WithRate(perSecond float64) LimiterOption {
	return func(l *Limiter) {
		if perSecond > 0 {
			l.rate = min(max(perSecond, lowestRate), highestRate)
		}
	}
}

// WithProbing lets the limiter go faster than the rate of [WithRate] for as long as the service does not refuse, up to
// the given number of calls a second. Use it where AWS has raised the limit to a figure that you do not know. Default,
// and what a number below the rate means: no probing.
func WithProbing(upTo float64) LimiterOption {
	return func(l *Limiter) {
		if l.most = 0; upTo > 0 {
			l.most = min(upTo, highestRate)
		}
	}
}

// WithConcurrency sets how many calls are under way at the same time at the most, at least one. Default: 64.
func WithConcurrency(n int) LimiterOption { return func(l *Limiter) { l.concurrency = max(n, 1) } }

// NewLimiter returns a limiter.
func NewLimiter(opts ...LimiterOption) *Limiter {
	l := &Limiter{rate: SubmitRate, concurrency: defaultConcurrency}
	for _, o := range opts {
		o(l)
	}
	l.pace = newPace(l.rate, l.most)
	return l
}

// ready gives the zero value its defaults.
func (l *Limiter) ready() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.rate == 0 {
		l.rate, l.concurrency = SubmitRate, defaultConcurrency
		l.pace = newPace(l.rate, 0)
	}
}

// do waits for leave and runs call, again and again for as long as the service says that it comes too fast. It returns
// call's error otherwise, and a *notSentError when ctx ends while no call is under way.
func (l *Limiter) do(ctx context.Context, call func(context.Context) error) error {
	c := l.arrive()
	for {
		if err := l.wait(ctx, c); err != nil {
			return err
		}
		err := l.run(ctx, c, call)
		if !throttled(err) {
			return err
		}
		if ctx.Err() != nil {
			return &notSentError{fmt.Errorf("%w after %w", context.Cause(ctx), err)}
		}
	}
}

// arrive gives a call its place.
func (l *Limiter) arrive() *caller {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tickets++
	return &caller{ticket: l.tickets}
}

// wait blocks until the call may go.
func (l *Limiter) wait(ctx context.Context, c *caller) error {
	if ctx.Err() != nil {
		return &notSentError{context.Cause(ctx)}
	}
	c.leave = make(chan struct{})
	l.mu.Lock()
	l.queue = slices.Insert(l.queue, l.place(c), c)
	l.advance()
	l.mu.Unlock()
	select {
	case <-c.leave:
		return nil
	case <-ctx.Done():
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if i := l.place(c); i < len(l.queue) && l.queue[i] == c {
		l.queue = slices.Delete(l.queue, i, i+1)
	} else { // the leave came at the same moment
		l.underway--
		l.pace.unsend()
	}
	l.advance()
	return &notSentError{context.Cause(ctx)}
}

// place is where in the queue a call stands, or is to stand.
func (l *Limiter) place(c *caller) int {
	i, _ := slices.BinarySearchFunc(l.queue, c.ticket, func(other *caller, ticket uint64) int {
		return int(int64(other.ticket - ticket))
	})
	return i
}

// run makes the call and learns from what becomes of it.
func (l *Limiter) run(ctx context.Context, c *caller, call func(context.Context) error) (err error) {
	defer func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.underway--
		switch {
		case throttled(err):
			l.pace.refused(c.sent, time.Now(), retryAfter(err))
		case err == nil:
			l.pace.accepted(time.Now())
		}
		l.advance()
	}()
	return call(ctx)
}

// advance gives leave to as many calls as may go, and sets the alarm for the next. Whoever changes the state calls it.
func (l *Limiter) advance() {
	if l.alarm != nil {
		l.alarm.Stop()
		l.alarm = nil
	}
	for len(l.queue) > 0 && l.underway < l.concurrency {
		now := time.Now()
		if d := l.pace.delay(now); d > 0 {
			l.alarm = time.AfterFunc(d, l.ring)
			return
		}
		c := l.queue[0]
		l.queue = slices.Delete(l.queue, 0, 1)
		l.pace.send(now)
		l.underway++
		c.sent = now
		close(c.leave)
	}
}

func (l *Limiter) ring() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.advance()
}
