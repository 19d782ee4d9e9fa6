package terraform_test

import (
	"fmt"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/export/terraform"
)

func Example() {
	definition := batchkit.Define("report", batchkit.Fargate("public.ecr.aws/docker/library/busybox:stable").
		VCPU(0.25).Memory(512).Command("sh", "-c", "echo ${HOME}").ExecutionRole(terraform.Expr("aws_iam_role.execution.arn")))

	text, err := terraform.Configuration{}.
		JobDefinition("report", definition.Input()).
		JobQueue("reports", &batch.CreateJobQueueInput{
			JobQueueName:            aws.String("reports"),
			Priority:                aws.Int32(1),
			ComputeEnvironmentOrder: []types.ComputeEnvironmentOrder{{ComputeEnvironment: aws.String("fleet"), Order: aws.Int32(1)}},
		}).
		ComputeEnvironment("fleet", &batch.CreateComputeEnvironmentInput{
			ComputeEnvironmentName: aws.String("fleet"), Type: types.CETypeManaged,
			ComputeResources: &types.ComputeResource{
				Type: types.CRTypeFargate, MaxvCpus: aws.Int32(16),
				Subnets: []string{terraform.Expr("var.subnet")}, SecurityGroupIds: []string{terraform.Expr("var.security_group")},
			},
		}).
		JSON()
	if err != nil {
		fmt.Println(err)
	}
	os.Stdout.Write(text)
	// Output:
	// {
	//   "resource": {
	//     "aws_batch_job_definition": {
	//       "report": {
	//         "name": "report",
	//         "type": "container",
	//         "container_properties": "{\"command\":[\"sh\",\"-c\",\"echo $${HOME}\"],\"executionRoleArn\":${jsonencode(\"${aws_iam_role.execution.arn}\")},\"image\":\"public.ecr.aws/docker/library/busybox:stable\",\"resourceRequirements\":[{\"type\":\"VCPU\",\"value\":\"0.25\"},{\"type\":\"MEMORY\",\"value\":\"512\"}]}",
	//         "platform_capabilities": [
	//           "FARGATE"
	//         ],
	//         "deregister_on_new_revision": false
	//       }
	//     },
	//     "aws_batch_job_queue": {
	//       "reports": {
	//         "name": "reports",
	//         "priority": 1,
	//         "compute_environment_order": [
	//           {
	//             "compute_environment": "${aws_batch_compute_environment.fleet.arn}",
	//             "order": 1
	//           }
	//         ],
	//         "state": "ENABLED"
	//       }
	//     },
	//     "aws_batch_compute_environment": {
	//       "fleet": {
	//         "name": "fleet",
	//         "type": "MANAGED",
	//         "compute_resources": [
	//           {
	//             "max_vcpus": 16,
	//             "subnets": [
	//               "${var.subnet}"
	//             ],
	//             "type": "FARGATE",
	//             "security_group_ids": [
	//               "${var.security_group}"
	//             ]
	//           }
	//         ]
	//       }
	//     }
	//   }
	// }
}
