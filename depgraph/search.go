package depgraph

import "slices"

// search finds shortest paths inside one strongly connected component. It
// works from both ends, always widening the smaller frontier: on branching
// graphs that touches a small part of what a search from one end would.
type search struct {
	component []int32
	ends      [2]frontier // from the start along dependencies; from the goal against them
	run       int32       // number of the current search
}

// frontier is one end of a search.
type frontier struct {
	next   adjacency
	parent []int32 // by id: the node it was reached from; valid where run is current
	run    []int32 // by id: the last search that reached it, so that none need clear
	edge   []int32 // nodes reached last, all equally far
}

func newSearch(deps, dependents adjacency, component []int32) search {
	end := func(next adjacency) frontier {
		n := next.nodes()
		return frontier{next: next, parent: make([]int32, n), run: make([]int32, n)}
	}
	return search{component: component, ends: [2]frontier{end(deps), end(dependents)}}
}

// path returns a shortest path along dependencies from one node to another of
// the same component: from included, to left out. It is empty if they are the
// same node.
func (s *search) path(from, to int32) []int32 {
	if from == to {
		return nil
	}
	s.run++
	forward, backward := &s.ends[0], &s.ends[1]
	forward.begin(from, s.run)
	backward.begin(to, s.run)

	meeting, met := int32(0), false
	for !met {
		near, far := forward, backward
		if len(backward.edge) < len(forward.edge) {
			near, far = backward, forward
		}
		meeting, met = s.widen(near, far)
	}

	var path []int32
	for id := meeting; id != from; id = forward.parent[id] {
		path = append(path, id)
	}
	path = append(path, from)
	slices.Reverse(path)
	for id := meeting; id != to; {
		id = backward.parent[id]
		path = append(path, id)
	}
	return path[:len(path)-1] // to is last
}

func (f *frontier) begin(id, run int32) {
	f.edge = append(f.edge[:0], id)
	f.run[id] = run
}

// widen moves near one step further and stops at the first node that far has
// reached too. All shorter paths were tried before, so that one is shortest.
// Nodes of other components cannot be on a path back; skipping them saves work.
func (s *search) widen(near, far *frontier) (meeting int32, met bool) {
	var reached []int32
	for _, id := range near.edge {
		for _, next := range near.next.of(id) {
			if near.run[next] == s.run || s.component[next] != s.component[id] {
				continue
			}
			near.run[next], near.parent[next] = s.run, id
			if far.run[next] == s.run {
				return next, true
			}
			reached = append(reached, next)
		}
	}
	near.edge = reached
	return 0, false
}
