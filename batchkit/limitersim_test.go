package batchkit

import (
	"container/heap"
	"math"
	"math/rand/v2"
	"time"
)

// service is a model of what refuses calls: a token bucket that other programs may share, or a count that starts anew
// every second. Times are seconds.
type service struct {
	rate   func(t float64) float64 // calls a second
	burst  float64
	window bool
	others func(t float64) float64 // calls a second of other programs, which never slow down; nil for none

	level, at     float64
	count, second float64
}

func (s *service) takes(t float64) bool {
	if s.window {
		if second := math.Floor(t); second != s.second {
			s.second, s.count = second, 0
		}
		s.count++
		return s.count <= s.rate(t)
	}
	for s.at < t { // in steps, as the rate may change
		step := min(t-s.at, 0.01)
		s.level = min(s.burst, s.level+step*s.rate(s.at+step/2))
		s.at += step
	}
	if s.level < 1 {
		return false
	}
	s.level--
	return true
}

// ideal is the least time in which the service can take so many calls, with all that the other programs ask for.
func (s *service) ideal(jobs int) float64 {
	const step = 0.002
	t, taken := 0.0, s.burst
	if s.window {
		taken = s.rate(0)
	}
	for ; taken < float64(jobs); t += step {
		taken += s.rate(t) * step
		if s.others != nil {
			taken -= s.others(t) * step
		}
	}
	return t
}

// simulation is a program that submits jobs to a service through a pace: a discrete-event simulation, far faster than
// even a synctest bubble, and the same for the same seed.
type simulation struct {
	pace    pace
	service service
	jobs    int
	callers int     // goroutines that submit one job at a time
	latency float64 // seconds from the sending to the answer
	jitter  float64 // share by which each way differs at the most
	lag     float64 // seconds by which an alarm is late at the most
	idle    func(done int) float64

	rng     *rand.Rand
	now     float64
	events  events
	turn    int // number of the alarm that is set
	left    int
	under   int
	sent    int
	refused int
	asleep  bool
}

type event struct {
	at   float64
	sent float64
	kind int
	turn int
	ok   bool
}

const (
	arrival = iota // a call reaches the service
	answer
	alarm // the pace lets the next call go
	other // a call of another program
	awake // there are jobs again
)

type events []event

func (e events) Len() int           { return len(e) }
func (e events) Less(i, j int) bool { return e[i].at < e[j].at }
func (e events) Swap(i, j int)      { e[i], e[j] = e[j], e[i] }
func (e *events) Push(x any)        { *e = append(*e, x.(event)) }
func (e *events) Pop() any {
	old := *e
	last := old[len(old)-1]
	*e = old[:len(old)-1]
	return last
}

func (s *simulation) clock(t float64) time.Time {
	return time.Date(2000, 1, 1, 0, 0, 0, int(t*1e9), time.UTC)
}

// run returns the seconds until the last answer, and the share of the calls that were refused.
func (s *simulation) run() (seconds, refused float64) {
	s.left, s.service.level = s.jobs, s.service.burst
	if s.service.others != nil {
		s.push(event{at: s.rng.Float64() / 10, kind: other})
	}
	s.advance()
	for done := 0; done < s.jobs; {
		e := heap.Pop(&s.events).(event)
		s.now = e.at
		switch e.kind {
		case arrival:
			s.push(event{at: s.now + s.way(), kind: answer, sent: e.sent, ok: s.service.takes(s.now)})
		case answer:
			s.under--
			if e.ok {
				done++
				s.pace.accepted(s.clock(s.now))
				if s.idle != nil && s.idle(done) > 0 {
					s.asleep = true
					s.push(event{at: s.now + s.idle(done), kind: awake})
				}
			} else {
				s.refused++
				s.left++
				s.pace.refused(s.clock(e.sent), s.clock(s.now), 0)
			}
			s.advance()
		case alarm:
			if e.turn == s.turn {
				s.advance()
			}
		case awake:
			s.asleep = false
			s.advance()
		case other:
			rate := s.service.others(s.now)
			looks := max(rate, 10) // a second, so that it notices when the rate rises
			if s.rng.Float64() < rate/looks {
				s.service.takes(s.now)
			}
			s.push(event{at: s.now + (0.5+s.rng.Float64())/looks, kind: other})
		}
	}
	return s.now, float64(s.refused) / float64(s.sent)
}

func (s *simulation) push(e event) { heap.Push(&s.events, e) }

// way is how long a call, or its answer, is on the way.
func (s *simulation) way() float64 {
	return s.latency / 2 * (1 + s.jitter*(2*s.rng.Float64()-1))
}

// advance does what that of the Limiter does.
func (s *simulation) advance() {
	s.turn++
	for s.left > 0 && s.under < s.callers && !s.asleep {
		now := s.clock(s.now)
		if d := s.pace.delay(now); d > 0 {
			at := s.now + d.Seconds()
			if s.lag > 0 {
				at += s.lag * s.rng.Float64()
			}
			s.push(event{at: at, kind: alarm, turn: s.turn})
			return
		}
		s.pace.send(now)
		s.left--
		s.under++
		s.sent++
		s.push(event{at: s.now + s.way(), kind: arrival, sent: s.now})
	}
}
