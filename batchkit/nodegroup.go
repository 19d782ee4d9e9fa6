package batchkit

import (
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/ecsprops"
	"github.com/batchkit/batchkit-go/eksprops"
	"github.com/batchkit/batchkit-go/internal/edit"
)

// NodePayload is what a node of a multi-node parallel job runs: a container on EC2, a task on EC2, or a pod.
// Fargate runs no such jobs. O is the kind of override that fits.
type NodePayload[O NodeChange] interface {
	EC2Container | ecsprops.EC2Task | eksprops.JobPod
	Payload[O]
}

// NodeChange is a kind of override of what a node runs.
type NodeChange interface {
	ContainerOverride | ecsprops.Overrides | eksprops.Overrides
	Overriding
}

// MainGroup is the group of nodes whose first one is the main node: it starts before all others, and the job ends when
// it ends, with its exit code. O is the kind of override of the payload. Make one with [Main] or [MainAmong].
type MainGroup[O NodeChange] struct {
	commonGroup[MainGroup[O]]
}

// NodeGroup is a group of nodes without the main node. What becomes of them does not change the job's outcome.
// O is the kind of override of the payload. Make one with [Workers] or [Group].
type NodeGroup[O NodeChange] struct {
	commonGroup[NodeGroup[O]]
}

// Main returns a group called main of one node, the main one.
func Main[O NodeChange, P NodePayload[O]](payload P) MainGroup[O] {
	return MainAmong("main", 1, payload)
}

// MainAmong returns a group of nodes that run the same, and of which the first is the main node. Overrides use the name,
// which AWS Batch never sees. It is unique in the job and not written like a range of nodes, such as 3 or 1:.
func MainAmong[O NodeChange, P NodePayload[O]](name string, nodes int, payload P) MainGroup[O] {
	return MainGroup[O]{}.from(newGroup(name, nodes, payload))
}

// Workers returns a group called workers.
func Workers[O NodeChange, P NodePayload[O]](nodes int, payload P) NodeGroup[O] {
	return Group("workers", nodes, payload)
}

// Group returns a group of nodes that run the same. For the name see [MainAmong].
func Group[O NodeChange, P NodePayload[O]](name string, nodes int, payload P) NodeGroup[O] {
	return NodeGroup[O]{}.from(newGroup(name, nodes, payload))
}

func (MainGroup[O]) from(g group) MainGroup[O] { return MainGroup[O]{commonGroup[MainGroup[O]]{g}} }
func (NodeGroup[O]) from(g group) NodeGroup[O] { return NodeGroup[O]{commonGroup[NodeGroup[O]]{g}} }

// group is what a group is made of.
type group struct {
	name  string
	nodes int
	edits edit.List[types.NodeRangeProperty]
}

func newGroup[O NodeChange, P NodePayload[O]](name string, nodes int, payload P) group {
	// The payload writes a definition of its own, of which the range takes the block.
	var in batch.RegisterJobDefinitionInput
	payload.ApplyTo(&in)
	return group{name: name, nodes: nodes}.with(func(r *types.NodeRangeProperty) {
		r.Container, r.EcsProperties, r.EksProperties = in.ContainerProperties, in.EcsProperties, in.EksProperties
	})
}

func (g group) with(apply func(*types.NodeRangeProperty)) group {
	g.edits = g.edits.With(apply)
	return g
}

type selfGroup[B any] interface{ from(group) B }

// commonGroup holds the methods of both kinds of group.
type commonGroup[B selfGroup[B]] struct{ group group }

// Properties returns the group as the SDK's struct, without its targetNodes, which [Nodes] computes. Each call returns
// a fresh copy. Nothing is checked.
func (g commonGroup[B]) Properties() types.NodeRangeProperty { return g.group.edits.Value() }

// ConsumableResource makes the nodes of the group hold a quantity of a resource, given by name or ARN, while the job
// runs. A group names at most five.
// See https://docs.aws.amazon.com/batch/latest/userguide/resource-aware-scheduling.html.
func (g commonGroup[B]) ConsumableResource(resource string, quantity int64) B {
	var b B
	return b.from(g.group.with(func(r *types.NodeRangeProperty) {
		addConsumable(&r.ConsumableResourceProperties, resource, quantity)
	}))
}

// Edit returns the group changed by a function of yours, for what has no method here.
// The function runs each time the group is built and must always do the same.
func (g commonGroup[B]) Edit(apply func(*types.NodeRangeProperty)) B {
	var b B
	changed := g.group
	changed.edits = changed.edits.WithForeign(apply)
	return b.from(changed)
}
