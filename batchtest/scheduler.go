package batchtest

import (
	"fmt"
	"time"
)

// scheduler is what decides which job runs when.
type scheduler struct {
	lines   []*line // of the queues
	tickets uint64  // given out in lines
	used    int     // capacity in use
	endings []end   // jobs whose end was not yet told to others
	waiters map[*job]chan struct{}
	reasons reasons
	packing []byte // room for pack to write in
}

// An end is a job that became terminal, and who waited for it.
type end struct {
	job        *job
	dependents []*job
}

// An outcome is how an attempt ended.
type outcome struct {
	success bool
	reason  string
	cause   ending // that failed it
}

// settle carries the state on until nothing more moves by itself. The caller
// holds mu, as for all of this file. It works through lists rather than by
// recursion, so that long chains of jobs need no deep stack.
func (s *Server) settle() {
	for {
		if n := len(s.endings); n > 0 {
			e := s.endings[n-1]
			s.endings = s.endings[:n-1]
			s.spread(e)
			continue
		}
		if !s.placeNext() {
			return
		}
	}
}

// placeNext deals with the job that is next to get capacity, and reports
// whether it could. All nodes of a job are placed together or not at all.
func (s *Server) placeNext() bool {
	l := s.nextLine()
	if l == nil {
		return false
	}
	j := l.places[0].job
	switch {
	case j.width() > s.settings.capacity: // it stays RUNNABLE, out of the way of others
		j.live.last().reason = s.reasons.number(fmt.Sprintf(
			"MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE - the job has %d nodes, but the capacity is %d: see batchtest.WithCapacity",
			j.width(), s.settings.capacity))
		l.leave()
	case s.used+j.width() > s.settings.capacity:
		return false
	default:
		l.leave()
		s.place(j)
	}
	return true
}

// place starts an attempt of a job.
func (s *Server) place(j *job) {
	s.used += j.width()
	j.live.environment, _ = s.destination(j.work)
	s.lock(j)
	if j.nodes != nil {
		s.placeNodes(j)
		return
	}
	s.begin(j)
}

// begin starts an attempt of what has a task of its own.
func (s *Server) begin(j *job) {
	s.enter(j, starting, "")
	t := newTask(s, j)
	j.live.task = t
	s.hold(j, s.settings.pace.Starting, t.step)
}

// up makes a job RUNNING, whose essential containers have started.
func (s *Server) up(j *job) {
	t, whole := j.live.task, j.whole()
	s.enter(j, running, "")
	t.started = time.Now().UnixMilli()
	if j != whole && j != whole.mainNode() {
		return
	}
	if d := j.work.timeout; d > 0 {
		t.timeout = s.after(d, func() { s.condemn(whole, reasonTimeout) })
	}
	if j != whole {
		s.mainUp(whole)
	}
}

// attemptEnded records the attempt under way.
func (s *Server) attemptEnded(j *job, o outcome) {
	t := j.live.task
	j.live.task = nil
	s.stop(t.timeout)
	if v := j.whole().live.verdict; v != "" {
		o.success, o.reason = false, v
	}
	a := attempt{number: t.number, started: t.started, stopped: time.Now().UnixMilli(), reason: o.reason, endings: t.endings()}
	j.live.attempts = append(j.live.attempts, a)
	if j.isNode() {
		s.nodeEnded(j, a, o)
		return
	}
	s.decide(j, o)
}

// decide says what follows on an attempt of a job.
func (s *Server) decide(j *job, o outcome) {
	s.used -= j.width()
	s.unlock(j)
	switch {
	case o.success:
		s.finish(j, succeeded, o.reason)
	case j.live.verdict != "" || !j.work.retry.again(len(j.live.attempts), o.cause, o.reason):
		s.finish(j, failed, o.reason)
	default:
		s.ready(j)
	}
}
