package graphbench

import (
	"errors"

	"github.com/batchkit/batchkit-go/depgraph"
)

// Depgraph returns what is measured.
func Depgraph() Library {
	resolve := func(in Input) (*depgraph.Order[string], error) {
		var g depgraph.Graph[string]
		g.Grow(len(in.Names), in.Edges())
		for i, name := range in.Names {
			g.Add(name)
			for _, on := range in.Deps[i] {
				g.Depend(name, on)
			}
		}
		return g.Resolve()
	}
	return Library{
		Name:  "depgraph",
		Limit: million,
		// With the waves, which the peers do not have: more work, not less.
		Order: func(in Input) ([]string, error) {
			order, err := resolve(in)
			var fault *depgraph.ResolveError[string]
			if errors.As(err, &fault) && len(fault.Cycles) > 0 {
				return nil, ErrCycle
			}
			if err != nil {
				return nil, err
			}
			names := make([]string, 0, order.Len())
			for _, wave := range order.Waves() {
				names = append(names, wave...)
			}
			return names, nil
		},
		Cycle: func(in Input) ([]string, error) {
			_, err := resolve(in)
			var fault *depgraph.ResolveError[string]
			if errors.As(err, &fault) && len(fault.Cycles) > 0 {
				return fault.Cycles[0].Path, nil
			}
			return nil, err
		},
		Reduce: func(in Input) (int, error) {
			order, err := resolve(in)
			if err != nil {
				return 0, err
			}
			return order.Reduce(nil).Figures().Dependencies, nil
		},
		ReduceLimit: million,
		Critical: func(in Input) (int, error) {
			order, err := resolve(in)
			if err != nil {
				return 0, err
			}
			_, length := depgraph.CriticalPath(order, func(string) int { return 1 })
			return length, nil
		},
		CriticalLimit: million,
	}
}

const million = 1_000_000
