package batchtest

// CreateComputeEnvironment
//
// The environment is VALID at once, and ENABLED: it can be DISABLED only later. It
// takes jobs of one platform: EKS where eksConfiguration is given, Fargate for
// computeResources of type FARGATE and FARGATE_SPOT, else EC2. A managed environment
// needs computeResources, and one for EKS is managed, has EC2 or SPOT resources and
// names a cluster and a namespace that is no system namespace. Multi-node parallel
// jobs need a managed environment of type EC2. Names are unique, and there are at
// most 50 environments, 5 for an Amazon EKS cluster.
//
// maxvCpus is required of a managed environment and limits what its jobs use. One
// of instances launches them when jobs need them, of the types in instanceTypes,
// by the allocation strategy, and keeps at least minvCpus. Fargate has what jobs
// ask for, and so has an unmanaged environment, up to unmanagedvCpus if there is
// such a number. What only instances have is refused for Fargate. Subnets, security
// groups, roles and the like are stored as given and not missed, for nothing here
// depends on them: the service requires most of them.

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/validate"
)

func (s *Server) createComputeEnvironment(in *batch.CreateComputeEnvironmentInput) (*batch.CreateComputeEnvironmentOutput, error) {
	if err := checkNewEnvironment(in); err != nil {
		return nil, err
	}
	name := *in.ComputeEnvironmentName
	orchestration := types.OrchestrationTypeEcs
	if in.EksConfiguration != nil {
		orchestration = types.OrchestrationTypeEks
	}
	e := &environment{
		detail: types.ComputeEnvironmentDetail{
			ComputeEnvironmentArn:      aws.String(s.arn(kindEnvironment, name)),
			ComputeEnvironmentName:     in.ComputeEnvironmentName,
			ComputeResources:           in.ComputeResources,
			ContainerOrchestrationType: orchestration,
			Context:                    in.Context,
			EksConfiguration:           in.EksConfiguration,
			ServiceRole:                in.ServiceRole,
			State:                      types.CEStateEnabled,
			Status:                     types.CEStatusValid,
			StatusReason:               aws.String(healthy),
			Tags:                       orEmptyMap(in.Tags),
			Type:                       in.Type,
			UnmanagedvCpus:             in.UnmanagedvCpus,
			Uuid:                       aws.String(s.environmentID(name)),
		},
	}
	e.runs = platformsOf(&e.detail)
	if in.EksConfiguration == nil {
		e.detail.EcsClusterArn = aws.String(s.clusterARN())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, exists := s.environments[name]; exists {
		return nil, refuse("Object already exists")
	}
	if err := s.checkQuota(e); err != nil {
		return nil, err
	}
	s.newPool(e)
	s.environments[name] = e
	return &batch.CreateComputeEnvironmentOutput{
		ComputeEnvironmentArn: e.detail.ComputeEnvironmentArn, ComputeEnvironmentName: in.ComputeEnvironmentName,
	}, nil
}

// checkNewEnvironment refuses what the service refuses, whatever else there is.
func checkNewEnvironment(in *batch.CreateComputeEnvironmentInput) error {
	var kind types.CRType
	if in.ComputeResources != nil {
		kind = in.ComputeResources.Type
	}
	managed := in.Type == types.CETypeManaged
	switch {
	case !resourceName.MatchString(aws.ToString(in.ComputeEnvironmentName)):
		return refuse("Compute Environment name should match a valid pattern.")
	case !managed && in.Type != types.CETypeUnmanaged:
		return refuse("type must be MANAGED or UNMANAGED, found %q", in.Type)
	case in.State != "" && in.State != types.CEStateEnabled && in.State != types.CEStateDisabled:
		return refuse("state must be ENABLED or DISABLED, found %q", in.State)
	case in.State == types.CEStateDisabled:
		return refuse("Compute Environment must be created in ENABLED state.")
	case managed && in.ComputeResources == nil:
		return refuse("computeResources must be provided for a MANAGED compute environment")
	case managed && in.UnmanagedvCpus != nil:
		return refuse("unmanagedvCpus is not applicable for managed Compute Environments")
	case !managed && onFargate(kind):
		return refuse("Cannot create an UNMANAGED Fargate Compute Environment.")
	case !managed && in.EksConfiguration != nil:
		return refuse("eksConfiguration needs a MANAGED compute environment")
	case in.EksConfiguration != nil && kind != types.CRTypeEc2 && kind != types.CRTypeSpot:
		return refuse("Supported compute types for EKS compute environments are [EC2, SPOT]")
	case in.ComputeResources != nil && !slices.Contains(kind.Values(), kind):
		return refuse("computeResources.type must be one of %v, found %q", kind.Values(), kind)
	}
	if err := checkCluster(in.EksConfiguration); err != nil {
		return err
	}
	if err := checkResources(in.ComputeResources); err != nil {
		return err
	}
	return checkTags(in.Tags)
}

// platformsOf returns what a compute environment offers to jobs.
func platformsOf(d *types.ComputeEnvironmentDetail) validate.Platforms {
	var kind types.CRType
	if d.ComputeResources != nil {
		kind = d.ComputeResources.Type
	}
	runs := validate.EC2
	switch {
	case d.EksConfiguration != nil:
		runs = validate.EKS
	case onFargate(kind):
		runs = validate.Fargate
	}
	if d.Type == types.CETypeManaged && kind == types.CRTypeEc2 {
		runs |= validate.MultiNode
	}
	return runs
}

// checkQuota refuses one compute environment too many. The caller holds mu.
func (s *Server) checkQuota(e *environment) error {
	if len(s.environments) >= maxAllEnvironments {
		return refuse("Compute environments must be at most %d in an account and region", maxAllEnvironments)
	}
	c := e.detail.EksConfiguration
	if c == nil {
		return nil
	}
	n := 0
	for _, other := range s.environments {
		if o := other.detail.EksConfiguration; o != nil && aws.ToString(o.EksClusterArn) == aws.ToString(c.EksClusterArn) {
			n++
		}
	}
	if n >= maxOnCluster {
		return refuse("Compute environments of an Amazon EKS cluster must be at most %d, found %d of %s", maxOnCluster, n, aws.ToString(c.EksClusterArn))
	}
	return nil
}
