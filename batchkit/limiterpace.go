package batchkit

import (
	"math"
	"time"
)

// pace decides when the next call may go. It knows neither the service's rate nor how many calls the service saves up
// while there are few, and learns both from refusals: the service refuses when its bucket is empty. Between two such
// moments it has taken what flowed in, so calls taken over time elapsed is its rate, whatever the bucket holds.
//
// Going too fast by a few percent therefore costs refusals at the same few percent, and only once the bucket has run
// dry; going too slow costs time. So it stays a little below what it knows, and looks for more after a while: gently, as
// most often there is no more, then ever faster, as otherwise there is much.
//
// The figures are those that did well in the simulation of limitersim_test.go. None of them is critical.
type pace struct {
	most float64 // calls a second, never exceeded but for what was saved up

	base  float64 // calls a second, right after the last refusal
	calm  float64 // calls taken since then, of those that the pace had held back
	hold  float64 // calm calls after which to look for more
	haste float64 // share of the usual hold that is left out: a rate that has changed may change again
	pause float64 // seconds of the last pause

	level  float64 // calls that may go at once; below 0 while pausing
	filled time.Time
	last   time.Time // when the last call left, or was to leave if the timer was a little late
	due    time.Time // when the next call may go, if it has had to wait
	held   bool      // the next call has had to wait for the pace
	busy   bool      // the last one had

	taken   float64   // calls, ever
	latest  time.Time // when the last of them was
	gap     float64   // seconds between two of them, smoothed
	slack   bool      // calls were so few that the service may have saved some up
	empty   time.Time // when the service's bucket ran dry
	emptied float64   // calls taken until then
	refusal time.Time // the last that counted
}

const (
	burst     = 2.0   // seconds' worth of calls that may be saved up
	spread    = 1.5   // times the rate at which those go, so that few are under way when the service has saved less
	margin    = 0.01  // kept below what was measured: a reserve against calls that arrive unevenly
	holdCalls = 60.0  // one or two refusals each time, so that looking for more costs less than 3 % of the calls
	holdTime  = 1.2   // seconds: at high rates more is under way, and refused, before the first answer tells
	growth    = 0.3   // 1.35 times the rate after a second hold without a refusal, 3.3 times after a third
	change    = 0.3   // share by which a rate has changed, where it is not only measured a little otherwise
	hasty     = 0.6   // haste after a change: 24 calls are held then, and less than 3 % refused where other programs come and go
	calming   = 0.75  // times the haste after a refusal that showed no change
	smooth    = 16.0  // calls
	enough    = 30.0  // calls that make a measurement
	late      = 0.005 // seconds by which a timer may be late; were that not made up for, high rates would not be reached
	slowest   = 0.5   // calls a second, also when all are refused: so that the end of it is noticed
)

func newPace(rate, most float64) pace {
	p := pace{most: max(rate, most), base: rate, hold: holdCalls, level: max(burst*rate, 1), slack: true}
	if most > rate {
		p.hold /= 2
	}
	return p
}

// rate is how many calls a second may go now.
func (p *pace) rate() float64 {
	x := max(p.calm/p.hold-1, 0)
	return min(p.base*math.Exp(growth*x*x), p.most)
}

// delay is how long the next call has to wait, 0 if it may go.
func (p *pace) delay(now time.Time) time.Duration {
	r := p.rate()
	if !p.filled.IsZero() {
		p.level = min(p.level+now.Sub(p.filled).Seconds()*r, max(burst*r, 1))
	}
	p.filled = now
	if p.level > 2+r/10 {
		p.slack = true
	}
	wait := max((1-p.level)/r, 1/(spread*r)-now.Sub(p.last).Seconds())
	if wait < 1e-9 {
		return 0
	}
	d := time.Duration(wait*float64(time.Second)) + 1
	p.held, p.due = true, now.Add(d)
	return d
}

func (p *pace) send(now time.Time) {
	p.level--
	p.last = now
	if d := now.Sub(p.due).Seconds(); p.held && d > 0 && d < late {
		p.last = p.due
	}
	p.busy, p.held = p.held, false
}

// unsend takes back a call that did not leave after all.
func (p *pace) unsend() { p.level++ }

func (p *pace) accepted(now time.Time) {
	p.taken++
	if p.busy {
		p.calm++
	}
	if !p.latest.IsZero() {
		p.gap += (now.Sub(p.latest).Seconds() - p.gap) / min(p.taken, smooth)
	}
	p.latest = now
}

// refused slows down, once for all calls that had left before it did so.
func (p *pace) refused(sent, now time.Time, after time.Duration) {
	if sent.Before(p.refusal) {
		return
	}
	r := p.rate()
	// A pause gives the service a few calls in reserve. Where that does not help it may count by the second and refuse
	// all until the next begins.
	if p.calm < 8 && !p.slack {
		p.pause = min(2*p.pause, 1.1)
	} else {
		p.pause = 0.03 + 2/r
	}
	served := r
	if p.gap > 0 {
		served = min(r, 1/p.gap)
	}
	n, seconds := p.taken-p.emptied, now.Sub(p.empty).Seconds()
	p.hold = max(holdCalls, holdTime*r)
	switch {
	case p.slack:
		// What was saved up is used up, no more is known: had calls come evenly, none might have been refused.
		p.base = max(p.base, served) * (1 - margin)
		p.empty, p.emptied = now, p.taken
	case n >= enough:
		// The average since the bucket was empty is too low where the bucket ran over meanwhile, or the rate rose; the
		// latest is too high, as it drained the bucket. The truth is between them.
		before := p.base
		p.base = (max(n/seconds, served) + n/seconds) / 2
		p.base = min(r, p.base) * (1 - margin)
		p.empty, p.emptied = now, p.taken
		p.haste *= calming
		if math.Abs(p.base-before) > change*before {
			p.haste = hasty
		}
		p.hold *= 1 - p.haste
	case n >= 3 || seconds >= 1:
		// Far too fast, and too early to say by how much: the most that fits, to be measured further from the same moment.
		p.base = min(r, (n+1.5)/seconds)
		p.hold = min(max(1, 2*n), p.hold)
	default:
		p.base = r
	}
	p.base = max(p.base, min(slowest, p.most))
	p.slack, p.calm, p.refusal = false, 0, now
	p.level = -max(p.pause, after.Seconds()) * p.base
}
