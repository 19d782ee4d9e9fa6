package cloudformation_test

import (
	"errors"
	"fmt"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/export"
	"github.com/batchkit/batchkit-go/export/cloudformation"
	"github.com/batchkit/batchkit-go/export/iam"
)

func Example() {
	definition := batchkit.Define("report", batchkit.Fargate("public.ecr.aws/docker/library/busybox:stable").
		VCPU(0.25).Memory(512).Command("date").ExecutionRole(cloudformation.Attr("Execution", "Arn")))

	template := cloudformation.New("A report").
		JobDefinition("Report", definition.Input()).
		JobQueue("Queue", &batch.CreateJobQueueInput{
			JobQueueName: aws.String("reports"),
			Priority:     aws.Int32(1),
			ComputeEnvironmentOrder: []types.ComputeEnvironmentOrder{
				{ComputeEnvironment: aws.String("arn:aws:batch:eu-west-1:123456789012:compute-environment/shared"), Order: aws.Int32(1)},
			},
		}).
		Role("Execution", cloudformation.Role{
			Trust:           iam.Trust(iam.ExecutionRole, iam.Where{}),
			ManagedPolicies: iam.ManagedPolicies(iam.ExecutionRole, cloudformation.Here()),
		}).
		Output("QueueArn", cloudformation.Output{Value: cloudformation.Attr("Queue", "JobQueueArn")})

	text, err := template.YAML()
	if err != nil {
		fmt.Println(err)
	}
	os.Stdout.Write(text)
	// Output:
	// AWSTemplateFormatVersion: "2010-09-09"
	// Description: "A report"
	// Resources:
	//   Report:
	//     Type: AWS::Batch::JobDefinition
	//     DeletionPolicy: RetainExceptOnCreate
	//     UpdateReplacePolicy: Retain
	//     Properties:
	//       JobDefinitionName: report
	//       Type: container
	//       ContainerProperties:
	//         Command:
	//           - date
	//         ExecutionRoleArn:
	//           Fn::GetAtt:
	//             - Execution
	//             - Arn
	//         Image: public.ecr.aws/docker/library/busybox:stable
	//         ResourceRequirements:
	//           - Type: VCPU
	//             Value: "0.25"
	//           - Type: MEMORY
	//             Value: "512"
	//       PlatformCapabilities:
	//         - FARGATE
	//       ResourceRetentionPolicy:
	//         SkipDeregisterOnUpdate: true
	//   Queue:
	//     Type: AWS::Batch::JobQueue
	//     Properties:
	//       JobQueueName: reports
	//       Priority: 1
	//       ComputeEnvironmentOrder:
	//         - ComputeEnvironment: arn:aws:batch:eu-west-1:123456789012:compute-environment/shared
	//           Order: 1
	//   Execution:
	//     Type: AWS::IAM::Role
	//     Properties:
	//       AssumeRolePolicyDocument:
	//         Version: "2012-10-17"
	//         Statement:
	//           - Sid: Assume
	//             Effect: Allow
	//             Principal:
	//               Service: ecs-tasks.amazonaws.com
	//             Action:
	//               - sts:AssumeRole
	//       ManagedPolicyArns:
	//         - Fn::Sub: "arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
	// Outputs:
	//   QueueArn:
	//     Value:
	//       Fn::GetAtt:
	//         - Queue
	//         - JobQueueArn
}

// What CloudFormation cannot express is refused, all of it at once.
func Example_refused() {
	definition := &batch.RegisterJobDefinitionInput{
		JobDefinitionName: aws.String("render"),
		Type:              types.JobDefinitionTypeContainer,
		ContainerProperties: &types.ContainerProperties{
			Image:        aws.String("render:1"),
			InstanceType: aws.String("c7i.large"),
		},
		ConsumableResourceProperties: &types.ConsumableResourceProperties{ConsumableResourceList: []types.ConsumableResourceRequirement{
			{ConsumableResource: aws.String("licence"), Quantity: aws.Int64(1)},
		}},
	}
	_, err := cloudformation.New("").JobDefinition("Render", definition).JSON()

	var refused *export.Error
	if errors.As(err, &refused) {
		for _, r := range refused.Refusals {
			fmt.Println(r.Resource, r.Path)
		}
	}
	// Output:
	// Render consumableResourceProperties.consumableResourceList[0].consumableResource
	// Render containerProperties.instanceType
}
