package ecsprops

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/internal/edit"
	"github.com/batchkit/batchkit-go/internal/member"
)

// Overrides is what one job changes in the containers of its definition's task. The zero value changes nothing.
// Image, roles, volumes and dependencies cannot be changed; they need another revision of the definition.
type Overrides struct {
	edits edit.List[types.TaskPropertiesOverride]
}

// ContainerOverride is what one job changes in one container. Make one with [For].
type ContainerOverride struct {
	edits edit.List[types.TaskContainerOverrides]
}

// Override returns the changes that a job makes in the containers of its definition, each named with [For].
func Override(containers ...ContainerOverride) Overrides {
	changes := make([]types.TaskContainerOverrides, len(containers))
	for i, c := range containers {
		changes[i] = c.edits.Value()
	}
	return Overrides{}.with(func(o *types.TaskPropertiesOverride) { o.Containers = append(o.Containers, changes...) })
}

// For returns a change to the container of that name. By itself it changes nothing.
func For(container string) ContainerOverride {
	return ContainerOverride{}.with(func(o *types.TaskContainerOverrides) { o.Name = &container })
}

func (o Overrides) with(apply func(*types.TaskPropertiesOverride)) Overrides {
	return Overrides{o.edits.With(apply)}
}

func (o ContainerOverride) with(apply func(*types.TaskContainerOverrides)) ContainerOverride {
	return ContainerOverride{o.edits.With(apply)}
}

// Properties returns the changes as the SDK's struct. Each call returns a fresh copy. Nothing is checked.
func (o Overrides) Properties() types.EcsPropertiesOverride {
	return types.EcsPropertiesOverride{TaskProperties: []types.TaskPropertiesOverride{o.edits.Value()}}
}

// ApplyTo puts the changes into a submission.
func (o Overrides) ApplyTo(in *batch.SubmitJobInput) {
	properties := o.Properties()
	in.EcsPropertiesOverride = &properties
}

// Edit returns the changes with those of a function of yours, for what has no method here.
// The function runs each time the submission is built and must always do the same.
func (o Overrides) Edit(apply func(*types.TaskPropertiesOverride)) Overrides {
	return Overrides{o.edits.WithForeign(apply)}
}

// Command replaces the definition's command. It must not be empty.
func (o ContainerOverride) Command(args ...string) ContainerOverride {
	args = slices.Clone(args)
	return o.with(func(c *types.TaskContainerOverrides) { c.Command = args })
}

// Env adds an environment variable, or replaces the definition's variable of that name. The command and environment
// of all overrides of a job together have room for 8,192 characters
// (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html).
func (o ContainerOverride) Env(name, value string) ContainerOverride {
	return o.with(func(c *types.TaskContainerOverrides) { member.SetEnv(&c.Environment, name, value) })
}

// VCPU replaces the definition's figure.
func (o ContainerOverride) VCPU(n float64) ContainerOverride {
	return o.with(func(c *types.TaskContainerOverrides) { member.SetVCPU(&c.ResourceRequirements, n) })
}

// Memory replaces the definition's figure, in MiB.
func (o ContainerOverride) Memory(m Memory) ContainerOverride {
	return o.with(func(c *types.TaskContainerOverrides) { member.SetMemory(&c.ResourceRequirements, m) })
}

// GPU replaces the definition's figure.
func (o ContainerOverride) GPU(n int) ContainerOverride {
	return o.with(func(c *types.TaskContainerOverrides) { member.SetGPU(&c.ResourceRequirements, n) })
}

// Edit returns the change with that of a function of yours, for what has no method here.
// The function runs each time the submission is built and must always do the same.
func (o ContainerOverride) Edit(apply func(*types.TaskContainerOverrides)) ContainerOverride {
	return ContainerOverride{o.edits.WithForeign(apply)}
}
