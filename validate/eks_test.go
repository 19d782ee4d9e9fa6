package validate_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/validate"
)

// TestPods holds the rules of pods to one finding for one fault, and to every fault of several at once.
// What is wanted is every finding, of every severity, as "rule path".
func TestPods(t *testing.T) {
	t.Parallel()
	const (
		pod       = "definition.eksProperties.podProperties."
		resources = pod + "containers[1].resources"
		labels    = pod + "metadata.labels"
		at        = "eksProperties.podProperties."
		first     = at + "containers[0]."
		second    = at + "containers[1]."
	)
	tests := []struct {
		name   string
		reason string
		set    map[string]string
		want   []string
	}{
		{name: "pod with everything", reason: "nothing is wrong with it"},
		{
			name: "no pod", reason: "a pod without a container is none",
			set:  map[string]string{"definition.eksProperties": `{}`},
			want: []string{"EKS001 " + at + "containers"},
		},
		{
			name: "no resources at all", reason: "one finding for both of them", set: map[string]string{resources: `null`},
			want: []string{"EKS008 " + second + "resources"},
		},
		{
			name: "init container without resources", reason: "it is a container too",
			set:  map[string]string{pod + "initContainers[0].resources": `{}`},
			want: []string{"EKS008 " + at + "initContainers[0].resources"},
		},
		{
			name: "misspelt memory", reason: "it is not missing, its name is wrong",
			set:  map[string]string{resources: `{"limits":{"cpu":"1","Memory":"512Mi"}}`},
			want: []string{"EKS009 " + second + "resources.limits.Memory"},
		},
		{
			name: "every quantity wrong", reason: "no fault hides another, and what cannot be read is not compared",
			set: map[string]string{resources: `{
				"limits":{"cpu":"0.3","memory":"3Mi","nvidia.com/gpu":"one"},
				"requests":{"cpu":"-1","memory":"512","nvidia.com/gpu":"0.5","disk":"1"}}`},
			want: []string{
				"EKS012 " + second + "resources.limits.cpu", "EKS010 " + second + "resources.limits.memory", "EKS014 " + second + "resources.limits.nvidia.com/gpu",
				"EKS012 " + second + "resources.requests.cpu", "EKS009 " + second + "resources.requests.disk",
				"EKS010 " + second + "resources.requests.memory", "EKS014 " + second + "resources.requests.nvidia.com/gpu",
			},
		},
		{
			name: "the same amount in other words", reason: "numbers are compared, not texts",
			set: map[string]string{resources: `{"limits":{"cpu":"1","memory":"0512Mi"},"requests":{"cpu":"1.00","memory":"512Mi"}}`},
		},
		{
			name: "more memory than a number holds", reason: "it is no amount",
			set:  map[string]string{resources: `{"limits":{"cpu":"1","memory":"99999999999999999999Mi"}}`},
			want: []string{"EKS010 " + second + "resources.limits.memory"},
		},
		{
			name: "an image that is empty, one that is absent", reason: "what is absent is the matter of the rule on what is required",
			set:  map[string]string{pod + "containers[0].image": `""`, pod + "containers[1].image": `null`},
			want: []string{"EKS003 " + first + "image", "JD022 " + second + "image"},
		},
		{
			name: "init container without a name", reason: "there is always another container beside it",
			set:  map[string]string{pod + "initContainers[0].name": `null`},
			want: []string{"EKS005 " + at + "initContainers[0].name"},
		},
		{
			name: "init container without a name beside one container", reason: "the two are several",
			set: map[string]string{
				pod + "containers":             `[{"image":"a","resources":{"limits":{"cpu":"1","memory":"512Mi"}}}]`,
				pod + "initContainers[0].name": `null`,
			},
			want: []string{"EKS005 " + at + "initContainers[0].name"},
		},
		{
			name: "eleven images", reason: "the limit is that of multi-node jobs",
			set: map[string]string{pod + "containers": images(10)},
		},
		{
			name: "names of 64 characters and with a hyphen first", reason: "both ends of what is allowed",
			set: map[string]string{
				pod + "containers[0].name": `"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"`,
				pod + "containers[1].name": `"-log"`,
			},
			want: []string{"EKS007 " + first + "name", "EKS007 " + second + "name"},
		},
		{
			name: "labels at the edges", reason: "63 characters, one character, and nothing",
			set: map[string]string{labels: `{"a":"","b_2":"z","acme.example/x":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}`},
		},
		{
			name: "keys that are none", reason: "empty, no name, no prefix, a prefix in capitals, a dot at the end",
			set: map[string]string{labels: `{"":"1","acme.example/":"1","/name":"1","Acme.example/name":"1","name.":"1"}`},
			want: []string{
				"EKS033 " + at + "metadata.labels.", "EKS033 " + at + "metadata.labels./name", "EKS033 " + at + "metadata.labels.Acme.example/name",
				"EKS033 " + at + "metadata.labels.acme.example/", "EKS033 " + at + "metadata.labels.name.",
			},
		},
		{
			name: "reserved prefixes", reason: "all three, and neither their subdomains nor names that look alike",
			set: map[string]string{
				labels:                       `{"kubernetes.io/a":"1","k8s.io/a":"1","node.kubernetes.io/a":"1","kubernetes.io":"1"}`,
				pod + "metadata.annotations": `{"batch.amazonaws.com/a":"1","amazonaws.com/a":"1"}`,
			},
			want: []string{
				"EKS035 " + at + "metadata.annotations.batch.amazonaws.com/a",
				"EKS035 " + at + "metadata.labels.k8s.io/a", "EKS035 " + at + "metadata.labels.kubernetes.io/a",
			},
		},
		{
			name: "namespace with an underscore", reason: "it is no namespace, so what it begins with does not matter",
			set:  map[string]string{pod + "metadata.namespace": `"kube_system"`},
			want: []string{"EKS030 " + at + "metadata.namespace"},
		},
		{
			name: "empty namespace", reason: "one that is given must not be empty",
			set:  map[string]string{pod + "metadata.namespace": `""`},
			want: []string{"EKS030 " + at + "metadata.namespace"},
		},
		{
			name: "volumes without a kind and with a name again", reason: "each is found for itself",
			set: map[string]string{pod + "volumes[3]": `{"name":"results"}`, pod + "volumes[2].name": `"scratch"`},
			want: []string{
				"EKS020 " + at + "initContainers[0].volumeMounts[1].name", "EKS023 " + at + "volumes[2].name", "EKS023 " + at + "volumes[3]",
			},
		},
		{
			name: "names of volumes that are absent", reason: "the rule on what is required says so, for the mount its own rule",
			set: map[string]string{pod + "volumes[3].name": `null`, pod + "containers[1].volumeMounts[0].name": `null`},
			want: []string{
				"EKS020 " + second + "volumeMounts[0].name", "JD022 " + at + "volumes[3].name",
			},
		},
		{
			name: "hostPath without a path", reason: "nothing is not absolute", set: map[string]string{pod + "volumes[1].hostPath": `{}`},
			want: []string{"EKS028 " + at + "volumes[1].hostPath.path"},
		},
		{
			name: "environment of a pod", reason: "the rules of all environments hold here, and find it in env",
			set: map[string]string{pod + "initContainers[0].env": `[{"name":"AWS_BATCH_X","value":"1"},{"name":"A"},{"name":"A"},{}]`},
			want: []string{
				"CP006 " + at + "initContainers[0].env[0].name", "CP008 " + at + "initContainers[0].env[2].name", "JD022 " + at + "initContainers[0].env[3].name",
			},
		},
		{
			name: "more variables than usual", reason: "the last one is judged too",
			set:  map[string]string{pod + "containers[0].env": `[{"name":"A"},{"name":"B"},{"name":"C"},{"name":"D"},{"name":"E"},{"name":"F"},{"name":"G"},{"name":"H"},{"name":"I"},{"name":""}]`},
			want: []string{"EKS038 " + first + "env[9].name"},
		},
		{
			name: "privileged without escalation", reason: "one includes the other",
			set:  map[string]string{pod + "containers[0].securityContext.privileged": `true`},
			want: []string{"EKS039 " + first + "securityContext.allowPrivilegeEscalation"},
		},
		{
			name: "kept alive by a script", reason: "the shell waits as long as the command",
			set:  map[string]string{pod + "containers[1].args": `["-c","prepare; sleep infinity"]`, pod + "initContainers[0].command": `["/bin/sleep","infinity"]`},
			want: []string{"EKS044 " + at + "containers[1]", "EKS044 " + at + "initContainers[0]"},
		},
	}
	for _, test := range tests {
		if test.name == "" || test.reason == "" {
			t.Fatal("a row needs a name and a reason")
		}
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, found(judge(t, "eks-pod", raw(test.set)))); diff != "" {
				t.Errorf("%s: findings (-want +got):\n%s", test.reason, diff)
			}
		})
	}
}

