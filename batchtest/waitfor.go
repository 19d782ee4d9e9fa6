package batchtest

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// ErrMissed says that a job has ended without the status that was waited for.
var ErrMissed = errors.New("batchtest: job ended without the status")

// WaitFor returns when a job has a status, without polling, or at once when it
// has or had it before: a state that passes quickly is not missed. It returns an
// error that wraps [ErrUnknownJob] when no job has the id, one that wraps
// [ErrMissed] when the job has ended without the status, the cause of ctx when
// that is done first, and [ErrClosed] when the server is closed first.
func (s *Server) WaitFor(ctx context.Context, id string, status types.JobStatus) error {
	w, err := s.watch(id, status)
	if err != nil || w == nil {
		return err
	}
	select {
	case err := <-w.told:
		return err
	case <-ctx.Done():
		s.mu.Lock()
		defer s.mu.Unlock()
		s.watches = slices.DeleteFunc(s.watches, func(other *watch) bool { return other == w })
		return context.Cause(ctx)
	case <-s.closing:
		return ErrClosed
	}
}

// A watch is somebody who waits for a status.
type watch struct {
	job  *job
	want types.JobStatus
	told chan error // with room for one
}

// watch begins to wait, unless there is nothing to wait for.
func (s *Server) watch(id string, want types.JobStatus) (*watch, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	j, ok := s.job(id)
	if !ok {
		return nil, fmt.Errorf("%w: %s", ErrUnknownJob, id)
	}
	w := &watch{job: j, want: want, told: make(chan error, 1)}
	if done, err := s.seen(w); done {
		return nil, err
	}
	s.watches = append(s.watches, w)
	return w, nil
}

// seen reports whether a watch has come to its end. The caller holds mu.
func (s *Server) seen(w *watch) (bool, error) {
	if statusNames[w.job.status] == w.want {
		return true, nil
	}
	for _, h := range s.record(w.job).history {
		if statusNames[h.to] == w.want {
			return true, nil
		}
	}
	if w.job.live == nil && w.job.status.terminal() {
		return true, fmt.Errorf("%w: %s is %s, and was never %s", ErrMissed, w.job.id(), statusNames[w.job.status], w.want)
	}
	return false, nil
}

// tell ends the watches that have come to their end. The caller holds mu.
func (s *Server) tell() {
	s.watches = slices.DeleteFunc(s.watches, func(w *watch) bool {
		done, err := s.seen(w)
		if done {
			w.told <- err
		}
		return done
	})
}
