package validate

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

const (
	runTask = ecsReference + "API_RunTask.html"

	// maxOverride is in characters of JSON, and for all containers of a task together.
	maxOverride = 8192
	// tooLongOverride is the reason that the failed job gives.
	tooLongOverride = "Container Overrides length must be at most 8192"
)

// subOverrideRules are about what a submission makes AWS Batch hand to Amazon ECS when it starts the task. The service
// takes a submission that makes it too long, and then the job fails. The length here is what is sure to be handed over:
// the service adds variables of its own.
var subOverrideRules = []Rule{
	{
		ID: "SUB009", Title: "the overrides of a task are at most 8192 characters of JSON",
		Severity: Error, Platforms: ECS | MultiNode, Source: runTask,
		Service: tooLongOverride,
		reads:   commandMembers,
		check: onSubmission(func(p *pass, s *submission) {
			eachTaskOverride(s, func(l overrideLength, member string, node int) {
				if l.own > maxOverride {
					p.fail(overridePlace(member, node), "must be at most %d characters as JSON, found at least %d: the job would be accepted and fail, put long commands and values into a file that the job reads", maxOverride, l.own)
				}
			})
		}),
	},
	{
		ID: "SUB010", Title: "the overrides of a task are at most 8192 characters with the parameters put into the command",
		Severity: Error, Platforms: ECS | MultiNode, Source: gitHub + "ASFHyP3/hyp3/issues/3041",
		Service: tooLongOverride,
		reads:   commandMembers,
		check: onSubmission(func(p *pass, s *submission) {
			eachTaskOverride(s, func(l overrideLength, _ string, _ int) {
				// Overrides that are too long without any parameter are SUB009's.
				if l.own <= maxOverride && l.own+l.parameters > maxOverride {
					p.fail(at("parameters"), "must leave the overrides, with the parameters put into the command, at most %d characters as JSON, found at least %d: the job would be accepted and fail, put long values into a file that the job reads", maxOverride, l.own+l.parameters)
				}
			})
		}),
	},
}

// overrideLength is the length of a task's overrides in characters of JSON.
type overrideLength struct {
	own        int // without what takes the place of references
	parameters int // what does
}

// eachTaskOverride visits the overrides of each task of Amazon ECS that a job runs, with the member of the submission
// that holds them and the index in nodePropertyOverrides, -1 for a job of one node.
func eachTaskOverride(s *submission, visit func(l overrideLength, member string, node int)) {
	container := func(of *types.ContainerProperties, o *types.ContainerOverrides, node int) {
		visit(lengthOfContainer(s, of, o), "containerOverrides", node)
	}
	tasks := func(of *types.EcsProperties, o *types.EcsPropertiesOverride, node int) {
		visit(lengthOfTask(s, of, o), "ecsPropertiesOverride", node)
	}
	const single = -1
	switch s.payload {
	case containerPayload:
		container(s.def.ContainerProperties, s.in.ContainerOverrides, single)
	case ecsPayload:
		tasks(s.def.EcsProperties, s.in.EcsPropertiesOverride, single)
	case nodePayload:
		eachRange(s, func(r *types.NodeRangeProperty, o *types.NodePropertyOverride, node int) {
			if r.Container != nil {
				container(r.Container, o.ContainerOverrides, node)
			}
			if r.EcsProperties != nil {
				tasks(r.EcsProperties, o.EcsPropertiesOverride, node)
			}
		})
	case noPayload:
		container(nil, s.in.ContainerOverrides, single)
		tasks(nil, s.in.EcsPropertiesOverride, single)
		if s.in.NodeOverrides == nil {
			return
		}
		for i := range s.in.NodeOverrides.NodePropertyOverrides {
			o := &s.in.NodeOverrides.NodePropertyOverrides[i]
			container(nil, o.ContainerOverrides, i)
			tasks(nil, o.EcsPropertiesOverride, i)
		}
	}
}

func overridePlace(member string, node int) []any {
	if node < 0 {
		return at(member)
	}
	return at("nodeOverrides", "nodePropertyOverrides", node, member)
}

// lengthOfContainer counts the overrides of containerProperties. Either may be nil.
func lengthOfContainer(s *submission, of *types.ContainerProperties, o *types.ContainerOverrides) overrideLength {
	var l overrideLength
	var c types.TaskContainerOverrides
	if o != nil {
		c = types.TaskContainerOverrides{Command: o.Command, Environment: o.Environment, ResourceRequirements: o.ResourceRequirements}
	}
	if of != nil {
		l.add(s, of.Command, &c)
	} else {
		l.add(s, nil, &c)
	}
	return l
}

// lengthOfTask counts the overrides of all containers of ecsProperties. Either may be nil.
func lengthOfTask(s *submission, of *types.EcsProperties, o *types.EcsPropertiesOverride) overrideLength {
	var l overrideLength
	if of == nil && o != nil {
		for i := range o.TaskProperties {
			for j := range o.TaskProperties[i].Containers {
				l.add(s, nil, &o.TaskProperties[i].Containers[j])
			}
		}
	}
	if of == nil {
		return l
	}
	for i := range of.TaskProperties {
		for j := range of.TaskProperties[i].Containers {
			c := &of.TaskProperties[i].Containers[j]
			change := taskOverride(o, str(c.Name))
			if change == nil {
				change = &types.TaskContainerOverrides{}
			}
			l.add(s, c.Command, change)
		}
	}
	return l
}

// add counts in one more container. Its command is handed over when the submission gives it,
// and also when it is the definition's and has references.
func (l *overrideLength) add(s *submission, command []string, o *types.TaskContainerOverrides) {
	if len(o.Command) > 0 {
		command = o.Command
	} else if !slices.ContainsFunc(command, refers) {
		command = nil
	}
	before := l.own
	if o.Name != nil {
		l.own += len(`"name":"",`) + textLength(*o.Name)
	}
	if len(command) > 0 {
		l.own += len(`"command":[]`)
	}
	for _, word := range command {
		l.own += len(`"",`)
		name, isReference := reference(word)
		if value, known := s.parameter(name); isReference && known {
			l.parameters += textLength(value)
		} else {
			l.own += textLength(word)
		}
	}
	if len(o.Environment) > 0 {
		l.own += len(`"environment":[]`)
	}
	for i := range o.Environment {
		l.own += len(`{"name":"","value":""},`) + textLength(str(o.Environment[i].Name)) + textLength(str(o.Environment[i].Value))
	}
	if len(o.ResourceRequirements) > 0 {
		l.own += len(`"resourceRequirements":[]`)
	}
	for i := range o.ResourceRequirements {
		l.own += len(`{"type":"","value":""},`) + textLength(string(o.ResourceRequirements[i].Type)) + textLength(str(o.ResourceRequirements[i].Value))
	}
	if l.own > before {
		// The comma after the last element of a list stands for the one that parts the list from the next member.
		l.own += len(`{}`) - len(`,`)
	}
}

// textLength is the number of characters of a text inside the quotes of a JSON string.
func textLength(text string) int {
	n := 0
	for _, r := range text {
		switch {
		case r == '"' || r == '\\' || r == '\n' || r == '\r' || r == '\t' || r == '\b' || r == '\f':
			n += len(`\n`)
		case r < ' ':
			n += len(`\u0000`)
		default:
			n++
		}
	}
	return n
}
