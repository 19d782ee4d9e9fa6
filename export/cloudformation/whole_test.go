package cloudformation_test

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/export/cloudformation"
	"github.com/batchkit/batchkit-go/export/iam"
	"github.com/batchkit/batchkit-go/export/schedule"
)

// whole returns a template with a resource of every kind, and every kind of reference.
func whole() cloudformation.Template {
	here := cloudformation.Here()
	return cloudformation.New("Everything").
		Parameter("Subnets", cloudformation.Parameter{Type: "List<AWS::EC2::Subnet::Id>"}).
		Parameter("Stage", cloudformation.Parameter{
			Default: aws.String("test"), AllowedValues: []string{"test", "live"}, AllowedPattern: "[a-z]+", Description: "where to",
		}).
		Parameter("Token", cloudformation.Parameter{NoEcho: true}).
		Repository("Images", cloudformation.Repository{Name: "render", Immutable: true, ScanOnPush: true, KeepUntagged: 3}, cloudformation.Retain()).
		LogGroup("Logs", cloudformation.LogGroup{Name: "/batch/render", RetentionDays: 30}, cloudformation.Retain()).
		Role("Execution", cloudformation.Role{
			Description: "starts containers",
			Trust:       iam.Trust(iam.ExecutionRole, here),
			Policies: []cloudformation.RolePolicy{{Name: "start", Document: iam.Policy{Version: iam.Version, Statement: []iam.Statement{{
				Sid: "Pull", Effect: "Allow", Action: []string{"ecr:BatchGetImage"}, Resource: []string{cloudformation.Attr("Images", "Arn")},
			}}}}},
		}).
		Role("Timer", cloudformation.Role{
			Name:                "render-timer",
			Trust:               iam.Trust(iam.SchedulerRole, here),
			ManagedPolicies:     []string{"arn:" + cloudformation.Ref("AWS::Partition") + ":iam::aws:policy/ReadOnlyAccess"},
			PermissionsBoundary: "arn:aws:iam::123456789012:policy/boundary",
		}).
		ComputeEnvironment("Fleet", &batch.CreateComputeEnvironmentInput{
			ComputeEnvironmentName: aws.String("render"),
			Type:                   types.CETypeManaged,
			ComputeResources: &types.ComputeResource{
				Type: types.CRTypeFargateSpot, MaxvCpus: aws.Int32(16),
				Subnets: []string{cloudformation.Ref("Subnets")}, SecurityGroupIds: []string{"sg-0123456789abcdef0"},
			},
		}).
		SchedulingPolicy("Fair", &batch.CreateSchedulingPolicyInput{
			Name: aws.String("fair"),
			FairsharePolicy: &types.FairsharePolicy{
				ShareDecaySeconds: aws.Int32(3600),
				ShareDistribution: []types.ShareAttributes{{ShareIdentifier: aws.String("film*"), WeightFactor: aws.Float32(0.1)}},
			},
		}).
		JobQueue("Queue", &batch.CreateJobQueueInput{
			JobQueueName: aws.String("render"), Priority: aws.Int32(5), State: types.JQStateEnabled,
			SchedulingPolicyArn:     aws.String("fair"),
			ComputeEnvironmentOrder: []types.ComputeEnvironmentOrder{{ComputeEnvironment: aws.String("render"), Order: aws.Int32(1)}},
			JobStateTimeLimitActions: []types.JobStateTimeLimitAction{{
				Action: types.JobStateTimeLimitActionsActionCancel, MaxTimeSeconds: aws.Int32(3600),
				Reason: aws.String("MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT"), State: types.JobStateTimeLimitActionsStateRunnable,
			}},
			Tags: map[string]string{"stage": cloudformation.Ref("Stage")},
		}).
		ServiceEnvironment("Training", &batch.CreateServiceEnvironmentInput{
			ServiceEnvironmentName: aws.String("training"), ServiceEnvironmentType: types.ServiceEnvironmentTypeSagemakerTraining,
			CapacityLimits: []types.CapacityLimit{{MaxCapacity: aws.Int32(2), CapacityUnit: aws.String("NUM_INSTANCES")}},
		}).
		JobQueue("Models", &batch.CreateJobQueueInput{
			JobQueueName: aws.String("models"), Priority: aws.Int32(1), JobQueueType: types.JobQueueTypeSagemakerTraining,
			ServiceEnvironmentOrder: []types.ServiceEnvironmentOrder{{ServiceEnvironment: aws.String("training"), Order: aws.Int32(1)}},
		}).
		QuotaShare("Team", &batch.CreateQuotaShareInput{
			QuotaShareName: aws.String("team"), JobQueue: aws.String("models"), State: types.QuotaShareStateEnabled,
			CapacityLimits:               []types.QuotaShareCapacityLimit{{MaxCapacity: aws.Int32(1), CapacityUnit: aws.String("ml.g5.xlarge")}},
			PreemptionConfiguration:      &types.QuotaSharePreemptionConfiguration{InSharePreemption: types.QuotaShareInSharePreemptionStateDisabled},
			ResourceSharingConfiguration: &types.QuotaShareResourceSharingConfiguration{Strategy: types.QuotaShareResourceSharingStrategyReserve},
		}).
		ConsumableResource("Licences", &batch.CreateConsumableResourceInput{
			ConsumableResourceName: aws.String("licence"), ResourceType: aws.String("REPLENISHABLE"), TotalQuantity: aws.Int64(3),
		}).
		JobDefinition("Render", &batch.RegisterJobDefinitionInput{
			JobDefinitionName:    aws.String("render"),
			Type:                 types.JobDefinitionTypeContainer,
			PlatformCapabilities: []types.PlatformCapability{types.PlatformCapabilityFargate},
			ConsumableResourceProperties: &types.ConsumableResourceProperties{ConsumableResourceList: []types.ConsumableResourceRequirement{
				{ConsumableResource: aws.String("licence"), Quantity: aws.Int64(1)},
			}},
			ContainerProperties: &types.ContainerProperties{
				Image:            aws.String(cloudformation.Attr("Images", "RepositoryUri") + ":2.1"),
				Command:          []string{"sh", "-c", "render ${AWS_BATCH_JOB_ID} --stage " + cloudformation.Ref("Stage")},
				ExecutionRoleArn: aws.String(cloudformation.Attr("Execution", "Arn")),
				ResourceRequirements: []types.ResourceRequirement{
					{Type: types.ResourceTypeVcpu, Value: aws.String("1")}, {Type: types.ResourceTypeMemory, Value: aws.String("2048")},
				},
				LogConfiguration: &types.LogConfiguration{
					LogDriver: types.LogDriverAwslogs,
					Options:   map[string]string{"awslogs-group": "/batch/render", "awslogs-stream-prefix": "job"},
				},
			},
		}).
		JobDefinition("Once", &batch.RegisterJobDefinitionInput{
			Type: types.JobDefinitionTypeContainer,
			ContainerProperties: &types.ContainerProperties{
				Image: aws.String("busybox"),
				ResourceRequirements: []types.ResourceRequirement{
					{Type: types.ResourceTypeVcpu, Value: aws.String("1")}, {Type: types.ResourceTypeMemory, Value: aws.String("512")},
				},
			},
		}, cloudformation.Discard(), cloudformation.DependsOn("Queue", "Render")).
		Schedule("Nightly", cloudformation.Schedule{
			Name: "render", Group: "nights", Description: "each night",
			Expression: "cron(0 3 * * ? *)", Timezone: "Europe/Zurich", FlexibleMinutes: 15, Disabled: true,
			Delivery: schedule.Delivery{
				RoleARN: cloudformation.Attr("Timer", "Arn"), Retries: aws.Int32(2), MaxAge: 3600, DeadLetterARN: cloudformation.Attr("Lost", "Arn"),
			},
			Submit: &batch.SubmitJobInput{
				JobName: aws.String("nightly"), JobQueue: aws.String("render"), JobDefinition: aws.String("render"),
				ContainerOverrides: &types.ContainerOverrides{Command: []string{"sh", "-c", `echo "${HOME}"`}},
			},
		}).
		Resource("Lost", "AWS::SQS::Queue", map[string]any{"QueueName": "lost-" + cloudformation.Ref("Stage")}).
		Output("Queue", cloudformation.Output{Value: cloudformation.Ref("Queue")}). // an output may be called like a resource
		Output("QueueArn", cloudformation.Output{
			Description: "to submit to", Value: cloudformation.Attr("Queue", "JobQueueArn"), Export: cloudformation.Ref("AWS::StackName") + "-queue",
		})
}
