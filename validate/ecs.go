package validate

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// ecsRules are the rules of multi-container definitions.
var ecsRules = []Rule{
	{
		ID: "ECS001", Title: "ecsProperties holds exactly one task",
		Severity: Error, Platforms: ECS, Source: apiReference + "API_EcsProperties.html",
		check: onDefinition(func(p *pass, in *batch.RegisterJobDefinitionInput) {
			eachEcsProperties(p, in, func(ecs *types.EcsProperties) {
				if n := len(ecs.TaskProperties); n != 1 {
					p.fail(at("taskProperties"), "must hold exactly one task, found %d: put all containers into one task", n)
				}
			})
		}),
	},
	{
		ID: "ECS002", Title: "a task has 1 to 10 containers",
		Severity: Error, Platforms: ECS, Source: apiReference + "API_EcsTaskProperties.html",
		Service: "Number of containers must be between 1 and 10",
		check: onTask(func(p *pass, t *task) {
			if n := len(t.containers); t.payload == ecsPayload && (n < 1 || n > maxContainers) {
				p.fail(at("containers"), "must be 1 to %d containers, found %d: merge containers or split the job", maxContainers, n)
			}
		}),
	},
	{
		ID: "ECS003", Title: "container names are unique in a task",
		Severity: Error, Platforms: ECS, Source: apiReference + "API_TaskContainerProperties.html",
		Service: "Container names must be unique",
		reads:   []string{"containers", "name"},
		check: onTask(func(p *pass, t *task) {
			var met sieve
			for i := range t.containers {
				name := t.containers[i].Name
				if name != nil && !met.fresh(*name) && containerNamed(t.containers[:i], *name) >= 0 {
					p.fail(at("containers", i, "name"), "must be unique in the task, found %q again: rename one of the containers", *name)
				}
			}
		}),
	},
	{
		ID: "ECS004", Title: "each of several containers has a name",
		Severity: Warning, Platforms: ECS, Source: apiReference + "API_TaskContainerProperties.html",
		check: onTask(func(p *pass, t *task) {
			for i := range t.containers {
				if len(t.containers) > 1 && str(t.containers[i].Name) == "" {
					p.fail(at("containers", i, "name"), "must be set where a task has several containers: without a name no dependency and no override can reach it")
				}
			}
		}),
	},
	{
		ID: "ECS005", Title: "at least one container is essential",
		Severity: Error, Platforms: ECS, Source: apiReference + "API_TaskContainerProperties.html",
		Service: "At least one container must be set as essential",
		check: onTask(func(p *pass, t *task) {
			if len(t.containers) > 0 && !slices.ContainsFunc(t.containers, func(c types.TaskContainerProperties) bool { return essential(&c) }) {
				p.fail(at("containers"), "must have at least one essential container, found none: the essential ones decide the outcome of the job")
			}
		}),
	},
	{
		ID: "ECS006", Title: "the condition of a container dependency is START, COMPLETE or SUCCESS",
		Severity: Error, Platforms: ECS, Source: apiReference + "API_TaskContainerDependency.html",
		Service: "TaskContainer dependency X is not valid. Valid values are: [START, COMPLETE, SUCCESS]",
		check: onEdge(func(p *pass, d *edge) {
			switch condition := str(d.Condition); condition {
			case "START", "COMPLETE", "SUCCESS":
			case "": // ECS010
			default:
				p.fail(at("condition"), "must be START, COMPLETE or SUCCESS, found %q: AWS Batch knows no other, and no health checks", condition).saying(condition)
			}
		}),
	},
	{
		ID: "ECS007", Title: "a container dependency names a container of the same task",
		Severity: Error, Platforms: ECS, Source: apiReference + "API_TaskContainerDependency.html",
		Service: "containerName X must reference a defined container.",
		reads:   []string{"containers", "name"},
		check: onEdge(func(p *pass, d *edge) {
			// The only container of a task can name nothing: ECS009.
			if name := str(d.ContainerName); name != "" && len(d.from.task.containers) > 1 && d.target < 0 {
				p.fail(at("containerName"), "must name a container of the task, found %q: the task has %s", name, containerNames(d.from.task)).saying(name)
			}
		}),
	},
	{
		ID: "ECS008", Title: "a COMPLETE or SUCCESS dependency targets a non-essential container",
		Severity: Error, Platforms: ECS, Source: apiReference + "API_TaskContainerDependency.html",
		Service: "The container target of a dependency can not have condition X if the target container Y is essential.",
		reads:   []string{"containerName", "containers", "dependsOn", "essential", "name"},
		check: onEdge(func(p *pass, d *edge) {
			condition, name := str(d.Condition), str(d.ContainerName)
			target := d.target
			if target < 0 || &d.from.task.containers[target] == d.from.of || condition != "COMPLETE" && condition != "SUCCESS" {
				return
			}
			if essential(&d.from.task.containers[target]) {
				p.fail(at("condition"), "must be START, because container %q is essential (the default) and the task ends with it, found %s: set essential to false on %q or wait for START", name, condition, name).saying(condition, name)
			}
		}),
	},
	{
		ID: "ECS009", Title: "the only container of a task has no dependencies",
		Severity: Error, Platforms: ECS, Source: cdkPreflight + "pf-batch-jd-ecs-depends-on-single-container",
		Service: "Container dependency can not be used in a single-container job.",
		check: with(theDependencies, func(p *pass, c *container) {
			if len(c.task.containers) == 1 {
				p.fail(at("dependsOn"), "must be absent in a task of one container: remove it or add the container to wait for")
			}
		}),
	},
	{
		ID: "ECS010", Title: "a container dependency has a container name and a condition",
		Severity: Error, Platforms: ECS, Source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-batch-jobdefinition-taskcontainerdependency.html",
		check: onEdge(func(p *pass, d *edge) {
			if str(d.ContainerName) == "" {
				p.fail(at("containerName"), "must be set: name the container to wait for")
			}
			if str(d.Condition) == "" {
				p.fail(at("condition"), "must be set: START, COMPLETE or SUCCESS")
			}
		}),
	},
	{
		ID: "ECS011", Title: "a container does not depend on itself",
		Severity: Error, Platforms: ECS, Source: ecsGuide + "container_definition_dependson.html",
		reads: []string{"name"},
		check: onEdge(func(p *pass, d *edge) {
			name := str(d.ContainerName)
			// The only container of a task is ECS009's.
			if n := d.target; n >= 0 && &d.from.task.containers[n] == d.from.of && len(d.from.task.containers) > 1 {
				p.fail(at("containerName"), "must name another container, found %q itself: remove the dependency", name)
			}
		}),
	},
	{
		ID: "ECS012", Title: "container dependencies make no cycle",
		Severity: Error, Platforms: ECS, Source: ecsGuide + "container_definition_dependson.html",
		reads: []string{"containerName", "containers", "dependsOn", "name"},
		check: onTask(containerCycles),
	},
	{
		ID: "ECS013", Title: "a container depends on another at most once",
		Severity: Warning, Platforms: ECS, Source: apiReference + "API_TaskContainerDependency.html",
		reads: []string{"containerName", "dependsOn"},
		check: onEdge(func(p *pass, d *edge) {
			for j := range d.from.of.DependsOn[:d.index] {
				if name := str(d.ContainerName); name != "" && name == str(d.from.of.DependsOn[j].ContainerName) {
					p.fail(at("containerName"), "must be listed once, found %q again: keep the stricter condition", name)
					return
				}
			}
		}),
	},
	{
		ID: "ECS018", Title: "a task has one essential container",
		Severity: Warning, Platforms: ECS, Source: apiReference + "API_TaskContainerProperties.html",
		check: onTask(func(p *pass, t *task) {
			n := 0
			for i := range t.containers {
				if essential(&t.containers[i]) {
					n++
				}
			}
			if n > 1 {
				p.fail(at("containers"), "should have one essential container, found %d: the first to end, even with success, stops the others and fails the job; set essential to false on those that only serve", n)
			}
		}),
	},
	{
		ID: "ECS019", Title: "startTimeout is at least 2 seconds, and at most 120 on Fargate",
		Severity: Error, Platforms: ECS, Source: apiReference + "API_TaskContainerProperties.html",
		check: with(theTimeouts, func(p *pass, c *container) {
			containerTimeout(p, c, "startTimeout", c.of.StartTimeout)
		}),
	},
	{
		ID: "ECS020", Title: "stopTimeout is at least 2 seconds, and at most 120 on Fargate",
		Severity: Error, Platforms: ECS, Source: apiReference + "API_TaskContainerProperties.html",
		check: with(theTimeouts, func(p *pass, c *container) {
			containerTimeout(p, c, "stopTimeout", c.of.StopTimeout)
		}),
	},
	{
		ID: "ECS021", Title: "ipcMode is host, task or none",
		Severity: Error, Platforms: ECS, Source: apiReference + "API_EcsTaskProperties.html",
		Service: "ipcMode X is not valid. Valid values are: [host, task, none]",
		check: onTask(func(p *pass, t *task) {
			if t.ipcMode != nil && !slices.Contains([]string{"host", "task", "none"}, *t.ipcMode) {
				p.fail(at("ipcMode"), "must be host, task or none, found %q", *t.ipcMode).saying(*t.ipcMode)
			}
		}),
	},
	{
		ID: "ECS022", Title: "pidMode is host or task",
		Severity: Error, Platforms: ECS, Source: apiReference + "API_EcsTaskProperties.html",
		Service: "Capability X is not valid. Valid capabilities: [host, task]",
		check: onTask(func(p *pass, t *task) {
			if t.pidMode != nil && !slices.Contains([]string{"host", "task"}, *t.pidMode) {
				p.fail(at("pidMode"), "must be host or task, found %q", *t.pidMode).saying(*t.pidMode)
			}
		}),
	},
	{
		ID: "ECS023", Title: "the type of a FireLens container is fluentd or fluentbit",
		Severity: Error, Platforms: ECS, Source: apiReference + "API_FirelensConfiguration.html",
		check: with(theFirelens, func(p *pass, c *container) {
			switch kind := c.of.FirelensConfiguration.Type; kind {
			case types.FirelensConfigurationTypeFluentd, types.FirelensConfigurationTypeFluentbit:
			default:
				p.fail(at("firelensConfiguration", "type"), "must be fluentd or fluentbit, found %q", kind)
			}
		}),
	},
	{
		// A sample of the service's own user guide breaks this rule, a real deployment was refused for it.
		ID: "ECS024", Title: "where a container has firelensConfiguration, another logs through awsfirelens",
		Severity: Warning, Platforms: ECS, Source: cdkPreflight + "pf-batch-jd-ecs-firelens-log-driver",
		Service: "When a firelensConfiguration object is specified, at least one container has to be configured with the awsfirelens log driver",
		reads:   []string{"containers", "logConfiguration", "logDriver"},
		check: with(theFirelens, func(p *pass, c *container) {
			for i := range c.task.containers {
				if log := c.task.containers[i].LogConfiguration; log != nil && log.LogDriver == types.LogDriverAwsfirelens {
					return
				}
			}
			p.fail(at("firelensConfiguration"), "must serve a container of the task whose log driver is awsfirelens, found none: set the driver on the containers that are to log through it")
		}),
	},
}

