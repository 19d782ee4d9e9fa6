package batchkit_test

import (
	"testing"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/ecsprops"
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
		Zero:  batchkit.Define("one", batchkit.Fargate("busybox")),
		Value: func(b any) any { return *b.(batchkit.Definition[batchkit.ContainerOverride]).Input() },
	}
	taskDefinition = buildertest.Builder{
		Zero:  batchkit.Define("two", ecsprops.EC2(ecsprops.Essential("app", "busybox"))),
		Value: func(b any) any { return *b.(batchkit.Definition[ecsprops.Overrides]).Input() },
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
)

func TestBuildersAreImmutable(t *testing.T) {
	t.Parallel()
	for name, b := range map[string]buildertest.Builder{
		"EC2Container": ec2Container, "FargateContainer": fargateContainer, "ContainerOverride": override,
		"Definition": definition, "Definition of a task": taskDefinition,
		"JobRequest": jobRequest, "JobRequest of a task": taskRequest,
	} {
		t.Run(name, func(t *testing.T) { buildertest.Immutable(t, b) })
	}
}

// Each member of the SDK's structs has a method, also the one that the SDK gets tomorrow.
func TestEveryMemberIsReached(t *testing.T) {
	t.Parallel()
	const (
		legacy = "the service wants resourceRequirements in its place"
		later  = "pods and node groups have no builder yet; Edit reaches them"
		nodes  = "only in node groups"
	)
	buildertest.Reaches(t, map[string]string{"Vcpus": legacy, "Memory": legacy, "InstanceType": nodes}, ec2Container, fargateContainer)
	buildertest.Reaches(t, map[string]string{"Vcpus": legacy, "Memory": legacy, "InstanceType": nodes}, override)
	buildertest.Reaches(t, map[string]string{"EksProperties": later, "NodeProperties": later}, definition, taskDefinition)
	buildertest.Reaches(t, map[string]string{"EksPropertiesOverride": later, "NodeOverrides": later}, jobRequest, taskRequest)
}
