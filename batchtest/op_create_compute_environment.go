package batchtest

// CreateComputeEnvironment
//
// The environment is VALID at once. It takes jobs of one platform: EKS where
// eksConfiguration is given, Fargate for computeResources of type FARGATE and
// FARGATE_SPOT, else EC2. A managed environment needs computeResources, and one
// for EKS is managed, has EC2 or SPOT resources and names a cluster and a
// namespace that is no system namespace. Multi-node parallel jobs need a
// managed environment of type EC2. A DISABLED environment places no jobs. Names
// are unique. Sizes, subnets, roles and the like are stored as given; they limit
// nothing (see WithCapacity), and the environment is never scaled.

import (
	"regexp"
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
