package batchtest

// nodes is what a multi-node parallel job has and others have not. The main
// node decides: the others start once it runs, and stop when it ends. Between
// attempts a node that has ended goes back to RUNNABLE, which no other job does.
type nodes struct {
	members  []job
	underway int     // attempts of nodes that have not ended
	outcome  outcome // of the main node, once it has ended
}

// width is how much capacity a job takes.
func (j *job) width() int {
	if j.nodes != nil {
		return len(j.nodes.members)
	}
	return 1
}

func (j *job) mainNode() *job { return &j.nodes.members[j.work.nodes.main] }

// newNodes makes the nodes of a job. The caller holds mu, as for all of this
// file.
func newNodes(w *work) *nodes {
	n := &nodes{members: make([]job, len(w.nodes.specs))}
	for i := range n.members {
		n.members[i] = job{work: w, index: int32(i)}
	}
	return n
}

// enterNodes takes the nodes that are not in a status there.
func (s *Server) enterNodes(j *job, to status, reason string) {
	if j.nodes == nil {
		return
	}
	for i := range j.nodes.members {
		if m := &j.nodes.members[i]; m.status != to {
			s.enter(m, to, reason)
		}
	}
}

// placeNodes starts the main node.
func (s *Server) placeNodes(j *job) {
	s.enter(j, starting, "")
	j.nodes.underway, j.nodes.outcome = 0, outcome{}
	s.beginNode(j.mainNode())
}

func (s *Server) beginNode(m *job) {
	m.whole().nodes.underway++
	s.begin(m)
}

// mainUp follows the main node into RUNNING, and starts the others.
func (s *Server) mainUp(j *job) {
	s.enter(j, running, "")
	if j.live.verdict != "" {
		return
	}
	for i := range j.nodes.members {
		if m := &j.nodes.members[i]; m.status == runnable {
			s.beginNode(m)
		}
	}
}

// nodeEnded notes how an attempt of a node went.
func (s *Server) nodeEnded(m *job, a attempt, o outcome) {
	j := m.whole()
	to := failed
	if o.success {
		to = succeeded
	}
	s.enter(m, to, o.reason)
	s.announce(m)
	if m == j.mainNode() {
		j.nodes.outcome = o
		j.live.attempts = append(j.live.attempts, a)
		s.endNodes(j, reasonMainNode)
	}
	j.nodes.underway--
	if j.nodes.underway == 0 {
		s.decide(j, j.nodes.outcome)
	}
}

// endNodes ends the attempts of all nodes.
func (s *Server) endNodes(j *job, reason string) {
	for i := range j.nodes.members {
		if m := &j.nodes.members[i]; m.live != nil && m.live.task != nil {
			s.endTask(m, reason)
		}
	}
}

// finishNodes makes nodes terminal with their job. Those that have not run in
// the last attempt fail for the job's reason.
func (s *Server) finishNodes(j *job, reason string) {
	for i := range j.nodes.members {
		m := &j.nodes.members[i]
		if !m.status.terminal() {
			s.enter(m, failed, reason)
			s.announce(m)
		}
		m.past, m.live = s.pack(&m.live.record), nil
		delete(s.gates, m)
	}
}
