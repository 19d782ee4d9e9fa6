package ecsprops

import (
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/internal/edit"
	"github.com/batchkit/batchkit-go/internal/member"
)

// EC2Task is a task that runs on EC2 instances. Make one with [EC2].
type EC2Task struct{ commonTask[EC2Task] }

// FargateTask is a task that runs on AWS Fargate. Make one with [Fargate].
type FargateTask struct{ commonTask[FargateTask] }

// EC2 returns a task of one to ten containers for EC2 instances. At least one of them must be essential.
// See https://docs.aws.amazon.com/batch/latest/userguide/multi-container-jobs.html.
func EC2(containers ...Container) EC2Task { return EC2Task{}.start(containers) }

// Fargate returns a task of one to ten containers for Fargate. It needs an execution role, and the sums of the
// containers' virtual CPUs and memory must be a size that Fargate has.
//
// A container that is to find another image's files in a shared volume gets them on Fargate only if that image
// declares the path as a VOLUME in its Dockerfile:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html.
func Fargate(containers ...Container) FargateTask { return FargateTask{}.start(containers) }

func (EC2Task) from(l taskEdits) EC2Task         { return EC2Task{commonTask[EC2Task]{l}} }
func (FargateTask) from(l taskEdits) FargateTask { return FargateTask{commonTask[FargateTask]{l}} }

type taskEdits = edit.List[types.EcsTaskProperties]

type selfTask[B any] interface{ from(taskEdits) B }

// commonTask holds the methods of both platforms.
type commonTask[B selfTask[B]] struct{ edits taskEdits }

func (t commonTask[B]) with(apply func(*types.EcsTaskProperties)) B {
	var b B
	return b.from(t.edits.With(apply))
}

func (t commonTask[B]) start(containers []Container) B {
	properties := make([]types.TaskContainerProperties, len(containers))
	for i, c := range containers {
		if c != nil { // a nil one stays an empty one, for validation to find
			properties[i] = c.Properties()
		}
	}
	return t.with(func(p *types.EcsTaskProperties) { p.Containers = append(p.Containers, properties...) })
}

// Properties returns the task as the SDK's struct. Each call returns a fresh copy. Nothing is checked.
func (t commonTask[B]) Properties() types.EcsTaskProperties { return t.edits.Value() }

// Edit returns the task changed by a function of yours, for what has no method here.
// The function runs each time the task is built and must always do the same.
func (t commonTask[B]) Edit(apply func(*types.EcsTaskProperties)) B {
	var b B
	return b.from(t.edits.WithForeign(apply))
}

// OverriddenBy tells package batchkit at compile time which kind of override fits a job of this task. It does nothing.
func (t commonTask[B]) OverriddenBy(Overrides) {}

// Volume declares a volume that lives as long as the task. Containers share it by mounting it.
// The name has 1 to 255 letters, digits, hyphens and underscores.
func (t commonTask[B]) Volume(name string) B {
	return t.volume(types.Volume{Name: &name})
}

// EFSVolume declares a volume on an Amazon EFS file system. On Fargate it needs platform version 1.4.0 or LATEST.
// See parts.EFS.
func (t commonTask[B]) EFSVolume(name string, efs types.EFSVolumeConfiguration) B {
	return t.volume(types.Volume{Name: &name, EfsVolumeConfiguration: &efs})
}

func (t commonTask[B]) volume(v types.Volume) B {
	v = edit.Clone(v)
	return t.with(func(p *types.EcsTaskProperties) { p.Volumes = append(p.Volumes, v) })
}

// TaskRole sets the role, by ARN, whose rights the containers have. Default: none.
func (t commonTask[B]) TaskRole(arn string) B {
	return t.with(func(p *types.EcsTaskProperties) { p.TaskRoleArn = &arn })
}

// ExecutionRole sets the role, by ARN, with which images are pulled, secrets read and logs written before the
// containers run. Fargate needs one, and so do secrets. Default: none.
func (t commonTask[B]) ExecutionRole(arn string) B {
	return t.with(func(p *types.EcsTaskProperties) { p.ExecutionRoleArn = &arn })
}

