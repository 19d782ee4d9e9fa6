package batchtest

import (
	"cmp"
	"iter"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// A line is the RUNNABLE jobs of a queue. In a queue that is first in, first out
// they stand in one lane; with a fair-share policy there is a lane for each
// share and priority. The job that is next and cannot be placed holds up all
// others.
type line struct {
	queue   *queue // as it is now
	lanes   []*lane
	shares  map[string]*share // by identifier, nil without a policy
	used    int64             // by jobs of the queue, in thousandths of a vCPU
	moved   int64             // when the first one last left, in Unix nanoseconds
	blocked blockage
}

// A lane is the jobs of one share and one priority, in order.
type lane struct {
	share    *share // nil without a policy
	priority int32
	places   []place
}

// A place is where a job stands. It may have left meanwhile. Tickets are in the
// order of all lines together.
type place struct {
	job    *job
	ticket uint64
}

// open puts a new or updated queue in its place. The caller holds mu, as for all
// of this file.
func (s *Server) open(q *queue) {
	if q.line == nil {
		q.line = &line{}
		if q.detail.SchedulingPolicyArn != nil {
			q.line.shares = map[string]*share{}
		}
		s.lines = append(s.lines, q.line)
	}
	q.line.queue = q
	s.queues[*q.detail.JobQueueName] = q
	s.watchBlocked(q.line)
}

// join puts a job at the end of its lane.
func (s *Server) join(j *job) {
	s.tickets++
	l := j.work.lane
	if l == nil {
		l = j.work.queue.line.laneFor(j.work)
		j.work.lane = l
	}
	l.places = append(l.places, place{j, s.tickets})
}

// laneFor returns the lane of a job, and makes it when it is missing.
func (l *line) laneFor(w *work) *lane {
	priority := int32(0)
	if w.share != nil {
		priority = w.priority()
	}
	for _, of := range l.lanes {
		if of.share == w.share && of.priority == priority {
			return of
		}
	}
	of := &lane{share: w.share, priority: priority}
	// Lanes of a share stand together, the highest priority first.
	at := slices.IndexFunc(l.lanes, func(other *lane) bool { return other.share == of.share })
	if at < 0 {
		at = len(l.lanes)
	}
	for at < len(l.lanes) && l.lanes[at].share == of.share && l.lanes[at].priority > priority {
		at++
	}
	l.lanes = slices.Insert(l.lanes, at, of)
	return of
}

// leave takes the first job out of a lane.
func (s *Server) leave(l *line, of *lane) {
	of.places[0] = place{}
	of.places = of.places[1:]
	if len(of.places) == 0 {
		of.places = nil // and with it the room of those that have left
	}
	l.moved = s.Now().UnixNano()
}

// next returns the lane whose first job is next, nil when no job waits: that of
// the share that has had least, then of the highest priority within the share,
// then of the oldest job.
func (s *Server) next(l *line) (first *lane) {
	for _, of := range l.lanes {
		for len(of.places) > 0 && of.places[0].job.status != runnable { // cancelled meanwhile
			s.leave(l, of)
		}
	}
	switch {
	case l.shares != nil:
		return s.nextShare(l)
	case len(l.lanes) == 0 || len(l.lanes[0].places) == 0:
		return nil
	}
	return l.lanes[0]
}

func (s *Server) nextShare(l *line) (first *lane) {
	fair, had := s.fairness(l), 0.0
	for of := range heads(l.lanes) {
		standing := fair.standing(of.share)
		if first == nil || cmp.Or(cmp.Compare(standing, had), of.compare(first)) < 0 {
			first, had = of, standing
		}
	}
	return first
}

// heads yields of each share the lane whose job is next.
func heads(lanes []*lane) iter.Seq[*lane] {
	return func(yield func(*lane) bool) {
		var before *lane
		for _, of := range lanes {
			if len(of.places) == 0 || before != nil && before.share == of.share {
				continue
			}
			before = of
			if !yield(of) {
				return
			}
		}
	}
}

// compare orders lanes by the age of their first jobs.
func (of *lane) compare(other *lane) int {
	return cmp.Compare(of.places[0].ticket, other.places[0].ticket)
}

// A front is a line with the lane whose job is next.
type front struct {
	line *line
	lane *lane
}

// fronts returns the lines in which a job waits, in the order in which they are
// served: the higher priority first, then the older job.
func (s *Server) fronts() []front {
	s.serving = s.serving[:0]
	for _, l := range s.lines {
		of := s.next(l)
		if of == nil {
			s.unblock(l)
			continue
		}
		s.serving = append(s.serving, front{l, of})
	}
	if len(s.serving) > 1 {
		slices.SortFunc(s.serving, func(a, b front) int {
			return cmp.Or(cmp.Compare(b.line.priority(), a.line.priority()), cmp.Compare(a.lane.places[0].ticket, b.lane.places[0].ticket))
		})
	}
	return s.serving
}

func (l *line) priority() int32 { return aws.ToInt32(l.queue.detail.Priority) }

// destinations calls visit with the compute environments in which a job can be
// placed until it returns true: those of its queue, as that is now, that are
// ENABLED and offer what it needs. A pod stays in the cluster and the namespace
// it was submitted for.
func (w *work) destinations(visit func(*environment) bool) {
	for _, p := range w.queue.line.queue.pools {
		e := p.environment
		if e.enabled() && e.offers(w.definition.platform) && e.sameCluster(w.environment) && visit(e) {
			return
		}
	}
}
