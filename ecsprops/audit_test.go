package ecsprops_test

import (
	"testing"

	"github.com/batchkit/batchkit-go/ecsprops"
	"github.com/batchkit/batchkit-go/internal/buildertest"
)

var sidecar = ecsprops.NonEssential("sidecar", "busybox")

var (
	essential = buildertest.Builder{
		Zero:    ecsprops.Essential("app", "busybox"),
		Value:   func(b any) any { return b.(ecsprops.EssentialContainer).Properties() },
		Samples: []any{sidecar},
	}
	nonEssential = buildertest.Builder{
		Zero:    sidecar,
		Value:   func(b any) any { return b.(ecsprops.NonEssentialContainer).Properties() },
		Samples: []any{sidecar},
	}
	ec2 = buildertest.Builder{
		Zero:  ecsprops.EC2(sidecar),
		Value: func(b any) any { return b.(ecsprops.EC2Task).Properties() },
	}
	fargate = buildertest.Builder{
		Zero:  ecsprops.Fargate(sidecar),
		Value: func(b any) any { return b.(ecsprops.FargateTask).Properties() },
	}
	managed = buildertest.Builder{
		Zero:  ecsprops.ManagedInstances(sidecar),
		Value: func(b any) any { return b.(ecsprops.ManagedInstancesTask).Properties() },
	}
	change = buildertest.Builder{
		Zero: ecsprops.For("app"),
		Value: func(b any) any {
			return ecsprops.Override(b.(ecsprops.ContainerOverride)).Properties().TaskProperties[0].Containers[0]
		},
	}
	changes = buildertest.Builder{
		Zero:  ecsprops.Override(ecsprops.For("app").Env("MODE", "fast")),
		Value: func(b any) any { return b.(ecsprops.Overrides).Properties() },
	}
)

func TestBuildersAreImmutable(t *testing.T) {
	t.Parallel()
	for name, b := range map[string]buildertest.Builder{
		"EssentialContainer": essential, "NonEssentialContainer": nonEssential,
		"EC2Task": ec2, "FargateTask": fargate, "ManagedInstancesTask": managed, "ContainerOverride": change, "Overrides": changes,
	} {
		t.Run(name, func(t *testing.T) { buildertest.Immutable(t, b) })
	}
}

// Each member of the SDK's structs has a method, also the one that the SDK gets tomorrow.
func TestEveryMemberIsReached(t *testing.T) {
	t.Parallel()
	buildertest.Reaches(t, nil, essential, nonEssential)
	buildertest.Reaches(t, nil, ec2, fargate)
	buildertest.Reaches(t, nil, change)
}

// The tasks of both platforms have what their platform knows, and no more.
func TestPlatforms(t *testing.T) {
	t.Parallel()
	type hostVolume interface {
		HostVolume(name, sourcePath string) ecsprops.EC2Task
	}
	if _, ok := any(ecsprops.Fargate()).(hostVolume); ok {
		t.Error("a Fargate task has HostVolume, and Fargate has no host")
	}
	type platformVersion interface {
		PlatformVersion(string) ecsprops.FargateTask
	}
	if _, ok := any(ecsprops.EC2()).(platformVersion); ok {
		t.Error("an EC2 task has PlatformVersion")
	}
	if essential := sidecar.Properties().Essential; essential == nil || *essential {
		t.Error("a NonEssential container must say essential: false, because true is the service's default")
	}
}
