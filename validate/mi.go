package validate

import (
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

const managedDefinitions = userGuide + "ecs-managed-instances-job-definitions.html"

// miRules are the rules of definitions for ECS Managed Instances. That each container asks for vCPUs and memory
// is RR001 and RR002, as everywhere in Amazon ECS.
var miRules = []Rule{
	{
		ID: "MI001", Title: "a definition for Managed Instances has ecsProperties, not containerProperties",
		Severity: Error, Platforms: ManagedInstances, Source: managedDefinitions,
		Service: "Cannot use ECS containerProperties for MANAGED_INSTANCES",
		check: onTask(func(p *pass, t *task) {
			if t.single != nil {
				p.fail(here, "must be absent on Managed Instances: describe the container in ecsProperties")
			}
		}),
	},
	{
		ID: "MI002", Title: "multi-node jobs do not run on Managed Instances",
		Severity: Error, Platforms: ManagedInstances | MultiNode, Source: managedDefinitions,
		reads: []string{"containerProperties", "ecsProperties", "eksProperties", "nodeProperties", "nodeRangeProperties", "type"},
		check: onDefinition(func(p *pass, in *batch.RegisterJobDefinitionInput) {
			if in.Type == types.JobDefinitionTypeMultinode && !onEKS(in) && platformOf(in) == ManagedInstances {
				p.fail(at("platformCapabilities", 0), "must be EC2 for a multi-node job, found MANAGED_INSTANCES")
			}
		}),
	},
	{
		ID: "MI003", Title: "the operating system of Managed Instances is LINUX",
		Severity: Error, Platforms: ManagedInstances, Source: managedDefinitions,
		Service: "runtimePlatform for MANAGED_INSTANCES only supports LINUX operatingSystemFamily, provided X.",
		check: onTask(func(p *pass, t *task) {
			if t.runtime == nil {
				return
			}
			if os := str(t.runtime.OperatingSystemFamily); os != "" && os != "LINUX" {
				p.fail(at("runtimePlatform", "operatingSystemFamily"), "must be LINUX on Managed Instances, found %s: remove it, or run the job on Fargate", excerpt(os)).saying(os)
			}
		}),
	},
	{
		ID: "MI004", Title: "the processor of Managed Instances is X86_64 or ARM64",
		Severity: Error, Platforms: ManagedInstances, Source: managedDefinitions,
		check: onTask(func(p *pass, t *task) {
			if t.runtime == nil {
				return
			}
			if a := t.runtime.CpuArchitecture; a != nil && *a != x86 && *a != "ARM64" {
				p.fail(at("runtimePlatform", "cpuArchitecture"), "must be X86_64 or ARM64, found %s", excerpt(*a))
			}
		}),
	},
	{
		ID: "MI007", Title: "a platform version is not for Managed Instances",
		Severity: Error, Platforms: ManagedInstances, Source: managedDefinitions,
		check: onTask(func(p *pass, t *task) {
			// In containerProperties the whole block has to go: MI001.
			if t.platformVersion != nil && t.single == nil {
				p.fail(at(t.platformMember), "must be absent on Managed Instances: remove it, or set platformCapabilities to FARGATE if the job is to run there")
			}
		}),
	},
	{
		// A driver that nobody knows is this rule's on Managed Instances, and LOG001's on EC2.
		ID: "MI008", Title: "the log driver on Managed Instances is awslogs, splunk or awsfirelens",
		Severity: Error, Platforms: ManagedInstances, Source: managedDefinitions,
		check: onContainer(func(p *pass, c *container) {
			if c.log == nil {
				return
			}
			switch driver := c.log.LogDriver; driver {
			case "", types.LogDriverAwslogs, types.LogDriverSplunk, types.LogDriverAwsfirelens:
			default:
				p.fail(at("logConfiguration", "logDriver"), "must be awslogs, splunk or awsfirelens on Managed Instances, found %s", excerpt(string(driver)))
			}
		}),
	},
}

var notJudgedMI = []NotJudged{
	{"MI005", "networkMode is host, and only for Managed Instances", whereRead},
	{"MI006", "each container asks for vCPUs and memory", "covered by RR001 and RR002"},
	{"MI009", "privileged containers, devices, tmpfs, ulimits and host paths are allowed", "forbids nothing: FG002 to FG010 are what Fargate refuses"},
}
