package batchtest

// DescribeSchedulingPolicies
//
// 1 to 100 ARNs. Unknown ones are left out. The order is by name.

import (
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

func (s *Server) describeSchedulingPolicies(in *batch.DescribeSchedulingPoliciesInput) (*batch.DescribeSchedulingPoliciesOutput, error) {
	if n := len(in.Arns); n < 1 || n > maxDescribed {
		return nil, refuse("arns must be 1 to %d, found %d", maxDescribed, n)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out := &batch.DescribeSchedulingPoliciesOutput{SchedulingPolicies: []types.SchedulingPolicyDetail{}}
	for _, p := range named(in.Arns, s.policy, s.policies, policyName) {
		detail := *p
		detail.Tags = s.tagged(p.Arn, p.Tags)
		out.SchedulingPolicies = append(out.SchedulingPolicies, detail)
	}
	return out, nil
}

func policyName(p *types.SchedulingPolicyDetail) string { return *p.Name }
