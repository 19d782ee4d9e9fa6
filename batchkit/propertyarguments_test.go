package batchkit_test

import (
	"fmt"
	"maps"
	"math"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/eksprops"
	"github.com/batchkit/batchkit-go/internal/buildertest"
	"github.com/batchkit/batchkit-go/parts"
)

// The arguments of random chains, for each family of builders. The first value of mostly is unsound.

type (
	chance    = buildertest.Chance
	arguments = buildertest.Arguments
)

var rarely, none = buildertest.Rarely, buildertest.None

func pick[T any](c *chance, from ...T) T { return buildertest.Pick(c, from...) }

func mostly[T any](c *chance, unsound T, sound ...T) T {
	return buildertest.Mostly(c, unsound, sound...)
}

// one makes a list of one argument.
func one[T any](unsound T, sound ...T) func(*chance) []any {
	return func(c *chance) []any { return []any{mostly(c, unsound, sound...)} }
}

// with returns a table with other entries.
func with(table, more arguments) arguments {
	table = maps.Clone(table)
	maps.Copy(table, more)
	return table
}

func fresh(c *chance, unsound, prefix string) string {
	return mostly(c, unsound, fmt.Sprint(prefix, c.IntN(1000)))
}

func path(c *chance) string { return fresh(c, "relative", "/p/") }

func words(c *chance) []any {
	return mostly(c, []any{"Ref::nothing"}, []any{"\x00\t\r\n\u2029", "<&>"}, []any{"a", "b"}, []any{"sh", "-c", "true"}, []any{"go", "Ref::b"}, []any{}, []any{""})
}

func env(c *chance) []any {
	return []any{fresh(c, "AWS_BATCH_X", "E"), pick(c, "1", "", "a b", "ü \u2028 \"<&>\\")}
}

func duration(c *chance) []any {
	return []any{mostly(c, pick(c, time.Second, 0, -time.Hour, 1<<62), time.Minute, 90*time.Second, 61500*time.Millisecond, 2*time.Minute)}
}

func efs(c *chance) types.EFSVolumeConfiguration {
	return mostly(c, parts.EFS("fs-01", parts.EFSOptions{Port: 70000, Encrypt: true}), parts.EFS("fs-01", parts.EFSOptions{}),
		parts.EFS("fs-01", parts.EFSOptions{RootDirectory: "/"}), parts.EFS("fs-01", parts.EFSOptions{IAM: true, Port: 2049}),
		parts.EFS("fs-01", parts.EFSOptions{AccessPoint: "fsap-01"}))
}

func s3(c *chance) types.S3FilesVolumeConfiguration {
	return mostly(c, parts.S3Files("", parts.S3FilesOptions{}), parts.S3Files("arn:aws:s3files:us-east-1:123456789012:file-system/fs-1", parts.S3FilesOptions{}))
}

func logs(c *chance) []any {
	return []any{mostly(c, types.LogConfiguration{LogDriver: "smoke-signals"},
		parts.AWSLogs(parts.AWSLogsOptions{Group: "g"}), parts.AWSLogs(parts.AWSLogsOptions{CreateGroup: true}),
		parts.Fluentd(parts.FluentdOptions{Async: true, Address: "localhost:24224"}), parts.JSONFile(parts.JSONFileOptions{MaxSize: parts.GiB}),
		parts.Journald(parts.JournaldOptions{}), parts.Syslog(parts.SyslogOptions{Facility: "daemon"}),
		parts.GELF("udp://localhost:12201", parts.GELFOptions{}),
		parts.Splunk("https://splunk.example:8088", "/splunk/token", parts.SplunkOptions{Gzip: true}))}
}

func fargateLogs(c *chance) []any {
	return []any{mostly(c, parts.Journald(parts.JournaldOptions{}), parts.AWSLogs(parts.AWSLogsOptions{Group: "g"}),
		parts.Splunk("https://splunk.example:8088", "/splunk/token", parts.SplunkOptions{}))}
}

func linux(c *chance) []any {
	o := parts.LinuxOptions{Init: c.IntN(2) == 0, SharedMemory: mostly[parts.Memory](c, -1, 0, 64)}
	o.Swap = pick(c, nil, &parts.Swap{Max: 512, Swappiness: mostly(c, 101, 60, 0)})
	if c.IntN(3) == 0 {
		o.Tmpfs = []types.Tmpfs{parts.Tmpfs(path(c), mostly[parts.Memory](c, 0, 64), mostly(c, "nonsense", "noexec"))}
	}
	if c.IntN(3) == 0 {
		o.Devices = []types.Device{parts.DeviceAt("/dev/fuse", pick(c, "", "/dev/other"), types.DeviceCgroupPermissionWrite, types.DeviceCgroupPermissionRead)}
	}
	return []any{parts.Linux(o)}
}

