package validate_test

import (
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/validate"
)

// container returns a container with what every one needs.
func container(name string, dependsOn ...types.TaskContainerDependency) types.TaskContainerProperties {
	return types.TaskContainerProperties{
		Name:      aws.String(name),
		Image:     aws.String("public.ecr.aws/amazonlinux/amazonlinux:2023"),
		DependsOn: dependsOn,
		ResourceRequirements: []types.ResourceRequirement{
			{Type: types.ResourceTypeVcpu, Value: aws.String("1")},
			{Type: types.ResourceTypeMemory, Value: aws.String("2048")},
		},
	}
}

func sidecar(c types.TaskContainerProperties) types.TaskContainerProperties {
	c.Essential = aws.Bool(false)
	return c
}

func after(name, condition string) types.TaskContainerDependency {
	return types.TaskContainerDependency{ContainerName: aws.String(name), Condition: aws.String(condition)}
}

func definition(containers ...types.TaskContainerProperties) *batch.RegisterJobDefinitionInput {
	return &batch.RegisterJobDefinitionInput{
		JobDefinitionName: aws.String("report"),
		Type:              types.JobDefinitionTypeContainer,
		EcsProperties: &types.EcsProperties{
			TaskProperties: []types.EcsTaskProperties{{Containers: containers}},
		},
	}
}

func submission(name string) *batch.SubmitJobInput {
	return &batch.SubmitJobInput{
		JobName: aws.String(name), JobQueue: aws.String("default"), JobDefinition: aws.String(name),
	}
}

// Every fault is found in one go. A container is essential unless it says otherwise,
// and nothing can wait for the end of an essential one.
func ExampleJobDefinition() {
	def := definition(
		container("fetch"),
		sidecar(container("index")),
		sidecar(container("render", after("fetch", "COMPLETE"), after("cache", "START"), after("index", "HEALTHY"))),
	)

	for _, f := range validate.JobDefinition(def) {
		fmt.Println(f.Rule, f.Severity, f.Path)
		fmt.Println("  ", f.Message)
	}
	// Output:
	// ECS008 error ecsProperties.taskProperties[0].containers[2].dependsOn[0].condition
	//    must be START, because container "fetch" is essential (the default) and the task ends with it, found COMPLETE: set essential to false on "fetch" or wait for START
	// ECS007 error ecsProperties.taskProperties[0].containers[2].dependsOn[1].containerName
	//    must name a container of the task, found "cache": the task has fetch, index, render
	// ECS006 error ecsProperties.taskProperties[0].containers[2].dependsOn[2].condition
	//    must be START, COMPLETE or SUCCESS, found "HEALTHY": AWS Batch knows no other, and no health checks
}

// The rules on overrides need the definition that the submission names.
func ExampleSubmitJob() {
	in := submission("report")
	in.ContainerOverrides = &types.ContainerOverrides{
		Environment: []types.KeyValuePair{{Name: aws.String("MONTH"), Value: aws.String("2026-10")}},
	}

	fmt.Println("without:", validate.SubmitJob(in))
	for _, f := range validate.SubmitJob(in, validate.WithDefinition(definition(container("app")))) {
		fmt.Println("with:", f)
		fmt.Println("the service says:", f.Service)
	}
	// Output:
	// without: []
	// with: containerOverrides: must be absent, even when empty, because the definition has ecsProperties: use ecsPropertiesOverride, which names the container (OVR001)
	// the service says: Container overrides should not be set for ecsProperties jobs.
}

// Jobs of a workflow are judged together, before any of them has an id.
func ExampleWorkflow() {
	split := submission("split")
	split.ArrayProperties = &types.ArrayProperties{Size: aws.Int32(1)}

	jobs := []validate.Job{
		{Name: "split", Input: split, DependsOn: []validate.Dependency{{On: "merge"}}},
		{Name: "work", Input: submission("work"), DependsOn: []validate.Dependency{{On: "split"}}},
		{Name: "merge", Input: submission("merge"), DependsOn: []validate.Dependency{{On: "work"}}},
	}
	for _, f := range validate.Workflow(jobs) {
		fmt.Println(f)
	}
	// Output:
	// jobs[split].arrayProperties.size: must be 2 to 10000, found 1: submit a plain job instead, without arrayProperties (ARR001)
	// jobs[split].dependsOn[0]: must not lead back to its own job, found the cycle split → merge → work → split: no order of submission satisfies it, remove one dependency (DEP011)
}

// As an error, findings keep what they hold.
func ExampleInvalidError() {
	def := definition(container("app"), container("app"))
	def.RetryStrategy = &types.RetryStrategy{Attempts: aws.Int32(11)}

	err := validate.JobDefinition(def).Err()
	var invalid *validate.InvalidError
	if errors.As(err, &invalid) {
		for _, f := range invalid.Findings {
			fmt.Println(f.Rule, f.Path)
		}
	}
	// Output:
	// ECS003 ecsProperties.taskProperties[0].containers[1].name
	// RTY001 retryStrategy.attempts
}
