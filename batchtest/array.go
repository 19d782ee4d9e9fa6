package batchtest

// sequence has each child but the first wait for the one before it.
func (j *job) sequence() {
	if j.array == nil || j.work.sequential {
		return
	}
	j.work.sequential = true
	for i := range j.array.children[1:] {
		j.array.children[i+1].waiting++
	}
}

// advanceParent opens an array whose own dependencies have ended. The caller
// holds mu, as for all of this file.
func (s *Server) advanceParent(p *job) {
	switch {
	case p.array.open:
	case p.doomed:
		p.live.verdict = reasonDependency
		p.array.open = true
		for i := range p.array.children {
			if c := &p.array.children[i]; !c.status.terminal() {
				s.finish(c, failed, reasonDependency)
			}
		}
		s.conclude(p)
	case p.waiting == 0:
		p.array.open = true
		for i := range p.array.children {
			s.advance(&p.array.children[i])
		}
	}
}

// advanceChild fails or starts a child.
func (s *Server) advanceChild(c, p *job) {
	switch {
	case c.doomed:
		s.finish(c, failed, reasonDependency)
	case p.array.open && c.waiting == 0:
		s.ready(c)
	}
}

// conclude ends the parent of an array whose children have all ended.
func (s *Server) conclude(p *job) {
	if p.status.terminal() || int(p.array.counts[succeeded]+p.array.counts[failed]) < len(p.array.children) {
		return
	}
	s.pend(p)
	switch {
	case p.array.counts[failed] == 0:
		s.finish(p, succeeded, "")
	case p.live.verdict != "":
		s.finish(p, failed, p.live.verdict)
	default:
		s.finish(p, failed, reasonChild)
	}
}

// eachChild does to all children of p what was asked for p, which then fails
// for that reason, unless no child was left to do it to.
func (s *Server) eachChild(p *job, reason string, do func(*Server, *job, string)) {
	for i := range p.array.children {
		c := &p.array.children[i]
		if c.status.terminal() {
			continue
		}
		do(s, c, reason)
		if c.canceled || c.terminated {
			p.live.verdict = reason
			p.canceled = p.canceled || c.canceled
			p.terminated = p.terminated || c.terminated
		}
	}
}
