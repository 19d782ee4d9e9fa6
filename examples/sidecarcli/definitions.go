package main

import (
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/ecsprops"
)

const (
	toolImage           = "public.ecr.aws/aws-cli/aws-cli:2.15.0"
	toolImageWithVolume = "acme/aws-cli-volume:2.15.0"
	appImage            = "public.ecr.aws/amazonlinux/amazonlinux:2023"

	toolPath      = "/usr/local/aws-cli"
	toolCommand   = toolPath + "/v2/current/bin/aws"
	executionRole = "arn:aws:iam::123456789012:role/exec"
)

type taskDefinition = batchkit.Definition[ecsprops.Overrides]

// tool is the container that brings the command line tool. It is called without arguments and so ends at once, with
// exit code 252: the point of it is its image.
func tool(image string) ecsprops.NonEssentialContainer {
	return ecsprops.NonEssential("tool", image).
		VCPU(0.5).Memory(1024).
		Mount("tools", toolPath)
}

// app is the application. It executes the tool from the volume.
func app() ecsprops.EssentialContainer {
	return ecsprops.Essential("app", appImage).
		VCPU(0.5).Memory(1024).
		Mount("tools", toolPath).
		Command(toolCommand, "s3", "ls")
}

// onEC2 is the task on EC2 instances, where CPUs are whole. The condition is COMPLETE.
func onEC2(image string) ecsprops.EC2Task {
	t := tool(image).VCPU(1)
	return ecsprops.EC2(t, app().VCPU(1).AfterComplete(t)).Volume("tools")
}

// onEC2Success waits for SUCCESS in its place.
func onEC2Success(image string) ecsprops.EC2Task {
	t := tool(image).VCPU(1)
	return ecsprops.EC2(t, app().VCPU(1).AfterSuccess(t)).Volume("tools")
}

// onEC2Essential leaves the tool essential, as the service does by default. The types forbid it:
// AfterComplete(ecsprops.Essential("tool", …)) does not compile, so this goes past them.
func onEC2Essential(image string) ecsprops.EC2Task {
	return onEC2(image).Edit(func(t *types.EcsTaskProperties) { t.Containers[0].Essential = nil })
}

// onFargate is the task on Fargate, which wants an execution role.
func onFargate(image string) ecsprops.FargateTask {
	t := tool(image)
	return ecsprops.Fargate(t, app().AfterComplete(t)).Volume("tools").ExecutionRole(executionRole)
}

// onFargateHost does by hand what the types forbid: a FargateTask has no HostVolume.
func onFargateHost(image string) ecsprops.FargateTask {
	return onFargate(image).Edit(func(t *types.EcsTaskProperties) {
		path := "/opt/tools"
		t.Volumes[0].Host = &types.Host{SourcePath: &path}
	})
}
