package batchtest

// DescribeComputeEnvironments
//
// Up to 100 names or ARNs, or all environments when none is given. Unknown
// ones are left out. The order is by name. maxResults is at most 100.
// desiredvCpus is the vCPUs of the instances that are there, between minvCpus and
// maxvCpus.

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

func (s *Server) describeComputeEnvironments(in *batch.DescribeComputeEnvironmentsInput) (*batch.DescribeComputeEnvironmentsOutput, error) {
	if n := len(in.ComputeEnvironments); n > maxDescribed {
		return nil, refuse("computeEnvironments must be at most %d, found %d", maxDescribed, n)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	name := func(e *environment) string { return *e.detail.ComputeEnvironmentName }
	found := named(in.ComputeEnvironments, s.environment, s.environments, name)
	found, next, err := page(found, name, in.MaxResults, maxDescribed, in.NextToken)
	if err != nil {
		return nil, err
	}
	out := &batch.DescribeComputeEnvironmentsOutput{ComputeEnvironments: make([]types.ComputeEnvironmentDetail, 0, len(found)), NextToken: next}
	for _, e := range found {
		detail := e.detail
		if f := e.pool.fleet; f != nil {
			r := *detail.ComputeResources
			r.DesiredvCpus = aws.Int32(f.desired())
			detail.ComputeResources = &r
		}
		detail.Tags = s.tagged(detail.ComputeEnvironmentArn, detail.Tags)
		out.ComputeEnvironments = append(out.ComputeEnvironments, detail)
	}
	return out, nil
}
