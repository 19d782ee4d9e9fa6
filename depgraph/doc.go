// Package depgraph orders things that depend on each other.
//
// A [Graph] collects nodes and dependencies in any order. [Graph.Resolve]
// checks the whole graph at once: it returns either an [Order], which says what
// may run when, or a [*ResolveError] that lists every fault.
//
//	var g depgraph.Graph[string]
//	g.Add("split")
//	g.Add("encode")
//	g.Depend("encode", "split") // encode comes after split
//	order, err := g.Resolve()
//
// # Order
//
// Nodes fall into waves. Wave 0 holds the nodes with no dependency; any other
// node is in the wave one above the highest of its dependencies, which is the
// earliest it can be. The sequence is the waves one after the other, and inside
// a wave the order of [Graph.Add]. The sequence is therefore topological and
// depends only on the calls made, never on map iteration or on hashing.
//
// # Faults
//
// Resolve reports all of these together, and none hides another:
//
//   - [DuplicateError]: a key was added more than once.
//   - [UnknownError]: a dependency names a key that was never added.
//   - [CycleError]: nodes depend on each other in a circle.
//
// A tangle (a strongly connected component) can hold exponentially many cycles,
// so Resolve reports enough of them to mend it. The first of each tangle is a
// shortest one through that of its nodes which was added first. Then come more,
// until every dependency that lies on a cycle lies on one that is reported; each
// is a shortest one through some dependency that those found before left out.
//
// At most [MaxCycles] are reported; up to that limit, each tangle has its first.
// A large graph may get fewer: the search for further ones ends once it has
// looked at as many dependencies as the graph has nodes and dependencies
// together, or a million (2²⁰) if that is more. ResolveError.Uncovered counts
// what is left.
//
// # Shape
//
// [Order.Redundant] lists the dependencies that others imply, and
// [Order.Reduce] leaves them out. [CriticalPath] finds the path that takes
// longest, and [Order.Figures] the largest fan-in and fan-out, the widest wave
// and the like.
//
// # Cost
//
// With n nodes and m dependencies, Add and Depend take constant time, and
// Resolve takes O(n+m) time, with or without cycles. Nothing recurses: a chain
// of a million nodes needs no deep stack.
//
// [Order.Figures] takes O(n) and [CriticalPath] O(n+m) time. Redundant and
// Reduce take O(n+m) where each node depends on one wave only, and little more
// where paths between the dependencies of a node are short. The worst case is
// O(nm/512), with some 90 bytes a node while it lasts: a graph of 100,000 nodes,
// each depending on three drawn at random, takes about ten times as long as a
// layered one of a million.
//
// An Order keeps about 45 bytes a node, 8 bytes a dependency, and the keys; a
// reduced one shares all but the dependencies with the one it came from.
// [Graph.Grow] saves the time for moving what has been collected.
//
// # Limits
//
// A graph may hold 2³¹−2 distinct keys and 2³¹−1 calls of Depend. Keys are
// compared with ==. As with a map, a key that is not equal to itself (a NaN) is
// a new node each time, and an interface key that holds an uncomparable value
// panics.
//
// The package imports the standard library only.
package depgraph
