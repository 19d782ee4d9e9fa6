package validate_test

import (
	"strings"
	"testing"

	"github.com/batchkit/batchkit-go/validate"
)

func TestLogsAndSecrets(t *testing.T) {
	t.Parallel()
	const (
		container = "definition.containerProperties."
		log       = container + "logConfiguration"
		task      = "ecsProperties.taskProperties[0]."
		inRange   = "nodeProperties.nodeRangeProperties[0]." + task
		role      = `"arn:aws:iam::123456789012:role/exec"`
		arn       = "arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:db-AbCdEf"
	)
	runFindings(t, []findingsTest{
		{
			name: "secrets of both kinds, no role", reason: "the role is missing once", on: "container-ec2",
			set: map[string]string{
				container + "secrets": `[{"name":"A","valueFrom":"a"}]`,
				log:                   `{"logDriver":"fluentd","secretOptions":[{"name":"fluentd-address","valueFrom":"b"}]}`,
			},
			want: []string{"SEC004 containerProperties.executionRoleArn"},
		},
		{
			name: "secrets on Fargate, no role", reason: "Fargate needs the role anyway", on: "container-fargate",
			set:  map[string]string{container + "secrets": `[{"name":"A","valueFrom":"a"}]`, container + "executionRoleArn": `null`},
			want: []string{"FG001 containerProperties.executionRoleArn"},
		},
		{
			name: "secrets in a task of nodes, no role", reason: "the rules hold inside ranges, and a task has one role", on: "multinode-ecs",
			set: map[string]string{
				"definition." + inRange + "containers[0].secrets": `[{"name":"A","valueFrom":"a"}]`,
				"definition." + inRange + "containers[1].secrets": `[{"name":"A","valueFrom":"a"}]`,
			},
			want: []string{"SEC004 " + inRange + "executionRoleArn"},
		},
		{
			name: "secrets without anything", reason: "each member is named, in both lists", on: "container-ec2",
			set: map[string]string{
				container + "executionRoleArn": role, container + "secrets": `[{}]`,
				log: `{"logDriver":"fluentd","secretOptions":[{"valueFrom":"a"}]}`,
			},
			want: []string{
				"SEC001 containerProperties.logConfiguration.secretOptions[0].name",
				"SEC001 containerProperties.secrets[0].name", "SEC001 containerProperties.secrets[0].valueFrom",
			},
		},
		{
			name: "forms of a source", reason: "every one that the documents have, and a parameter by its name", on: "container-ec2",
			set: map[string]string{container + "executionRoleArn": role, container + "secrets": `[
				{"name":"A","valueFrom":"` + arn + `"},{"name":"B","valueFrom":"` + arn + `:key::"},{"name":"C","valueFrom":"` + arn + `:::id"},
				{"name":"D","valueFrom":"arn:aws:ssm:eu-west-1:123456789012:parameter/a/b"},{"name":"E","valueFrom":"DUMMY"},{"name":"F","valueFrom":"/a.b/c-d_e"}]`},
		},
		{
			name: "parts of a secret", reason: "a colon is missing, and one is too many", on: "container-ec2",
			set: map[string]string{container + "executionRoleArn": role, container + "secrets": `[
				{"name":"A","valueFrom":"` + arn + `:key"},{"name":"B","valueFrom":"` + arn + `:key:::"}]`},
			want: []string{"SEC003 containerProperties.secrets[0].valueFrom", "SEC003 containerProperties.secrets[1].valueFrom"},
		},
		{
			name: "name of two secrets and a variable", reason: "one finding for each that is too many", on: "container-ec2",
			set: map[string]string{container + "executionRoleArn": role, container + "secrets": `[
				{"name":"MODE","valueFrom":"a"},{"name":"MODE","valueFrom":"b"}]`},
			want: []string{"SEC005 containerProperties.secrets[0].name", "SEC005 containerProperties.secrets[1].name"},
		},
		{
			name: "log configuration with nothing", reason: "the driver is required", on: "container-fargate",
			set: map[string]string{log: `{}`}, want: []string{"LOG001 containerProperties.logConfiguration.logDriver"},
		},
		{
			name: "unknown driver on Fargate", reason: "Fargate has fewer, and its rule says which", on: "container-fargate",
			set: map[string]string{log: `{"logDriver":"none"}`}, want: []string{"FG011 containerProperties.logConfiguration.logDriver"},
		},
		{
			name: "unknown driver on Managed Instances", reason: "they have fewer, and their rule says which", on: "ecs-ec2",
			set: map[string]string{
				"definition.platformCapabilities": `["MANAGED_INSTANCES"]`, "definition." + task + "containers[0].logConfiguration": `{"logDriver":"none"}`,
			},
			want: []string{"MI008 " + task + "containers[0].logConfiguration.logDriver"},
		},
		{
			name: "options of other drivers", reason: "only those of awslogs are known", on: "container-ec2",
			set: map[string]string{log: `{"logDriver":"gelf","options":{"mode":"non-blocking","gelf-address":"udp://a"}}`},
		},
		{
			name: "a router that logs through itself", reason: "another container has to route", on: "ecs-ec2",
			set: map[string]string{
				"definition." + task + "containers[0].logConfiguration":      `{"logDriver":"awsfirelens"}`,
				"definition." + task + "containers[0].firelensConfiguration": `{"type":"fluentbit"}`,
			},
			want: []string{"LOG010 " + task + "containers[0].logConfiguration.logDriver"},
		},
		{
			name: "awsfirelens in containerProperties", reason: "there is no other container", on: "container-fargate",
			set: map[string]string{log: `{"logDriver":"awsfirelens"}`}, want: []string{"LOG010 containerProperties.logConfiguration.logDriver"},
		},
		{
			name: "splunk without anything", reason: "both options are named", on: "container-ec2",
			set:  map[string]string{log: `{"logDriver":"splunk"}`},
			want: []string{"LOG009 containerProperties.logConfiguration.options.splunk-token", "LOG009 containerProperties.logConfiguration.options.splunk-url"},
		},
		{
			name: "credential in a pod", reason: "everybody can read that too", on: "eks", only: "SEC007",
			set:  map[string]string{"definition.eksProperties.podProperties.containers[0].env": `[{"name":"api_key","value":"0123"},{"name":"TOKEN"}]`},
			want: []string{"SEC007 eksProperties.podProperties.containers[0].env[0].value"},
		},
	})
}

