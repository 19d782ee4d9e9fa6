package depgraph

import (
	"iter"
	"math/bits"
	"slices"
)

// Order is a resolved graph. It never changes, so it is safe for concurrent
// use, and every slice it returns is a fresh copy. The zero value is the order
// of an empty graph.
//
// A key that is not in the graph has no dependencies, no dependents and no
// wave; asking about it is no error.
type Order[K comparable] struct {
	names            interner[K]
	sequence         []int32 // ids by position
	position         []int32 // positions by id
	starts           []int32 // where each wave starts in sequence, and the end
	deps, dependents adjacency
}

// Len returns the number of nodes.
func (o *Order[K]) Len() int { return len(o.sequence) }

// Sequence returns all nodes, each after everything it depends on: wave by
// wave, and inside a wave in the order of [Graph.Add]. It is nil for an empty
// graph.
func (o *Order[K]) Sequence() []K { return o.names.lookup(o.sequence) }

// All iterates over the nodes in the order of Sequence, each with the number of
// its wave, without copying.
func (o *Order[K]) All() iter.Seq2[int, K] {
	return func(yield func(int, K) bool) {
		for w := range len(o.starts) - 1 {
			for _, id := range o.sequence[o.starts[w]:o.starts[w+1]] {
				if !yield(w, o.names.keys[id]) {
					return
				}
			}
		}
	}
}

// Waves returns the nodes grouped by wave, wave 0 first. No wave is empty, and
// no node depends on another of its own wave. It is nil for an empty graph.
func (o *Order[K]) Waves() [][]K {
	if o.Len() == 0 {
		return nil
	}
	keys := o.Sequence()
	waves := make([][]K, len(o.starts)-1)
	for w := range waves {
		from, to := o.starts[w], o.starts[w+1]
		waves[w] = keys[from:to:to] // full, so that appending cannot reach the next
	}
	return waves
}

// Wave returns the number of the wave that holds k, counted from 0, and whether
// k is in the graph. It takes O(log waves).
func (o *Order[K]) Wave(k K) (int, bool) {
	id, ok := o.names.find(k)
	if !ok {
		return 0, false
	}
	w, exact := slices.BinarySearch(o.starts, o.position[id])
	if !exact {
		w-- // the search stops at the wave after the one that holds the position
	}
	return w, true
}

// Dependencies returns the nodes that k directly depends on, in the order in
// which [Graph.Depend] first named them, or nil if there are none.
func (o *Order[K]) Dependencies(k K) []K {
	id, ok := o.names.find(k)
	if !ok {
		return nil
	}
	return o.names.lookup(o.deps.of(id))
}

// Dependents returns the nodes that directly depend on k, in the order of
// Sequence, or nil if there are none.
func (o *Order[K]) Dependents(k K) []K {
	id, ok := o.names.find(k)
	if !ok {
		return nil
	}
	ids := slices.Clone(o.dependents.of(id))
	slices.SortFunc(ids, func(a, b int32) int { return int(o.position[a] - o.position[b]) })
	return o.names.lookup(ids)
}

// Downstream returns all nodes that depend on k directly or through others, in
// the order of Sequence, or nil if there are none: what cannot run when k
// fails. k itself is not among them.
//
// It takes O(n/64) and the number of dependencies of the nodes returned.
func (o *Order[K]) Downstream(k K) []K {
	id, ok := o.names.find(k)
	if !ok {
		return nil
	}
	// Dependents always have a higher position, so one sweep upwards over the
	// marked positions meets every node after all that could mark it.
	reached := newBitset(o.Len())
	mark := func(id int32) {
		for _, d := range o.dependents.of(id) {
			reached.set(o.position[d])
		}
	}
	mark(id)
	var keys []K
	for word := int(o.position[id] / 64); word < len(reached); word++ {
		for done := uint64(0); reached[word]&^done != 0; {
			bit := bits.TrailingZeros64(reached[word] &^ done)
			done |= 1 << bit
			next := o.sequence[64*word+bit]
			keys = append(keys, o.names.keys[next])
			mark(next)
		}
	}
	return keys
}
