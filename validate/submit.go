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
	return p.end()
}

func (p *pass) walkSubmission(in *batch.SubmitJobInput, def *batch.RegisterJobDefinitionInput) {
	s := &submission{in: in, def: def, payload: payloadOf(def), platform: All}
	if def != nil {
		s.platform = p.platformOf(def)
	}
	each(p, checks.submission.on(0, p), func(f onSubmission) { f(p, s) })
	p.walkTags(in.Tags)
	p.walkAttempts(in.RetryStrategy, in.Timeout)

	p.walkOverrides(override{in: s}, in.ContainerOverrides, in.EcsPropertiesOverride, in.EksPropertiesOverride)
	eachNodeOverride(p, s, func(n *types.NodePropertyOverride, r *types.NodeRangeProperty) {
		p.walkOverrides(override{in: s, inNodes: true, nodes: r}, n.ContainerOverrides, n.EcsPropertiesOverride, n.EksPropertiesOverride)
	})
}

// walkOverrides judges the overrides of a job or of a range of its nodes. Each begins as o, which says where it is.
func (p *pass) walkOverrides(o override, c *types.ContainerOverrides, ecs *types.EcsPropertiesOverride, eks *types.EksPropertiesOverride) {
	if c != nil {
		p.enter("containerOverrides")
		o := o
		o.payload, o.command, o.environment = containerPayload, c.Command, c.Environment
		//lint:ignore SA1019 deprecated members are what OVR008 and OVR009 are about
		o.requirements, o.vcpus, o.memory, o.instanceType = c.ResourceRequirements, c.Vcpus, c.Memory, c.InstanceType
		p.walkOverride(&o)
		p.leave(1)
	}
	if ecs != nil {
		p.walkTaskOverrides(o, ecs)
	}
	p.walkPodOverride(eks)
}

func (p *pass) walkTaskOverrides(o override, ecs *types.EcsPropertiesOverride) {
	o.payload = ecsPayload
	p.enter("ecsPropertiesOverride")
	for i := range ecs.TaskProperties {
		p.enterAt("taskProperties", i)
		for j := range ecs.TaskProperties[i].Containers {
			c := &ecs.TaskProperties[i].Containers[j]
			o.containerName, o.command, o.environment, o.requirements = c.Name, c.Command, c.Environment, c.ResourceRequirements
			p.enterAt("containers", j)
			p.walkOverride(&o)
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
	each(p, checks.override.on(platform, p), func(f onOverride) { f(p, o) })
	p.walkRequirements(resources{list: o.requirements, payload: o.payload, platform: platform, override: true})
	p.walkEnvironment("environment", o.environment, platform)
}
