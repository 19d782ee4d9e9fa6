package iam

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"

	"github.com/batchkit/batchkit-go/validate"
)

// ForExecution returns the policy of the execution role of the definitions: what Amazon ECS needs to start their
// containers. That is pulling the images that are in Amazon ECR, reading the secrets and parameters that containers,
// log drivers and registries name, and writing to the log groups. The findings say where it must be wider. Keys of
// AWS KMS that encrypt secrets or parameters are not in definitions; allow kms:Decrypt on them where you use your own.
//
// An image that is a reference to the address of a repository, such as cloudformation.Attr("Images", "RepositoryUri"),
// becomes a reference to its ARN. Any other reference says nothing about what it stands for, which is a finding.
// See https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html.
func ForExecution(where Where, definitions ...*batch.RegisterJobDefinitionInput) (Policy, validate.Findings) {
	e := &execution{Policy: Policy{Version: Version}, where: where, findings: where.known()}
	for i, def := range definitions {
		if def == nil {
			continue
		}
		e.path = fmt.Sprintf("definitions[%d]", i)
		for c := range containers(def) {
			e.container(c)
		}
	}
	if len(e.repositories) > 0 {
		note(&e.findings, NoResource, "", "ecr:GetAuthorizationToken: allowed on *, because Amazon ECR has no resource for it.",
			"https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html")
		e.allow("LogInToRegistry", []string{"ecr:GetAuthorizationToken"}, []string{"*"}, nil)
	}
	e.allow("PullImages",
		[]string{"ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"}, e.repositories, nil)
	e.allow("CreateLogGroups", []string{"logs:CreateLogGroup"}, e.created, nil)
	e.allow("WriteLogs", []string{"logs:CreateLogStream", "logs:PutLogEvents"}, e.streams, nil)
	e.allow("ReadSecrets", []string{"secretsmanager:GetSecretValue"}, e.secrets, nil)
	e.allow("ReadParameters", []string{"ssm:GetParameters"}, e.parameters, nil)
	return e.Policy, e.findings
}

type execution struct {
	Policy
	where    Where
	path     string
	findings validate.Findings

	repositories, created, streams, secrets, parameters []string
}

// ecrImage is an image of a private repository: account, Region, repository. The first three parts of its address may be
// references.
var ecrImage = regexp.MustCompile(`^([0-9]{12}|\$\{[^}]+\})\.dkr\.ecr\.([a-z0-9-]+|\$\{[^}]+\})\.(?:amazonaws\.com(?:\.cn)?|\$\{[^}]+\})/([^:@]+)`)

// referredImage is an image whose repository is a reference: its beginning, and its attribute.
var referredImage = regexp.MustCompile(`^(\$\{[^}]+\.)(RepositoryUri|repository_url)\}`)

func (e *execution) image(image string) {
	if m := ecrImage.FindStringSubmatch(image); m != nil {
		e.repositories = append(e.repositories, fmt.Sprintf("arn:%s:ecr:%s:%s:repository/%s", e.where.partition(), m[2], m[1], m[3]))
	} else if m := referredImage.FindStringSubmatch(image); m != nil {
		attribute := map[string]string{"RepositoryUri": "Arn", "repository_url": "arn"}[m[2]]
		e.repositories = append(e.repositories, m[1]+attribute+"}")
	} else if isReference(image) {
		e.unknown("image")
	}
}

func (e *execution) unknown(what string) {
	e.findings = append(e.findings, validate.Finding{
		Rule: NotKnown, Severity: validate.Warning, Path: e.path,
		Message: "an " + what + " is a reference that does not tell what it stands for, so nothing is allowed for it; add a statement for it.",
		Source:  "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html",
	})
}

func (e *execution) container(c container) {
	e.image(c.image)
	if group, create := c.group(); group != "" {
		arn := e.where.arn("logs", "log-group:"+group)
		e.streams = append(e.streams, arn+":log-stream:*")
		if create {
			// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogGroup.html: policies want the :*.
			e.created = append(e.created, arn+":*")
		}
		note(&e.findings, AnyStream, e.path, "every stream of the log group may be written, because streams are named when a "+
			"container starts.", "https://docs.aws.amazon.com/batch/latest/userguide/using_awslogs.html")
	}
	for _, s := range c.secrets {
		e.secret(aws.ToString(s.ValueFrom))
	}
	if c.logs != nil {
		for _, s := range c.logs.SecretOptions {
			e.secret(aws.ToString(s.ValueFrom))
		}
	}
	if c.credentials != nil {
		e.secret(aws.ToString(c.credentials.CredentialsParameter))
	}
}

// secretParts is how many parts an ARN of a secret has before the key, the stage and the version that may follow it.
const secretParts = 7

// suffixed is the name of a secret with the hyphen and six characters that Secrets Manager adds to it.
var suffixed = regexp.MustCompile(`-[A-Za-z0-9]{6}$`)

// secret adds what a valueFrom names: the ARN of a secret, or the ARN or the name of a parameter.
func (e *execution) secret(valueFrom string) {
	parts := strings.Split(valueFrom, ":")
	switch {
	case valueFrom == "":
	case isReference(valueFrom):
		e.unknown("origin of a secret")
	case parts[0] != "arn":
		e.parameters = append(e.parameters, e.where.arn("ssm", "parameter/"+strings.TrimPrefix(valueFrom, "/")))
	case len(parts) < secretParts || parts[2] != "secretsmanager":
		e.parameters = append(e.parameters, valueFrom)
	default:
		arn := strings.Join(parts[:secretParts], ":")
		if !suffixed.MatchString(arn) {
			note(&e.findings, AnySuffix, e.path, "a secret is named without the six characters at the end of its ARN, so any six are "+
				"allowed; the whole ARN would narrow it.",
				"https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples.html")
			arn += "-??????"
		}
		e.secrets = append(e.secrets, arn)
	}
}
