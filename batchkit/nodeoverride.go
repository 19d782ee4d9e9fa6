package batchkit

import (
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/internal/edit"
	"github.com/batchkit/batchkit-go/internal/member"
)

// NodeOverrides is what one multi-node parallel job changes in its definition. O is the kind of override of the payload
// of its groups. Get one from [MultiNode.Override], which knows the groups by name, or from [OverrideNodes] for a
// definition that is registered already. The zero value changes nothing.
type NodeOverrides[O NodeChange] struct {
	edits  edit.List[types.NodeOverrides]
	layout layout
}

// Override returns a change to a job of these nodes. By itself it changes nothing.
func (n MultiNode[O]) Override() NodeOverrides[O] { return NodeOverrides[O]{layout: n.layout} }

// OverrideNodes returns a change to the nodes of a registered definition, by one of its ranges, such as "0:0" or "1:".
// More of them are added with [NodeOverrides.For].
func OverrideNodes[O NodeChange](nodes string, change O) NodeOverrides[O] {
	return NodeOverrides[O]{}.For(nodes, change)
}

// For changes what the nodes of a group run, by the group's name, or by its range for a definition that is registered
// already. AWS Batch takes whole ranges of the definition only. A second call for the group replaces the first.
func (n NodeOverrides[O]) For(group string, change O) NodeOverrides[O] {
	return n.group(group, func(p *types.NodePropertyOverride) {
		// The change writes a submission of its own, of which the range takes the block.
		var in batch.SubmitJobInput
		change.ApplyTo(&in)
		if old, now := p.ContainerOverrides, in.ContainerOverrides; old != nil && now != nil && now.InstanceType == nil {
			now.InstanceType = old.InstanceType
		}
		p.ContainerOverrides = in.ContainerOverrides
		p.EcsPropertiesOverride = in.EcsPropertiesOverride
		p.EksPropertiesOverride = in.EksPropertiesOverride
	})
}

// ConsumableResource makes the nodes of a group hold a quantity of a resource, in place of what the definition says.
// For the group see [NodeOverrides.For].
func (n NodeOverrides[O]) ConsumableResource(group, resource string, quantity int64) NodeOverrides[O] {
	return n.group(group, func(p *types.NodePropertyOverride) {
		addConsumable(&p.ConsumableResourcePropertiesOverride, resource, quantity)
	})
}

// NumNodes sets how many nodes the job has, 1 to 1,000. The last group gets more or fewer of them, and at least one.
// A registered definition must have a range that is open at its end.
func (n NodeOverrides[O]) NumNodes(nodes int) NodeOverrides[O] {
	return n.with(func(o *types.NodeOverrides) { o.NumNodes = member.Int32(nodes) })
}

// InstanceType sets the type of the instances for all groups. For a definition that is registered already, whose groups
// are not known here, it goes to the ranges that have been named before, or if there is none to a single range of all
// nodes; name all of them, because AWS Batch demands one type. Pods must not have one.
func (n NodeOverrides[O]) InstanceType(instanceType string) NodeOverrides[O] {
	var kind O
	_, container := any(kind).(ContainerOverride)
	return n.with(func(o *types.NodeOverrides) {
		for _, g := range n.layout {
			changeOf(o, g.nodes)
		}
		if len(o.NodePropertyOverrides) == 0 {
			changeOf(o, "0:")
		}
		for i := range o.NodePropertyOverrides {
			p := &o.NodePropertyOverrides[i]
			switch {
			case !container:
				p.InstanceTypes = []string{instanceType}
			case p.ContainerOverrides == nil:
				p.ContainerOverrides = &types.ContainerOverrides{InstanceType: &instanceType}
			default:
				p.ContainerOverrides.InstanceType = &instanceType
			}
		}
	})
}

func (n NodeOverrides[O]) with(apply func(*types.NodeOverrides)) NodeOverrides[O] {
	return NodeOverrides[O]{edits: n.edits.With(apply), layout: n.layout}
}

func (n NodeOverrides[O]) group(name string, apply func(*types.NodePropertyOverride)) NodeOverrides[O] {
	nodes := n.layout.target(name)
	return n.with(func(o *types.NodeOverrides) { apply(changeOf(o, nodes)) })
}

// changeOf returns the change of a range, a new one when there is none.
func changeOf(o *types.NodeOverrides, nodes string) *types.NodePropertyOverride {
	for i := range o.NodePropertyOverrides {
		if target := o.NodePropertyOverrides[i].TargetNodes; target != nil && *target == nodes {
			return &o.NodePropertyOverrides[i]
		}
	}
	o.NodePropertyOverrides = append(o.NodePropertyOverrides, types.NodePropertyOverride{TargetNodes: &nodes})
	return &o.NodePropertyOverrides[len(o.NodePropertyOverrides)-1]
}

// Edit returns the override with the change of a function of yours, for what has no method here.
// The function runs each time the submission is built and must always do the same.
func (n NodeOverrides[O]) Edit(apply func(*types.NodeOverrides)) NodeOverrides[O] {
	return NodeOverrides[O]{edits: n.edits.WithForeign(apply), layout: n.layout}
}

// Properties returns the override as the SDK's struct. Each call returns a fresh copy. Nothing is checked.
func (n NodeOverrides[O]) Properties() types.NodeOverrides { return n.edits.Value() }

// ApplyTo puts the override into a submission.
func (n NodeOverrides[O]) ApplyTo(in *batch.SubmitJobInput) {
	properties := n.Properties()
	in.NodeOverrides = &properties
}
