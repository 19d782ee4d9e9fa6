package validate_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/validate"
)

// TestSubmissions holds the rules on attempts, volumes, dependencies and overrides to one finding for one fault,
// and to every fault of several at once. What is wanted is every finding, of every severity, as "rule path".
func TestSubmissions(t *testing.T) {
	t.Parallel()
	const (
		def      = "definition."
		sub      = "submission."
		overs    = sub + "containerOverrides"
		ecs      = sub + "ecsPropertiesOverride.taskProperties"
		nodes    = sub + "nodeOverrides"
		ranges   = def + "nodeProperties.nodeRangeProperties"
		nodePath = "nodeOverrides.nodePropertyOverrides[0]."
		volume   = def + "containerProperties.volumes[0].efsVolumeConfiguration"
		id       = "2f8c1a2e-1d3f-4f5e-8e55-6a7b8c9d0e1f"
	)
	tests := []struct {
		name   string
		reason string
		on     string
		set    map[string]string
		want   []string
	}{
		{
			name: "everything wrong with retries", reason: "no fault hides another", on: "submit",
			set: map[string]string{sub + "retryStrategy": `{"attempts":0,"evaluateOnExit":[
				{"action":"EXIT"}, {"action":"GO","onExitCode":"x"}, {"onReason":"a*b"}, {"action":"EXIT","onStatusReason":"a_b*c"},
				{"action":"EXIT","onExitCode":"1"}, {"action":"EXIT","onExitCode":"2"}]}`},
			want: []string{
				"RTY001 retryStrategy.attempts", "RTY003 retryStrategy.evaluateOnExit", "RTY005 retryStrategy.evaluateOnExit[0]",
				"RTY004 retryStrategy.evaluateOnExit[1].action", "RTY006 retryStrategy.evaluateOnExit[1].onExitCode",
				"JD022 retryStrategy.evaluateOnExit[2].action", "RTY009 retryStrategy.evaluateOnExit[2].onReason",
				"RTY007 retryStrategy.evaluateOnExit[3].onStatusReason",
			},
		},
		{
			name: "action missing in a definition", reason: "one finding, of the rule on what is required", on: "container-ec2",
			set:  map[string]string{def + "retryStrategy": `{"attempts":2,"evaluateOnExit":[{"onReason":"*"}]}`},
			want: []string{"JD022 retryStrategy.evaluateOnExit[0].action"},
		},
		{
			name: "entry with all three patterns", reason: "a star in each is a catch-all, a star in two of three is not", on: "submit",
			set: map[string]string{sub + "retryStrategy": `{"attempts":2,"evaluateOnExit":[
				{"action":"retry","onExitCode":"*","onReason":"*","onStatusReason":"Host*"},{"action":"EXIT","onExitCode":"*","onReason":"*","onStatusReason":"*"}]}`},
		},
		{
			name: "only exits", reason: "who says when to exit knows that the rest is retried", on: "submit",
			set: map[string]string{sub + "retryStrategy": `{"attempts":2,"evaluateOnExit":[{"action":"EXIT","onExitCode":"137"}]}`},
		},
		{
			name: "white space in a reason", reason: "tabs are white space, and the pattern may be empty beside another", on: "submit",
			set: map[string]string{sub + "retryStrategy": `{"attempts":2,"evaluateOnExit":[{"action":"EXIT","onReason":"a\tb: c.","onExitCode":""}]}`},
		},
		{
			name: "timeout without a number", reason: "nobody says that the service refuses it", on: "submit",
			set: map[string]string{sub + "timeout": `{}`},
		},
		{
			name: "access point, IAM and a port, unencrypted", reason: "encryption is missing once", on: "container-ec2",
			set:  map[string]string{volume: `{"fileSystemId":"fs-12345678","transitEncryptionPort":2999,"authorizationConfig":{"accessPointId":"fsap-1","iam":"ENABLED"}}`},
			want: []string{"VOL006 containerProperties.volumes[0].efsVolumeConfiguration.transitEncryption"},
		},
		{
			name: "volumes that are wrong otherwise", reason: "no name, a word that is none, a port below the first", on: "container-ec2",
			set: map[string]string{
				def + "containerProperties.volumes[1]": `{}`,
				volume:                                 `{"fileSystemId":"fs-12345678","transitEncryption":"ENABLED","transitEncryptionPort":-1,"authorizationConfig":{"iam":"YES"}}`,
			},
			want: []string{
				"VOL012 containerProperties.volumes[0].efsVolumeConfiguration.authorizationConfig.iam",
				"VOL009 containerProperties.volumes[0].efsVolumeConfiguration.transitEncryptionPort", "VOL002 containerProperties.volumes[1].name",
			},
		},
		{
			name: "no file system", reason: "the rule on what is required says so", on: "container-ec2",
			set:  map[string]string{volume: `{}`},
			want: []string{"JD022 containerProperties.volumes[0].efsVolumeConfiguration.fileSystemId"},
		},
		{
			name: "array of one, index in the command", reason: "the size is wrong, the wish for an array is not", on: "submit-container-ec2",
			set:  map[string]string{sub + "arrayProperties": `{"size":1}`, overs: `{"command":["sh","-c","echo $AWS_BATCH_JOB_ARRAY_INDEX"]}`},
			want: []string{"ARR001 arrayProperties.size"},
		},
		{
			name: "array of none, in sequence", reason: "the size is wrong, the wish for an array is not", on: "submit",
			set:  map[string]string{sub + "arrayProperties": `{"size":0}`, sub + "dependsOn": `[{"type":"SEQUENTIAL"}]`},
			want: []string{"ARR001 arrayProperties.size"},
		},
		{
			name: "empty array properties", reason: "programs in use send them for a plain job", on: "submit",
			set: map[string]string{sub + "arrayProperties": `{}`, sub + "dependsOn": `[]`},
		},
		{
			name: "index in the definition's command", reason: "the definition is known", on: "submit-container-ec2",
			set:  map[string]string{def + "containerProperties.command": `["sh","-c","echo ${AWS_BATCH_JOB_ARRAY_INDEX}"]`},
			want: []string{"ARR003 arrayProperties"},
		},
		{
			name: "index in a command that is replaced", reason: "the definition's command never runs", on: "submit-container-ec2",
			set: map[string]string{def + "containerProperties.command": `["sh","-c","echo ${AWS_BATCH_JOB_ARRAY_INDEX}"]`, overs + ".command": `["true"]`},
		},
		{
			name: "index in the command for a task", reason: "the override gives the command", on: "submit-ecs-ec2",
			set:  map[string]string{ecs: `[{"containers":[{"name":"app","command":["sh","-c","echo $AWS_BATCH_JOB_ARRAY_INDEX"]}]}]`},
			want: []string{"ARR003 arrayProperties"},
		},
		{
			name: "dependencies of every wrong form", reason: "no fault hides another", on: "submit",
			set: map[string]string{sub + "dependsOn": `[{},{"type":"N_TO_N"},{"type":"SEQUENTIAL","jobId":"` + id + `"},{"type":"X"},{"jobId":"` + id + `","type":"N_TO_N"}]`},
			want: []string{
				"DEP003 dependsOn[0].jobId", "DEP006 dependsOn[1].jobId", "DEP004 dependsOn[2].type",
				"DEP002 dependsOn[3].type", "DEP010 dependsOn[4].jobId", "DEP007 dependsOn[4].type",
			},
		},
		{
			name: "sequence of a plain job", reason: "there is neither a job to wait for nor a child to order", on: "submit",
			set:  map[string]string{sub + "dependsOn": `[{"type":"SEQUENTIAL"}]`},
			want: []string{"DEP004 dependsOn[0].type"},
		},
		{
			name: "override that does not fit", reason: "what it holds is not compared with the definition", on: "submit-ecs-fargate",
			set:  map[string]string{overs: `{"vcpus":1,"memory":5,"instanceType":"m5.large","resourceRequirements":[{"type":"MEMORY","value":"5000"}]}`},
			want: []string{"OVR001 containerOverrides"},
		},
		{
			name: "both that pods do not take", reason: "each has to go", on: "submit-eks",
			set:  map[string]string{overs: `{}`, nodes: `{"numNodes":1}`},
			want: []string{"OVR002 containerOverrides", "OVR002 nodeOverrides"},
		},
		{
			name: "nodes on EC2", reason: "nobody says that the service refuses it, so TestMilderOverrides wants a warning", on: "submit-container-ec2",
			set: map[string]string{nodes: `{"numNodes":2}`}, want: []string{"OVR004 nodeOverrides"},
		},
		{
			name: "tasks for a container", reason: "nobody says that the service refuses it, so TestMilderOverrides wants a warning", on: "submit-container-ec2",
			set: map[string]string{ecs: `[{"containers":[{"name":"app"}]}]`}, want: []string{"OVR005 ecsPropertiesOverride"},
		},
		{
			name: "nodes of a Fargate task", reason: "Fargate has no nodes", on: "submit-ecs-fargate",
			set: map[string]string{nodes: `{}`}, want: []string{"OVR004 nodeOverrides"},
		},
		{
			name: "pods for nodes and for tasks", reason: "what fits is said for each", on: "submit-multinode",
			set: map[string]string{sub + "eksPropertiesOverride": `{}`}, want: []string{"OVR006 eksPropertiesOverride"},
		},
		{
			name: "no definition", reason: "rules that need it are silent", on: "submit",
			set: map[string]string{overs: `{"vcpus":1,"memory":512,"instanceType":"m5.large","command":["a"]}`, nodes: `{"numNodes":0}`, sub + "eksPropertiesOverride": `{}`},
		},
		{
			name: "older members of a range", reason: "the only range says what it has", on: "submit-multinode",
			set:  map[string]string{nodes: `{"nodePropertyOverrides":[{"targetNodes":"0:","containerOverrides":{"vcpus":4}}]}`},
			want: []string{"OVR008 " + nodePath + "containerOverrides.vcpus"},
		},
		{
			name: "older members on Fargate", reason: "both", on: "submit-container-fargate",
			set:  map[string]string{overs: `{"vcpus":1,"memory":2048}`},
			want: []string{"OVR009 containerOverrides.memory", "OVR009 containerOverrides.vcpus"},
		},
		{
			name: "Fargate size of one container", reason: "the vCPUs come from the definition", on: "submit-container-fargate",
			set:  map[string]string{overs + ".resourceRequirements": `[{"type":"MEMORY","value":"1024"}]`},
			want: []string{"OVR010 containerOverrides.resourceRequirements"},
		},
		{
			name: "bad number on Fargate", reason: "the number is at fault, not the size", on: "submit-container-fargate",
			set:  map[string]string{overs + ".resourceRequirements": `[{"type":"MEMORY","value":"1GB"}]`},
			want: []string{"RR005 containerOverrides.resourceRequirements[0].value"},
		},
		{
			name: "resources in two containers", reason: "the sum is 2 vCPUs and 4096 MiB, though neither container alone is a size", on: "submit-ecs-fargate",
			set: map[string]string{ecs: `[{"containers":[
				{"name":"tool","resourceRequirements":[{"type":"VCPU","value":"0.25"},{"type":"MEMORY","value":"100"}]},
				{"name":"app","resourceRequirements":[{"type":"VCPU","value":"1.75"},{"type":"MEMORY","value":"3996"}]}]}]`},
		},
		{
			name: "containers of a task", reason: "one unnamed, one unknown, one twice", on: "submit-ecs-ec2",
			set: map[string]string{ecs: `[{"containers":[{},{"name":"App"},{"name":"app"},{"name":"app"}]}]`},
			want: []string{
				"OVR014 ecsPropertiesOverride.taskProperties[0].containers[0].name", "OVR014 ecsPropertiesOverride.taskProperties[0].containers[1].name",
				"OVR014 ecsPropertiesOverride.taskProperties[0].containers[3].name",
			},
		},
		{
			name: "containers of a pod", reason: "an unknown one, one twice, and no init container at all", on: "submit-eks",
			set: map[string]string{sub + "eksPropertiesOverride.podProperties": `{"containers":[{"name":"app"},{"name":"app"},{}],"initContainers":[{"name":"app"}]}`},
			want: []string{
				"OVR015 eksPropertiesOverride.podProperties.containers[1].name", "OVR015 eksPropertiesOverride.podProperties.containers[2].name",
				"OVR015 eksPropertiesOverride.podProperties.initContainers[0].name",
			},
		},
		{
			name: "default name of a pod's container", reason: "sources differ on its case", on: "submit-eks",
			set: map[string]string{def + "eksProperties.podProperties.containers[0].name": `null`, sub + "eksPropertiesOverride.podProperties.containers": `[{"name":"default"}]`},
		},
		{
			name: "number of nodes", reason: "more than the service allows", on: "submit-multinode",
			set: map[string]string{nodes: `{"numNodes":1001}`}, want: []string{"OVR018 nodeOverrides.numNodes"},
		},
		{
			name: "number of nodes with one open range of two", reason: "the range that begins lower stays", on: "submit-multinode",
			set: map[string]string{
				ranges + "[1]": `{"targetNodes":"2:","container":{"image":"a","resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"512"}]}}`,
				nodes:          `{"numNodes":2}`,
			},
		},
		{
			name: "number of nodes below the open range", reason: "nobody would be left for the range", on: "submit-multinode",
			set: map[string]string{
				ranges + "[1]":             `{"targetNodes":"2:","container":{"image":"a","resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"512"}]}}`,
				ranges + "[0].targetNodes": `"0:1"`,
				nodes:                      `{"numNodes":2}`,
			},
			want: []string{"OVR018 nodeOverrides.numNodes"},
		},
		{
			name: "end of a range written out", reason: "it is the last node of the definition", on: "submit-multinode",
			set: map[string]string{nodes: `{"nodePropertyOverrides":[{"targetNodes":"0:3"},{"targetNodes":":3"}]}`},
		},
		{
			name: "targets that are none", reason: "one absent, one that is no range", on: "submit-multinode",
			set:  map[string]string{nodes: `{"nodePropertyOverrides":[{},{"targetNodes":"all"}]}`},
			want: []string{"JD022 " + nodePath + "targetNodes", "OVR019 nodeOverrides.nodePropertyOverrides[1].targetNodes"},
		},
		{
			name: "instance types of a container range", reason: "the override has its own member for it", on: "submit-multinode",
			set:  map[string]string{nodes: `{"nodePropertyOverrides":[{"targetNodes":"0:","instanceTypes":["m5.large"]}]}`},
			want: []string{"OVR021 " + nodePath + "instanceTypes"},
		},
		{
			name: "every wrong kind of a range", reason: "both have to go", on: "submit-multinode",
			set:  map[string]string{nodes: `{"nodePropertyOverrides":[{"targetNodes":"0:","ecsPropertiesOverride":{},"eksPropertiesOverride":{}}]}`},
			want: []string{"OVR020 " + nodePath + "ecsPropertiesOverride", "OVR020 " + nodePath + "eksPropertiesOverride"},
		},
	}
	for _, test := range tests {
		if test.name == "" || test.reason == "" {
			t.Fatal("a row needs a name and a reason")
		}
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, found(judge(t, test.on, raw(test.set)))); diff != "" {
				t.Errorf("%s: findings (-want +got):\n%s", test.reason, diff)
			}
		})
	}
}

