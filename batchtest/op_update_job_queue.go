package batchtest

// UpdateJobQueue
//
// Members that are given replace those of the queue, named by name or ARN;
// others stay. A DISABLED queue refuses new jobs, and those it has go on. New
// compute environments are for jobs submitted from then on. A scheduling policy
// can be replaced but not removed or added.

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

func (s *Server) updateJobQueue(in *batch.UpdateJobQueueInput) (*batch.UpdateJobQueueOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before, ok := s.queue(aws.ToString(in.JobQueue))
	switch {
	case !ok:
		return nil, refuse("JobQueue %s not found.", aws.ToString(in.JobQueue))
	case len(in.ServiceEnvironmentOrder) > 0:
		return nil, notImplemented("UpdateJobQueue with serviceEnvironmentOrder")
	case in.SchedulingPolicyArn != nil && before.detail.SchedulingPolicyArn == nil:
		return nil, refuse("schedulingPolicyArn must be absent, because the job queue was created without one")
	case in.State != "" && in.State != types.JQStateEnabled && in.State != types.JQStateDisabled:
		return nil, refuse("state must be ENABLED or DISABLED, found %q", in.State)
	}
	q := *before
	if in.ComputeEnvironmentOrder != nil {
		if err := s.attach(&q, in.ComputeEnvironmentOrder, ""); err != nil {
			return nil, err
		}
	}
	if in.JobStateTimeLimitActions != nil {
		q.detail.JobStateTimeLimitActions = in.JobStateTimeLimitActions
	}
	if in.Priority != nil {
		q.detail.Priority = in.Priority
	}
	if in.SchedulingPolicyArn != nil {
		q.detail.SchedulingPolicyArn = in.SchedulingPolicyArn
	}
	if in.State != "" {
		q.detail.State = in.State
	}
	s.queues[*q.detail.JobQueueName] = &q
	return &batch.UpdateJobQueueOutput{JobQueueArn: q.detail.JobQueueArn, JobQueueName: q.detail.JobQueueName}, nil
}
