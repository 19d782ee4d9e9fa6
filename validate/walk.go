package validate

import (
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// JobDefinition judges a RegisterJobDefinition request. A nil input is judged as an empty one.
func JobDefinition(in *batch.RegisterJobDefinitionInput, opts ...Option) Findings {
	p := newPass(opts)
	if in == nil {
		in = &batch.RegisterJobDefinitionInput{}
	}
	p.walkDefinition(in)
	return p.findings.tidy()
}

func newPass(opts []Option) *pass {
	p := &pass{}
	for _, o := range opts {
		o(&p.settings)
	}
	return p
}

func (p *pass) walkDefinition(in *batch.RegisterJobDefinitionInput) {
	each(p, checks.definition, func(f onDefinition) { f(p, in) })
	p.walkAttempts(in.RetryStrategy, in.Timeout)

	platform := platformOf(in)
	if in.ContainerProperties != nil {
		p.walkOnly("containerProperties", in.ContainerProperties, platform, false)
	}
	if in.EcsProperties != nil {
		p.walkTasks("ecsProperties", in.EcsProperties, platform, false)
	}
	if in.NodeProperties == nil {
		return
	}
	// Multi-node jobs run on EC2, whatever platformCapabilities say: FG025.
	p.enter("nodeProperties")
	for i := range in.NodeProperties.NodeRangeProperties {
		r := &in.NodeProperties.NodeRangeProperties[i]
		p.enterAt("nodeRangeProperties", i)
		if r.Container != nil {
			p.walkOnly("container", r.Container, EC2, true)
		}
		if r.EcsProperties != nil {
			p.walkTasks("ecsProperties", r.EcsProperties, EC2, true)
		}
		p.leave(2)
	}
	p.leave(1)
}

// walkAttempts judges what a definition and a submission say in the same words.
func (p *pass) walkAttempts(retry *types.RetryStrategy, timeout *types.JobTimeout) {
	if retry != nil {
		p.enter("retryStrategy")
		each(p, checks.retry, func(f onRetry) { f(p, retry) })
		p.leave(1)
	}
	if timeout != nil {
		p.enter("timeout")
		each(p, checks.timeout, func(f onTimeout) { f(p, timeout) })
		p.leave(1)
	}
}

// walkOnly judges containerProperties, or container of a node range.
func (p *pass) walkOnly(member string, only *types.ContainerProperties, platform Platforms, multiNode bool) {
	p.enter(member)
	p.task.ofContainer(only, platform, multiNode)
	p.walkTask()
	p.container.ofOnly(&p.task, only)
	p.walkContainer()
	p.leave(1)
}

// walkTasks judges ecsProperties.
func (p *pass) walkTasks(member string, ecs *types.EcsProperties, platform Platforms, multiNode bool) {
	p.enter(member)
	for i := range ecs.TaskProperties {
		p.enterAt("taskProperties", i)
		p.task.ofTask(&ecs.TaskProperties[i], platform, multiNode)
		p.walkTask()
		for j := range p.task.containers {
			p.enterAt("containers", j)
			p.container.ofTask(&p.task, &p.task.containers[j])
			p.walkContainer()
			p.leave(2)
		}
		p.leave(2)
	}
	p.leave(1)
}

func (p *pass) walkTask() {
	t := &p.task
	eachOn(p, t.platform, checks.task, func(f onTask) { f(p, t) })
	for i := range t.volumes {
		p.enterAt("volumes", i)
		eachOn(p, t.platform, checks.volume, func(f onVolume) { f(p, t, &t.volumes[i]) })
		p.leave(2)
	}
}

func (p *pass) walkContainer() {
	c := &p.container
	eachOn(p, c.task.platform, checks.container, func(f onContainer) { f(p, c) })
	p.walkRequirements(resources{list: c.requirements, payload: c.task.payload, platform: c.task.platform})
	p.walkEnvironment(c.environment, c.task.platform)
}

func (p *pass) walkRequirements(r resources) {
	p.resources = r
	p.enter("resourceRequirements")
	eachOn(p, r.platform, checks.resources, func(f onResources) { f(p, &p.resources) })
	p.leave(1)
}

func (p *pass) walkEnvironment(env []types.KeyValuePair, platform Platforms) {
	p.enter("environment")
	eachOn(p, platform, checks.environment, func(f onEnvironment) { f(p, env) })
	p.leave(1)
}
