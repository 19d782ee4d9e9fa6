package validate

import "github.com/aws/aws-sdk-go-v2/service/batch/types"

// fargateQuota is how many vCPUs of Fargate On-Demand a new account may use at once.
const fargateQuota = 6

// rrInfoRules are judged with [Strict] only.
var rrInfoRules = []Rule{
	{
		ID: "RR020", Title: "a Fargate job fits the default quota of 6 vCPUs",
		Severity: Info, Platforms: Fargate, Source: resourceRequirement,
		check: onTask(func(p *pass, t *task) {
			if s := fargateSizeOf(t); !s.unclear && s.valid() && s.vcpus > fargateQuota {
				p.fail(sizePlace(t), "is more than the %d vCPUs that an account has on Fargate by default, found %s: have the quota raised, or the job waits", fargateQuota, s.vcpuText())
			}
		}),
	},
	{
		ID: "RR022", Title: "the GPUs of all containers of a task are on one instance",
		Severity: Info, Platforms: EC2 | ManagedInstances | MultiNode, Source: resourceRequirement,
		check: onTask(func(p *pass, t *task) {
			n := 0
			for i := range t.containers {
				if hasResource(t.containers[i].ResourceRequirements, types.ResourceTypeGpu) {
					n++
				}
			}
			if n > 1 {
				p.fail(at("containers"), "asks for GPUs in %d containers: they come from one instance, which must have as many as all of them together", n)
			}
		}),
	},
}
