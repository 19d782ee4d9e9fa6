package validate

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// eachECSOverride visits the overrides of ECS tasks, the path leading to each, with the tasks of the definition
// that it is for. Those are nil when the definition is not known or has none there.
func eachECSOverride(p *pass, s *submission, visit func(*types.EcsPropertiesOverride, *types.EcsProperties)) {
	if o := s.in.EcsPropertiesOverride; o != nil {
		var of *types.EcsProperties
		if s.payload == ecsPayload {
			of = s.def.EcsProperties
		}
		p.enter("ecsPropertiesOverride")
		visit(o, of)
		p.leave(1)
	}
	eachNodeOverride(p, s, func(n *types.NodePropertyOverride, r *types.NodeRangeProperty) {
		if n.EcsPropertiesOverride == nil {
			return
		}
		var of *types.EcsProperties
		if r != nil {
			of = r.EcsProperties
		}
		p.enter("ecsPropertiesOverride")
		visit(n.EcsPropertiesOverride, of)
		p.leave(1)
	})
}

// eachPodOverride visits the overrides of pods that fit the definition, the path leading to each, with the pod.
func eachPodOverride(p *pass, s *submission, visit func(*types.EksPodPropertiesOverride, *types.EksPodProperties)) {
	one := func(o *types.EksPropertiesOverride, of *types.EksProperties) {
		if o == nil || of == nil || o.PodProperties == nil || of.PodProperties == nil {
			return
		}
		p.enter("eksPropertiesOverride")
		p.enter("podProperties")
		visit(o.PodProperties, of.PodProperties)
		p.leave(2)
	}
	if s.payload == eksPayload {
		one(s.in.EksPropertiesOverride, s.def.EksProperties)
	}
	eachNodeOverride(p, s, func(n *types.NodePropertyOverride, r *types.NodeRangeProperty) {
		if r != nil {
			one(n.EksPropertiesOverride, r.EksProperties)
		}
	})
}

// overriddenContainers judges which containers an override names.
func overriddenContainers(p *pass) func(*types.EcsPropertiesOverride, *types.EcsProperties) {
	return func(o *types.EcsPropertiesOverride, of *types.EcsProperties) {
		if of == nil || len(of.TaskProperties) != 1 {
			return
		}
		t := &task{containers: of.TaskProperties[0].Containers}
		for i := range o.TaskProperties {
			list := o.TaskProperties[i].Containers
			for j := range list {
				place := at("taskProperties", i, "containers", j, "name")
				name := str(list[j].Name)
				switch {
				case name == "" && len(t.containers) == 1 && str(t.containers[0].Name) == "":
					// The only container has no name to give.
				case name == "":
					p.fail(place, "must be set: name the container to change, the definition has %s", containerNames(t))
				case containerNamed(t.containers, name) < 0:
					p.fail(place, "must name a container of the definition, found %s: it has %s", excerpt(name), containerNames(t))
				case overrides(list[:j], name):
					p.fail(place, "must be listed once, found %s again: join the two", excerpt(name))
				}
			}
		}
	}
}

func overrides(list []types.TaskContainerOverrides, name string) bool {
	for i := range list {
		if str(list[i].Name) == name {
			return true
		}
	}
	return false
}

// overriddenPod judges which containers of a pod an override names. The only one of a pod need not be named.
func overriddenPod(p *pass, member string, list []types.EksContainerOverride, of []types.EksContainer) {
	for i := range list {
		name := str(list[i].Name)
		place := at(member, i, "name")
		switch {
		case name == "" && len(of) == 1 && len(list) == 1:
		case name == "":
			p.fail(place, "must be set where the pod or the override has several containers: name the container to change, the definition has %s", podNames(of))
		case inPod(of, name) == nil:
			p.fail(place, "must name one of the definition's %s, found %s: it has %s", member, excerpt(name), podNames(of))
		default:
			for j := range list[:i] {
				if str(list[j].Name) == name {
					p.fail(place, "must be listed once, found %s again: join the two", excerpt(name))
					break
				}
			}
		}
	}
}

// podContainerName is the name of a container of a pod. The service names one that has none.
func podContainerName(c *types.EksContainer) string {
	if name := str(c.Name); name != "" {
		return name
	}
	return "Default"
}

// inPod returns the container of that name, nil when there is none.
// Documents and service differ on the case of the default name.
func inPod(of []types.EksContainer, name string) *types.EksContainer {
	for i := range of {
		if own := podContainerName(&of[i]); own == name || str(of[i].Name) == "" && strings.EqualFold(own, name) {
			return &of[i]
		}
	}
	return nil
}

func podNames(of []types.EksContainer) string {
	if len(of) == 0 {
		return "none"
	}
	names := make([]string, 0, len(of))
	for i := range of {
		names = append(names, podContainerName(&of[i]))
	}
	return strings.Join(names, ", ")
}

// requirementsOf are the resource requirements that a containerOverrides is for, nil when they are not known.
func requirementsOf(o *override) []types.ResourceRequirement {
	if o.payload != containerPayload || o.in.def == nil {
		return nil
	}
	switch {
	case o.nodes != nil && o.nodes.Container != nil:
		return o.nodes.Container.ResourceRequirements
	case !o.inNodes && o.in.payload == containerPayload:
		return o.in.def.ContainerProperties.ResourceRequirements
	default:
		return nil
	}
}

// overriddenSize judges what a Fargate job asks for once its overrides are merged over the definition.
func overriddenSize(p *pass, s *submission) {
	if s.platform != Fargate {
		return
	}
	var size fargateSize
	switch {
	case s.payload == containerPayload && s.in.ContainerOverrides != nil:
		list := s.in.ContainerOverrides.ResourceRequirements
		if !resizes(list) {
			return
		}
		size.add(merged(s.def.ContainerProperties.ResourceRequirements, list))
		if !size.unclear && !size.valid() {
			size.report(p, at("containerOverrides", "resourceRequirements"), "with the definition")
		}
	case s.payload == ecsPayload && s.in.EcsPropertiesOverride != nil:
		changes := s.in.EcsPropertiesOverride.TaskProperties
		if len(changes) != 1 || len(s.def.EcsProperties.TaskProperties) != 1 {
			return
		}
		touched := false
		containers := s.def.EcsProperties.TaskProperties[0].Containers
		for i := range containers {
			list := containers[i].ResourceRequirements
			for j := range changes[0].Containers {
				if c := &changes[0].Containers[j]; str(c.Name) == str(containers[i].Name) && resizes(c.ResourceRequirements) {
					list = merged(list, c.ResourceRequirements)
					touched = true
				}
			}
			size.add(list)
		}
		if touched && !size.unclear && !size.valid() {
			size.report(p, at("ecsPropertiesOverride", "taskProperties", 0, "containers"), "as the sum of the containers, with the definition")
		}
	}
}

// resizes reports whether requirements bear on the size of a Fargate task.
func resizes(list []types.ResourceRequirement) bool {
	return hasResource(list, types.ResourceTypeVcpu) || hasResource(list, types.ResourceTypeMemory)
}

// merged puts requirements over those of the definition: what has the same type is replaced.
func merged(of, over []types.ResourceRequirement) []types.ResourceRequirement {
	out := make([]types.ResourceRequirement, 0, len(of)+len(over))
	out = append(out, over...)
	for i := range of {
		if !hasResource(over, of[i].Type) {
			out = append(out, of[i])
		}
	}
	return out
}
