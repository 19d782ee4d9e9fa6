package graphbench

import "github.com/dominikbraun/graph"

func dominikbraun() Library {
	build := func(in Input) (graph.Graph[string, string], error) {
		g := graph.New(graph.StringHash, graph.Directed())
		for _, name := range in.Names {
			if err := g.AddVertex(name); err != nil {
				return nil, err
			}
		}
		for i, deps := range in.Deps {
			for _, on := range deps {
				if err := g.AddEdge(on, in.Names[i]); err != nil {
					return nil, err
				}
			}
		}
		return g, nil
	}
	return Library{
		Name:  "dominikbraun",
		Limit: 10_000,
		Order: func(in Input) ([]string, error) {
			g, err := build(in)
			if err != nil {
				return nil, err
			}
			sorted, err := graph.TopologicalSort(g)
			if err != nil { // it has no type; nothing else can go wrong here
				return nil, ErrCycle
			}
			return sorted, nil
		},
		Cycle: func(in Input) ([]string, error) {
			g, err := build(in)
			if err != nil {
				return nil, err
			}
			components, err := graph.StronglyConnectedComponents(g)
			for _, component := range components {
				if len(component) > 1 {
					return component, err
				}
			}
			return nil, err
		},
		Reduce: func(in Input) (int, error) {
			g, err := build(in)
			if err != nil {
				return 0, err
			}
			reduced, err := graph.TransitiveReduction(g)
			if err != nil {
				return 0, err
			}
			return reduced.Size()
		},
		ReduceLimit: 1000,
	}
}
