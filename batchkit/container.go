package batchkit

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/internal/edit"
	"github.com/batchkit/batchkit-go/internal/member"
	"github.com/batchkit/batchkit-go/internal/size"
)

// Memory is an amount of memory in MiB, the unit of AWS Batch. An untyped number counts MiB; see [MiB] and [GiB].
type Memory = size.Memory

// The units of memory: 512*batchkit.MiB, 2*batchkit.GiB.
const (
	MiB = size.MiB
	GiB = size.GiB
)

// EC2Container is the payload of a job of one container on EC2 instances. Make one with [EC2].
type EC2Container struct {
	commonContainer[EC2Container]
}

// FargateContainer is the payload of a job of one container on AWS Fargate. Make one with [Fargate].
type FargateContainer struct {
	commonContainer[FargateContainer]
}

var (
	_ Payload[ContainerOverride] = EC2Container{}
	_ Payload[ContainerOverride] = FargateContainer{}
)

// EC2 returns a container for EC2 instances. It needs VCPU and Memory.
// The image has at most 255 characters of letters, digits and - _ : . / # @.
func EC2(image string) EC2Container { return EC2Container{}.start(image) }

// Fargate returns a container for Fargate. It needs VCPU and Memory in a size that Fargate has, and an execution role.
// The image has at most 255 characters of letters, digits and - _ : . / # @.
func Fargate(image string) FargateContainer { return FargateContainer{}.start(image) }

func (EC2Container) from(l containerEdits) EC2Container {
	return EC2Container{commonContainer[EC2Container]{l}}
}

func (FargateContainer) from(l containerEdits) FargateContainer {
	return FargateContainer{commonContainer[FargateContainer]{l}}
}

type containerEdits = edit.List[types.ContainerProperties]

type selfContainer[B any] interface{ from(containerEdits) B }

// commonContainer holds the methods of both platforms. B is the platform's type, so that a chain of calls keeps it.
type commonContainer[B selfContainer[B]] struct{ edits containerEdits }

func (c commonContainer[B]) with(apply func(*types.ContainerProperties)) B {
	var b B
	return b.from(c.edits.With(apply))
}

func (c commonContainer[B]) start(image string) B {
	return c.with(func(p *types.ContainerProperties) { p.Image = &image })
}

// Properties returns the container as the SDK's struct. Each call returns a fresh copy. Nothing is checked.
func (c commonContainer[B]) Properties() types.ContainerProperties { return c.edits.Value() }

// Edit returns the container changed by a function of yours, for what has no method here.
// The function runs each time the container is built and must always do the same.
func (c commonContainer[B]) Edit(apply func(*types.ContainerProperties)) B {
	var b B
	return b.from(c.edits.WithForeign(apply))
}

// OverriddenBy tells at compile time that a job of this payload takes a [ContainerOverride]. It does nothing.
func (c commonContainer[B]) OverriddenBy(ContainerOverride) {}

// Command sets the command and its arguments, in place of the image's CMD. No shell is involved.
// A whole word Ref::name is replaced by the job's parameter of that name.
func (c commonContainer[B]) Command(args ...string) B {
	args = slices.Clone(args)
	return c.with(func(p *types.ContainerProperties) { p.Command = args })
}

// VCPU asks for virtual CPUs: a whole number of at least 1 on EC2; 0.25, 0.5, 1, 2, 4, 8 or 16 on Fargate.
// See https://docs.aws.amazon.com/batch/latest/APIReference/API_ResourceRequirement.html.
func (c commonContainer[B]) VCPU(n float64) B {
	return c.with(func(p *types.ContainerProperties) { member.SetVCPU(&p.ResourceRequirements, n) })
}

// Memory sets the hard limit of memory, in MiB; at least 4. On Fargate the amount must go with the virtual CPUs.
func (c commonContainer[B]) Memory(m Memory) B {
	return c.with(func(p *types.ContainerProperties) { member.SetMemory(&p.ResourceRequirements, m) })
}

// Env sets an environment variable. A second call with the same name replaces the value. Names that begin with
// AWS_BATCH are reserved, and the service drops a variable whose value is empty. Secrets belong into Secret.
func (c commonContainer[B]) Env(name, value string) B {
	return c.with(func(p *types.ContainerProperties) { member.SetEnv(&p.Environment, name, value) })
}

