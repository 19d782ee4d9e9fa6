package depgraph

import "slices"

// Number is what a path can be measured in: int, float64 or [time.Duration],
// for example.
type Number interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 |
		~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr |
		~float32 | ~float64
}

// CriticalPath returns the heaviest path through the graph and its length: the
// nodes that set how long the whole takes when nothing else holds it up. The
// path leads from a node with no dependency to one with no dependent, and each
// node depends on the one before it. The length is the sum of their weights.
// An empty graph has no path, and the length 0.
//
// weight is called once for each node, in the order of Sequence. A weight below
// zero, or a NaN, counts as zero. The sum must fit W. Of equally heavy paths,
// the result is the one whose end comes first in Sequence; of those, the one
// whose node before the end comes first; and so on back to the start.
//
// It takes O(n+m) time.
func CriticalPath[K comparable, W Number](o *Order[K], weight func(K) W) (path []K, length W) {
	if o.Len() == 0 {
		return nil, 0
	}
	lengths := make([]W, o.Len()) // by id: of the heaviest path that ends there
	// heaviest returns the id with the greatest length, of equal ones the first
	// in Sequence. ids is not empty.
	heaviest := func(ids []int32) int32 {
		best := ids[0]
		for _, id := range ids[1:] {
			if lengths[id] > lengths[best] || lengths[id] == lengths[best] && o.position[id] < o.position[best] {
				best = id
			}
		}
		return best
	}

	var ends []int32
	for _, id := range o.sequence {
		var before W
		for _, on := range o.deps.of(id) {
			before = max(before, lengths[on])
		}
		lengths[id] = before
		if w := weight(o.names.keys[id]); w > 0 {
			lengths[id] += w
		}
		if len(o.dependents.of(id)) == 0 {
			ends = append(ends, id)
		}
	}

	end := heaviest(ends)
	ids := []int32{end}
	for id := end; len(o.deps.of(id)) > 0; {
		id = heaviest(o.deps.of(id))
		ids = append(ids, id)
	}
	slices.Reverse(ids)
	return o.names.lookup(ids), lengths[end]
}
