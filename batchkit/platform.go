package batchkit

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/internal/member"
)

// GPU reserves whole GPUs of the instance.
func (c EC2Container) GPU(n int) EC2Container {
	return c.with(func(p *types.ContainerProperties) { member.SetGPU(&p.ResourceRequirements, n) })
}

// Privileged gives the container elevated rights on the host, like root's.
func (c EC2Container) Privileged() EC2Container {
	return c.with(func(p *types.ContainerProperties) { p.Privileged = member.True() })
}

// Ulimit adds a limit of the kernel's, such as nofile.
func (c EC2Container) Ulimit(name string, soft, hard int) EC2Container {
	return c.with(func(p *types.ContainerProperties) {
		p.Ulimits = append(p.Ulimits, member.Ulimit(name, soft, hard))
	})
}

// HostVolume declares a volume that is a folder of the instance, and mounts it. Both paths are absolute.
func (c EC2Container) HostVolume(name, sourcePath, path string) EC2Container {
	return c.volume(types.Volume{Name: &name, Host: &types.Host{SourcePath: &sourcePath}}, path)
}

// Device gives the container a device of the instance, under the same path, with the given permissions
// (READ, WRITE, MKNOD). No permission stands for all three.
func (c EC2Container) Device(hostPath string, permissions ...types.DeviceCgroupPermission) EC2Container {
	device := types.Device{HostPath: &hostPath, Permissions: slices.Clone(permissions)}
	return c.Edit(func(p *types.ContainerProperties) {
		if p.LinuxParameters == nil {
			p.LinuxParameters = &types.LinuxParameters{}
		}
		p.LinuxParameters.Devices = append(p.LinuxParameters.Devices, device)
	})
}

// S3FilesVolume declares a volume on an Amazon S3 Files file system, and mounts it at an absolute path. It needs a job
// role. See parts.S3Files.
func (c FargateContainer) S3FilesVolume(name, path string, s3 types.S3FilesVolumeConfiguration) FargateContainer {
	return c.volume(types.Volume{Name: &name, S3filesVolumeConfiguration: &s3}, path)
}

// PlatformVersion pins the version of Fargate's platform: 1.3.0, 1.4.0 or LATEST. Default: LATEST.
func (c FargateContainer) PlatformVersion(version string) FargateContainer {
	return c.with(func(p *types.ContainerProperties) {
		p.FargatePlatformConfiguration = &types.FargatePlatformConfiguration{PlatformVersion: &version}
	})
}

// AssignPublicIP gives the job a public address, so that it reaches a registry from a subnet without NAT.
func (c FargateContainer) AssignPublicIP() FargateContainer {
	return c.with(func(p *types.ContainerProperties) {
		p.NetworkConfiguration = &types.NetworkConfiguration{AssignPublicIp: types.AssignPublicIpEnabled}
	})
}

// RuntimePlatform sets the operating system, such as LINUX or WINDOWS_SERVER_2022_CORE, and the processor,
// X86_64 or ARM64. Default: LINUX on X86_64.
func (c FargateContainer) RuntimePlatform(operatingSystem, cpu string) FargateContainer {
	return c.with(func(p *types.ContainerProperties) {
		p.RuntimePlatform = &types.RuntimePlatform{OperatingSystemFamily: &operatingSystem, CpuArchitecture: &cpu}
	})
}

// EphemeralStorage sets the size of the job's own disk in GiB, 21 to 200. Default: 20.
// See https://docs.aws.amazon.com/batch/latest/APIReference/API_EphemeralStorage.html.
func (c FargateContainer) EphemeralStorage(gib int) FargateContainer {
	return c.with(func(p *types.ContainerProperties) {
		p.EphemeralStorage = &types.EphemeralStorage{SizeInGiB: member.Int32(gib)}
	})
}
