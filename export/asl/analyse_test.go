package asl_test

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/export/asl"
	"github.com/batchkit/batchkit-go/validate"
)

func TestAnalyse(t *testing.T) {
	t.Parallel()
	definitions := []*batch.RegisterJobDefinitionInput{single.Input(), multi.Input(), pod.Input(), nodes.Input()}
	type found struct {
		Rule, Severity, Path string
	}
	task := func(resource, more string) string {
		return `{"StartAt":"Run","States":{"Run":{"Type":"Task","Resource":"arn:aws:states:::` + resource + `",` + more + `,"End":true}}}`
	}
	request := func(definition, more string) string {
		return `"Parameters":{"JobName":"a","JobQueue":"q","JobDefinition":"` + definition + `"` + more + `}`
	}
	for _, test := range []struct {
		name, reason, machine string
		want                  []found
	}{
		{"single", "what works is not flagged", task("batch:submitJob.sync", request("single", `,"Tags":{"a":"b"}`)), nil},
		{"trap", "several containers", task("batch:submitJob.sync", request("multi", "")), []found{{"OVR001", "error", "States.Run.Resource"}}},
		{"trap by arn", "the definition is found by its ARN", task("batch:submitJob.sync", request("arn:aws:batch:eu-west-1:123456789012:job-definition/multi:3", "")),
			[]found{{"OVR001", "error", "States.Run.Resource"}}},
		{"strange names", "a name that no path takes as it is stands in quotes, whole", task("batch:submitJob", request("single", `,"":1,"é":2`)), []found{
			{asl.NotTaken, "error", `States.Run.Parameters[""]`}, {asl.NotTaken, "error", `States.Run.Parameters["é"]`},
			{asl.BadMember, "error", `States.Run.Parameters[""]`}, {asl.BadMember, "error", `States.Run.Parameters["é"]`}}},
		{"pod", "a pod", task("batch:submitJob.sync", request("pod", "")), []found{{"OVR002", "error", "States.Run.Resource"}}},
		{"nodes", "several nodes", task("batch:submitJob.sync", request("nodes", "")), []found{{"OVR003", "error", "States.Run.Resource"}}},
		{"not sync", "a job that nobody waits for gets no overrides", task("batch:submitJob", request("multi", "")), nil},
		{"sdk", "the SDK integration sends what it is given", task("aws-sdk:batch:submitJob", request("multi", "")), nil},
		{"token", "a callback is not .sync", task("batch:submitJob.waitForTaskToken", request("multi", "")), nil},
		{"by its override", "a definition that is not known, but its overrides say what it is",
			task("batch:submitJob.sync", request("unknown", `,"EcsPropertiesOverride":{"TaskProperties":[{"Containers":[{"Name":"app"}]}]}`)),
			[]found{{asl.NotTaken, "error", "States.Run.Parameters.EcsPropertiesOverride"}, {"OVR001", "error", "States.Run.Resource"}}},
		{"unknown definition", "nothing is guessed", task("batch:submitJob.sync", request("unknown", "")), nil},
		{"expressions", "what is an expression is not judged",
			task("batch:submitJob.sync", `"Parameters":{"JobName.$":"$.name","JobQueue":"q","JobDefinition.$":"$.def","ContainerOverrides":{"Command.$":"$.command"}}`), nil},
		{"filled in", "what a deployment fills in is not judged",
			task("batch:submitJob.sync", `"Parameters":{"JobName":"a","JobQueue":"#{Queue}","JobDefinition":"${Definition}","ContainerOverrides":{"Environment":[{"Name":"A","Value":"${B}"}]}}`), nil},
		{"filled in partly", "a name is known though the account is not", task("batch:submitJob.sync", request("arn:aws:batch:${Region}:${Account}:job-definition/multi:3", "")),
			[]found{{"OVR001", "error", "States.Run.Resource"}}},
		{"number for a text", "AWS' own example has one", task("batch:submitJob.sync", request("single", `,"Parameters":{"Key2":100},"Tags":{"a":1}`)),
			[]found{{asl.BadMember, "warning", "States.Run.Parameters.parameters.Key2"}, {asl.BadMember, "error", "States.Run.Parameters.tags.a"}}},
		{"spelling", "the API's own spelling", task("aws-sdk:batch:submitJob", request("multi", `,"retryStrategy":{"attempts":2}`)),
			[]found{{asl.BadMember, "error", "States.Run.Parameters.RetryStrategy"}}},
		{"rules", "what AWS Batch would refuse", task("aws-sdk:batch:submitJob", request("multi", `,"ArrayProperties":{"Size":1}`)),
			[]found{{"ARR001", "error", "States.Run.Parameters.arrayProperties.size"}}},
		{"retried", "an outcome that is not known", task("batch:submitJob.sync", request("single", "")+`,"Retry":[{"ErrorEquals":["Batch.ServerException"]}]`),
			[]found{{asl.RetriedSubmission, "warning", "States.Run.Retry[0]"}}},
		{"retried whatever it was", "the outcome may be unknown then too", task("aws-sdk:batch:submitJob", request("multi", "")+`,"Retry":[{"ErrorEquals":["Batch.BatchException"]},{"ErrorEquals":["States.ALL"]}]`),
			[]found{{asl.RetriedSubmission, "warning", "States.Run.Retry[1]"}}},
		{"retried job", "a job that failed is run again", task("batch:submitJob.sync", request("single", "")+`,"Retry":[{"ErrorEquals":["States.ALL"]}]`), nil},
		{"other task", "a task that submits nothing", task("lambda:invoke", `"Parameters":{"FunctionName":"f"}`), nil},
		{"jsonata", "the other language, and all of it an expression", `{"QueryLanguage":"JSONata","StartAt":"Run","States":{
			"Run":{"Type":"Task","Resource":"arn:aws:states:::batch:submitJob.sync","Arguments":{"JobName":"{% $n %}","JobQueue":"q","JobDefinition":"multi"},"Next":"All"},
			"All":{"Type":"Task","Resource":"arn:aws:states:::batch:submitJob.sync","Arguments":"{% $states.input %}","End":true}}}`,
			[]found{{"OVR001", "error", "States.Run.Resource"}}},
		{"nested", "in branches and items, and in a state of another language", `{"StartAt":"P","States":{"P":{"Type":"Parallel","Next":"M","Branches":[{"StartAt":"A","States":{
			"A":{"Type":"Task","QueryLanguage":"JSONata","Resource":"arn:aws-cn:states:::batch:submitJob.sync","Arguments":{"JobName":"a","JobQueue":"q","JobDefinition":"multi"},"End":true}}}]},
			"M":{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"B","States":{
			"B":{"Type":"Task","Resource":"arn:aws:states:::batch:submitJob.sync","Parameters":{"JobName":"a","JobQueue":"q","JobDefinition":"pod"},"End":true}}}}}}`,
			[]found{{"OVR002", "error", "States.M.ItemProcessor.States.B.Resource"}, {"OVR001", "error", "States.P.Branches[0].States.A.Resource"}}},
		{"no json", "text", "hello", []found{{asl.NotASL, "error", ""}}},
		{"no machine", "some other JSON", `{"jobName":"a"}`, []found{{asl.NotASL, "error", ""}}},
		{"no state", "a state that is a number", `{"States":{"a":1}}`, []found{{asl.NotASL, "error", "States.a"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got []found
			for _, f := range asl.Analyse([]byte(test.machine), definitions...) {
				got = append(got, found{f.Rule, f.Severity.String(), f.Path})
				if f.Message == "" || f.Source == "" {
					t.Errorf("a message and a source: %+v", f)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s: -want +got\n%s", test.reason, diff)
			}
		})
	}
}

// Rules are silent about what is not known of a definition, and the trap is found all the same.
func TestAnalyseFunc(t *testing.T) {
	t.Parallel()
	const machine = `{"States":{"Run":{"Type":"Task","Resource":"arn:aws:states:::%s","Parameters":{
		"JobName":"a","JobQueue":"q","JobDefinition":"%s","EcsPropertiesOverride":{"TaskProperties":[{"Containers":[{"Name":"other"}]}]}}}}}`
	definition := func(name string) (*batch.RegisterJobDefinitionInput, []string) {
		switch name {
		case "${Leader}":
			return multi.Input(), []string{"ecsProperties.taskProperties[0].containers[0].name", "ecsProperties.taskProperties[0].containers[1].name"}
		case "multi", "${AWS::Stack}-a":
			return multi.Input(), nil
		}
		return nil, nil
	}
	for _, test := range []struct {
		name, reason, integration, definition string
		want                                  []string
	}{
		{"known", "there is no container of that name", "aws-sdk:batch:submitJob", "multi:2", []string{"OVR014"}},
		{"not known", "there may be one", "aws-sdk:batch:submitJob", "${Leader}", []string{}},
		{"colons", "a name that is filled in may have colons of its own", "aws-sdk:batch:submitJob", "arn:x:job-definition/${AWS::Stack}-a:3", []string{"OVR014"}},
		{"trap", "several containers, whatever their names", "batch:submitJob.sync", "${Leader}", []string{asl.NotTaken, "OVR001"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := asl.AnalyseFunc(fmt.Appendf(nil, machine, test.integration, test.definition), definition).Rules()
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s: -want +got\n%s", test.reason, diff)
			}
		})
	}
}

// Every id of this package has one rule, none of which package validate has.
func TestRules(t *testing.T) {
	t.Parallel()
	ids := map[string]bool{}
	for _, r := range asl.Rules() {
		if _, taken := validate.Lookup(r.ID); taken || ids[r.ID] || r.Title == "" || r.Source == "" {
			t.Errorf("%+v", r)
		}
		ids[r.ID] = true
	}
	for _, id := range []string{
		asl.Condition, asl.GateInUnit, asl.TooManyTags, asl.TooLarge, asl.EmptyPlan, asl.UnknownStep, asl.StrongerOrder, asl.BadName,
		asl.Evaluated, asl.NotASL, asl.NotTaken, asl.BadMember, asl.RetriedSubmission,
	} {
		if !ids[id] {
			t.Errorf("%s is no rule", id)
		}
	}
}

// What is exported is never flagged.
func TestAnalyseExported(t *testing.T) {
	t.Parallel()
	for _, test := range runs() {
		for _, language := range languages {
			t.Run(test.name+"/"+string(language), func(t *testing.T) {
				t.Parallel()
				opts := test.opts
				opts.Language = language
				plan, m := export(t, test.workflow, opts)
				if got := asl.Analyse([]byte(m.JSON()), plan.Definitions...); len(got) > 0 {
					t.Errorf("%s: %v", test.reason, got)
				}
			})
		}
	}
}

// A document of any kind is judged without a panic, and the same each time.
func FuzzAnalyse(f *testing.F) {
	f.Add(`{"States":{"a":{"Type":"Task","Resource":"arn:aws:states:::batch:submitJob.sync","Parameters":{"JobName":null,"Tags":{"":[]}}}}}`)
	f.Add(`{"QueryLanguage":"JSONata","States":{"a":{"Type":"Task","Resource":":states:::batch:submitJob","Arguments":{"DependsOn":["{%%}"]}}}}`)
	f.Fuzz(func(t *testing.T, document string) {
		first := asl.Analyse([]byte(document), multi.Input())
		if diff := cmp.Diff(first, asl.Analyse([]byte(document), multi.Input())); diff != "" {
			t.Error(diff)
		}
		if first.Err() != nil && len(first.Errors()) == 0 {
			t.Error("an error without a finding")
		}
		var _ validate.Findings = first
	})
}
