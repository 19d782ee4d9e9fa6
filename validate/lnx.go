package validate

import (
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

const (
	deviceReference = apiReference + "API_Device.html"
	tmpfsReference  = apiReference + "API_Tmpfs.html"
	ulimitReference = apiReference + "API_Ulimit.html"

	// onHosts are the platforms whose containers have these parameters. Fargate refuses them: FG002 to FG008.
	onHosts = EC2 | ManagedInstances | MultiNode

	maxSwappiness = 100
)

// lnxRules are the rules of linuxParameters and ulimits.
var lnxRules = []Rule{
	{
		ID: "LNX001", Title: "maxSwap is not negative",
		Severity: Error, Platforms: onHosts, Source: linuxParameters,
		Service: "Invalid swap memory size: X, must be non-negative.",
		check: onLinux(func(p *pass, l *types.LinuxParameters) {
			if n := num(l.MaxSwap); n < 0 {
				p.fail(at("maxSwap"), "must be 0, which means no swap, or a number of MiB, found %d", n).saying(strconv.Itoa(int(n)))
			}
		}),
	},
	{
		ID: "LNX002", Title: "swappiness is 0 to 100",
		Severity: Error, Platforms: onHosts, Source: linuxParameters,
		Service: "Invalid swappiness: X, must be between 0 and 100.",
		check: onLinux(func(p *pass, l *types.LinuxParameters) {
			if n := num(l.Swappiness); n < 0 || n > maxSwappiness {
				p.fail(at("swappiness"), "must be 0 to %d, found %d", maxSwappiness, n).saying(strconv.Itoa(int(n)))
			}
		}),
	},
	{
		// The documents promise a default of 60. A real deployment was refused.
		ID: "LNX003", Title: "maxSwap comes with swappiness",
		Severity: Error, Platforms: onHosts, Source: cdkPreflight + "pf-batch-jd-max-swap-requires-swappiness",
		Service: "When container specified swap memory, swappiness value is required.",
		reads:   []string{"maxSwap"},
		check: onLinux(func(p *pass, l *types.LinuxParameters) {
			// A negative size is LNX001's.
			if l.MaxSwap != nil && *l.MaxSwap >= 0 && l.Swappiness == nil {
				p.fail(at("swappiness"), "must be set beside maxSwap: 60 is what the kernel takes by default")
			}
		}),
	},
	{
		ID: "LNX004", Title: "swappiness comes with maxSwap",
		Severity: Warning, Platforms: onHosts, Source: linuxParameters,
		reads: []string{"maxSwap"},
		check: onLinux(func(p *pass, l *types.LinuxParameters) {
			if l.Swappiness != nil && l.MaxSwap == nil {
				p.fail(at("swappiness"), "has no effect without maxSwap: set maxSwap or remove swappiness")
			}
		}),
	},
	{
		ID: "LNX005", Title: "a container that swaps needs an instance with swap space",
		Severity: Info, Platforms: onHosts, Source: linuxParameters,
		check: onLinux(func(p *pass, l *types.LinuxParameters) {
			if num(l.MaxSwap) > 0 {
				p.fail(at("maxSwap"), "needs swap space on the instance, which images optimised for Amazon ECS do not have: allocate it in the launch template")
			}
		}),
	},
	{
		ID: "LNX006", Title: "sharedMemorySize is more than 0",
		Severity: Warning, Platforms: onHosts, Source: linuxParameters,
		check: onLinux(func(p *pass, l *types.LinuxParameters) {
			if l.SharedMemorySize != nil && *l.SharedMemorySize <= 0 {
				p.fail(at("sharedMemorySize"), "should be a number of MiB above 0, found %d: leave it out to have the default", *l.SharedMemorySize)
			}
		}),
	},
	{
		ID: "LNX007", Title: "the size of a tmpfs is a positive number of MiB",
		Severity: Error, Platforms: onHosts, Source: tmpfsReference,
		Service: "Size of a tmpfs is invalid. The size is required and must be a positive integer.",
		check: onLinux(func(p *pass, l *types.LinuxParameters) {
			for i := range l.Tmpfs {
				if size := l.Tmpfs[i].Size; size == nil {
					p.fail(at("tmpfs", i, "size"), "must be set: the size in MiB")
				} else if *size < 1 {
					p.fail(at("tmpfs", i, "size"), "must be at least 1 MiB, found %d", *size)
				}
			}
		}),
	},
	{
		// Relative paths are left alone: deployed definitions have them.
		ID: "LNX008", Title: "a tmpfs says where in the container it is mounted",
		Severity: Error, Platforms: onHosts, Source: tmpfsReference,
		check: onLinux(func(p *pass, l *types.LinuxParameters) {
			for i := range l.Tmpfs {
				if str(l.Tmpfs[i].ContainerPath) == "" {
					p.fail(at("tmpfs", i, "containerPath"), "must be set: an absolute path in the container")
				}
			}
		}),
	},
	{
		ID: "LNX009", Title: "the mount options of a tmpfs are those of the list",
		Severity: Error, Platforms: onHosts, Source: tmpfsReference,
		check: onLinux(func(p *pass, l *types.LinuxParameters) {
			for i := range l.Tmpfs {
				for j, option := range l.Tmpfs[i].MountOptions {
					if !mountOption(option) {
						p.fail(at("tmpfs", i, "mountOptions", j), "must be an option that a tmpfs knows, such as noexec or mode, found %s", excerpt(option))
					}
				}
			}
		}),
	},
	{
		ID: "LNX010", Title: "a device says which device of the host it is",
		Severity: Error, Platforms: onHosts, Source: deviceReference,
		check: onLinux(func(p *pass, l *types.LinuxParameters) {
			for i := range l.Devices {
				if str(l.Devices[i].HostPath) == "" {
					p.fail(at("devices", i, "hostPath"), "must be set: the path of the device on the host")
				}
			}
		}),
	},
	{
		ID: "LNX011", Title: "the permissions of a device are READ, WRITE and MKNOD",
		Severity: Error, Platforms: onHosts, Source: cdkPreflight + "pf-batch-jd-device-permissions-value",
		Service: "Invalid permission: X for device Y",
		check: onLinux(func(p *pass, l *types.LinuxParameters) {
			for i := range l.Devices {
				for j, permission := range l.Devices[i].Permissions {
					switch permission {
					case types.DeviceCgroupPermissionRead, types.DeviceCgroupPermissionWrite, types.DeviceCgroupPermissionMknod:
					default:
						p.fail(at("devices", i, "permissions", j), "must be READ, WRITE or MKNOD, in capitals, found %s", excerpt(string(permission))).
							saying(string(permission), str(l.Devices[i].HostPath))
					}
				}
			}
		}),
	},
	{
		ID: "LNX012", Title: "the name of a ulimit is one that Docker knows",
		Severity: Error, Platforms: onHosts, Source: ulimitReference,
		check: with(theUlimits, func(p *pass, c *container) {
			for i := range c.ulimits {
				// One that is absent is LNX013's.
				if name := str(c.ulimits[i].Name); name != "" && !slices.Contains(ulimitNames, name) {
					p.fail(at("ulimits", i, "name"), "must be one of %s, found %s", strings.Join(ulimitNames, ", "), excerpt(name))
				}
			}
		}),
	},
	{
		ID: "LNX013", Title: "a ulimit has a name, a soft limit and a hard limit",
		Severity: Error, Platforms: onHosts, Source: ulimitReference,
		check: with(theUlimits, func(p *pass, c *container) {
			for i := range c.ulimits {
				u := &c.ulimits[i]
				if str(u.Name) == "" {
					p.fail(at("ulimits", i, "name"), "must be set: what is limited, such as nofile")
				}
				if u.HardLimit == nil {
					p.fail(at("ulimits", i, "hardLimit"), "must be set: the most that a process may raise the limit to")
				}
				if u.SoftLimit == nil {
					p.fail(at("ulimits", i, "softLimit"), "must be set: the limit that holds at the start")
				}
			}
		}),
	},
	{
		// Registration goes through. Docker does not start such a container.
		ID: "LNX014", Title: "the soft limit of a ulimit is not above the hard limit",
		Severity: Error, Platforms: onHosts, Source: ulimitReference,
		reads: []string{"hardLimit"},
		check: with(theUlimits, func(p *pass, c *container) {
			for i := range c.ulimits {
				u := &c.ulimits[i]
				// A negative hard limit stands for none.
				if u.SoftLimit != nil && u.HardLimit != nil && *u.HardLimit >= 0 && *u.SoftLimit > *u.HardLimit {
					p.fail(at("ulimits", i, "softLimit"), "must be at most the hard limit of %d, found %d: the container would not start", *u.HardLimit, *u.SoftLimit)
				}
			}
		}),
	},
	{
		ID: "LNX015", Title: "a ulimit is set once",
		Severity: Warning, Platforms: onHosts, Source: ulimitReference,
		reads: []string{"name", "ulimits"},
		check: with(theUlimits, func(p *pass, c *container) {
			for i := range c.ulimits {
				for j := range c.ulimits[:i] {
					if name := str(c.ulimits[i].Name); name != "" && name == str(c.ulimits[j].Name) {
						p.fail(at("ulimits", i, "name"), "must be set once, found %s again: keep one of them", excerpt(name))
						break
					}
				}
			}
		}),
	},
}

var ulimitNames = []string{
	"core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio", "rttime",
	"sigpending", "stack",
}

var mountOptions = []string{
	"defaults", "ro", "rw", "suid", "nosuid", "dev", "nodev", "exec", "noexec", "sync", "async", "dirsync", "remount",
	"mand", "nomand", "atime", "noatime", "diratime", "nodiratime", "bind", "rbind", "unbindable", "runbindable",
	"private", "rprivate", "shared", "rshared", "slave", "rslave", "relatime", "norelatime", "strictatime", "nostrictatime",
}

// mountSettings are the options that take a value, as in mode=1777. The documents list the bare words.
var mountSettings = []string{"mode", "uid", "gid", "nr_inodes", "nr_blocks", "mpol"}

func mountOption(option string) bool {
	setting, _, _ := strings.Cut(option, "=")
	return slices.Contains(mountOptions, option) || slices.Contains(mountSettings, setting)
}
