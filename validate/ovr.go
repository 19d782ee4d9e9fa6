package validate

import (
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

const (
	containerOverrides = apiReference + "API_ContainerOverrides.html"
	ecsOverride        = apiReference + "API_EcsPropertiesOverride.html"
	ecsContainer       = apiReference + "API_TaskContainerOverrides.html"
)

// ovrRules are the rules of what a submission changes in its definition. A kind of override that does not fit
// the definition breaks one of OVR001 to OVR006, and what it holds is then not compared with the definition.
var ovrRules = []Rule{
	{
		ID: "OVR001", Title: "containerOverrides is not for a definition with ecsProperties",
		Severity: Error, Platforms: ECS, Source: userGuide + "multi-container-jobs.html",
		Service: "Container overrides should not be set for ecsProperties jobs.",
		reads:   []string{"containerProperties", "ecsProperties"},
		check: onSubmission(func(p *pass, s *submission) {
			// One that is there and empty is refused too.
			if s.in.ContainerOverrides != nil && s.payload == ecsPayload {
				p.fail(at("containerOverrides"), "must be absent, even when empty, because the definition has ecsProperties: use ecsPropertiesOverride, which names the container")
			}
		}),
	},
	{
		ID: "OVR002", Title: "containerOverrides and nodeOverrides are not for a definition with eksProperties",
		Severity: Error, Platforms: EKS, Source: gitHub + "nextflow-io/nextflow/issues/5817",
		Service: "Container overrides or node overrides should not be set for Batch on EKS jobs.",
		reads:   []string{"eksProperties", "nodeProperties"},
		check: onSubmission(func(p *pass, s *submission) {
			const message = "must be absent, because the definition has eksProperties: use eksPropertiesOverride"
			if s.payload != eksPayload {
				return
			}
			if s.in.ContainerOverrides != nil {
				p.fail(at("containerOverrides"), message)
			}
			if s.in.NodeOverrides != nil {
				p.fail(at("nodeOverrides"), message)
			}
		}),
	},
	{
		ID: "OVR003", Title: "containerOverrides is not for a multi-node definition",
		Severity: Error, Platforms: MultiNode, Source: submitJob,
		reads: []string{"containerProperties", "ecsProperties", "eksProperties", "nodeProperties"},
		check: onSubmission(func(p *pass, s *submission) {
			if s.in.ContainerOverrides != nil && s.payload == nodePayload {
				p.fail(at("containerOverrides"), "must be absent, because the definition is multi-node: put it into nodeOverrides.nodePropertyOverrides, with the range of nodes that it is for")
			}
		}),
	},
	{
		// On EC2 no answer of the service is known, and a public sample does it.
		ID: "OVR004", Title: "nodeOverrides is for a multi-node definition",
		Severity: Error, Platforms: EC2 | Fargate, Source: submitJob,
		reads: []string{"containerProperties", "ecsProperties"},
		check: onSubmission(func(p *pass, s *submission) {
			if s.in.NodeOverrides == nil {
				return
			}
			instead := ""
			switch s.payload {
			case containerPayload:
				instead = "containerOverrides"
			case ecsPayload:
				instead = "ecsPropertiesOverride"
			default:
				return
			}
			if s.platform == Fargate {
				p.fail(at("nodeOverrides"), "must be absent on Fargate, which has no multi-node jobs: use %s", instead)
			} else {
				p.warn(at("nodeOverrides"), "is for multi-node jobs, and the definition is for one node: use %s", instead)
			}
		}),
	},
	{
		// What the service says to it where there is no pod is not known.
		ID: "OVR005", Title: "ecsPropertiesOverride is for a definition with ecsProperties",
		Severity: Error, Platforms: All, Source: ecsOverride,
		reads: []string{"containerProperties", "eksProperties", "nodeProperties"},
		check: onSubmission(func(p *pass, s *submission) {
			if s.in.EcsPropertiesOverride == nil {
				return
			}
			switch s.payload {
			case eksPayload:
				p.fail(at("ecsPropertiesOverride"), "must be absent, because the definition has eksProperties: use eksPropertiesOverride")
			case containerPayload:
				p.warn(at("ecsPropertiesOverride"), "has nothing to change, because the definition has containerProperties: use containerOverrides")
			case nodePayload:
				p.warn(at("ecsPropertiesOverride"), "has nothing to change, because the definition is multi-node: put it into nodeOverrides.nodePropertyOverrides, with the range of nodes that it is for")
			}
		}),
	},
	{
		ID: "OVR006", Title: "eksPropertiesOverride is for a definition with eksProperties",
		Severity: Error, Platforms: All, Source: submitJob,
		reads: []string{"containerProperties", "ecsProperties", "eksProperties", "nodeProperties"},
		check: onSubmission(func(p *pass, s *submission) {
			if s.in.EksPropertiesOverride == nil {
				return
			}
			switch s.payload {
			case containerPayload:
				p.fail(at("eksPropertiesOverride"), "must be absent, because the definition has containerProperties: use containerOverrides")
			case ecsPayload:
				p.fail(at("eksPropertiesOverride"), "must be absent, because the definition has ecsProperties: use ecsPropertiesOverride")
			case nodePayload:
				p.fail(at("eksPropertiesOverride"), "must be absent, because the definition is multi-node: put it into nodeOverrides.nodePropertyOverrides, with the range of nodes that it is for")
			}
		}),
	},
	{
		// The message does not show the command, which may hold a secret. An empty list is left alone:
		// definitions with one are registered every day.
		ID: "OVR007", Title: "a command has no empty string",
		Severity: Error, Platforms: ECS, Source: gitHub + "boto/boto3/issues/3612",
		Service: "Command cannot be empty",
		check: several{
			// Cromwell met this with definitions: broadinstitute/cromwell/issues/3737.
			onContainer(func(p *pass, c *container) { emptyArguments(p, c.command) }),
			onOverride(func(p *pass, o *override) { emptyArguments(p, o.command) }),
		},
	},
	{
		ID: "OVR008", Title: "vcpus and memory do not change resource requirements of the definition",
		Severity: Warning, Platforms: EC2 | MultiNode, Source: userGuide + "troubleshooting.html#override-resource-requirements",
		reads: []string{"container", "containerProperties", "nodeProperties", "nodeRangeProperties", "numNodes", "resourceRequirements", "targetNodes", "type"},
		check: onOverride(func(p *pass, o *override) {
			judge := func(member string, kind types.ResourceType, value *int32) {
				if value != nil && hasResource(requirementsOf(o), kind) {
					p.fail(at(member), "is ignored, because the definition has a resource requirement %s: use resourceRequirements here too", kind)
				}
			}
			judge("vcpus", types.ResourceTypeVcpu, o.vcpus)
			judge("memory", types.ResourceTypeMemory, o.memory)
		}),
	},
	{
		ID: "OVR009", Title: "vcpus and memory of an override are not for Fargate",
		Severity: Error, Platforms: Fargate, Source: containerOverrides,
		reads: []string{"containerProperties", "nodeProperties"},
		check: onOverride(func(p *pass, o *override) {
			if o.inNodes || o.in.payload != containerPayload {
				return
			}
			if o.vcpus != nil {
				p.fail(at("vcpus"), "must be absent on Fargate: use the resource requirement VCPU")
			}
			if o.memory != nil {
				p.fail(at("memory"), "must be absent on Fargate: use the resource requirement MEMORY")
			}
		}),
	},
	{
		ID: "OVR010", Title: "vCPUs and memory of a Fargate job, once overridden, are a size that Fargate has",
		Severity: Error, Platforms: Fargate, Source: resourceRequirement,
		Service: badFargateSize,
		reads:   []string{"containerProperties", "containers", "ecsProperties", "name", "resourceRequirements", "taskProperties", "type", "value"},
		check:   onSubmission(overriddenSize),
	},
	{
		ID: "OVR011", Title: "the instance type of an override is for multi-node jobs",
		Severity: Warning, Platforms: EC2 | Fargate, Source: containerOverrides,
		reads: []string{"containerProperties", "nodeProperties"},
		check: onOverride(func(p *pass, o *override) {
			if o.instanceType != nil && !o.inNodes && o.in.payload == containerPayload {
				p.fail(at("instanceType"), "has no place in a single-node job: remove it, and choose the instance type in the compute environment")
			}
		}),
	},
	{
		ID: "OVR013", Title: "ecsPropertiesOverride holds at most one task",
		Severity: Error, Platforms: ECS, Source: ecsOverride,
		check: onSubmission(func(p *pass, s *submission) {
			eachECSOverride(p, s, func(o *types.EcsPropertiesOverride, _ *types.EcsProperties) {
				if n := len(o.TaskProperties); n > 1 {
					p.fail(at("taskProperties"), "must be at most one task, found %d: put all containers into one", n)
				}
			})
		}),
	},
	{
		ID: "OVR014", Title: "an override names a container of the definition, and each one once",
		Severity: Error, Platforms: ECS, Source: ecsContainer,
		reads: []string{"containers", "ecsProperties", "name", "nodeProperties", "nodeRangeProperties", "targetNodes", "taskProperties"},
		check: onSubmission(func(p *pass, s *submission) {
			eachECSOverride(p, s, overriddenContainers(p))
		}),
	},
	{
		ID: "OVR015", Title: "an override names a container of the pod, and each one once",
		Severity: Error, Platforms: EKS, Source: apiReference + "API_EksContainerOverride.html",
		reads: []string{"containers", "eksProperties", "initContainers", "name", "nodeProperties", "nodeRangeProperties", "numNodes", "podProperties", "targetNodes"},
		check: onSubmission(func(p *pass, s *submission) {
			eachPodOverride(p, s, func(o *types.EksPodPropertiesOverride, pod *types.EksPodProperties) {
				overriddenPod(p, "containers", o.Containers, pod.Containers)
				overriddenPod(p, "initContainers", o.InitContainers, pod.InitContainers)
			})
		}),
	},
	{
		// Nobody says whether resources replace those of the definition or are laid over them, name by name.
		// At fault is what is wrong either way.
		ID: "OVR016", Title: "resources of a pod's container, once overridden, are in keeping with those of the definition",
		Severity: Error, Platforms: EKS, Source: eksResources,
		reads: []string{"containers", "eksProperties", "initContainers", "limits", "name", "nodeProperties", "nodeRangeProperties", "numNodes", "podProperties", "requests", "resources", "targetNodes"},
		check: onSubmission(func(p *pass, s *submission) {
			eachPodOverride(p, s, func(o *types.EksPodPropertiesOverride, pod *types.EksPodProperties) {
				overriddenResources(p, "containers", o.Containers, pod.Containers)
				overriddenResources(p, "initContainers", o.InitContainers, pod.InitContainers)
			})
		}),
	},
	{
		ID: "OVR017", Title: "numNodes is overridden only where a range of nodes is open at the top",
		Severity: Error, Platforms: MultiNode, Source: gitHub + "aws/aws-cdk/issues/29415",
		Service: "NumNodes override can only be applied if the job definition has at least 1 target node without a range_end i.e (:) or (range_start:).",
		reads:   []string{"nodeProperties", "nodeRangeProperties", "targetNodes"},
		check: onNodes(func(p *pass, o *types.NodeOverrides, def *types.NodeProperties) {
			if _, open := lowestOpen(def); o.NumNodes != nil && !open {
				p.fail(at("numNodes"), "must be absent, because every range of nodes in the definition has an end: remove it, or leave the last range open as in \"0:\"")
			}
		}),
	},
	{
		ID: "OVR018", Title: "numNodes is 1 to 1000, and more than the main node and the start of the open range",
		Severity: Error, Platforms: MultiNode, Source: apiReference + "API_NodeOverrides.html",
		reads: []string{"mainNode", "nodeProperties", "nodeRangeProperties", "targetNodes"},
		check: onNodes(func(p *pass, o *types.NodeOverrides, def *types.NodeProperties) {
			low, open := lowestOpen(def)
			if o.NumNodes == nil || !open {
				return // OVR017
			}
			const most = 1000
			switch n := *o.NumNodes; {
			case n < 1 || n > most:
				p.fail(at("numNodes"), "must be 1 to %d, found %d", most, n)
			case n <= num(def.MainNode):
				p.fail(at("numNodes"), "must be more than the index of the definition's main node, %d, found %d", num(def.MainNode), n)
			case int(n) <= low:
				p.fail(at("numNodes"), "must be more than the start of the definition's open range, %d, found %d", low, n)
			}
		}),
	},
	{
		ID: "OVR019", Title: "the nodes of an override are a range of the definition",
		Severity: Error, Platforms: MultiNode, Source: gitHub + "aws/aws-parallelcluster/issues/964",
		Service: "NodeOverride targets should match job definition. Non matching targets - X",
		reads:   []string{"nodeProperties", "nodeRangeProperties", "targetNodes"},
		check: onNodes(func(p *pass, o *types.NodeOverrides, def *types.NodeProperties) {
			for i := range o.NodePropertyOverrides {
				// One that is absent is JD022's.
				if target := o.NodePropertyOverrides[i].TargetNodes; target != nil && rangeOf(o, def, *target) == nil {
					p.fail(at("nodePropertyOverrides", i, "targetNodes"), "must be a whole range of the definition, found %s: it has %s", excerpt(*target), rangesText(def)).saying(*target)
				}
			}
		}),
	},
	{
		ID: "OVR020", Title: "the override of a range of nodes is of the kind of the range",
		Severity: Error, Platforms: MultiNode, Source: apiReference + "API_NodePropertyOverride.html",
		reads: []string{"ecsProperties", "nodeProperties", "nodeRangeProperties", "targetNodes"},
		check: onNodes(func(p *pass, o *types.NodeOverrides, def *types.NodeProperties) {
			for i := range o.NodePropertyOverrides {
				n := &o.NodePropertyOverrides[i]
				if r := rangeOf(o, def, str(n.TargetNodes)); r != nil {
					p.enterAt("nodePropertyOverrides", i)
					nodeKinds(p, n, r)
					p.leave(2)
				}
			}
		}),
	},
	{
		ID: "OVR021", Title: "an override of nodes has at most one instance type, and none for a range of containerProperties",
		Severity: Error, Platforms: MultiNode, Source: apiReference + "API_NodePropertyOverride.html",
		reads: []string{"nodeProperties"},
		check: onNodes(func(p *pass, o *types.NodeOverrides, def *types.NodeProperties) {
			for i := range o.NodePropertyOverrides {
				n := &o.NodePropertyOverrides[i]
				place := at("nodePropertyOverrides", i, "instanceTypes")
				r := rangeOf(o, def, str(n.TargetNodes))
				switch {
				case len(n.InstanceTypes) > 0 && r != nil && r.Container != nil:
					p.fail(place, "must be absent for a range that has container: use containerOverrides.instanceType")
				case len(n.InstanceTypes) > 1:
					p.fail(place, "must be at most one instance type, found %d", len(n.InstanceTypes))
				}
			}
		}),
	},
}

func emptyArguments(p *pass, command []string) {
	for i, arg := range command {
		if arg == "" {
			p.fail(at("command", i), "must not be an empty string: remove the argument, or have a shell supply it")
		}
	}
}