// Secret puts a secret into an environment variable when the container starts. The second argument is the ARN of a
// Secrets Manager secret, or the ARN or name of a Systems Manager parameter. It needs an execution role.
func (c commonContainer[B]) Secret(name, valueFrom string) B {
	return c.with(func(p *types.ContainerProperties) {
		p.Secrets = append(p.Secrets, types.Secret{Name: &name, ValueFrom: &valueFrom})
	})
}

// Volume declares a volume that lives as long as the container, and mounts it at an absolute path.
// The name has 1 to 255 letters, digits, hyphens and underscores.
func (c commonContainer[B]) Volume(name, path string) B {
	return c.volume(types.Volume{Name: &name}, path)
}

// EFSVolume declares a volume on an Amazon EFS file system, and mounts it at an absolute path. See parts.EFS.
func (c commonContainer[B]) EFSVolume(name, path string, efs types.EFSVolumeConfiguration) B {
	return c.volume(types.Volume{Name: &name, EfsVolumeConfiguration: &efs}, path)
}

func (c commonContainer[B]) volume(v types.Volume, path string) B {
	v = edit.Clone(v)
	return c.with(func(p *types.ContainerProperties) {
		p.Volumes = append(p.Volumes, v)
		p.MountPoints = append(p.MountPoints, member.Mount(*v.Name, path, false))
	})
}

// JobRole sets the role, by ARN, whose rights the command has. Default: none.
func (c commonContainer[B]) JobRole(arn string) B {
	return c.with(func(p *types.ContainerProperties) { p.JobRoleArn = &arn })
}

// ExecutionRole sets the role, by ARN, with which the image is pulled, secrets read and logs written.
// Fargate needs one, and so do secrets. Default: none.
func (c commonContainer[B]) ExecutionRole(arn string) B {
	return c.with(func(p *types.ContainerProperties) { p.ExecutionRoleArn = &arn })
}

// User sets the user, and the group behind a colon, that the command runs as. Default: the image's own.
func (c commonContainer[B]) User(user string) B {
	return c.with(func(p *types.ContainerProperties) { p.User = &user })
}

// ReadonlyRootFilesystem makes all but the mounted volumes read-only.
func (c commonContainer[B]) ReadonlyRootFilesystem() B {
	return c.with(func(p *types.ContainerProperties) { p.ReadonlyRootFilesystem = member.True() })
}

// EnableExecuteCommand lets ECS Exec open a shell in the container. The job role needs the rights for it.
func (c commonContainer[B]) EnableExecuteCommand() B {
	return c.with(func(p *types.ContainerProperties) { p.EnableExecuteCommand = member.True() })
}

// LinuxParameters sets devices, swap, shared memory, tmpfs and the init process; see parts.Linux. Fargate knows the last only.
func (c commonContainer[B]) LinuxParameters(linux types.LinuxParameters) B {
	linux = edit.Clone(linux)
	return c.with(func(p *types.ContainerProperties) { v := linux; p.LinuxParameters = &v })
}

// LogConfiguration says where the container's output goes; package parts has a function for each log driver.
// Default: CloudWatch Logs, group /aws/batch/job.
func (c commonContainer[B]) LogConfiguration(log types.LogConfiguration) B {
	log = edit.Clone(log)
	return c.with(func(p *types.ContainerProperties) { v := log; p.LogConfiguration = &v })
}

// RepositoryCredentials names the Secrets Manager secret, by ARN or name, with which a private registry is read.
func (c commonContainer[B]) RepositoryCredentials(secret string) B {
	return c.with(func(p *types.ContainerProperties) {
		p.RepositoryCredentials = &types.RepositoryCredentials{CredentialsParameter: &secret}
	})
}

// ApplyTo makes the container the payload of a definition for EC2.
func (c EC2Container) ApplyTo(in *batch.RegisterJobDefinitionInput) { c.applyTo(in) }

// ApplyTo makes the container the payload of a definition for Fargate.
func (c FargateContainer) ApplyTo(in *batch.RegisterJobDefinitionInput) {
	c.applyTo(in)
	in.PlatformCapabilities = []types.PlatformCapability{types.PlatformCapabilityFargate}
}

func (c commonContainer[B]) applyTo(in *batch.RegisterJobDefinitionInput) {
	properties := c.Properties()
	in.Type = types.JobDefinitionTypeContainer
	in.ContainerProperties = &properties
}
