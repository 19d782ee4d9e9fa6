package eksprops

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/internal/edit"
	"github.com/batchkit/batchkit-go/internal/member"
)

// AppContainer is an application container of a pod. The application containers start together when all init containers
// have succeeded, and the job succeeds if each of them exits with 0. Make one with [App].
type AppContainer struct{ common[AppContainer] }

// InitContainer is a container that runs before the application containers, while the job is STARTING.
// The init containers run one after the other; when one fails, what comes after it never starts. Make one with [Init].
type InitContainer struct{ common[InitContainer] }

// App returns an application container. The name is a DNS label of 1 to 63 lower-case letters, digits and hyphens,
// unique in the pod; overrides use it. CPU and Memory are needed.
func App(name, image string) AppContainer { return AppContainer{}.start(name, image) }

// Init returns an init container. For name and image see [App]. CPU and Memory are needed here too.
func Init(name, image string) InitContainer { return InitContainer{}.start(name, image) }

func (AppContainer) from(l edits) AppContainer   { return AppContainer{common[AppContainer]{l}} }
func (InitContainer) from(l edits) InitContainer { return InitContainer{common[InitContainer]{l}} }

type edits = edit.List[types.EksContainer]

// self is a container type that can be made again with other edits.
type self[B any] interface{ from(edits) B }

// common holds the methods of both kinds of container. B is the kind, so that a chain of calls keeps it.
type common[B self[B]] struct{ edits edits }

func (c common[B]) with(apply func(*types.EksContainer)) B {
	var b B
	return b.from(c.edits.With(apply))
}

func (c common[B]) start(name, image string) B {
	return c.with(func(p *types.EksContainer) { p.Name, p.Image = &name, &image })
}

// Properties returns the container as the SDK's struct. Each call returns a fresh copy. Nothing is checked.
func (c common[B]) Properties() types.EksContainer { return c.edits.Value() }

// Edit returns the container changed by a function of yours, for what has no method here.
// The function runs each time the container is built and must always do the same.
func (c common[B]) Edit(apply func(*types.EksContainer)) B {
	var b B
	return b.from(c.edits.WithForeign(apply))
}

// Command sets the program and arguments in place of the image's ENTRYPOINT; beware that the same word means CMD in
// the builders for Amazon ECS, which is Args here. No shell is involved. $(NAME) becomes the value of the environment
// variable NAME, and $$(NAME) stays as $(NAME). Default: the image's own.
// See https://docs.aws.amazon.com/batch/latest/APIReference/API_EksContainer.html.
func (c common[B]) Command(words ...string) B {
	words = slices.Clone(words)
	return c.with(func(p *types.EksContainer) { p.Command = words })
}

// Args sets the arguments of the program, in place of the image's CMD. Variables are expanded as in Command.
// Default: the image's own.
func (c common[B]) Args(args ...string) B {
	args = slices.Clone(args)
	return c.with(func(p *types.EksContainer) { p.Args = args })
}

// Env sets an environment variable. A second call with the same name replaces the value. Names that begin with
// AWS_BATCH are reserved. Secrets belong into a volume: see [JobPod.Secret].
func (c common[B]) Env(name, value string) B {
	return c.with(func(p *types.EksContainer) { setEnv(&p.Env, name, value) })
}

// PullPolicy says when the node fetches an image.
type PullPolicy string

// The policies that AWS Batch knows.
const (
	PullAlways       PullPolicy = "Always"       // before each start
	PullIfNotPresent PullPolicy = "IfNotPresent" // when the node has it not
	PullNever        PullPolicy = "Never"        // the node must have it
)

// ImagePullPolicy says when the image is fetched. Default: [PullIfNotPresent], and [PullAlways] for the tag latest.
func (c common[B]) ImagePullPolicy(policy PullPolicy) B {
	return c.with(func(p *types.EksContainer) { v := string(policy); p.ImagePullPolicy = &v })
}

// Mount mounts a volume of the pod at an absolute path.
func (c common[B]) Mount(volume, path string) B {
	return c.mount(types.EksContainerVolumeMount{Name: &volume, MountPath: &path})
}

// MountReadOnly mounts a volume of the pod at an absolute path; the container cannot write to it.
func (c common[B]) MountReadOnly(volume, path string) B {
	return c.mount(types.EksContainerVolumeMount{Name: &volume, MountPath: &path, ReadOnly: member.True()})
}

// MountSubPath mounts a folder or file of a volume, given by its path in the volume, at an absolute path.
func (c common[B]) MountSubPath(volume, subPath, path string) B {
	return c.mount(types.EksContainerVolumeMount{Name: &volume, SubPath: &subPath, MountPath: &path})
}

// MountSubPathReadOnly is MountSubPath for a container that cannot write there.
func (c common[B]) MountSubPathReadOnly(volume, subPath, path string) B {
	return c.mount(types.EksContainerVolumeMount{Name: &volume, SubPath: &subPath, MountPath: &path, ReadOnly: member.True()})
}

func (c common[B]) mount(m types.EksContainerVolumeMount) B {
	return c.with(func(p *types.EksContainer) { p.VolumeMounts = append(p.VolumeMounts, m) })
}

// setEnv sets a variable, in its old place when the list has it already.
func setEnv(list *[]types.EksContainerEnvironmentVariable, name, value string) {
	for i := range *list {
		if old := (*list)[i].Name; old != nil && *old == name {
			(*list)[i].Value = &value
			return
		}
	}
	*list = append(*list, types.EksContainerEnvironmentVariable{Name: &name, Value: &value})
}
