package batchtest

import (
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// nodeSpecs is what the nodes of a multi-node parallel job run.
type nodeSpecs struct {
	main   int
	specs  []*taskSpec           // by node
	detail *types.NodeProperties // as the service describes it, overrides merged
}

// A nodeRange is a range of nodes, both ends included.
type nodeRange struct{ from, to int }

// parseRange reads targetNodes: n, n:m, :m, n: or a colon alone.
func parseRange(targetNodes string, nodes int) (nodeRange, error) {
	lower, upper, span := strings.Cut(targetNodes, ":")
	r := nodeRange{0, nodes - 1}
	var err error
	if lower != "" {
		r.from, err = strconv.Atoi(lower)
	}
	switch {
	case !span:
		r.to = r.from
	case upper != "" && err == nil:
		r.to, err = strconv.Atoi(upper)
	}
	if err != nil || targetNodes == "" || strings.Trim(targetNodes, "0123456789:") != "" || r.to < r.from {
		return r, refuse("targetNodes must be a range of nodes such as 0:3 or 4:, found %q", targetNodes)
	}
	return r, nil
}

// nodeSpecs takes over nodeProperties and nodeOverrides. Of nested ranges the
// inner one wins; of ranges of one size, which the service does not speak of,
// the later one does.
func (w *work) nodeSpecs(p *types.NodeProperties) (*nodeSpecs, error) {
	if w.input.ArrayProperties != nil {
		return nil, refuse("arrayProperties can not be used with a multi-node parallel job definition")
	}
	over := types.NodeOverrides{}
	if w.input.NodeOverrides != nil {
		over = *w.input.NodeOverrides
	}
	count := int(aws.ToInt32(p.NumNodes))
	if over.NumNodes != nil {
		count = int(*over.NumNodes)
	}
	n := &nodeSpecs{main: int(aws.ToInt32(p.MainNode)), specs: make([]*taskSpec, max(count, 0))}
	if n.main < 0 || n.main >= count {
		return nil, refuse("Main node index is out of range, must be less than numNodes.")
	}
	detail := *p
	detail.NumNodes = aws.Int32(int32(count))
	detail.NodeRangeProperties = slices.Clone(p.NodeRangeProperties)
	n.detail = &detail
	sizes := make([]int, count)
	for i := range detail.NodeRangeProperties {
		property := &detail.NodeRangeProperties[i]
		r, err := parseRange(aws.ToString(property.TargetNodes), count)
		if err != nil {
			return nil, err
		}
		if err := overrideRange(property, r, over.NodePropertyOverrides, count); err != nil {
			return nil, err
		}
		spec, err := w.taskSpec(payload{property.Container, property.EcsProperties, property.EksProperties})
		if err != nil {
			return nil, err
		}
		for node := r.from; node <= min(r.to, count-1); node++ {
			if size := r.to - r.from + 1; n.specs[node] == nil || size <= sizes[node] {
				n.specs[node], sizes[node] = spec, size
			}
		}
	}
	if slices.Contains(n.specs, nil) {
		return nil, refuse("Node Range Properties target nodes have missing ranges")
	}
	return n, nil
}

// overrideRange lays those overrides over the properties of a range that are
// for the same nodes.
func overrideRange(p *types.NodeRangeProperty, r nodeRange, over []types.NodePropertyOverride, count int) error {
	for _, o := range over {
		target, err := parseRange(aws.ToString(o.TargetNodes), count)
		if err != nil {
			return err
		}
		if target != r {
			continue
		}
		merged := payload{p.Container, p.EcsProperties, p.EksProperties}.
			overridden(overrides{o.ContainerOverrides, o.EcsPropertiesOverride, o.EksPropertiesOverride})
		p.Container, p.EcsProperties, p.EksProperties = merged.container, merged.ecs, merged.eks
		if len(o.InstanceTypes) > 0 {
			p.InstanceTypes = o.InstanceTypes
		}
		if o.ConsumableResourcePropertiesOverride != nil {
			p.ConsumableResourceProperties = o.ConsumableResourcePropertiesOverride
		}
	}
	return nil
}
