package terraform_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/export"
	"github.com/batchkit/batchkit-go/export/terraform"
)

func TestRefusals(t *testing.T) {
	t.Parallel()
	definition := func(change func(*batch.RegisterJobDefinitionInput)) terraform.Configuration {
		in := &batch.RegisterJobDefinitionInput{JobDefinitionName: aws.String("x"), Type: types.JobDefinitionTypeContainer}
		change(in)
		return terraform.Configuration{}.JobDefinition("x", in)
	}
	pod := func(c types.EksContainer, volumes ...types.EksVolume) terraform.Configuration {
		return definition(func(in *batch.RegisterJobDefinitionInput) {
			in.EksProperties = &types.EksProperties{PodProperties: &types.EksPodProperties{Containers: []types.EksContainer{c}, Volumes: volumes}}
		})
	}
	const (
		d = "aws_batch_job_definition.x: "
		c = d + "eksProperties.podProperties.containers[0]."
		v = d + "eksProperties.podProperties.volumes[0]."
	)
	for _, row := range []struct {
		name, reason  string
		configuration terraform.Configuration
		want          []string // the beginnings of the refusals
	}{
		{"no name", "the provider makes none up", terraform.Configuration{}.JobDefinition("x", nil), []string{
			d + "jobDefinitionName: the provider wants one", d + "type: the provider wants one",
		}},
		{"bad id", "Terraform could not refer to it", terraform.Configuration{}.SchedulingPolicy("1x", &batch.CreateSchedulingPolicyInput{Name: aws.String("x")}),
			[]string{"aws_batch_scheduling_policy.1x: an id has"}},
		{"id twice", "one would replace the other in silence", definition(func(*batch.RegisterJobDefinitionInput) {}).
			JobDefinition("x", &batch.RegisterJobDefinitionInput{JobDefinitionName: aws.String("y"), Type: types.JobDefinitionTypeContainer}),
			[]string{d + "two resources have this id"}},
		{"two payloads", "the provider takes one", definition(func(in *batch.RegisterJobDefinitionInput) {
			in.ContainerProperties, in.EcsProperties = &types.ContainerProperties{}, &types.EcsProperties{}
		}), []string{d + "ecsProperties: the provider takes it only without containerProperties"}},
		{"wrong type", "the provider takes nodes for multinode only", definition(func(in *batch.RegisterJobDefinitionInput) {
			in.NodeProperties = &types.NodeProperties{}
		}), []string{d + "nodeProperties: the provider takes it for the type multinode only"}},
		{"consumable resources", "the provider has no argument for them", definition(func(in *batch.RegisterJobDefinitionInput) {
			in.ConsumableResourceProperties = &types.ConsumableResourceProperties{}
		}), []string{d + "consumableResourceProperties: aws_batch_job_definition has no such attribute"}},
		{"zeros and empty blocks", "the provider does not send them", definition(func(in *batch.RegisterJobDefinitionInput) {
			in.SchedulingPriority = aws.Int32(0)
			in.RetryStrategy = &types.RetryStrategy{Attempts: aws.Int32(0)}
			in.Timeout = &types.JobTimeout{}
		}), []string{
			d + "retryStrategy.attempts: the provider does not send a zero",
			d + "schedulingPriority: the provider does not send a zero",
			d + "timeout: the provider does not send an empty block",
		}},
		{"conditions", "the provider takes fewer characters than the service", definition(func(in *batch.RegisterJobDefinitionInput) {
			in.RetryStrategy = &types.RetryStrategy{EvaluateOnExit: []types.EvaluateOnExit{
				{Action: types.RetryActionRetry, OnReason: aws.String("Host EC2*"), OnStatusReason: aws.String("a-b"), OnExitCode: aws.String("1*3")},
			}}
		}), []string{
			d + "retryStrategy.evaluateOnExit[0].onExitCode: the provider takes only digits",
			d + "retryStrategy.evaluateOnExit[0].onStatusReason: the provider takes only letters",
		}},
		{"root by default", "the provider sends a user where there is none", pod(types.EksContainer{
			Image: aws.String("busybox"), SecurityContext: &types.EksContainerSecurityContext{RunAsNonRoot: aws.Bool(true)},
		}), []string{c + "securityContext.runAsUser: the provider sends 0, which is root", c + "securityContext.runAsGroup: the provider sends 0"}},
		{"members of pods", "the provider has no argument for them", pod(types.EksContainer{
			Image: aws.String("busybox"), Args: []string{"a", ""},
			VolumeMounts: []types.EksContainerVolumeMount{{Name: aws.String("v"), MountPath: aws.String("/v"), SubPath: aws.String("s")}},
		}, types.EksVolume{Name: aws.String("v"), EmptyDir: &types.EksEmptyDir{Medium: aws.String("Memory")}}), []string{
			v + "emptyDir.sizeLimit: the provider wants one",
			c + "args[1]: the provider leaves empty texts out",
			c + "volumeMounts[0].subPath: aws_batch_job_definition has no such attribute",
		}},
		{"queue of SageMaker", "the provider has no argument for it", terraform.Configuration{}.JobQueue("q", &batch.CreateJobQueueInput{
			JobQueueName: aws.String("q"), Priority: aws.Int32(1), JobQueueType: types.JobQueueTypeSagemakerTraining,
		}), []string{"aws_batch_job_queue.q: jobQueueType: aws_batch_job_queue has no such attribute"}},
		{"names for ARNs", "the provider checks that they are ARNs", terraform.Configuration{}.
			JobQueue("q", &batch.CreateJobQueueInput{
				JobQueueName: aws.String("q"), Priority: aws.Int32(1), SchedulingPolicyArn: aws.String(terraform.Expr("var.policy")),
				ComputeEnvironmentOrder: []types.ComputeEnvironmentOrder{{ComputeEnvironment: aws.String("elsewhere")}},
			}).
			ComputeEnvironment("c", &batch.CreateComputeEnvironmentInput{
				Type: types.CETypeManaged, ServiceRole: aws.String("batch"),
				ComputeResources: &types.ComputeResource{InstanceRole: aws.String("ecsInstanceRole"), Subnets: []string{"subnet-1"}, Type: types.CRTypeEc2},
			}).
			ComputeEnvironment("u", &batch.CreateComputeEnvironmentInput{
				Type:             types.CETypeUnmanaged,
				ComputeResources: &types.ComputeResource{MaxvCpus: aws.Int32(1), Subnets: []string{"subnet-1"}, Type: types.CRTypeEc2},
			}), []string{
			"aws_batch_job_queue.q: computeEnvironmentOrder[0].order: the provider wants one",
			"aws_batch_job_queue.q: computeEnvironmentOrder[0].computeEnvironment: the provider takes an ARN only",
			"aws_batch_compute_environment.c: computeResources.maxvCpus: the provider wants one",
			"aws_batch_compute_environment.c: computeResources.instanceRole: the provider takes an ARN only",
			"aws_batch_compute_environment.c: serviceRole: the provider takes an ARN only",
			"aws_batch_compute_environment.u: computeResources: the provider takes none for the type UNMANAGED",
		}},
		{"weight", "the provider sends 0 where there is none", terraform.Configuration{}.SchedulingPolicy("p", &batch.CreateSchedulingPolicyInput{
			Name:            aws.String("p"),
			FairsharePolicy: &types.FairsharePolicy{ShareDistribution: []types.ShareAttributes{{ShareIdentifier: aws.String("a")}}},
		}), []string{"aws_batch_scheduling_policy.p: fairsharePolicy.shareDistribution[0].weightFactor: the provider sends 0"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			if row.reason == "" {
				t.Fatal("no reason")
			}
			text, err := row.configuration.JSON()
			var refused *export.Error
			if !errors.As(err, &refused) || text != nil {
				t.Fatalf("got %v and %d bytes, want refusals and none", err, len(text))
			}
			var got []string
			for i, r := range refused.Refusals {
				said := r.String()
				if i < len(row.want) && strings.HasPrefix(said, row.want[i]) {
					said = row.want[i]
				}
				got = append(got, said)
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}
