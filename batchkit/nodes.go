package batchkit

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/ecsprops"
	"github.com/batchkit/batchkit-go/eksprops"
	"github.com/batchkit/batchkit-go/internal/edit"
	"github.com/batchkit/batchkit-go/internal/member"
)

// MultiNode is the payload of a multi-node parallel job: groups of nodes, all of one kind of payload, whose override is
// of kind O. Make one with [Nodes].
type MultiNode[O NodeChange] struct {
	edits  edit.List[types.NodeProperties]
	layout layout
}

var (
	_ Payload[NodeOverrides[ContainerOverride]]  = MultiNode[ContainerOverride]{}
	_ Payload[NodeOverrides[ecsprops.Overrides]] = MultiNode[ecsprops.Overrides]{}
	_ Payload[NodeOverrides[eksprops.Overrides]] = MultiNode[eksprops.Overrides]{}
)

// Nodes returns the nodes of a multi-node parallel job, in one to five groups, 1 to 1,000 nodes together.
//
// The nodes are numbered from 0, group after group, so each has one payload and none is left out. The last group is open
// at its end: it takes what a job asks for with [NodeOverrides.NumNodes]. A node finds its number in
// AWS_BATCH_JOB_NODE_INDEX.
// See https://docs.aws.amazon.com/batch/latest/userguide/multi-node-parallel-jobs.html.
func Nodes[O NodeChange](main MainGroup[O], more ...NodeGroup[O]) MultiNode[O] {
	groups := []group{main.group}
	for _, g := range more {
		groups = append(groups, g.group)
	}
	l := layOut(groups)
	total := 0
	ranges := make([]types.NodeRangeProperty, len(groups))
	for i, g := range groups {
		total += g.nodes
		ranges[i] = g.edits.Value()
		ranges[i].TargetNodes = &l[i].nodes
	}
	return MultiNode[O]{layout: l}.with(func(p *types.NodeProperties) {
		p.NumNodes, p.MainNode = member.Int32(total), member.Int32(0)
		p.NodeRangeProperties = edit.Clone(ranges) // InstanceType writes into them
	})
}

// layout tells which nodes belong to which group.
type layout []struct{ name, nodes string }

func layOut(groups []group) layout {
	l := make(layout, len(groups))
	start := 0
	for i, g := range groups {
		l[i].name, l[i].nodes = g.name, fmt.Sprintf("%d:%d", start, start+g.nodes-1)
		if i == len(groups)-1 {
			l[i].nodes = fmt.Sprintf("%d:", start)
		}
		start += g.nodes
	}
	return l
}

// target returns the range of a group. What is the name of no group, or of several, is taken for a range:
// it is for validation to refuse it, and not for a builder to fail.
func (l layout) target(name string) string {
	found := name
	for i := range l {
		if l[i].name != name {
			continue
		}
		if found != name {
			return name
		}
		found = l[i].nodes
	}
	return found
}

func (n MultiNode[O]) with(apply func(*types.NodeProperties)) MultiNode[O] {
	return MultiNode[O]{edits: n.edits.With(apply), layout: n.layout}
}

// InstanceType sets the type of the instances, such as c5n.18xlarge: one for all groups, as AWS Batch demands.
// For pods it must not be set; there the compute environment says. Default: the compute environment's choice.
func (n MultiNode[O]) InstanceType(instanceType string) MultiNode[O] {
	return n.with(func(p *types.NodeProperties) {
		for i := range p.NodeRangeProperties {
			r := &p.NodeRangeProperties[i]
			if r.Container != nil {
				r.Container.InstanceType = &instanceType
			} else {
				r.InstanceTypes = []string{instanceType}
			}
		}
	})
}

// MainNode makes another node than the first the main one, by its number. Default: 0, the first of the [MainGroup].
func (n MultiNode[O]) MainNode(index int) MultiNode[O] {
	return n.with(func(p *types.NodeProperties) { p.MainNode = member.Int32(index) })
}

// Properties returns the nodes as the SDK's struct. Each call returns a fresh copy. Nothing is checked.
func (n MultiNode[O]) Properties() types.NodeProperties { return n.edits.Value() }

// Edit returns the nodes changed by a function of yours, for what has no method here.
// The function runs each time the nodes are built and must always do the same.
func (n MultiNode[O]) Edit(apply func(*types.NodeProperties)) MultiNode[O] {
	return MultiNode[O]{edits: n.edits.WithForeign(apply), layout: n.layout}
}

// OverriddenBy tells at compile time that a job of this payload takes [NodeOverrides]. It does nothing.
func (n MultiNode[O]) OverriddenBy(NodeOverrides[O]) {}

// ApplyTo makes the nodes the payload of a definition.
func (n MultiNode[O]) ApplyTo(in *batch.RegisterJobDefinitionInput) {
	properties := n.Properties()
	in.Type = types.JobDefinitionTypeMultinode
	in.NodeProperties = &properties
}
