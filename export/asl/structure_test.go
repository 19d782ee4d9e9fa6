package asl

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/validate"
)

// In every order of jobs each job has one place, and no edge is lost: who waits comes later, or is submitted together with
// what it waits for.
func TestStructureKeepsEdges(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		dice := rand.New(rand.NewPCG(seed, 1))
		plan := randomPlan(dice)
		g := newGraph(plan)
		root, _ := g.blocks(false)
		if places := root.steps(); len(places) != len(plan.Steps) {
			t.Fatalf("seed %d: %d places for %d steps", seed, len(places), len(plan.Steps))
		}
		for i, on := range g.on {
			for _, j := range on {
				if !root.keeps(j, i) {
					t.Errorf("seed %d: %d no longer waits for %d", seed, i, j)
				}
			}
		}
		for i := range plan.Steps {
			for _, d := range plan.Steps[i].DependsOn {
				if d.Type == types.ArrayJobDependencyNToN && !root.together(g.named(d.On)[0], i) {
					t.Errorf("seed %d: %d is apart from %s", seed, i, d.On)
				}
			}
		}
	}
}

func randomPlan(dice *rand.Rand) *batchkit.Plan {
	plan := &batchkit.Plan{}
	chance := dice.Float64()
	for i := range 1 + dice.IntN(14) {
		s := batchkit.Step{Name: fmt.Sprint("s", i), Job: fmt.Sprint("s", i)}
		for j := range i {
			on := fmt.Sprint("s", j)
			switch n := dice.Float64(); {
			case n > chance:
			case n < 0.02:
				s.DependsOn = append(s.DependsOn, validate.Dependency{On: on, Type: types.ArrayJobDependencyNToN})
			case n < 0.1:
				s.Gates = append(s.Gates, batchkit.Gate{On: on, When: batchkit.GateEnded})
			default:
				s.DependsOn = append(s.DependsOn, validate.Dependency{On: on})
			}
		}
		plan.Steps = append(plan.Steps, s)
	}
	return plan
}

// steps are all steps of a block.
func (b *block) steps() []int {
	if b.unit != nil {
		return b.unit.steps
	}
	var out []int
	for _, inner := range slices.Concat(b.series, b.parallel) {
		out = append(out, inner.steps()...)
	}
	return out
}

// keeps says whether the one step comes before the other in the block, or in a unit with it.
func (b *block) keeps(first, then int) bool {
	if b.unit != nil {
		return slices.Contains(b.unit.steps, first) && slices.Contains(b.unit.steps, then)
	}
	at := func(list []*block, step int) int {
		return slices.IndexFunc(list, func(inner *block) bool { return slices.Contains(inner.steps(), step) })
	}
	if b.series != nil {
		i, j := at(b.series, first), at(b.series, then)
		return i >= 0 && i < j || i == j && i >= 0 && b.series[i].keeps(first, then)
	}
	i := at(b.parallel, first)
	return i >= 0 && i == at(b.parallel, then) && b.parallel[i].keeps(first, then)
}

// together says whether the steps are in one unit.
func (b *block) together(a, c int) bool {
	if b.unit != nil {
		return slices.Contains(b.unit.steps, a) && slices.Contains(b.unit.steps, c)
	}
	return slices.ContainsFunc(slices.Concat(b.series, b.parallel), func(inner *block) bool { return inner.together(a, c) })
}

// Names of states are short enough and unique, whatever the names of the jobs.
func TestNames(t *testing.T) {
	t.Parallel()
	x := &exporter{names: map[string]bool{}}
	long := fmt.Sprintf("%0128d", 1)
	for range 12 {
		for _, job := range []string{long, long[:127] + "2", "short", ""} {
			for _, what := range []string{"", "failed with a reason"} {
				if name := x.name(job, what); len(name) > maxName {
					t.Errorf("%q has %d characters", name, len(name))
				}
			}
		}
	}
	if len(x.names) != 12*4*2 {
		t.Errorf("%d names for %d states", len(x.names), 12*4*2)
	}
	if a, b := jobName(long), jobName(long[:127]+"2"); a == b || len(a) != len("States.Format('{}-', $.run)")+maxJobName-hashLength-1 {
		t.Errorf("names of jobs stay apart when they are cut: %s and %s", a, b)
	}
}
