package batchtest_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// What the service refuses of a new compute environment, in its words.
func TestComputeResourceRefusals(t *testing.T) {
	t.Parallel()
	b := start(t)
	type edit = func(*batch.CreateComputeEnvironmentInput)
	resource := func(f func(*types.ComputeResource)) edit {
		return func(in *batch.CreateComputeEnvironmentInput) { f(in.ComputeResources) }
	}
	type row struct {
		name, reason string
		kind         types.CRType
		edit         edit
		want         string // empty for none
	}
	const ec2, spot, fargate = types.CRTypeEc2, types.CRTypeSpot, types.CRTypeFargate
	rows := []row{
		{"name", "not all characters are allowed", ec2, func(in *batch.CreateComputeEnvironmentInput) { in.ComputeEnvironmentName = aws.String("a b") }, "Compute Environment name should match a valid pattern."},
		{"disabled", "only an update does that", ec2, func(in *batch.CreateComputeEnvironmentInput) { in.State = types.CEStateDisabled }, "Compute Environment must be created in ENABLED state."},
		{"enabled", "as it is when nothing is said", ec2, func(in *batch.CreateComputeEnvironmentInput) { in.State = types.CEStateEnabled }, ""},
		{"unmanaged vCPUs", "for unmanaged ones", ec2, func(in *batch.CreateComputeEnvironmentInput) { in.UnmanagedvCpus = aws.Int32(4) }, "unmanagedvCpus is not applicable for managed Compute Environments"},
		{"unmanaged fargate", "nobody could manage it", fargate, func(in *batch.CreateComputeEnvironmentInput) { in.Type = types.CETypeUnmanaged }, "Cannot create an UNMANAGED Fargate Compute Environment."},
		{"kind", "not in the enumeration", "LAPTOP", func(*batch.CreateComputeEnvironmentInput) {}, `found "LAPTOP"`},
		{"cluster by name", "the ARN says where it is", ec2, func(in *batch.CreateComputeEnvironmentInput) {
			in.EksConfiguration = &types.EksConfiguration{EksClusterArn: aws.String("mine"), KubernetesNamespace: aws.String("jobs")}
		}, "eksClusterArn must be an EKS cluster ARN."},
		{"long namespace", "63 is the limit of Kubernetes", ec2, func(in *batch.CreateComputeEnvironmentInput) {
			in.EksConfiguration = onEKS("e", ec2).EksConfiguration
			in.EksConfiguration.KubernetesNamespace = aws.String(strings.Repeat("n", 64))
		}, "kubernetesNamespace must less than or equal to 63 characters"},
		{"negative", "there is no less than nothing", ec2, resource(func(r *types.ComputeResource) { r.MinvCpus = aws.Int32(-1) }), "minvCpus should be greater than or equal to 0."},
		{"bid", "more than the price of On-Demand", spot, resource(func(r *types.ComputeResource) { r.BidPercentage = aws.Int32(101) }), "Bid percentage must be between 0 to 100."},
		{"spot strategy", "nothing to choose from among prices", ec2, resource(func(r *types.ComputeResource) {
			r.AllocationStrategy = types.CRAllocationStrategySpotCapacityOptimized
		}), "Allocation strategy SPOT_CAPACITY_OPTIMIZED requires compute resource type SPOT."},
		{"spot strategy on Spot", "that is what it is for", spot, resource(func(r *types.ComputeResource) {
			r.AllocationStrategy = types.CRAllocationStrategySpotCapacityOptimized
		}), ""},
		{"fargate strategy", "there are no instances to choose", fargate, resource(func(r *types.ComputeResource) { r.AllocationStrategy = types.CRAllocationStrategyBestFit }), "allocationStrategy is not applicable for Fargate."},
		{"fargate types", "there are no instances", fargate, resource(func(r *types.ComputeResource) { r.InstanceTypes = []string{"m5.large"} }), "instanceTypes is not applicable for Fargate."},
		{"fargate least", "0 as well: it cannot be said", fargate, resource(func(r *types.ComputeResource) { r.MinvCpus = aws.Int32(0) }), "minvCpus is not applicable for Fargate."},
		{"fargate role", "there are no instances to have it", fargate, resource(func(r *types.ComputeResource) { r.InstanceRole = aws.String("r") }), "instanceRole is not applicable for Fargate."},
		{"fargate subnets", "16 is the limit", fargate, resource(func(r *types.ComputeResource) { r.Subnets = make([]string, 17) }), "Fargate supports a maximum of 16 subnets."},
		{"fargate groups", "5 is the limit", fargate, resource(func(r *types.ComputeResource) { r.SecurityGroupIds = make([]string, 6) }), "Fargate supports a maximum of 5 security groups."},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		in := managed(strings.ReplaceAll(r.name, " ", "-"), r.kind)
		r.edit(in)
		_, err := b.client.CreateComputeEnvironment(t.Context(), in)
		if c, message := code(err); r.want == "" && err != nil || r.want != "" && (c != "ClientException" || !strings.Contains(message, r.want)) {
			t.Errorf("%s: %v, want %q", r.reason, err, r.want)
		}
	})
	b.environment(managed("small", fargate))
	_, err := b.client.UpdateComputeEnvironment(t.Context(), &batch.UpdateComputeEnvironmentInput{
		ComputeEnvironment: aws.String("small"), ComputeResources: &types.ComputeResourceUpdate{MinvCpus: aws.Int32(1)},
	})
	if _, message := code(err); !strings.Contains(message, "minvCpus is not applicable for Fargate.") {
		t.Errorf("an update: %v, want it refused like a new one", err)
	}
	_, err = b.client.UpdateComputeEnvironment(t.Context(), &batch.UpdateComputeEnvironmentInput{
		ComputeEnvironment: aws.String("small"), UpdatePolicy: &types.UpdatePolicy{JobExecutionTimeoutMinutes: aws.Int64(7201)},
	})
	if _, message := code(err); !strings.Contains(message, "between 1 and 7200, found 7201") {
		t.Errorf("a policy of more than five days: %v, want a refusal", err)
	}
}
