package depgraph

import (
	"cmp"
	"slices"
)

// MaxCycles is the most cycles that one [ResolveError] reports. What they leave
// out is counted in ResolveError.Uncovered.
const MaxCycles = 100

// cycles returns cycles that together contain every dependency lying on a
// cycle, up to MaxCycles, and how many such dependencies are left out. The
// nodes in sorted are known to be on none.
func (g *Graph[K]) cycles(deps, dependents adjacency, sorted []int32) (found []*CycleError[K], uncovered int) {
	ids := g.byRank()
	rank := make([]int32, len(ids))
	for r, id := range ids {
		rank[id] = int32(r)
	}
	t := newTangles(deps, dependents, sorted)

	paths := t.cover(ids, MaxCycles)
	for i, path := range paths {
		first := slices.Index(path, slices.MinFunc(path, func(a, b int32) int { return cmp.Compare(rank[a], rank[b]) }))
		paths[i] = slices.Concat(path[first:], path[:first])
	}
	slices.SortStableFunc(paths, func(a, b []int32) int { return cmp.Compare(rank[a[0]], rank[b[0]]) })
	for _, path := range paths {
		found = append(found, &CycleError[K]{Path: g.names.lookup(path)})
	}
	return found, t.uncovered()
}

// tangles is the part of a graph that cycles can be in.
type tangles struct {
	deps      adjacency
	component []int32 // by id; 0 is a node that cannot be on a cycle
	covered   []bool  // by index into deps.to
	search    search
}

func newTangles(deps, dependents adjacency, sorted []int32) *tangles {
	component := components(deps, sorted)
	return &tangles{
		deps:      deps,
		component: component,
		covered:   make([]bool, len(deps.to)),
		search:    newSearch(deps, dependents, component),
	}
}

// cover returns up to limit cycles, each a shortest one through a dependency
// that those before it left out. It goes through the nodes twice, so that every
// component has one cycle before any has more.
func (t *tangles) cover(ids []int32, limit int) (paths [][]int32) {
	met := make(map[int32]bool)
	for _, again := range []bool{false, true} {
		for _, id := range ids {
			for e := t.deps.start[id]; e < t.deps.start[id+1]; e++ {
				if len(paths) == limit {
					return paths
				}
				if !t.open(id, e) || !again && met[t.component[id]] {
					continue
				}
				path := append([]int32{id}, t.search.path(t.deps.to[e], id)...)
				met[t.component[id]] = true
				t.mark(path)
				paths = append(paths, path)
			}
		}
	}
	return paths
}

// open reports whether the edge with index e, from id, lies on a cycle but on
// none found so far. An edge lies on a cycle just when both its ends are in the
// same strongly connected component.
func (t *tangles) open(id, e int32) bool {
	c := t.component[id]
	return c != 0 && c == t.component[t.deps.to[e]] && !t.covered[e]
}

func (t *tangles) mark(path []int32) {
	for i, id := range path {
		on := path[(i+1)%len(path)]
		row := slices.Index(t.deps.of(id), on)
		t.covered[int(t.deps.start[id])+row] = true
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
