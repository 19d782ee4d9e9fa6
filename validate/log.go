package validate

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

const (
	logReference = apiReference + "API_LogConfiguration.html"
	usingAWSLogs = ecsGuide + "using_awslogs.html"
)

// logentries is in the text of the documents and not in the list of the API.
const logentries types.LogDriver = "logentries"

// logRules are the rules of logConfiguration. Which drivers Fargate and Managed Instances have is FG011 and MI008.
var logRules = []Rule{
	{
		ID: "LOG001", Title: "a log configuration names a log driver that Amazon ECS knows",
		Severity: Error, Platforms: ECS, Source: logReference,
		check: onLog(func(p *pass, c *container) {
			switch driver := c.log.LogDriver; {
			case driver == "":
				p.fail(at("logDriver"), "must be set: awslogs, or another driver")
			case driver == types.LogDriverAwslogs || driver == logentries:
			case c.task.platform == EC2 && !slices.Contains(driver.Values(), driver):
				p.fail(at("logDriver"), "must be awsfirelens, awslogs, fluentd, gelf, json-file, journald, splunk or syslog, found %s", excerpt(string(driver)))
			}
		}),
	},
	{
		ID: "LOG002", Title: "the log driver logentries is not in the list of the API",
		Severity: Warning, Platforms: EC2 | MultiNode, Source: logReference, Uncertain: true,
		check: onLog(func(p *pass, c *container) {
			if c.log.LogDriver == logentries {
				p.fail(at("logDriver"), "is named in the documents and not in the list of the API, found logentries: choose another driver to be sure")
			}
		}),
	},
	{
		ID: "LOG004", Title: "the options of awslogs are those that the service allows",
		Severity: Error, Platforms: ECS, Source: userGuide + "using_awslogs.html",
		Service: "Log driver awslogs disallows options: X",
		reads:   []string{"logDriver"},
		check: onAWSLogs(func(p *pass, options map[string]string) {
			if allIn(options, awslogsOptions[:]) {
				return
			}
			for option := range options {
				if !slices.Contains(awslogsOptions[:], option) {
					p.fail(at("options", option), "must be absent, because awslogs takes no other options than awslogs-group, awslogs-region, awslogs-stream-prefix, awslogs-datetime-format, awslogs-multiline-pattern and awslogs-create-group: remove it").saying(option)
				}
			}
		}),
	},
	{
		ID: "LOG005", Title: "awslogs finds the start of a message in one way",
		Severity: Warning, Platforms: ECS, Source: usingAWSLogs,
		reads: []string{"logDriver", "options"},
		check: onAWSLogs(func(p *pass, options map[string]string) {
			if len(options) > 1 && has(options, "awslogs-datetime-format") && has(options, "awslogs-multiline-pattern") {
				p.fail(at("options", "awslogs-multiline-pattern"), "must not stand beside awslogs-datetime-format: keep the one that begins each message")
			}
		}),
	},
	{
		ID: "LOG006", Title: "an execution role that creates the log group needs logs:CreateLogGroup",
		Severity: Info, Platforms: ECS, Source: usingAWSLogs,
		reads: []string{"logDriver"},
		check: onAWSLogs(func(p *pass, options map[string]string) {
			if strings.EqualFold(options["awslogs-create-group"], "true") {
				p.fail(at("options", "awslogs-create-group"), "needs the permission logs:CreateLogGroup in the role, or the job fails at its start")
			}
		}),
	},
	{
		ID: "LOG007", Title: "without awslogs-group the logs go to /aws/batch/job",
		Severity: Info, Platforms: ECS, Source: userGuide + "using_awslogs.html",
		reads: []string{"logDriver"},
		check: onAWSLogs(func(p *pass, options map[string]string) {
			if options["awslogs-group"] == "" {
				p.fail(at("options", "awslogs-group"), "is not set: the logs go to the group /aws/batch/job, with those of all other jobs")
			}
		}),
	},
	{
		ID: "LOG008", Title: "secretOptions need an execution role to read them",
		// On Fargate a missing role is FG001's.
		Severity: Error, Platforms: onHosts, Source: userGuide + "specifying-sensitive-data.html",
		Service: secretsNeedRole,
		reads:   []string{"containers", "logConfiguration", "secretOptions", "secrets"},
		check: onTask(func(p *pass, t *task) {
			// Beside secrets it is the same fault, and SEC004's.
			if str(t.executionRole) == "" && !hasSecrets(t) && hasSecretOptions(t) {
				p.fail(at("executionRoleArn"), "must be set, because a log configuration has secretOptions: name a role that may read them")
			}
		}),
	},
	{
		ID: "LOG009", Title: "the driver splunk has an address and a token",
		Severity: Warning, Platforms: ECS, Source: "https://docs.docker.com/engine/logging/drivers/splunk/",
		reads: []string{"logDriver", "name", "secretOptions"},
		check: onLog(func(p *pass, c *container) {
			if c.log.LogDriver != types.LogDriverSplunk {
				return
			}
			for _, option := range [...]string{"splunk-url", "splunk-token"} {
				secret := slices.ContainsFunc(c.log.SecretOptions, func(s types.Secret) bool { return str(s.Name) == option })
				if !has(c.log.Options, option) && !secret {
					p.fail(at("options", option), "must be set for the driver splunk, or the container does not start: set it here or in secretOptions")
				}
			}
		}),
	},
	{
		// What AWS Batch answers is not known. Amazon ECS, which gets the task, refuses it.
		ID: "LOG010", Title: "awsfirelens needs another container of the task with firelensConfiguration",
		Severity: Error, Platforms: ECS, Source: ecsGuide + "using_firelens.html",
		reads: []string{"containers", "firelensConfiguration"},
		check: onLog(func(p *pass, c *container) {
			if c.log.LogDriver != types.LogDriverAwsfirelens {
				return
			}
			for i := range c.task.containers {
				if other := &c.task.containers[i]; other != c.of && other.FirelensConfiguration != nil {
					return
				}
			}
			if c.only != nil {
				p.fail(at("logDriver"), "must not be awsfirelens in containerProperties, which have no second container: describe the job in ecsProperties, with a container that has firelensConfiguration")
				return
			}
			p.fail(at("logDriver"), "must not be awsfirelens where no other container of the task has firelensConfiguration: add one that routes the logs")
		}),
	},
	{
		ID: "LOG011", Title: "the instances of the compute environment have the log driver",
		Severity: Info, Platforms: EC2 | MultiNode, Source: logReference,
		check: onLog(func(p *pass, c *container) {
			if driver := c.log.LogDriver; driver != "" && driver != types.LogDriverAwslogs {
				p.fail(at("logDriver"), "is %s: an instance whose ECS_AVAILABLE_LOGGING_DRIVERS lacks it leaves the job RUNNABLE", excerpt(string(driver)))
			}
		}),
	},
}

// secretsNeedRole is the service's answer to secrets that nobody may read.
const secretsNeedRole = "executionRoleArn cannot be empty when using secrets or secretOptions"

var notJudgedLOG = []NotJudged{
	{"LOG003", "the log driver is one that the platform has", "covered by FG011 and MI008"},
}

// onAWSLogs sees the options of each log configuration whose driver is awslogs, the path leading to it.
func onAWSLogs(check func(*pass, map[string]string)) onLog {
	return func(p *pass, c *container) {
		if c.log.LogDriver == types.LogDriverAwslogs {
			check(p, c.log.Options)
		}
	}
}

// awslogsOptions are the options of awslogs, the more common ones first.
var awslogsOptions = [...]string{
	"awslogs-group", "awslogs-region", "awslogs-stream-prefix", "awslogs-create-group", "awslogs-datetime-format", "awslogs-multiline-pattern",
}

// allIn reports whether all options are in a list of names. It does not go through the map, which would take longer.
func allIn(options map[string]string, names []string) bool {
	left := len(options)
	for _, name := range names {
		if left == 0 {
			break
		}
		if has(options, name) {
			left--
		}
	}
	return left == 0
}

func has(options map[string]string, name string) bool {
	_, ok := options[name]
	return ok
}
