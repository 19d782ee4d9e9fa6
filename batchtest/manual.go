package batchtest

import (
	"context"
	"errors"
	"fmt"
)

// ErrEnded says that a job has ended, so that nothing can be done with it.
var ErrEnded = errors.New("batchtest: job has ended")

// Manual returns a Runner that runs until [Server.Finish] says with which exit
// code to end. A container that must stop before ends with 143.
func Manual() Runner { return manual{} }

type manual struct{}

func (manual) Run(ctx context.Context, c *Container) int {
	s := c.task.server
	s.mu.Lock()
	g := s.gate(c.task.job, c.task.number)
	if g.told || s.closed || ctx.Err() != nil {
		defer s.mu.Unlock()
		return g.exit()
	}
	p := c.pause(ctx)
	g.waiting = append(g.waiting, p)
	s.mu.Unlock()
	_ = p.wait(nil) // whatever ended it, the gate says how to exit
	s.mu.Lock()
	defer s.mu.Unlock()
	return g.exit()
}

const exitTerminated = 143

// Finish ends an attempt of a job whose image does [Manual], with an exit code:
// the attempt under way or, when there is none, the next. All its containers of
// such images exit with the code, also those that start later. Of the parent of
// an array it does so for each child that has not ended, and of a multi-node
// parallel job for each node. Finish does not wait for the job to end;
// [Server.Wait] does. Images that do something else take no notice of it, and that
// is no error.
//
// It returns an error that wraps [ErrUnknownJob], or [ErrEnded] when the job has
// ended or its attempt was told before.
func (s *Server) Finish(id string, code int) error {
	err := ErrClosed
	s.update(func() {
		j, ok := s.job(id)
		switch {
		case !ok:
			err = fmt.Errorf("%w: %s", ErrUnknownJob, id)
		case j.status.terminal():
			err = fmt.Errorf("%w: %s is %s", ErrEnded, id, statusNames[j.status])
		case j.parts() != nil:
			err = s.finishEach(j.parts(), code)
		default:
			err = s.finishOne(j, code)
		}
	})
	return err
}

// finishEach finishes those that have not ended. The caller holds mu, as for all
// below.
func (s *Server) finishEach(parts []job, code int) error {
	var all error
	for i := range parts {
		if !parts[i].status.terminal() {
			all = errors.Join(all, s.finishOne(&parts[i], code))
		}
	}
	return all
}

func (s *Server) finishOne(j *job, code int) error {
	number := 1
	switch whole := j.whole(); {
	case j.live != nil && j.live.task != nil: // which may be a node that outlives the main node
		number = j.live.task.number
	case whole.live != nil:
		number = len(whole.live.attempts) + 1
	}
	g := s.gate(j, number)
	if g.told {
		return fmt.Errorf("%w: attempt %d of %s was told to exit with %d", ErrEnded, number, j.id(), g.code)
	}
	g.told, g.code = true, code
	for _, p := range g.waiting {
		p.end()
	}
	g.waiting = nil
	return nil
}

// A gate is what the containers of an attempt wait for.
type gate struct {
	number  int // of the attempt
	told    bool
	code    int // once it was told
	waiting []*pause
}

// exit returns the exit code of a container that waits no longer.
func (g *gate) exit() int {
	if g.told {
		return g.code
	}
	return exitTerminated
}

// gate returns the gate of an attempt. That of an earlier one is forgotten.
func (s *Server) gate(j *job, number int) *gate {
	if s.gates == nil {
		s.gates = map[*job]*gate{}
	}
	g, ok := s.gates[j]
	if !ok || g.number != number {
		g = &gate{number: number}
		s.gates[j] = g
	}
	return g
}
