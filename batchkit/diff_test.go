package batchkit_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/batchtest"
)

// What is a difference, and what is none. Each pair is compared both ways.
func TestDiff(t *testing.T) {
	t.Parallel()
	container := func(members string) string {
		return `{"jobDefinitionName":"a","type":"container","containerProperties":{"image":"i",` + members + `}}`
	}
	task := func(containers string) string {
		return `{"jobDefinitionName":"a","type":"container","ecsProperties":{"taskProperties":[{"containers":[` + containers + `]}]}}`
	}
	pod := func(members string) string {
		return `{"jobDefinitionName":"a","type":"container","eksProperties":{"podProperties":{` + members + `}}}`
	}
	for _, row := range []struct {
		name, reason string
		old, new     string
		want         []string
	}{
		{"nothing", "the same is the same", container(`"user":"u"`), container(`"user":"u"`), nil},
		{"empty lists", "the service fills them in", container(`"user":"u"`), container(`"user":"u","command":[],"environment":[],"volumes":[],"logConfiguration":{"logDriver":"awslogs","options":{},"secretOptions":[]},"linuxParameters":{"devices":[],"tmpfs":[]}`), []string{`+ containerProperties.logConfiguration.logDriver: "awslogs"`}},
		{"order of variables", "it has no meaning", container(`"environment":[{"name":"A","value":"1"},{"name":"B","value":"2"}]`), container(`"environment":[{"name":"B","value":"2"},{"name":"A","value":"1"}]`), nil},
		{"a variable", "its value is nobody's business", container(`"environment":[{"name":"A","value":"1"}]`), container(`"environment":[{"name":"A","value":"2"},{"name":"B","value":"2"}]`), []string{
			"~ containerProperties.environment[A]: (hidden) -> (hidden)", "+ containerProperties.environment[B]: (hidden)",
		}},
		{"the same variable twice", "the last one counts, so it is a difference", container(`"environment":[{"name":"A","value":"1"}]`), container(`"environment":[{"name":"A","value":"1"},{"name":"A","value":"2"}]`), []string{"+ containerProperties.environment[A]#2: (hidden)"}},
		{"a name with a bracket", "it is not taken for another path", container(`"environment":[{"name":"A","value":"1"},{"name":"A","value":"2"}]`), container(`"environment":[{"name":"A","value":"1"},{"name":"A]#2","value":"2"}]`), []string{`+ containerProperties.environment["A]#2"]: (hidden)`, "- containerProperties.environment[A]#2: (hidden)"}},
		{"an empty variable", "the service drops it", container(`"user":"u"`), container(`"user":"u","environment":[{"name":"A","value":""},{"name":"B"}]`), nil},
		{"a secret", "where it comes from is not shown either", container(`"secrets":[{"name":"A","valueFrom":"x"}]`), container(`"secrets":[{"name":"A","valueFrom":"y"}]`), []string{"~ containerProperties.secrets[A]: (hidden) -> (hidden)"}},
		{"a token among log options", "it sounds like a secret", container(`"logConfiguration":{"logDriver":"splunk","options":{"splunk-token":"t","tag":"a"}}`), container(`"logConfiguration":{"logDriver":"splunk","options":{"splunk-token":"u","tag":"b"}}`), []string{
			"~ containerProperties.logConfiguration.options[splunk-token]: (hidden) -> (hidden)", `~ containerProperties.logConfiguration.options[tag]: "a" -> "b"`,
		}},
		{"resources", "numbers, and no order", container(`"resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"128"}]`), container(`"resourceRequirements":[{"type":"MEMORY","value":"256"},{"type":"VCPU","value":"1.0"}]`), []string{`~ containerProperties.resourceRequirements[MEMORY]: "128" -> "256"`}},
		{"a command", "its order is its meaning", container(`"command":["a","b"]`), container(`"command":["b","a"]`), []string{`~ containerProperties.command: ["a","b"] -> ["b","a"]`}},
		{"defaults", "they mean the same as nothing", container(`"user":"u"`), `{"jobDefinitionName":"a","type":"container","platformCapabilities":["EC2"],"propagateTags":false,"parameters":{},"tags":{"aws:cloudformation:stack-id":"x"},
			"containerProperties":{"image":"i","user":"u","privileged":false,"readonlyRootFilesystem":false,"enableExecuteCommand":false,"fargatePlatformConfiguration":{"platformVersion":"LATEST"},
			"networkConfiguration":{"assignPublicIp":"DISABLED"},"runtimePlatform":{"operatingSystemFamily":"LINUX","cpuArchitecture":"X86_64"}},"retryStrategy":{"attempts":1,"evaluateOnExit":[]}}`, nil},
		{"no defaults", "these mean something", container(`"user":"u"`), `{"jobDefinitionName":"a","type":"container","platformCapabilities":["FARGATE"],"propagateTags":true,"parameters":{"p":"v"},"tags":{"team":"x"},
			"containerProperties":{"image":"i","user":"u","privileged":true},"retryStrategy":{"attempts":2},"timeout":{"attemptDurationSeconds":60},"schedulingPriority":0}`, []string{
			"+ containerProperties.privileged: true", "+ parameters[p]: (hidden)", `+ platformCapabilities: ["FARGATE"]`, "+ propagateTags: true",
			"+ retryStrategy.attempts: 2", "+ schedulingPriority: 0", `+ tags[team]: "x"`, "+ timeout.attemptDurationSeconds: 60",
		}},
		{"order of retry rules", "the first that matches decides", `{"retryStrategy":{"attempts":2,"evaluateOnExit":[{"action":"retry","onExitCode":"1"},{"action":"EXIT","onReason":"*"}]}}`, `{"retryStrategy":{"attempts":2,"evaluateOnExit":[{"action":"RETRY","onExitCode":"2"},{"action":"EXIT","onReason":"*"}]}}`, []string{`~ retryStrategy.evaluateOnExit[0].onExitCode: "1" -> "2"`}},
		{"containers of a task", "they have names, and no order", task(`{"name":"a","image":"i","essential":true},{"name":"b","image":"j"}`), task(`{"name":"b","image":"k"},{"name":"a","image":"i","dependsOn":[{"containerName":"b","condition":"START"}]}`), []string{
			`+ ecsProperties.taskProperties[0].containers[a].dependsOn[b]: "START"`, `~ ecsProperties.taskProperties[0].containers[b].image: "j" -> "k"`,
		}},
		{"a container without a name", "it has its place", task(`{"image":"i"}`), task(`{"image":"j"}`), []string{`~ ecsProperties.taskProperties[0].containers[0].image: "i" -> "j"`}},
		{"permissions of a device", "no permission stands for all three, in any order", container(`"linuxParameters":{"devices":[{"hostPath":"/d"}]}`), container(`"linuxParameters":{"devices":[{"hostPath":"/d","permissions":["WRITE","READ","MKNOD"]}]}`), nil},
		{"a volume", "its name alone says that it is there", task(`{"image":"i"}`), `{"jobDefinitionName":"a","type":"container","ecsProperties":{"taskProperties":[{"containers":[{"image":"i"}],"volumes":[{"name":"v","host":{}}]}]}}`, []string{`+ ecsProperties.taskProperties[0].volumes[v].name: "v"`}},
		{"a pod", "defaults of its own", pod(`"hostNetwork":true,"serviceAccountName":"a"`), pod(`"serviceAccountName":"a"`), nil},
		{"an emptyDir", "to be there is what it says", pod(`"volumes":[{"name":"v"}]`), pod(`"volumes":[{"name":"v","emptyDir":{}}]`), []string{"+ eksProperties.podProperties.volumes[v].emptyDir: {}"}},
		{"variables of a pod", "they are hidden too", pod(`"containers":[{"name":"c","env":[{"name":"A","value":"1"}]}]`), pod(`"containers":[{"name":"c","env":[{"name":"A","value":"2"}]}]`), []string{"~ eksProperties.podProperties.containers[c].env[A]: (hidden) -> (hidden)"}},
		{"node ranges", "they are told apart by their target", `{"nodeProperties":{"numNodes":2,"mainNode":0,"nodeRangeProperties":[{"targetNodes":"0","container":{"image":"i"}},{"targetNodes":"1:","container":{"image":"j"}}]}}`, `{"nodeProperties":{"numNodes":2,"mainNode":0,"nodeRangeProperties":[{"targetNodes":"1:","container":{"image":"k"}},{"targetNodes":"0","container":{"image":"i"}}]}}`, []string{`~ nodeProperties.nodeRangeProperties[1:].container.image: "j" -> "k"`}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			old, changed := decode(t, row.old), decode(t, row.new)
			if diff := cmp.Diff(row.want, lines(batchkit.Diff(old, changed))); diff != "" {
				t.Errorf("%s: -want +got\n%s", row.reason, diff)
			}
			back := batchkit.Diff(changed, old)
			if len(back) != len(row.want) {
				t.Errorf("%s: the other way there are %v", row.reason, lines(back))
			}
			for i, c := range batchkit.Diff(old, changed) {
				if back[i] != (batchkit.Change{Path: c.Path, Old: c.New, New: c.Old}) {
					t.Errorf("the other way %v is %v", c, back[i])
				}
			}
		})
	}
	if changes := batchkit.Diff(nil, nil); changes != nil {
		t.Errorf("two that are nothing differ in %v", changes)
	}
}

