package validate

import (
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

const (
	nodeProperties    = apiReference + "API_NodeProperties.html"
	nodeRangeProperty = apiReference + "API_NodeRangeProperty.html"
	multiNodeJobs     = userGuide + "multi-node-parallel-jobs.html"

	maxNodes      = 1000
	maxNodeRanges = 5
	maxPodImages  = 10
)

// mnpRules are the rules of multi-node parallel jobs: how many nodes, and what each range of them runs.
// Which nodes the ranges hold is in mnpRangeRules. What a range runs is judged by the rules of tasks and pods.
var mnpRules = []Rule{
	{
		ID: "MNP001", Title: "a multi-node job has 1 to 1000 nodes",
		Severity: Error, Platforms: MultiNode, Source: nodeProperties,
		Service: "Number of nodes must be between 1 and 1000.",
		check: onNodeProperties(func(p *pass, def *types.NodeProperties) {
			if n := def.NumNodes; n != nil && (*n < 1 || *n > maxNodes) {
				p.fail(at("numNodes"), "must be 1 to %d, found %d", maxNodes, *n)
			}
		}),
	},
	{
		ID: "MNP002", Title: "the main node is one of the nodes",
		Severity: Error, Platforms: MultiNode, Source: nodeProperties,
		Service: "Main node index is out of range, must be less than numNodes.",
		reads:   []string{"numNodes"},
		check: onNodeProperties(func(p *pass, def *types.NodeProperties) {
			n, known := nodeCount(def)
			if main := def.MainNode; main != nil && (*main < 0 || known && int(*main) >= n) {
				p.fail(at("mainNode"), "must be the index of a node, 0 to one less than numNodes, found %d", *main)
			}
		}),
	},
	{
		ID: "MNP003", Title: "a multi-node job has 1 to 5 ranges of nodes",
		Severity: Error, Platforms: MultiNode, Source: nodeProperties,
		Service: "Maximum allowed size of node range properties is 5",
		check: onNodeProperties(func(p *pass, def *types.NodeProperties) {
			if def.NodeRangeProperties == nil {
				return // JD022
			}
			switch n := len(def.NodeRangeProperties); {
			case n == 0:
				p.fail(at("nodeRangeProperties"), "must hold at least one range: say what the nodes run").Service = ""
			case n > maxNodeRanges:
				p.fail(at("nodeRangeProperties"), "must be at most %d ranges, found %d: join ranges that run the same", maxNodeRanges, n)
			}
		}),
	},
	{
		ID: "MNP009", Title: "a range of nodes has one of container, ecsProperties and eksProperties",
		Severity: Error, Platforms: MultiNode, Source: nodeRangeProperty,
		Service: "Must specify container for node range X",
		check: onNodeRange(func(p *pass, _ *types.NodeProperties, r *types.NodeRangeProperty) {
			kind, n := kindOf(r)
			switch {
			case n == 0:
				p.fail(here, "must have container, ecsProperties or eksProperties, found none of them: say what the nodes run").saying(str(r.TargetNodes))
			case n > 1:
				f := p.fail(here, "must have one of container, ecsProperties and eksProperties, found %d: keep the one that describes the nodes", n)
				f.Service = ""
				if kind == containerPayload && r.EcsProperties != nil {
					f.Service = "NodeRangeProperties can not use both ecsProperties and container fields"
				}
			}
		}),
	},
	{
		ID: "MNP010", Title: "all ranges of nodes are of the same kind",
		Severity: Error, Platforms: MultiNode, Source: nodeProperties,
		reads: []string{"container", "ecsProperties", "eksProperties", "nodeRangeProperties"},
		check: onNodeProperties(func(p *pass, def *types.NodeProperties) {
			first := noPayload
			for i := range def.NodeRangeProperties {
				kind, n := kindOf(&def.NodeRangeProperties[i])
				switch {
				case n != 1: // MNP009
				case first == noPayload:
					first = kind
				case kind != first:
					p.fail(at("nodeRangeProperties", i), "must have %s as the first range has, found %s: all nodes run on one kind of cluster", kindMember(first), kindMember(kind))
				}
			}
		}),
	},
	{
		ID: "MNP011", Title: "a range of nodes has at most one instance type",
		Severity: Error, Platforms: MultiNode, Source: nodeRangeProperty,
		reads: []string{"ecsProperties"},
		check: onNodeRange(func(p *pass, _ *types.NodeProperties, r *types.NodeRangeProperty) {
			if n := len(r.InstanceTypes); n > 1 && r.EcsProperties != nil {
				p.fail(at("instanceTypes"), "must be at most one instance type, found %d", n)
			}
		}),
	},
	{
		ID: "MNP012", Title: "the instance types of a range go with ecsProperties",
		Severity: Error, Platforms: MultiNode, Source: nodeRangeProperty,
		Service: "Using instanceTypes with nodeRangeProperty is only allowed for ecsProperties jobs.",
		reads:   []string{"container", "ecsProperties", "eksProperties"},
		check: onNodeRange(func(p *pass, _ *types.NodeProperties, r *types.NodeRangeProperty) {
			switch kind, n := kindOf(r); {
			case len(r.InstanceTypes) == 0 || n != 1:
			case kind == containerPayload:
				p.fail(at("instanceTypes"), "must be absent for a range that has container: use container.instanceType")
			case kind == eksPayload:
				p.fail(at("instanceTypes"), "must be absent for a range that has eksProperties: choose the instance type in the compute environment")
			}
		}),
	},
	{
		ID: "MNP013", Title: "all nodes have the same instance type",
		Severity: Error, Platforms: MultiNode, Source: multiNodeJobs,
		reads: []string{"container", "ecsProperties", "instanceType", "instanceTypes", "nodeRangeProperties"},
		check: onNodeProperties(func(p *pass, def *types.NodeProperties) {
			first := ""
			for i := range def.NodeRangeProperties {
				kind, place := instanceType(&def.NodeRangeProperties[i])
				switch {
				case kind == "":
				case first == "":
					first = kind
				case kind != first:
					p.fail(append(at("nodeRangeProperties", i), place...), "must be %s as in an earlier range, found %s: the nodes of a job are all of one instance type", excerpt(first), excerpt(kind))
				}
			}
		}),
	},
	{
		ID: "MNP017", Title: "all pods of a multi-node job are in one namespace",
		Severity: Error, Platforms: EKS | MultiNode, Source: eksMetadata,
		reads: []string{"eksProperties", "metadata", "namespace", "nodeRangeProperties", "podProperties"},
		check: onNodeProperties(func(p *pass, def *types.NodeProperties) {
			first := ""
			for i := range def.NodeRangeProperties {
				switch namespace := namespaceOf(&def.NodeRangeProperties[i]); {
				case namespace == "":
				case first == "":
					first = namespace
				case namespace != first:
					p.fail(at("nodeRangeProperties", i, "eksProperties", "podProperties", "metadata", "namespace"), "must be %s as in an earlier range, found %s", excerpt(first), excerpt(namespace))
				}
			}
		}),
	},
	{
		// That the containers are at most ten is EKS001's and EKS002's.
		ID: "MNP018", Title: "a pod of a multi-node job has at most 10 images",
		Severity: Error, Platforms: EKS | MultiNode, Source: userGuide + "mnp-eks-running-mnp-jobs.html",
		check: onPod(func(p *pass, o *pod) {
			if n := imagesOf(o); o.multiNode && n > maxPodImages {
				p.fail(here, "must have at most %d different images, found %d: join steps into one image", maxPodImages, n)
			}
		}),
	},
	{
		ID: "MNP022", Title: "tags are not propagated to nodes",
		Severity: Info, Platforms: MultiNode, Source: userGuide + "using-tags.html",
		reads: []string{"container", "containerProperties", "ecsProperties", "eksProperties", "nodeProperties", "nodeRangeProperties"},
		check: onDefinition(func(p *pass, in *batch.RegisterJobDefinitionInput) {
			// On Amazon EKS it is refused: JD014.
			if in.NodeProperties != nil && isTrue(in.PropagateTags) && !onEKS(in) {
				p.fail(at("propagateTags"), "is true, and has no effect: the tags of a job are not propagated to its nodes")
			}
		}),
	},
}

var notJudgedMNP = []NotJudged{
	{"MNP014", "a multi-node job is not for Fargate, and not for managed instances", "FG025 and MI002 judge it"},
	{"MNP015", "what only Fargate has is absent from the ranges of nodes", "FG014, FG015, FG016 and FG017 judge node ranges too"},
	{"MNP016", "a range of nodes may have eksProperties", "it says what is allowed, against a comment of the API reference; nothing can break it"},
	{"MNP021", "subnets of nodes have a way to the internet for public images, and at most 5 security groups", "subnets and security groups are those of the compute environment, which neither a definition nor a submission shows"},
	{"MNP023", "a range of nodes may ask for consumable resources", "the CR rules judge them in ranges too"},
	{"MNP024", "how a multi-node job goes from state to state", "it says what the service does; nothing in a request can break it"},
}

// onNodeRange sees each range of nodes, the path leading to it.
func onNodeRange(check func(*pass, *types.NodeProperties, *types.NodeRangeProperty)) onNodeProperties {
	return func(p *pass, def *types.NodeProperties) {
		for i := range def.NodeRangeProperties {
			p.enterAt("nodeRangeProperties", i)
			check(p, def, &def.NodeRangeProperties[i])
			p.leave(2)
		}
	}
}

// nodeCount returns the number of nodes, when it is one that the service takes.
func nodeCount(def *types.NodeProperties) (int, bool) {
	n := num(def.NumNodes)
	return int(n), n >= 1 && n <= maxNodes
}

// kindOf returns the kind of a range, the first one's when there are several, and how many there are.
func kindOf(r *types.NodeRangeProperty) (kind payload, n int) {
	for _, k := range [...]struct {
		kind payload
		set  bool
	}{{eksPayload, r.EksProperties != nil}, {ecsPayload, r.EcsProperties != nil}, {containerPayload, r.Container != nil}} {
		if k.set {
			kind = k.kind
			n++
		}
	}
	return kind, n
}

// kindMember is the member of a range that holds its kind.
func kindMember(kind payload) string {
	switch kind {
	case containerPayload:
		return "container"
	case ecsPayload:
		return "ecsProperties"
	default:
		return "eksProperties"
	}
}

// instanceType returns the instance type of a range and where it is written.
func instanceType(r *types.NodeRangeProperty) (string, []any) {
	if r.Container != nil {
		return str(r.Container.InstanceType), at("container", "instanceType")
	}
	if r.EcsProperties != nil && len(r.InstanceTypes) == 1 {
		return r.InstanceTypes[0], at("instanceTypes", 0)
	}
	return "", nil
}

func namespaceOf(r *types.NodeRangeProperty) string {
	if r.EksProperties == nil || r.EksProperties.PodProperties == nil || r.EksProperties.PodProperties.Metadata == nil {
		return ""
	}
	return str(r.EksProperties.PodProperties.Metadata.Namespace)
}

// imagesOf counts the different images of a pod.
func imagesOf(o *pod) int {
	n := 0
	for i := range o.Containers {
		if !hasImage(o.Containers[:i], o.Containers[i].Image) {
			n++
		}
	}
	for i := range o.InitContainers {
		if image := o.InitContainers[i].Image; !hasImage(o.Containers, image) && !hasImage(o.InitContainers[:i], image) {
			n++
		}
	}
	return n
}

func hasImage(list []types.EksContainer, image *string) bool {
	for i := range list {
		if str(list[i].Image) == str(image) {
			return true
		}
	}
	return false
}
