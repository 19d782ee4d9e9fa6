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

// Reasons for which the service's own words are not known.
const (
	reasonPodSucceeded = "Pod succeeded"
	reasonPodFailed    = "Pod failed"
	reasonPodNoStart   = "Pod failed to start"
	reasonMainNode     = "Main node exited" // of nodes that are stopped because it did
)

// enter moves a job to a status. The caller holds mu, as for all of this file.
func (s *Server) enter(j *job, to status, reason string) {
	l, now := j.wake(), s.Now().UnixNano()
	if p := j.parent(); p != nil {
		p.array.counts[j.status]--
		p.array.counts[to]++
		p.array.changed = now
		if to == runnable && p.status == submitted {
			s.enter(p, pending, "")
		}
	}
	j.status = to
	l.history = append(l.history, step{at: now, to: to, reason: s.reasons.number(reason)})
	if to != submitted {
		s.emit(eventStateChange, j)
	}
}

// admit brings a new job into the world, and with it the children of an array,
// or the nodes of a multi-node parallel job.
func (s *Server) admit(j *job) {
	s.enter(j, submitted, "")
	if a := j.array; a != nil {
		a.born = j.live.last().at
		a.changed = a.born
		a.counts[pending] = int32(len(a.children))
		for i := range a.children {
			a.children[i].status = pending
		}
	}
	s.enterNodes(j, pending, "")
	s.depend(j)
	s.arrive(j)
}

// arrive has a job pass its time in SUBMITTED.
func (s *Server) arrive(j *job) {
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
	case j.doomed:
		s.pend(j)
		s.finish(j, failed, reasonDependency)
	case j.waiting > 0:
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
	s.enterNodes(j, runnable, "")
	s.stand(j)
}

// stand has a job that is RUNNABLE wait in line.
func (s *Server) stand(j *job) {
	s.join(j)
	s.hold(j, s.settings.pace.Runnable, func() {})
}

// finish makes a job terminal.
func (s *Server) finish(j *job, to status, reason string) {
	s.enter(j, to, reason)
	s.stop(j.live.hold)
	if j.nodes != nil {
		s.finishNodes(j, reason)
	}
	s.endings = append(s.endings, end{j, j.live.dependents})
	s.ended = j.live.last().at
	s.depart(j)
	j.past, j.live = s.pack(&j.live.record), nil
	delete(s.gates, j)
	s.announce(j)
}

// announce tells those who wait that a job is terminal.
func (s *Server) announce(j *job) {
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
	if j.nodes != nil {
		s.endNodes(j, verdict)
		return
	}
	s.endTask(j, verdict)
}

// endTask ends an attempt of what has a task of its own.
func (s *Server) endTask(j *job, reason string) {
	if j.live.hold != nil { // no container has started
		s.stop(j.live.hold)
		j.live.hold = nil
		s.attemptEnded(j, outcome{reason: reason})
		return
	}
	j.live.task.end(reason)
}
