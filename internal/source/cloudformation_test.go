package source_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/internal/source"
)

// TestTemplate compares what is made of the properties of a resource with the request that CloudFormation would send.
func TestTemplate(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, reason, properties, want string
		wantUnknown                    []string
	}{
		{
			name: "types", reason: "CloudFormation turns scalars into each other",
			properties: `{JobDefinitionName: 1, Type: Container, PropagateTags: "TRUE", SchedulingPriority: "5", Timeout: {AttemptDurationSeconds: " 60 "},
				ContainerProperties: {Privileged: off, ReadonlyRootFilesystem: "no", Command: [1.0, true]}}`,
			want: `{"jobDefinitionName":"1","type":"container","propagateTags":true,"schedulingPriority":5,"timeout":{"attemptDurationSeconds":60},
				"containerProperties":{"privileged":false,"command":["1.0","true"]}}`,
		},
		{
			name: "names", reason: "the keys of maps are the author's",
			properties: `{JobDefinitionName: a, Type: container, Parameters: {Big: B, small: s}, EksProperties: {PodProperties: {Metadata: {Labels: {App: x}, Annotations: {A.b/c: y}},
				Containers: [{Resources: {Limits: {cpu: 1, Memory: 2Mi}}}]}}, EcsProperties: {TaskProperties: [{Volumes: [{S3FilesVolumeConfiguration: {FileSystemArn: z}}]}]}}`,
			want: `{"jobDefinitionName":"a","type":"container","parameters":{"Big":"B","small":"s"},"eksProperties":{"podProperties":{"metadata":{"labels":{"App":"x"},"annotations":{"A.b/c":"y"}},
				"containers":[{"resources":{"limits":{"cpu":"1","Memory":"2Mi"}}}]}},"ecsProperties":{"taskProperties":[{"volumes":[{"s3filesVolumeConfiguration":{"fileSystemArn":"z"}}]}]}}`,
		},
		{
			name: "enums", reason: "the schema of the resource takes them in any case",
			properties: `{JobDefinitionName: a, Type: CONTAINER, PlatformCapabilities: [ec2], ContainerProperties: {ResourceRequirements: [{Type: vcpu, Value: other}]}}`,
			want: `{"jobDefinitionName":"a","type":"container","platformCapabilities":["EC2"],
				"containerProperties":{"resourceRequirements":[{"type":"VCPU","value":"other"}]}}`,
		},
		{
			name: "what does not travel", reason: "CloudFormation keeps what is its own, and drops empty strategies",
			properties: `{JobDefinitionName: a, Type: container, ResourceRetentionPolicy: {SkipDeregisterOnUpdate: true}, RetryStrategy: {}, Timeout: {}, Tags: {A: !Ref AWS::NoValue, B: b}}`,
			want:       `{"jobDefinitionName":"a","type":"container","tags":{"B":"b"}}`,
		},
		{
			name: "functions", reason: "what they give is not known, except for a text with nothing to fill in",
			properties: `{JobDefinitionName: !Sub plain, Type: !Sub "${T}", Parameters: !Ref P, Tags: {Fn::If: [A, {}, {}]}, PlatformCapabilities: [!Ref A],
				ContainerProperties: {Image: "${not}", Vcpus: !Ref V, Privileged: !Condition C, Ulimits: [!If [A, {}, !Ref AWS::NoValue]], LogConfiguration: {Fn::Transform: {}, LogDriver: x},
				MountPoints: !If [A, [], []]}}`,
			want: `{"jobDefinitionName":"plain","platformCapabilities":[""],"containerProperties":{"ulimits":[{}]}}`,
			wantUnknown: []string{
				"type", "parameters", "tags", "platformCapabilities[0]", "containerProperties.image", "containerProperties.vcpus", "containerProperties.privileged",
				"containerProperties.ulimits[0]", "containerProperties.logConfiguration", "containerProperties.mountPoints",
			},
		},
		{
			name: "nothing known", reason: "then nothing is judged",
			properties: `!If [A, {}, {}]`, want: `{}`, wantUnknown: []string{""},
		},
	}
	for _, tt := range tests {
		mustSay(t, tt.name, tt.reason)
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			text := "Resources: {R: {Type: 'AWS::Batch::JobDefinition', Properties: " + tt.properties + "}}"
			docs, err := source.Read("x.yaml", []byte(text), "")
			if err != nil || len(docs) != 1 {
				t.Fatalf("%d documents, %v", len(docs), err)
			}
			got, err := batchjson.Marshal(docs[0].Definition)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(canonical(t, tt.want), canonical(t, string(got))); diff != "" {
				t.Errorf("%s: request (-want +got):\n%s", tt.reason, diff)
			}
			if diff := cmp.Diff(tt.wantUnknown, docs[0].Unknown); diff != "" {
				t.Errorf("%s: unknown paths (-want +got):\n%s", tt.reason, diff)
			}
		})
	}
}
