package batchtest

// CreateComputeEnvironment
//
// The environment is VALID at once. It takes jobs of one platform: EKS where
// eksConfiguration is given, Fargate for computeResources of type FARGATE and
// FARGATE_SPOT, else EC2. A managed environment needs computeResources, and one
// for EKS is managed, has EC2 or SPOT resources and names a cluster and a
// namespace that is no system namespace. Multi-node parallel jobs need a
// managed environment of type EC2. A DISABLED environment places no jobs. Names
// are unique, and there are at most 50 environments, 5 for an Amazon EKS cluster.
//
// maxvCpus is required of a managed environment and limits what its jobs use. One
// of instances launches them when jobs need them, of the types in instanceTypes,
// by the allocation strategy, and keeps at least minvCpus. Fargate has what jobs
// ask for, and so has an unmanaged environment, up to unmanagedvCpus if there is
// such a number. Subnets, roles and the like are stored as given.

import (
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/validate"
)

func (s *Server) createComputeEnvironment(in *batch.CreateComputeEnvironmentInput) (*batch.CreateComputeEnvironmentOutput, error) {
	name := aws.ToString(in.ComputeEnvironmentName)
	orchestration := types.OrchestrationTypeEcs
	var kind types.CRType
	if in.ComputeResources != nil {
		kind = in.ComputeResources.Type
	}
	fargate := kind == types.CRTypeFargate || kind == types.CRTypeFargateSpot
	switch {
	case !resourceName.MatchString(name):
		return nil, refuse("computeEnvironmentName must match [a-zA-Z0-9_-]{1,128}, found %q", name)
	case in.State != "" && in.State != types.CEStateEnabled && in.State != types.CEStateDisabled:
		return nil, refuse("state must be ENABLED or DISABLED, found %q", in.State)
	case in.Type != types.CETypeManaged && in.Type != types.CETypeUnmanaged:
		return nil, refuse("type must be MANAGED or UNMANAGED, found %q", in.Type)
	case in.Type == types.CETypeManaged && in.ComputeResources == nil:
		return nil, refuse("computeResources must be provided for a MANAGED compute environment")
	case in.EksConfiguration != nil && (in.Type != types.CETypeManaged || kind != types.CRTypeEc2 && kind != types.CRTypeSpot):
		return nil, refuse("eksConfiguration needs a MANAGED compute environment with computeResources of type EC2 or SPOT, found %s %s", in.Type, kind)
	case in.EksConfiguration != nil:
		orchestration = types.OrchestrationTypeEks
	case in.Type == types.CETypeManaged && !fargate && kind != types.CRTypeEc2 && kind != types.CRTypeSpot:
		return nil, refuse("computeResources.type must be EC2, SPOT, FARGATE or FARGATE_SPOT, found %q", kind)
	}
	if err := checkCluster(in.EksConfiguration); err != nil {
		return nil, err
	}
	if err := checkSizes(in.ComputeResources); err != nil {
		return nil, err
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
			State:                      in.State,
			Status:                     types.CEStatusValid,
			StatusReason:               aws.String(healthy),
			Tags:                       orEmptyMap(in.Tags),
			Type:                       in.Type,
			UnmanagedvCpus:             in.UnmanagedvCpus,
		},
	}
	if e.detail.State == "" {
		e.detail.State = types.CEStateEnabled
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
	case kind == types.CRTypeFargate || kind == types.CRTypeFargateSpot:
		runs = validate.Fargate
	}
	if d.Type == types.CETypeManaged && kind == types.CRTypeEc2 {
		runs |= validate.MultiNode
	}
	return runs
}

var kubernetesName = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$`)

// checkCluster refuses what Amazon EKS could not run jobs in.
func checkCluster(c *types.EksConfiguration) error {
	if c == nil {
		return nil
	}
	namespace := aws.ToString(c.KubernetesNamespace)
	switch {
	case aws.ToString(c.EksClusterArn) == "":
		return refuse("eksConfiguration.eksClusterArn must be provided")
	case namespace == "default":
		return refuse("kubernetesNamespace cannot be the default Kubernetes namespace.")
	case strings.HasPrefix(namespace, "kube-"):
		return refuse("kubernetesNamespace cannot be a reserved Kubernetes system namespace.")
	case !kubernetesName.MatchString(namespace):
		return refuse("eksConfiguration.kubernetesNamespace must be 1 to 63 lower case letters, digits and hyphens, found %q", namespace)
	}
	return nil
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

// checkSizes refuses compute resources whose numbers make no sense.
func checkSizes(r *types.ComputeResource) error {
	if r == nil {
		return nil
	}
	least, most := aws.ToInt32(r.MinvCpus), aws.ToInt32(r.MaxvCpus)
	strategy := r.AllocationStrategy
	switch {
	case r.MaxvCpus == nil:
		return refuse("computeResources.maxvCpus must be provided")
	case least < 0 || least > most:
		return refuse("computeResources.minvCpus must be at most maxvCpus, found %d and %d", least, most)
	case r.DesiredvCpus != nil && (*r.DesiredvCpus < least || *r.DesiredvCpus > most):
		return refuse("computeResources.desiredvCpus must be between minvCpus and maxvCpus, found %d", *r.DesiredvCpus)
	case strategy != "" && !slices.Contains(strategy.Values(), strategy):
		return refuse("computeResources.allocationStrategy must be one of %v, found %q", strategy.Values(), strategy)
	}
	return nil
}
