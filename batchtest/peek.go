package batchtest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchjson"
)

// ErrUnknownJob says that no job has an id.
var ErrUnknownJob = errors.New("batchtest: unknown job")

// Transition is a change of a job's status.
type Transition struct {
	// At is when it happened.
	At time.Time
	// From is the status before; empty when the job came into being.
	From types.JobStatus
	// To is the status from then on.
	To types.JobStatus
	// Reason is the status reason that came with it, if any.
	Reason string
}

// Job returns a job, or a child of an array, as DescribeJobs does, without a
// request. It is not ok when no job has the id. The value is the caller's.
func (s *Server) Job(id string) (types.JobDetail, bool) {
	s.mu.Lock()
	j, ok := s.job(id)
	var shared types.JobDetail
	if ok {
		shared = s.detail(j)
	}
	s.mu.Unlock()
	if !ok {
		return types.JobDetail{}, false
	}
	var out types.JobDetail
	data, err := batchjson.Marshal(shared)
	if err == nil {
		err = batchjson.Unmarshal(data, &out)
	}
	return out, err == nil
}

// History returns all changes of a job's status so far, or nil when no job has
// the id. Unlike a client that polls, it misses none.
func (s *Server) History(id string) []Transition {
	s.mu.Lock()
	defer s.mu.Unlock()
	j, ok := s.job(id)
	if !ok {
		return nil
	}
	history := s.record(j).history
	out := make([]Transition, len(history))
	from := unborn
	for i, h := range history {
		out[i] = Transition{At: time.Unix(0, h.at), From: statusNames[from], To: statusNames[h.to], Reason: s.reasons.text(h.reason)}
		from = h.to
	}
	return out
}

// Wait returns when all the jobs are SUCCEEDED or FAILED, without polling. A
// node of a multi-node parallel job may run again after that, with its job. It
// returns an error that wraps [ErrUnknownJob] when no job has one of the ids,
// the cause of ctx when that is done first, and [ErrClosed] when the server
// is closed first.
func (s *Server) Wait(ctx context.Context, ids ...string) error {
	for _, id := range ids {
		done, err := s.done(id)
		if err != nil {
			return err
		}
		if done == nil {
			continue
		}
		select {
		case <-done:
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-s.closing:
			return ErrClosed
		}
	}
	return nil
}

// done returns a channel that is closed when a job becomes terminal, nil if it
// is already.
func (s *Server) done(id string) (<-chan struct{}, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	j, ok := s.job(id)
	switch {
	case !ok:
		return nil, fmt.Errorf("%w: %s", ErrUnknownJob, id)
	case j.status.terminal():
		return nil, nil
	case s.waiters[j] == nil:
		s.waiters[j] = make(chan struct{})
	}
	return s.waiters[j], nil
}
