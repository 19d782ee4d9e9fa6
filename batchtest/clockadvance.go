package batchtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// ErrNotVirtual says that a clock goes by itself; see [WithVirtualClock].
var ErrNotVirtual = errors.New("batchtest: the clock is not virtual")

// ErrBusy says that containers were at work, so that a virtual clock stood still.
var ErrBusy = errors.New("batchtest: the clock stands still")

// Advance moves a virtual clock on by d, and returns when everything due until
// then has happened. Less than zero counts as zero, with which it waits for what
// is happening already.
//
// Time passes from one thing that is due to the next, in order, and stands still
// while a container is busy. Not busy are those in [Container.Sleep], which is
// how work takes time, and those that wait for [Server.Finish]. All else that a
// container does takes no time on the clock, however long it really takes, and
// a container that waits for anything else holds the clock up.
//
// It returns an error that wraps [ErrNotVirtual] when the clock is not virtual,
// [ErrClosed] when the server is closed, and one that wraps [ErrBusy] and the
// cause of ctx, and names the containers at work, when that is done first: the
// clock then stands where it had got to.
func (s *Server) Advance(ctx context.Context, d time.Duration) error {
	v, ok := s.clock.(*virtualClock)
	if !ok {
		return fmt.Errorf("%w: make the server with WithVirtualClock", ErrNotVirtual)
	}
	select {
	case s.advancing <- struct{}{}:
		defer func() { <-s.advancing }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	release := context.AfterFunc(ctx, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.idle.Broadcast()
	})
	defer release()
	end := v.now().Add(max(d, 0))
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.touch() // the time is part of the state
	}()
	for {
		if err := s.quiet(ctx); err != nil {
			return err
		}
		calls := v.move(end)
		if calls == nil {
			return nil
		}
		for _, call := range calls {
			call()
		}
	}
}

// quiet returns nil when no container is busy.
func (s *Server) quiet(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for !s.closed && s.busy > 0 && ctx.Err() == nil {
		s.idle.Wait()
	}
	switch {
	case s.closed:
		return ErrClosed
	case s.busy > 0:
		return fmt.Errorf("%w at %s: %s: %w", ErrBusy, s.Now().UTC().Format(time.RFC3339Nano), s.atWork(), context.Cause(ctx))
	}
	return context.Cause(ctx)
}

// atWork names some of the containers that are busy. The caller holds mu.
func (s *Server) atWork() string {
	const most = 3
	var names []string
	s.eachAttempt(func(j *job) {
		for _, c := range j.live.task.containers {
			if c.busy {
				names = append(names, "container "+c.Name()+" of job "+c.JobID()+" is at work")
			}
		}
	})
	slices.Sort(names)
	if len(names) > most {
		names = append(names[:most], fmt.Sprintf("and %d more", len(names)-most))
	}
	return strings.Join(names, ", ")
}
