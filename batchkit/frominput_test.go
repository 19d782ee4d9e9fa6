package batchkit_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/batchtest"
	"github.com/batchkit/batchkit-go/ecsprops"
	"github.com/batchkit/batchkit-go/eksprops"
	"github.com/batchkit/batchkit-go/internal/buildertest"
	"github.com/batchkit/batchkit-go/internal/corpus"
	"github.com/batchkit/batchkit-go/validate"
)

// existing are definitions of each kind, as somebody may have them in a file.
var existing = map[string]string{
	"container":  `{"jobDefinitionName":"a","type":"container","containerProperties":{"image":"busybox","command":[],"resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"128"}]},"tags":{},"retryStrategy":{"attempts":3}}`,
	"task":       `{"jobDefinitionName":"a","type":"container","ecsProperties":{"taskProperties":[{"containers":[{"name":"app","image":"busybox","resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"128"}]}]}]}}`,
	"pod":        `{"jobDefinitionName":"a","type":"container","eksProperties":{"podProperties":{"containers":[{"image":"busybox","resources":{"limits":{"cpu":"1","memory":"128Mi"}}}]}}}`,
	"nodes":      `{"jobDefinitionName":"a","type":"multinode","nodeProperties":{"numNodes":2,"mainNode":0,"nodeRangeProperties":[{"targetNodes":"0:","container":{"image":"busybox","resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"128"}]}}]}}`,
	"node tasks": `{"jobDefinitionName":"a","type":"multinode","nodeProperties":{"numNodes":2,"mainNode":0,"nodeRangeProperties":[{"targetNodes":"0:","ecsProperties":{"taskProperties":[{"containers":[{"image":"busybox"}]}]}}]}}`,
	"node pods":  `{"jobDefinitionName":"a","type":"multinode","nodeProperties":{"numNodes":2,"mainNode":0,"nodeRangeProperties":[{"targetNodes":"0:","eksProperties":{"podProperties":{"containers":[{"image":"busybox"}]}}}]}}`,
	"nothing":    `{}`,
}

// Each kind of definition goes in and comes out as it was, and takes the override that its payload takes.
func TestFromJSON(t *testing.T) {
	t.Parallel()
	for name, text := range existing {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			def, err := batchkit.FromJSON([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(decode(t, text), def.Input(), buildertest.Ignore); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
			got := map[string]bool{}
			_, got["container"] = batchkit.As[batchkit.ContainerOverride](def)
			_, got["task"] = batchkit.As[ecsprops.Overrides](def)
			_, got["pod"] = batchkit.As[eksprops.Overrides](def)
			_, got["nodes"] = batchkit.As[batchkit.NodeOverrides[batchkit.ContainerOverride]](def)
			_, got["node tasks"] = batchkit.As[batchkit.NodeOverrides[ecsprops.Overrides]](def)
			_, got["node pods"] = batchkit.As[batchkit.NodeOverrides[eksprops.Overrides]](def)
			for kind, ok := range got {
				if ok != (kind == name) {
					t.Errorf("it is a %s, and As says %t for a %s", name, ok, kind)
				}
			}
			if same, ok := batchkit.As[batchkit.Overriding](def); !ok || cmp.Diff(def.Input(), same.Input(), buildertest.Ignore) != "" {
				t.Error("every definition takes any override")
			}
		})
	}
}

func TestFromJSONErrors(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, reason, text, want string }{
		{"a typing error", "the service would drop it in silence", `{"jobDefinitionName":"a","containerProperties":{"imagge":"x"}}`, "containerProperties.imagge"},
		{"described, with a typing error", "it is read as strictly", `{"jobDefinitionArn":"arn","containerProperties":{"imagge":"x"}}`, "containerProperties.imagge"},
		{"no JSON", "there is nothing to read", ``, "reading a job definition"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			_, err := batchkit.FromJSON([]byte(row.text))
			var problems *batchjson.Error
			if !errors.As(err, &problems) || !strings.Contains(err.Error(), row.want) {
				t.Errorf("%s: got %v", row.reason, err)
			}
		})
	}
}

// A definition as the service shows it says the same as the one that was registered.
func TestFromDescription(t *testing.T) {
	t.Parallel()
	srv := batchtest.Start(t)
	if _, err := batchkit.NewClient(srv.Client()).Register(t.Context(), image("a")); err != nil {
		t.Fatal(err)
	}
	out, err := srv.Client().DescribeJobDefinitions(t.Context(), &batch.DescribeJobDefinitionsInput{})
	if err != nil {
		t.Fatal(err)
	}
	if changes := batchkit.Diff(image("a").Input(), batchkit.FromDescription(out.JobDefinitions[0]).Input()); len(changes) > 0 {
		t.Errorf("it differs in %v", changes)
	}
	text, err := batchjson.Marshal(out.JobDefinitions[0])
	if err != nil {
		t.Fatal(err)
	}
	def, err := batchkit.FromJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := def.Build(); err != nil {
		t.Error(err)
	}
}

