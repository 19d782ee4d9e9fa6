package validate

import (
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

const dependencyReference = apiReference + "API_TaskContainerDependency.html"

// ecsInfoRules say how the containers of a task work together. ECS026 is a fault, the others are judged with [Strict] only.
var ecsInfoRules = []Rule{
	{
		ID: "ECS014", Title: "START waits for a container to start, not for its work",
		Severity: Info, Platforms: ECS, Source: dependencyReference,
		reads: []string{"containerName", "containers", "essential", "name"},
		check: onTarget(func(p *pass, d *edge, target *types.TaskContainerProperties) {
			if str(d.Condition) == "START" && !essential(target) {
				p.fail(at("condition"), "is START: it waits until %s runs, not until it is ready or done, use SUCCESS for a step that must end first", excerpt(str(target.Name)))
			}
		}),
	},
	{
		ID: "ECS015", Title: "SUCCESS makes the outcome of a non-essential container count",
		Severity: Info, Platforms: ECS, Source: ecsReference + "API_ContainerDependency.html",
		reads: []string{"containerName", "containers", "essential", "name"},
		check: onTarget(func(p *pass, d *edge, target *types.TaskContainerProperties) {
			if str(d.Condition) == "SUCCESS" && !essential(target) {
				p.fail(at("condition"), "is SUCCESS: when %s exits with another code than 0 this container never starts and the job fails, although %s is not essential", excerpt(str(target.Name)), excerpt(str(target.Name)))
			}
		}),
	},
	{
		ID: "ECS016", Title: "a container that another waits for has a startTimeout",
		Severity: Info, Platforms: ECS, Source: multiContainer,
		reads: []string{"condition", "containers", "essential", "name", "startTimeout"},
		check: onTarget(func(p *pass, d *edge, target *types.TaskContainerProperties) {
			if condition := str(d.Condition); (condition == "COMPLETE" || condition == "SUCCESS") && !essential(target) && target.StartTimeout == nil {
				p.fail(at("containerName"), "is waited for while the job is STARTING, where its timeout does not count: set startTimeout on %s to bound the wait", excerpt(str(target.Name)))
			}
		}),
	},
	{
		// The documents ask for it. Registration does not.
		ID: "ECS025", Title: "a FireLens container runs as root",
		Severity: Warning, Platforms: ECS, Source: apiReference + "API_FirelensConfiguration.html", Uncertain: true,
		reads: []string{"firelensConfiguration"},
		check: with(theFirelens, func(p *pass, c *container) {
			user, _, _ := strings.Cut(str(c.user), ":")
			if n, err := strconv.Atoi(user); user != "" && user != "root" && (err != nil || n != 0) {
				p.fail(at("user"), "should be root in a FireLens container, found %s: remove it", excerpt(str(c.user)))
			}
		}),
	},
	{
		ID: "ECS026", Title: "a task has one FireLens container",
		Severity: Warning, Platforms: ECS, Source: ecsGuide + "using_firelens.html",
		reads: []string{"containers", "firelensConfiguration"},
		check: onTask(func(p *pass, t *task) {
			n := 0
			for i := range t.containers {
				if t.containers[i].FirelensConfiguration == nil {
					continue
				}
				if n++; n > 1 {
					p.fail(at("containers", i, "firelensConfiguration"), "should be on one container of the task, found it again: route all logs through the first")
				}
			}
		}),
	},
	{
		ID: "ECS027", Title: "the options of FireLens are those that Amazon ECS knows",
		Severity: Warning, Platforms: ECS, Source: ecsGuide + "using_firelens.html", Uncertain: true,
		check: with(theFirelens, func(p *pass, c *container) {
			for key, value := range c.of.FirelensConfiguration.Options {
				switch key {
				case "enable-ecs-log-metadata", "config-file-value":
				case "config-file-type":
					if value != "s3" && value != "file" {
						p.fail(at("firelensConfiguration", "options", key), "should be s3 or file, found %s", excerpt(value))
					}
				default:
					p.fail(at("firelensConfiguration", "options", key), "should be enable-ecs-log-metadata, config-file-type or config-file-value: Amazon ECS has no such option")
				}
			}
		}),
	},
	{
		ID: "ECS032", Title: "container dependencies on Fargate need platform version 1.3.0 or later",
		Severity: Info, Platforms: Fargate, Source: ecsGuide + "container_definition_dependson.html",
		reads: []string{"operatingSystemFamily", "platformVersion", "runtimePlatform"},
		check: with(theDependencies, func(p *pass, c *container) {
			if c.task.windows() || !oldPlatform(c.task) {
				return
			}
			if v := *c.task.platformVersion; !strings.HasPrefix(v, "1.3.") && v != "1.3" {
				p.fail(at("dependsOn"), "needs platform version 1.3.0 or later, found %s: leave platformVersion out to get the latest", excerpt(v))
			}
		}),
	},
}

// onTarget sees each dependency on another container of the task, with that container.
func onTarget(check func(*pass, *edge, *types.TaskContainerProperties)) onEdge {
	return func(p *pass, d *edge) {
		containers := d.from.task.containers
		if d.target >= 0 && &containers[d.target] != d.from.of {
			check(p, d, &containers[d.target])
		}
	}
}
