package validate_test

import (
	"encoding/json"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/validate"
)

// TestOverlaps holds rules that touch each other to what they were agreed to say: one rule for one fault,
// and every fault of several at once.
func TestOverlaps(t *testing.T) {
	t.Parallel()
	const (
		def       = "definition."
		container = def + "containerProperties."
		tasks     = def + "ecsProperties.taskProperties[0]."
		nodes     = def + "nodeProperties.nodeRangeProperties"
	)
	tests := []struct {
		name   string
		reason string
		on     string
		set    map[string]string
		want   []string // the rules of the errors
	}{
		{
			name: "multinode without nodes", reason: "the type is wrong or the block is: one finding, not two", on: "container-ec2",
			set: map[string]string{def + "type": `"multinode"`}, want: []string{"JD007"},
		},
		{
			name: "container and nodes", reason: "nodeProperties are the stranger", on: "container-ec2",
			set:  map[string]string{def + "nodeProperties": `{"numNodes":1,"mainNode":0,"nodeRangeProperties":[{"targetNodes":"0","container":{"image":"a","resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"512"}]}}]}`},
			want: []string{"JD006"},
		},
		{
			name: "unknown type", reason: "what the definition has to hold depends on the type", on: "multinode",
			set: map[string]string{def + "type": `"array"`}, want: []string{"JD004"},
		},
		{
			name: "pod and container on Fargate", reason: "which of the two is meant is not known, so the capability is not judged", on: "container-fargate",
			set:  map[string]string{def + "eksProperties": `{"podProperties":{"containers":[{"image":"a","resources":{"limits":{"cpu":"1","memory":"512Mi"}}}]}}`},
			want: []string{"JD009"},
		},
		{
			name: "older members only", reason: "vcpus and memory are figures too", on: "container-ec2",
			set: map[string]string{container + "resourceRequirements": `null`, container + "vcpus": `1`, container + "memory": `512`},
		},
		{
			name: "older members too small", reason: "both have a least value", on: "container-ec2",
			set:  map[string]string{container + "resourceRequirements": `null`, container + "vcpus": `0`, container + "memory": `3`},
			want: []string{"RR006", "RR008"},
		},
		{
			name: "older member on Fargate", reason: "it has to go, whatever stands beside it", on: "container-fargate",
			set: map[string]string{container + "vcpus": `0`, container + "memory": `1`}, want: []string{"RR013"},
		},
		{
			name: "type with a typo", reason: "VCPU is not missing, it is misspelt", on: "container-ec2",
			set: map[string]string{container + "resourceRequirements[0].type": `"vcpu"`}, want: []string{"RR003"},
		},
		{
			name: "no number on Fargate", reason: "a sum of what is no number says nothing", on: "container-fargate",
			set: map[string]string{container + "resourceRequirements[0].value": `"one"`}, want: []string{"RR005"},
		},
		{
			name: "part of a MiB on Fargate", reason: "the value is wrong before the size is", on: "container-fargate",
			set: map[string]string{container + "resourceRequirements[1].value": `"2048.5"`}, want: []string{"RR008"},
		},
		{
			name: "GPU on Fargate without a number", reason: "it has to go whatever its value", on: "container-fargate",
			set: map[string]string{container + "resourceRequirements[2]": `{"type":"GPU","value":"all"}`}, want: []string{"RR010"},
		},
		{
			name: "decimals on EC2 in a task", reason: "the user guide's own samples have them", on: "ecs-ec2",
			set: map[string]string{tasks + "containers[0].resourceRequirements[0].value": `"1.0"`},
		},
		{
			name: "negative vCPUs in a task", reason: "no document allows less than none", on: "ecs-ec2",
			set: map[string]string{tasks + "containers[0].resourceRequirements[0].value": `"-1"`}, want: []string{"RR006"},
		},
		{
			name: "no vCPU in a task", reason: "parts of one are in samples, none at all is nowhere", on: "ecs-ec2",
			set: map[string]string{tasks + "containers[0].resourceRequirements[0].value": `"0"`}, want: []string{"RR006"},
		},
		{
			name: "access point of S3 Files", reason: "it sets the path as one of EFS does, and its port is a port too", on: "container-fargate",
			set: map[string]string{
				container + "volumes": `[{"name":"s3","s3filesVolumeConfiguration":{"fileSystemArn":"arn:aws:s3files:us-east-1:123456789012:file-system/fs-1",
					"accessPointArn":"arn:aws:s3files:us-east-1:123456789012:file-system/fs-1/access-point/fsap-1","rootDirectory":"/a","transitEncryptionPort":70000}}]`,
				container + "mountPoints": `[{"sourceVolume":"s3","containerPath":"/s3"}]`,
			},
			want: []string{"VOL005", "VOL009"},
		},
		{
			name: "root of an access point of S3 Files", reason: "a slash is what the access point sets anyway", on: "container-fargate",
			set: map[string]string{
				container + "volumes": `[{"name":"s3","s3filesVolumeConfiguration":{"fileSystemArn":"arn:aws:s3files:us-east-1:123456789012:file-system/fs-1",
					"accessPointArn":"arn:aws:s3files:us-east-1:123456789012:file-system/fs-1/access-point/fsap-1","rootDirectory":"/","transitEncryptionPort":65535}}]`,
				container + "mountPoints": `[{"sourceVolume":"s3","containerPath":"/s3"}]`,
			},
		},
		{
			name: "empty argument in a definition", reason: "its command is refused like that of an override", on: "container-ec2",
			set: map[string]string{container + "command": `["sh","-c",""]`}, want: []string{"OVR007"},
		},
		{
			name: "empty argument in a task", reason: "each container has a command", on: "ecs-ec2",
			set: map[string]string{tasks + "containers[0].command": `[""]`}, want: []string{"OVR007"},
		},
		{
			name: "inner range without figures", reason: "each node needs them once, and the outer range has them", on: "multinode",
			set: map[string]string{nodes + "[1]": `{"targetNodes":"1:","container":{"image":"a"}}`},
		},
		{
			name: "8 vCPUs on Windows", reason: "a newer platform version would not help", on: "container-fargate",
			set: map[string]string{
				container + "runtimePlatform":      `{"operatingSystemFamily":"WINDOWS_SERVER_2022_FULL"}`,
				container + "resourceRequirements": `[{"type":"VCPU","value":"8"},{"type":"MEMORY","value":"16384"}]`,
			},
			want: []string{"RR017"},
		},
		{
			name: "EFS on Windows", reason: "a newer platform version would not help", on: "container-fargate",
			set: map[string]string{
				container + "runtimePlatform":              `{"operatingSystemFamily":"WINDOWS_SERVER_2022_FULL"}`,
				container + "fargatePlatformConfiguration": `{"platformVersion":"1.0.0"}`,
				container + "volumes[0]":                   `{"name":"scratch","efsVolumeConfiguration":{"fileSystemId":"fs-0123456789abcdef0"}}`,
			},
			want: []string{"FG022"},
		},
		{
			name: "empty blocks on EC2", reason: "tools send them, and they say nothing", on: "container-ec2",
			set: map[string]string{
				container + "networkConfiguration": `{}`, container + "fargatePlatformConfiguration": `{}`, container + "runtimePlatform": `{}`,
			},
		},
		{
			name: "Fargate without its capability", reason: "every member that needs Fargate is named", on: "container-ec2",
			set: map[string]string{
				container + "networkConfiguration":         `{"assignPublicIp":"ENABLED"}`,
				container + "fargatePlatformConfiguration": `{"platformVersion":"LATEST"}`,
				container + "runtimePlatform":              `{"cpuArchitecture":"ARM64"}`,
			},
			want: []string{"FG014", "FG015", "FG016"},
		},
		{
			name: "members that the API requires", reason: "each is missing at its own depth", on: "multinode",
			set: map[string]string{
				def + "retryStrategy": `{"attempts":2,"evaluateOnExit":[{"onExitCode":"1"}]}`, def + "nodeProperties.mainNode": `null`,
				nodes + "[0].container.repositoryCredentials": `{}`, nodes + "[0].container.ephemeralStorage": `{}`,
			},
			want: []string{"JD022"},
		},
		{
			name: "retry without an action in a submission", reason: "submissions have the member too", on: "submit-container-ec2",
			set:  map[string]string{"submission.retryStrategy": `{"attempts":2,"evaluateOnExit":[{"onExitCode":"1"}]}`},
			want: []string{"JD022"},
		},
		{
			name: "five faults", reason: "all are found at once", on: "container-ec2",
			set: map[string]string{
				def + "jobDefinitionName": `"my job"`, def + "schedulingPriority": `-1`, container + "image": `""`,
				container + "user": `"a b"`, container + "resourceRequirements[0].value": `"0"`,
			},
			want: []string{"CP001", "CP010", "JD002", "JD016", "RR006"},
		},
		{
			name: "nothing at all", reason: "what is required is named", on: "container-ec2",
			set:  map[string]string{def + "jobDefinitionName": `null`, def + "type": `null`, def + "containerProperties": `null`},
			want: []string{"JD001", "JD004"},
		},
	}
	for _, test := range tests {
		if test.name == "" || test.reason == "" {
			t.Errorf("a row needs a name and a reason: %+v", test)
		}
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			set := map[string]json.RawMessage{}
			for path, value := range test.set {
				set[path] = json.RawMessage(value)
			}
			errs := judge(t, test.on, set).Errors()
			if diff := cmp.Diff(append([]string{}, test.want...), errs.Rules()); diff != "" {
				t.Errorf("rules (-want +got):\n%s\n%v\nreason: %s", diff, errs, test.reason)
			}
		})
	}
}

