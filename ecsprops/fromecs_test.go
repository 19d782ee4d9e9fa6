package ecsprops_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/ecsprops"
)

// What becomes of a task definition, and what is left of it.
func TestFromECSTaskDefinition(t *testing.T) {
	t.Parallel()
	one := func(members string) string {
		return `{"containerDefinitions":[{"name":"a","image":"i","cpu":256,"memory":512` + members + `}]}`
	}
	const figures = `"resourceRequirements":[{"type":"VCPU","value":"0.25"},{"type":"MEMORY","value":"512"}]`
	for _, row := range []struct {
		name, reason string
		in, want     string
		left         []string
	}{
		{"a container", "CPU units are parts of 1,024", one(``), `{"containers":[{"image":"i","name":"a",` + figures + `}]}`, nil},
		{"everything that fits", "members of the same name and meaning", one(`,"command":["c"],"essential":false,"environment":[{"name":"E","value":"1"}],
			"secrets":[{"name":"S","valueFrom":"x"}],"mountPoints":[{"sourceVolume":"v","containerPath":"/v","readOnly":true}],"linuxParameters":{"initProcessEnabled":true},
			"logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"g"}},"privileged":true,"readonlyRootFilesystem":true,"repositoryCredentials":{"credentialsParameter":"p"},
			"startTimeout":5,"stopTimeout":6,"ulimits":[{"name":"nofile","softLimit":1,"hardLimit":2}],"user":"u","firelensConfiguration":{"type":"fluentbit"},
			"dependsOn":[{"containerName":"b","condition":"START"}]`),
			`{"containers":[{"image":"i","command":["c"],"dependsOn":[{"condition":"START","containerName":"b"}],"environment":[{"name":"E","value":"1"}],"essential":false,"firelensConfiguration":{"type":"fluentbit"},` +
				`"linuxParameters":{"initProcessEnabled":true},"logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"g"}},"mountPoints":[{"containerPath":"/v","readOnly":true,"sourceVolume":"v"}],"name":"a","privileged":true,` +
				`"readonlyRootFilesystem":true,"repositoryCredentials":{"credentialsParameter":"p"},` + figures + `,"secrets":[{"name":"S","valueFrom":"x"}],"startTimeout":5,"stopTimeout":6,"ulimits":[{"hardLimit":2,"name":"nofile","softLimit":1}],"user":"u"}]}`, nil},
		{"what Batch has not", "each is named", one(`,"healthCheck":{"command":["x"]},"portMappings":[{"containerPort":80}],"links":["b"],"entryPoint":["/x"],"linuxParameters":{"capabilities":{"add":["SYS_PTRACE"]},"sharedMemorySize":64},"brandNew":1`),
			`{"containers":[{"image":"i","linuxParameters":{"sharedMemorySize":64},"name":"a",` + figures + `}]}`,
			[]string{
				"containerDefinitions[0].brandNew", "containerDefinitions[0].entryPoint", "containerDefinitions[0].healthCheck",
				"containerDefinitions[0].links", "containerDefinitions[0].linuxParameters.capabilities", "containerDefinitions[0].portMappings",
			}},
		{"HEALTHY", "the other conditions stay", one(`,"dependsOn":[{"containerName":"b","condition":"HEALTHY"},{"containerName":"c","condition":"SUCCESS"}]`),
			`{"containers":[{"image":"i","dependsOn":[{"condition":"SUCCESS","containerName":"c"}],"name":"a",` + figures + `}]}`, []string{"containerDefinitions[0].dependsOn[0]"}},
		{"only HEALTHY", "no empty list is left", one(`,"dependsOn":[{"containerName":"b","condition":"HEALTHY"}]`),
			`{"containers":[{"image":"i","name":"a",` + figures + `}]}`, []string{"containerDefinitions[0].dependsOn[0]"}},
		{"GPU", "it stays, an accelerator does not", one(`,"resourceRequirements":[{"type":"GPU","value":"1"},{"type":"InferenceAccelerator","value":"x"}]`),
			`{"containers":[{"image":"i","name":"a","resourceRequirements":[{"type":"GPU","value":"1"},{"type":"VCPU","value":"0.25"},{"type":"MEMORY","value":"512"}]}]}`, []string{"containerDefinitions[0].resourceRequirements[1]"}},
		{"the task's members", "roles, disk, platform, modes, volumes", `{"family":"f","taskRoleArn":"t","executionRoleArn":"e","networkMode":"awsvpc","pidMode":"task","ipcMode":"none","placementConstraints":[],
			"ephemeralStorage":{"sizeInGiB":30},"runtimePlatform":{"operatingSystemFamily":"LINUX"},"volumes":[{"name":"v","host":{"sourcePath":"/v"}},{"name":"e","efsVolumeConfiguration":{"fileSystemId":"fs-1","authorizationConfig":{"iam":"ENABLED"}}},
			{"name":"d","dockerVolumeConfiguration":{"scope":"task"}}],"containerDefinitions":[]}`,
			`{"containers":[],"ephemeralStorage":{"sizeInGiB":30},"executionRoleArn":"e","ipcMode":"none","pidMode":"task","runtimePlatform":{"operatingSystemFamily":"LINUX"},"taskRoleArn":"t",` +
				`"volumes":[{"host":{"sourcePath":"/v"},"name":"v"},{"efsVolumeConfiguration":{"fileSystemId":"fs-1","authorizationConfig":{"iam":"ENABLED"}},"name":"e"},{"name":"d"}]}`,
			[]string{"networkMode", "placementConstraints", "volumes[2].dockerVolumeConfiguration"}},
		{"the task's figures", "the container without figures gets what is left", `{"cpu":"1 vCPU","memory":"2 GB","containerDefinitions":[{"name":"a","image":"i"},{"name":"b","image":"j","cpu":256,"memory":512}]}`,
			`{"containers":[{"image":"i","name":"a","resourceRequirements":[{"type":"VCPU","value":"0.75"},{"type":"MEMORY","value":"1536"}]},{"image":"j","name":"b",` + figures + `}]}`, nil},
		{"figures for nobody", "two without: it is not guessed who gets how much", `{"cpu":"1024","memory":"2048","containerDefinitions":[{"name":"a","image":"i"},{"name":"b","image":"j"}]}`,
			`{"containers":[{"image":"i","name":"a"},{"image":"j","name":"b"}]}`, []string{"cpu", "memory"}},
		{"figures beside", "what the task has more is told", `{"cpu":"1024","memory":"512","containerDefinitions":[{"name":"a","image":"i","cpu":256,"memory":512}]}`,
			`{"containers":[{"image":"i","name":"a",` + figures + `}]}`, []string{"cpu"}},
		{"soft limit", "it becomes the only limit", `{"containerDefinitions":[{"name":"a","image":"i","cpu":256,"memoryReservation":512}]}`,
			`{"containers":[{"image":"i","name":"a",` + figures + `}]}`, []string{"containerDefinitions[0].memoryReservation"}},
		{"both limits", "the hard one stays", `{"containerDefinitions":[{"name":"a","image":"i","cpu":256,"memory":512,"memoryReservation":128}]}`,
			`{"containers":[{"image":"i","name":"a",` + figures + `}]}`, []string{"containerDefinitions[0].memoryReservation"}},
		{"described", "the output of DescribeTaskDefinition", `{"taskDefinition":{"family":"f","revision":3,"containerDefinitions":[{"name":"a","image":"i","cpu":256,"memory":512,"portMappings":[]}]},"tags":[{"key":"k","value":"v"}]}`,
			`{"containers":[{"image":"i","name":"a",` + figures + `}]}`, []string{"containerDefinitions[0].portMappings", "revision"}},
		{"null", "it is the same as absent", one(`,"healthCheck":null,"user":null`), `{"containers":[{"image":"i","name":"a",` + figures + `}]}`, nil},
		{"nonsense", "what cannot be read is left too", `{"family":1,"tags":{},"cpu":"much","requiresCompatibilities":["EXTERNAL"],"containerDefinitions":[]}`, `{"containers":[]}`, []string{"cpu", "family", "requiresCompatibilities[0]", "tags"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			got, err := ecsprops.FromECSTaskDefinition([]byte(row.in))
			if err != nil {
				t.Fatal(err)
			}
			text, err := batchjson.Marshal(got.EC2Task().Properties())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(canonicalJSON(t, row.want), canonicalJSON(t, string(text))); diff != "" {
				t.Errorf("%s: -want +got\n%s", row.reason, diff)
			}
			var left []string
			for _, l := range got.Left {
				left = append(left, l.Path)
				if l.Reason == "" || !strings.HasPrefix(l.String(), l.Path+": ") {
					t.Errorf("%q has no reason", l.Path)
				}
			}
			if diff := cmp.Diff(row.left, left); diff != "" {
				t.Errorf("%s: left: -want +got\n%s", row.reason, diff)
			}
		})
	}
}