func retries(c *chance) []any {
	args := []any{mostly(c, 11, 1, 2, 3)}
	rules := mostly(c, batchkit.RetryOn(batchkit.ExitCode(1, 2, 3, 4, 5)), nil, batchkit.RetryOn(batchkit.SpotReclaim(), batchkit.OutOfMemory()),
		batchkit.ExitOn(batchkit.ExitCode(2), batchkit.ExitCodePrefix("13")), batchkit.RetryOn(batchkit.ImagePullFailure(), batchkit.Killed()),
		batchkit.RetryOn(batchkit.AgentFailure(), batchkit.StartFailure()), batchkit.ExitOn(batchkit.StatusReason("Task failed (really)")))
	for _, r := range rules {
		args = append(args, r)
	}
	return args
}

func named(c *chance) []any { return []any{fresh(c, "not good", "v")} }

var role = one("nobody", "arn:aws:iam::123456789012:role/a", "arn:aws:iam::123456789012:role/path/b")

// onECS are of containers on Amazon ECS and of their overrides.
var onECS = arguments{
	"Command": words, "Env": env,
	"VCPU":   func(c *chance) []any { return []any{mostly(c, pick(c, 0.5, math.NaN(), math.Inf(-1), 1e300), 1, 2, 3)} },
	"Memory": func(c *chance) []any { return []any{mostly(c, pick(c, 2, -1, math.MaxInt), 128, 1024, 2048)} },
	"GPU":    func(c *chance) []any { return []any{mostly(c, pick(c, 0, math.MinInt), 1, 2)} },
	"Secret": func(c *chance) []any {
		return []any{fresh(c, "", "S"), pick(c, "/a/parameter", parts.SecretKey("arn:aws:secretsmanager:us-east-1:123456789012:secret:s-AbCdEf", "k"))}
	},
	"Volume":     func(c *chance) []any { return []any{fresh(c, "not good", "v"), path(c)} },
	"EFSVolume":  func(c *chance) []any { return []any{fresh(c, "not good", "v"), path(c), efs(c)} },
	"HostVolume": func(c *chance) []any { return []any{fresh(c, "not good", "v"), path(c), path(c)} },
	"Device": func(c *chance) []any {
		return mostly(c, []any{"/dev/a", "JUMP"}, []any{"/dev/a"}, []any{"/dev/b", "WRITE", "READ"})
	},
	"JobRole": role, "ExecutionRole": role,
	"Ulimit": func(c *chance) []any {
		return []any{mostly(c, "nothing", "nofile", "core", "memlock"), mostly(c, 3, 1, 2), 2}
	},
	"User":                  one("1000:1000", "1000:1000", "nobody"),
	"LogConfiguration":      logs,
	"LinuxParameters":       linux,
	"RepositoryCredentials": one("", "arn:aws:secretsmanager:us-east-1:123456789012:secret:r-AbCdEf"),
}

// onFargate are the same where Fargate is narrower. The sizes go with each other.
var onFargate = with(onECS, arguments{
	"VCPU": one(0.3, 0.25, 0.5, 1), "Memory": one(700, 2048), "GPU": rarely(onECS["GPU"]), "Ulimit": rarely(onECS["Ulimit"]),
	"Privileged": rarely(none), "LogConfiguration": fargateLogs,
	"LinuxParameters":  func(c *chance) []any { return []any{parts.Linux(parts.LinuxOptions{Init: true})} },
	"EphemeralStorage": one(20, 21, 200), "PlatformVersion": one("9", "1.4.0", "LATEST"),
	"RuntimePlatform": func(c *chance) []any { return []any{mostly(c, "PLAN9", "LINUX"), mostly(c, "6502", "ARM64", "X86_64")} },
	"S3FilesVolume":   func(c *chance) []any { return []any{fresh(c, "not good", "v"), path(c), s3(c)} },
})

// inTasks are of a container of a task, whose volumes are v and w. Dependencies are added by the task.
var inTasks = arguments{
	"Mount":         func(c *chance) []any { return []any{mostly(c, "nowhere", "v", "w"), path(c)} },
	"MountReadOnly": func(c *chance) []any { return []any{mostly(c, "nowhere", "v", "w"), path(c)} },
	"StartTimeout":  duration, "StopTimeout": duration,
	"FirelensConfiguration": rarely(func(c *chance) []any {
		return []any{pick(c, "fluentbit", "fluentd", "x"), map[string]string{"enable-ecs-log-metadata": "true"}}
	}),
}

