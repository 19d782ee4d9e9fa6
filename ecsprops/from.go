package ecsprops

import (
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/internal/edit"
)

// EssentialFrom returns an essential container with all else that an existing one says.
func EssentialFrom(properties types.TaskContainerProperties) EssentialContainer {
	return EssentialContainer{}.with(containerFrom(properties, true))
}

// NonEssentialFrom returns a container that is not essential with all else that an existing one says.
func NonEssentialFrom(properties types.TaskContainerProperties) NonEssentialContainer {
	return NonEssentialContainer{}.with(containerFrom(properties, false))
}

// EC2From returns a task for EC2 instances with all that an existing one says.
func EC2From(properties types.EcsTaskProperties) EC2Task {
	return EC2Task{}.with(taskFrom(properties))
}

// FargateFrom returns a task for Fargate with all that an existing one says.
func FargateFrom(properties types.EcsTaskProperties) FargateTask {
	return FargateTask{}.with(taskFrom(properties))
}

func containerFrom(properties types.TaskContainerProperties, essential bool) func(*types.TaskContainerProperties) {
	properties = edit.Clone(properties)
	return func(p *types.TaskContainerProperties) {
		*p = edit.Clone(properties)
		p.Essential = &essential
	}
}

func taskFrom(properties types.EcsTaskProperties) func(*types.EcsTaskProperties) {
	properties = edit.Clone(properties)
	return func(p *types.EcsTaskProperties) { *p = edit.Clone(properties) }
}