// eachEcsProperties visits the ecsProperties of a definition and of its node ranges, the path leading to them.
func eachEcsProperties(p *pass, in *batch.RegisterJobDefinitionInput, visit func(*types.EcsProperties)) {
	if in.EcsProperties != nil {
		p.enter("ecsProperties")
		visit(in.EcsProperties)
		p.leave(1)
	}
	if in.NodeProperties == nil {
		return
	}
	for i := range in.NodeProperties.NodeRangeProperties {
		if ecs := in.NodeProperties.NodeRangeProperties[i].EcsProperties; ecs != nil {
			p.enter("nodeProperties")
			p.enterAt("nodeRangeProperties", i)
			p.enter("ecsProperties")
			visit(ecs)
			p.leave(4)
		}
	}
}

// containerNamed returns the index of the container with that name, -1 when there is none.
func containerNamed(containers []types.TaskContainerProperties, name string) int {
	for i := range containers {
		if containers[i].Name != nil && *containers[i].Name == name {
			return i
		}
	}
	return -1
}

// containerNames lists the names of a task's containers for a message.
func containerNames(t *task) string {
	names := make([]string, 0, len(t.containers))
	for i := range t.containers {
		if name := str(t.containers[i].Name); name != "" {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return "no named container"
	}
	return strings.Join(names, ", ")
}

func containerTimeout(p *pass, c *container, member string, seconds *int32) {
	const least, mostOnFargate = 2, 120
	switch {
	case seconds == nil:
	case *seconds < least:
		p.fail(at(member), "must be at least %d seconds, found %d", least, *seconds)
	case c.task.platform == Fargate && *seconds > mostOnFargate:
		p.fail(at(member), "must be at most %d seconds on Fargate, found %d", mostOnFargate, *seconds)
	}
}
