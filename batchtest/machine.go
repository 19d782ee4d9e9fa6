package batchtest

import "time"

// The reasons that the service gives.
const (
	reasonDependency = "Dependent Job failed"
	reasonChild      = "Array Child Job failed"
	reasonExited     = "Essential container in task exited"
	reasonNoStart    = "Task failed to start"
	reasonTimeout    = "Job attempt duration exceeded timeout"
)

// enter moves a job to a status. The caller holds mu, as for all of this file.
func (s *Server) enter(j *job, to status, reason string) {
	now := time.Now().UnixNano()
	if p := j.parent(); p != nil {
		if j.status != unborn {
			p.array.counts[j.status]--
		}
		p.array.counts[to]++
		p.array.changed = now
		if to == runnable && p.status == submitted {
			s.enter(p, pending, "")
		}
	}
	j.status, j.reason = to, reason
	j.history = append(j.history, step{at: now, to: to, reason: reason})
}

// admit brings a new job, and the children of an array, into the world.
func (s *Server) admit(j *job) {
	j.live = &live{}
	s.enter(j, submitted, "")
	if j.array != nil {
		for i := range j.array.children {
			c := &j.array.children[i]
			c.live = &live{}
			s.enter(c, pending, "")
		}
	}
	s.depend(j)
	s.hold(j, s.settings.pace.Submitted, func() {
		j.live.admitted = true
		s.advance(j)
	})
}

// hold has next happen to j after a time, at once if that is zero, unless
// something else happens to j first.
func (s *Server) hold(j *job, d time.Duration, next func()) {
	if d <= 0 {
		next()
		return
	}
	j.live.hold = s.after(d, func() {
		j.live.hold = nil
		next()
	})
}

// advance lets a job that has not been RUNNABLE yet go as far as it may.
func (s *Server) advance(j *job) {
	if j.status.terminal() || j.status > pending {
		return
	}
	switch p := j.parent(); {
	case p != nil:
		s.advanceChild(j, p)
	case !j.live.admitted:
	case j.array != nil:
		s.advanceParent(j)
	case j.live.doomed:
		s.pend(j)
		s.finish(j, failed, reasonDependency)
	case j.live.waiting > 0:
		s.pend(j)
	default:
		s.ready(j)
	}
}

func (s *Server) pend(j *job) {
	if j.status == submitted {
		s.enter(j, pending, "")
	}
}

// ready makes a job RUNNABLE: for the first time, or for a retry.
func (s *Server) ready(j *job) {
	s.enter(j, runnable, "")
	s.hold(j, s.settings.pace.Runnable, func() { s.queued = append(s.queued, j) })
}

// finish makes a job terminal.
func (s *Server) finish(j *job, to status, reason string) {
	s.enter(j, to, reason)
	s.stop(j.live.hold)
	s.endings = append(s.endings, end{j, j.live.dependents})
	j.live = nil
	if done, ok := s.waiters[j]; ok {
		close(done)
		delete(s.waiters, j)
	}
}

// cancelEarly cancels a job that has not reached STARTING.
func (s *Server) cancelEarly(j *job, reason string) {
	if j.status < starting {
		j.canceled = true
		s.finish(j, failed, reason)
	}
}

// terminate ends a job in any state.
func (s *Server) terminate(j *job, reason string) {
	if j.status != starting && j.status != running {
		s.cancelEarly(j, reason)
		return
	}
	j.terminated = true
	s.condemn(j, reason)
}

// condemn ends the attempt under way, after which the job fails.
func (s *Server) condemn(j *job, verdict string) {
	if j.live.verdict == "" {
		j.live.verdict = verdict
	}
	if j.live.hold != nil { // no container has started
		s.stop(j.live.hold)
		j.live.hold = nil
		s.attemptEnded(j, false, j.live.verdict, ending{})
		return
	}
	j.live.task.end("")
}
