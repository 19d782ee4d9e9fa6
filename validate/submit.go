package validate

import (
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// SubmitJob judges a SubmitJob request. Give the definition that it names with [WithDefinition]:
// the rules on overrides need it. A nil input is judged as an empty one.
func SubmitJob(in *batch.SubmitJobInput, opts ...Option) Findings {
	p := newPass(opts)
	if in == nil {
		in = &batch.SubmitJobInput{}
	}
	p.walkSubmission(in, p.definition)
	return p.findings.tidy()
}

func (p *pass) walkSubmission(in *batch.SubmitJobInput, def *batch.RegisterJobDefinitionInput) {
	s := &submission{in: in, def: def, payload: payloadOf(def), platform: All}
	if def != nil {
		s.platform = platformOf(def)
	}
	each(p, checks.submission, func(f onSubmission) { f(p, s) })
	p.walkAttempts(in.RetryStrategy, in.Timeout)

	if o := in.ContainerOverrides; o != nil {
		p.enter("containerOverrides")
		p.walkOverride(containerOverride(s, o, false))
		p.leave(1)
	}
	p.walkTaskOverrides(s, in.EcsPropertiesOverride, false)
	if in.NodeOverrides == nil {
		return
	}
	p.enter("nodeOverrides")
	for i := range in.NodeOverrides.NodePropertyOverrides {
		n := &in.NodeOverrides.NodePropertyOverrides[i]
		p.enterAt("nodePropertyOverrides", i)
		if o := n.ContainerOverrides; o != nil {
			p.enter("containerOverrides")
			p.walkOverride(containerOverride(s, o, true))
			p.leave(1)
		}
		p.walkTaskOverrides(s, n.EcsPropertiesOverride, true)
		p.leave(2)
	}
	p.leave(1)
}

func containerOverride(s *submission, o *types.ContainerOverrides, inNodes bool) *override {
	return &override{
		in: s, payload: containerPayload, inNodes: inNodes, command: o.Command, environment: o.Environment,
		//lint:ignore SA1019 deprecated members are what OVR008 and OVR009 are about
		requirements: o.ResourceRequirements, vcpus: o.Vcpus, memory: o.Memory, instanceType: o.InstanceType,
	}
}

func (p *pass) walkTaskOverrides(s *submission, ecs *types.EcsPropertiesOverride, inNodes bool) {
	if ecs == nil {
		return
	}
	p.enter("ecsPropertiesOverride")
	for i := range ecs.TaskProperties {
		p.enterAt("taskProperties", i)
		for j := range ecs.TaskProperties[i].Containers {
			c := &ecs.TaskProperties[i].Containers[j]
			p.enterAt("containers", j)
			p.walkOverride(&override{
				in: s, containerName: c.Name, payload: ecsPayload, inNodes: inNodes,
				command: c.Command, environment: c.Environment, requirements: c.ResourceRequirements,
			})
			p.leave(2)
		}
		p.leave(2)
	}
	p.leave(1)
}

func (p *pass) walkOverride(o *override) {
	// These overrides reach containers that ECS runs; which of its platforms is known from the definition only.
	platform := ECS
	if o.in.def != nil {
		platform = o.in.platform
	}
	eachOn(p, platform, checks.override, func(f onOverride) { f(p, o) })
	p.walkRequirements(resources{list: o.requirements, payload: o.payload, platform: platform, override: true})
	p.walkEnvironment(o.environment, platform)
}
