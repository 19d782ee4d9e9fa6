package validate

import (
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// contextRules need to know more than the input: see [WithQueue] and [WithConsumables].
var contextRules = []Rule{
	{
		ID: "SUB005", Title: "the queue takes jobs",
		Severity: Error, Platforms: All, Source: apiReference + "API_CreateJobQueue.html",
		check: onQueue(func(p *pass, _ *submission, q *Queue) {
			if q.State == types.JQStateDisabled {
				p.fail(at("jobQueue"), "must be a queue that is ENABLED, found one that is DISABLED: it takes no new jobs, enable it or use another")
			}
		}),
	},
	{
		ID: "SUB007", Title: "the queue has compute environments for the platform of the definition",
		Severity: Error, Platforms: All, Source: apiReference + "API_CreateJobQueue.html",
		Service: "Job Queue is attached to Compute Environment that can not run Jobs with capability X.",
		reads:   []string{"containerProperties", "ecsProperties", "eksProperties", "nodeProperties", "type"},
		check: onQueue(func(p *pass, s *submission, q *Queue) {
			platform := runsOn(s)
			if platform != 0 && q.every(func(e *Environment) bool { return e.Platform != 0 && e.Platform&platform == 0 }) {
				f := p.fail(at("jobQueue"), "must have a compute environment for %s, which the definition is for, found none: use another queue, or set platformCapabilities in the definition", platform)
				if platform == EKS {
					f.Service = "" // known for capabilities only
				}
				f.saying(platform.String())
			}
		}),
	},
	{
		ID: "FS001", Title: "a job for a queue with a fair-share policy has a share identifier",
		Severity: Error, Platforms: All, Source: submitJob,
		reads: []string{"shareIdentifier"},
		check: onQueue(func(p *pass, s *submission, q *Queue) {
			if q.Scheduling == FairShare && str(s.in.ShareIdentifier) == "" {
				p.fail(at("shareIdentifier"), "must be set, because the queue has a fair-share policy: name the share that the job counts for")
			}
		}),
	},
	{
		// The service's answer is about priorities too. Its documents say that those have no effect there.
		ID: "FS002", Title: "a share identifier is for a queue with a fair-share policy",
		Severity: Error, Platforms: All, Source: userGuide + "scheduling-policies.html",
		Service: "Job with shareIdentifier or schedulingPriority can onlybe submitted to job queue with fair share scheduling policy.",
		check: onQueue(func(p *pass, s *submission, q *Queue) {
			if q.Scheduling == FIFO && s.in.ShareIdentifier != nil {
				p.fail(at("shareIdentifier"), "must be absent, because the queue has no fair-share policy: remove it, or use another queue")
			}
		}),
	},
	{
		ID: "MNP020", Title: "a multi-node job has an environment that is managed and not Spot",
		Severity: Error, Platforms: MultiNode, Source: userGuide + "multi-node-parallel-jobs.html",
		reads: []string{"nodeProperties", "type"},
		check: onQueue(func(p *pass, s *submission, q *Queue) {
			if s.payload == nodePayload && q.every(func(e *Environment) bool { return e.Spot || e.Unmanaged }) {
				p.fail(at("jobQueue"), "must have a compute environment that is managed and On-Demand for a multi-node job, found none: use another queue")
			}
		}),
	},
	{
		ID: "FG023", Title: "a Windows job on Fargate has an environment that is not Spot",
		Severity: Warning, Platforms: Fargate, Source: apiReference + "API_RuntimePlatform.html",
		reads: []string{"containerProperties", "ecsProperties", "operatingSystemFamily", "runtimePlatform"},
		check: onQueue(func(p *pass, s *submission, q *Queue) {
			if s.platform == Fargate && forWindows(s.def) && q.every(func(e *Environment) bool { return e.Platform == Fargate && e.Spot }) {
				p.fail(at("jobQueue"), "should have an environment that is not Fargate Spot, because the job is for Windows: it would block the queue")
			}
		}),
	},
	{
		ID: "RR019", Title: "a job fits the largest instance of the queue",
		Severity: Warning, Platforms: EC2 | ManagedInstances, Source: userGuide + "memory-management.html",
		reads: []string{"containerOverrides", "containerProperties", "containers", "ecsProperties", "ecsPropertiesOverride", "memory", "name", "resourceRequirements", "taskProperties", "type", "value", "vcpus"},
		check: onQueue(func(p *pass, s *submission, q *Queue) {
			vcpus, memory, ok := requested(s)
			if !ok || s.platform == Fargate {
				return
			}
			tooLarge := func(e *Environment) bool {
				return e.VCPUs > 0 && vcpus > float64(e.VCPUs) || e.MemoryMiB > 0 && memory > float64(e.MemoryMiB)
			}
			if q.every(tooLarge) {
				p.fail(at("jobQueue"), "has no instance for %g vCPUs and %g MiB: the job would stay RUNNABLE, ask for less or use a queue with larger instances", vcpus, memory)
			}
		}),
	},
	{
		ID: "CR005", Title: "a job needs no more of a consumable resource than there is",
		Severity: Warning, Platforms: All, Source: userGuide + "resource-aware-scheduling.html",
		reads: []string{"consumableResource"},
		check: several{
			onDefinition(func(p *pass, in *batch.RegisterJobDefinitionInput) {
				consumes(p, "consumableResourceProperties", in.ConsumableResourceProperties)
				if in.NodeProperties == nil {
					return
				}
				for i := range in.NodeProperties.NodeRangeProperties {
					p.enter("nodeProperties")
					p.enterAt("nodeRangeProperties", i)
					consumes(p, "consumableResourceProperties", in.NodeProperties.NodeRangeProperties[i].ConsumableResourceProperties)
					p.leave(3)
				}
			}),
			onSubmission(func(p *pass, s *submission) {
				consumes(p, "consumableResourcePropertiesOverride", s.in.ConsumableResourcePropertiesOverride)
			}),
		},
	},
}

// onQueue sees each submission with what is known of its queue.
func onQueue(check func(*pass, *submission, *Queue)) onSubmission {
	return func(p *pass, s *submission) {
		if len(p.queues) > 0 {
			check(p, s, p.queueOf(s))
		}
	}
}

// runsOn is the one platform that a submission's definition is for, 0 when it is not known.
func runsOn(s *submission) Platforms {
	switch {
	case s.payload == noPayload:
		return 0
	case onEKS(s.def):
		return EKS
	case s.payload == nodePayload:
		return EC2
	case s.platform == ECS:
		return 0
	default:
		return s.platform
	}
}

// forWindows reports whether a task of the definition asks for Windows.
func forWindows(def *batch.RegisterJobDefinitionInput) bool {
	var t task
	if def.ContainerProperties != nil {
		t.runtime = def.ContainerProperties.RuntimePlatform
		return t.windows()
	}
	if def.EcsProperties == nil {
		return false
	}
	for i := range def.EcsProperties.TaskProperties {
		if t.runtime = def.EcsProperties.TaskProperties[i].RuntimePlatform; t.windows() {
			return true
		}
	}
	return false
}

// requested adds up what the containers of a job on one instance ask for, overrides included. It reports false
// when a figure is missing or is no number.
func requested(s *submission) (vcpus, memory float64, ok bool) {
	add := func(list, over []types.ResourceRequirement, c *types.ContainerProperties) bool {
		list = merged(list, over)
		v, m := amount(list, c, types.ResourceTypeVcpu), amount(list, c, types.ResourceTypeMemory)
		vcpus, memory = vcpus+v, memory+m
		return v > 0 && m > 0
	}
	switch s.payload {
	case containerPayload:
		var over []types.ResourceRequirement
		if s.in.ContainerOverrides != nil {
			over = s.in.ContainerOverrides.ResourceRequirements
		}
		ok = add(s.def.ContainerProperties.ResourceRequirements, over, s.def.ContainerProperties)
	case ecsPayload:
		if len(s.def.EcsProperties.TaskProperties) != 1 {
			return 0, 0, false
		}
		containers := s.def.EcsProperties.TaskProperties[0].Containers
		ok = len(containers) > 0
		for i := range containers {
			ok = add(containers[i].ResourceRequirements, overriding(s.in.EcsPropertiesOverride, str(containers[i].Name)), nil) && ok
		}
	}
	return vcpus, memory, ok
}

// amount is how much of a kind is asked for, in a requirement or in the older member of c; 0 when that is not clear.
func amount(list []types.ResourceRequirement, c *types.ContainerProperties, kind types.ResourceType) float64 {
	for i := range list {
		if list[i].Type == kind {
			n, _ := decimal(str(list[i].Value))
			return n
		}
	}
	var older float64
	eachLegacy(c, func(l legacy) {
		if l.kind == kind {
			older = float64(l.value)
		}
	})
	return older
}

// overriding are the requirements that an override has for the container of that name.
func overriding(o *types.EcsPropertiesOverride, name string) []types.ResourceRequirement {
	if o == nil || len(o.TaskProperties) != 1 {
		return nil
	}
	for i := range o.TaskProperties[0].Containers {
		if c := &o.TaskProperties[0].Containers[i]; str(c.Name) == name {
			return c.ResourceRequirements
		}
	}
	return nil
}

// consumes judges the quantities of consumable resources in a member of the current path.
func consumes(p *pass, member string, c *types.ConsumableResourceProperties) {
	if c == nil || len(p.consumables) == 0 {
		return
	}
	for i := range c.ConsumableResourceList {
		r := &c.ConsumableResourceList[i]
		name := resourceName(str(r.ConsumableResource), ":consumable-resource/")
		if total, known := p.consumables[name]; known && r.Quantity != nil && *r.Quantity > total {
			p.fail(at(member, "consumableResourceList", i, "quantity"), "is more than there is of %s, %d, found %d: the job would wait for ever, and others behind it", excerpt(name), total, *r.Quantity)
		}
	}
}
