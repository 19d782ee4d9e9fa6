package batchkit_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/ecsprops"
	"github.com/batchkit/batchkit-go/eksprops"
	"github.com/batchkit/batchkit-go/internal/buildertest"
)

var (
	nodeContainer = batchkit.EC2("busybox").VCPU(1).Memory(128)
	nodeTask      = ecsprops.EC2(ecsprops.Essential("app", "busybox").VCPU(1).Memory(128))
	nodePod       = eksprops.Pod(eksprops.App("app", "busybox").CPU(1).Memory(128))

	containerNodes = nodesBuilder(batchkit.Nodes(batchkit.Main(nodeContainer), batchkit.Workers(7, nodeContainer)))
	taskNodes      = nodesBuilder(batchkit.Nodes(batchkit.Main(nodeTask), batchkit.Workers(7, nodeTask)))
	podNodes       = nodesBuilder(batchkit.Nodes(batchkit.Main(nodePod), batchkit.Workers(7, nodePod)))

	mainGroup = buildertest.Builder{
		Zero:  batchkit.Main(nodeContainer),
		Value: func(b any) any { return b.(batchkit.MainGroup[batchkit.ContainerOverride]).Properties() },
	}
	nodeGroup = buildertest.Builder{
		Zero:  batchkit.Workers(7, nodePod),
		Value: func(b any) any { return b.(batchkit.NodeGroup[eksprops.Overrides]).Properties() },
	}

	containerNodesOverride = nodesOverrideBuilder(batchkit.Override().Env("MODE", "fast"))
	taskNodesOverride      = nodesOverrideBuilder(ecsprops.Override(ecsprops.For("app").Env("MODE", "fast")))
	podNodesOverride       = nodesOverrideBuilder(eksprops.Override(eksprops.For("app").Env("MODE", "fast")))

	containerOnNodes = part(containerNodes, func(v any) types.ContainerProperties { return *firstRange(v).Container })
	overrideOnNodes  = part(containerNodesOverride, func(v any) types.ContainerOverrides { return deref(lastChange(v).ContainerOverrides) })
)

func nodesBuilder[O batchkit.NodeChange](nodes batchkit.MultiNode[O]) buildertest.Builder {
	return buildertest.Builder{
		Zero:  nodes,
		Value: func(b any) any { return b.(batchkit.MultiNode[O]).Properties() },
	}
}

func nodesOverrideBuilder[O batchkit.NodeChange](change O) buildertest.Builder {
	return buildertest.Builder{
		Zero:    batchkit.NodeOverrides[O]{},
		Value:   func(b any) any { return b.(batchkit.NodeOverrides[O]).Properties() },
		Samples: []any{change},
	}
}

// part is the builder b seen as one of a struct inside what it builds.
func part[T any](b buildertest.Builder, of func(any) T) buildertest.Builder {
	whole := b.Value
	b.Value = func(builder any) any { return of(whole(builder)) }
	return b
}

func firstRange(v any) types.NodeRangeProperty {
	return v.(types.NodeProperties).NodeRangeProperties[0]
}

func lastChange(v any) types.NodePropertyOverride {
	changes := v.(types.NodeOverrides).NodePropertyOverrides
	if len(changes) == 0 {
		return types.NodePropertyOverride{}
	}
	return changes[len(changes)-1]
}

func deref[T any](p *T) T {
	if p == nil {
		return *new(T)
	}
	return *p
}

func TestNodeBuildersAreImmutable(t *testing.T) {
	t.Parallel()
	for name, b := range map[string]buildertest.Builder{
		"MultiNode of containers": containerNodes, "MultiNode of tasks": taskNodes, "MultiNode of pods": podNodes,
		"MainGroup": mainGroup, "NodeGroup": nodeGroup,
		"NodeOverrides of containers": containerNodesOverride, "NodeOverrides of tasks": taskNodesOverride,
		"NodeOverrides of pods": podNodesOverride,
	} {
		t.Run(name, func(t *testing.T) { buildertest.Immutable(t, b) })
	}
}

func TestEveryMemberOfNodesIsReached(t *testing.T) {
	t.Parallel()
	buildertest.Reaches(t, nil, containerNodes)
	buildertest.Reaches(t, nil, part(containerNodes, firstRange), part(taskNodes, firstRange), part(podNodes, firstRange), mainGroup)
	buildertest.Reaches(t, nil, containerNodesOverride)
	buildertest.Reaches(t, nil,
		part(containerNodesOverride, lastChange), part(taskNodesOverride, lastChange), part(podNodesOverride, lastChange))
}
