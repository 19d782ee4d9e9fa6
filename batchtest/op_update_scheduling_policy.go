package batchtest

// UpdateSchedulingPolicy
//
// A fair-share policy that is given replaces the one there, as a whole, and is
// checked as by CreateSchedulingPolicy. The policy is named by its ARN. What it
// says counts at once, for jobs that wait as well.

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
)

func (s *Server) updateSchedulingPolicy(in *batch.UpdateSchedulingPolicyInput) (*batch.UpdateSchedulingPolicyOutput, error) {
	arn := aws.ToString(in.Arn)
	if arn == "" {
		return nil, refuse("arn must be provided")
	}
	if in.QuotaSharePolicy != nil {
		return nil, notImplemented("UpdateSchedulingPolicy with quotaSharePolicy")
	}
	if err := checkFairshare(in.FairsharePolicy); err != nil {
		return nil, err
	}
	var err error
	open := s.update(func() { // jobs may be waiting for a reservation to end
		before, unknown := s.knownPolicy(arn)
		if unknown != nil {
			err = unknown
			return
		}
		p := *before
		replace(&p.FairsharePolicy, in.FairsharePolicy)
		s.policies[*p.Name] = &p
	})
	switch {
	case !open:
		return nil, ErrClosed
	case err != nil:
		return nil, err
	}
	return &batch.UpdateSchedulingPolicyOutput{}, nil
}