func TestFromECSTaskDefinitionTop(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, reason, compatibilities string
		fargate                       bool
	}{
		{"Fargate", "it can run nowhere else", `["FARGATE"]`, true},
		{"EC2", "it is for instances", `["EC2"]`, false},
		{"both", "nothing of it needs Fargate", `["EC2","FARGATE"]`, false},
		{"none", "the default of ECS is EC2", `[]`, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			got, err := ecsprops.FromECSTaskDefinition([]byte(`{"family":"f","tags":[{"key":"k","value":"v"}],"requiresCompatibilities":` + row.compatibilities + `}`))
			if err != nil {
				t.Fatal(err)
			}
			if got.Fargate != row.fargate || got.Family != "f" || got.Tags["k"] != "v" || len(got.Left) > 0 {
				t.Errorf("%s: got %+v", row.reason, got)
			}
		})
	}
}

// What is no task definition at all is an error.
func TestFromECSTaskDefinitionErrors(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, reason, in string }{
		{"nothing", "there is no JSON", ``},
		{"null", "it is no object", `null`},
		{"a list", "it is no object", `[]`},
		{"two", "which one is meant?", `{} {}`},
		{"a type", "an image is a string", `{"containerDefinitions":[{"image":1}]}`},
		{"no list", "containers are a list", `{"containerDefinitions":{}}`},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			if got, err := ecsprops.FromECSTaskDefinition([]byte(row.in)); err == nil {
				t.Errorf("%s: got %+v", row.reason, got)
			}
		})
	}
}

// A member is in the task, or named as left, or one of those that are returned beside.
func FuzzFromECSTaskDefinition(f *testing.F) {
	f.Add([]byte(`{"family":"f","cpu":"1 vCPU","containerDefinitions":[{"image":"i","dependsOn":[{"condition":"HEALTHY"}]}]}`))
	f.Add([]byte(`{"taskDefinition":{"tags":null},"tags":[{}]}`))
	f.Add([]byte(`{"":1,"containerDefinitions":[1]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := ecsprops.FromECSTaskDefinition(data)
		if err != nil {
			return
		}
		again, err := ecsprops.FromECSTaskDefinition(data)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(got.Left, again.Left); diff != "" {
			t.Errorf("the list depends on chance: %s", diff)
		}
		for _, l := range got.Left {
			if l.Reason == "" {
				t.Errorf("%q has no reason", l.Path)
			}
		}
	})
}

func canonicalJSON(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}
