package validate

import (
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

const (
	containerProperties = apiReference + "API_ContainerProperties.html"
	keyValuePair        = apiReference + "API_KeyValuePair.html"
	mountPoint          = apiReference + "API_MountPoint.html"
)

var (
	// An image is not bound to the grammar of a registry: digests and ports pass, and more.
	imageLetters    = alphabetOf(letters + digitLetters + "_:./#@-")
	variableLetters = alphabetOf(letters + digitLetters + "_")

	userName      = regexp.MustCompile(`^[a-z0-9_][a-z0-9_-]{0,30}(:[a-z0-9_][a-z0-9_-]{0,30})?$`)
	secretARN     = regexp.MustCompile(`^arn:[a-z0-9-]+:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:.+$`)
	shellVariable = regexp.MustCompile(`^\$(\{[A-Za-z_][A-Za-z0-9_]*\}|[A-Za-z_][A-Za-z0-9_]*)$`)
)

const maxImage = 255

// cpRules are the rules of every container that Amazon ECS runs.
var cpRules = []Rule{
	{
		ID: "CP001", Title: "a container has an image",
		Severity: Error, Platforms: ECS, Source: containerProperties,
		Service: "ECS Container Image must be provided.",
		check: onContainer(func(p *pass, c *container) {
			if str(c.image) == "" {
				p.fail(at("image"), "must be set: name the image to run")
			}
		}),
	},
	{
		ID: "CP002", Title: "an image is named with at most 255 letters, digits and -_:./#@",
		Severity: Error, Platforms: ECS, Source: containerProperties,
		check: onContainer(func(p *pass, c *container) {
			if image := str(c.image); len(image) > maxImage || !imageLetters.writes(image) {
				p.fail(at("image"), "must be at most 255 letters, digits, hyphens, underscores, colons, periods, slashes, number and at signs, found %s", excerpt(image))
			}
		}),
	},
	{
		ID: "CP003", Title: "instanceType is for multi-node jobs",
		Severity: Warning, Platforms: EC2, Source: containerProperties,
		check: with(theInstanceType, func(p *pass, c *container) {
			if !c.task.multiNode {
				p.fail(at("instanceType"), "has no place in a single-node job: remove it, and choose the instance type in the compute environment")
			}
		}),
	},
	{
		ID: "CP005", Title: "an environment variable has a name",
		Severity: Error, Platforms: ECS, Source: cdkPreflight + "pf-batch-jd-env-name-required",
		Service: "Environment variable name is required.",
		check: onEnvironment(func(p *pass, env []types.KeyValuePair) {
			for i := range env {
				if str(env[i].Name) == "" {
					p.fail(at(i, "name"), "must be set: name the variable")
				}
			}
		}),
	},
	{
		// Documented as refused. What was seen is that the variable is taken, and missing when the job runs.
		ID: "CP006", Title: "an environment variable does not begin with AWS_BATCH",
		Severity: Warning, Platforms: All, Source: userGuide + "job_env_vars.html",
		check: onEnvironment(func(p *pass, env []types.KeyValuePair) {
			for i := range env {
				if name := str(env[i].Name); strings.HasPrefix(name, "AWS_BATCH") {
					p.fail(at(i, "name"), "must not begin with AWS_BATCH, which is the service's own, found %s: the job would not see it, choose another name", excerpt(name))
				}
			}
		}),
	},
	{
		ID: "CP007", Title: "an environment variable has a value",
		Severity: Warning, Platforms: ECS, Source: gitHub + "hashicorp/terraform-provider-aws/issues/26960",
		reads: []string{"name"},
		check: onEnvironment(func(p *pass, env []types.KeyValuePair) {
			for i := range env {
				if name := str(env[i].Name); name != "" && str(env[i].Value) == "" {
					p.fail(at(i, "value"), "must not be empty, or the service drops the variable %s: give it a value or leave it out", excerpt(name))
				}
			}
		}),
	},
	{
		ID: "CP008", Title: "an environment variable is set once",
		Severity: Warning, Platforms: All, Source: keyValuePair,
		reads: []string{"environment", "name"},
		check: onEnvironment(func(p *pass, env []types.KeyValuePair) {
			eachRepeated(env, func(i int) {
				p.fail(at(i, "name"), "must be set once, found %s again: keep one of them", excerpt(*env[i].Name))
			})
		}),
	},
	{
		ID: "CP009", Title: "the name of an environment variable is one that a shell can read",
		Severity: Warning, Platforms: All, Source: keyValuePair,
		check: onEnvironment(func(p *pass, env []types.KeyValuePair) {
			for i := range env {
				if name := str(env[i].Name); name != "" && (digit(name[0]) || !variableLetters.writes(name)) {
					p.fail(at(i, "name"), "should be letters, digits and underscores, and not begin with a digit, found %s: a shell cannot read such a variable", excerpt(name))
				}
			}
		}),
	},
	{
		ID: "CP010", Title: "user is a name or an id, and a group may follow",
		Severity: Error, Platforms: ECS, Source: gitHub + "nextflow-io/nextflow/discussions/2900",
		Service: "User 'X' does not match regex",
		check: with(theUser, func(p *pass, c *container) {
			if user := str(c.user); user != "" && !userName.MatchString(user) {
				p.fail(at("user"), "must be user, user:group, uid or uid:gid, in small letters, digits, underscores and hyphens, found %s", excerpt(user)).saying(user)
			}
		}),
	},
	{
		// What AWS Batch answers is not known. Amazon ECS, which gets the task, refuses it.
		ID: "CP011", Title: "a mount point names a volume of the task",
		Severity: Error, Platforms: ECS, Source: ecsReference + "API_MountPoint.html",
		reads: []string{"name", "volumes"},
		check: with(theMounts, func(p *pass, c *container) {
			for i := range c.mounts {
				switch volume := str(c.mounts[i].SourceVolume); {
				case volume == "":
					p.fail(at("mountPoints", i, "sourceVolume"), "must be set: name the volume to mount")
				case !c.task.declares(volume):
					p.fail(at("mountPoints", i, "sourceVolume"), "must name a volume of the task, found %s: add it to volumes", excerpt(volume))
				}
			}
		}),
	},
	{
		ID: "CP012", Title: "a container path is absolute and mounted once",
		Severity: Warning, Platforms: ECS, Source: mountPoint,
		reads: []string{"containerPath", "mountPoints", "operatingSystemFamily", "runtimePlatform"},
		check: with(theMounts, mountPaths),
	},
	{
		ID: "CP014", Title: "a role is given by its ARN",
		Severity: Warning, Platforms: ECS, Source: containerProperties,
		check: onTask(func(p *pass, t *task) {
			role := func(member string, arn *string) {
				if s := str(arn); s != "" && !isRoleARN(s) {
					p.fail(at(member), "should look like arn:aws:iam::123456789012:role/name, found %s", excerpt(s))
				}
			}
			role("executionRoleArn", t.executionRole)
			role(t.roleMember, t.role)
		}),
	},
	{
		ID: "CP015", Title: "a private registry needs a secret and an execution role to read it",
		Severity: Warning, Platforms: ECS, Source: ecsGuide + "private-auth.html",
		reads: []string{"executionRoleArn"},
		check: with(theCredentials, func(p *pass, c *container) {
			if c.repository.CredentialsParameter == nil {
				return // JD022
			}
			secret := *c.repository.CredentialsParameter
			if secret == "" || strings.HasPrefix(secret, "arn:") && !secretARN.MatchString(secret) {
				p.fail(at("repositoryCredentials", "credentialsParameter"), "must be the ARN or the name of a secret in AWS Secrets Manager")
			}
			// On Fargate a missing role is FG001's.
			if str(c.task.executionRole) == "" && c.task.platform != Fargate {
				p.fail(at("repositoryCredentials"), "needs an execution role that may read the secret, found none: set executionRoleArn")
			}
		}),
	},
	{
		ID: "CP017", Title: "assignPublicIp is ENABLED or DISABLED",
		Severity: Error, Platforms: Fargate, Source: apiReference + "API_NetworkConfiguration.html",
		check: onTask(func(p *pass, t *task) {
			if t.network == nil {
				return
			}
			switch t.network.AssignPublicIp {
			case "", types.AssignPublicIpEnabled, types.AssignPublicIpDisabled:
			default:
				p.fail(at("networkConfiguration", "assignPublicIp"), "must be ENABLED or DISABLED, found %s", excerpt(string(t.network.AssignPublicIp)))
			}
		}),
	},
	{
		// The message does not show the command, which may hold a secret.
		ID: "CP020", Title: "a command is a list of arguments, not a line for a shell",
		Severity: Warning, Platforms: ECS, Source: containerProperties,
		check: onContainer(func(p *pass, c *container) {
			if i := shellSyntax(c.command); i >= 0 {
				p.fail(at("command", i), `is not read by a shell: split it into arguments, or run it with ["/bin/sh", "-c", "…"]`)
			}
		}),
	},
}

// eachRepeated visits the variables whose name is that of one before.
func eachRepeated(env []types.KeyValuePair, visit func(int)) {
	const few = 16 // Looking through so many is faster than a map.
	var seen map[string]bool
	var met sieve
	if len(env) > few {
		seen = make(map[string]bool, len(env))
	}
	for i := range env {
		name := str(env[i].Name)
		switch {
		case name == "":
		case seen == nil:
			if !met.fresh(name) && slices.ContainsFunc(env[:i], func(e types.KeyValuePair) bool { return str(e.Name) == name }) {
				visit(i)
			}
		case seen[name]:
			visit(i)
		default:
			seen[name] = true
		}
	}
}

// mountPaths judges where a container mounts its volumes.
func mountPaths(p *pass, c *container) {
	for i := range c.mounts {
		path := str(c.mounts[i].ContainerPath)
		if path == "" {
			p.fail(at("mountPoints", i, "containerPath"), "must be set: say where in the container the volume is to appear")
			continue
		}
		if path[0] != '/' && !c.task.windows() {
			p.fail(at("mountPoints", i, "containerPath"), "should be absolute, found %s: begin it with a slash", excerpt(path))
		}
		if slices.ContainsFunc(c.mounts[:i], func(m types.MountPoint) bool { return str(m.ContainerPath) == path }) {
			p.fail(at("mountPoints", i, "containerPath"), "must be mounted once in a container, found %s again: choose another path", excerpt(path))
		}
	}
}

// isRoleARN reports whether arn has the shape of the ARN of an IAM role.
func isRoleARN(arn string) bool {
	rest, isARN := strings.CutPrefix(arn, "arn:")
	partition, rest, _ := strings.Cut(rest, ":iam::")
	account, role, _ := strings.Cut(rest, ":role/")
	return isARN && partition != "" && len(account) == 12 && digits(account) == account && role != ""
}

// shellSyntax returns the index of the first argument that only a shell would understand, -1 when there is none.
func shellSyntax(command []string) int {
	if len(command) == 0 {
		return -1
	}
	if len(command) == 1 && strings.ContainsAny(command[0], " \t\n") {
		return 0
	}
	for i, arg := range command {
		switch arg {
		case "&&", "||", "|", ">", ">>", "<", "2>&1":
			return i
		}
		// After -c, or -lc, comes a script.
		if strings.HasPrefix(arg, "$") && shellVariable.MatchString(arg) && (i == 0 || !strings.HasPrefix(command[i-1], "-") || !strings.HasSuffix(command[i-1], "c")) {
			return i
		}
	}
	return -1
}