// EnableExecuteCommand lets ECS Exec open a shell in the containers. The task role needs the rights for it.
func (t commonTask[B]) EnableExecuteCommand() B {
	return t.with(func(p *types.EcsTaskProperties) { p.EnableExecuteCommand = member.True() })
}

// PIDMode lets the containers see each other's processes ("task") or, on EC2 only, those of the host ("host").
// Default: each sees its own.
func (t commonTask[B]) PIDMode(mode string) B {
	return t.with(func(p *types.EcsTaskProperties) { p.PidMode = &mode })
}

// HostVolume declares a volume that is a folder of the instance. The path is absolute.
func (t EC2Task) HostVolume(name, sourcePath string) EC2Task {
	return t.volume(types.Volume{Name: &name, Host: &types.Host{SourcePath: &sourcePath}})
}

// IPCMode shares interprocess memory among the containers ("task"), with the host ("host"), or not at all ("none").
// Default: as the Docker daemon of the instance is set.
func (t EC2Task) IPCMode(mode string) EC2Task {
	return t.with(func(p *types.EcsTaskProperties) { p.IpcMode = &mode })
}

// S3FilesVolume declares a volume on an Amazon S3 Files file system. It needs a task role. See parts.S3Files.
func (t FargateTask) S3FilesVolume(name string, s3 types.S3FilesVolumeConfiguration) FargateTask {
	return t.volume(types.Volume{Name: &name, S3filesVolumeConfiguration: &s3})
}

// AssignPublicIP gives the task a public address, so that it reaches a registry from a subnet without NAT.
func (t FargateTask) AssignPublicIP() FargateTask {
	return t.with(func(p *types.EcsTaskProperties) {
		p.NetworkConfiguration = &types.NetworkConfiguration{AssignPublicIp: types.AssignPublicIpEnabled}
	})
}

// PlatformVersion pins the version of Fargate's platform: 1.3.0, 1.4.0 or LATEST. Default: LATEST.
func (t FargateTask) PlatformVersion(version string) FargateTask {
	return t.with(func(p *types.EcsTaskProperties) { p.PlatformVersion = &version })
}

// RuntimePlatform sets the operating system, such as LINUX or WINDOWS_SERVER_2022_CORE, and the processor,
// X86_64 or ARM64. Default: LINUX on X86_64.
func (t FargateTask) RuntimePlatform(operatingSystem, cpu string) FargateTask {
	return t.with(func(p *types.EcsTaskProperties) {
		p.RuntimePlatform = &types.RuntimePlatform{OperatingSystemFamily: &operatingSystem, CpuArchitecture: &cpu}
	})
}

// EphemeralStorage sets the size of the task's own disk in GiB, 21 to 200. Default: 20.
// See https://docs.aws.amazon.com/batch/latest/APIReference/API_EphemeralStorage.html.
func (t FargateTask) EphemeralStorage(gib int) FargateTask {
	return t.with(func(p *types.EcsTaskProperties) {
		p.EphemeralStorage = &types.EphemeralStorage{SizeInGiB: member.Int32(gib)}
	})
}

// ApplyTo makes the task the payload of a definition for EC2.
func (t EC2Task) ApplyTo(in *batch.RegisterJobDefinitionInput) { t.applyTo(in) }

// ApplyTo makes the task the payload of a definition for Fargate.
func (t FargateTask) ApplyTo(in *batch.RegisterJobDefinitionInput) {
	t.applyTo(in)
	in.PlatformCapabilities = []types.PlatformCapability{types.PlatformCapabilityFargate}
}

func (t commonTask[B]) applyTo(in *batch.RegisterJobDefinitionInput) {
	in.Type = types.JobDefinitionTypeContainer
	in.EcsProperties = &types.EcsProperties{TaskProperties: []types.EcsTaskProperties{t.Properties()}}
}
