package source_test

import (
	"errors"
	"testing"

	"github.com/batchkit/batchkit-go/internal/source"
	"github.com/batchkit/batchkit-go/internal/tree"
)

// check reads a text and holds Read to what it promises: errors are typed and
// have a message, documents can be judged, places are in the file.
func check(t *testing.T, name string, data []byte, kind source.Kind) {
	docs, err := source.Read(name, data, kind)
	var typed *tree.Error
	if err != nil && (!errors.As(err, &typed) || typed.Message == "" || typed.Path != name) {
		t.Fatalf("error of another type, or without a message: %v", err)
	}
	if err == nil && len(docs) == 0 {
		t.Fatal("neither an error nor a document")
	}
	for _, d := range docs {
		if (d.Definition == nil) == (d.Submission == nil) {
			t.Fatal("want either a definition or a submission")
		}
		for _, f := range d.Judge(source.Rules{Strict: true}) {
			if f.Rule == "" || f.Message == "" || f.Severity == 0 || f.Line < 1 || f.Column < 1 {
				t.Fatalf("unfinished finding %+v", f)
			}
		}
	}
}

var inputs = []string{
	definition,
	`{"jobName": "a", "jobQueue": "q", "jobDefinition": "d", "containerOverrides": {"environment": [{"name": "A", "value": "${B}"}]}}`,
	`{"JobDefinitionName": 1, "containerProperties": [null], "tags": {"a.b": null, "": "x"}, "timeout": 1e400}`,
}

func FuzzReadJSON(f *testing.F) {
	for _, text := range append(inputs, `{"a": "\ud800"}`, `[[[[`, `{"type": "x", "type": "y"}`) {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		check(t, "x.json", data, "")
		check(t, "x.json", data, source.JobDefinition)
		check(t, "x.json", data, source.SubmitJob)
	})
}

func FuzzReadYAML(f *testing.F) {
	for _, text := range append(inputs, "a: &a [*a]", "<<: [{a: b}]\n? x\n: !!str 1\n---\nb: |\n  c\n", "type: container\ncontainerProperties: &x {image: .inf}\n") {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		check(t, "x.yaml", data, "")
		check(t, "x.yaml", data, source.JobDefinition)
	})
}

func FuzzReadTemplate(f *testing.F) {
	for _, text := range []string{
		"Resources:\n  A:\n    Type: AWS::Batch::JobDefinition\n    Properties:\n      Type: !Ref T\n      ContainerProperties: {Image: !Sub x, Privileged: yes, Command: [!If [a, b, !Ref 'AWS::NoValue']]}\n",
		`{"Resources": {"A": {"Type": "AWS::Batch::JobDefinition", "Properties": {"Fn::If": []}}}}`,
		`{"Resources": {"A": {"Type": "AWS::Batch::JobDefinition", "Properties": {"Type": null, "type": 1, "EksProperties": {"PodProperties": {"Containers": [{"Resources": {"Limits": {"cpu": 1}}}]}}}}}}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) { check(t, "x.template", data, source.CloudFormation) })
}

func FuzzReadTerraform(f *testing.F) {
	for _, text := range []string{
		`{"planned_values": {"root_module": {"resources": [{"address": "a", "type": "aws_batch_job_definition", "values": {"name": "a", "container_properties": "{\"image\": 1}",
		  "eks_properties": [{"pod_properties": [null]}], "retry_strategy": [{"attempts": 0}]}}]}},
		  "resource_changes": [{"address": "a", "change": {"after_unknown": {"type": true, "timeout": [true], "tags": {"a": true}}}}]}`,
		`{"values": {"root_module": {"child_modules": [{"resources": [{"address": "a", "type": "aws_batch_job_definition", "values": {"node_properties": "{"}}]}]}}}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) { check(t, "x.json", data, source.Terraform) })
}
