package batchtest

// UpdateJobQueue
//
// Members that are given replace those of the queue, named by name or ARN;
// others stay. A DISABLED queue refuses new jobs, and those it has go on. Jobs
// that have not started go to the new compute environments, or wait when none of
// those can run them. A scheduling policy can be replaced by another that
// exists, but not removed or added.

import (
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

func (s *Server) updateJobQueue(in *batch.UpdateJobQueueInput) (*batch.UpdateJobQueueOutput, error) {
	var out *batch.UpdateJobQueueOutput
	var err error
	if !s.update(func() { out, err = s.replaceQueue(in) }) {
		return nil, ErrClosed
	}
	return out, err
}

// replaceQueue puts an updated queue in the place of another. The caller holds
// mu.
func (s *Server) replaceQueue(in *batch.UpdateJobQueueInput) (*batch.UpdateJobQueueOutput, error) {
	before, err := s.knownQueue(in.JobQueue)
	switch {
	case err != nil:
		return nil, err
	case len(in.ServiceEnvironmentOrder) > 0:
		return nil, notImplemented("UpdateJobQueue with serviceEnvironmentOrder")
	case in.SchedulingPolicyArn != nil && before.detail.SchedulingPolicyArn == nil:
		return nil, refuse("schedulingPolicyArn must be absent, because the job queue was created without one")
	case in.State != "" && in.State != types.JQStateEnabled && in.State != types.JQStateDisabled:
		return nil, refuse("state must be ENABLED or DISABLED, found %q", in.State)
	}
	if err := checkPriority(in.Priority); err != nil {
		return nil, err
	}
	if err := s.checkPolicy(in.SchedulingPolicyArn); err != nil {
		return nil, err
	}
	if err := checkTimeLimits(in.JobStateTimeLimitActions); err != nil {
		return nil, err
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
	s.open(&q)
	return &batch.UpdateJobQueueOutput{JobQueueArn: q.detail.JobQueueArn, JobQueueName: q.detail.JobQueueName}, nil
}
