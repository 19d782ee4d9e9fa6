package graphbench

import "errors"

// ErrCycle is what Order returns for a graph with a cycle.
var ErrCycle = errors.New("graphbench: the graph has a cycle")

// Library is what one peer can do. Each function starts from names and builds
// the graph anew. One that the peer does not have is nil.
type Library struct {
	Name string
	// Limit is the most nodes with which Order and Cycle finish in a minute on
	// every shape.
	Limit int
	// Order returns all names, each after its dependencies, or ErrCycle.
	Order func(Input) ([]string, error)
	// Cycle returns the names on cycles of a graph that has one, or some of
	// them; nil where it finds none.
	Cycle func(Input) ([]string, error)
	// Reduce returns the number of dependencies that a transitive reduction
	// leaves. ReduceLimit is the most nodes for it.
	Reduce      func(Input) (int, error)
	ReduceLimit int
	// Critical returns the number of nodes on a longest path. CriticalLimit is
	// the most nodes for it.
	Critical      func(Input) (int, error)
	CriticalLimit int
}

// Peers returns the libraries that depgraph is compared with.
func Peers() []Library {
	return []Library{kahn(), gonum(), yourbasic(), dominikbraun(), heimdalr()}
}

// numbered gives names numbers with one map of the right size, for libraries
// whose nodes are integers.
func numbered(in Input) map[string]int {
	ids := make(map[string]int, len(in.Names))
	for i, name := range in.Names {
		ids[name] = i
	}
	return ids
}
