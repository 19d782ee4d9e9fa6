package validate

import (
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// mnpRangeRules are the rules of which nodes the ranges hold. Ranges that cannot be read, or that lie outside the
// nodes, are at fault themselves; what they cover is judged once they are sound.
var mnpRangeRules = []Rule{
	{
		ID: "MNP004", Title: "a range of nodes is written n, n:m, n:, :m or as a colon",
		Severity: Error, Platforms: MultiNode, Source: nodeRangeProperty,
		Service: "targetNodes should contain only digits.",
		check: onNodeRange(func(p *pass, _ *types.NodeProperties, r *types.NodeRangeProperty) {
			if r.TargetNodes == nil {
				return // JD022
			}
			if _, _, ok := nodeRange(*r.TargetNodes, 0); !ok {
				p.fail(at("targetNodes"), `must be the index of a node or a range such as "0:3" or "0:", found %s`, excerpt(*r.TargetNodes))
			}
		}),
	},
	{
		// An end that is one too high is left alone: it was seen to be taken.
		ID: "MNP005", Title: "a range of nodes lies within the nodes",
		Severity: Error, Platforms: MultiNode, Source: nodeRangeProperty,
		Service: "Node range error X. Node range should be smaller than number of nodes",
		reads:   []string{"numNodes"},
		check: onNodeRange(func(p *pass, def *types.NodeProperties, r *types.NodeRangeProperty) {
			n, known := nodeCount(def)
			low, high, ok := nodeRange(str(r.TargetNodes), n)
			if known && ok && !reversed(*r.TargetNodes) && (low >= n || high > n) {
				p.fail(at("targetNodes"), "must lie within the nodes 0 to %d, found %s: lower it, raise numNodes, or leave the end open", n-1, excerpt(*r.TargetNodes)).saying(*r.TargetNodes)
			}
		}),
	},
	{
		ID: "MNP006", Title: "a range of nodes does not end before it begins",
		Severity: Error, Platforms: MultiNode, Source: nodeRangeProperty,
		check: onNodeRange(func(p *pass, _ *types.NodeProperties, r *types.NodeRangeProperty) {
			if reversed(str(r.TargetNodes)) {
				p.fail(at("targetNodes"), "must not end before it begins, found %s: exchange the two", excerpt(*r.TargetNodes))
			}
		}),
	},
	{
		ID: "MNP007", Title: "the ranges together hold every node",
		Severity: Error, Platforms: MultiNode, Source: nodeRangeProperty,
		Service: "Node Range Properties target nodes have missing ranges",
		reads:   []string{"numNodes"},
		check: onNodeProperties(func(p *pass, def *types.NodeProperties) {
			n, ok := soundRanges(def)
			if !ok {
				return
			}
			if node, found := gap(def, n, 0, n-1, func(*types.NodeRangeProperty) bool { return true }); found {
				p.fail(at("nodeRangeProperties"), `must hold every node 0 to %d, found none that holds node %d: widen a range, or leave its end open as in "0:"`, n-1, node)
			}
		}),
	},
	{
		// Ranges that lie in one another are documented: the inner one counts.
		ID: "MNP008", Title: "ranges of nodes are apart, or one lies in the other",
		Severity: Warning, Platforms: MultiNode, Source: nodeRangeProperty, Uncertain: true,
		reads: []string{"nodeRangeProperties", "numNodes", "targetNodes"},
		check: onNodeProperties(func(p *pass, def *types.NodeProperties) {
			n, ok := soundRanges(def)
			if !ok {
				return
			}
			for i := range def.NodeRangeProperties {
				for j := range i {
					if target := def.NodeRangeProperties[j].TargetNodes; tangled(*target, *def.NodeRangeProperties[i].TargetNodes, n) {
						p.fail(at("nodeRangeProperties", i, "targetNodes"), "should not share nodes with %s unless one of the two lies in the other: which one counts is not documented", excerpt(*target))
					}
				}
			}
		}),
	},
	{
		// When no range has the figure, it is RR001's or RR002's matter, as in tasks and pods.
		ID: "MNP019", Title: "every node gets its vCPUs and its memory from one of its ranges",
		Severity: Error, Platforms: MultiNode, Source: nodeRangeProperty,
		reads: []string{"container", "memory", "nodeRangeProperties", "numNodes", "resourceRequirements", "targetNodes", "type", "vcpus"},
		check: onNodeProperties(func(p *pass, def *types.NodeProperties) {
			n, ok := soundRanges(def)
			if !ok {
				return
			}
			for _, kind := range [...]types.ResourceType{types.ResourceTypeVcpu, types.ResourceTypeMemory} {
				has := func(r *types.NodeRangeProperty) bool { return sizes(r, kind) }
				if !anyRange(def, has) {
					continue
				}
				for i := range def.NodeRangeProperties {
					r := &def.NodeRangeProperties[i]
					low, high, _ := nodeRange(*r.TargetNodes, n)
					if node, found := gap(def, n, low, min(high, n-1), has); found {
						p.fail(at("nodeRangeProperties", i, "container", "resourceRequirements"), "must hold a requirement of type %s, because no range gives one to node %d: add it", kind, node)
					}
				}
			}
		}),
	},
}

// beyondNodes is more than the number of nodes of any job.
const beyondNodes = maxNodes + 1

// soundRanges returns the number of nodes, when that and every range can be read and lie within it.
func soundRanges(def *types.NodeProperties) (int, bool) {
	n, sound := nodeCount(def)
	for i := range def.NodeRangeProperties {
		low, high, ok := nodeRange(str(def.NodeRangeProperties[i].TargetNodes), n)
		sound = sound && ok && low <= high && low < n
	}
	return n, sound && len(def.NodeRangeProperties) > 0
}

// gap returns the first of the nodes low to high that none of the ranges holds that count.
func gap(def *types.NodeProperties, nodes, low, high int, counts func(*types.NodeRangeProperty) bool) (node int, found bool) {
	for node = low; node <= high; {
		next := node
		for i := range def.NodeRangeProperties {
			r := &def.NodeRangeProperties[i]
			if l, h, _ := nodeRange(str(r.TargetNodes), nodes); l <= node && h >= next && counts(r) {
				next = h + 1
			}
		}
		if next == node {
			return node, true
		}
		node = next
	}
	return 0, false
}

// tangled reports whether two ranges share nodes and neither lies in the other, or both are the same.
func tangled(a, b string, nodes int) bool {
	l, h, _ := nodeRange(a, nodes)
	l2, h2, _ := nodeRange(b, nodes)
	if l == l2 && h == h2 {
		return true
	}
	apart := h < l2 || h2 < l
	nested := l <= l2 && h2 <= h || l2 <= l && h <= h2
	return !apart && !nested
}

func anyRange(def *types.NodeProperties, has func(*types.NodeRangeProperty) bool) bool {
	for i := range def.NodeRangeProperties {
		if has(&def.NodeRangeProperties[i]) {
			return true
		}
	}
	return false
}

// reversed reports whether a range ends before it begins, however many nodes there are.
func reversed(target string) bool {
	low, high, ok := nodeRange(target, beyondNodes+1)
	return ok && low > high
}

// sizes reports whether a range says how much of a resource its nodes need. Tasks and pods always have to.
func sizes(r *types.NodeRangeProperty, kind types.ResourceType) bool {
	return r.Container == nil || asksFor(kind, r.Container.ResourceRequirements, r.Container)
}
