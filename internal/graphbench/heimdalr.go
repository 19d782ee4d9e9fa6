package graphbench

import (
	"errors"

	"github.com/heimdalr/dag"
)

// collector takes names in the order in which they are visited.
type collector []string

func (c *collector) Visit(v dag.Vertexer) {
	id, _ := v.Vertex()
	*c = append(*c, id)
}

func heimdalr() Library {
	build := func(in Input) (g *dag.DAG, refused string, err error) {
		g = dag.NewDAG()
		for _, name := range in.Names {
			if err := g.AddVertexByID(name, name); err != nil {
				return nil, "", err
			}
		}
		for i, deps := range in.Deps {
			for _, on := range deps {
				err := g.AddEdge(on, in.Names[i])
				var loop dag.EdgeLoopError
				if errors.As(err, &loop) {
					return nil, in.Names[i], ErrCycle
				}
				if err != nil {
					return nil, "", err
				}
			}
		}
		return g, "", nil
	}
	return Library{
		Name:  "heimdalr",
		Limit: 1000,
		Order: func(in Input) ([]string, error) {
			g, _, err := build(in)
			if err != nil {
				return nil, err
			}
			var names collector
			g.OrderedWalk(&names)
			return names, nil
		},
		// The edge that closes the cycle is refused; that is all it tells.
		Cycle: func(in Input) ([]string, error) {
			_, refused, err := build(in)
			if errors.Is(err, ErrCycle) {
				return []string{refused}, nil
			}
			return nil, err
		},
		Reduce: func(in Input) (int, error) {
			g, _, err := build(in)
			if err != nil {
				return 0, err
			}
			g.ReduceTransitively()
			return g.GetSize(), nil
		},
		ReduceLimit: 1000,
	}
}
