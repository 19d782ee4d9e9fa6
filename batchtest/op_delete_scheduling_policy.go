package batchtest

// DeleteSchedulingPolicy
//
// The policy, named by its ARN, must be in no job queue. It is gone at once. A
// policy that is not there is no fault, as for queues.

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
)

func (s *Server) deleteSchedulingPolicy(in *batch.DeleteSchedulingPolicyInput) (*batch.DeleteSchedulingPolicyOutput, error) {
	arn := aws.ToString(in.Arn)
	if arn == "" {
		return nil, refuse("arn must be provided")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.policy(arn)
	if !ok {
		return &batch.DeleteSchedulingPolicyOutput{}, nil
	}
	for name, q := range s.queues {
		if aws.ToString(q.detail.SchedulingPolicyArn) == arn {
			return nil, refuse("Cannot delete, scheduling policy %s is used by the job queue %s", *p.Name, name)
		}
	}
	delete(s.policies, *p.Name)
	delete(s.tags, arn)
	return &batch.DeleteSchedulingPolicyOutput{}, nil
}
