package validate_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/validate"
)

// TestUnknownOfTemplates is about definitions as templates have them, with references to what is yet to be made.
func TestUnknownOfTemplates(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		input   string
		unknown []string
		want    []string
		reason  string
	}{
		{
			name: "roles and image", reason: "all that is missing comes from other resources of the template",
			input: `{"jobDefinitionName": "etl", "type": "container", "platformCapabilities": ["FARGATE"], "containerProperties": {
				"resourceRequirements": [{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "2048"}],
				"volumes": [{"name": "files", "efsVolumeConfiguration": {"transitEncryption": "ENABLED", "authorizationConfig": {"iam": "ENABLED"}}}],
				"mountPoints": [{"sourceVolume": "files", "containerPath": "/files"}]}}`,
			unknown: []string{
				"containerProperties.image", "containerProperties.executionRoleArn", "containerProperties.jobRoleArn",
				"containerProperties.volumes[0].efsVolumeConfiguration.fileSystemId",
			},
			want: []string{},
		},
		{
			name: "platform", reason: "networkConfiguration is right on Fargate, and a size that Fargate does not have is right on EC2",
			input: `{"jobDefinitionName": "etl", "type": "container", "containerProperties": {"image": "app:1",
				"resourceRequirements": [{"type": "VCPU", "value": "0.25"}, {"type": "MEMORY", "value": "4000"}],
				"networkConfiguration": {"assignPublicIp": "ENABLED"}}}`,
			unknown: []string{"platformCapabilities"},
			want:    []string{},
		},
		{
			name: "platform and a fault", reason: "an unknown platform hides nothing that is wrong on all of them",
			input: `{"jobDefinitionName": "e t l", "type": "container", "containerProperties": {"image": "app:1",
				"resourceRequirements": [{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "4GB"}],
				"networkConfiguration": {"assignPublicIp": "ENABLED"}}}`,
			unknown: []string{"platformCapabilities"},
			want:    []string{"JD002", "RR005"},
		},
		{
			name: "memory from a parameter", reason: "the size of the task depends on it, the missing role does not",
			input: `{"jobDefinitionName": "etl", "type": "container", "platformCapabilities": ["FARGATE"], "containerProperties": {"image": "app:1",
				"resourceRequirements": [{"type": "VCPU", "value": "3"}, {"type": "MEMORY"}]}}`,
			unknown: []string{"containerProperties.resourceRequirements[1].value"},
			want:    []string{"FG001"},
		},
		{
			name: "name of a container", reason: "the dependency may name the container whose name is not known, the condition is wrong all the same",
			input: `{"jobDefinitionName": "etl", "type": "container", "ecsProperties": {"taskProperties": [{"containers": [
				{"image": "a:1", "essential": false, "resourceRequirements": [{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "512"}]},
				{"name": "main", "image": "a:1", "dependsOn": [{"containerName": "setup", "condition": "HEALTHY"}],
					"resourceRequirements": [{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "512"}]}]}]}}`,
			unknown: []string{"ecsProperties.taskProperties[0].containers[0].name"},
			want:    []string{"ECS006"},
		},
		{
			name: "system", reason: "Windows has other versions and paths",
			input: `{"jobDefinitionName": "etl", "type": "container", "platformCapabilities": ["FARGATE"], "containerProperties": {"image": "app:1",
				"executionRoleArn": "arn:aws:iam::123456789012:role/exec", "runtimePlatform": {}, "fargatePlatformConfiguration": {"platformVersion": "1.0.0"},
				"resourceRequirements": [{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "2048"}],
				"volumes": [{"name": "c"}], "mountPoints": [{"sourceVolume": "c", "containerPath": "C:\\data"}]}}`,
			unknown: []string{"containerProperties.runtimePlatform.operatingSystemFamily"},
			want:    []string{},
		},
		{
			name: "kind of the definition", reason: "what the job runs is in a block that is not known",
			input:   `{"jobDefinitionName": "etl", "type": "container"}`,
			unknown: []string{"ecsProperties"},
			want:    []string{},
		},
		{
			name: "all", reason: "nothing is known at all",
			input:   `{}`,
			unknown: []string{""},
			want:    []string{},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var def batch.RegisterJobDefinitionInput
			if err := batchjson.Unmarshal([]byte(tc.input), &def); err != nil {
				t.Fatal(err)
			}
			got := validate.JobDefinition(&def, validate.WithUnknown(tc.unknown...))
			if diff := cmp.Diff(tc.want, got.Rules()); diff != "" {
				t.Errorf("rules broken, because %s (-want +got):\n%s%v", tc.reason, diff, got)
			}
		})
	}
}

// TestUnknownOfDefinitions is about a submission whose definition is not known in full.
func TestUnknownOfDefinitions(t *testing.T) {
	t.Parallel()
	var def batch.RegisterJobDefinitionInput
	var in batch.SubmitJobInput
	if err := batchjson.Unmarshal([]byte(`{"jobDefinitionName": "etl", "type": "container", "ecsProperties": {"taskProperties": [{"containers": [{"image": "a:1"}]}]}}`), &def); err != nil {
		t.Fatal(err)
	}
	if err := batchjson.Unmarshal([]byte(`{"jobName": "a b", "jobQueue": "q", "jobDefinition": "etl",
		"ecsPropertiesOverride": {"taskProperties": [{"containers": [{"name": "main", "command": ["run"]}]}]}}`), &in); err != nil {
		t.Fatal(err)
	}
	got := validate.SubmitJob(&in, validate.WithDefinition(&def), validate.WithUnknown("ecsProperties.taskProperties[0].containers[0].name"))
	if diff := cmp.Diff([]string{"SUB001"}, got.Rules()); diff != "" {
		t.Errorf("the container may be called main (-want +got):\n%s", diff)
	}
}
