package batchkit

import (
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/internal/edit"
	"github.com/batchkit/batchkit-go/internal/member"
)

// The variables of the parts of a cut array. Package task, which no program but those in containers imports, has the
// same names.
const (
	envOffset = "BATCHKIT_ARRAY_OFFSET"
	envSize   = "BATCHKIT_ARRAY_SIZE"
)

// maxArray is the most children of an array: https://docs.aws.amazon.com/batch/latest/userguide/array_jobs.html.
const maxArray = 10_000

// arraySize is the number of children that a submission asks for; 0 for a plain job.
func arraySize(in *batch.SubmitJobInput) int {
	if in.ArrayProperties == nil {
		return 0
	}
	return int(aws.ToInt32(in.ArrayProperties.Size))
}

// cut returns the sizes of the parts of an array, as even as can be, so that none is too small to be an array.
func cut(size, largest int) []int {
	n := max(1, (size+largest-1)/largest)
	sizes := make([]int, n)
	for i := range sizes {
		sizes[i] = size*(i+1)/n - size*i/n
	}
	return sizes
}

// split returns the submissions of an array that is too large for one, and the offset of each. The name is left alone.
// The error says why the parts cannot be told where they begin.
func (r *request) split(largest int) (parts []*batch.SubmitJobInput, offsets []int, err error) {
	size, offset := arraySize(r.input), 0
	for _, children := range cut(size, largest) {
		in := edit.Clone(r.input)
		in.ArrayProperties.Size = member.Int32(children)
		for _, v := range []struct {
			name  string
			value int
		}{{envOffset, offset}, {envSize, size}} {
			if err := r.from.setEnv(in, v.name, strconv.Itoa(v.value)); err != nil {
				return nil, nil, err
			}
		}
		parts, offsets = append(parts, in), append(offsets, offset)
		offset += children
	}
	return parts, offsets, nil
}

// setEnv sets an environment variable of all containers of a job, by the kind of override that its definition takes.
func (s source) setEnv(in *batch.SubmitJobInput, name, value string) error {
	def := s.definition
	switch {
	case def == nil && (s.container || in.ContainerOverrides != nil), def != nil && def.ContainerProperties != nil:
		setContainerEnv(&in.ContainerOverrides, name, value)
		return nil
	case def != nil && def.EcsProperties != nil:
		setTaskEnv(&in.EcsPropertiesOverride, def.EcsProperties, name, value)
		return nil
	case def != nil && def.EksProperties != nil:
		setPodEnv(&in.EksPropertiesOverride, def.EksProperties, name, value)
		return nil
	case def != nil && def.NodeProperties != nil:
		setNodesEnv(&in.NodeOverrides, def.NodeProperties, name, value)
		return nil
	case setKnownEnv(in, name, value):
		return nil
	}
	return fmt.Errorf("the variable %s says where a part begins, and the containers of definition %s are not known: give the definition itself, or an override that names its containers", envOffset, strconv.Quote(aws.ToString(in.JobDefinition)))
}

func setContainerEnv(o **types.ContainerOverrides, name, value string) {
	if *o == nil {
		*o = &types.ContainerOverrides{}
	}
	member.SetEnv(&(*o).Environment, name, value)
}

func setTaskEnv(o **types.EcsPropertiesOverride, of *types.EcsProperties, name, value string) {
	if *o == nil {
		*o = &types.EcsPropertiesOverride{}
	}
	if len((*o).TaskProperties) == 0 {
		(*o).TaskProperties = make([]types.TaskPropertiesOverride, 1)
	}
	task := &(*o).TaskProperties[0]
	for i := range of.TaskProperties {
		for j := range of.TaskProperties[i].Containers {
			container := of.TaskProperties[i].Containers[j].Name
			c := named(&task.Containers, container, func(c *types.TaskContainerOverrides) **string { return &c.Name })
			member.SetEnv(&c.Environment, name, value)
		}
	}
}

