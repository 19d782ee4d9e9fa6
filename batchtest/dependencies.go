package batchtest

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// checkDependencies refuses a job that depends on one that is not known. The
// caller holds mu, as for all of this file.
func (s *Server) checkDependencies(on []types.JobDependency) error {
	for i, d := range on {
		if d.JobId == nil {
			continue // SEQUENTIAL
		}
		switch on, ok := s.job(*d.JobId); {
		case !ok:
			return refuse("dependsOn[%d].jobId: must be the id of a job of this account and region, found %q", i, *d.JobId)
		case on.isNode():
			return refuse("dependsOn[%d].jobId: must be the id of a whole job, found the node %q: the main node decides for its job, so depend on that", i, *d.JobId)
		}
	}
	return nil
}

// depend ties a new job to those it depends on.
func (s *Server) depend(j *job) {
	for _, d := range j.work.dependsOn {
		if d.Type == types.ArrayJobDependencySequential {
			j.sequence()
		}
		switch on, ok := s.job(aws.ToString(d.JobId)); {
		case !ok: // SEQUENTIAL alone; checkDependencies has seen to any other
		case d.Type == types.ArrayJobDependencyNToN && j.array != nil && on.array != nil:
			s.follow(j, on)
		default:
			s.waitFor(j, on)
		}
	}
}

// waitFor has j wait for the whole of another job.
func (s *Server) waitFor(j, on *job) {
	switch on.status {
	case succeeded:
	case failed:
		j.doomed = true
	default:
		j.waiting++
		l := on.wake()
		l.dependents = append(l.dependents, j)
	}
}

// follow has each child of j wait for the child of on with its index, or for
// the whole of on if there is none.
func (s *Server) follow(j, on *job) {
	for i := range j.array.children {
		c, other := &j.array.children[i], on
		if i < len(on.array.children) {
			other = &on.array.children[i]
		}
		switch other.status {
		case succeeded:
		case failed:
			c.doomed = true
		default:
			c.waiting++
		}
	}
	if !on.status.terminal() {
		on.array.followers = append(on.array.followers, j)
	}
}

// spread tells those who waited for a job that it has ended.
func (s *Server) spread(e end) {
	j, success := e.job, e.job.status == succeeded
	for _, d := range e.dependents {
		s.resolve(d, success)
	}
	if p := j.parent(); p != nil {
		if next := int(j.index) + 1; p.work.sequential && next < len(p.array.children) {
			s.resolve(&p.array.children[next], success)
		}
		for _, f := range p.array.followers {
			if int(j.index) < len(f.array.children) {
				s.resolve(&f.array.children[j.index], success)
			}
		}
		s.conclude(p)
	}
	if j.array != nil {
		for _, f := range j.array.followers {
			for i := len(j.array.children); i < len(f.array.children); i++ {
				s.resolve(&f.array.children[i], success)
			}
		}
		// The followers stay known: ends of children may still have to be told.
	}
}

// resolve tells j that one of its dependencies has ended.
func (s *Server) resolve(j *job, success bool) {
	if j.status.terminal() {
		return
	}
	if success {
		j.waiting--
	} else {
		j.doomed = true
	}
	s.advance(j)
}
