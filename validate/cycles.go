package validate

import (
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/depgraph"
)

// containerCycles reports each cycle of a task's container dependencies once, at the first container on it.
// Which condition a dependency has makes no difference: the containers of a cycle never start.
func containerCycles(p *pass, t *task) {
	if acyclic(t) {
		return
	}
	var g depgraph.Graph[int]
	for i := range t.containers {
		g.Add(i)
		eachTarget(t.containers, i, func(_, target int) { g.Depend(i, target) })
	}
	for _, cycle := range faultsOf(&g).Cycles {
		var names []string
		for _, i := range cycle.Path {
			names = append(names, str(t.containers[i].Name))
		}
		first, next, edge := cycle.Path[0], cycle.Path[1], 0
		eachTarget(t.containers, first, func(i, target int) {
			if target == next {
				edge = i
			}
		})
		p.fail(at("containers", first, "dependsOn", edge), "must not lead back to its own container, found the cycle %s: none of them would ever start, remove one dependency", cycleText(names))
	}
}

// eachTarget visits the dependencies of one container that lead to another of the task.
// What names no container is ECS007's, and what names its own is ECS011's.
func eachTarget(containers []types.TaskContainerProperties, of int, visit func(i, target int)) {
	for i := range containers[of].DependsOn {
		if name := str(containers[of].DependsOn[i].ContainerName); name != "" {
			if target := containerNamed(containers, name); target >= 0 && target != of {
				visit(i, target)
			}
		}
	}
}

// acyclic reports whether the dependencies surely make no cycle, without allocating.
// It says no of a task that is too large for it.
func acyclic(t *task) bool {
	const most = 64
	containers := t.containers
	if len(t.targets) == 0 {
		return true
	}
	if len(containers) > most {
		return false
	}
	// waits holds for each container the set of those that it waits for, as bits.
	var waits [most]uint64
	next := 0
	for i := range containers {
		for j := range containers[i].DependsOn {
			// As in eachTarget.
			if target := t.targets[next]; target >= 0 && target != i && str(containers[i].DependsOn[j].ContainerName) != "" {
				waits[i] |= 1 << target
			}
			next++
		}
	}
	// Each round starts all that wait for nothing more. The cycles are what remains.
	var started uint64
	for range containers {
		before := started
		for i := range containers {
			if waits[i]&^started == 0 {
				started |= 1 << i
			}
		}
		if started == before {
			break
		}
	}
	return started == 1<<len(containers)-1
}

// faultsOf returns what is wrong with a graph, nothing when it is sound.
func faultsOf[K comparable](g *depgraph.Graph[K]) *depgraph.ResolveError[K] {
	var fault *depgraph.ResolveError[K]
	if _, err := g.Resolve(); !errors.As(err, &fault) {
		return &depgraph.ResolveError[K]{}
	}
	return fault
}

// cycleText writes a cycle from its first node back to it.
func cycleText(path []string) string {
	return strings.Join(path, " → ") + " → " + path[0]
}
