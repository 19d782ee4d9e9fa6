package depgraph

import "slices"

// search finds shortest paths inside one strongly connected component. It
// works from both ends, always widening the smaller frontier: on branching
// graphs that touches a small part of what a search from one end would.
type search struct {
	component []int32
	ends      [2]frontier // from the start along dependencies; from the goal against them
	run       int32       // number of the current search
	steps     int         // edges looked at by all searches
}

// frontier is one end of a search.
type frontier struct {
	next   adjacency
	parent []int32 // by id: the node it was reached from, or none; valid where run is current
	run    []int32 // by id: the last search that reached it, so that none need clear
	edge   []int32 // nodes reached last, all equally far
	spare  []int32 // the edge before, for its memory
}

const none = -1

func newSearch(deps, dependents adjacency, component []int32) search {
	end := func(next adjacency) frontier {
		n := next.nodes()
		return frontier{next: next, parent: make([]int32, n), run: make([]int32, n)}
	}
	return search{component: component, ends: [2]frontier{end(deps), end(dependents)}}
}

// path returns a shortest path along dependencies to a node from any of those
// in the same component, both ends included; nil if there is none.
func (s *search) path(from []int32, to int32) []int32 {
	s.run++
	forward, backward := &s.ends[0], &s.ends[1]
	forward.edge, backward.edge = forward.edge[:0], backward.edge[:0]
	s.reach(backward, forward, to, none)
	for _, id := range from {
		if s.component[id] == s.component[to] && s.reach(forward, backward, id, none) {
			return []int32{to}
		}
	}

	for len(forward.edge) > 0 {
		near, far := forward, backward
		if len(backward.edge) < len(forward.edge) {
			near, far = backward, forward
		}
		if meeting, met := s.widen(near, far); met {
			path := forward.trace(nil, meeting)
			slices.Reverse(path)
			return backward.trace(path, backward.parent[meeting])
		}
	}
	return nil
}

// widen moves near one step further and stops at the first node that far has
// reached too. All shorter paths were tried before, so that one is shortest.
// Nodes of other components cannot be on a path back; skipping them saves work.
func (s *search) widen(near, far *frontier) (meeting int32, met bool) {
	edge := near.edge
	near.edge, near.spare = near.spare[:0], edge
	for _, id := range edge {
		row := near.next.of(id)
		s.steps += len(row)
		for _, next := range row {
			if s.component[next] == s.component[id] && s.reach(near, far, next, id) {
				return next, true
			}
		}
	}
	return 0, false
}

// reach puts a node on the edge of near, unless it was reached before, and
// reports whether far has reached it too.
func (s *search) reach(near, far *frontier, id, parent int32) bool {
	if near.run[id] == s.run {
		return false
	}
	near.run[id], near.parent[id] = s.run, parent
	near.edge = append(near.edge, id)
	return far.run[id] == s.run
}

// trace appends id and its parents to path.
func (f *frontier) trace(path []int32, id int32) []int32 {
	for ; id != none; id = f.parent[id] {
		path = append(path, id)
	}
	return path
}
