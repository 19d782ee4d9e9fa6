package batchkit_test

import (
	"testing"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/ecsprops"
	"github.com/batchkit/batchkit-go/eksprops"
	"github.com/batchkit/batchkit-go/internal/buildertest"
)

var (
	ec2Container = buildertest.Builder{
		Zero:  batchkit.EC2("busybox"),
		Value: func(b any) any { return b.(batchkit.EC2Container).Properties() },
	}
	fargateContainer = buildertest.Builder{
		Zero:  batchkit.Fargate("busybox"),
		Value: func(b any) any { return b.(batchkit.FargateContainer).Properties() },
	}
	override = buildertest.Builder{
		Zero:  batchkit.Override(),
		Value: func(b any) any { return b.(batchkit.ContainerOverride).Properties() },
	}
	definition = buildertest.Builder{
		Zero:    batchkit.Define("one", batchkit.Fargate("busybox")),
		Value:   func(b any) any { return *b.(batchkit.Definition[batchkit.ContainerOverride]).Input() },
		Samples: []any{nodeContainer},
	}
	taskDefinition = buildertest.Builder{
		Zero:    batchkit.Define("two", ecsprops.EC2(ecsprops.Essential("app", "busybox"))),
		Value:   func(b any) any { return *b.(batchkit.Definition[ecsprops.Overrides]).Input() },
		Samples: []any{nodeTask},
	}
	podDefinition = buildertest.Builder{
		Zero:    batchkit.Define("three", eksprops.Pod(eksprops.App("app", "busybox"))),
		Value:   func(b any) any { return *b.(batchkit.Definition[eksprops.Overrides]).Input() },
		Samples: []any{nodePod},
	}
	nodesDefinition = buildertest.Builder{
		Zero: batchkit.Define("four", batchkit.Nodes(batchkit.Main(batchkit.EC2("busybox")))),
		Value: func(b any) any {
			return *b.(batchkit.Definition[batchkit.NodeOverrides[batchkit.ContainerOverride]]).Input()
		},
		Samples: []any{batchkit.Nodes(batchkit.Main(nodeContainer))},
	}
	jobRequest = buildertest.Builder{
		Zero:    batchkit.Job("a", "queue", batchkit.ContainerRef("one")),
		Value:   func(b any) any { return *b.(batchkit.JobRequest[batchkit.ContainerOverride]).Input() },
		Samples: []any{batchkit.Override().Env("MODE", "fast")},
	}
	taskRequest = buildertest.Builder{
		Zero:    batchkit.Job("b", "queue", batchkit.ECSRef("two")),
		Value:   func(b any) any { return *b.(batchkit.JobRequest[ecsprops.Overrides]).Input() },
		Samples: []any{ecsprops.Override(ecsprops.For("app").Env("MODE", "fast"))},
	}
	podRequest = buildertest.Builder{
		Zero:    batchkit.Job("c", "queue", batchkit.EKSRef("three")),
		Value:   func(b any) any { return *b.(batchkit.JobRequest[eksprops.Overrides]).Input() },
		Samples: []any{eksprops.Override(eksprops.For("app").Env("MODE", "fast"))},
	}
	nodesRequest = buildertest.Builder{
		Zero:    batchkit.Job("d", "queue", batchkit.NodesRef[eksprops.Overrides]("four")),
		Value:   func(b any) any { return *b.(batchkit.JobRequest[batchkit.NodeOverrides[eksprops.Overrides]]).Input() },
		Samples: []any{batchkit.NodeOverrides[eksprops.Overrides]{}.NumNodes(3)},
	}
)

func TestBuildersAreImmutable(t *testing.T) {
	t.Parallel()
	for name, b := range map[string]buildertest.Builder{
		"EC2Container": ec2Container, "FargateContainer": fargateContainer, "ContainerOverride": override,
		"Definition": definition, "Definition of a task": taskDefinition,
		"Definition of a pod": podDefinition, "Definition of nodes": nodesDefinition,
		"JobRequest": jobRequest, "JobRequest of a task": taskRequest,
		"JobRequest of a pod": podRequest, "JobRequest of nodes": nodesRequest,
	} {
		t.Run(name, func(t *testing.T) { buildertest.Immutable(t, b) })
	}
}

// Each member of the SDK's structs has a method, also the one that the SDK gets tomorrow.
func TestEveryMemberIsReached(t *testing.T) {
	t.Parallel()
	const legacy = "the service wants resourceRequirements in its place"
	replaced := map[string]string{"Vcpus": legacy, "Memory": legacy}
	buildertest.Reaches(t, replaced, ec2Container, fargateContainer, containerOnNodes)
	buildertest.Reaches(t, replaced, override, overrideOnNodes)
	buildertest.Reaches(t, nil, definition, taskDefinition, podDefinition, nodesDefinition)
	buildertest.Reaches(t, nil, jobRequest, taskRequest, podRequest, nodesRequest)
}
