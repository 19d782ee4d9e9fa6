package validate_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParameters(t *testing.T) {
	t.Parallel()
	const (
		def       = "definition."
		sub       = "submission."
		container = def + "containerProperties."
		tasks     = "ecsProperties.taskProperties[0]."
		pod       = "eksProperties.podProperties."
		ranges    = def + "nodeProperties.nodeRangeProperties"
		small     = `"resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"512"}]`
	)
	runFindings(t, []findingsTest{
		{
			name: "command that is replaced", reason: "the definition's references are never read", on: "submit-container-ec2",
			set: map[string]string{container + "command": `["Ref::gone"]`, sub + "containerOverrides": `{"command":["true"]}`},
		},
		{
			name: "command of the submission", reason: "its references count, each name once", on: "submit-container-ec2",
			set:  map[string]string{sub + "containerOverrides": `{"command":["Ref::a","Ref::input","Ref::b","Ref::a"]}`},
			want: []string{"PRM001 parameters.a", "PRM001 parameters.b"},
		},
		{
			name: "empty value", reason: "it is a value", on: "submit-container-ec2",
			set: map[string]string{container + "command": `["Ref::a"]`, sub + "parameters": `{"a":""}`},
		},
		{
			name: "value in the environment", reason: "a reference looks at parameters only", on: "submit-container-ec2",
			set: map[string]string{
				container + "command": `["Ref::campaign"]`, sub + "containerOverrides": `{"environment":[{"name":"campaign","value":"a"}]}`,
			},
			want: []string{"PRM001 parameters.campaign"},
		},
		{
			name: "part of a word", reason: "whether it is replaced is not known, so nothing is missing and nothing unused", on: "submit-container-ec2",
			set: map[string]string{container + "command": `["sh","-c","echo Ref::a Ref::b.txt","Ref::","Ref::c d"]`, sub + "parameters": `{"a":"1"}`},
		},
		{
			name: "other container of a task", reason: "each container has a command of its own", on: "submit-ecs-ec2",
			set: map[string]string{
				def + tasks + "containers[0].command":                         `["Ref::a"]`,
				sub + "ecsPropertiesOverride.taskProperties[0].containers[0]": `{"name":"app","command":["Ref::b"]}`,
			},
			want: []string{"PRM001 parameters.a", "PRM001 parameters.b"},
		},
		{
			name: "override without a command", reason: "the command stays", on: "submit-ecs-ec2",
			set: map[string]string{
				def + tasks + "containers[1].command":                         `["Ref::a"]`,
				sub + "ecsPropertiesOverride.taskProperties[0].containers[0]": `{"name":"app","environment":[{"name":"A","value":"b"}]}`,
			},
			want: []string{"PRM001 parameters.a"},
		},
		{
			name: "override of a container that is not in the pod", reason: "it changes nothing", on: "submit-eks",
			set: map[string]string{
				def + pod + "containers[0].command":                       `["Ref::a"]`,
				sub + "eksPropertiesOverride.podProperties.containers[0]": `{"name":"other","command":["Ref::b"]}`,
			},
			want: []string{"OVR015 eksPropertiesOverride.podProperties.containers[0].name", "PRM001 parameters.a"},
		},
		{
			name: "pod", reason: "arguments have references too, and each list is replaced by itself", on: "submit-eks",
			set: map[string]string{
				def + pod + "containers[0].command":                       `["Ref::gone"]`,
				def + pod + "containers[0].args":                          `["Ref::a"]`,
				def + pod + "initContainers":                              `[{"name":"init","image":"a:1","args":["Ref::b"]}]`,
				sub + "eksPropertiesOverride.podProperties.containers[0]": `{"command":["Ref::c"]}`,
			},
			want: []string{"PRM001 parameters.a", "PRM001 parameters.b", "PRM001 parameters.c"},
		},
		{
			name: "pod of two containers", reason: "an override changes the one that it names", on: "submit-eks",
			set: map[string]string{
				def + pod + "containers": `[{"name":"a","image":"a:1","command":["Ref::a"],"resources":{"limits":{"cpu":"1","memory":"512Mi"}}},
					{"name":"b","image":"a:1","command":["Ref::gone"],"resources":{"limits":{"cpu":"1","memory":"512Mi"}}}]`,
				sub + "eksPropertiesOverride.podProperties.containers": `[{"name":"a","args":["x"]},{"name":"b","command":["Ref::b"]}]`,
			},
			want: []string{"PRM001 parameters.a", "PRM001 parameters.b"},
		},
		{
			name: "ranges of nodes", reason: "an override replaces the command of its range only", on: "submit-multinode",
			set: map[string]string{
				ranges: `[{"targetNodes":"0","container":{"image":"a:1","command":["Ref::gone"],` + small + `}},
					{"targetNodes":"1:","container":{"image":"a:1","command":["Ref::b"],` + small + `}}]`,
				sub + "nodeOverrides.nodePropertyOverrides": `[{"targetNodes":"0:0","containerOverrides":{"command":["Ref::a"]}}]`,
			},
			want: []string{"PRM001 parameters.a", "PRM001 parameters.b"},
		},
		{
			name: "definition not known", reason: "it may have the default", on: "submit",
			set: map[string]string{sub + "containerOverrides": `{"command":["Ref::a"]}`, sub + "parameters": `{"b":"1"}`},
		},
		{
			name: "parameter for a command that is replaced", reason: "the one that runs has no use for it", on: "submit-container-ec2",
			set:  map[string]string{sub + "containerOverrides": `{"command":["true"]}`, sub + "parameters": `{"input":"a"}`},
			want: []string{"PRM003 parameters.input"},
		},
		{
			name: "default without a command", reason: "the submission brings the command", on: "container-ec2",
			set: map[string]string{container + "command": `null`},
		},
		{
			name: "default with a command without references", reason: "nobody uses it", on: "ecs-ec2",
			set: map[string]string{def + "parameters": `{"input":"a"}`}, want: []string{"PRM003 parameters.input"},
		},
		{
			name: "default that a name begins with", reason: "the reference is to another parameter, but a part of a word may be meant", on: "container-ec2",
			set: map[string]string{container + "command": `["Ref::input-file"]`},
		},
		{
			name: "environment of a pod", reason: "nothing is replaced there either", on: "submit-eks",
			set:  map[string]string{sub + "eksPropertiesOverride.podProperties.containers[0].env": `[{"name":"A","value":"x-Ref::a"}]`},
			want: []string{"PRM004 eksPropertiesOverride.podProperties.containers[0].env[0].value"},
		},
		{
			name: "parts of words in a pod", reason: "in both lists", on: "eks", only: "PRM005",
			set:  map[string]string{def + pod + "containers[0].command": `["a=Ref::a"]`, def + pod + "containers[0].args": `["Ref::a","b Ref::b"]`},
			want: []string{"PRM005 eksProperties.podProperties.containers[0].args[1]", "PRM005 eksProperties.podProperties.containers[0].command[0]"},
		},
		{
			name: "parts of words in overrides", reason: "those of a pod too", on: "submit-eks", only: "PRM005",
			set:  map[string]string{sub + "eksPropertiesOverride.podProperties.containers[0].args": `["b Ref::b"]`},
			want: []string{"PRM005 eksPropertiesOverride.podProperties.containers[0].args[0]"},
		},
		{
			name: "definition without defaults", reason: "what every submission has to give, each name once", on: "multinode", only: "PRM002",
			set:  map[string]string{ranges + "[0].container.command": `["Ref::a","Ref::b","Ref::a"]`},
			want: []string{"PRM002 parameters.a", "PRM002 parameters.b"},
		},
	})
}

func TestParameterServiceText(t *testing.T) {
	t.Parallel()
	findings := judge(t, "submit-container-ec2", raw(map[string]string{"definition.containerProperties.command": `["Ref::job_id"]`}))
	var got []string
	for _, f := range findings {
		got = append(got, f.Service)
	}
	want := []string{"Unable to substitute value. No parameter found for reference job_id"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("service text, as seen in public logs (-want +got):\n%s", diff)
	}
}
