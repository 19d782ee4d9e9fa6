package iam

import (
	"iter"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// container is what a container of any kind says that permissions depend on.
type container struct {
	image       string
	logs        *types.LogConfiguration
	secrets     []types.Secret
	credentials *types.RepositoryCredentials
}

// containers yields the containers of a definition that Amazon ECS runs. Pods have roles of their own, by their service
// account, and no execution role.
func containers(def *batch.RegisterJobDefinitionInput) iter.Seq[container] {
	return func(yield func(container) bool) {
		if c := def.ContainerProperties; c != nil && !yield(single(c)) {
			return
		}
		if !tasks(def.EcsProperties, yield) {
			return
		}
		for _, r := range ranges(def) {
			if r.Container != nil && !yield(single(r.Container)) {
				return
			}
			if !tasks(r.EcsProperties, yield) {
				return
			}
		}
	}
}

func single(c *types.ContainerProperties) container {
	return container{aws.ToString(c.Image), c.LogConfiguration, c.Secrets, c.RepositoryCredentials}
}

func tasks(ecs *types.EcsProperties, yield func(container) bool) bool {
	if ecs == nil {
		return true
	}
	for _, task := range ecs.TaskProperties {
		for _, c := range task.Containers {
			if !yield(container{aws.ToString(c.Image), c.LogConfiguration, c.Secrets, c.RepositoryCredentials}) {
				return false
			}
		}
	}
	return true
}

func ranges(def *batch.RegisterJobDefinitionInput) []types.NodeRangeProperty {
	if def.NodeProperties == nil {
		return nil
	}
	return def.NodeProperties.NodeRangeProperties
}

// roles returns the job roles and execution roles that a definition hands to Amazon ECS.
func roles(def *batch.RegisterJobDefinitionInput) []string {
	var out []string
	add := func(arns ...*string) {
		for _, arn := range arns {
			if aws.ToString(arn) != "" {
				out = append(out, *arn)
			}
		}
	}
	addTasks := func(ecs *types.EcsProperties) {
		if ecs != nil {
			for _, task := range ecs.TaskProperties {
				add(task.TaskRoleArn, task.ExecutionRoleArn)
			}
		}
	}
	if c := def.ContainerProperties; c != nil {
		add(c.JobRoleArn, c.ExecutionRoleArn)
	}
	addTasks(def.EcsProperties)
	for _, r := range ranges(def) {
		if r.Container != nil {
			add(r.Container.JobRoleArn, r.Container.ExecutionRoleArn)
		}
		addTasks(r.EcsProperties)
	}
	return out
}

// defaultGroup is where the awslogs driver of AWS Batch writes when no group is named:
// https://docs.aws.amazon.com/batch/latest/userguide/using_awslogs.html.
const defaultGroup = "/aws/batch/job"

// group returns the log group of a container, and whether its agent shall create it; "" when the logs go elsewhere.
func (c container) group() (name string, create bool) {
	if c.logs == nil {
		return defaultGroup, false
	}
	if c.logs.LogDriver != types.LogDriverAwslogs {
		return "", false
	}
	return or(c.logs.Options["awslogs-group"], defaultGroup), c.logs.Options["awslogs-create-group"] == "true"
}
