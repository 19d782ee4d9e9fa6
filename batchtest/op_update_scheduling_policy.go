package batchtest

// UpdateSchedulingPolicy
//
// A fair-share policy that is given replaces the one there, as a whole, and is
// checked as by CreateSchedulingPolicy. The policy is named by its ARN.

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
)

func (s *Server) updateSchedulingPolicy(in *batch.UpdateSchedulingPolicyInput) (*batch.UpdateSchedulingPolicyOutput, error) {
	if in.QuotaSharePolicy != nil {
		return nil, notImplemented("UpdateSchedulingPolicy with quotaSharePolicy")
	}
	if err := checkFairshare(in.FairsharePolicy); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	before, ok := s.policy(aws.ToString(in.Arn))
	if !ok {
		return nil, refuse("Scheduling policy %s does not exist", aws.ToString(in.Arn))
	}
	p := *before
	replace(&p.FairsharePolicy, in.FairsharePolicy)
	s.policies[*p.Name] = &p
	return &batch.UpdateSchedulingPolicyOutput{}, nil
}
