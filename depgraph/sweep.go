package depgraph

import "slices"

// columns is how many ends one sweep follows: a row of them is one cache line.
const columns = 512

type row [columns / 64]uint64

// sweep decides all edges of the open nodes. It takes the ends in question,
// some at a time, and goes once up the part of the sequence between them and
// their dependents, with the set of those that each node reaches.
type sweep struct {
	*reduction
	open   bitset  // by position: a node with undecided edges
	ends   []int32 // positions of the ends in question, ascending
	column []int32 // by position: its index in ends, or -1
	last   []int32 // by number of the sweep: the highest position with an edge in question
}

func newSweep(r *reduction, open []int32) *sweep {
	n := r.deps.nodes()
	s := &sweep{reduction: r, open: newBitset(n), column: make([]int32, n)}
	for p := range s.column {
		s.column[p] = -1
	}
	for _, p := range open {
		s.open.set(p)
		for _, end := range r.questions(p) {
			s.column[end] = 0
		}
	}
	for p, c := range s.column {
		if c == 0 {
			s.column[p] = int32(len(s.ends))
			s.ends = append(s.ends, int32(p))
		}
	}
	s.last = make([]int32, (len(s.ends)+columns-1)/columns)
	for _, p := range open { // ascending
		for _, end := range r.questions(p) {
			s.last[s.column[end]/columns] = p
		}
	}
	return s
}

// cost returns an upper bound of the edges to follow.
func (s *sweep) cost() (edges int) {
	for i, last := range s.last {
		edges += int(s.deps.start[last+1] - s.deps.start[s.ends[i*columns]+1])
	}
	return edges
}

func (s *sweep) run() {
	longest := int32(0)
	for i, last := range s.last {
		longest = max(longest, last-s.ends[i*columns]+1)
	}
	rows := make([]row, longest)
	i := 0
	for ends := range slices.Chunk(s.ends, columns) {
		s.pass(rows, int32(i), ends[0], ends[len(ends)-1], s.last[i])
		i++
	}
}

// pass decides the edges to the ends of sweep number i, which lie between
// low and high, for the nodes up to last. rows has what the node low+j reaches,
// itself not included; what it had before does not matter.
func (s *sweep) pass(rows []row, i, low, high, last int32) {
	rows[0] = row{}
	for p := low + 1; p <= last; p++ {
		ends := s.deps.of(p)
		var reached row
		for _, end := range ends {
			if end < low {
				break
			}
			for w, bits := range &rows[end-low] {
				reached[w] |= bits
			}
		}
		beyond := reached
		for j := len(ends) - 1; j >= 0 && ends[j] <= high; j-- {
			end := ends[j]
			if end < low || s.column[end] < 0 {
				continue
			}
			c := s.column[end] - i*columns
			if s.open.has(p) && reached[c/64]&(1<<(c%64)) != 0 {
				s.mark(s.deps.start[p] + int32(j))
			}
			beyond[c/64] |= 1 << (c % 64)
		}
		rows[p-low] = beyond
	}
}
