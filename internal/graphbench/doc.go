// Package graphbench measures depgraph against other graph libraries for Go and
// against the least that can be done: Kahn's algorithm on bare arrays.
//
// Every library gets the same graphs, as callers have them: names, and for each
// the names of what it depends on. It has to return names. The time is that
// from names to names, so building the graph counts.
//
//	go test -bench Order -benchtime 3x            # an order, for each shape and size
//	go test -bench Cycle -benchtime 3x            # a graph with a cycle in it
//	go test -bench 'Reduce|Critical' -benchtime 3x
//	go test -short -bench . -benchtime 1x         # small graphs only
//
// Each benchmark takes turns: depgraph, then the other, in the same loop, so that
// a noisy machine hits both. "x-depgraph" is how many times as long as depgraph
// the other took. For the bare Kahn there is the reverse too, "x-kahn".
//
// It is a module of its own, so that nobody who uses batchkit downloads the
// libraries it is compared with.
package graphbench
