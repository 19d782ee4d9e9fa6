package batchtest

import (
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// Limits of compute environments on Fargate, and of an update.
const (
	maxFargateSubnets = 16
	maxFargateGroups  = 5
	maxUpdateMinutes  = 7200
)

func onFargate(kind types.CRType) bool {
	return kind == types.CRTypeFargate || kind == types.CRTypeFargateSpot
}

// checkResources refuses compute resources that the service refuses, new or
// updated. Roles, subnets and security groups are not missed.
func checkResources(r *types.ComputeResource) error {
	if r == nil {
		return nil
	}
	if err := checkSizes(r); err != nil {
		return err
	}
	if onFargate(r.Type) {
		return checkFargate(r)
	}
	strategy := r.AllocationStrategy
	switch {
	case strategy != "" && !slices.Contains(strategy.Values(), strategy):
		return refuse("computeResources.allocationStrategy must be one of %v, found %q", strategy.Values(), strategy)
	case r.Type == types.CRTypeEc2 && strings.HasPrefix(string(strategy), "SPOT_"):
		return refuse("Allocation strategy %s requires compute resource type %s.", strategy, types.CRTypeSpot)
	case r.BidPercentage != nil && (*r.BidPercentage < 0 || *r.BidPercentage > 100):
		return refuse("Bid percentage must be between 0 to 100.")
	}
	return nil
}

// checkSizes refuses numbers of vCPUs that make no sense.
func checkSizes(r *types.ComputeResource) error {
	least, most := aws.ToInt32(r.MinvCpus), aws.ToInt32(r.MaxvCpus)
	switch {
	case r.MaxvCpus == nil:
		return refuse("computeResources.maxvCpus must be provided")
	case least < 0:
		return refuse("minvCpus should be greater than or equal to 0.")
	case least > most:
		return refuse("maxvCpus should be greater than or equal to minvCpus.")
	case r.DesiredvCpus != nil && (*r.DesiredvCpus < least || *r.DesiredvCpus > most):
		return refuse("desiredvCpus should be between minvCpus and maxvCpus.")
	}
	return nil
}

// checkFargate refuses what only instances have.
func checkFargate(r *types.ComputeResource) error {
	for _, m := range []struct {
		name  string
		given bool
	}{
		{"allocationStrategy", r.AllocationStrategy != ""},
		{"bidPercentage", r.BidPercentage != nil},
		{"desiredvCpus", r.DesiredvCpus != nil},
		{"ec2Configuration", len(r.Ec2Configuration) > 0},
		{"ec2KeyPair", r.Ec2KeyPair != nil},
		{"imageId", hasLegacyImage(r)},
		{"instanceRole", r.InstanceRole != nil},
		{"instanceTypes", len(r.InstanceTypes) > 0},
		{"launchTemplate", r.LaunchTemplate != nil},
		{"minvCpus", r.MinvCpus != nil},
		{"placementGroup", r.PlacementGroup != nil},
		{"scalingPolicy", r.ScalingPolicy != nil},
		{"spotIamFleetRole", r.SpotIamFleetRole != nil},
		{"tags", len(r.Tags) > 0},
	} {
		if m.given {
			return refuse("%s is not applicable for Fargate.", m.name)
		}
	}
	switch {
	case len(r.Subnets) > maxFargateSubnets:
		return refuse("Fargate supports a maximum of %d subnets.", maxFargateSubnets)
	case len(r.SecurityGroupIds) > maxFargateGroups:
		return refuse("Fargate supports a maximum of %d security groups.", maxFargateGroups)
	}
	return nil
}

var (
	clusterARN     = regexp.MustCompile(`^arn:[a-z-]+:eks:[a-z0-9-]+:[0-9]{12}:cluster/.+$`)
	kubernetesName = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`)
)

const maxKubernetesName = 63

// checkCluster refuses what Amazon EKS could not run jobs in.
func checkCluster(c *types.EksConfiguration) error {
	if c == nil {
		return nil
	}
	namespace := aws.ToString(c.KubernetesNamespace)
	switch {
	case !clusterARN.MatchString(aws.ToString(c.EksClusterArn)):
		return refuse("eksClusterArn must be an EKS cluster ARN.")
	case namespace == "default":
		return refuse("kubernetesNamespace cannot be the default Kubernetes namespace.")
	case strings.HasPrefix(namespace, "kube-"):
		return refuse("kubernetesNamespace cannot be a reserved Kubernetes system namespace.")
	case len(namespace) > maxKubernetesName:
		return refuse("kubernetesNamespace must less than or equal to %d characters", maxKubernetesName) // as in the service
	case !kubernetesName.MatchString(namespace):
		return refuse("kubernetesNamespace must be a valid Kubernetes namespace.")
	}
	return nil
}

// checkUpdatePolicy refuses a policy that the API does not allow.
func checkUpdatePolicy(p *types.UpdatePolicy) error {
	if p == nil || p.JobExecutionTimeoutMinutes == nil {
		return nil
	}
	if n := *p.JobExecutionTimeoutMinutes; n < 1 || n > maxUpdateMinutes {
		return refuse("updatePolicy.jobExecutionTimeoutMinutes must be between 1 and %d, found %d", maxUpdateMinutes, n)
	}
	return nil
}