// TestFargateSizes goes through the whole table, and just past its edges.
func TestFargateSizes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, reason  string
		vcpus, memory string
		valid         bool
	}{
		{"quarter, least", "first of the row", "0.25", "512", true},
		{"quarter, most", "last of the row", "0.25", "2048", true},
		{"quarter, 1536", "the row has three values, no steps", "0.25", "1536", false},
		{"half, least", "first of the row", "0.5", "1024", true},
		{"half, too little", "belongs to a quarter", "0.5", "512", false},
		{"half, most", "last of the row", "0.50", "4096", true},
		{"one, too little", "below the row", "1", "1024", false},
		{"one, most", "last of the row", "1", "8192", true},
		{"one, too much", "above the row", "1", "9216", false},
		{"two, least", "first of the row", "2", "4096", true},
		{"two, most", "last of the row", "2", "16384", true},
		{"four, most", "last of the row", "4", "30720", true},
		{"four, odd", "listed with 8 vCPUs in one place of the documents", "4", "28672", true},
		{"eight, step", "steps of 4096", "8", "20480", true},
		{"eight, half a step", "steps of 4096", "8", "18432", false},
		{"eight, most", "last of the row", "8", "61440", true},
		{"sixteen, step", "steps of 8192", "16", "40960", true},
		{"sixteen, half a step", "steps of 8192", "16", "36864", false},
		{"sixteen, most", "last of the row", "16", "122880", true},
		{"thirty-two", "Amazon ECS has it", "32", "249856", true},
		{"thirty-two, other", "the row has three values", "32", "65536", false},
		{"three", "no such row", "3", "8192", false},
		{"none", "no such row", "0", "512", false},
	}
	for _, test := range tests {
		if test.name == "" || test.reason == "" {
			t.Errorf("a row needs a name and a reason: %+v", test)
		}
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			requirements := json.RawMessage(`[{"type":"VCPU","value":"` + test.vcpus + `"},{"type":"MEMORY","value":"` + test.memory + `"}]`)
			findings := judge(t, "container-fargate", map[string]json.RawMessage{"definition.containerProperties.resourceRequirements": requirements})
			if got := findings.Err() == nil; got != test.valid {
				t.Errorf("valid = %v, want %v (%s): %v", got, test.valid, test.reason, findings)
			}
		})
	}
}

