package validate_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/validate"
)

// TestPodOverrides holds what a submission changes in pods and in ranges of nodes to one finding for one fault.
// What is wanted is every finding, of every severity, as "rule path".
func TestPodOverrides(t *testing.T) {
	t.Parallel()
	const (
		pod    = "submission.eksPropertiesOverride.podProperties"
		nodes  = "submission.nodeOverrides"
		ranges = "definition.nodeProperties.nodeRangeProperties"
		at     = "eksPropertiesOverride.podProperties."
		inNode = "nodeOverrides.nodePropertyOverrides[0]."
		figure = `"resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"512"}]`
	)
	tests := []struct {
		name   string
		reason string
		on     string
		set    map[string]string
		want   []string
	}{
		{
			name: "resources that are complete", reason: "they may replace those of the definition", on: "submit-eks-pod",
			set: map[string]string{pod: `{"containers":[{"name":"app","resources":{"limits":{"cpu":"1","memory":"512Mi"}}}]}`},
		},
		{
			name: "a part that goes with the definition", reason: "the limit stays above the request", on: "submit-eks-pod",
			set: map[string]string{pod: `{"containers":[{"name":"app","resources":{"limits":{"cpu":"8"}}}]}`},
		},
		{
			name: "requests beside the limits of the definition", reason: "each resource is compared", on: "submit-eks-pod",
			set: map[string]string{pod: `{"containers":[{"name":"app","resources":{"requests":{"cpu":"4","nvidia.com/gpu":"2"}}}]}`},
			want: []string{
				"OVR016 " + at + "containers[0].resources.requests.cpu", "OVR016 " + at + "containers[0].resources.requests.nvidia.com/gpu",
			},
		},
		{
			name: "resources of an init container", reason: "its request is above the limit of the definition", on: "submit-eks-pod",
			set:  map[string]string{pod: `{"initContainers":[{"name":"fetch","resources":{"requests":{"memory":"1024Mi"}}}]}`},
			want: []string{"OVR016 " + at + "initContainers[0].resources.requests.memory"},
		},
		{
			name: "resources of the only container", reason: "it needs no name", on: "submit-eks",
			set:  map[string]string{pod: `{"containers":[{"resources":{"requests":{"memory":"2048Mi"}}}]}`},
			want: []string{"OVR016 " + at + "containers[0].resources.requests.memory"},
		},
		{
			name: "environment of an init container", reason: "it is judged as that of other containers", on: "submit-eks-pod",
			set:  map[string]string{pod: `{"initContainers":[{"name":"fetch","env":[{"name":"AWS_BATCH_X","value":"1"}]}]}`},
			want: []string{"CP006 " + at + "initContainers[0].env[0].name"},
		},
		{
			name: "resources for nobody", reason: "the name is at fault", on: "submit-eks-pod",
			set:  map[string]string{pod: `{"containers":[{"name":"main","resources":{"requests":{"cpu":"9"}}}]}`},
			want: []string{"OVR015 " + at + "containers[0].name"},
		},
		{
			name: "values that are wrong by themselves", reason: "the rules of pods judge overrides too", on: "submit-eks-pod",
			set: map[string]string{pod: `{
				"containers":[{"name":"app","env":[{"name":"AWS_BATCH_X","value":"1"},{"name":""}],"resources":{"limits":{"memory":"1Gi"},"requests":{"memory":""}}}],
				"metadata":{"namespace":"default","labels":{"a b":"1"},"annotations":{"k8s.io/a":"1"}}}`},
			want: []string{
				"CP006 " + at + "containers[0].env[0].name", "EKS038 " + at + "containers[0].env[1].name",
				"EKS010 " + at + "containers[0].resources.limits.memory", "EKS016 " + at + "containers[0].resources.requests.memory",
				"EKS035 " + at + "metadata.annotations.k8s.io/a", "EKS033 " + at + "metadata.labels.a b", "EKS031 " + at + "metadata.namespace",
			},
		},
		{
			name: "no definition", reason: "values are judged by themselves", on: "submit",
			set:  map[string]string{pod: `{"containers":[{"resources":{"limits":{"cpu":"100m"}}}]}`},
			want: []string{"EKS012 " + at + "containers[0].resources.limits.cpu"},
		},
		{
			name: "pods of nodes", reason: "the range is known by its nodes", on: "submit-multinode-eks",
			set: map[string]string{nodes: `{"nodePropertyOverrides":[{"targetNodes":"0:3","eksPropertiesOverride":{"podProperties":{
				"containers":[{"name":"app","resources":{"limits":{"memory":"1024Mi"}},"env":[{"name":"AWS_BATCH_X","value":"1"}]}],"metadata":{"namespace":"kube-a"}}}}]}`},
			want: []string{
				"CP006 " + inNode + at + "containers[0].env[0].name", "OVR016 " + inNode + at + "containers[0].resources.limits.memory",
				"EKS032 " + inNode + at + "metadata.namespace",
			},
		},
		{
			name: "older members of one range of two", reason: "only that range has the requirement", on: "submit-multinode",
			set: map[string]string{
				ranges: `[{"targetNodes":"0","container":{"image":"a",` + figure + `}},{"targetNodes":"1:","container":{"image":"a","vcpus":1,"memory":512}}]`,
				nodes:  `{"nodePropertyOverrides":[{"targetNodes":"0","containerOverrides":{"vcpus":2}},{"targetNodes":"1:3","containerOverrides":{"vcpus":2}}]}`,
			},
			want: []string{"OVR008 " + inNode + "containerOverrides.vcpus"},
		},
		{
			name: "older members of a range that is none", reason: "the range is at fault", on: "submit-multinode",
			set:  map[string]string{nodes: `{"nodePropertyOverrides":[{"targetNodes":"1","containerOverrides":{"vcpus":2}}]}`},
			want: []string{"OVR019 " + inNode + "targetNodes"},
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

// TestMilderOverrides wants a warning of a rule whose severity is error, where it is not known that the service minds.
func TestMilderOverrides(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, reason, on, member, value string
		opts                            []validate.Option
		rule                            string
		want                            validate.Severity
	}{
		{"nodes on EC2", "a public sample does it", "submit-container-ec2", "nodeOverrides", `{"numNodes":2}`, nil, "OVR004", validate.Warning},
		{"nodes on Fargate", "the service says so", "submit-container-fargate", "nodeOverrides", `{"numNodes":2}`, nil, "OVR004", validate.Error},
		{"tasks for a container", "there is no task of that kind to change", "submit-container-ec2", "ecsPropertiesOverride", `{}`, nil, "OVR005", validate.Warning},
		{"tasks for nodes", "they have their place in nodeOverrides", "submit-multinode-ecs", "ecsPropertiesOverride", `{}`, nil, "OVR005", validate.Warning},
		{"tasks for a pod", "the service says so", "submit-eks", "ecsPropertiesOverride", `{}`, nil, "OVR005", validate.Error},
		{"tags of a pod's job", "for definitions only is the answer of the service known", "submit-eks", "propagateTags", `true`, nil, "JD014", validate.Warning},
		{
			"a severity of one's own", "the option is about all findings of the rule", "submit-container-ec2", "ecsPropertiesOverride", `{}`,
			[]validate.Option{validate.WithSeverity("OVR005", validate.Error)}, "OVR005", validate.Error,
		},
	}
	for _, test := range tests {
		if test.name == "" || test.reason == "" {
			t.Errorf("a row needs a name and a reason: %+v", test)
		}
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for _, f := range judge(t, test.on, raw(map[string]string{"submission." + test.member: test.value}), test.opts...) {
				if f.Rule == test.rule {
					if f.Severity != test.want || f.Path != test.member {
						t.Errorf("%s: got a finding of severity %v at %s, want %v at %s", test.reason, f.Severity, f.Path, test.want, test.member)
					}
					return
				}
			}
			t.Errorf("%s: no finding of %s", test.reason, test.rule)
		})
	}
}
