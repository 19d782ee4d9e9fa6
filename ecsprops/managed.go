package ecsprops

import (
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// ManagedInstancesTask is a task that runs on Amazon ECS Managed Instances. Make one with [ManagedInstances].
type ManagedInstancesTask struct {
	commonTask[ManagedInstancesTask]
}

// managedInstances is known to the service but not to the SDK's enum.
const managedInstances types.PlatformCapability = "MANAGED_INSTANCES"

// ManagedInstances returns a task of one to ten containers for Amazon ECS Managed Instances: hosts that AWS looks
// after, with any size of container, GPUs and folders of the host. At least one container must be essential.
// See https://docs.aws.amazon.com/batch/latest/userguide/ecs-managed-instances-job-definitions.html.
func ManagedInstances(containers ...Container) ManagedInstancesTask {
	return ManagedInstancesTask{}.start(containers)
}

func (ManagedInstancesTask) from(l taskEdits) ManagedInstancesTask {
	return ManagedInstancesTask{commonTask[ManagedInstancesTask]{l}}
}

// HostVolume declares a volume that is a folder of the instance. The path is absolute.
func (t ManagedInstancesTask) HostVolume(name, sourcePath string) ManagedInstancesTask {
	return t.volume(types.Volume{Name: &name, Host: &types.Host{SourcePath: &sourcePath}})
}

// S3FilesVolume declares a volume on an Amazon S3 Files file system. It needs a task role.
func (t ManagedInstancesTask) S3FilesVolume(name string, s3 types.S3FilesVolumeConfiguration) ManagedInstancesTask {
	return t.volume(types.Volume{Name: &name, S3filesVolumeConfiguration: &s3})
}

// CPUArchitecture sets the processor, X86_64 or ARM64. Default: X86_64. The operating system is always Linux.
func (t ManagedInstancesTask) CPUArchitecture(cpu string) ManagedInstancesTask {
	return t.with(func(p *types.EcsTaskProperties) {
		p.RuntimePlatform = &types.RuntimePlatform{CpuArchitecture: &cpu}
	})
}

// ApplyTo makes the task the payload of a definition for Amazon ECS Managed Instances.
func (t ManagedInstancesTask) ApplyTo(in *batch.RegisterJobDefinitionInput) {
	t.applyTo(in)
	in.PlatformCapabilities = []types.PlatformCapability{managedInstances}
}
