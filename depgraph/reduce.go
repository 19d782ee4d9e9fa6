package depgraph

// Dependency says that Node comes after On.
type Dependency[K comparable] struct{ Node, On K }

// Redundant returns the dependencies that others imply: Node comes after On
// even without this one, through nodes between them. They are in the order of
// Sequence, those of one node in the order of [Order.Dependencies], or nil if
// there are none. All of them can be left out at once.
//
// The time depends on the shape, see the package documentation.
func (o *Order[K]) Redundant() []Dependency[K] {
	var found []Dependency[K]
	o.eachImplied(o.implied(), func(id, e int32) {
		found = append(found, Dependency[K]{Node: o.names.keys[id], On: o.names.keys[o.deps.to[e]]})
	})
	return found
}

// Reduce returns the order without the dependencies that [Order.Redundant]
// lists (the transitive reduction). Which nodes come before which, the waves
// and the sequence stay the same, and no further dependency can be left out.
//
// keep may be nil. Else it is asked about each redundant dependency, in the
// order of Redundant, and those it reports true for stay: it is for a
// dependency that says more than "after". Keeping one never saves another.
func (o *Order[K]) Reduce(keep func(node, on K) bool) *Order[K] {
	drop := o.implied()
	dropped := 0
	o.eachImplied(drop, func(id, e int32) {
		if keep != nil && keep(o.names.keys[id], o.names.keys[o.deps.to[e]]) {
			drop.clear(e)
			return
		}
		dropped++
	})
	if dropped == 0 {
		return o // it never changes, so it can be shared
	}

	n := o.Len()
	deps := adjacency{start: make([]int32, n+1), to: make([]int32, 0, len(o.deps.to)-dropped)}
	start := make([]int32, n+2)
	for id := range int32(n) {
		for e := o.deps.start[id]; e < o.deps.start[id+1]; e++ {
			if on := o.deps.to[e]; !drop.has(e) {
				deps.to = append(deps.to, on)
				start[on+2]++
			}
		}
		deps.start[id+1] = int32(len(deps.to))
	}
	reduced := *o
	reduced.deps, reduced.dependents = deps, invert(deps, start)
	return &reduced
}

// eachImplied calls f with each marked edge, by its index into deps.to, and the
// id of the node it starts from, in the order of Redundant.
func (o *Order[K]) eachImplied(marked bitset, f func(id, e int32)) {
	if marked == nil {
		return
	}
	for _, id := range o.sequence {
		for e := o.deps.start[id]; e < o.deps.start[id+1]; e++ {
			if marked.has(e) {
				f(id, e)
			}
		}
	}
}

// implied marks the redundant edges, by index into deps.to; nil if there are
// none.
func (o *Order[K]) implied() bitset {
	r := newReduction(o)
	if r.run() == 0 {
		return nil
	}

	// The reduction has its own order of edges. Translate, node by node.
	marked := newBitset(len(o.deps.to))
	seen := make([]int32, o.Len()) // by position: 1 + the last position it is redundant for
	for p, id := range o.sequence {
		found := false
		for e := r.deps.start[p]; e < r.deps.start[p+1]; e++ {
			if r.implied.has(e) {
				seen[r.deps.to[e]] = int32(p) + 1
				found = true
			}
		}
		for e := o.deps.start[id]; found && e < o.deps.start[id+1]; e++ {
			if seen[o.position[o.deps.to[e]]] == int32(p)+1 {
				marked.set(e)
			}
		}
	}
	return marked
}
