package batchtest

// A container whose runner can only do what is known before is not run: its
// script is followed with the server's clock, without a goroutine, to wake which
// would cost more than all else of such a job. So what is due at the same time on
// a virtual clock also happens in the same order in each run.

// foretell returns what a container that does run will do, if that is known
// before.
func foretell(run Runner, c *Container) (o Outcome, known bool) {
	switch r := run.(type) {
	case nil:
		return Outcome{}, true
	case exit:
		return Outcome{ExitCode: int(r)}, true
	case takes:
		code, ok := r.next.(exit)
		return Outcome{Takes: r.d, ExitCode: int(code)}, ok
	case script:
		return r.outcome(c), true
	case byIndex:
		return foretell(r.of(c), c)
	}
	return Outcome{}, false
}

// followScripts carries containers on that began or must stop. The caller holds
// the server's mu, as for all of this file.
func (s *Server) followScripts() {
	now := s.scripted
	s.scripted = nil
	for _, c := range now {
		c.follow()
	}
}

// follow carries a container on, as far as its script goes at once.
func (c *Container) follow() {
	t := c.task
	if !c.wasUp {
		t.up(c)
	}
	switch {
	case c.phase == gone:
	case c.script.Takes <= 0: // it ends by itself, even when it must stop
		c.complete()
	case c.signalled:
		t.exited(c, ending{code: exitTerminated, exited: true})
	default:
		c.work = t.server.after(c.script.Takes, c.complete)
	}
}

// complete ends a container as its script says.
func (c *Container) complete() {
	t, o := c.task, c.script
	if !o.HostLost {
		t.exited(c, ending{code: int32(o.ExitCode), exited: true, reason: o.Reason})
		return
	}
	t.server.lose(t.job)
	t.exited(c, ending{code: exitTerminated, exited: true}) // unless it went with its host
}

// interrupt tells a container that it must stop.
func (c *Container) interrupt() {
	if c.script == nil {
		c.cancel(errStopped)
		c.wake()
		return
	}
	s := c.task.server
	s.stop(c.work)
	s.scripted = append(s.scripted, c)
}
