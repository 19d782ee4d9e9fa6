package validate

import (
	"math"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

const (
	resourceRequirement = apiReference + "API_ResourceRequirement.html"

	// notNumeric is the service's answer to a value X of type Y that it cannot read as a number.
	notNumeric = "Value X for type Y in resourceRequirement is not valid. Please provide a numeric value."
	// minSensibleMemory is the amount in MiB below which GiB were most likely meant.
	minSensibleMemory = 64
)

// rrRules are the rules of vCPUs, memory and GPUs. A bad value breaks one of them:
// RR005 when it is no number at all, else that of its type.
var rrRules = []Rule{
	{
		ID: "RR001", Title: "a container says how many vCPUs it needs",
		Severity: Error, Platforms: ECS, Source: resourceRequirement,
		Service: "vCPU is required.",
		reads:   []string{"vcpus"},
		check:   requires(types.ResourceTypeVcpu),
	},
	{
		ID: "RR002", Title: "a container says how much memory it needs",
		Severity: Error, Platforms: ECS, Source: resourceRequirement,
		reads: []string{"memory"},
		check: requires(types.ResourceTypeMemory),
	},
	{
		ID: "RR003", Title: "the type of a resource requirement is VCPU, MEMORY or GPU",
		Severity: Error, Platforms: ECS, Source: resourceRequirement,
		check: onResources(func(p *pass, r *resources) {
			for i := range r.list {
				if kind := r.list[i].Type; kind == "" {
					p.fail(at(i, "type"), "must be set: VCPU, MEMORY or GPU")
				} else if !knownResource(kind) {
					p.fail(at(i, "type"), "must be VCPU, MEMORY or GPU, found %s", excerpt(string(kind)))
				}
			}
		}),
	},
	{
		ID: "RR004", Title: "each type of resource requirement is given once",
		Severity: Error, Platforms: ECS, Source: resourceRequirement,
		Service: "Cannot provide duplicates in resourceRequirements.",
		reads:   []string{"resourceRequirements", "type"},
		check: onResources(func(p *pass, r *resources) {
			for i := range r.list {
				if kind := r.list[i].Type; knownResource(kind) && hasResource(r.list[:i], kind) {
					p.fail(at(i, "type"), "must be listed once, found %s again: keep one of them", kind)
				}
			}
		}),
	},
	{
		ID: "RR005", Title: "the value of a resource requirement is a number",
		Severity: Error, Platforms: ECS, Source: resourceRequirement,
		Service: notNumeric,
		check: onNoNumber(func(p *pass, r *resources, i int) {
			switch value, kind := r.list[i].Value, r.list[i].Type; {
			case kind == types.ResourceTypeGpu && r.platform == Fargate: // A GPU on Fargate has to go whatever its value: RR010.
			case value == nil:
				p.fail(at(i, "value"), `must be set: a number in quotes, such as "1"`).Service = ""
			default:
				p.fail(at(i, "value"), "must be a plain number, found %s: write no unit, MEMORY is in MiB", excerpt(*value)).saying(*value, string(kind))
			}
		}),
	},
	{
		ID: "RR006", Title: "vCPUs on EC2 are a whole number of at least 1, written without decimals",
		Severity: Error, Platforms: EC2 | MultiNode, Source: gitHub + "kestra-io/plugin-aws/issues/504",
		Service: "vCPU must be at least 1, got X.",
		reads:   []string{"type"},
		check: several{
			onVCPUs(func(p *pass, r *resources, a figure) {
				switch {
				case a.n <= 0 || a.n < 1 && r.payload == containerPayload && whole(a.text):
					p.fail(at(a.index, "value"), "must be at least 1 on EC2, found %s", a.text).saying(a.text)
				case r.payload == containerPayload && !whole(a.text):
					f := p.fail(at(a.index, "value"), "must be a whole number on EC2, written without decimals, found %s: only Fargate takes parts of a vCPU", a.text)
					f.Service = notNumeric
					f.saying(a.text, string(types.ResourceTypeVcpu))
				}
			}),
			with(theOlder, func(p *pass, c *container) {
				eachLegacy(c.only, func(l legacy) {
					if l.kind == types.ResourceTypeVcpu && l.value < 1 {
						p.fail(at(l.member), "must be at least 1, found %d", l.value).saying(strconv.Itoa(int(l.value)))
					}
				})
			}),
		},
	},
	{
		// The user guide's own samples of multi-container jobs write "1.0".
		ID: "RR007", Title: "vCPUs of a task's container on EC2 are a whole number of at least 1",
		Severity: Warning, Platforms: EC2 | MultiNode, Source: resourceRequirement, Uncertain: true,
		Service: "vCPU must be at least 1, got X.",
		reads:   []string{"type"},
		check: onVCPUs(func(p *pass, r *resources, a figure) {
			if r.payload == ecsPayload && a.n > 0 && (a.n < 1 || !whole(a.text)) {
				p.fail(at(a.index, "value"), "should be a whole number of at least 1 on EC2, found %s: only Fargate is sure to take parts of a vCPU", a.text).saying(a.text)
			}
		}),
	},
	{
		ID: "RR008", Title: "memory is a whole number of MiB, at least 4",
		Severity: Error, Platforms: ECS, Source: resourceRequirement,
		Service: "Memory must be at least 4 Mib, got X Mib.",
		reads:   []string{"type"},
		check: several{
			onMemory(func(p *pass, _ *resources, a figure) {
				if !soundMemory(a.n) {
					f := p.fail(at(a.index, "value"), "must be a whole number of MiB, at least %d, found %s", minMemory, a.text)
					if a.n >= minMemory {
						f.Service = "" // not known for a fraction
					}
					f.saying(a.text)
				}
			}),
			with(theOlder, func(p *pass, c *container) {
				// On Fargate the member has to go whatever its value: RR013.
				eachLegacy(c.only, func(l legacy) {
					if l.kind == types.ResourceTypeMemory && l.value < minMemory && c.task.platform != Fargate {
						p.fail(at(l.member), "must be at least %d MiB, found %d", minMemory, l.value).saying(strconv.Itoa(int(l.value)))
					}
				})
			}),
		},
	},
	{
		ID: "RR009", Title: "memory is given in MiB, not in GiB",
		Severity: Warning, Platforms: ECS, Source: resourceRequirement,
		reads: []string{"type"},
		check: several{
			onMemory(func(p *pass, _ *resources, a figure) {
				if soundMemory(a.n) && a.n < minSensibleMemory {
					p.fail(at(a.index, "value"), "is in MiB, and %s MiB are hardly enough for any container: multiply by 1024 if GiB were meant", a.text)
				}
			}),
			with(theOlder, func(p *pass, c *container) {
				eachLegacy(c.only, func(l legacy) {
					if l.kind == types.ResourceTypeMemory && l.value >= minMemory && l.value < minSensibleMemory && c.task.platform != Fargate {
						p.fail(at(l.member), "is in MiB, and %d MiB are hardly enough for any container: multiply by 1024 if GiB were meant", l.value)
					}
				})
			}),
		},
	},
	{
		ID: "RR010", Title: "GPUs are a whole number of at least 1, and not for Fargate",
		Severity: Error, Platforms: ECS, Source: resourceRequirement,
		Service: "GPU is not applicable for Fargate.",
		check: several{
			onResources(func(p *pass, r *resources) {
				if r.platform != Fargate {
					return
				}
				for i := range r.list {
					if r.list[i].Type == types.ResourceTypeGpu {
						p.fail(at(i), "must be absent on Fargate, which has no GPUs: remove it or run the job on EC2")
					}
				}
			}),
			onGPUs(func(p *pass, r *resources, a figure) {
				if r.platform != Fargate && (a.n < 1 || a.n != math.Trunc(a.n)) {
					p.fail(at(a.index, "value"), "must be a whole number of at least 1, found %s: leave GPU out where none is needed", a.text).Service = ""
				}
			}),
		},
	},
	{
		ID: "RR011", Title: "vcpus and memory do not stand beside the resource requirements of the same kind",
		// On Fargate the older members have to go whatever stands beside them: RR013.
		Severity: Error, Platforms: EC2 | ManagedInstances | MultiNode, Source: registerJobDefinition,
		Service: "Cannot use both ECS containerProperties X and resourceRequirement Y.",
		reads:   []string{"resourceRequirements", "type"},
		check: with(theOlder, func(p *pass, c *container) {
			eachLegacy(c.only, func(l legacy) {
				if hasResource(c.requirements, l.kind) {
					p.fail(at(l.member), "must not stand beside the resource requirement %s: remove %s", l.kind, l.member).saying(l.service, string(l.kind))
				}
			})
		}),
	},
	{
		ID: "RR012", Title: "vcpus and memory are deprecated",
		Severity: Warning, Platforms: EC2 | MultiNode, Source: apiReference + "API_ContainerProperties.html",
		reads: []string{"resourceRequirements", "type"},
		check: with(theOlder, func(p *pass, c *container) {
			eachLegacy(c.only, func(l legacy) {
				if !hasResource(c.requirements, l.kind) {
					p.fail(at(l.member), "is deprecated, and an override of resourceRequirements does not reach it: use the resource requirement %s", l.kind)
				}
			})
		}),
	},
	{
		ID: "RR013", Title: "vcpus and memory are not for Fargate",
		Severity: Error, Platforms: Fargate, Source: gitHub + "insitro/redun/issues/95",
		Service: "X is not applicable for Fargate. Use resource requirements instead.",
		check: with(theOlder, func(p *pass, c *container) {
			eachLegacy(c.only, func(l legacy) {
				p.fail(at(l.member), "must be absent on Fargate: use the resource requirement %s", l.kind).saying(l.member)
			})
		}),
	},
	{
		ID: "RR014", Title: "vCPUs and memory of a Fargate container are a size that Fargate has",
		Severity: Error, Platforms: Fargate, Source: cdkPreflight + "pf-batch-fargate-cpu-memory",
		Service: badFargateSize,
		check: onTask(func(p *pass, t *task) {
			if s := fargateSizeOf(t); len(t.containers) < 2 && !s.unclear && !s.valid() {
				s.report(p, sizePlace(t), "for the container")
			}
		}),
	},
	{
		ID: "RR015", Title: "the sums of the containers' vCPUs and memory are a size that Fargate has",
		Severity: Error, Platforms: Fargate, Source: userGuide + "fargate-job-definitions.html",
		Service: badFargateSize,
		check: onTask(func(p *pass, t *task) {
			if s := fargateSizeOf(t); len(t.containers) > 1 && !s.unclear && !s.valid() {
				s.report(p, sizePlace(t), "as the sum of the containers")
			}
		}),
	},
	{
		ID: "RR016", Title: "a Fargate task has at most 16 vCPUs",
		Severity: Warning, Platforms: Fargate, Source: ecsGuide + "task-cpu-memory-error.html", Uncertain: true,
		Service: badFargateSize,
		check: onTask(func(p *pass, t *task) {
			if s := fargateSizeOf(t); !s.unclear && s.valid() && s.vcpus > 16 {
				p.fail(sizePlace(t), "should be at most 16 vCPUs, found %s: Amazon ECS has this size, not every document of AWS Batch has it", s.vcpuText()).
					saying(s.serviceText())
			}
		}),
	},
	{
		ID: "RR017", Title: "a Windows task on Fargate has 1, 2 or 4 vCPUs",
		Severity: Error, Platforms: Fargate, Source: ecsGuide + "task-cpu-memory-error.html",
		Service: "vCPU must be at least 1 for Windows Job definition, got X.",
		reads:   []string{"operatingSystemFamily", "runtimePlatform"},
		check:   onTask(windowsSize),
	},
	{
		ID: "RR018", Title: "8 vCPUs and more on Fargate need platform version 1.4.0 or later",
		Severity: Error, Platforms: Fargate, Source: ecsGuide + "fargate-tasks-services.html",
		reads: []string{"operatingSystemFamily", "resourceRequirements", "runtimePlatform", "type", "value"},
		check: onTask(func(p *pass, t *task) {
			// Windows never has as many: RR017.
			if s := fargateSizeOf(t); !t.windows() && !s.unclear && s.valid() && s.vcpus >= 8 && oldPlatform(t) {
				p.fail(platformVersionPlace(t), "must be 1.4.0 or later for %s vCPUs, found %s: leave it out to get the latest", s.vcpuText(), excerpt(*t.platformVersion))
			}
		}),
	},
}

// requires is the check that a container asks for a kind of resource, in a requirement or in the older member.
//
// A multi-node job needs the figure once for each node, and ranges may overlap. A range of containerProperties
// is therefore at fault here only when no range says anything.
func requires(kind types.ResourceType) check {
	const message = "must hold a requirement of type %s: add one"
	return several{
		onContainer(func(p *pass, c *container) {
			if !asksFor(kind, c.requirements, c.only) && (c.only == nil || !c.task.multiNode) {
				p.fail(at("resourceRequirements"), message, kind)
			}
		}),
		onDefinition(func(p *pass, in *batch.RegisterJobDefinitionInput) {
			if in.NodeProperties == nil {
				return
			}
			ranges := in.NodeProperties.NodeRangeProperties
			for i := range ranges {
				if c := ranges[i].Container; c == nil || asksFor(kind, c.ResourceRequirements, c) {
					return
				}
			}
			for i := range ranges {
				p.fail(at("nodeProperties", "nodeRangeProperties", i, "container", "resourceRequirements"), message, kind)
			}
		}),
	}
}

// asksFor reports whether a container says how much of a resource it needs: in a requirement or, where it is written as
// containerProperties, in the older member.
func asksFor(kind types.ResourceType, list []types.ResourceRequirement, only *types.ContainerProperties) bool {
	for i := range list {
		// A type that nobody knows may have been meant for this one: RR003.
		if list[i].Type == kind || !knownResource(list[i].Type) {
			return true
		}
	}
	older := false
	eachLegacy(only, func(l legacy) { older = older || l.kind == kind })
	return older
}

func knownResource(kind types.ResourceType) bool {
	return kind == types.ResourceTypeVcpu || kind == types.ResourceTypeMemory || kind == types.ResourceTypeGpu
}

func hasResource(list []types.ResourceRequirement, kind types.ResourceType) bool {
	for i := range list {
		if list[i].Type == kind {
			return true
		}
	}
	return false
}

// whole reports whether a number is written without decimals.
func whole(text string) bool { return !strings.Contains(text, ".") }