func decode(t *testing.T, text string) *batch.RegisterJobDefinitionInput {
	t.Helper()
	in := &batch.RegisterJobDefinitionInput{}
	if err := batchjson.Unmarshal([]byte(text), in); err != nil {
		t.Fatal(err)
	}
	return in
}

// A deployment that says what it changed, and makes no revision when it changed nothing.
func ExampleClient_EnsureDefinition() {
	ctx := context.Background()
	srv := batchtest.New()
	defer srv.Close()
	client := batchkit.NewClient(srv.Client())
	def := batchkit.Define("resize", batchkit.EC2("acme/resize:1").VCPU(1).Memory(512).Env("STORE", "s3://a"))

	for _, def := range []batchkit.Builder{
		def,
		def, // nothing new
		def.Timeout(time.Hour).Tag("team", "images"),
	} {
		ensured, err := client.EnsureDefinition(ctx, def, batchkit.KeepRevisions(5))
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(ensured.ARN, ensured.Registered)
		for _, change := range ensured.Changes {
			fmt.Println(" ", change)
		}
	}
	// Output:
	// arn:aws:batch:us-east-1:123456789012:job-definition/resize:1 true
	// arn:aws:batch:us-east-1:123456789012:job-definition/resize:1 false
	// arn:aws:batch:us-east-1:123456789012:job-definition/resize:2 true
	//   + tags[team]: "images"
	//   + timeout.attemptDurationSeconds: 3600
}

// What a deployment would change.
func ExampleDiff() {
	def := batchkit.Define("resize", batchkit.EC2("acme/resize:1").VCPU(1).Memory(512).Env("TOKEN", "abc"))
	changed := batchkit.Define("resize", batchkit.EC2("acme/resize:2").VCPU(1).Memory(512).Env("TOKEN", "xyz"))

	for _, change := range batchkit.Diff(def.Input(), changed.Input()) {
		fmt.Println(change)
	}
	// Output:
	// ~ containerProperties.environment[TOKEN]: (hidden) -> (hidden)
	// ~ containerProperties.image: "acme/resize:1" -> "acme/resize:2"
}
