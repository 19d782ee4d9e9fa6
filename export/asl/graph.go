package asl

import (
	"math/bits"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchkit"
)

// graph is the order of the steps of a plan.
type graph struct {
	plan  *batchkit.Plan
	steps map[string]int   // by name
	jobs  map[string][]int // steps that are a job, or parts of it, by the job's name and by their own
	on    [][]int          // the steps that each step waits for directly, gates included
}

func newGraph(plan *batchkit.Plan) *graph {
	g := &graph{plan: plan, steps: map[string]int{}, jobs: map[string][]int{}, on: make([][]int, len(plan.Steps))}
	for i := range plan.Steps {
		s := &plan.Steps[i]
		if _, taken := g.steps[s.Name]; !taken {
			g.steps[s.Name] = i
		}
		g.jobs[s.Name] = append(g.jobs[s.Name], i)
		if s.Job != s.Name {
			g.jobs[s.Job] = append(g.jobs[s.Job], i)
		}
	}
	for i := range plan.Steps {
		for _, d := range plan.Steps[i].DependsOn {
			g.on[i] = append(g.on[i], g.named(d.On)...)
		}
		for _, gate := range plan.Steps[i].Gates {
			g.on[i] = append(g.on[i], g.gated(gate.On)...)
		}
	}
	return g
}

// named returns the step of that name, if there is one.
func (g *graph) named(name string) []int {
	if i, ok := g.steps[name]; ok && name != "" {
		return []int{i}
	}
	return nil
}

// gated returns the steps that are a job, or parts of it.
func (g *graph) gated(job string) []int { return g.jobs[job] }

// A set holds some of the numbers below a limit.
type set []uint64

const word = 64

func newSet(limit int) set   { return make(set, (limit+word-1)/word) }
func (s set) add(i int)      { s[i/word] |= 1 << (i % word) }
func (s set) has(i int) bool { return s[i/word]&(1<<(i%word)) != 0 }
func (s set) addAll(others set) {
	for i, w := range others {
		s[i] |= w
	}
}
func (s set) len() (count int) {
	for _, w := range s {
		count += bits.OnesCount64(w)
	}
	return count
}

// before returns all that come before each node.
func before(on [][]int) []set {
	out := make([]set, len(on))
	var visit func(i int) set
	visit = func(i int) set {
		if out[i] == nil {
			out[i] = newSet(len(on))
			for _, j := range on[i] {
				out[i].add(j)
				out[i].addAll(visit(j))
			}
		}
		return out[i]
	}
	for i := range on {
		visit(i)
	}
	return out
}

// units joins steps that must be submitted together: those tied by N_TO_N, whose ids AWS Batch must be given, and whatever
// stands between such. They are the strongly connected parts of the graph in which N_TO_N leads both ways. All steps are
// one unit when the plan is to be native.
func (g *graph) units(native bool) [][]int {
	if native {
		all := make([]int, len(g.on))
		for i := range all {
			all[i] = i
		}
		return [][]int{all}
	}
	edges := make([][]int, len(g.on))
	for i := range g.on {
		edges[i] = append(edges[i], g.on[i]...)
		for _, d := range g.plan.Steps[i].DependsOn {
			if d.Type == types.ArrayJobDependencyNToN {
				for _, j := range g.named(d.On) {
					edges[j] = append(edges[j], i)
				}
			}
		}
	}
	reached := make([]set, len(edges))
	for i := range edges {
		reached[i] = newSet(len(edges))
		for next := []int{i}; len(next) > 0; {
			at := next[len(next)-1]
			next = next[:len(next)-1]
			if !reached[i].has(at) {
				reached[i].add(at)
				next = append(next, edges[at]...)
			}
		}
	}
	var units [][]int
	for i := range edges {
		u := slices.IndexFunc(units, func(steps []int) bool { return reached[i].has(steps[0]) && reached[steps[0]].has(i) })
		if u < 0 {
			u, units = len(units), append(units, nil)
		}
		units[u] = append(units[u], i)
	}
	return units
}

// blocks returns the structure of the machine, and whether it waits for more than the plan does.
func (g *graph) blocks(native bool) (*block, bool) {
	units := g.units(native)
	of := make([]int, len(g.on))
	for u, steps := range units {
		for _, s := range steps {
			of[s] = u
		}
	}
	on := make([][]int, len(units))
	all := make([]int, len(units))
	for u, steps := range units {
		all[u] = u
		for _, s := range steps {
			for _, j := range g.on[s] {
				if of[j] != u {
					on[u] = append(on[u], of[j])
				}
			}
		}
	}
	o := &order{before: before(on)}
	slices.SortStableFunc(all, func(a, b int) int { return o.before[a].len() - o.before[b].len() })
	b := o.compose(all)
	b.fill(units)
	return b, o.stronger
}

// fill puts the steps of the units in their place.
func (b *block) fill(units [][]int) {
	if b.unit != nil {
		b.unit.steps = units[b.unit.steps[0]]
	}
	for _, inner := range slices.Concat(b.series, b.parallel) {
		inner.fill(units)
	}
}
