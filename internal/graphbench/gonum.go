package graphbench

import (
	"errors"

	"gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/path"
	"gonum.org/v1/gonum/graph/simple"
	"gonum.org/v1/gonum/graph/topo"
)

func gonum() Library {
	build := func(in Input) graph.Directed {
		ids := numbered(in)
		g := simple.NewDirectedGraph()
		for i := range in.Names {
			g.AddNode(simple.Node(i))
		}
		for i, deps := range in.Deps {
			for _, on := range deps {
				g.SetEdge(simple.Edge{F: simple.Node(ids[on]), T: simple.Node(i)})
			}
		}
		return g
	}
	names := func(in Input, nodes []graph.Node) []string {
		out := make([]string, len(nodes))
		for i, node := range nodes {
			out[i] = in.Names[node.ID()]
		}
		return out
	}
	return Library{
		Name:  "gonum",
		Limit: million,
		Order: func(in Input) ([]string, error) {
			sorted, err := topo.Sort(build(in))
			var cyclic topo.Unorderable
			if errors.As(err, &cyclic) {
				return nil, ErrCycle
			}
			return names(in, sorted), err
		},
		Cycle: func(in Input) ([]string, error) {
			_, err := topo.Sort(build(in))
			var cyclic topo.Unorderable
			if errors.As(err, &cyclic) && len(cyclic) > 0 {
				return names(in, cyclic[0]), nil
			}
			return nil, err
		},
		// There is no longest path. Shortest paths with every weight turned
		// negative, from a source before all roots, come nearest.
		Critical: func(in Input) (int, error) {
			ids := numbered(in)
			g := simple.NewWeightedDirectedGraph(0, 0)
			source := simple.Node(len(in.Names))
			for i, deps := range in.Deps {
				if len(deps) == 0 {
					g.SetWeightedEdge(simple.WeightedEdge{F: source, T: simple.Node(i), W: -1})
				}
				for _, on := range deps {
					g.SetWeightedEdge(simple.WeightedEdge{F: simple.Node(ids[on]), T: simple.Node(i), W: -1})
				}
			}
			shortest, ok := path.BellmanFordFrom(source, g)
			if !ok {
				return 0, ErrCycle
			}
			longest := 0.0
			for i := range in.Names {
				longest = max(longest, -shortest.WeightTo(int64(i)))
			}
			return int(longest), nil
		},
		CriticalLimit: 10_000,
	}
}