func setPodEnv(o **types.EksPropertiesOverride, of *types.EksProperties, name, value string) {
	if of.PodProperties == nil {
		return
	}
	if *o == nil {
		*o = &types.EksPropertiesOverride{}
	}
	if (*o).PodProperties == nil {
		(*o).PodProperties = &types.EksPodPropertiesOverride{}
	}
	pod := (*o).PodProperties
	set := func(list *[]types.EksContainerOverride, of []types.EksContainer) {
		for i := range of {
			c := named(list, of[i].Name, func(c *types.EksContainerOverride) **string { return &c.Name })
			setPodContainerEnv(c, name, value)
		}
	}
	set(&pod.InitContainers, of.PodProperties.InitContainers)
	set(&pod.Containers, of.PodProperties.Containers)
}

func setPodContainerEnv(c *types.EksContainerOverride, name, value string) {
	for i := range c.Env {
		if aws.ToString(c.Env[i].Name) == name {
			c.Env[i].Value = &value
			return
		}
	}
	c.Env = append(c.Env, types.EksContainerEnvironmentVariable{Name: &name, Value: &value})
}

func setNodesEnv(o **types.NodeOverrides, of *types.NodeProperties, name, value string) {
	if *o == nil {
		*o = &types.NodeOverrides{}
	}
	for i := range of.NodeRangeProperties {
		nodes := &of.NodeRangeProperties[i]
		change := named(&(*o).NodePropertyOverrides, nodes.TargetNodes, func(p *types.NodePropertyOverride) **string { return &p.TargetNodes })
		switch {
		case nodes.Container != nil:
			setContainerEnv(&change.ContainerOverrides, name, value)
		case nodes.EcsProperties != nil:
			setTaskEnv(&change.EcsPropertiesOverride, nodes.EcsProperties, name, value)
		case nodes.EksProperties != nil:
			setPodEnv(&change.EksPropertiesOverride, nodes.EksProperties, name, value)
		}
	}
}

// setKnownEnv sets the variable where the override of a job of a registered definition names containers, and reports
// whether it names any.
func setKnownEnv(in *batch.SubmitJobInput, name, value string) bool {
	found := setKnown(in.EcsPropertiesOverride, in.EksPropertiesOverride, name, value)
	if in.NodeOverrides == nil {
		return found
	}
	for i := range in.NodeOverrides.NodePropertyOverrides {
		p := &in.NodeOverrides.NodePropertyOverrides[i]
		if p.ContainerOverrides != nil {
			setContainerEnv(&p.ContainerOverrides, name, value)
			found = true
		}
		found = setKnown(p.EcsPropertiesOverride, p.EksPropertiesOverride, name, value) || found
	}
	return found
}

func setKnown(ecs *types.EcsPropertiesOverride, eks *types.EksPropertiesOverride, name, value string) (found bool) {
	if ecs != nil {
		for i := range ecs.TaskProperties {
			for j := range ecs.TaskProperties[i].Containers {
				member.SetEnv(&ecs.TaskProperties[i].Containers[j].Environment, name, value)
				found = true
			}
		}
	}
	if eks != nil && eks.PodProperties != nil {
		for _, list := range [][]types.EksContainerOverride{eks.PodProperties.InitContainers, eks.PodProperties.Containers} {
			for i := range list {
				setPodContainerEnv(&list[i], name, value)
				found = true
			}
		}
	}
	return found
}

// named returns the element of that name, a new one when there is none. A pod of one container need not name it.
func named[T any](list *[]T, name *string, of func(*T) **string) *T {
	for i := range *list {
		if aws.ToString(*of(&(*list)[i])) == aws.ToString(name) {
			return &(*list)[i]
		}
	}
	var element T
	if name != nil {
		*of(&element) = aws.String(*name)
	}
	*list = append(*list, element)
	return &(*list)[len(*list)-1]
}
