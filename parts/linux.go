package parts

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/internal/edit"
	"github.com/batchkit/batchkit-go/internal/member"
)

// LinuxOptions are what the kernel may be told about a container. Fargate knows Init only.
// See https://docs.aws.amazon.com/batch/latest/APIReference/API_LinuxParameters.html.
type LinuxOptions struct {
	// Init runs an init process in the container, which hands on signals and reaps processes.
	Init bool
	// SharedMemory is the size of /dev/shm, in MiB. Default: Docker's, 64 MiB.
	SharedMemory Memory
	// Swap lets the container use swap, where the instance has it; see [Swap]. Default: the instance's own settings.
	Swap *Swap
	// Tmpfs are folders in memory; see [Tmpfs].
	Tmpfs []types.Tmpfs
	// Devices are devices of the instance; see [Device].
	Devices []types.Device
}

// Swap is how a container uses swap. The service wants both figures or none.
type Swap struct {
	// Max is how much the container may swap out, in MiB; 0 for nothing.
	Max Memory
	// Swappiness is how eagerly, 0 (only when there is no other way) to 100. The kernel's own is 60.
	Swappiness int
}

// Linux makes Linux parameters for the LinuxParameters methods.
func Linux(o LinuxOptions) types.LinuxParameters {
	l := types.LinuxParameters{Tmpfs: slices.Clone(o.Tmpfs), Devices: slices.Clone(o.Devices)}
	if o.Init {
		l.InitProcessEnabled = &o.Init
	}
	if o.SharedMemory != 0 {
		l.SharedMemorySize = member.Int32(int(o.SharedMemory))
	}
	if o.Swap != nil {
		l.MaxSwap, l.Swappiness = member.Int32(int(o.Swap.Max)), member.Int32(o.Swap.Swappiness)
	}
	return edit.Clone(l)
}

// Tmpfs is a folder in memory, with its absolute path and its size in MiB, at least 1. It counts as memory of the
// container. The options are those of mount, such as noexec or mode=1777.
// See https://docs.aws.amazon.com/batch/latest/APIReference/API_Tmpfs.html.
func Tmpfs(path string, size Memory, options ...string) types.Tmpfs {
	return types.Tmpfs{ContainerPath: &path, Size: member.Int32(int(size)), MountOptions: slices.Clone(options)}
}

// Device is a device of the instance, at the same path in the container, with the given permissions (READ, WRITE,
// MKNOD). No permission stands for all three.
// See https://docs.aws.amazon.com/batch/latest/APIReference/API_Device.html.
func Device(path string, permissions ...types.DeviceCgroupPermission) types.Device {
	return DeviceAt(path, "", permissions...)
}

// DeviceAt is [Device] at another path in the container. An empty path is the same.
func DeviceAt(hostPath, containerPath string, permissions ...types.DeviceCgroupPermission) types.Device {
	return types.Device{HostPath: &hostPath, ContainerPath: text(containerPath), Permissions: slices.Clone(permissions)}
}
