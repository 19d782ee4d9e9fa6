package eksprops

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/internal/edit"
)

// Overrides is what one job changes in its definition's pod. The zero value changes nothing. Volumes, mounts, the
// security context and the account cannot be changed; they need another revision of the definition.
type Overrides struct {
	edits edit.List[types.EksPodPropertiesOverride]
}

// ContainerOverride is what one job changes in one container. Make one with [For].
type ContainerOverride struct {
	edits edit.List[types.EksContainerOverride]
}

// Override returns the changes that a job makes in the application containers of its definition, each named with [For].
func Override(containers ...ContainerOverride) Overrides {
	changes := values(containers)
	return Overrides{}.with(func(o *types.EksPodPropertiesOverride) { o.Containers = append(o.Containers, changes...) })
}

// For returns a change to the container of that name. By itself it changes nothing.
func For(container string) ContainerOverride {
	return ContainerOverride{}.with(func(o *types.EksContainerOverride) { o.Name = &container })
}

func values(containers []ContainerOverride) []types.EksContainerOverride {
	out := make([]types.EksContainerOverride, len(containers))
	for i, c := range containers {
		out[i] = c.edits.Value()
	}
	return out
}

func (o Overrides) with(apply func(*types.EksPodPropertiesOverride)) Overrides {
	return Overrides{o.edits.With(apply)}
}

func (o ContainerOverride) with(apply func(*types.EksContainerOverride)) ContainerOverride {
	return ContainerOverride{o.edits.With(apply)}
}

// Properties returns the changes as the SDK's struct. Each call returns a fresh copy. Nothing is checked.
func (o Overrides) Properties() types.EksPropertiesOverride {
	pod := o.edits.Value()
	return types.EksPropertiesOverride{PodProperties: &pod}
}

// ApplyTo puts the changes into a submission.
func (o Overrides) ApplyTo(in *batch.SubmitJobInput) {
	properties := o.Properties()
	in.EksPropertiesOverride = &properties
}

// Edit returns the changes with those of a function of yours, for what has no method here.
// The function runs each time the submission is built and must always do the same.
func (o Overrides) Edit(apply func(*types.EksPodPropertiesOverride)) Overrides {
	return Overrides{o.edits.WithForeign(apply)}
}

// Init adds changes to init containers of the definition, each named with [For].
func (o Overrides) Init(containers ...ContainerOverride) Overrides {
	changes := values(containers)
	return o.with(func(v *types.EksPodPropertiesOverride) { v.InitContainers = append(v.InitContainers, changes...) })
}

// Label sets a label of the pod; for its form see [JobPod.Label].
func (o Overrides) Label(key, value string) Overrides {
	return o.with(func(v *types.EksPodPropertiesOverride) { label(&v.Metadata, key, value) })
}

// Annotation sets an annotation of the pod; for its form see [JobPod.Annotation].
func (o Overrides) Annotation(key, value string) Overrides {
	return o.with(func(v *types.EksPodPropertiesOverride) { annotate(&v.Metadata, key, value) })
}

// Namespace places the pod in another namespace of the cluster; see [JobPod.Namespace].
func (o Overrides) Namespace(namespace string) Overrides {
	return o.with(func(v *types.EksPodPropertiesOverride) { place(&v.Metadata, namespace) })
}

// Image replaces the definition's image.
func (o ContainerOverride) Image(image string) ContainerOverride {
	return o.with(func(c *types.EksContainerOverride) { c.Image = &image })
}

// Command replaces the definition's command, which is what the image calls ENTRYPOINT. It must not be empty.
func (o ContainerOverride) Command(words ...string) ContainerOverride {
	words = slices.Clone(words)
	return o.with(func(c *types.EksContainerOverride) { c.Command = words })
}

// Args replaces the definition's arguments, which the image calls CMD.
func (o ContainerOverride) Args(args ...string) ContainerOverride {
	args = slices.Clone(args)
	return o.with(func(c *types.EksContainerOverride) { c.Args = args })
}

// Env adds an environment variable, or replaces the definition's variable of that name.
func (o ContainerOverride) Env(name, value string) ContainerOverride {
	return o.with(func(c *types.EksContainerOverride) { setEnv(&c.Env, name, value) })
}

// CPU replaces the definition's request and limit, in quarters of a CPU; parts of a quarter are rounded up.
func (o ContainerOverride) CPU(n float64) ContainerOverride { return o.CPUBetween(n, n) }

// CPUBetween replaces the definition's request by the lower number of CPUs, and its limit by the higher one. There is
// no CPURequest here, because the definition's limit would stay beside it.
func (o ContainerOverride) CPUBetween(request, limit float64) ContainerOverride {
	return o.with(func(c *types.EksContainerOverride) { setCPU(&c.Resources, request, limit) })
}

// Memory replaces the definition's figure, in MiB.
func (o ContainerOverride) Memory(m Memory) ContainerOverride {
	return o.with(func(c *types.EksContainerOverride) { setMemory(&c.Resources, m) })
}

// GPU replaces the definition's figure.
func (o ContainerOverride) GPU(n int) ContainerOverride {
	return o.with(func(c *types.EksContainerOverride) { setGPU(&c.Resources, n) })
}

// Edit returns the change with that of a function of yours, for what has no method here.
// The function runs each time the submission is built and must always do the same.
func (o ContainerOverride) Edit(apply func(*types.EksContainerOverride)) ContainerOverride {
	return ContainerOverride{o.edits.WithForeign(apply)}
}
