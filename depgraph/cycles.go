package depgraph

import (
	"cmp"
	"slices"
)

// MaxCycles is the most cycles that one [ResolveError] reports. What they leave
// out is counted in ResolveError.Uncovered.
const MaxCycles = 100

// coverSteps is how many dependencies the search for second and further cycles
// may look at in a small graph. It is enough for MaxCycles in a ring of diamonds
// with 4,000 nodes, where each is thousands of nodes long.
const coverSteps = 1 << 20

// cycles returns cycles in the order of the package documentation, and how many
// dependencies on others are left out. The nodes in sorted are known to be on
// none.
func (g *Graph[K]) cycles(deps, dependents adjacency, sorted []int32) (found []*CycleError[K], uncovered int) {
	ids := g.byRank()
	rank := make([]int32, len(ids))
	for r, id := range ids {
		rank[id] = int32(r)
	}
	earlier := func(a, b int32) int { return cmp.Compare(rank[a], rank[b]) }

	t := newTangles(deps, dependents, sorted)
	t.represent(ids)
	t.cover(ids)
	for i, path := range t.paths {
		first := slices.Index(path, slices.MinFunc(path, earlier))
		t.paths[i] = slices.Concat(path[first:], path[:first])
	}
	slices.SortStableFunc(t.paths, func(a, b []int32) int { return earlier(a[0], b[0]) })
	for _, path := range t.paths {
		found = append(found, &CycleError[K]{Path: g.names.lookup(path)})
	}
	return found, t.uncovered()
}

// tangles is the part of a graph that cycles can be in: its strongly connected
// components.
type tangles struct {
	deps      adjacency
	component []int32 // by id; 0 is a node that cannot be on a cycle
	search    search
	paths     [][]int32 // the cycles found, at most MaxCycles
	covered   bitset    // by index into deps.to: the edges on them
}

func newTangles(deps, dependents adjacency, sorted []int32) *tangles {
	component := components(deps, sorted)
	return &tangles{
		deps:      deps,
		component: component,
		search:    newSearch(deps, dependents, component),
		covered:   newBitset(len(deps.to)),
	}
}

// represent finds one cycle of each component. As no search leaves its
// component, all of them together take no longer than one through the graph.
func (t *tangles) represent(ids []int32) {
	met := make(map[int32]bool)
	for _, id := range ids {
		if len(t.paths) == MaxCycles {
			return
		}
		if c := t.component[id]; c == 0 || met[c] {
			continue
		}
		if path := t.search.path(t.deps.of(id), id); path != nil {
			met[t.component[id]] = true
			t.report(path)
		}
	}
}

// cover finds cycles through what those before left out. Each takes a search,
// and one tangle may have many long ones: the steps are bounded, not the time,
// so that the result depends on the graph only.
func (t *tangles) cover(ids []int32) {
	t.search.steps = 0
	most := max(coverSteps, t.deps.nodes()+len(t.deps.to))
	for _, id := range ids {
		for e := t.deps.start[id]; e < t.deps.start[id+1]; e++ {
			if len(t.paths) == MaxCycles || t.search.steps > most {
				return
			}
			if t.open(id, e) {
				t.report(t.search.path(t.deps.to[e:e+1], id))
			}
		}
	}
}

// open reports whether the edge with index e, from id, lies on a cycle but on
// none found so far. An edge lies on a cycle just when both its ends are in the
// same strongly connected component.
func (t *tangles) open(id, e int32) bool {
	c := t.component[id]
	return c != 0 && c == t.component[t.deps.to[e]] && !t.covered.has(e)
}

func (t *tangles) report(path []int32) {
	t.paths = append(t.paths, path)
	for i, id := range path {
		row := t.deps.of(id)
		t.covered.set(t.deps.start[id] + int32(slices.Index(row, path[(i+1)%len(path)])))
		t.search.steps += len(row)
	}
}

func (t *tangles) uncovered() (n int) {
	for id := range int32(t.deps.nodes()) {
		for e := t.deps.start[id]; e < t.deps.start[id+1]; e++ {
			if t.open(id, e) {
				n++
			}
		}
	}
	return n
}
