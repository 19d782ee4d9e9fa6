package eksprops_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/eksprops"
	"github.com/batchkit/batchkit-go/internal/buildertest"
)

var (
	app = buildertest.Builder{
		Zero:  eksprops.App("app", "busybox"),
		Value: func(b any) any { return b.(eksprops.AppContainer).Properties() },
	}
	initial = buildertest.Builder{
		Zero:  eksprops.Init("tool", "busybox"),
		Value: func(b any) any { return b.(eksprops.InitContainer).Properties() },
	}
	pod = buildertest.Builder{
		Zero:    eksprops.Pod(eksprops.App("app", "busybox")),
		Value:   func(b any) any { return b.(eksprops.JobPod).Properties() },
		Samples: []any{eksprops.Init("tool", "busybox").Env("MODE", "fast")},
	}
	change = buildertest.Builder{
		Zero:  eksprops.For("app"),
		Value: func(b any) any { return changed(eksprops.Override(b.(eksprops.ContainerOverride))).Containers[0] },
	}
	changes = buildertest.Builder{
		Zero:    eksprops.Override(eksprops.For("app").Env("MODE", "fast")),
		Value:   func(b any) any { return changed(b.(eksprops.Overrides)) },
		Samples: []any{eksprops.For("tool").Env("MODE", "fast")},
	}
)

func changed(o eksprops.Overrides) types.EksPodPropertiesOverride {
	return *o.Properties().PodProperties
}

func TestBuildersAreImmutable(t *testing.T) {
	t.Parallel()
	for name, b := range map[string]buildertest.Builder{
		"AppContainer": app, "InitContainer": initial, "JobPod": pod, "ContainerOverride": change, "Overrides": changes,
	} {
		t.Run(name, func(t *testing.T) { buildertest.Immutable(t, b) })
	}
}

// Each member of the SDK's structs has a method, also the one that the SDK gets tomorrow.
func TestEveryMemberIsReached(t *testing.T) {
	t.Parallel()
	for name, b := range map[string]buildertest.Builder{
		"AppContainer": app, "InitContainer": initial, "JobPod": pod, "ContainerOverride": change, "Overrides": changes,

		"securityContext": part(app, func(v any) types.EksContainerSecurityContext {
			return deref(v.(types.EksContainer).SecurityContext)
		}),
		"resources": part(app, func(v any) types.EksContainerResourceRequirements {
			return deref(v.(types.EksContainer).Resources)
		}),
		"volumeMounts":          part(app, func(v any) types.EksContainerVolumeMount { return last(v.(types.EksContainer).VolumeMounts) }),
		"volumes":               part(pod, volume),
		"emptyDir":              part(pod, func(v any) types.EksEmptyDir { return deref(volume(v).EmptyDir) }),
		"hostPath":              part(pod, func(v any) types.EksHostPath { return deref(volume(v).HostPath) }),
		"secret":                part(pod, func(v any) types.EksSecret { return deref(volume(v).Secret) }),
		"persistentVolumeClaim": part(pod, func(v any) types.EksPersistentVolumeClaim { return deref(volume(v).PersistentVolumeClaim) }),
		"metadata":              part(pod, func(v any) types.EksMetadata { return deref(v.(types.EksPodProperties).Metadata) }),
		"override's metadata":   part(changes, func(v any) types.EksMetadata { return deref(v.(types.EksPodPropertiesOverride).Metadata) }),
		"override's resources": part(change, func(v any) types.EksContainerResourceRequirements {
			return deref(v.(types.EksContainerOverride).Resources)
		}),
	} {
		t.Run(name, func(t *testing.T) { buildertest.Reaches(t, nil, b) })
	}
}

// part is the builder b seen as one of a struct inside what it builds.
func part[T any](b buildertest.Builder, of func(any) T) buildertest.Builder {
	whole := b.Value
	b.Value = func(builder any) any { return of(whole(builder)) }
	return b
}

func volume(v any) types.EksVolume { return last(v.(types.EksPodProperties).Volumes) }

func deref[T any](p *T) T {
	if p == nil {
		return *new(T)
	}
	return *p
}

func last[T any](s []T) T {
	if len(s) == 0 {
		return *new(T)
	}
	return s[len(s)-1]
}
