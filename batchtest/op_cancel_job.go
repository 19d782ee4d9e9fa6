package batchtest

// CancelJob
//
// A job in SUBMITTED, PENDING or RUNNABLE becomes FAILED at once, with the
// reason given. On a job in STARTING or RUNNING, or one that has ended, the
// call succeeds and does nothing. Cancelling the parent of an array cancels
// those children that have not started; cancelling a child makes the parent
// fail in the end. Jobs that depend on a cancelled job fail. A single node of a
// multi-node parallel job is refused: nodes end with their job.
//
// reason is required and has at most 1024 characters.

import (
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/batch"
)

func (s *Server) cancelJob(in *batch.CancelJobInput) (*batch.CancelJobOutput, error) {
	return &batch.CancelJobOutput{}, s.endJob(in.JobId, in.Reason, (*Server).cancelEarly)
}

const maxReason = 1024

// endJob does what CancelJob and TerminateJob have in common.
func (s *Server) endJob(id, reason *string, do func(*Server, *job, string)) error {
	switch {
	case id == nil || *id == "":
		return refuse("jobId must be provided")
	case reason == nil || *reason == "":
		return refuse("reason must be provided")
	case utf8.RuneCountInString(*reason) > maxReason:
		return refuse("reason must have at most %d characters, found %d", maxReason, utf8.RuneCountInString(*reason))
	}
	var err error
	open := s.update(func() {
		switch j, ok := s.job(*id); {
		case !ok:
			err = refuse("Job %s not found.", *id)
		case j.isNode():
			err = refuse("jobId must be that of a whole job, found the node %s", *id)
		case j.status.terminal():
		case j.array != nil:
			s.eachChild(j, *reason, do)
		default:
			do(s, j, *reason)
		}
	})
	if !open {
		return ErrClosed
	}
	return err
}
