package batchtest

// ListSchedulingPolicies
//
// The ARNs of all policies, in the order of their names. maxResults is at most
// 100.

import (
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

func (s *Server) listSchedulingPolicies(in *batch.ListSchedulingPoliciesInput) (*batch.ListSchedulingPoliciesOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, next, err := page(named(nil, s.policy, s.policies, policyName), policyName, in.MaxResults, maxDescribed, in.NextToken)
	if err != nil {
		return nil, err
	}
	out := &batch.ListSchedulingPoliciesOutput{SchedulingPolicies: make([]types.SchedulingPolicyListingDetail, 0, len(found)), NextToken: next}
	for _, p := range found {
		out.SchedulingPolicies = append(out.SchedulingPolicies, types.SchedulingPolicyListingDetail{Arn: p.Arn})
	}
	return out, nil
}
