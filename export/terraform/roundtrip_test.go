package terraform_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchtest/batchcmp"
	"github.com/batchkit/batchkit-go/export"
	"github.com/batchkit/batchkit-go/export/terraform"
	"github.com/batchkit/batchkit-go/internal/exporttest"
	"github.com/batchkit/batchkit-go/internal/source"
	"github.com/batchkit/batchkit-go/validate"
)

// values returns the attributes of the only resource of a configuration, as a plan shows them.
func values(t *testing.T, text []byte) map[string]any {
	t.Helper()
	var root struct {
		Resource map[string]map[string]map[string]any
	}
	if err := json.Unmarshal(text, &root); err != nil {
		t.Fatal(err)
	}
	for _, of := range root.Resource {
		for _, attributes := range of {
			return attributes
		}
	}
	t.Fatalf("no resource in %s", text)
	return nil
}

// evaluated fills in templates that hold no expression, as Terraform does.
func evaluated(v any) any {
	unescape := strings.NewReplacer("$${", "${", "%%{", "%{").Replace
	switch v := v.(type) {
	case string:
		return unescape(v)
	case []any:
		for i, inner := range v {
			v[i] = evaluated(inner)
		}
	case map[string]any:
		for name, inner := range v {
			delete(v, name)
			v[unescape(name)] = evaluated(inner)
		}
	}
	return v
}

