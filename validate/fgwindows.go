package validate

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

const x86 = "X86_64"

var windowsPlatformVersions = []string{"1.0.0", "LATEST"}

// operatingSystems are those of a Fargate task.
var operatingSystems = []string{
	"LINUX", "WINDOWS_SERVER_2019_CORE", "WINDOWS_SERVER_2019_FULL", "WINDOWS_SERVER_2022_CORE", "WINDOWS_SERVER_2022_FULL",
}

// fgWindowsRules are the rules of operating systems on Fargate. RR017, on their sizes, has its check here too.
var fgWindowsRules = []Rule{
	{
		ID: "FG020", Title: "the operating system of a Fargate task is one that Fargate has",
		Severity: Error, Platforms: Fargate, Source: apiReference + "API_RuntimePlatform.html",
		Service: "RuntimePlatform supports only one from [WINDOWS_SERVER_2019_CORE, ..., LINUX] operating systems, provided X",
		check: onTask(func(p *pass, t *task) {
			if t.runtime == nil || t.runtime.OperatingSystemFamily == nil {
				return
			}
			if os := *t.runtime.OperatingSystemFamily; !slices.Contains(operatingSystems, os) {
				p.fail(at("runtimePlatform", "operatingSystemFamily"), "must be one of %s, found %s", strings.Join(operatingSystems, ", "), excerpt(os)).saying(os)
			}
		}),
	},
	{
		ID: "FG021", Title: "the processor of a Windows task on Fargate is X86_64",
		Severity: Error, Platforms: Fargate, Source: apiReference + "API_RuntimePlatform.html",
		Service: "Windows supported only by X86_64 cpuArchitecture",
		reads:   []string{"operatingSystemFamily"},
		check: onTask(func(p *pass, t *task) {
			if t.windows() && t.runtime.CpuArchitecture != nil && *t.runtime.CpuArchitecture != x86 {
				p.fail(at("runtimePlatform", "cpuArchitecture"), "must be X86_64 on Windows, found %s", excerpt(*t.runtime.CpuArchitecture))
			}
		}),
	},
	{
		// Privileged containers, ulimits and most Linux parameters are refused on Fargate anyway: FG002 to FG008.
		ID: "FG022", Title: "a Windows task on Fargate has no user, no Linux parameters, no read-only root and no Amazon EFS",
		Severity: Error, Platforms: Fargate, Source: containerProperties,
		reads: []string{"operatingSystemFamily", "runtimePlatform"},
		check: several{
			onContainer(func(p *pass, c *container) {
				if !c.task.windows() {
					return
				}
				if c.linux != nil && c.linux.InitProcessEnabled != nil {
					p.fail(at("linuxParameters", "initProcessEnabled"), "must be absent on Windows: remove it")
				}
				if str(c.user) != "" {
					p.fail(at("user"), "must be absent on Windows: remove it")
				}
				if isTrue(c.readonlyRoot) {
					p.fail(at("readonlyRootFilesystem"), "must not be true on Windows: remove it")
				}
			}),
			onVolume(func(p *pass, t *task, v *types.Volume) {
				if t.windows() && v.EfsVolumeConfiguration != nil {
					p.fail(at("efsVolumeConfiguration"), "must be absent on Windows: keep the data in Amazon S3, or run the job on Linux")
				}
			}),
		},
	},
}

// windowsSize judges the vCPUs of a Windows task; whether Fargate has the size at all is RR014's and RR015's.
func windowsSize(p *pass, t *task) {
	s := fargateSizeOf(t)
	if !t.windows() || s.unclear || !s.valid() || s.vcpus == 1 || s.vcpus == 2 || s.vcpus == 4 {
		return
	}
	f := p.fail(sizePlace(t), "must be 1, 2 or 4 vCPUs on Windows, found %s", s.vcpuText())
	if s.vcpus > 1 {
		f.Service = "" // known for fewer than 1
	}
	f.saying(s.vcpuText())
}
