package batchkit_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/ecsprops"
	"github.com/batchkit/batchkit-go/validate"
)

// Everything that is wrong with a workflow comes in one error, each fault with its path and its mend.
func TestAllFaultsAtOnce(t *testing.T) {
	t.Parallel()
	wf := badWorkflow()
	_, err := wf.Plan()

	var invalid *validate.InvalidError
	if !errors.As(err, &invalid) {
		t.Fatalf("got %v, want a *validate.InvalidError", err)
	}
	var got []string
	for _, f := range invalid.Findings {
		got = append(got, f.Rule+" "+f.Path)
		if f.Source == "" || !strings.Contains(f.Message, "must") {
			t.Errorf("%v: a finding must have a source and say what must hold", f)
		}
	}
	want := []string{
		"ECS008 definitions[bad].ecsProperties.taskProperties[0].containers[1].dependsOn[0].condition",
		"ECS007 definitions[bad].ecsProperties.taskProperties[0].containers[2].dependsOn[0].containerName",
		"ECS012 definitions[bad].ecsProperties.taskProperties[0].containers[3].dependsOn[0]",
		"CP001 definitions[bad].ecsProperties.taskProperties[0].containers[5].image",
		"ECS002 definitions[crowd].ecsProperties.taskProperties[0].containers",
		"DEP011 jobs[a].dependsOn[0]",
		"ARR001 jobs[array].arrayProperties.size",
		"DEP012 jobs[array].dependsOn[0]",
		"DEP001 jobs[many].dependsOn",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings: -want +got\n%s\n%v", diff, err)
	}
}

// badWorkflow breaks about everything that a workflow can break.
func badWorkflow() *batchkit.Workflow {
	plain := func(name string) ecsprops.EssentialContainer {
		return ecsprops.Essential(name, "busybox").VCPU(1).Memory(128)
	}
	helper := func(name string) ecsprops.NonEssentialContainer {
		return ecsprops.NonEssential(name, "busybox").VCPU(1).Memory(128)
	}
	// The compiler would not let a builder wait for the end of an essential container, so this goes past it.
	afterEnd := func(c *types.TaskContainerProperties) {
		name, condition := "main", "COMPLETE"
		c.DependsOn = []types.TaskContainerDependency{{ContainerName: &name, Condition: &condition}}
	}
	bad := batchkit.Define("bad", ecsprops.EC2(
		plain("main"),
		helper("late").Edit(afterEnd),
		helper("lost").AfterStart(helper("nobody")),
		helper("chicken").AfterStart(helper("egg")),
		helper("egg").AfterStart(helper("chicken")),
		ecsprops.NonEssential("blank", "").VCPU(1).Memory(128),
	))
	crowd := make([]ecsprops.Container, 11)
	for i := range crowd {
		crowd[i] = helper(fmt.Sprintf("c%d", i))
	}
	crowd[0] = plain("main")

	wf := batchkit.NewWorkflow("bad")
	wf.Add(batchkit.Job("a", "queue", bad), batchkit.After("b"))
	wf.Add(batchkit.Job("b", "queue", batchkit.Define("crowd", ecsprops.EC2(crowd...))), batchkit.After("a"))
	wf.Add(batchkit.Job("array", "queue", bad).Array(1), batchkit.After("nobody"))
	var all []batchkit.Node
	for i := range 21 {
		all = append(all, wf.Add(batchkit.Job(fmt.Sprintf("part-%d", i), "queue", batchkit.ECSRef("part"))))
	}
	wf.Add(batchkit.Job("many", "queue", batchkit.ECSRef("many")), batchkit.After(all...))
	return wf
}
