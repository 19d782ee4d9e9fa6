package source_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/internal/source"
	"github.com/batchkit/batchkit-go/internal/tree"
)

// size is what a container needs so that nothing but the matter of a test is found.
const size = `resourceRequirements: [{type: VCPU, value: "1"}, {type: MEMORY, value: "512"}]`

// findingsIn reads a text and returns its findings as "line:column path rule".
func findingsIn(t *testing.T, name, text string, kind source.Kind) []string {
	t.Helper()
	docs, err := source.Read(name, []byte(text), kind)
	if err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, d := range docs {
		for _, f := range d.Judge(source.Rules{}) {
			out = append(out, strings.Join([]string{placeText(f.Line, f.Column), f.Path, f.Rule}, " "))
		}
	}
	return out
}

func TestYAML(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, reason, text string
		want               []string
	}{
		{
			name: "wrong types", reason: "a plain scalar is not made a string; a quoted one is not made a number",
			text: "jobDefinitionName: 1\ntype: container\nschedulingPriority: '5'\npropagateTags: yes\n" +
				"containerProperties:\n  image: busybox:1\n  privileged: true\n  " + size,
			want: []string{"1:1 jobDefinitionName JD021", "3:1 schedulingPriority JD021", "4:1 propagateTags JD021"},
		},
		{
			name: "anchors and merge keys", reason: "what is shared is judged where it is used; own members win over merged ones",
			text: "jobDefinitionName: a\ntype: container\nx: &base\n  image: busybox:1\n  " + size +
				"\ncontainerProperties:\n  <<: *base\n  image: ''\n",
			want: []string{"3:1 x JD021", "8:3 containerProperties.image CP001"},
		},
		{
			name: "merge of a list", reason: "the first object of the list wins",
			text: "jobDefinitionName: a\ntype: container\ncontainerProperties:\n  <<: [{image: 'busybox:1'}, {image: '', " + size + "}]\n",
			want: []string{},
		},
		{
			name: "block scalars", reason: "they are strings, whatever they hold",
			text: "jobDefinitionName: |-\n  123\ntype: >-\n  container\ncontainerProperties:\n  image: !!str 1\n  " + size,
			want: []string{},
		},
		{
			name: "columns", reason: "they count code points, not bytes",
			text: "jobDefinitionName: a\ntype: container\ncontainerProperties: {user: 'é', image: '', " + size + "}\n",
			want: []string{"3:23 containerProperties.user CP010", "3:34 containerProperties.image CP001"},
		},
		{
			name: "an intrinsic outside of a template", reason: "it is no value of the API",
			text: "jobDefinitionName: !Ref Name\ntype: container\ncontainerProperties:\n  image: busybox:1\n  " + size,
			want: []string{"1:1 jobDefinitionName JD021"},
		},
		{
			name: "placeholders", reason: "a gap that something fills in before the call is not judged; text for a shell is no gap",
			text: "jobDefinitionName: ${NAME}\ntype: container\nplatformCapabilities: ['${PLATFORM}']\nretryStrategy: {attempts: 11}\n" +
				"containerProperties:\n  image: ${IMAGE}\n  command: [sh, -c, 'echo ${HOME}']\n  " +
				`resourceRequirements: [{type: VCPU, value: "${CPU}"}, {type: MEMORY, value: "512"}]`,
			want: []string{"4:17 retryStrategy.attempts RTY001"},
		},
	}
	for _, tt := range tests {
		mustSay(t, tt.name, tt.reason)
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, findingsIn(t, "x.yaml", tt.text, source.JobDefinition)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.reason, diff)
			}
		})
	}
}

func TestReadErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, reason, file, text, want string
	}{
		{"half a surrogate pair", "it cannot be kept without loss", "x.json", `{"jobDefinitionName": "\ud800"}`, "x.json:1:2: the string is not valid Unicode"},
		{"duplicate in a map", "there is no telling which one is meant", "x.json", `{"type": "container", "tags": {"a": "1", "a": "2"}}`, `x.json:1:42: the member "a" occurs twice in its object, first at line 1, column 32; keep one`},
		{"long aliases", "a few lines cannot stand for gigabytes", "x.yaml", "jobDefinitionName: a\ntags: {a: &a \"" + strings.Repeat("x", 500_000) + "\", b: " + "[" + strings.Repeat("*a,", 100) + "*a]}", "x.yaml:1:1: too large once its aliases are filled in"},
	}
	for _, tt := range tests {
		mustSay(t, tt.name, tt.reason)
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := source.Read(tt.file, []byte(tt.text), "")
			var typed *tree.Error
			if !errors.As(err, &typed) {
				t.Fatalf("%s: want an *Error, got %v", tt.reason, err)
			}
			if diff := cmp.Diff(tt.want, err.Error()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.reason, diff)
			}
		})
	}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, reason, text string
		want               source.Kind
	}{
		{"definition", "it has a name and a payload", `{"jobDefinitionName": "a", "type": "container"}`, source.JobDefinition},
		{"definition with capitals", "a common slip, which is to be reported and not to be passed over", `{"JobDefinitionName": "a", "Type": "container", "ContainerProperties": {}}`, source.JobDefinition},
		{"definition of another language", "the same slip", `{"job_definition_name": "a", "type": "container", "container_properties": {}}`, source.JobDefinition},
		{"submission", "it has a queue", `{"jobName": "a", "jobQueue": "q", "jobDefinition": "d"}`, source.SubmitJob},
		{"submission without queue", "it is still no definition", `{"jobName": "a", "jobDefinition": "d", "type": "x"}`, source.SubmitJob},
		{"template", "resources are enough", `{"Resources": {"A": {"Type": "AWS::Batch::JobDefinition"}}}`, source.CloudFormation},
		{"resource", "a part of a template", `{"Type": "AWS::Batch::JobDefinition", "Properties": {}}`, source.CloudFormation},
		{"resources", "a larger part of a template, as the documents print it", `{"JobDefinition": {"Type": "AWS::Batch::JobDefinition", "Properties": {}}}`, source.CloudFormation},
		{"plan", "Terraform names its format", `{"format_version": "1.2", "planned_values": {"root_module": {"resources": [{"type": "aws_batch_job_definition"}]}}}`, source.Terraform},
		{"BOM", "editors on Windows write one", "\ufeff" + `{"jobName": "a", "jobQueue": "q"}`, source.SubmitJob},
	}
	for _, tt := range tests {
		mustSay(t, tt.name, tt.reason)
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			docs, err := source.Read("x", []byte(tt.text), "")
			if err != nil || len(docs) != 1 {
				t.Fatalf("%s: got %d documents, %v", tt.reason, len(docs), err)
			}
			if docs[0].Kind != tt.want {
				t.Errorf("%s: got %s, want %s", tt.reason, docs[0].Kind, tt.want)
			}
		})
	}
	for _, text := range []string{
		`{"type": "object"}`, `{"JobName": "glue"}`, `{"name": "x"}`, `{}`, `[]`, `"jobName"`, `{"jobs": {"build": {}}}`,
		`{"jobs": [{"jobId": "a", "jobName": "b", "jobQueue": "c"}]}`, `{"jobs": [{"job": "build", "steps": []}, "x"]}`, `{"jobs": []}`,
		`{"jobName": "a", "jobQueue": "b", "serviceJobType": "SAGEMAKER_TRAINING"}`,
		`{"JobDefinition": {"Type": "AWS::Batch::JobQueue"}}`,
	} {
		if docs, err := source.Read("x.json", []byte(text), ""); len(docs) > 0 || !errors.Is(err, source.ErrNothing) {
			t.Errorf("%s: got %d documents and %v, want ErrNothing", text, len(docs), err)
		}
	}
	for _, text := range []string{`{"name": "w", "jobs": []}`, `{"jobs": [{}, {"definition": "d"}]}`, `{"queue": "q", "jobs": [{"name": "a"}]}`} {
		if _, err := source.Read("x.json", []byte(text), ""); err == nil || errors.Is(err, source.ErrNothing) || !strings.Contains(err.Error(), "workflow file") {
			t.Errorf("%s: got %v, want to hear of a workflow file", text, err)
		}
	}
}

// The network mode of a task is known to the service and newer than the SDK.
func TestNewerMember(t *testing.T) {
	t.Parallel()
	text := "jobDefinitionName: a\ntype: container\nplatformCapabilities: [MANAGED_INSTANCES]\necsProperties:\n  taskProperties:\n" +
		"    - networkMode: host\n      containers: [{name: a, image: 'busybox:1', " + size + "}]\n"
	docs, err := source.Read("x.yaml", []byte(text), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range docs[0].Judge(source.Rules{}) {
		if f.Rule != "JD021" || f.Severity.String() != "warning" || f.Line != 6 {
			t.Errorf("got %d:%d %s %v, want nothing but a warning of JD021", f.Line, f.Column, f.Severity, f.Finding)
		}
	}
}

// What is read does not depend on what is unknown: elements keep their index, keys of maps stay.
func TestUnknown(t *testing.T) {
	t.Parallel()
	text := `
Resources:
  A:
    Type: AWS::Batch::JobDefinition
    Properties:
      Type: container
      Parameters: {Known: x, Open: !Ref P}
      ContainerProperties:
        Image: !Ref Image
        Command: [run, !Ref Argument, !Ref AWS::NoValue, Ref::Open]
        Memory: "512"
        Vcpus: !Ref Cpu
`
	docs, err := source.Read("x.yaml", []byte(text), "")
	if err != nil {
		t.Fatal(err)
	}
	d := docs[0]
	wantUnknown := []string{
		"parameters.Open", "containerProperties.image", "containerProperties.command[1]", "containerProperties.vcpus", "jobDefinitionName",
	}
	if diff := cmp.Diff(wantUnknown, d.Unknown); diff != "" {
		t.Errorf("unknown paths (-want +got):\n%s", diff)
	}
	got, err := batchjson.Marshal(d.Definition)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"type":"container","containerProperties":{"command":["run","","Ref::Open"],"memory":512},"parameters":{"Known":"x","Open":""}}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("input (-want +got):\n%s", diff)
	}
}
