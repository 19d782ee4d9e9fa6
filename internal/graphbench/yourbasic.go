package graphbench

import "github.com/yourbasic/graph"

func yourbasic() Library {
	build := func(in Input) *graph.Mutable {
		g, ids := graph.New(len(in.Names)), numbered(in)
		for i, deps := range in.Deps {
			for _, on := range deps {
				g.Add(ids[on], i)
			}
		}
		return g
	}
	names := func(in Input, ids []int) []string {
		list := make([]string, len(ids))
		for i, id := range ids {
			list[i] = in.Names[id]
		}
		return list
	}
	return Library{
		Name:  "yourbasic",
		Limit: million,
		Order: func(in Input) ([]string, error) {
			order, ok := graph.TopSort(build(in))
			if !ok {
				return nil, ErrCycle
			}
			return names(in, order), nil
		},
		Cycle: func(in Input) ([]string, error) {
			for _, component := range graph.StrongComponents(build(in)) {
				if len(component) > 1 {
					return names(in, component), nil
				}
			}
			return nil, nil
		},
	}
}
