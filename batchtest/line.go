package batchtest

import "time"

// A line is the RUNNABLE jobs of a queue, in the order in which they are
// placed. One that cannot be placed holds up those behind it.
type line struct {
	places []place
	moved  int64 // when the first one last left, in Unix nanoseconds
}

// A place is where a job stands. It may have left meanwhile. Tickets are in the
// order of all lines together.
type place struct {
	job    *job
	ticket uint64
}

// newLine returns the line of a new queue. The caller holds mu, as for all of
// this file.
func (s *Server) newLine() *line {
	l := &line{}
	s.lines = append(s.lines, l)
	return l
}

// join puts a job at the end of the line of its queue.
func (s *Server) join(j *job) {
	s.tickets++
	l := j.work.queue.line
	l.places = append(l.places, place{j, s.tickets})
}

func (l *line) leave() {
	l.places[0] = place{}
	l.places = l.places[1:]
	if len(l.places) == 0 {
		l.places = nil // and with it the room of those that have left
	}
	l.moved = time.Now().UnixNano()
}

// nextLine returns the line whose first job is the next to get capacity, nil
// when no job can be placed.
func (s *Server) nextLine() (next *line) {
	for _, l := range s.lines {
		for len(l.places) > 0 && l.places[0].job.status != runnable { // cancelled meanwhile
			l.leave()
		}
		if len(l.places) == 0 || next != nil && next.places[0].ticket < l.places[0].ticket {
			continue
		}
		j := l.places[0].job
		why, free := s.placeable(j)
		j.live.last().reason = s.reasons.number(why)
		if free {
			next = l
		}
	}
	return next
}

// Reasons for which the service's own words are not known.
const (
	reasonNoEnvironment = "No compute environment of the job queue is ENABLED and able to run the job"
	reasonNoConsumable  = "Waiting for the consumable resource "
)

// placeable reports whether a job could start if there were capacity, and if
// not for what reason, which is empty while its time in RUNNABLE passes.
func (s *Server) placeable(j *job) (why string, ok bool) {
	if j.live.hold != nil {
		return "", false
	}
	if _, ok := s.destination(j.work); !ok {
		return reasonNoEnvironment, false
	}
	if lacking, ok := s.lacking(j.work); ok {
		return reasonNoConsumable + lacking, false
	}
	return "", true
}

// destination returns the compute environment in which a job is placed: the
// first of its queue, as that is now, that is ENABLED and can run it. A pod
// stays in the cluster and the namespace it was submitted for.
func (s *Server) destination(w *work) (*environment, bool) {
	q := w.queue
	if now, ok := s.queues[*q.detail.JobQueueName]; ok && now.line == q.line {
		q = now
	}
	for _, name := range q.environments {
		e, ok := s.environments[name]
		if ok && e.enabled() && e.offers(w.definition.platform) && e.sameCluster(w.environment) {
			return e, true
		}
	}
	return nil, false
}
