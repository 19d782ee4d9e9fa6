package main

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/export/cloudformation"
	"github.com/batchkit/batchkit-go/export/iam"
	"github.com/batchkit/batchkit-go/export/schedule"
)

// environment is the whole template around a definition and the job of each night.
func environment(definition *batch.RegisterJobDefinitionInput, submit *batch.SubmitJobInput, trigger iam.Policy) cloudformation.Template {
	here := cloudformation.Here()
	start, _ := iam.ForExecution(here, definition) // images, logs and secrets
	return cloudformation.New("A report, made every night by AWS Batch").
		Parameter("Subnets", cloudformation.Parameter{Type: "List<AWS::EC2::Subnet::Id>", Description: "where the containers run"}).
		Parameter("SecurityGroups", cloudformation.Parameter{Type: "List<AWS::EC2::SecurityGroup::Id>", Description: "what the containers reach"}).
		Parameter("Tag", cloudformation.Parameter{Description: "of the images"}).
		Repository("Images", cloudformation.Repository{Immutable: true, ScanOnPush: true, KeepUntagged: 5}, cloudformation.Retain()).
		LogGroup("Logs", cloudformation.LogGroup{Name: logGroup, RetentionDays: 90}, cloudformation.Retain()).
		Role("ExecutionRole", cloudformation.Role{
			Description: "starts the containers",
			Trust:       iam.Trust(iam.ExecutionRole, here),
			Policies:    []cloudformation.RolePolicy{{Name: "start", Document: start}},
		}).
		Role("JobRole", cloudformation.Role{
			Description: "what the report may do; it needs nothing of AWS so far",
			Trust:       iam.Trust(iam.JobRole, here),
		}).
		Role("TriggerRole", cloudformation.Role{
			Description: "submits the job",
			Trust:       iam.Trust(iam.SchedulerRole, here),
			Policies:    []cloudformation.RolePolicy{{Name: "submit", Document: trigger}},
		}).
		ComputeEnvironment("Fleet", &batch.CreateComputeEnvironmentInput{
			ComputeEnvironmentName: aws.String(fleet),
			Type:                   types.CETypeManaged,
			ComputeResources: &types.ComputeResource{
				Type: types.CRTypeFargate, MaxvCpus: aws.Int32(4),
				Subnets:          []string{cloudformation.Ref("Subnets")},
				SecurityGroupIds: []string{cloudformation.Ref("SecurityGroups")},
			},
		}).
		JobQueue("Queue", &batch.CreateJobQueueInput{
			JobQueueName: aws.String(queue), Priority: aws.Int32(1),
			ComputeEnvironmentOrder: []types.ComputeEnvironmentOrder{{ComputeEnvironment: aws.String(fleet), Order: aws.Int32(1)}},
		}).
		JobDefinition("Report", definition).
		Schedule("Nightly", cloudformation.Schedule{
			Description: "the report of the day before",
			Expression:  "cron(0 3 * * ? *)", Timezone: "Europe/Zurich", FlexibleMinutes: 15,
			Delivery: schedule.Delivery{RoleARN: cloudformation.Attr("TriggerRole", "Arn"), Retries: aws.Int32(3)},
			Submit:   submit,
		}).
		Output("Repository", cloudformation.Output{Description: "where to push the images", Value: cloudformation.Attr("Images", "RepositoryUri")}).
		Output("Definition", cloudformation.Output{Value: cloudformation.Attr("Report", "JobDefinitionArn")})
}