// TestServiceText holds findings to what the service says of the same input.
func TestServiceText(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, reason, on, path, value, rule, want string
	}{
		{"sizes", "seen in reports", "container-fargate", "definition.containerProperties.resourceRequirements[1].value", `"4000"`, "RR014", "Fargate resource requirements (1.00 vCPU, 4000 MiB) not valid."},
		{"decimals", "kestra-io/plugin-aws#504", "container-ec2", "definition.containerProperties.resourceRequirements[0].value", `"1.0"`, "RR006", "Value 1.0 for type VCPU in resourceRequirement is not valid. Please provide a numeric value."},
		{"too few", "the text for whole numbers", "container-ec2", "definition.containerProperties.resourceRequirements[0].value", `"0"`, "RR006", "vCPU must be at least 1, got 0."},
		{"older member", "insitro/redun#95", "container-fargate", "definition.containerProperties.vcpus", `1`, "RR013", "vcpus is not applicable for Fargate. Use resource requirements instead."},
		{"both members", "a real deployment", "container-ec2", "definition.containerProperties.memory", `512`, "RR011", "Cannot use both ECS containerProperties Memory and resourceRequirement MEMORY."},
		{"two blocks", "a real deployment", "container-ec2", "definition.ecsProperties", `{"taskProperties":[]}`, "JD009", "Cannot use both ECS containerProperties and ecsProperties"},
		{"capability", "a real deployment", "container-ec2", "definition.platformCapabilities", `["X1"]`, "JD011", "Capability X1 is not valid. Valid capabilities: [FARGATE, EC2, MANAGED_INSTANCES]"},
	}
	for _, test := range tests {
		if test.name == "" || test.reason == "" {
			t.Errorf("a row needs a name and a reason: %+v", test)
		}
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, f := range judge(t, test.on, map[string]json.RawMessage{test.path: json.RawMessage(test.value)}, validate.Strict()) {
				if f.Rule == test.rule {
					got = append(got, f.Service)
				}
			}
			if diff := cmp.Diff([]string{test.want}, got); diff != "" {
				t.Errorf("service text (-want +got):\n%s", diff)
			}
		})
	}
}

