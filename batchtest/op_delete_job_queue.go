package batchtest

// DeleteJobQueue
//
// The queue, named by name or ARN, must be DISABLED. It is gone at once, and its
// jobs that have not ended are terminated. They can be described as before, but
// no longer listed by queue. A queue that is not there is no fault, as in the
// service.

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// reasonQueueDeleted is made up: the service's own words are not known.
const reasonQueueDeleted = "Job queue deleted"

func (s *Server) deleteJobQueue(in *batch.DeleteJobQueueInput) (*batch.DeleteJobQueueOutput, error) {
	if aws.ToString(in.JobQueue) == "" {
		return nil, refuse("jobQueue must be provided")
	}
	var err error
	open := s.update(func() {
		q, ok := s.queue(aws.ToString(in.JobQueue))
		switch {
		case !ok:
			return
		case q.detail.State != types.JQStateDisabled:
			err = refuse("JobQueue %s must be DISABLED before it is deleted", *q.detail.JobQueueName)
			return
		}
		delete(s.queues, *q.detail.JobQueueName)
		delete(s.tags, *q.detail.JobQueueArn)
		for _, j := range s.submitted {
			switch {
			case !q.holds(j) || j.status.terminal():
			case j.array != nil:
				s.eachChild(j, reasonQueueDeleted, (*Server).terminate)
			default:
				s.terminate(j, reasonQueueDeleted)
			}
		}
		s.unblock(q.line)
		s.lines = slices.DeleteFunc(s.lines, func(l *line) bool { return l == q.line })
	})
	if !open {
		return nil, ErrClosed
	}
	return &batch.DeleteJobQueueOutput{}, err
}
