package depgraph

import "slices"

// waves sorts the nodes topologically with Kahn's algorithm. Because its queue
// is first-in first-out, a node is appended while the wave of its last
// dependency is taken off, so the queue is already grouped by wave: wave w is
// sequence[starts[w]:starts[w+1]]. Nodes on cycles, or behind one, are missing.
func waves(deps, dependents adjacency) (sequence, starts []int32) {
	n := deps.nodes()
	sequence = make([]int32, 0, n)
	waiting := make([]int32, n) // by id: dependencies not yet taken off
	for id := range int32(n) {
		waiting[id] = deps.start[id+1] - deps.start[id]
		if waiting[id] == 0 {
			sequence = append(sequence, id)
		}
	}

	starts = append(starts, 0)
	for done := 0; done < len(sequence); {
		end := len(sequence)
		for _, id := range sequence[done:end] {
			for _, d := range dependents.of(id) {
				waiting[d]--
				if waiting[d] == 0 {
					sequence = append(sequence, d)
				}
			}
		}
		done = end
		starts = append(starts, int32(end))
	}
	return sequence, slices.Clip(starts)
}

// arrange puts the nodes inside each wave of sequence into the order of added,
// and returns the position of each id. A counting sort: waves can hold almost
// all nodes, and comparing would cost more than everything else in Resolve.
func arrange(sequence, starts, added []int32) (position []int32) {
	position = make([]int32, len(sequence)) // the wave first, then the position
	for w := range len(starts) - 1 {
		for _, id := range sequence[starts[w]:starts[w+1]] {
			position[id] = int32(w)
		}
	}
	next := slices.Clone(starts)
	for _, id := range added {
		w := position[id]
		position[id] = next[w]
		sequence[next[w]] = id
		next[w]++
	}
	return position
}