// The builder shares nothing with what it was made of, and neither does what it builds.
func TestFromInputIsACopy(t *testing.T) {
	t.Parallel()
	in := decode(t, existing["container"])
	def := batchkit.FromInput(in)
	typed, _ := batchkit.As[batchkit.ContainerOverride](def)
	container := batchkit.EC2From(*in.ContainerProperties)
	other := container.Env("A", "1").VCPU(2)
	*in.ContainerProperties.Image = "scribbled"
	*in.ContainerProperties.ResourceRequirements[0].Value = "scribbled"
	*def.Input().ContainerProperties.Image = "scribbled"
	for name, got := range map[string]any{
		"FromInput": def.Input().ContainerProperties, "As": typed.Input().ContainerProperties, "EC2From": ptr(container.Properties()),
	} {
		if diff := cmp.Diff(decode(t, existing["container"]).ContainerProperties, got, buildertest.Ignore); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
	}
	if p := other.Properties(); *p.ResourceRequirements[0].Value != "2" || *p.Image != "busybox" {
		t.Errorf("the change is lost: %+v", p)
	}
	if p := batchkit.FargateFrom(other.Properties()).EphemeralStorage(30).Properties(); *p.Image != "busybox" || *p.EphemeralStorage.SizeInGiB != 30 {
		t.Errorf("got %+v", p)
	}
	if in := batchkit.FromInput(nil).Input(); cmp.Diff(&batch.RegisterJobDefinitionInput{}, in, buildertest.Ignore) != "" {
		t.Errorf("nil is %+v", in)
	}
}

func ptr[T any](v T) *T { return &v }

// A payload takes the place of another, and of its platform.
func TestWithPayload(t *testing.T) {
	t.Parallel()
	old := batchkit.Define("a", batchkit.Fargate("busybox")).Retry(3)
	in := old.WithPayload(batchkit.EC2("busybox").VCPU(1).Memory(128)).Input()
	if len(in.PlatformCapabilities) > 0 || *in.RetryStrategy.Attempts != 3 || *in.JobDefinitionName != "a" || len(in.ContainerProperties.ResourceRequirements) != 2 {
		t.Errorf("got %+v", in)
	}
	if in := old.WithPayload(nil).Input(); in.ContainerProperties != nil || in.Type != "" {
		t.Errorf("no payload left %+v", in)
	}
}

// Jobs of a definition whose kind is known at run time only: what does not fit is found when they are built.
func TestAnyOverride(t *testing.T) {
	t.Parallel()
	def, err := batchkit.FromJSON([]byte(existing["task"]))
	if err != nil {
		t.Fatal(err)
	}
	job := batchkit.Job("a", "queue", def)
	if _, err := job.Override(ecsprops.Override(ecsprops.For("app").Env("A", "1"))).Build(); err != nil {
		t.Error(err)
	}
	_, err = job.Override(batchkit.Override().Env("A", "1")).Build()
	var invalid *validate.InvalidError
	if !errors.As(err, &invalid) || invalid.Findings[0].Rule != "OVR001" {
		t.Errorf("got %v, want OVR001", err)
	}
	if _, err := job.Override(nil).Build(); err != nil {
		t.Error(err)
	}
}

// Every definition of the corpus that the service accepts goes in and comes out without loss.
func TestFromInputCorpus(t *testing.T) {
	t.Parallel()
	for _, item := range corpus.Read(t) {
		t.Run(item.Name, func(t *testing.T) {
			t.Parallel()
			if item.Kind != "RegisterJobDefinition" || item.Expect != "accepted" {
				t.Skip("no definition that is accepted")
			}
			def, err := batchkit.FromJSON(item.Input)
			if err != nil {
				t.Fatal(err)
			}
			want := decode(t, string(item.Input))
			got, err := def.Build()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got, buildertest.Ignore); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
			if changes := batchkit.Diff(want, got); len(changes) > 0 {
				t.Errorf("the same is told to differ in %v", changes)
			}
			text, err := batchjson.Marshal(got)
			if err != nil {
				t.Fatal(err)
			}
			again, err := batchkit.FromJSON(text)
			if err != nil || cmp.Diff(got, again.Input(), buildertest.Ignore) != "" {
				t.Errorf("it does not come back from its JSON: %v", err)
			}
		})
	}
}

// An existing definition is changed: its container gets a variable, and everything else stays.
func ExampleFromJSON() {
	def, err := batchkit.FromJSON([]byte(`{
		"jobDefinitionName": "resize", "type": "container", "retryStrategy": {"attempts": 3},
		"containerProperties": {"image": "acme/resize:1", "resourceRequirements": [
			{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "512"}]}
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	old, ok := batchkit.As[batchkit.ContainerOverride](def)
	if !ok {
		fmt.Println("not a definition of one container")
		return
	}
	changed := old.WithPayload(batchkit.EC2From(*old.Input().ContainerProperties).Memory(1024).Env("MODE", "fast"))

	_, err = changed.Build()
	fmt.Println(err)
	for _, change := range batchkit.Diff(old.Input(), changed.Input()) {
		fmt.Println(change)
	}
	// Output:
	// <nil>
	// + containerProperties.environment[MODE]: (hidden)
	// ~ containerProperties.resourceRequirements[MEMORY]: "512" -> "1024"
}
