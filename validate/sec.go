package validate

import (
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

const (
	secretReference = apiReference + "API_Secret.html"
	sensitiveData   = userGuide + "specifying-sensitive-data.html"
)

var (
	parameterARN     = regexp.MustCompile(`^arn:[a-z0-9-]+:ssm:[a-z0-9-]+:[0-9]{12}:parameter/.+$`)
	parameterLetters = alphabetOf(letters + digitLetters + "_.-/:")
)

// secRules are the rules of secrets. No message shows what stands in valueFrom: some put the secret itself there.
var secRules = []Rule{
	{
		ID: "SEC001", Title: "a secret has a name and a source",
		Severity: Error, Platforms: ECS, Source: secretReference,
		check: onSecrets(func(p *pass, secrets []types.Secret) {
			for i := range secrets {
				if str(secrets[i].Name) == "" {
					p.fail(at(i, "name"), "must be set: name the variable or the option that holds the secret")
				}
				if str(secrets[i].ValueFrom) == "" {
					p.fail(at(i, "valueFrom"), "must be set: the ARN of a secret, or the ARN or name of a parameter")
				}
			}
		}),
	},
	{
		// Registration looks nothing up. The job fails at its start.
		ID: "SEC002", Title: "a secret comes from AWS Secrets Manager or from Parameter Store",
		Severity: Warning, Platforms: ECS, Source: secretReference,
		check: onSecrets(func(p *pass, secrets []types.Secret) {
			for i := range secrets {
				if from := str(secrets[i].ValueFrom); from != "" && !secretSource(from) {
					p.fail(at(i, "valueFrom"), "should be the ARN of a secret in AWS Secrets Manager, or the ARN or the name of a parameter of AWS Systems Manager: put the secret there and refer to it")
				}
			}
		}),
	},
	{
		ID: "SEC003", Title: "a part of a secret is named by key, version stage and version id, and one of the two versions",
		Severity: Warning, Platforms: ECS, Source: userGuide + "specifying-sensitive-data-secrets.html",
		check: onSecrets(func(p *pass, secrets []types.Secret) {
			for i := range secrets {
				if from := str(secrets[i].ValueFrom); secretARN.MatchString(from) {
					secretPart(p, i, from)
				}
			}
		}),
	},
	{
		ID: "SEC004", Title: "secrets need an execution role to read them",
		// On Fargate a missing role is FG001's.
		Severity: Error, Platforms: onHosts, Source: sensitiveData,
		Service: secretsNeedRole,
		reads:   []string{"containers", "secrets"},
		check: onTask(func(p *pass, t *task) {
			if str(t.executionRole) == "" && hasSecrets(t) {
				p.fail(at("executionRoleArn"), "must be set, because a container has secrets: name a role that may read them")
			}
		}),
	},
	{
		// What AWS Batch answers is not known. Amazon ECS, which gets the task, refuses it.
		ID: "SEC005", Title: "a secret shares its name with no other secret and no environment variable of the container",
		Severity: Error, Platforms: ECS, Source: ecsReference + "API_Secret.html",
		reads: []string{"environment", "name", "secrets"},
		check: with(theSecrets, func(p *pass, c *container) {
			for i := range c.secrets {
				switch name := str(c.secrets[i].Name); {
				case name == "":
				case hasSecret(c.secrets[:i], name):
					p.fail(at("secrets", i, "name"), "must be set once, found %s again: keep one of them", excerpt(name))
				case hasVariable(c.environment, name):
					p.fail(at("secrets", i, "name"), "must not be the name of an environment variable too, found %s: remove it from environment", excerpt(name))
				}
			}
		}),
	},
	{
		ID: "SEC006", Title: "the name of a secret does not begin with AWS_BATCH",
		Severity: Warning, Platforms: ECS, Source: userGuide + "job_env_vars.html",
		check: with(theSecrets, func(p *pass, c *container) {
			for i := range c.secrets {
				if name := str(c.secrets[i].Name); strings.HasPrefix(name, "AWS_BATCH") {
					p.fail(at("secrets", i, "name"), "must not begin with AWS_BATCH, which is the service's own, found %s: choose another name", excerpt(name))
				}
			}
		}),
	},
	{
		ID: "SEC007", Title: "a credential is a secret, not an environment variable",
		Severity: Info, Platforms: All, Source: keyValuePair,
		reads: []string{"name"},
		check: onEnvironment(func(p *pass, env []types.KeyValuePair) {
			for i := range env {
				if name := str(env[i].Name); credentialName(name) && literal(str(env[i].Value)) {
					p.fail(at(i, "value"), "looks like a credential in %s, and everybody who may describe the job can read it: use secrets", excerpt(name))
				}
			}
		}),
	},
}

// onSecrets sees the secrets of each container and those of its log driver, the path leading to them.
func onSecrets(check func(*pass, []types.Secret)) several {
	return several{
		with(theSecrets, func(p *pass, c *container) {
			p.enter("secrets")
			check(p, c.secrets)
			p.leave(1)
		}),
		with(theSecretOptions, func(p *pass, c *container) {
			p.enter("logConfiguration")
			p.enter("secretOptions")
			check(p, c.log.SecretOptions)
			p.leave(2)
		}),
	}
}

// secretSource reports whether valueFrom can name a secret or a parameter.
func secretSource(from string) bool {
	if strings.HasPrefix(from, "arn:") {
		return secretARN.MatchString(from) || parameterARN.MatchString(from)
	}
	return parameterLetters.writes(from)
}

// secretPart judges what follows the name in the ARN of a secret: nothing, or :key:stage:id, each of which may be empty.
func secretPart(p *pass, i int, arn string) {
	const plain, full = 6, 9 // colons
	switch n := strings.Count(arn, ":"); {
	case n == plain:
	case n != full:
		p.fail(at(i, "valueFrom"), "must have three further parts, :key:version-stage:version-id, where it has one of them: write every colon, also of a part that is empty")
	default:
		id := strings.LastIndexByte(arn, ':')
		stage := strings.LastIndexByte(arn[:id], ':')
		if id-stage > 1 && id < len(arn)-1 {
			p.fail(at(i, "valueFrom"), "must not have both a version stage and a version id: keep one, and the colon of the other")
		}
	}
}

func hasSecrets(t *task) bool {
	if t.single != nil {
		return len(t.single.Secrets) > 0
	}
	for i := range t.containers {
		if len(t.containers[i].Secrets) > 0 {
			return true
		}
	}
	return false
}

func hasSecretOptions(t *task) bool {
	given := func(log *types.LogConfiguration) bool { return log != nil && len(log.SecretOptions) > 0 }
	if t.single != nil {
		return given(t.single.LogConfiguration)
	}
	for i := range t.containers {
		if given(t.containers[i].LogConfiguration) {
			return true
		}
	}
	return false
}

func hasSecret(secrets []types.Secret, name string) bool {
	for i := range secrets {
		if str(secrets[i].Name) == name {
			return true
		}
	}
	return false
}

func hasVariable(env []types.KeyValuePair, name string) bool {
	for i := range env {
		if str(env[i].Name) == name {
			return true
		}
	}
	return false
}

// credentialName reports whether a variable of that name holds a credential, and not where to find one.
func credentialName(name string) bool {
	upper := strings.ToUpper(name)
	for _, end := range [...]string{"_ARN", "_NAME", "_PATH", "_FILE", "_URL", "_URI", "_TTL"} {
		if strings.HasSuffix(upper, end) {
			return false
		}
	}
	for _, word := range [...]string{"PASSWORD", "PASSWD", "SECRET", "TOKEN", "API_KEY", "APIKEY", "ACCESS_KEY", "PRIVATE_KEY", "CREDENTIAL"} {
		if strings.Contains(upper, word) {
			return true
		}
	}
	return false
}

// literal reports whether a value is more than a reference to where the real one is.
func literal(value string) bool {
	return value != "" && !strings.HasPrefix(value, "arn:") && !strings.HasPrefix(value, "/") && !strings.Contains(value, "://")
}
