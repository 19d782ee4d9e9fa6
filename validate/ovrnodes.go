package validate

import (
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// onNodes sees the node overrides of a multi-node definition, the path leading to them.
func onNodes(check func(*pass, *types.NodeOverrides, *types.NodeProperties)) onSubmission {
	return func(p *pass, s *submission) {
		if s.in.NodeOverrides == nil || s.payload != nodePayload || s.def.NodeProperties == nil {
			return
		}
		p.enter("nodeOverrides")
		check(p, s.in.NodeOverrides, s.def.NodeProperties)
		p.leave(1)
	}
}

// eachNodeOverride visits the overrides of node ranges, the path leading to each, with the range that it is for.
// The range is nil when the definition is not known or has no such range.
func eachNodeOverride(p *pass, s *submission, visit func(*types.NodePropertyOverride, *types.NodeRangeProperty)) {
	if s.in.NodeOverrides == nil {
		return
	}
	p.enter("nodeOverrides")
	for i := range s.in.NodeOverrides.NodePropertyOverrides {
		n := &s.in.NodeOverrides.NodePropertyOverrides[i]
		var r *types.NodeRangeProperty
		if s.payload == nodePayload && s.def.NodeProperties != nil {
			r = rangeOf(s.in.NodeOverrides, s.def.NodeProperties, str(n.TargetNodes))
		}
		p.enterAt("nodePropertyOverrides", i)
		visit(n, r)
		p.leave(2)
	}
	p.leave(1)
}

// rangeOf returns the range of the definition that an override's targetNodes mean, nil when there is none.
// The same nodes can be written in several ways: ":", "0:" and, of four nodes, "0:3".
func rangeOf(o *types.NodeOverrides, def *types.NodeProperties, target string) *types.NodeRangeProperty {
	nodes := num(def.NumNodes)
	if o.NumNodes != nil {
		nodes = *o.NumNodes
	}
	low, high, sound := nodeRange(target, int(nodes))
	for i := range def.NodeRangeProperties {
		r := &def.NodeRangeProperties[i]
		if r.TargetNodes == nil {
			continue
		}
		if *r.TargetNodes == target {
			return r
		}
		if l, h, ok := nodeRange(*r.TargetNodes, int(nodes)); ok && sound && l == low && h == high {
			return r
		}
	}
	return nil
}

// nodeRange reads targetNodes: n, n:m, n:, :m or a bare colon. An open end is the last of the nodes.
func nodeRange(target string, nodes int) (low, high int, ok bool) {
	from, to, isRange := strings.Cut(target, ":")
	low, ok = nodeIndex(from, 0)
	if !isRange {
		return low, low, ok && from != ""
	}
	high, sound := nodeIndex(to, nodes-1)
	return low, high, ok && sound
}

// nodeIndex reads the index of a node, and takes the other one for an empty text.
func nodeIndex(text string, absent int) (int, bool) {
	if text == "" {
		return absent, true
	}
	if len(digits(text)) != len(text) {
		return 0, false
	}
	// A number that is too long to read is beyond the nodes of any job too.
	n, err := strconv.Atoi(text)
	if err != nil || n > beyondNodes {
		n = beyondNodes
	}
	return n, true
}

// lowestOpen returns where the definition's open range begins, the first one's when there are several.
func lowestOpen(def *types.NodeProperties) (low int, open bool) {
	for i := range def.NodeRangeProperties {
		target := str(def.NodeRangeProperties[i].TargetNodes)
		if !strings.HasSuffix(target, ":") {
			continue
		}
		if l, _, ok := nodeRange(target, 0); ok && (!open || l < low) {
			low, open = l, true
		}
	}
	return low, open
}

// rangesText lists the ranges of a definition for a message.
func rangesText(def *types.NodeProperties) string {
	var out []string
	for i := range def.NodeRangeProperties {
		out = append(out, strconv.Quote(str(def.NodeRangeProperties[i].TargetNodes)))
	}
	if len(out) == 0 {
		return "none"
	}
	return strings.Join(out, ", ")
}

// nodeKinds judges whether the overrides of a range are of the range's kind, the path leading to them.
func nodeKinds(p *pass, n *types.NodePropertyOverride, r *types.NodeRangeProperty) {
	kinds := []struct {
		override string
		set      bool
		property string
		has      bool
	}{
		{"containerOverrides", n.ContainerOverrides != nil, "container", r.Container != nil},
		{"ecsPropertiesOverride", n.EcsPropertiesOverride != nil, "ecsProperties", r.EcsProperties != nil},
		{"eksPropertiesOverride", n.EksPropertiesOverride != nil, "eksProperties", r.EksProperties != nil},
	}
	for _, fits := range kinds {
		if !fits.has {
			continue
		}
		for _, k := range kinds {
			if k.set && !k.has {
				p.fail(at(k.override), "must be absent, because the range has %s: use %s", fits.property, fits.override)
			}
		}
		return
	}
}
