package depgraph

import "slices"

// Graph collects nodes and the dependencies between them. The zero value is an
// empty graph, ready to use. A Graph must not be copied after first use, and is
// not safe for concurrent use.
//
// Nothing is checked before [Graph.Resolve], so nodes and dependencies may be
// given in any order.
type Graph[K comparable] struct {
	names interner[K]
	adds  []int32 // by id: how many times Add named it; 0 is undeclared
	added []int32 // ids in the order of their first Add
	edges []edge  // in the order of Depend, repeats included
	last  int32   // id+1 of the last Add or Depend; 0 is none
}

// edge says that node depends on another, both by id.
type edge struct{ node, on int32 }

// Grow makes room for that many more nodes and calls of [Graph.Depend], so that
// memory is taken once and none is moved. It is a hint: more may follow, fewer
// waste room. A number of 0 or less asks for nothing. As with make, one that no
// machine has the memory for panics or ends the program: do not take it from an
// input that is not trusted.
func (g *Graph[K]) Grow(nodes, edges int) {
	nodes, edges = max(nodes, 0), max(edges, 0)
	g.names.reserve(nodes)
	g.adds = slices.Grow(g.adds, nodes)
	g.added = slices.Grow(g.added, nodes)
	g.edges = slices.Grow(g.edges, edges)
}

// Add declares the node k. The order of Add breaks ties in the result. Adding
// an equal key again keeps its first place and makes Resolve report a
// [DuplicateError].
func (g *Graph[K]) Add(k K) {
	id := g.id(k)
	g.last = id + 1
	g.adds[id]++
	if g.adds[id] == 1 {
		g.added = append(g.added, id)
	}
}

// Depend records that k comes after on. Either may be added later; one that
// never is makes Resolve report an [UnknownError]. Repeating a dependency has
// no effect. A node that depends on itself is a cycle of one.
func (g *Graph[K]) Depend(k, on K) {
	// Callers tend to list all dependencies of a node together: most calls
	// then need no look-up of k.
	if g.last == 0 || g.names.keys[g.last-1] != k {
		g.last = g.id(k) + 1
	}
	g.edges = append(g.edges, edge{node: g.last - 1, on: g.id(on)})
}

// Len returns the number of distinct nodes added. Keys that only Depend
// mentions are not counted.
func (g *Graph[K]) Len() int { return len(g.added) }

// Resolve checks the graph and returns its order. The error, if any, is a
// [*ResolveError] holding every fault; the Order is then nil. An empty graph
// resolves to an empty Order.
//
// The Graph may be extended and resolved again: an Order already returned does
// not change.
func (g *Graph[K]) Resolve() (*Order[K], error) {
	deps, dependents := adjacencies(len(g.names.keys), g.edges)
	sequence, starts := waves(deps, dependents)

	fault := &ResolveError[K]{Duplicates: g.duplicates(), Unknowns: g.unknowns(deps, dependents)}
	if len(sequence) < len(g.names.keys) {
		fault.Cycles, fault.Uncovered = g.cycles(deps, dependents, sequence)
	}
	if !fault.empty() {
		return nil, fault
	}

	return &Order[K]{
		names:      g.names.clone(),
		sequence:   sequence,
		position:   arrange(sequence, starts, g.added),
		starts:     starts,
		deps:       deps,
		dependents: dependents,
	}, nil
}

// id returns the id of k, and makes one for a key not seen before.
func (g *Graph[K]) id(k K) int32 {
	id := g.names.intern(k)
	if int(id) == len(g.adds) {
		g.adds = append(g.adds, 0)
	}
	return id
}

// byRank returns all ids, declared ones first in the order of Add, then the
// undeclared in the order of their first mention.
func (g *Graph[K]) byRank() []int32 {
	ids := make([]int32, 0, len(g.adds))
	ids = append(ids, g.added...)
	for id, n := range g.adds {
		if n == 0 {
			ids = append(ids, int32(id))
		}
	}
	return ids
}

func (g *Graph[K]) duplicates() []*DuplicateError[K] {
	var found []*DuplicateError[K]
	for _, id := range g.added {
		if n := g.adds[id]; n > 1 {
			found = append(found, &DuplicateError[K]{Key: g.names.keys[id], Count: int(n)})
		}
	}
	return found
}

func (g *Graph[K]) unknowns(deps, dependents adjacency) []*UnknownError[K] {
	if len(g.added) == len(g.adds) {
		return nil
	}
	var found []*UnknownError[K]
	for _, id := range g.byRank()[len(g.added):] {
		found = append(found, &UnknownError[K]{
			Key:          g.names.keys[id],
			Dependents:   g.names.lookup(dependents.of(id)),
			Dependencies: g.names.lookup(deps.of(id)),
		})
	}
	return found
}
