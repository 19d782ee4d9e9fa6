package ecsprops

import (
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/internal/edit"
	"github.com/batchkit/batchkit-go/internal/member"
	"github.com/batchkit/batchkit-go/internal/size"
)

// Memory is an amount of memory in MiB. An untyped number counts MiB; the units are in package batchkit, and the same in
// package parts: 2*batchkit.GiB.
type Memory = size.Memory

// Container is a container of a task: an [EssentialContainer] or a [NonEssentialContainer].
type Container interface {
	// Properties returns the container as the SDK's struct, a fresh copy at each call.
	Properties() types.TaskContainerProperties
	sealed()
}

// EssentialContainer is a container with which the task ends: when it stops, for whatever reason, the others are
// stopped, and the job succeeds only if all essential containers exit with 0. Make one with [Essential].
type EssentialContainer struct {
	common[EssentialContainer]
}

// NonEssentialContainer is a container whose end, with whatever exit code, leaves the task running.
// Make one with [NonEssential].
type NonEssentialContainer struct {
	common[NonEssentialContainer]
}

var (
	_ Container = EssentialContainer{}
	_ Container = NonEssentialContainer{}
)

// Essential returns a container that the task needs. The name is unique in the task; dependencies and overrides use it.
// The image has at most 255 characters of letters, digits and - _ : . / # @.
func Essential(name, image string) EssentialContainer {
	return EssentialContainer{}.start(name, image, true)
}

// NonEssential returns a container that may end without ending the task. For name and image see [Essential].
func NonEssential(name, image string) NonEssentialContainer {
	return NonEssentialContainer{}.start(name, image, false)
}

func (EssentialContainer) from(l edits) EssentialContainer {
	return EssentialContainer{common[EssentialContainer]{l}}
}

func (NonEssentialContainer) from(l edits) NonEssentialContainer {
	return NonEssentialContainer{common[NonEssentialContainer]{l}}
}

type edits = edit.List[types.TaskContainerProperties]

// self is a container type that can be made again with other edits.
type self[B any] interface{ from(edits) B }

// common holds the methods of both kinds of container. B is the kind, so that a chain of calls keeps it.
type common[B self[B]] struct{ edits edits }

func (c common[B]) sealed() {}

func (c common[B]) with(apply func(*types.TaskContainerProperties)) B {
	var b B
	return b.from(c.edits.With(apply))
}

func (c common[B]) start(name, image string, essential bool) B {
	return c.with(func(p *types.TaskContainerProperties) { p.Name, p.Image, p.Essential = &name, &image, &essential })
}

// Properties returns the container as the SDK's struct. Each call returns a fresh copy. Nothing is checked.
func (c common[B]) Properties() types.TaskContainerProperties { return c.edits.Value() }

// Edit returns the container changed by a function of yours, for what has no method here.
// The function runs each time the container is built and must always do the same.
func (c common[B]) Edit(apply func(*types.TaskContainerProperties)) B {
	var b B
	return b.from(c.edits.WithForeign(apply))
}

// Command sets the command and its arguments, in place of the image's CMD. No shell is involved.
// A whole word Ref::name is replaced by the job's parameter of that name.
func (c common[B]) Command(args ...string) B {
	args = slices.Clone(args)
	return c.with(func(p *types.TaskContainerProperties) { p.Command = args })
}

// VCPU asks for virtual CPUs. Every container needs a figure. On Fargate the sum over the containers, together with
// the sum of memory, must be a size that Fargate has (0.25, 0.5, 1, 2, 4, 8 or 16); on EC2 it is a whole number.
// See https://docs.aws.amazon.com/batch/latest/APIReference/API_ResourceRequirement.html.
func (c common[B]) VCPU(n float64) B {
	return c.with(func(p *types.TaskContainerProperties) { member.SetVCPU(&p.ResourceRequirements, n) })
}

// Memory sets the hard limit of memory, in MiB; at least 4. Every container needs a figure.
func (c common[B]) Memory(m Memory) B {
	return c.with(func(p *types.TaskContainerProperties) { member.SetMemory(&p.ResourceRequirements, m) })
}

// GPU reserves whole GPUs. The GPUs of all containers are on one instance. Fargate has none.
func (c common[B]) GPU(n int) B {
	return c.with(func(p *types.TaskContainerProperties) { member.SetGPU(&p.ResourceRequirements, n) })
}

// Env sets an environment variable. A second call with the same name replaces the value. Names that begin with
// AWS_BATCH are reserved, and the service drops a variable whose value is empty. Secrets belong into Secret.
func (c common[B]) Env(name, value string) B {
	return c.with(func(p *types.TaskContainerProperties) { member.SetEnv(&p.Environment, name, value) })
}

// Secret puts a secret into an environment variable when the container starts. The second argument is the ARN of a
// Secrets Manager secret, or the ARN or name of a Systems Manager parameter. The task needs an execution role.
func (c common[B]) Secret(name, valueFrom string) B {
	return c.with(func(p *types.TaskContainerProperties) {
		p.Secrets = append(p.Secrets, types.Secret{Name: &name, ValueFrom: &valueFrom})
	})
}

