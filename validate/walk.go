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
	return p.end()
}

func (p *pass) walkDefinition(in *batch.RegisterJobDefinitionInput) {
	each(p, checks.definition.on(0, p), func(f onDefinition) { f(p, in) })
	p.walkTags(in.Tags)
	p.walkAttempts(in.RetryStrategy, in.Timeout)

	platform := p.platformOf(in)
	if in.ContainerProperties != nil {
		p.walkOnly("containerProperties", in.ContainerProperties, platform, false)
	}
	if in.EcsProperties != nil {
		p.walkTasks("ecsProperties", in.EcsProperties, platform, false)
	}
	if in.EksProperties != nil {
		p.walkPod(in.EksProperties, false)
	}
	if in.NodeProperties == nil {
		return
	}
	// Multi-node jobs of Amazon ECS run on EC2, whatever platformCapabilities say: FG025.
	p.enter("nodeProperties")
	each(p, checks.nodes.on(0, p), func(f onNodeProperties) { f(p, in.NodeProperties) })
	for i := range in.NodeProperties.NodeRangeProperties {
		r := &in.NodeProperties.NodeRangeProperties[i]
		p.enterAt("nodeRangeProperties", i)
		if r.Container != nil {
			p.walkOnly("container", r.Container, EC2, true)
		}
		if r.EcsProperties != nil {
			p.walkTasks("ecsProperties", r.EcsProperties, EC2, true)
		}
		if r.EksProperties != nil {
			p.walkPod(r.EksProperties, true)
		}
		p.leave(2)
	}
	p.leave(1)
}

func (p *pass) walkTags(tags map[string]string) {
	p.enter("tags")
	each(p, checks.tags.on(0, p), func(f onTags) { f(p, tags) })
	for key, value := range tags {
		each(p, checks.tag.on(0, p), func(f onTag) { f(p, key, value) })
	}
	p.leave(1)
}

// walkAttempts judges what a definition and a submission say in the same words.
func (p *pass) walkAttempts(retry *types.RetryStrategy, timeout *types.JobTimeout) {
	if retry != nil {
		p.enter("retryStrategy")
		each(p, checks.retry.on(0, p), func(f onRetry) { f(p, retry) })
		for i := range retry.EvaluateOnExit {
			p.enterAt("evaluateOnExit", i)
			each(p, checks.exit.on(0, p), func(f onExit) { f(p, &retry.EvaluateOnExit[i]) })
			p.leave(2)
		}
		p.leave(1)
	}
	if timeout != nil {
		p.enter("timeout")
		each(p, checks.timeout.on(0, p), func(f onTimeout) { f(p, timeout) })
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
		p.task.resolve(p.targets[:0])
		p.walkTask()
		targets := p.task.targets
		for j := range p.task.containers {
			p.enterAt("containers", j)
			p.container.ofTask(&p.task, &p.task.containers[j])
			own := len(p.task.containers[j].DependsOn)
			p.container.targets, targets = targets[:own], targets[own:]
			p.walkContainer()
			p.leave(2)
		}
		p.leave(2)
	}
	p.leave(1)
}

func (p *pass) walkTask() {
	t := &p.task
	each(p, checks.task.on(t.platform, p), func(f onTask) { f(p, t) })
	for i := range t.volumes {
		p.enterAt("volumes", i)
		each(p, checks.volume.on(t.platform, p), func(f onVolume) { f(p, t, &t.volumes[i]) })
		if efs := t.volumes[i].EfsVolumeConfiguration; efs != nil {
			p.enter("efsVolumeConfiguration")
			each(p, checks.efs.on(t.platform, p), func(f onEFS) { f(p, t, efs) })
			p.leave(1)
		}
		p.leave(2)
	}
}

func (p *pass) walkContainer() {
	c := &p.container
	each(p, checks.container.on(c.task.platform, p), func(f onContainer) { f(p, c) })
	for has := membersOf(c); has != 0; {
		each(p, checks.with[has.next()].on(c.task.platform, p), func(f onContainer) { f(p, c) })
	}
	p.walkEdges()
	if c.linux != nil {
		p.enter("linuxParameters")
		each(p, checks.linux.on(c.task.platform, p), func(f onLinux) { f(p, c.linux) })
		p.leave(1)
	}
	if c.log != nil {
		p.enter("logConfiguration")
		each(p, checks.log.on(c.task.platform, p), func(f onLog) { f(p, c) })
		p.leave(1)
	}
	p.walkRequirements(resources{list: c.requirements, payload: c.task.payload, platform: c.task.platform})
	p.walkEnvironment("environment", c.environment, c.task.platform)
}

// walkEdges judges what a container waits for.
func (p *pass) walkEdges() {
	c := &p.container
	if c.of == nil {
		return
	}
	for i := range c.of.DependsOn {
		d := &c.of.DependsOn[i]
		p.edge = edge{TaskContainerDependency: d, from: c, index: i, target: c.targets[i]}
		p.enterAt("dependsOn", i)
		each(p, checks.edge.on(c.task.platform, p), func(f onEdge) { f(p, &p.edge) })
		p.leave(2)
	}
}

func (p *pass) walkRequirements(r resources) {
	p.resources = r
	p.enter("resourceRequirements")
	each(p, checks.resources.on(r.platform, p), func(f onResources) { f(p, &p.resources) })
	for i := range r.list {
		text := str(r.list[i].Value)
		n, ok := decimal(text)
		if !ok {
			each(p, checks.noNumber.on(r.platform, p), func(f onNoNumber) { f(p, &p.resources, i) })
			continue
		}
		a := figure{i, n, text}
		switch r.list[i].Type {
		case types.ResourceTypeVcpu:
			each(p, checks.vcpus.on(r.platform, p), func(f onVCPUs) { f(p, &p.resources, a) })
		case types.ResourceTypeMemory:
			each(p, checks.memory.on(r.platform, p), func(f onMemory) { f(p, &p.resources, a) })
		case types.ResourceTypeGpu:
			each(p, checks.gpus.on(r.platform, p), func(f onGPUs) { f(p, &p.resources, a) })
		}
	}
	p.leave(1)
}

func (p *pass) walkEnvironment(member string, env []types.KeyValuePair, platform Platforms) {
	p.enter(member)
	each(p, checks.environment.on(platform, p), func(f onEnvironment) { f(p, env) })
	p.leave(1)
}