// TestRequired lists where JD022 finds the members that are absent, at every depth.
func TestRequired(t *testing.T) {
	t.Parallel()
	const definition = `{
		"jobDefinitionName": "a", "type": "multinode",
		"retryStrategy": {"attempts": 2, "evaluateOnExit": [{"onExitCode": "1"}]},
		"ecsProperties": {"taskProperties": [{"ephemeralStorage": {}, "containers": [{"repositoryCredentials": {}}]}]},
		"eksProperties": {"podProperties": {
			"containers": [{"env": [{}]}], "initContainers": [{}], "imagePullSecrets": [{}],
			"volumes": [{"secret": {}}, {"name": "b", "persistentVolumeClaim": {}}]}},
		"nodeProperties": {"nodeRangeProperties": [{"container": {
			"repositoryCredentials": {}, "ephemeralStorage": {}, "volumes": [{"name": "c", "efsVolumeConfiguration": {}}]}}]}}`
	const task, pod, nodes = "ecsProperties.taskProperties[0].", "eksProperties.podProperties.", "nodeProperties."
	const inRange = nodes + "nodeRangeProperties[0]."
	want := []string{
		task + "containers[0].repositoryCredentials.credentialsParameter",
		task + "ephemeralStorage.sizeInGiB",
		pod + "containers[0].env[0].name",
		pod + "containers[0].image",
		pod + "imagePullSecrets[0].name",
		pod + "initContainers[0].image",
		pod + "volumes[0].name",
		pod + "volumes[0].secret.secretName",
		pod + "volumes[1].persistentVolumeClaim.claimName",
		nodes + "mainNode",
		inRange + "container.ephemeralStorage.sizeInGiB",
		inRange + "container.repositoryCredentials.credentialsParameter",
		inRange + "container.volumes[0].efsVolumeConfiguration.fileSystemId",
		inRange + "targetNodes",
		nodes + "numNodes",
		"retryStrategy.evaluateOnExit[0].action",
	}
	var def batch.RegisterJobDefinitionInput
	if err := batchjson.Unmarshal([]byte(definition), &def); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range validate.JobDefinition(&def) {
		if f.Rule == "JD022" {
			got = append(got, f.Path)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("paths (-want +got):\n%s", diff)
	}
}