// TestWorkflows does the same for jobs together.
func TestWorkflows(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		reason string
		set    map[string]string
		want   []string
	}{
		{name: "chain", reason: "nothing is wrong with it"},
		{
			name: "itself", reason: "a circle of one", set: map[string]string{"workflow[0].dependsOn": `[{"on":"leader"}]`},
			want: []string{"DEP011 jobs[leader].dependsOn[0]"},
		},
		{
			name: "circle and unknown name", reason: "neither hides the other, and the index counts the ids of the submission",
			set: map[string]string{
				"workflow[0].input.dependsOn": `[{"jobId":"2f8c1a2e-1d3f-4f5e-8e55-6a7b8c9d0e1f"}]`,
				"workflow[0].dependsOn":       `[{"on":"setup"},{"on":"merge"}]`,
			},
			want: []string{"DEP012 jobs[leader].dependsOn[1]", "DEP011 jobs[leader].dependsOn[2]"},
		},
		{
			name: "name given twice", reason: "the circle that it seems to close is not reported", set: map[string]string{"workflow[2].name": `"leader"`},
			want: []string{"DEP012 jobs[leader]"},
		},
		{
			name: "array of one", reason: "each submission is judged by itself", set: map[string]string{"workflow[1].input.arrayProperties.size": `1`},
			want: []string{"ARR001 jobs[followers].arrayProperties.size"},
		},
		{
			name: "array of another size", reason: "children without a partner", set: map[string]string{
				"workflow[2].input.arrayProperties": `{"size":6}`, "workflow[2].dependsOn[0].type": `"N_TO_N"`,
			},
			want: []string{"DEP007 jobs[merge].dependsOn[0].type"},
		},
		{
			name: "arrays of one size", reason: "the documented form", set: map[string]string{
				"workflow[2].input.arrayProperties": `{"size":12}`, "workflow[2].dependsOn[0].type": `"N_TO_N"`,
			},
		},
		{
			name: "plain job after an array, child by child", reason: "reported once", set: map[string]string{"workflow[2].dependsOn[0].type": `"N_TO_N"`},
			want: []string{"DEP007 jobs[merge].dependsOn[0].type"},
		},
		{
			name: "sequence", reason: "it is about the array itself, and no edge", set: map[string]string{
				"workflow[1].dependsOn[1]": `{"type":"SEQUENTIAL"}`,
			},
		},
		{
			name: "sequence with a name", reason: "reported once, whatever the name", set: map[string]string{
				"workflow[1].dependsOn[1]": `{"on":"followers","type":"SEQUENTIAL"}`,
			},
			want: []string{"DEP004 jobs[followers].dependsOn[1].type"},
		},
		{
			name: "dependency on nothing", reason: "neither a name nor a type", set: map[string]string{"workflow[0].dependsOn": `[{}]`},
			want: []string{"DEP003 jobs[leader].dependsOn[0].jobId"},
		},
		{
			name: "dependency twice", reason: "by name", set: map[string]string{"workflow[2].dependsOn[1]": `{"on":"followers"}`},
			want: []string{"DEP010 jobs[merge].dependsOn[1]"},
		},
	}
	for _, test := range tests {
		if test.name == "" || test.reason == "" {
			t.Fatal("a row needs a name and a reason")
		}
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, found(judge(t, "workflow", raw(test.set)))); diff != "" {
				t.Errorf("%s: findings (-want +got):\n%s", test.reason, diff)
			}
		})
	}
}

// found lists findings as "rule path".
func found(findings validate.Findings) []string {
	var out []string
	for _, f := range findings {
		out = append(out, f.Rule+" "+f.Path)
	}
	return out
}

func raw(set map[string]string) map[string]json.RawMessage {
	out := make(map[string]json.RawMessage, len(set))
	for path, value := range set {
		out[path] = json.RawMessage(value)
	}
	return out
}