// TestNothingSecretIsShown breaks every rule that sees something secret, and looks for it in all messages.
func TestNothingSecretIsShown(t *testing.T) {
	t.Parallel()
	const secret = "hunter2 hunter2"
	findings := judge(t, "submit-container-ec2", raw(map[string]string{
		"submission.parameters":         `{"unused":"` + secret + `"}`,
		"submission.tags":               `{"aws:a":"` + secret + `,"}`,
		"submission.containerOverrides": `{"command":["Ref::password","--in=Ref::a,` + secret + `"],"environment":[{"name":"PASSWORD","value":"Ref::` + secret + `"}]}`,
	}), validate.Strict())
	findings = append(findings, judge(t, "container-ec2", raw(map[string]string{
		"definition.containerProperties.secrets":     `[{"name":"A","valueFrom":"` + secret + `"}]`,
		"definition.containerProperties.environment": `[{"name":"PASSWORD","value":"` + secret + `"}]`,
		"definition.parameters":                      `{"unused":"` + secret + `"}`,
	}), validate.Strict())...)
	for _, rule := range []string{"PRM001", "PRM003", "PRM004", "PRM005", "TAG004", "TAG005", "SEC002", "SEC007"} {
		if !strings.Contains(strings.Join(findings.Rules(), " "), rule) {
			t.Errorf("%s found nothing, so the test says nothing of it: %v", rule, findings.Rules())
		}
	}
	for _, f := range findings {
		if strings.Contains(f.Error()+f.Service, "hunter2") {
			t.Errorf("%s shows the secret: %v", f.Rule, f)
		}
	}
}
