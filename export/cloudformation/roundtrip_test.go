package cloudformation_test

import (
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/export"
	"github.com/batchkit/batchkit-go/export/cloudformation"
	"github.com/batchkit/batchkit-go/internal/exporttest"
	"github.com/batchkit/batchkit-go/internal/source"
	"github.com/batchkit/batchkit-go/validate"
)

// A definition that becomes a template is found there again as it was, with the findings that it had, in either format.
func checkRoundTrip(t *testing.T, name string, in *batch.RegisterJobDefinitionInput) (exported bool) {
	t.Helper()
	template := cloudformation.New("").JobDefinition("Definition", in)
	for format, write := range map[string]func() ([]byte, error){"t.json": template.JSON, "t.yaml": template.YAML} {
		text, err := write()
		var refused *export.Error
		if errors.As(err, &refused) {
			return false
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		docs, err := source.Read(format, text, "")
		if err != nil || len(docs) != 1 {
			t.Fatalf("%s: %d definitions in the template, %v\n%s", name, len(docs), err, text)
		}
		if diff := cmp.Diff(exporttest.Wire(t, in), exporttest.Wire(t, docs[0].Definition)); diff != "" {
			t.Fatalf("%s: -before +after\n%s\n%s", name, diff, text)
		}
		var unknown []string
		if in.JobDefinitionName == nil {
			unknown = append(unknown, "jobDefinitionName")
		}
		want, got := map[string]bool{}, map[string]bool{}
		for _, f := range validate.JobDefinition(in, validate.Strict(), validate.WithUnknown(unknown...)) {
			want[f.Rule+" "+f.Path+" "+f.Message] = true
		}
		for _, f := range docs[0].Judge(source.Rules{Strict: true}) {
			got[f.Rule+" "+f.Path+" "+f.Message] = true
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s: findings: -before +after\n%s", name, diff)
		}
	}
	return true
}

func TestRoundTripOfAnyDefinition(t *testing.T) {
	t.Parallel()
	exported := 0
	for seed := range uint64(300) {
		in := exporttest.Fill[batch.RegisterJobDefinitionInput](rand.New(rand.NewPCG(seed, 1)))
		if seed%4 != 0 {
			in.NodeProperties = nil // what is refused is mostly in there
		}
		if in.ConsumableResourceProperties != nil && seed%4 != 1 {
			in.ConsumableResourceProperties = nil
		}
		if in.ContainerProperties != nil {
			in.ContainerProperties.InstanceType = nil
		}
		named(in)
		if checkRoundTrip(t, "seed", in) {
			exported++
		}
	}
	if exported < 100 {
		t.Errorf("only %d of 300 definitions were exported, so this test tests little", exported)
	}
}

// named names the container that a dependency waits for. A Condition by itself is a function of CloudFormation.
func named(in *batch.RegisterJobDefinitionInput) {
	tasks := []*types.EcsProperties{in.EcsProperties}
	if in.NodeProperties != nil {
		for _, r := range in.NodeProperties.NodeRangeProperties {
			tasks = append(tasks, r.EcsProperties)
		}
	}
	for _, p := range tasks {
		if p == nil {
			continue
		}
		for _, task := range p.TaskProperties {
			for _, c := range task.Containers {
				for i := range c.DependsOn {
					c.DependsOn[i].ContainerName = aws.String("other")
				}
			}
		}
	}
}

func TestRoundTripOfTheBases(t *testing.T) {
	t.Parallel()
	for _, d := range exporttest.Bases(t, "../..") {
		if !checkRoundTrip(t, d.Name, d.Input) {
			t.Errorf("%s is refused", d.Name)
		}
	}
}

func TestRoundTripOfTheCorpus(t *testing.T) {
	t.Parallel()
	exported, refused := 0, 0
	for _, d := range exporttest.Corpus(t) {
		if checkRoundTrip(t, d.Name, d.Input) {
			exported++
		} else {
			refused++
		}
	}
	t.Logf("%d definitions exported, %d refused", exported, refused)
	if exported == 0 {
		t.Error("no definition of the corpus was exported")
	}
}

// What is no reference stays as it is, also where it looks like the one of another language.
func TestShellVariablesStay(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, reason, command string }{
		{"variable", "a shell fills it in", "echo ${HOME} ${AWS_BATCH_JOB_ID}"},
		{"default", "a shell has forms with colons", "echo ${X:-y}"},
		{"dots of YAML", "no quotes are lost", `echo "a: b" 'c' # d`},
		{"dollars", "no escape is taken for one", "echo $$ $${X} ${!X}"},
	} {
		in := &batch.RegisterJobDefinitionInput{
			JobDefinitionName:   aws.String("shell"),
			Type:                types.JobDefinitionTypeContainer,
			ContainerProperties: &types.ContainerProperties{Image: aws.String("busybox"), Command: []string{"sh", "-c", row.command}},
		}
		if !checkRoundTrip(t, row.name+" ("+row.reason+")", in) {
			t.Errorf("%s is refused", row.name)
		}
	}
}
