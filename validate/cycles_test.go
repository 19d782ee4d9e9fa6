package validate

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// chain returns containers of which each waits for the one before.
func chain(n int) []types.TaskContainerProperties {
	out := make([]types.TaskContainerProperties, n)
	for i := range out {
		name := fmt.Sprintf("c%d", i)
		out[i].Name = &name
		if i > 0 {
			out[i].DependsOn = []types.TaskContainerDependency{{ContainerName: out[i-1].Name}}
		}
	}
	return out
}

// TestAcyclicAllocatesNothing does not run beside others: it counts what the whole program allocates.
func TestAcyclicAllocatesNothing(t *testing.T) {
	sound := task{containers: chain(maxContainers)}
	sound.resolve(nil)
	if n := testing.AllocsPerRun(100, func() {
		if !acyclic(&sound) {
			t.Error("a chain is taken for a cycle")
		}
	}); n != 0 {
		t.Errorf("%v allocations for a sound task, want none", n)
	}
}

// TestContainerCyclesOnRandomTasks compares the rule with a search that follows every path.
func TestContainerCyclesOnRandomTasks(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	cyclic := 0
	for range 2000 {
		containers := chain(r.IntN(9))
		for i := range containers {
			containers[i].DependsOn = nil
			for range r.IntN(3) {
				to := containers[r.IntN(len(containers))].Name
				containers[i].DependsOn = append(containers[i].DependsOn, types.TaskContainerDependency{ContainerName: to})
			}
		}
		p := &pass{rule: &Rule{}}
		random := task{containers: containers}
		random.resolve(nil)
		containerCycles(p, &random)
		if want := reachesItself(containers); want != (len(p.findings) > 0) {
			t.Fatalf("a cycle is there: %t, found: %v", want, p.findings)
		} else if want {
			cyclic++
		}
		for _, f := range p.findings {
			if !strings.Contains(f.Message, " → ") {
				t.Fatalf("no path in %v", f)
			}
		}
	}
	if cyclic == 0 || cyclic == 2000 {
		t.Errorf("%d of 2000 tasks have a cycle: the test compares nothing", cyclic)
	}
}

// reachesItself follows every path from every container. A dependency on itself does not count.
func reachesItself(containers []types.TaskContainerProperties) bool {
	var walk func(from, to int, seen map[int]bool) bool
	walk = func(from, to int, seen map[int]bool) bool {
		found := false
		eachTarget(containers, from, func(_, target int) {
			if target == to {
				found = true
			} else if !seen[target] {
				seen[target] = true
				found = walk(target, to, seen) || found
			}
		})
		return found
	}
	for i := range containers {
		if walk(i, i, map[int]bool{}) {
			return true
		}
	}
	return false
}

func TestContainerCyclesOfManyContainers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		reason string
		n      int
		close  bool // the first waits for the last
		want   int
	}{
		{name: "as many as bits", reason: "the last size without a graph", n: 64},
		{name: "more than bits", reason: "a task too long is judged all the same", n: 65},
		{name: "as many as bits in a circle", reason: "one cycle, not one for each container", n: 64, close: true, want: 1},
		{name: "more than bits in a circle", reason: "the graph alone decides", n: 200, close: true, want: 1},
		{name: "none", reason: "nothing to judge", n: 0},
	}
	for _, test := range tests {
		if test.name == "" || test.reason == "" {
			t.Fatal("a row needs a name and a reason")
		}
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			containers := chain(test.n)
			if test.close {
				containers[0].DependsOn = []types.TaskContainerDependency{{ContainerName: containers[test.n-1].Name}}
			}
			p := &pass{rule: &Rule{}}
			random := task{containers: containers}
			random.resolve(nil)
			containerCycles(p, &random)
			if len(p.findings) != test.want {
				t.Errorf("%d findings, want %d: %v", len(p.findings), test.want, p.findings)
			}
		})
	}
}
