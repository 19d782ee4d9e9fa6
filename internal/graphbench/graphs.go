package graphbench

import (
	"math/rand/v2"
	"strconv"
)

// Input is a graph as callers have it. The dependencies of Names[i] are
// Deps[i].
type Input struct {
	Names []string
	Deps  [][]string
}

// Edges returns the number of dependencies.
func (in Input) Edges() (n int) {
	for _, deps := range in.Deps {
		n += len(deps)
	}
	return n
}

// Shape makes graphs of any size of at least 2 nodes.
type Shape struct {
	Name string
	Make func(n int) Input
}

// Shapes returns the shapes that are compared.
func Shapes() []Shape {
	return []Shape{
		{"chain", chain}, {"layered", layered}, {"shuffled", shuffled},
		{"fan", fan}, {"tree", tree}, {"ladder", ladder},
	}
}

// chain: each node depends on the one before.
func chain(n int) Input {
	return draw(n, func(i int, depend func(on int)) { depend(i - 1) })
}

// layered: ten layers, the dependencies on scattered nodes of the layer before.
func layered(n int) Input {
	const layers, each = 10, 3
	width := max(1, n/layers)
	// The first layer has none: every third node makes up for it with one more,
	// so that there are three dependencies for each node of the graph.
	return draw(n, func(i int, depend func(on int)) {
		if i < width {
			return
		}
		base := (i/width - 1) * width
		count := each
		if i%3 == 0 {
			count++
		}
		count = min(count, width)
		for j := range count {
			depend(base + (i*7919+j*(width/count))%width)
		}
	})
}

// shuffled is layered, given in no order.
func shuffled(n int) Input {
	in := layered(n)
	rand.New(rand.NewPCG(1, 2)).Shuffle(n, func(i, j int) {
		in.Names[i], in.Names[j] = in.Names[j], in.Names[i]
		in.Deps[i], in.Deps[j] = in.Deps[j], in.Deps[i]
	})
	return in
}

// fan: all others between one node that they depend on and one that depends on
// them.
func fan(n int) Input {
	return draw(n, func(i int, depend func(on int)) {
		if i < n-1 || n == 2 {
			depend(0)
			return
		}
		for on := 1; on < i; on++ {
			depend(on)
		}
	})
}

// tree: two dependents for each node.
func tree(n int) Input {
	return draw(n, func(i int, depend func(on int)) { depend((i - 1) / 2) })
}

// ladder: diamonds one after the other, so that the number of paths doubles
// with every three nodes.
func ladder(n int) Input {
	return draw(n, func(i int, depend func(on int)) {
		switch i % 3 {
		case 0: // the tip of a diamond, and the foot of the next
			depend(i - 1)
			depend(i - 2)
		case 1:
			depend(i - 1)
		case 2:
			depend(i - 2)
		}
	})
}

// shortcuts is a chain where each node also depends on the one two before:
// half of the dependencies are redundant.
func shortcuts(n int) Input {
	return draw(n, func(i int, depend func(on int)) {
		depend(i - 1)
		if i > 1 {
			depend(i - 2)
		}
	})
}

// draw makes n nodes; f is called for all but the first, which has no
// dependencies.
func draw(n int, f func(i int, depend func(on int))) Input {
	in := Input{Names: make([]string, n), Deps: make([][]string, n)}
	for i := range in.Names {
		in.Names[i] = "job-" + strconv.Itoa(i)
		if i > 0 {
			f(i, func(on int) { in.Deps[i] = append(in.Deps[i], in.Names[on]) })
		}
	}
	return in
}

// closed returns in with one more dependency that closes a cycle: from the
// start of a path to the last node that has a dependency.
func closed(in Input) Input {
	index := make(map[string]int, len(in.Names))
	for i, name := range in.Names {
		index[name] = i
	}
	last := len(in.Names) - 1
	for len(in.Deps[last]) == 0 {
		last--
	}
	first := last
	for len(in.Deps[first]) > 0 {
		first = index[in.Deps[first][0]]
	}
	deps := append([][]string(nil), in.Deps...)
	deps[first] = []string{in.Names[last]}
	return Input{Names: in.Names, Deps: deps}
}
