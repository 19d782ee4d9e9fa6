package batchtest

import (
	"context"
	"slices"
	"time"
)

// A pause is the time in which a container waits for the server: for its clock,
// or for [Server.Finish]. A container without one is busy, and a virtual clock
// stands still. The state is guarded by the server's mu.
type pause struct {
	c    *Container
	ctx  context.Context
	over chan struct{} // closed by the server when it ends the pause
}

// Sleep returns nil when d has passed on the server's clock, the cause of ctx
// when that is done first, and [ErrClosed] when the server is closed first. Zero
// or less does not wait. A virtual clock moves on while a goroutine of the
// container sleeps; see [Server.Advance].
//
// Pass the context of [Runner], or one made of it, to wake up when the container
// must stop.
func (c *Container) Sleep(ctx context.Context, d time.Duration) error {
	s := c.task.server
	s.mu.Lock()
	if s.closed || d <= 0 || ctx.Err() != nil {
		defer s.mu.Unlock()
		return s.awoken(ctx)
	}
	p := c.pause(ctx)
	t := s.after(d, p.end)
	s.mu.Unlock()
	return p.wait(t)
}

// Takes returns a Runner that sleeps for d on the server's clock, and then does
// what next does; nil exits with 0. A container that must stop meanwhile ends
// with 143.
func Takes(d time.Duration, next Runner) Runner {
	if next == nil {
		next = Exit(0)
	}
	return takes{d, next}
}

type takes struct {
	d    time.Duration
	next Runner
}

// Run sleeps, and then does what next does.
func (t takes) Run(ctx context.Context, c *Container) int {
	if c.Sleep(ctx, t.d) != nil {
		return exitTerminated
	}
	return t.next.Run(ctx, c)
}

// pause begins a pause. The caller holds the server's mu, as for resume, count
// and the end of a pause.
func (c *Container) pause(ctx context.Context) *pause {
	p := &pause{c: c, ctx: ctx, over: make(chan struct{})}
	c.pauses = append(c.pauses, p)
	c.count(false)
	return p
}

// end ends a pause, unless it is over.
func (p *pause) end() {
	i := slices.Index(p.c.pauses, p)
	if i < 0 {
		return
	}
	p.c.pauses = slices.Delete(p.c.pauses, i, i+1)
	close(p.over)
	p.c.count(p.c.alive() && len(p.c.pauses) == 0)
}

// wait returns when the pause is over. The timer that would end it may be nil.
func (p *pause) wait(t *timer) error {
	s := p.c.task.server
	select {
	case <-p.over:
	case <-p.ctx.Done():
	case <-s.closing:
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stop(t)
	p.end()
	return s.awoken(p.ctx)
}

// awoken says why a container does not wait any longer.
func (s *Server) awoken(ctx context.Context) error {
	if s.closed {
		return ErrClosed
	}
	return context.Cause(ctx)
}

// wake ends the pauses that a container does not want to go on with now that it
// must stop.
func (c *Container) wake() {
	for _, p := range slices.Clone(c.pauses) {
		if p.ctx.Err() != nil {
			p.end()
		}
	}
}

// count notes whether a container is busy.
func (c *Container) count(busy bool) {
	if c.busy == busy {
		return
	}
	c.busy = busy
	s := c.task.server
	if busy {
		s.busy++
		return
	}
	s.busy--
	if s.busy == 0 {
		s.idle.Broadcast()
	}
}
