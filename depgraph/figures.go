package depgraph

// Figures describes the shape of a graph. The zero value is that of an empty
// one.
type Figures[K comparable] struct {
	Nodes        int
	Dependencies int // repeats not counted
	Waves        int // nodes on the longest path
	Widest       int // nodes in the largest wave
	Roots        int // nodes with no dependency
	Leaves       int // nodes with no dependent
	FanIn        Fan[K]
	FanOut       Fan[K]
}

// Fan is the largest number of dependencies, or of dependents, that a node of
// the graph has, and the first node in the order of Sequence that has it.
type Fan[K comparable] struct {
	Key   K // the zero key where Count is 0
	Count int
}

// Figures counts the nodes and dependencies and finds the largest fans. It
// takes O(n) time.
func (o *Order[K]) Figures() Figures[K] {
	f := Figures[K]{
		Nodes:        o.Len(),
		Dependencies: len(o.deps.to),
		Waves:        max(0, len(o.starts)-1),
	}
	for w := range f.Waves {
		f.Widest = max(f.Widest, int(o.starts[w+1]-o.starts[w]))
	}
	for _, id := range o.sequence {
		in, out := len(o.deps.of(id)), len(o.dependents.of(id))
		if in == 0 {
			f.Roots++
		}
		if out == 0 {
			f.Leaves++
		}
		f.FanIn.widen(o.names.keys[id], in)
		f.FanOut.widen(o.names.keys[id], out)
	}
	return f
}

func (f *Fan[K]) widen(k K, count int) {
	if count > f.Count {
		f.Key, f.Count = k, count
	}
}

// FanIn returns the number of nodes that k directly depends on, 0 for a key
// that is not in the graph. Unlike len of [Order.Dependencies] it copies
// nothing.
func (o *Order[K]) FanIn(k K) int { return o.fan(k, o.deps) }

// FanOut returns the number of nodes that directly depend on k, 0 for a key
// that is not in the graph.
func (o *Order[K]) FanOut(k K) int { return o.fan(k, o.dependents) }

func (o *Order[K]) fan(k K, next adjacency) int {
	id, ok := o.names.find(k)
	if !ok {
		return 0
	}
	return len(next.of(id))
}
