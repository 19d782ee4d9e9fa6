package batchkit

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/ecsprops"
	"github.com/batchkit/batchkit-go/eksprops"
	"github.com/batchkit/batchkit-go/internal/edit"
	"github.com/batchkit/batchkit-go/internal/member"
)

// Overriding is a kind of override: a [ContainerOverride], [ecsprops.Overrides], [eksprops.Overrides], or
// [NodeOverrides] of one of them.
type Overriding interface {
	// ApplyTo puts the override into a submission.
	ApplyTo(*batch.SubmitJobInput)
}

var (
	_ Overriding = ContainerOverride{}
	_ Overriding = ecsprops.Overrides{}
	_ Overriding = eksprops.Overrides{}
	_ Overriding = NodeOverrides[ContainerOverride]{}
)

// ContainerOverride is what one job changes in the container of its definition. Make one with [Override].
// Image, roles and volumes cannot be changed; they need another revision of the definition.
type ContainerOverride struct {
	edits edit.List[types.ContainerOverrides]
}

// Override returns a change to the container of a definition made with [EC2] or [Fargate]. By itself it changes nothing.
// For the containers of a task there is [ecsprops.Override], for those of a pod [eksprops.Override], and for groups of
// nodes [MultiNode.Override].
func Override() ContainerOverride { return ContainerOverride{} }

func (o ContainerOverride) with(apply func(*types.ContainerOverrides)) ContainerOverride {
	return ContainerOverride{o.edits.With(apply)}
}

// Command replaces the definition's command. It must not be empty.
func (o ContainerOverride) Command(args ...string) ContainerOverride {
	args = slices.Clone(args)
	return o.with(func(c *types.ContainerOverrides) { c.Command = args })
}

// Env adds an environment variable, or replaces the definition's variable of that name. Command and environment of an
// override together have room for 8,192 characters
// (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html).
func (o ContainerOverride) Env(name, value string) ContainerOverride {
	return o.with(func(c *types.ContainerOverrides) { member.SetEnv(&c.Environment, name, value) })
}

// VCPU replaces the definition's figure.
func (o ContainerOverride) VCPU(n float64) ContainerOverride {
	return o.with(func(c *types.ContainerOverrides) { member.SetVCPU(&c.ResourceRequirements, n) })
}

// Memory replaces the definition's figure, in MiB.
func (o ContainerOverride) Memory(m Memory) ContainerOverride {
	return o.with(func(c *types.ContainerOverrides) { member.SetMemory(&c.ResourceRequirements, m) })
}

// GPU replaces the definition's figure.
func (o ContainerOverride) GPU(n int) ContainerOverride {
	return o.with(func(c *types.ContainerOverrides) { member.SetGPU(&c.ResourceRequirements, n) })
}

// Edit returns the override with the change of a function of yours, for what has no method here.
// The function runs each time the submission is built and must always do the same.
func (o ContainerOverride) Edit(apply func(*types.ContainerOverrides)) ContainerOverride {
	return ContainerOverride{o.edits.WithForeign(apply)}
}

// Properties returns the override as the SDK's struct. Each call returns a fresh copy. Nothing is checked.
func (o ContainerOverride) Properties() types.ContainerOverrides { return o.edits.Value() }

// ApplyTo puts the override into a submission.
func (o ContainerOverride) ApplyTo(in *batch.SubmitJobInput) {
	properties := o.Properties()
	in.ContainerOverrides = &properties
}
