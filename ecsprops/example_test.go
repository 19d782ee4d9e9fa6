package ecsprops_test

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/batch"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/ecsprops"
)

// A container that ends at once leaves a tool in a shared volume, and the application waits for it.
func Example() {
	tool := ecsprops.NonEssential("tool", "public.ecr.aws/aws-cli/aws-cli:2.15.0").
		VCPU(1).Memory(256).Mount("tools", "/usr/local/aws-cli")
	app := ecsprops.Essential("app", "public.ecr.aws/amazonlinux/amazonlinux:2023").
		VCPU(1).Memory(1024).MountReadOnly("tools", "/usr/local/aws-cli").
		AfterComplete(tool).
		Command("/usr/local/aws-cli/v2/current/bin/aws", "s3", "ls")
	task := ecsprops.EC2(tool, app).Volume("tools").TaskRole("arn:aws:iam::123456789012:role/lister")

	json, err := batchjson.MarshalIndent(task.Properties(), "  ")
	fmt.Println(string(json), err)
	// Output:
	// {
	//   "containers": [
	//     {
	//       "image": "public.ecr.aws/aws-cli/aws-cli:2.15.0",
	//       "essential": false,
	//       "mountPoints": [
	//         {
	//           "containerPath": "/usr/local/aws-cli",
	//           "sourceVolume": "tools"
	//         }
	//       ],
	//       "name": "tool",
	//       "resourceRequirements": [
	//         {
	//           "type": "VCPU",
	//           "value": "1"
	//         },
	//         {
	//           "type": "MEMORY",
	//           "value": "256"
	//         }
	//       ]
	//     },
	//     {
	//       "image": "public.ecr.aws/amazonlinux/amazonlinux:2023",
	//       "command": [
	//         "/usr/local/aws-cli/v2/current/bin/aws",
	//         "s3",
	//         "ls"
	//       ],
	//       "dependsOn": [
	//         {
	//           "condition": "COMPLETE",
	//           "containerName": "tool"
	//         }
	//       ],
	//       "essential": true,
	//       "mountPoints": [
	//         {
	//           "containerPath": "/usr/local/aws-cli",
	//           "readOnly": true,
	//           "sourceVolume": "tools"
	//         }
	//       ],
	//       "name": "app",
	//       "resourceRequirements": [
	//         {
	//           "type": "VCPU",
	//           "value": "1"
	//         },
	//         {
	//           "type": "MEMORY",
	//           "value": "1024"
	//         }
	//       ]
	//     }
	//   ],
	//   "taskRoleArn": "arn:aws:iam::123456789012:role/lister",
	//   "volumes": [
	//     {
	//       "name": "tools"
	//     }
	//   ]
	// } <nil>
}

// Builders are values: a base may be shared and forked, and no fork sees the other.
func ExampleEssential() {
	base := ecsprops.Essential("app", "acme/app:1").VCPU(1).Memory(512)
	small := base.Env("SIZE", "small")
	large := base.Env("SIZE", "large").Memory(4096)

	for _, c := range []ecsprops.EssentialContainer{base, small, large} {
		p := c.Properties()
		fmt.Println(*p.ResourceRequirements[1].Value, "MiB,", len(p.Environment), "variables")
	}
	// Output:
	// 512 MiB, 0 variables
	// 512 MiB, 1 variables
	// 4096 MiB, 1 variables
}

// On Fargate a task has what Fargate has, such as a disk of its own and a public address.
func ExampleFargate() {
	app := ecsprops.Essential("app", "acme/app:1").VCPU(0.75).Memory(1920)
	log := ecsprops.NonEssential("log", "acme/log:1").VCPU(0.25).Memory(128)
	task := ecsprops.Fargate(app.AfterStart(log), log).
		ExecutionRole("arn:aws:iam::123456789012:role/exec").
		EphemeralStorage(50).AssignPublicIP()

	p := task.Properties()
	fmt.Println(*p.EphemeralStorage.SizeInGiB, "GiB,", p.NetworkConfiguration.AssignPublicIp)
	// Output:
	// 50 GiB, ENABLED
}

// A job changes its containers by name.
func ExampleOverride() {
	change := ecsprops.Override(
		ecsprops.For("app").Command("convert", "b.png").Memory(2048),
		ecsprops.For("log").Env("LEVEL", "debug"))

	json, err := batchjson.Marshal(change.Properties())
	fmt.Println(string(json), err)
	// Output:
	// {"taskProperties":[{"containers":[{"command":["convert","b.png"],"name":"app","resourceRequirements":[{"type":"MEMORY","value":"2048"}]},{"environment":[{"name":"LEVEL","value":"debug"}],"name":"log"}]}]} <nil>
}

// A task definition of Amazon ECS becomes a task of AWS Batch, with a list of what has no place there.
func ExampleFromECSTaskDefinition() {
	from, err := ecsprops.FromECSTaskDefinition([]byte(`{
		"family": "report", "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc", "cpu": "512", "memory": "1024",
		"executionRoleArn": "arn:aws:iam::123456789012:role/exec",
		"containerDefinitions": [{
			"name": "app", "image": "acme/report:1",
			"portMappings": [{"containerPort": 80}],
			"healthCheck": {"command": ["CMD", "true"]}
		}]
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, l := range from.Left {
		fmt.Println(l)
	}
	json, err := batchjson.Marshal(from.FargateTask().AssignPublicIP().Properties())
	fmt.Println(string(json), err)
	// Output:
	// containerDefinitions[0].healthCheck: AWS Batch has no health checks, nor the condition HEALTHY
	// containerDefinitions[0].portMappings: AWS Batch maps no ports
	// networkMode: AWS Batch chooses the network by itself
	// {"containers":[{"image":"acme/report:1","name":"app","resourceRequirements":[{"type":"VCPU","value":"0.5"},{"type":"MEMORY","value":"1024"}]}],"executionRoleArn":"arn:aws:iam::123456789012:role/exec","networkConfiguration":{"assignPublicIp":"ENABLED"}} <nil>
}

// A log router beside the application. parts.FireLens is the application's side of it.
func ExampleFluentBit() {
	router := ecsprops.FluentBit("router", "public.ecr.aws/aws-observability/aws-for-fluent-bit:stable",
		ecsprops.RouterOptions{ConfigFile: "/extra.conf"}).VCPU(0.25).Memory(128)

	json, err := batchjson.Marshal(router.Properties().FirelensConfiguration)
	fmt.Println(string(json), err)
	// Output:
	// {"type":"fluentbit","options":{"config-file-type":"file","config-file-value":"/extra.conf","enable-ecs-log-metadata":"true"}} <nil>
}

// Managed Instances take GPUs and folders of the host, which Fargate does not.
func ExampleManagedInstances() {
	train := ecsprops.Essential("train", "acme/train:1").VCPU(8).Memory(32768).GPU(1).Mount("cache", "/cache")
	task := ecsprops.ManagedInstances(train).HostVolume("cache", "/mnt/cache").CPUArchitecture("ARM64")

	var in batch.RegisterJobDefinitionInput
	task.ApplyTo(&in)
	fmt.Println(in.PlatformCapabilities, *task.Properties().Volumes[0].Host.SourcePath)
	// Output:
	// [MANAGED_INSTANCES] /mnt/cache
}
