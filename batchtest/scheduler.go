package batchtest

import (
	"fmt"
)

// scheduler is what decides which job runs when.
type scheduler struct {
	lines    []*line        // of the queues
	serving  []front        // room for fronts to write in
	tickets  uint64         // given out in lines
	pools    []*pool        // of compute environments, also of those that were deleted
	slack    bool           // an instance may be idle
	launched map[string]int // instances, by type
	limits   map[string]int // of instances, by type
	scripted []*Container   // that go on as soon as all jobs that can be are placed
	endings  []end          // jobs whose end was not yet told to others
	ended    int64          // when the last job ended, in Unix nanoseconds
	waiters  map[*job]chan struct{}
	reasons  reasons
	packing  []byte // room for pack to write in
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
	for round := 0; ; {
		if n := len(s.endings); n > 0 {
			e := s.endings[n-1]
			s.endings = s.endings[:n-1]
			s.spread(e)
			continue
		}
		switch {
		case s.placeNext():
			continue
		case len(s.scripted) == 0:
			s.scaleIn()
			return
		}
		if round++; round > 1 && !s.letOthersIn() {
			return
		}
		s.followScripts()
	}
}

// letOthersIn gives mu up for a moment, as a million children may end at once. It
// reports whether the server is still open. Nothing but scripts may be left to be
// done then.
func (s *Server) letOthersIn() bool {
	s.heir = nil
	s.mu.Unlock()
	s.mu.Lock()
	return !s.closed
}

// placeNext deals with the first job that can get capacity, and reports whether
// there was one. All nodes of a job are placed together or not at all.
func (s *Server) placeNext() bool {
	for _, f := range s.fronts() {
		j := f.lane.places[0].job
		if j.live.hold != nil {
			s.block(f.line, j, "")
			continue
		}
		if why := j.work.fault; why != "" {
			s.leave(f.line, f.lane)
			s.finish(j, failed, why)
			return true
		}
		e, why, never := s.find(f.line, j)
		switch {
		case e != nil:
			s.leave(f.line, f.lane)
			s.unblock(f.line)
			s.place(j, e)
			return true
		case never: // it stays RUNNABLE, out of the way of others
			j.live.last().reason = s.reasons.number(why)
			s.leave(f.line, f.lane)
			return true
		}
		s.block(f.line, j, why)
	}
	return false
}

// find takes room for a job in the first compute environment that has some. Where
// there is none it says why, and whether the job asks for more than
// WithCapacity gives, which cannot change.
func (s *Server) find(l *line, j *job) (in *environment, why string, never bool) {
	const none = tooMuch + 1
	least, missing := none, ""
	lacking, short := s.lacking(j.work)
	reserve := s.reserve(l)
	j.work.destinations(func(e *environment) bool {
		if short {
			least = crowded
			return true
		}
		v, instanceType := s.take(e.pool, j, reserve)
		if v < least {
			least, missing, never = v, instanceType, v == tooMuch && e.pool.jobs
		}
		if v == placed {
			in = e
		}
		return v == placed
	})
	switch {
	case least == none:
		why = reasonNoEnvironment
	case short:
		why = reasonNoConsumable + lacking
	case never:
		why = s.tooWide(j)
	case least == noStock:
		why = reasonStock + missing
	case least == tooLarge:
		why = reasonRequirement
	case least == tooMuch:
		why = reasonMax
	}
	return in, why, never
}

// tooWide is the status reason of a job with more nodes than WithCapacity gives.
func (s *Server) tooWide(j *job) string {
	return fmt.Sprintf("%s - the job has %d nodes, but the capacity is %d: see batchtest.WithCapacity", causeMax, j.width(), s.settings.capacity)
}

// place starts an attempt of a job, for which there is room.
func (s *Server) place(j *job, in *environment) {
	j.live.environment = in
	s.use(j.work, j.work.takes().cpu)
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
	t.started = s.Now().UnixMilli()
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
	a := attempt{number: t.number, started: t.started, stopped: s.Now().UnixMilli(), reason: o.reason, endings: t.endings()}
	j.live.attempts = append(j.live.attempts, a)
	if j.isNode() {
		s.nodeEnded(j, a, o)
		return
	}
	s.decide(j, o)
}

// decide says what follows on an attempt of a job.
func (s *Server) decide(j *job, o outcome) {
	s.give(j.live.environment.pool, j)
	s.use(j.work, -j.work.takes().cpu)
	s.unlock(j)
	switch {
	case j.live.verdict != "": // also when the main node had ended before
		s.finish(j, failed, j.live.verdict)
	case o.success:
		s.finish(j, succeeded, o.reason)
	case !j.work.retry.again(len(j.live.attempts), o.cause, o.reason):
		s.finish(j, failed, o.reason)
	default:
		s.ready(j)
	}
}
