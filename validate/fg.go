package validate

import (
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

const (
	fargateDefinitions = userGuide + "fargate-job-definitions.html"
	linuxParameters    = apiReference + "API_LinuxParameters.html"

	minEphemeralStorage = 21
	maxEphemeralStorage = 200
	// maxFargateSeconds is 14 days.
	maxFargateSeconds = 14 * 24 * 60 * 60
)

var platformVersions = []string{"1.3.0", "1.4.0", "LATEST"}

// fgRules are the rules of Fargate, and of the members that only Fargate has.
// Rules on Windows are in fgwindows.go, those on sizes in rr.go, and FG027 is part of ECS019 and ECS020.
var fgRules = slices.Concat(fgWindowsRules, []Rule{
	{
		ID: "FG001", Title: "a Fargate task has an execution role",
		Severity: Error, Platforms: Fargate, Source: cdkPreflight + "pf-batch-fargate-execution-role",
		Service: "executionRoleArn is required for Fargate jobs.",
		check: onTask(func(p *pass, t *task) {
			if str(t.executionRole) == "" {
				p.fail(at("executionRoleArn"), "must be set on Fargate: name the role that pulls the image and writes the logs")
			}
		}),
	},
	{
		ID: "FG002", Title: "ulimits are not for Fargate",
		Severity: Error, Platforms: Fargate, Source: fargateDefinitions,
		Service: "ulimits is not applicable for Fargate.",
		check: with(theUlimits, func(p *pass, c *container) {
			p.fail(at("ulimits"), "must be absent on Fargate: remove it or run the job on EC2")
		}),
	},
	{
		ID: "FG003", Title: "a Fargate container is not privileged",
		Severity: Error, Platforms: Fargate, Source: fargateDefinitions,
		Service: "Fargate requires that the 'privileged' setting be 'false' at the container level.",
		check: onContainer(func(p *pass, c *container) {
			if isTrue(c.privileged) {
				p.fail(at("privileged"), "must not be true on Fargate: remove it or run the job on EC2")
			}
		}),
	},
	notOnFargate("FG004", "devices", cdkPreflight+"pf-batch-jd-fargate-linux-devices",
		func(l *types.LinuxParameters) bool { return len(l.Devices) > 0 }),
	notOnFargate("FG005", "maxSwap", cdkPreflight+"pf-batch-jd-fargate-max-swap",
		func(l *types.LinuxParameters) bool { return l.MaxSwap != nil }),
	notOnFargate("FG006", "swappiness", linuxParameters,
		func(l *types.LinuxParameters) bool { return l.Swappiness != nil }),
	notOnFargate("FG007", "sharedMemorySize", linuxParameters,
		func(l *types.LinuxParameters) bool { return l.SharedMemorySize != nil }),
	notOnFargate("FG008", "tmpfs", linuxParameters,
		func(l *types.LinuxParameters) bool { return len(l.Tmpfs) > 0 }),
	{
		ID: "FG010", Title: "a Fargate volume has no path on the host",
		Severity: Error, Platforms: Fargate, Source: apiReference + "API_Host.html",
		Service: "host.sourcePath should not be set for volumes in Fargate.",
		check: onVolume(func(p *pass, _ *task, v *types.Volume) {
			if v.Host != nil && str(v.Host.SourcePath) != "" {
				p.fail(at("host", "sourcePath"), "must be absent on Fargate, which has no host to share: remove it, or use Amazon EFS")
			}
		}),
	},
	{
		// A driver that nobody knows is this rule's on Fargate, and LOG001's elsewhere.
		ID: "FG011", Title: "the log driver of a Fargate container is awslogs, splunk or awsfirelens",
		Severity: Error, Platforms: Fargate, Source: cdkPreflight + "pf-batch-jd-fargate-log-driver",
		Service: "Log driver for Fargate is not valid: X",
		check: onContainer(func(p *pass, c *container) {
			if c.log == nil {
				return
			}
			switch driver := c.log.LogDriver; driver {
			case "", types.LogDriverAwslogs, types.LogDriverSplunk, types.LogDriverAwsfirelens:
			default:
				p.fail(at("logConfiguration", "logDriver"), "must be awslogs, splunk or awsfirelens on Fargate, found %s", excerpt(string(driver))).saying(string(driver))
			}
		}),
	},
	{
		ID: "FG012", Title: "ephemeral storage of a Fargate task is 21 to 200 GiB",
		Severity: Error, Platforms: Fargate, Source: cdkPreflight + "pf-batch-jd-fargate-ephemeral-storage-range",
		Service: "Ephemeral storage for Fargate tasks can be only between range 21 GiB to 200 GiB",
		check: onTask(func(p *pass, t *task) {
			if t.ephemeral == nil || t.ephemeral.SizeInGiB == nil {
				return
			}
			if n := *t.ephemeral.SizeInGiB; n < minEphemeralStorage || n > maxEphemeralStorage {
				p.fail(at("ephemeralStorage", "sizeInGiB"), "must be %d to %d, found %d: without the member a task has 20 GiB", minEphemeralStorage, maxEphemeralStorage, n)
			}
		}),
	},
	{
		ID: "FG013", Title: "Amazon EFS on Fargate needs platform version 1.4.0 or later",
		Severity: Error, Platforms: Fargate, Source: cdkPreflight + "pf-batch-jd-fargate-efs-platform-version",
		Service: "EFS is supported for Fargate platform versions 1.4.0 or later, provided X",
		reads:   []string{"efsVolumeConfiguration", "operatingSystemFamily", "runtimePlatform", "volumes"},
		check: onTask(func(p *pass, t *task) {
			// Windows has no EFS at all: FG022.
			if oldPlatform(t) && !t.windows() && slices.ContainsFunc(t.volumes, func(v types.Volume) bool { return v.EfsVolumeConfiguration != nil }) {
				p.fail(platformVersionPlace(t), "must be 1.4.0 or later for Amazon EFS volumes, found %s: leave it out to get the latest", excerpt(*t.platformVersion)).saying(*t.platformVersion)
			}
		}),
	},
	{
		ID: "FG014", Title: "networkConfiguration is for Fargate",
		Severity: Error, Platforms: EC2 | MultiNode, Source: apiReference + "API_NetworkConfiguration.html",
		Service: "networkConfiguration not applicable for EC2.",
		check: onTask(func(p *pass, t *task) {
			// Tools send these members with nothing in them, and the service takes that.
			if t.network != nil && t.network.AssignPublicIp != "" {
				p.fail(at("networkConfiguration"), "must be absent on EC2: %s", removeOrFargate)
			}
		}),
	},
	{
		ID: "FG015", Title: "a platform version is for Fargate",
		Severity: Error, Platforms: EC2 | MultiNode, Source: cdkPreflight + "pf-batch-jd-fargate-platform-config-on-ec2",
		Service: "fargatePlatformConfiguration not applicable for EC2.",
		check: onTask(func(p *pass, t *task) {
			if t.platformVersion != nil {
				p.fail(at(t.platformMember), "must be absent on EC2: %s", removeOrFargate)
			}
		}),
	},
	{
		ID: "FG016", Title: "runtimePlatform is not for EC2",
		Severity: Error, Platforms: EC2 | MultiNode, Source: apiReference + "API_RuntimePlatform.html",
		Service: "runtimePlatform is not applicable for EC2.",
		check: onTask(func(p *pass, t *task) {
			if t.runtime != nil && (t.runtime.CpuArchitecture != nil || t.runtime.OperatingSystemFamily != nil) {
				p.fail(at("runtimePlatform"), "must be absent on EC2, where the instances of the compute environment decide: %s", removeOrFargate)
			}
		}),
	},
	{
		ID: "FG017", Title: "ephemeralStorage is for Fargate",
		Severity: Warning, Platforms: EC2 | MultiNode, Source: apiReference + "API_EphemeralStorage.html",
		check: onTask(func(p *pass, t *task) {
			if t.ephemeral != nil {
				p.fail(at("ephemeralStorage"), "has no effect on EC2: %s", removeOrFargate)
			}
		}),
	},
	{
		ID: "FG018", Title: "a platform version is 1.3.0, 1.4.0 or LATEST, and 1.0.0 on Windows",
		Severity: Warning, Platforms: Fargate, Source: fargateDefinitions,
		reads: []string{"operatingSystemFamily", "runtimePlatform"},
		check: onTask(func(p *pass, t *task) {
			known := platformVersions
			if t.windows() {
				known = windowsPlatformVersions
			}
			if v := t.platformVersion; v != nil && !slices.Contains(known, *v) {
				p.fail(platformVersionPlace(t), "should be one of %s, found %s", strings.Join(known, ", "), excerpt(*v))
			}
		}),
	},
	{
		ID: "FG019", Title: "the processor of a Fargate task is X86_64 or ARM64",
		Severity: Error, Platforms: Fargate, Source: apiReference + "API_RuntimePlatform.html",
		Service: "cpuArchitecture for Fargate LINUX tasks can be only one from [X86_64, ARM64].",
		reads:   []string{"operatingSystemFamily"},
		check: onTask(func(p *pass, t *task) {
			// Windows is FG021's.
			if t.runtime == nil || t.windows() {
				return
			}
			if a := t.runtime.CpuArchitecture; a != nil && *a != x86 && *a != "ARM64" {
				p.fail(at("runtimePlatform", "cpuArchitecture"), "must be X86_64 or ARM64, found %s", excerpt(*a))
			}
		}),
	},
	{
		ID: "FG024", Title: "instanceType is not for Fargate",
		Severity: Error, Platforms: Fargate, Source: fargateDefinitions,
		check: with(theInstanceType, func(p *pass, c *container) {
			p.fail(at("instanceType"), "must be absent on Fargate, which has no instances to choose: remove it")
		}),
	},
	{
		ID: "FG025", Title: "multi-node jobs do not run on Fargate",
		Severity: Error, Platforms: Fargate | MultiNode, Source: cdkPreflight + "pf-batch-fargate-multinode",
		Service: "Fargate does not support MNP jobs",
		reads:   []string{"eksProperties", "nodeProperties", "type"},
		check: onDefinition(func(p *pass, in *batch.RegisterJobDefinitionInput) {
			if in.Type == types.JobDefinitionTypeMultinode && !onEKS(in) && platformOf(in) == Fargate {
				p.fail(at("platformCapabilities", 0), "must be EC2 for a multi-node job, found FARGATE")
			}
		}),
	},
	{
		ID: "FG026", Title: "ipcMode, and the host as pidMode, are not for Fargate",
		Severity: Warning, Platforms: Fargate, Source: ecsGuide + "fargate-tasks-services.html",
		check: onTask(func(p *pass, t *task) {
			if t.ipcMode != nil {
				p.fail(at("ipcMode"), "should be absent on Fargate, where tasks share no IPC: remove it")
			}
			if str(t.pidMode) == "host" {
				p.fail(at("pidMode"), "should be task on Fargate, found host: a Fargate task has no host to share")
			}
		}),
	},
	{
		ID: "FG028", Title: "a Fargate job takes less than 14 days",
		Severity: Warning, Platforms: Fargate, Source: userGuide + "job_timeouts.html",
		check: several{
			onDefinition(func(p *pass, in *batch.RegisterJobDefinitionInput) {
				longOnFargate(p, in.Timeout, platformOf(in))
			}),
			onSubmission(func(p *pass, s *submission) { longOnFargate(p, s.in.Timeout, s.platform) }),
		},
	},
	{
		ID: "FG030", Title: "FireLens on Fargate reads its configuration from a file",
		Severity: Warning, Platforms: Fargate, Source: ecsGuide + "using_firelens.html",
		check: with(theFirelens, func(p *pass, c *container) {
			if c.of.FirelensConfiguration.Options["config-file-type"] == "s3" {
				p.fail(at("firelensConfiguration", "options", "config-file-type"), "should be file on Fargate, found s3, which is never loaded: put the file into the image")
			}
		}),
	},
	{
		ID: "FG031", Title: "a part or a version of a secret needs platform version 1.4.0 or later on Fargate",
		Severity: Warning, Platforms: Fargate, Source: ecsGuide + "specifying-sensitive-data.html",
		reads: []string{"fargatePlatformConfiguration", "operatingSystemFamily", "platformVersion", "runtimePlatform"},
		check: onContainer(func(p *pass, c *container) {
			if !oldPlatform(c.task) || c.task.windows() {
				return
			}
			warn := func(secrets []types.Secret, place ...any) {
				for i := range secrets {
					// Seven parts are the ARN of the secret itself.
					if v := str(secrets[i].ValueFrom); strings.HasPrefix(v, "arn:") && strings.Count(v, ":") > 6 {
						p.fail(append(place, i, "valueFrom"), "names a part or a version of a secret, which platform version %s cannot read: use 1.4.0 or LATEST", excerpt(*c.task.platformVersion))
					}
				}
			}
			warn(c.secrets, "secrets")
			if c.log != nil {
				warn(c.log.SecretOptions, "logConfiguration", "secretOptions")
			}
		}),
	},
})

const removeOrFargate = "remove it, or set platformCapabilities to FARGATE if the job is to run there"

// notOnFargate is the rule that a Linux parameter is absent on Fargate.
func notOnFargate(id, member, source string, set func(*types.LinuxParameters) bool) Rule {
	return Rule{
		ID: id, Title: "linuxParameters." + member + " is not for Fargate",
		Severity: Error, Platforms: Fargate, Source: source,
		Service: "linuxParameter." + member + " is not allowed for Fargate.",
		check: with(theLinux, func(p *pass, c *container) {
			if set(c.linux) {
				p.fail(at("linuxParameters", member), "must be absent on Fargate: remove it or run the job on EC2")
			}
		}),
	}
}

func longOnFargate(p *pass, timeout *types.JobTimeout, platform Platforms) {
	if platform == Fargate && timeout != nil && num(timeout.AttemptDurationSeconds) > maxFargateSeconds {
		p.fail(at("timeout", "attemptDurationSeconds"), "should be at most %d seconds (14 days) on Fargate, found %d: after that the capacity may be taken back", maxFargateSeconds, *timeout.AttemptDurationSeconds)
	}
}

// platformVersionPlace is where a task's platform version is written, below the task.
func platformVersionPlace(t *task) []any {
	if t.payload == containerPayload {
		return at("fargatePlatformConfiguration", "platformVersion")
	}
	return at("platformVersion")
}

// oldPlatform reports whether a task asks for a Fargate platform version before 1.4.0.
func oldPlatform(t *task) bool {
	if t.platformVersion == nil {
		return false
	}
	major, rest, _ := strings.Cut(*t.platformVersion, ".")
	minor, _, _ := strings.Cut(rest, ".")
	a, err := strconv.Atoi(major)
	b, err2 := strconv.Atoi(minor)
	return err == nil && err2 == nil && (a < 1 || a == 1 && b < 4)
}
