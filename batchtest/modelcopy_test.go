package batchtest_test

import (
	"encoding/json"
	"flag"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write testdata/model.json anew, from the model that BATCHKIT_MODEL names")

// modelFile is the service model in the form in which AWS publishes it.
type modelFile struct {
	Metadata   struct{ UID string }
	Operations map[string]struct {
		HTTP   struct{ Method, RequestURI string }
		Output struct{ Shape string }
		Errors []struct{ Shape string }
	}
	Shapes map[string]struct {
		Type           string
		Members        map[string]struct{ Shape string }
		Required, Enum []string
		Member, Value  struct{ Shape string }
		Error          struct{ HTTPStatusCode int }
	}
}

// leftOut are the words in the names of operations that are not implemented.
var leftOut = []string{"QuotaShare", "ServiceEnvironment", "ServiceJob"}

// answers returns what the tests need of the model: the answers of the
// operations that are implemented, without documentation.
func (f *modelFile) answers() *apiModel {
	m := &apiModel{
		Source:     "AWS Batch service model " + f.Metadata.UID + " (service-2.json, as in botocore, Apache License 2.0), reduced to the answers of what batchtest implements",
		Operations: map[string]apiOperation{}, Shapes: map[string]apiShape{},
	}
	for name, op := range f.Operations {
		if slices.ContainsFunc(leftOut, func(word string) bool { return strings.Contains(name, word) }) {
			continue
		}
		out := apiOperation{Method: op.HTTP.Method, URI: op.HTTP.RequestURI, Output: op.Output.Shape}
		for _, e := range op.Errors {
			out.Errors = append(out.Errors, e.Shape)
			f.reach(m, e.Shape)
		}
		m.Operations[name] = out
		f.reach(m, op.Output.Shape)
	}
	return m
}

// reach copies a shape and all it is made of.
func (f *modelFile) reach(m *apiModel, name string) {
	if _, done := m.Shapes[name]; done || name == "" {
		return
	}
	from := f.Shapes[name]
	s := apiShape{Type: from.Type, Required: from.Required, Enum: from.Enum, Member: from.Member.Shape, Value: from.Value.Shape, Status: from.Error.HTTPStatusCode}
	if len(from.Members) > 0 {
		s.Members = map[string]string{}
	}
	m.Shapes[name] = s
	for _, member := range slices.Sorted(maps.Keys(from.Members)) {
		s.Members[member] = from.Members[member].Shape
		f.reach(m, s.Members[member])
	}
	f.reach(m, s.Member)
	f.reach(m, s.Value)
}

func TestModelCopy(t *testing.T) {
	t.Parallel()
	path := os.Getenv("BATCHKIT_MODEL")
	if path == "" {
		t.Skip("BATCHKIT_MODEL does not name the service model (service-2.json): the copy in testdata is not compared with it")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var f modelFile
	if err := json.Unmarshal(data, &f); err != nil {
		t.Fatal(err)
	}
	want := f.answers()
	if *update {
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("testdata/model.json", append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := loadModel()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("testdata/model.json is not what the model says; run with -update (-want +got):\n%s", diff)
	}
}

func TestModelChecks(t *testing.T) {
	t.Parallel()
	m, err := loadModel()
	if err != nil {
		t.Fatal(err)
	}
	const ok = 200
	type row struct {
		name, reason, operation string
		status                  int
		code, body              string
		want                    []string
	}
	rows := []row{
		{"good", "as the service answers", "SubmitJob", ok, "", `{"jobId":"i","jobName":"n"}`, nil},
		{"required", "jobId must be there", "SubmitJob", ok, "", `{"jobName":"n"}`, []string{": jobId is required"}},
		{"null", "that is not there", "SubmitJob", ok, "", `{"jobName":"n","jobId":null}`, []string{": jobId is required", "jobId: must be a string, found <nil>"}},
		{"member", "there is no such", "CancelJob", ok, "", `{"x":1}`, []string{": x is no member of CancelJobResponse"}},
		{"type", "names are strings", "SubmitJob", ok, "", `{"jobId":1,"jobName":"n"}`, []string{"jobId: must be a string, found json.Number"}},
		{"enum", "one of the statuses", "DescribeJobs", ok, "", `{"jobs":[{"jobName":"n","jobId":"i","jobQueue":"q","jobDefinition":"d","startedAt":1,"status":"IDLE"}]}`,
			[]string{`jobs[0].status: "IDLE" is not one of [SUBMITTED PENDING RUNNABLE STARTING RUNNING SUCCEEDED FAILED]`}},
		{"whole number", "times are milliseconds", "GetJobQueueSnapshot", ok, "", `{"frontOfQueue":{"lastUpdatedAt":1.5}}`, []string{"frontOfQueue.lastUpdatedAt: 1.5 is no whole number"}},
		{"list", "jobs are a list", "DescribeJobs", ok, "", `{"jobs":{}}`, []string{"jobs: must be a list, found map[string]interface {}"}},
		{"map", "tags are texts", "ListTagsForResource", ok, "", `{"tags":{"k":true}}`, []string{"tags.k: must be a string, found bool"}},
		{"boolean", "it is true or false", "DescribeJobDefinitions", ok, "", `{"jobDefinitions":[{"jobDefinitionName":"n","jobDefinitionArn":"a","revision":1,"type":"container","propagateTags":"x"}]}`,
			[]string{"jobDefinitions[0].propagateTags: must be a boolean, found string"}},
		{"no object", "answers are objects", "CancelJob", ok, "", `[]`, []string{": must be a structure, found []interface {}"}},
		{"error", "the service has it", "CancelJob", 400, "ClientException", `{"message":"no"}`, nil},
		{"made-up error", "the service has it not", "CancelJob", 400, "OopsException", `{}`, []string{`error "OopsException" is not one of [ClientException ServerException]`}},
		{"silent error", "nobody knows why", "CancelJob", 400, "ClientException", `{}`, []string{"ClientException must have a message and nothing else"}},
		{"member of an error", "there is no such", "CancelJob", 500, "ServerException", `{"message":"no","x":1}`,
			[]string{": x is no member of ServerException", "ServerException must have a message and nothing else"}},
		{"status of an error", "it is the model's", "CancelJob", 500, "ClientException", `{"message":"no"}`, []string{"ClientException has the status 500, want 400"}},
		{"error of the protocol", "what stands before the service has its own", "CancelJob", 413, "RequestEntityTooLargeException", `{"message":"no"}`, nil},
		{"status of the protocol", "throttling is 429", "CancelJob", 400, "TooManyRequestsException", `{"message":"no"}`, []string{"TooManyRequestsException has the status 400, want 429"}},
		{"error text", "errors are JSON as well", "CancelJob", 400, "ClientException", `no`, []string{"invalid character 'o' in literal null (expecting 'u')"}},
		{"type of no error", "clients go by the header", "CancelJob", ok, "ClientException", `{}`, []string{`the error type is "ClientException", and there is no error`}},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		if diff := cmp.Diff(r.want, m.checkAnswer(r.operation, r.status, r.code, []byte(r.body))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", r.reason, diff)
		}
	})
	for uri, want := range map[string]string{"/v1/submitjob": "SubmitJob", "/v1/tags/arn:aws:batch:x": "TagResource"} {
		if name, _ := m.operation("POST", uri); name != want {
			t.Errorf("POST %s is %q, want %s", uri, name, want)
		}
	}
}