// ofTasks are of the task itself.
var ofTasks = with(onFargate, arguments{
	"Volume": named, "TaskRole": role, "PIDMode": one("mine", "task"), "IPCMode": one("mine", "task", "host", "none"),
	"EFSVolume":     func(c *chance) []any { return []any{fresh(c, "not good", "v"), efs(c)} },
	"HostVolume":    func(c *chance) []any { return []any{fresh(c, "not good", "v"), path(c)} },
	"S3FilesVolume": func(c *chance) []any { return []any{fresh(c, "not good", "v"), s3(c)} },
})

// inPods are of a container of a pod, whose volumes are v and w.
var inPods = arguments{
	"Command": words, "Args": words, "Env": env,
	"CPU":        func(c *chance) []any { return []any{mostly(c, pick(c, 0, math.NaN(), math.Inf(1)), 0.25, 0.3, 1)} },
	"CPUBetween": func(c *chance) []any { return []any{mostly(c, 0, 0.25, 1), pick(c, 1.0, 2)} },
	"CPURequest": one(-1.0, 0.25, 1), "Memory": onECS["Memory"], "GPU": onECS["GPU"],
	"ImagePullPolicy":          one("Sometimes", eksprops.PullAlways, eksprops.PullNever, eksprops.PullIfNotPresent),
	"Mount":                    func(c *chance) []any { return []any{mostly(c, "nowhere", "v", "w"), path(c)} },
	"MountReadOnly":            func(c *chance) []any { return []any{mostly(c, "nowhere", "v", "w"), path(c)} },
	"MountSubPath":             subPath,
	"MountSubPathReadOnly":     subPath,
	"AllowPrivilegeEscalation": one(false, true), "Privileged": rarely(none),
	"RunAsUser": one(-1, 1000), "RunAsGroup": one(-1, 1000),
	"Image": one("", "busybox", "acme/app:1"),
}

func subPath(c *chance) []any {
	return []any{mostly(c, "nowhere", "v", "w"), mostly(c, "../up", "sub", "sub/sub"), path(c)}
}

// ofPods are of the pod itself and of its override. Init containers are added by the pod.
var ofPods = arguments{
	"Annotation": func(c *chance) []any {
		return []any{mostly(c, "kubernetes.io/x", "acme.example/x", "y"), pick(c, "", "any text")}
	},
	"Label": func(c *chance) []any {
		return []any{mostly(c, "-x", "acme.example/x", "y"), mostly(c, "not good", "", "z")}
	},
	"DNSPolicy":             one("Nowhere", eksprops.DNSDefault, eksprops.DNSClusterFirst),
	"EmptyDir":              named,
	"EmptyDirInMemory":      func(c *chance) []any { return []any{fresh(c, "Not good", "v"), mostly(c, -1, 0, 64)} },
	"EmptyDirUpTo":          func(c *chance) []any { return []any{fresh(c, "Not good", "v"), mostly(c, -1, 0, 64)} },
	"HostNetwork":           one(true, true, false),
	"HostPath":              func(c *chance) []any { return []any{fresh(c, "Not good", "v"), path(c)} },
	"ImagePullSecret":       func(c *chance) []any { return []any{fresh(c, "", "s")} },
	"Namespace":             one("kube-system", "jobs", "others"),
	"Secret":                inNamespace,
	"OptionalSecret":        inNamespace,
	"ServiceAccount":        one("Not good", "account"),
	"PersistentVolumeClaim": inNamespace, "PersistentVolumeClaimReadOnly": inNamespace,
}

func inNamespace(c *chance) []any { return []any{fresh(c, "Not good", "v"), fresh(c, "Not good", "s")} }

func consumable(c *chance) []any { return []any{fresh(c, "", "resource"), mostly(c, 0, 1, 2)} }

// ofNodes are of groups of nodes, of the whole, and of its override. What concerns one payload only is added by that.
var ofNodes = arguments{
	"ConsumableResource": consumable, "InstanceType": one("", "c5n.18xlarge", "p4d.24xlarge"),
	"MainNode": one(9, 0, 1),
}

// common are of definitions and jobs.
var common = arguments{
	"Retry": retries, "Timeout": duration, "ConsumableResource": consumable,
	"Tag":                func(c *chance) []any { return []any{mostly(c, "aws:team", "team", "stage"), pick(c, "x", "")} },
	"SchedulingPriority": one(10000, 0, 10, 9999),
	"Param":              func(c *chance) []any { return []any{pick(c, "b", "c"), pick(c, "value", "")} },
	"Default":            func(c *chance) []any { return []any{batchkit.Parameter("b"), "value"} },
	"Set":                func(c *chance) []any { return []any{batchkit.Parameter("b"), "other"} },
}
