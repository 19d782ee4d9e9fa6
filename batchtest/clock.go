package batchtest

import (
	"container/heap"
	"math"
	"sync"
	"time"
)

// A clock is the time that a server goes by. No other file of the package asks
// package time for it, so that there is one place where time can be made up.
type clock interface {
	now() time.Time
	// after has f called, in a goroutine of its own, when d has passed. stop
	// reports whether it kept that from happening.
	after(d time.Duration, f func()) (stop func() bool)
}

// WithTimeScale has factor seconds pass on the server's clock in each real
// second, from now on: with 3600 an hour of work is over in a second. All that
// takes time follows: paces, timeouts, [Container.Sleep], timestamps. What a
// container really does takes its real time, and so counts for more. A factor
// that is not above 0 and finite counts as 1, the default. It takes the place of
// [WithVirtualClock].
func WithTimeScale(factor float64) Option {
	return func(s *settings) {
		s.clock = func(from time.Time) clock {
			if !(factor > 0) || math.IsInf(factor, 1) || factor == 1 {
				return realClock{}
			}
			now := time.Now()
			return scaledClock{now, later(now, from), factor}
		}
	}
}

// WithVirtualClock has the server's clock stand at start until [Server.Advance]
// moves it. The zero time means the real time at which the server is made. It
// takes the place of [WithTimeScale].
func WithVirtualClock(start time.Time) Option {
	return func(s *settings) {
		s.clock = func(from time.Time) clock {
			at := start
			switch {
			case !at.IsZero():
			case !from.IsZero():
				at = from
			default:
				at = time.Now()
			}
			return &virtualClock{at: at.Round(0)}
		}
	}
}

// Now returns the time on the server's clock.
func (s *Server) Now() time.Time { return s.clock.now() }

type realClock struct{}

func (realClock) now() time.Time { return time.Now() }

func (realClock) after(d time.Duration, f func()) (stop func() bool) {
	return time.AfterFunc(d, f).Stop
}

type scaledClock struct {
	start  time.Time // in real time
	shown  time.Time // then
	factor float64
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func (c scaledClock) now() time.Time {
	return c.shown.Add(duration(float64(time.Since(c.start)) * c.factor))
}

func (c scaledClock) after(d time.Duration, f func()) (stop func() bool) {
	return time.AfterFunc(duration(math.Ceil(float64(d)/c.factor)), f).Stop
}

// duration is a number of nanoseconds, the longest duration if it is too large.
func duration(nanoseconds float64) time.Duration {
	if nanoseconds >= math.MaxInt64 {
		return math.MaxInt64
	}
	return time.Duration(nanoseconds)
}

// A virtualClock moves when it is told to. It has its own lock, as containers
// ask for the time without that of the server.
type virtualClock struct {
	mu   sync.Mutex
	at   time.Time
	due  alarms
	next uint64 // number of the next alarm
}

// An alarm is a call that is due at a time. Those of one time come in the order
// in which they were set.
type alarm struct {
	at     time.Time
	number uint64
	f      func()
	index  int // in the heap; -1 when it is not there any more
}

func (c *virtualClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *virtualClock) after(d time.Duration, f func()) (stop func() bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	a := &alarm{at: c.at.Add(max(d, 0)), number: c.next, f: f}
	c.next++
	heap.Push(&c.due, a)
	return func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		if a.index < 0 {
			return false
		}
		heap.Remove(&c.due, a.index)
		return true
	}
}

// move sets the clock to the next time at which something is due, and returns
// that, or to the end if that comes first.
func (c *virtualClock) move(end time.Time) (calls []func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.due) == 0 || c.due[0].at.After(end) {
		if end.After(c.at) {
			c.at = end
		}
		return nil
	}
	c.at = c.due[0].at
	for len(c.due) > 0 && c.due[0].at.Equal(c.at) {
		a, _ := heap.Pop(&c.due).(*alarm)
		calls = append(calls, a.f)
	}
	return calls
}

// alarms is a heap of alarms, the next one first.
type alarms []*alarm

var _ heap.Interface = (*alarms)(nil)

func (a alarms) Len() int { return len(a) }

func (a alarms) Less(i, k int) bool {
	if a[i].at.Equal(a[k].at) {
		return a[i].number < a[k].number
	}
	return a[i].at.Before(a[k].at)
}

func (a alarms) Swap(i, k int) {
	a[i], a[k] = a[k], a[i]
	a[i].index, a[k].index = i, k
}

// Push adds x, which is an *alarm.
func (a *alarms) Push(x any) {
	added, _ := x.(*alarm)
	added.index = len(*a)
	*a = append(*a, added)
}

// Pop takes the last one away.
func (a *alarms) Pop() any {
	last := len(*a) - 1
	taken := (*a)[last]
	(*a)[last] = nil
	*a = (*a)[:last]
	taken.index = -1
	return taken
}
