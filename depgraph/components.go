package depgraph

import "slices"

// components numbers the strongly connected components from 1, by node, with
// Tarjan's algorithm (Depth-first search and linear graph algorithms, 1972) on
// an explicit stack. The nodes in sorted are left out and get 0.
func components(deps adjacency, sorted []int32) (component []int32) {
	const leftOut = -1
	n := deps.nodes()
	component = make([]int32, n)
	index := make([]int32, n) // order of discovery from 1; 0 is not yet visited
	for _, id := range sorted {
		index[id] = leftOut
	}

	low := make([]int32, n)          // lowest index known to be reachable in the component
	next := slices.Clone(deps.start) // by id: the edge to follow next
	var path, open []int32           // nodes being visited; nodes with no component yet
	var visited, number int32        // counters
	visit := func(id int32) {
		visited++
		index[id], low[id] = visited, visited
		path, open = append(path, id), append(open, id)
	}
	for root := range int32(n) {
		if index[root] != 0 {
			continue
		}
		visit(root)
		for len(path) > 0 {
			id := path[len(path)-1]
			if next[id] < deps.start[id+1] {
				on := deps.to[next[id]]
				next[id]++
				switch {
				case index[on] == 0:
					visit(on)
				case index[on] != leftOut && component[on] == 0:
					low[id] = min(low[id], index[on])
				}
				continue
			}
			path = path[:len(path)-1]
			if len(path) > 0 {
				parent := path[len(path)-1]
				low[parent] = min(low[parent], low[id])
			}
			if low[id] != index[id] {
				continue
			}
			number++
			for last := int32(none); last != id; {
				last = open[len(open)-1]
				open = open[:len(open)-1]
				component[last] = number
			}
		}
	}
	return component
}
