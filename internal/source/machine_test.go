package source_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/internal/source"
	"github.com/batchkit/batchkit-go/validate"
)

// asked stands in for the judge: its one finding is the machine as it came, and the definitions that are known of the
// names leader, ${Leader}, ${Leader.JobDefinitionArn} and ${Other}.
func asked(machine []byte, definition func(string) (*batch.RegisterJobDefinitionInput, []string)) validate.Findings {
	var known []string
	for _, name := range []string{"leader", "${Leader}", "${Leader.JobDefinitionArn}", "${Other}"} {
		if def, unknown := definition(name); def != nil {
			known = append(known, name+" is "+aws.ToString(def.JobDefinitionName)+fmt.Sprint(unknown))
		}
	}
	return validate.Findings{{Rule: "R", Path: "States.A.Parameters.jobName", Message: string(machine) + strings.Join(known, ", ")}}
}

// TestMachines compares the state machines that are found in a text, with the definitions beside them.
func TestMachines(t *testing.T) {
	t.Parallel()
	const known = "leader is leader[], ${Leader} is leader[], ${Leader.JobDefinitionArn} is leader[]"
	template := func(machine string) string {
		return `{"Resources": {"Leader": {"Type": "AWS::Batch::JobDefinition", "Properties": {"JobDefinitionName": "leader", "Type": "container", "ContainerProperties": {"Image": "a",
"ResourceRequirements": [{"Type": "VCPU", "Value": "1"}, {"Type": "MEMORY", "Value": "512"}]}}},
"M": {"Type": "AWS::StepFunctions::StateMachine", "Properties": ` + machine + `}}}`
	}
	tests := []struct {
		name, reason, text string
		options            source.Options
		want               []string
	}{
		{name: "alone", reason: "its places are its own", text: "{\"StartAt\": \"A\",\n\"States\": {\"A\": {\"Parameters\": {\"JobName\":1}}}}",
			want: []string{`asl  2:33 {"StartAt":"A","States":{"A":{"Parameters":{"JobName":1}}}}`}},
		{name: "object", reason: "a reference is a text", text: template(`{"Definition":
{"States": {"A": {"Parameters": {"JobName": {"Ref": "B"}, "Size": 1, "All": [true, {"Fn::Sub": "x${Y}"}]}}}}}`),
			want: []string{`cloudformation M 4:34 {"States":{"A":{"Parameters":{"JobName":"${B}","Size":1,"All":[true,"x${Y}"]}}}}` + known}},
		{name: "substitutions", reason: "they are filled in", text: template(`{"DefinitionSubstitutions": {"D": {"Ref": "Leader"}, "E": {"Fn::GetAtt": ["Leader", "JobDefinitionArn"]}, "N": 2},
"Definition": {"States": {"A": ["${D}", "${E}", "${F}-${N}"]}}}`),
			want: []string{`cloudformation M 4:27 {"States":{"A":["${Leader}","${Leader.JobDefinitionArn}","${F}-2"]}}` + known}},
		{name: "text", reason: "as CDK writes it", text: template(`{
"DefinitionString": {"Fn::Join": ["", ["{\"States\":{\"A\":\"", {"Ref": "Leader"}, "\",\"B\":\"", {"Fn::Select": [0, []]}, "\"}}"]]}}`),
			want: []string{`cloudformation M 4:21 {"States":{"A":"${Leader}","B":"${?}"}}` + known}},
		{name: "sub", reason: "as people write it", text: template(`{
"DefinitionString": {"Fn::Sub": ["{\"States\":\"${A} ${B}\"}", {"A": {"Ref": "C"}}]}}`),
			want: []string{`cloudformation M 4:21 {"States":"${C} ${B}"}` + known}},
		{name: "number", reason: "one that is not known is an expression like any other", text: template(`{"DefinitionString": {"Fn::Sub": "{\"A\": \"\\\"${B}\", \"Seconds\": ${N}}"}}`),
			want: []string{`cloudformation M 3:86 {"A": "\"${B}", "Seconds": "${N}"}` + known}},
		{name: "no text yet", reason: "a machine that is put together of unknown parts", text: template(`{"DefinitionString": {"Fn::Sub": "{\"States\": {${A}}}"}}`)},
		{name: "elsewhere", reason: "a file that is not there cannot be judged", text: template(`{"DefinitionS3Location": {"Bucket": "a"}}`)},
		{name: "no definition", reason: "a template of machines is no template of nothing",
			text: `{"Resources": {"M": {"Type": "AWS::Serverless::StateMachine", "Properties": {"Definition": {"States": {}}}}}}`,
			want: []string{`cloudformation M 1:93 {"States":{}}`}},
		{name: "function", reason: "what it gives is not known", text: template(`{"Definition": {"Fn::If": ["A", {}, {}]}}`)},
		{name: "terraform", reason: "a plan of Terraform has machines as texts, in modules too, and not all of them yet", text: `{"format_version": "1.2", "planned_values": {"root_module": {
"resources": [{"address": "a.leader", "mode": "managed", "type": "aws_batch_job_definition", "values": {"name": "leader", "type": "container", "container_properties":
"{\"image\":\"a\",\"resourceRequirements\":[{\"type\":\"VCPU\",\"value\":\"1\"},{\"type\":\"MEMORY\",\"value\":\"512\"}]}"}},
{"address": "a.later", "mode": "managed", "type": "aws_sfn_state_machine", "values": {}}, {"address": "a.data", "mode": "data", "type": "aws_sfn_state_machine", "values": {"definition": "{}"}}],
"child_modules": [{"resources": [{"address": "module.m.a.now", "mode": "managed", "type": "aws_sfn_state_machine", "values": {"definition": "{\"States\":{}}"}}]}]}}}`,
			want: []string{`terraform module.m.a.now 5:141 {"States":{}}leader is leader[]`}},
		{name: "only machines", reason: "a plan without definitions is no plan of nothing", text: `{"format_version": "1.2", "values": {"root_module": {"resources": [
{"address": "a.b", "mode": "managed", "type": "aws_sfn_state_machine", "values": {"definition": "{\"States\":{}}"}}]}}}`,
			want: []string{`terraform a.b 2:97 {"States":{}}`}},
		{name: "cut out", reason: "a resource without its template", text: `{"Type": "AWS::StepFunctions::StateMachine", "Properties": {"DefinitionString": "{}"}}`,
			want: []string{"cloudformation  1:81 {}"}},
		{name: "disabled", reason: "a rule can be left out", text: `{"StartAt": "A", "States": {}}`, options: source.Options{Rules: source.Rules{Disable: []string{"R"}}}},
	}
	for _, tt := range tests {
		mustSay(t, tt.name, tt.reason)
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := tt.options
			o.Analyse, o.Stdin = asked, strings.NewReader(tt.text)
			results, err := source.Run(t.Context(), []string{source.Stdin}, o)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, r := range results {
				if r.Err != nil {
					t.Errorf("%s: %v", tt.reason, r.Err)
				}
				for _, f := range r.Findings {
					got = append(got, fmt.Sprintf("%s %s %s %s", r.Kind, r.Resource, placeText(f.Line, f.Column), f.Message))
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s: -want +got\n%s", tt.reason, diff)
			}
		})
	}
}
