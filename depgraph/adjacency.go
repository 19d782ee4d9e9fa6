package depgraph

// adjacency holds the neighbours of every node in one flat slice (compressed
// sparse rows): those of node i are to[start[i]:start[i+1]].
type adjacency struct {
	start []int32 // one more than there are nodes
	to    []int32
}

func (a adjacency) of(i int32) []int32 { return a.to[a.start[i]:a.start[i+1]] }

func (a adjacency) nodes() int { return max(0, len(a.start)-1) }

// adjacencies groups edges by both of their ends, each edge once however often
// it was repeated. Dependencies keep the order of the edges; dependents are in
// the order of ids.
func adjacencies(n int, edges []edge) (deps, dependents adjacency) {
	deps = byNode(n, edges)

	// Drop repeats by closing up the rows in place, counting targets on the way.
	seen := make([]int32, n) // by target: 1 + the last node found to depend on it
	start := make([]int32, n+2)
	var begin, end, kept int32
	for node := range int32(n) {
		begin, end = end, deps.start[node+1]
		deps.start[node] = kept
		for _, on := range deps.to[begin:end] {
			if seen[on] == node+1 {
				continue
			}
			seen[on] = node + 1
			start[on+2]++
			deps.to[kept] = on
			kept++
		}
	}
	deps.start[n] = kept
	deps.to = deps.to[:kept]

	return deps, invert(deps, start)
}

// invert returns the dependents that belong to deps. start has two more places
// than there are nodes, and how often i is depended on at start[i+2]: whoever
// makes deps can count that on the way.
func invert(deps adjacency, start []int32) adjacency {
	n := deps.nodes()
	accumulate(start)
	to := make([]int32, len(deps.to))
	for node := range int32(n) {
		for _, on := range deps.of(node) {
			to[start[on+1]] = node
			start[on+1]++
		}
	}
	return adjacency{start: start[:n+1], to: to}
}

// byNode groups the targets of edges by the node they start from.
//
// Row i is counted at start[i+2]. After the sums start[i+1] is where row i
// begins, and filling the row moves it to where the row ends, which is where
// row i+1 begins: no second array of cursors is needed.
func byNode(n int, edges []edge) adjacency {
	start := make([]int32, n+2)
	for _, e := range edges {
		start[e.node+2]++
	}
	accumulate(start)
	to := make([]int32, len(edges))
	for _, e := range edges {
		to[start[e.node+1]] = e.on
		start[e.node+1]++
	}
	return adjacency{start: start[:n+1], to: to}
}

func accumulate(counts []int32) {
	var sum int32
	for i, c := range counts {
		sum += c
		counts[i] = sum
	}
}
