package depgraph

// reduction finds the edges that others imply: an edge is redundant just when
// its end can be reached from another end of the same node.
//
// It works on positions in the sequence, not on ids. Edges then always lead
// down, and with each row from the highest down, a loop over a row can stop at
// the first end that is too low to matter.
//
// Two methods share the work. A depth-first search from the ends of a node is
// quick where it stays near, which is the rule in workflows, and takes O(n+m)
// for one node where it does not. Sweeping the graph with sets of ends takes
// the same time whatever the graph looks like. So each node gets a search of
// few steps, then of more, until sweeping for those still open costs less.
type reduction struct {
	deps    adjacency // by position, each row from the highest down
	wave    []int32   // by position
	implied bitset    // by index into deps.to
	found   int       // bits set in implied

	stack []int32
	seen  []int32 // by position: the last search of the round that reached it
	runs  int32
}

func newReduction[K comparable](o *Order[K]) *reduction {
	n := o.Len()
	r := &reduction{wave: make([]int32, n)}
	for w := range len(o.starts) - 1 {
		for p := o.starts[w]; p < o.starts[w+1]; p++ {
			r.wave[p] = int32(w)
		}
	}

	// Filling the rows from the highest end down leaves them sorted. The places
	// are those of byNode.
	start := make([]int32, n+2)
	for p, id := range o.sequence {
		start[p+2] = o.deps.start[id+1] - o.deps.start[id]
	}
	accumulate(start)
	to := make([]int32, len(o.deps.to))
	for p := int32(n) - 1; p >= 0; p-- {
		for _, d := range o.dependents.of(o.sequence[p]) {
			q := o.position[d]
			to[start[q+1]] = p
			start[q+1]++
		}
	}
	r.deps = adjacency{start: start[:n+1], to: to}
	return r
}

// run fills implied and returns how many edges are.
func (r *reduction) run() int {
	open := r.doubtful()
	if len(open) == 0 {
		return 0
	}
	r.implied = newBitset(len(r.deps.to))
	r.seen = make([]int32, r.deps.nodes())
	for steps := 16; ; steps *= 4 {
		s := newSweep(r, open)
		// The next round of searches may take steps for each open node. Staying
		// well below the sweep keeps the sum of all rounds below it too.
		if s.cost() <= 4*steps*len(open) {
			s.run()
			return r.found
		}
		open = r.searches(open, steps)
	}
}

// questions returns the ends of p that others may imply: those not in the
// highest of their waves, since every step of a path leads to a lower wave.
func (r *reduction) questions(p int32) []int32 {
	row := r.deps.of(p)
	for i, end := range row {
		if r.wave[end] != r.wave[row[0]] {
			return row[i:]
		}
	}
	return nil
}

// doubtful returns the positions with an end in question, ascending.
func (r *reduction) doubtful() (open []int32) {
	for p := range int32(r.deps.nodes()) {
		if len(r.questions(p)) > 0 {
			open = append(open, p)
		}
	}
	return open
}

// searches tries all of open, and returns those that need more steps.
func (r *reduction) searches(open []int32, steps int) []int32 {
	clear(r.seen)
	r.runs = 0
	left := open[:0]
	for _, p := range open {
		if !r.search(p, steps) {
			left = append(left, p)
		}
	}
	return left
}

// search marks the redundant edges of p, or gives up after that many steps.
func (r *reduction) search(p int32, steps int) bool {
	r.runs++
	first, row := r.deps.start[p], r.deps.of(p)
	floor := r.wave[row[len(row)-1]] // nothing below it is asked for
	for i, end := range row {
		if r.seen[end] == r.runs {
			r.mark(first + int32(i))
			continue // all it reaches was seen with it
		}
		if r.wave[end] == floor {
			continue
		}
		r.stack = append(r.stack[:0], end)
		for len(r.stack) > 0 {
			top := r.stack[len(r.stack)-1]
			r.stack = r.stack[:len(r.stack)-1]
			for _, next := range r.deps.of(top) {
				if steps--; steps < 0 {
					return false
				}
				wave := r.wave[next]
				if wave < floor {
					break
				}
				if r.seen[next] == r.runs {
					continue
				}
				r.seen[next] = r.runs
				if wave > floor {
					r.stack = append(r.stack, next)
				}
			}
		}
	}
	return true
}

func (r *reduction) mark(e int32) {
	if !r.implied.has(e) {
		r.implied.set(e)
		r.found++
	}
}
