package batchtest

import "time"

// scheduler is what decides which job runs when.
type scheduler struct {
	queued  []*job // RUNNABLE jobs in the order in which they get capacity, and others that left that state
	used    int    // capacity in use
	endings []end  // jobs whose end was not yet told to others
	waiters map[*job]chan struct{}
}

// An end is a job that became terminal, and who waited for it.
type end struct {
	job        *job
	dependents []*job
}

// settle carries the state on until nothing more moves by itself. The caller
// holds mu, as for all of this file. It works through lists rather than by
// recursion, so that long chains of jobs need no deep stack.
func (s *Server) settle() {
	for {
		switch {
		case len(s.endings) > 0:
			e := s.endings[len(s.endings)-1]
			s.endings = s.endings[:len(s.endings)-1]
			s.spread(e)
		case len(s.queued) > 0 && s.used < s.settings.capacity:
			j := s.queued[0]
			s.queued[0] = nil
			s.queued = s.queued[1:]
			if j.status == runnable { // else cancelled meanwhile
				s.place(j)
			}
		default:
			return
		}
	}
}

// place starts an attempt.
func (s *Server) place(j *job) {
	s.used++
	s.enter(j, starting, "")
	t := newTask(s, j)
	j.live.task = t
	s.hold(j, s.settings.pace.Starting, t.step)
}

// up makes a job RUNNING, whose essential containers have started.
func (s *Server) up(j *job) {
	t := j.live.task
	s.enter(j, running, "")
	t.started = time.Now().UnixMilli()
	if d := j.work.timeout; d > 0 {
		t.timeout = s.after(d, func() { s.condemn(j, reasonTimeout) })
	}
}

// attemptEnded records the attempt under way and decides what follows. cause
// is the ending that failed it.
func (s *Server) attemptEnded(j *job, success bool, reason string, cause ending) {
	t := j.live.task
	j.live.task = nil
	s.used--
	s.stop(t.timeout)
	if j.live.verdict != "" {
		success, reason = false, j.live.verdict
	}
	j.attempts = append(j.attempts, attempt{
		task: t.id, started: t.started, stopped: time.Now().UnixMilli(), reason: reason, endings: t.endings(),
	})
	switch {
	case success:
		s.finish(j, succeeded, reason)
	case j.live.verdict != "" || !j.work.retry.again(len(j.attempts), cause, reason):
		s.finish(j, failed, reason)
	default:
		s.ready(j)
	}
}
