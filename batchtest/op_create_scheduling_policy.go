package batchtest

// CreateSchedulingPolicy
//
// Names are unique. The limits of a fair-share policy are checked: a reservation
// of 0 to 99, a decay of 0 to 604800 seconds, at most 500 share identifiers,
// which do not overlap, with weights from 0.0001 to 999.9999. Quota-share policies
// are not implemented.
//
// Of a queue with the policy, the share goes first that has had least: the vCPUs
// that its jobs use, and those they used on average within the decay time, by the
// weight. Within a share the higher scheduling priority goes first. The reserved
// part of the capacity is left to shares that are not active.

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

func (s *Server) createSchedulingPolicy(in *batch.CreateSchedulingPolicyInput) (*batch.CreateSchedulingPolicyOutput, error) {
	name := aws.ToString(in.Name)
	switch {
	case !resourceName.MatchString(name):
		return nil, refuse("Scheduling policy name should match a valid pattern.")
	case in.FairsharePolicy != nil && in.QuotaSharePolicy != nil:
		return nil, refuse("A scheduling policy can have either fairsharePolicy or quotaSharePolicy")
	case in.QuotaSharePolicy != nil:
		return nil, notImplemented("CreateSchedulingPolicy with quotaSharePolicy")
	}
	if err := checkFairshare(in.FairsharePolicy); err != nil {
		return nil, err
	}
	if err := checkTags(in.Tags); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, exists := s.policies[name]; exists {
		return nil, refuse("Object already exists")
	}
	arn := aws.String(s.arn(kindPolicy, name))
	s.policies[name] = &types.SchedulingPolicyDetail{Arn: arn, Name: in.Name, FairsharePolicy: in.FairsharePolicy, Tags: orEmptyMap(in.Tags)}
	return &batch.CreateSchedulingPolicyOutput{Arn: arn, Name: in.Name}, nil
}