// images are n containers, each of an image of its own.
func images(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf(`{"name":"i%d","image":"i%d","resources":{"limits":{"cpu":"1","memory":"512Mi"}}}`, i, i)
	}
	return "[" + strings.Join(list, ",") + "]"
}

// TestPodRulesHoldInNodeRanges moves the failing pods into a node range, where the same rules hold.
func TestPodRulesHoldInNodeRanges(t *testing.T) {
	t.Parallel()
	const (
		member = "eksProperties."
		inside = "nodeProperties.nodeRangeProperties[0].eksProperties."
	)
	moved := 0
	for _, c := range loadCases(t) {
		if c.On != "eks-pod" {
			continue
		}
		moved++
		t.Run(c.Rule, func(t *testing.T) {
			t.Parallel()
			set := map[string]json.RawMessage{}
			for path, value := range c.Fail.Set {
				set[strings.Replace(path, "definition."+member, "definition."+inside, 1)] = value
			}
			at := strings.Replace(c.Fail.At, member, inside, 1)
			findings := judge(t, "multinode-eks", set, validate.Strict())
			if !slices.ContainsFunc(findings, func(f validate.Finding) bool { return f.Rule == c.Rule && f.Path == at }) {
				t.Errorf("%s: no %s at %q, only %v", c.Fail.Reason, c.Rule, at, findings)
			}
			for _, f := range findings.Errors() {
				if f.Rule != c.Rule {
					t.Errorf("%s: also got %v", c.Fail.Reason, f)
				}
			}
		})
	}
	if moved < 40 {
		t.Errorf("only %d cases were moved", moved)
	}
}