// Mount mounts a volume of the task at an absolute path.
func (c common[B]) Mount(volume, path string) B {
	return c.with(func(p *types.TaskContainerProperties) {
		p.MountPoints = append(p.MountPoints, member.Mount(volume, path, false))
	})
}

// MountReadOnly mounts a volume of the task at an absolute path; the container cannot write to it.
func (c common[B]) MountReadOnly(volume, path string) B {
	return c.with(func(p *types.TaskContainerProperties) {
		p.MountPoints = append(p.MountPoints, member.Mount(volume, path, true))
	})
}

// AfterStart delays this container until the other has been started.
func (c common[B]) AfterStart(other Container) B { return c.after(other, "START") }

// AfterComplete delays this container until the other has ended, with any exit code.
// Only a non-essential container can be waited for: the task ends with an essential one.
func (c common[B]) AfterComplete(other NonEssentialContainer) B { return c.after(other, "COMPLETE") }

// AfterSuccess delays this container until the other has ended with exit code 0. If it ends with another,
// this container never starts and the attempt fails.
// Only a non-essential container can be waited for: the task ends with an essential one.
func (c common[B]) AfterSuccess(other NonEssentialContainer) B { return c.after(other, "SUCCESS") }

func (c common[B]) after(other Container, condition string) B {
	var name *string
	if other != nil {
		name = other.Properties().Name
	}
	return c.with(func(p *types.TaskContainerProperties) {
		p.DependsOn = append(p.DependsOn, types.TaskContainerDependency{ContainerName: name, Condition: &condition})
	})
}

// StartTimeout bounds how long the conditions of this container's dependencies may take; after it the container is
// not started. At least 2 seconds, and at most 120 on Fargate. Parts of a second are rounded up. Default: no bound.
func (c common[B]) StartTimeout(d time.Duration) B {
	return c.with(func(p *types.TaskContainerProperties) { p.StartTimeout = member.Seconds(d) })
}

// StopTimeout is the time between the polite signal and the kill when the container is stopped.
// At least 2 seconds, and at most 120 on Fargate. Parts of a second are rounded up. Default: 30 seconds.
func (c common[B]) StopTimeout(d time.Duration) B {
	return c.with(func(p *types.TaskContainerProperties) { p.StopTimeout = member.Seconds(d) })
}

// User sets the user, and the group behind a colon, that the command runs as; names or numbers.
// Default: the image's own.
func (c common[B]) User(user string) B {
	return c.with(func(p *types.TaskContainerProperties) { p.User = &user })
}

// Privileged gives the container elevated rights on the host, like root's. Refused on Fargate.
func (c common[B]) Privileged() B {
	return c.with(func(p *types.TaskContainerProperties) { p.Privileged = member.True() })
}

// ReadonlyRootFilesystem makes all but the mounted volumes read-only.
func (c common[B]) ReadonlyRootFilesystem() B {
	return c.with(func(p *types.TaskContainerProperties) { p.ReadonlyRootFilesystem = member.True() })
}

// Ulimit adds a limit of the kernel's, such as nofile. Refused on Fargate.
func (c common[B]) Ulimit(name string, soft, hard int) B {
	return c.with(func(p *types.TaskContainerProperties) {
		p.Ulimits = append(p.Ulimits, member.Ulimit(name, soft, hard))
	})
}

// LinuxParameters sets devices, swap, shared memory, tmpfs and the init process; see parts.Linux. Fargate knows the last only.
func (c common[B]) LinuxParameters(linux types.LinuxParameters) B {
	linux = edit.Clone(linux)
	return c.with(func(p *types.TaskContainerProperties) { v := linux; p.LinuxParameters = &v })
}

// LogConfiguration says where the container's output goes; package parts has a function for each log driver.
// Default: CloudWatch Logs, group /aws/batch/job.
func (c common[B]) LogConfiguration(log types.LogConfiguration) B {
	log = edit.Clone(log)
	return c.with(func(p *types.TaskContainerProperties) { v := log; p.LogConfiguration = &v })
}

// FirelensConfiguration makes this container the log router of the task, for containers with the log driver awsfirelens.
// [FluentBit] and [Fluentd] make one at once.
func (c common[B]) FirelensConfiguration(kind types.FirelensConfigurationType, options map[string]string) B {
	options = maps.Clone(options)
	return c.with(func(p *types.TaskContainerProperties) {
		p.FirelensConfiguration = &types.FirelensConfiguration{Type: kind, Options: options}
	})
}

// RepositoryCredentials names the Secrets Manager secret, by ARN or name, with which a private registry is read.
func (c common[B]) RepositoryCredentials(secret string) B {
	return c.with(func(p *types.TaskContainerProperties) {
		p.RepositoryCredentials = &types.RepositoryCredentials{CredentialsParameter: &secret}
	})
}
