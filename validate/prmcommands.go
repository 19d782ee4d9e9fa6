package validate

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// commandMembers are the members that say what containers run.
var commandMembers = []string{
	"args", "command", "container", "containerOverrides", "containerProperties", "containers", "ecsProperties", "ecsPropertiesOverride",
	"eksProperties", "eksPropertiesOverride", "initContainers", "name", "nodeOverrides", "nodeProperties", "nodePropertyOverrides",
	"nodeRangeProperties", "numNodes", "podProperties", "targetNodes", "taskProperties", "type",
}

// nothingSubmitted stands for a submission that changes nothing.
var nothingSubmitted batch.SubmitJobInput

// unsubmittedOf is a submission of a definition as it is.
func unsubmittedOf(def *batch.RegisterJobDefinitionInput) submission {
	return submission{in: &nothingSubmitted, def: def, payload: payloadOf(def)}
}

// parameter is the value that a job has for a parameter: its own, else the default of its definition.
func (s *submission) parameter(name string) (string, bool) {
	value, ok := s.in.Parameters[name]
	if !ok && s.def != nil {
		value, ok = s.def.Parameters[name]
	}
	return value, ok
}

// refMark begins a reference to a parameter.
const refMark = "Ref::"

// reference returns the parameter that a word is to be replaced by, and whether it is one.
func reference(word string) (name string, ok bool) {
	name, ok = strings.CutPrefix(word, refMark)
	return name, ok && name != "" && nameLetters.writes(name)
}

// refers reports whether a text has a reference anywhere.
func refers(text string) bool { return len(text) >= len(refMark) && strings.Contains(text, refMark) }

// refersTo reports whether a word has a reference to the parameter, be it the whole word or a part of it.
func refersTo(words []string, name string) bool {
	return slices.ContainsFunc(words, func(word string) bool {
		for {
			_, rest, ok := strings.Cut(word, refMark)
			if !ok {
				return false
			}
			if strings.HasPrefix(rest, name) {
				return true
			}
			word = rest
		}
	})
}

// eachCommand visits what the containers of a job will run: the command of the submission, else that of the definition.
// Of a pod it visits the commands and the arguments. It visits nothing when the definition is not known.
func eachCommand(s *submission, visit func(words []string)) {
	switch s.payload {
	case containerPayload:
		containerCommand(s.def.ContainerProperties, s.in.ContainerOverrides, visit)
	case ecsPayload:
		taskCommands(s.def.EcsProperties, s.in.EcsPropertiesOverride, visit)
	case eksPayload:
		podCommands(s.def.EksProperties, s.in.EksPropertiesOverride, visit)
	case nodePayload:
		eachRange(s, func(r *types.NodeRangeProperty, o *types.NodePropertyOverride, _ int) {
			containerCommand(r.Container, o.ContainerOverrides, visit)
			taskCommands(r.EcsProperties, o.EcsPropertiesOverride, visit)
			podCommands(r.EksProperties, o.EksPropertiesOverride, visit)
		})
	}
}

// noNodeOverride stands for the override of a range that has none.
var noNodeOverride types.NodePropertyOverride

// eachRange visits the ranges of nodes of a definition, each with its override and the index of that, -1 for none.
func eachRange(s *submission, visit func(r *types.NodeRangeProperty, o *types.NodePropertyOverride, index int)) {
	nodes := s.def.NodeProperties
	if nodes == nil {
		return
	}
	for i := range nodes.NodeRangeProperties {
		r, index, o := &nodes.NodeRangeProperties[i], -1, &noNodeOverride
		if s.in.NodeOverrides != nil {
			index = slices.IndexFunc(s.in.NodeOverrides.NodePropertyOverrides, func(o types.NodePropertyOverride) bool {
				return rangeOf(s.in.NodeOverrides, nodes, str(o.TargetNodes)) == r
			})
		}
		if index >= 0 {
			o = &s.in.NodeOverrides.NodePropertyOverrides[index]
		}
		visit(r, o, index)
	}
}

func containerCommand(def *types.ContainerProperties, o *types.ContainerOverrides, visit func([]string)) {
	switch {
	case def == nil:
	case o != nil && len(o.Command) > 0:
		visit(o.Command)
	default:
		visit(def.Command)
	}
}

func taskCommands(def *types.EcsProperties, o *types.EcsPropertiesOverride, visit func([]string)) {
	if def == nil {
		return
	}
	for i := range def.TaskProperties {
		for j := range def.TaskProperties[i].Containers {
			c := &def.TaskProperties[i].Containers[j]
			if change := taskOverride(o, str(c.Name)); change != nil && len(change.Command) > 0 {
				visit(change.Command)
			} else {
				visit(c.Command)
			}
		}
	}
}

// taskOverride returns what is changed in the container of that name, nil when nothing is.
func taskOverride(o *types.EcsPropertiesOverride, name string) *types.TaskContainerOverrides {
	if o == nil {
		return nil
	}
	for i := range o.TaskProperties {
		for j := range o.TaskProperties[i].Containers {
			if c := &o.TaskProperties[i].Containers[j]; str(c.Name) == name {
				return c
			}
		}
	}
	return nil
}

func podCommands(def *types.EksProperties, o *types.EksPropertiesOverride, visit func([]string)) {
	if def == nil || def.PodProperties == nil {
		return
	}
	var containers, init []types.EksContainerOverride
	if o != nil && o.PodProperties != nil {
		containers, init = o.PodProperties.Containers, o.PodProperties.InitContainers
	}
	podContainerCommands(def.PodProperties.Containers, containers, visit)
	podContainerCommands(def.PodProperties.InitContainers, init, visit)
}

func podContainerCommands(of []types.EksContainer, changes []types.EksContainerOverride, visit func([]string)) {
	for i := range of {
		command, args := of[i].Command, of[i].Args
		for j := range changes {
			// The only container of a pod need not be named.
			alone := len(of) == 1 && str(changes[j].Name) == ""
			if !alone && inPod(of, str(changes[j].Name)) != &of[i] {
				continue
			}
			if len(changes[j].Command) > 0 {
				command = changes[j].Command
			}
			if len(changes[j].Args) > 0 {
				args = changes[j].Args
			}
		}
		visit(command)
		visit(args)
	}
}