// TestPodServiceText holds findings to what the service says of the same input.
func TestPodServiceText(t *testing.T) {
	t.Parallel()
	const pod = "definition.eksProperties.podProperties."
	tests := []struct {
		name, reason, path, value, rule, want string
	}{
		{"cpu", "the value is in it", pod + "containers[1].resources", `{"limits":{"cpu":"250m","memory":"512Mi"}}`, "EKS012", "Value 250m for type cpu in resources is not valid. Provide a valid number and unit."},
		{"name", "the name is in it", pod + "initContainers[0].name", `"log"`, "EKS004", "The container name: log must be unique in multi-container job."},
		{"label", "the kind of key and its prefix are in it", pod + "metadata.labels", `{"k8s.io/a":"1"}`, "EKS035", "The prefix k8s.io of the pod label key cannot contain terms from the Kubernetes reserved namespaces."},
		{"annotation", "the kind of key and its prefix are in it", pod + "metadata.annotations", `{"k8s.io/a":"1"}`, "EKS035", "The prefix k8s.io of the pod annotation key cannot contain terms from the Kubernetes reserved namespaces."},
		{"key", "only the name is in it", pod + "metadata.labels", `{"acme.example/a b":"1"}`, "EKS033", "The name a b of the pod label key does not match a valid pattern."},
		{"too many", "the text is about none", pod + "containers", `[{},{},{},{},{},{},{},{},{},{},{}]`, "EKS001", ""},
	}
	for _, test := range tests {
		if test.name == "" || test.reason == "" {
			t.Errorf("a row needs a name and a reason: %+v", test)
		}
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, f := range judge(t, "eks-pod", raw(map[string]string{test.path: test.value})) {
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

// TestSoundPodsCostNothing compares runs over valid definitions with the rules of pods and nodes and with none:
// those must not add a single allocation. It counts, and therefore is not parallel.
func TestSoundPodsCostNothing(t *testing.T) {
	for _, base := range []string{"eks-pod", "multinode-eks", "multinode-ranges"} {
		data, err := os.ReadFile("testdata/bases/" + base + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var parts struct{ Definition json.RawMessage }
		if err := json.Unmarshal(data, &parts); err != nil {
			t.Fatal(err)
		}
		var def batch.RegisterJobDefinitionInput
		if err := batchjson.Unmarshal(parts.Definition, &def); err != nil {
			t.Fatal(err)
		}
		var none, all []string
		for _, r := range validate.Rules() {
			none = append(none, r.ID)
			// The other rules stay off: they have reasons of their own to allocate.
			if strings.HasPrefix(r.ID, "EKS") || strings.HasPrefix(r.ID, "MNP") {
				all = append(all, "not "+r.ID)
			} else {
				all = append(all, r.ID)
			}
		}
		count := func(disabled []string) float64 {
			option := validate.Disable(disabled...)
			return testing.AllocsPerRun(100, func() {
				if found := validate.JobDefinition(&def, option); len(found) > 0 {
					t.Fatalf("%s: %v", base, found)
				}
			})
		}
		if with, without := count(all), count(none); with > without {
			t.Errorf("%s: %v allocations with the rules, %v without", base, with, without)
		}
	}
}
