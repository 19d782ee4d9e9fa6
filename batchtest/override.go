package batchtest

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// overrideContainer lays overrides, which may be nil, over containerProperties.
func overrideContainer(c *types.ContainerProperties, o *types.ContainerOverrides) *types.ContainerProperties {
	if o == nil {
		return c
	}
	out := *c
	if o.Command != nil {
		out.Command = o.Command
	}
	if o.InstanceType != nil {
		out.InstanceType = o.InstanceType
	}
	out.Environment = mergeEnvironment(c.Environment, o.Environment)
	out.ResourceRequirements = mergeResources(c.ResourceRequirements, o.ResourceRequirements)
	overrideLegacy(&out, o)
	return &out
}

// overrideTask lays overrides over the one task of ecsProperties, by the names
// of its containers.
func overrideTask(p *types.EcsProperties, o *types.EcsPropertiesOverride) *types.EcsProperties {
	if o == nil || len(o.TaskProperties) == 0 {
		return p
	}
	task := p.TaskProperties[0]
	task.Containers = slices.Clone(task.Containers)
	for i := range task.Containers {
		c := &task.Containers[i]
		for _, over := range o.TaskProperties[0].Containers {
			if aws.ToString(over.Name) != aws.ToString(c.Name) {
				continue
			}
			if over.Command != nil {
				c.Command = over.Command
			}
			c.Environment = mergeEnvironment(c.Environment, over.Environment)
			c.ResourceRequirements = mergeResources(c.ResourceRequirements, over.ResourceRequirements)
		}
	}
	return &types.EcsProperties{TaskProperties: []types.EcsTaskProperties{task}}
}

// overridePod lays overrides over the pod of eksProperties.
func overridePod(p *types.EksProperties, o *types.EksPropertiesOverride) *types.EksProperties {
	if o == nil || o.PodProperties == nil {
		return p
	}
	pod := *p.PodProperties
	pod.InitContainers = overridePodContainers(pod.InitContainers, o.PodProperties.InitContainers)
	pod.Containers = overridePodContainers(pod.Containers, o.PodProperties.Containers)
	pod.Metadata = overrideMetadata(pod.Metadata, o.PodProperties.Metadata)
	return &types.EksProperties{PodProperties: &pod}
}

// overridePodContainers goes by name. An override without one is for the only
// container.
func overridePodContainers(containers []types.EksContainer, over []types.EksContainerOverride) []types.EksContainer {
	out := slices.Clone(containers)
	for i := range out {
		c := &out[i]
		for _, o := range over {
			only := aws.ToString(o.Name) == "" && len(out) == 1
			if !only && !samePodContainer(o.Name, c.Name) {
				continue
			}
			if o.Command != nil {
				c.Command = o.Command
			}
			if o.Args != nil {
				c.Args = o.Args
			}
			if o.Image != nil {
				c.Image = o.Image
			}
			c.Env = mergePodEnvironment(c.Env, o.Env)
			c.Resources = mergePodResources(c.Resources, o.Resources)
		}
	}
	return out
}

// samePodContainer compares names. The default one is spelt in two ways.
func samePodContainer(a, b *string) bool {
	x, y := podContainerName(a), podContainerName(b)
	return x == y || strings.EqualFold(x, defaultContainer) && strings.EqualFold(y, defaultContainer)
}

func overrideMetadata(m, o *types.EksMetadata) *types.EksMetadata {
	if m == nil || o == nil {
		return cmp.Or(o, m)
	}
	out := types.EksMetadata{
		Annotations: mergeMaps(m.Annotations, o.Annotations),
		Labels:      mergeMaps(m.Labels, o.Labels),
		Namespace:   cmp.Or(o.Namespace, m.Namespace),
	}
	return &out
}