// show is what terraform show -json says of a state with the one resource.
func show(t *testing.T, attributes any) []byte {
	t.Helper()
	text, err := json.Marshal(map[string]any{"format_version": "1.0", "values": map[string]any{"root_module": map[string]any{
		"resources": []any{map[string]any{
			"address": "aws_batch_job_definition.x", "mode": "managed", "type": "aws_batch_job_definition", "values": attributes,
		}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// checkShown compares a definition with what a state shows of it.
func checkShown(t *testing.T, name string, in *batch.RegisterJobDefinitionInput, shown []byte) {
	t.Helper()
	docs, err := source.Read("show.json", shown, "")
	if err != nil || len(docs) != 1 {
		t.Fatalf("%s: %d definitions, %v\n%s", name, len(docs), err, shown)
	}
	if diff := cmp.Diff(in, docs[0].Definition, append(batchcmp.CompareOptions(), emptyValues())...); diff != "" {
		t.Fatalf("%s: -before +after\n%s\n%s", name, diff, shown)
	}
	want, got := map[string]bool{}, map[string]bool{}
	for _, f := range validate.JobDefinition(in) {
		want[f.Rule+" "+f.Path] = true
	}
	for _, f := range docs[0].Judge(source.Rules{}) {
		got[f.Rule+" "+f.Path] = true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("%s: findings: -before +after\n%s", name, diff)
	}
}

// emptyValues makes a variable of a pod with an empty value equal to one without a value, as Kubernetes does.
func emptyValues() cmp.Option {
	return cmp.Transformer("value", func(e types.EksContainerEnvironmentVariable) [2]string {
		return [2]string{aws.ToString(e.Name), aws.ToString(e.Value)}
	})
}

func exported(t *testing.T, name string, in *batch.RegisterJobDefinitionInput) (text []byte, ok bool) {
	t.Helper()
	text, err := terraform.Configuration{}.JobDefinition("x", in).JSON()
	var refused *export.Error
	if errors.As(err, &refused) {
		return nil, false
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return text, true
}

func checkRoundTrip(t *testing.T, name string, in *batch.RegisterJobDefinitionInput) bool {
	t.Helper()
	text, ok := exported(t, name, in)
	if ok {
		checkShown(t, name, in, show(t, evaluated(values(t, text))))
	}
	return ok
}

func TestRoundTripOfTheBases(t *testing.T) {
	t.Parallel()
	refused := map[string]bool{}
	for _, d := range exporttest.Bases(t, "../..") {
		if !checkRoundTrip(t, d.Name, d.Input) {
			refused[d.Name] = true
		}
	}
	// Pods with claims, annotations and namespaces have no form in the provider.
	if diff := cmp.Diff(map[string]bool{"eks-pod.json": true, "submit-eks-pod.json": true}, refused); diff != "" {
		t.Errorf("refused: -want +got\n%s", diff)
	}
}

func TestRoundTripOfTheCorpus(t *testing.T) {
	t.Parallel()
	done, refused := 0, 0
	for _, d := range exporttest.Corpus(t) {
		if checkRoundTrip(t, d.Name, d.Input) {
			done++
		} else {
			refused++
		}
	}
	t.Logf("%d definitions exported, %d refused", done, refused)
	if done == 0 {
		t.Error("no definition of the corpus was exported")
	}
}

func TestRoundTripOfAnyDefinition(t *testing.T) {
	t.Parallel()
	done := 0
	for seed := range uint64(800) {
		if checkRoundTrip(t, fmt.Sprintf("seed %d", seed), someDefinition(seed)) {
			done++
		}
	}
	if done < 40 {
		t.Errorf("only %d of 800 definitions were exported, so this test tests little", done)
	}
}

// someDefinition is a definition by chance, without most of what is always refused.
func someDefinition(seed uint64) *batch.RegisterJobDefinitionInput {
	in := exporttest.Fill[batch.RegisterJobDefinitionInput](rand.New(rand.NewPCG(seed, 2)))
	in.JobDefinitionName, in.Type, in.ConsumableResourceProperties, in.RetryStrategy, in.Timeout = aws.String("x"), types.JobDefinitionTypeContainer, nil, nil, nil
	if in.PropagateTags == nil {
		in.PropagateTags = aws.Bool(false) // what the provider sends
	}
	container, ecs, eks, nodes := in.ContainerProperties, in.EcsProperties, in.EksProperties, in.NodeProperties
	in.ContainerProperties, in.EcsProperties, in.EksProperties, in.NodeProperties = nil, nil, nil, nil
	switch seed % 4 {
	case 0:
		in.ContainerProperties = container
	case 1:
		in.EcsProperties = ecs
	case 2:
		in.EksProperties = eks
	default:
		in.NodeProperties = nodes
		in.Type = types.JobDefinitionTypeMultinode
	}
	return in
}

// What looks like a template of Terraform, and is none.
var shellCommands = []string{"echo ${HOME}", "echo $${X} $$${Y} $", "date +%{x} %%{y} %", "echo ${X:-%{z}}", `echo "\${cfn.X}" '`}

func shell(command string) *batch.RegisterJobDefinitionInput {
	return &batch.RegisterJobDefinitionInput{
		JobDefinitionName: aws.String("x"), Type: types.JobDefinitionTypeContainer,
		Parameters:          map[string]string{command: command},
		ContainerProperties: &types.ContainerProperties{Image: aws.String("busybox"), Command: []string{"sh", "-c", command}},
	}
}

func TestShellVariablesStay(t *testing.T) {
	t.Parallel()
	for _, command := range shellCommands {
		if !checkRoundTrip(t, command, shell(command)) {
			t.Errorf("%s is refused", command)
		}
	}
}

// Terraform itself evaluates the texts of a configuration, for which it needs no provider.
func TestTerraformEvaluates(t *testing.T) {
	t.Parallel()
	binary, err := exec.LookPath("terraform")
	if err != nil {
		t.Skip("terraform is not on this machine, so it was not asked")
	}
	folder := t.TempDir()
	inputs, outputs := map[string]*batch.RegisterJobDefinitionInput{}, map[string]any{}
	add := func(name string, in *batch.RegisterJobDefinitionInput) {
		text, ok := exported(t, name, in)
		if !ok {
			return
		}
		id := fmt.Sprintf("d%d", len(inputs))
		inputs[id] = in
		outputs[id] = map[string]any{"value": values(t, text)}
	}
	for _, d := range exporttest.Bases(t, "../..") {
		add(d.Name, d.Input)
	}
	for seed := range uint64(300) {
		add("seed", someDefinition(seed))
	}
	for _, command := range shellCommands {
		add(command, shell(command))
	}
	// An expression may stand for a text with quotes, within the JSON of a text as well.
	const hard = `a"b\c`
	role := shell("echo ${HOME} " + terraform.Expr(`local.names["k"]`) + ` "%{x}"`)
	role.ContainerProperties.JobRoleArn = aws.String(terraform.Expr("local.hard"))
	add("expressions", role)
	role.ContainerProperties.Command[2] = "echo ${HOME} " + hard + ` "%{x}"`
	role.ContainerProperties.JobRoleArn = aws.String(hard)
	role.Parameters = map[string]string{role.ContainerProperties.Command[2]: role.ContainerProperties.Command[2]}

	text, err := json.Marshal(map[string]any{"output": outputs, "locals": map[string]any{
		"hard": hard, "names": map[string]any{"k": "${local.hard}"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "main.tf.json"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) []byte {
		cmd := exec.CommandContext(t.Context(), binary, args...)
		cmd.Dir = folder
		cmd.Env = append(os.Environ(), "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1")
		out, err := cmd.Output()
		if err != nil {
			var failed *exec.ExitError
			if errors.As(err, &failed) {
				t.Fatalf("terraform %v: %v\n%s", args, err, failed.Stderr)
			}
			t.Fatal(err)
		}
		return out
	}
	run("apply", "-auto-approve", "-no-color", "-input=false")
	var got map[string]struct{ Value json.RawMessage }
	if err := json.Unmarshal(run("output", "-json", "-no-color"), &got); err != nil {
		t.Fatal(err)
	}
	for id, in := range inputs {
		checkShown(t, id, in, show(t, got[id].Value))
	}
	if len(inputs) < 20 {
		t.Errorf("only %d definitions were evaluated", len(inputs))
	}
}

// Former revisions stay, unless they are to go.
func TestDiscard(t *testing.T) {
	t.Parallel()
	in := &batch.RegisterJobDefinitionInput{JobDefinitionName: aws.String("a"), Type: types.JobDefinitionTypeContainer}
	for _, test := range []struct {
		name, reason string
		set          []terraform.Setting
		want         any
	}{
		{"default", "jobs and workflows may name a former revision", nil, false},
		{"discard", "it is the provider's own default", []terraform.Setting{terraform.Discard()}, nil},
	} {
		text, err := terraform.Configuration{}.JobDefinition("x", in, test.set...).JSON()
		if err != nil {
			t.Fatal(err)
		}
		if got := values(t, text)["deregister_on_new_revision"]; got != test.want {
			t.Errorf("%s: deregister_on_new_revision is %v, want %v: %s", test.name, got, test.want, test.reason)
		}
	}
}
