package graphbench

import (
	"errors"
	"slices"
	"testing"
)

// Numbers are worth nothing if the libraries do not do the same work.
func TestLibrariesAgree(t *testing.T) {
	t.Parallel()
	ours := Depgraph()
	for _, shape := range append(Shapes(), Shape{"shortcuts", shortcuts}) {
		in := shape.Make(120)
		reduced, err := ours.Reduce(in)
		if err != nil {
			t.Fatal(err)
		}
		longest, err := ours.Critical(in)
		if err != nil {
			t.Fatal(err)
		}
		for _, lib := range append(Peers(), ours) {
			t.Run(shape.Name+"/"+lib.Name, func(t *testing.T) {
				t.Parallel()
				names, err := lib.Order(in)
				if err != nil {
					t.Fatal(err)
				}
				checkOrder(t, in, names)
				// One finds the cycle while building, and has no order then.
				if _, err := lib.Order(closed(in)); !errors.Is(err, ErrCycle) {
					t.Errorf("Order of a cycle: %v, want ErrCycle", err)
				}
				if names, err := lib.Cycle(closed(in)); err != nil || len(names) == 0 {
					t.Errorf("Cycle = %v, %v, want some names", names, err)
				}
				if names, err := lib.Cycle(in); err != nil || len(names) != 0 {
					t.Errorf("Cycle of a graph with none = %v, %v", names, err)
				}
				if lib.Reduce != nil {
					if got, err := lib.Reduce(in); err != nil || got != reduced {
						t.Errorf("Reduce leaves %d, %v, want %d", got, err, reduced)
					}
				}
				if lib.Critical != nil {
					if got, err := lib.Critical(in); err != nil || got != longest {
						t.Errorf("Critical = %d, %v, want %d", got, err, longest)
					}
				}
			})
		}
	}
}

func checkOrder(t *testing.T, in Input, names []string) {
	t.Helper()
	place := make(map[string]int, len(names))
	for i, name := range names {
		place[name] = i
	}
	if len(names) != len(in.Names) || len(place) != len(names) {
		t.Fatalf("%d names, %d of them different, want %d", len(names), len(place), len(in.Names))
	}
	for i, name := range in.Names {
		if slices.ContainsFunc(in.Deps[i], func(on string) bool { return place[on] >= place[name] }) {
			t.Fatalf("%s comes before one of %v", name, in.Deps[i])
		}
	}
}

func TestLayeredHasThreeEdgesANode(t *testing.T) {
	t.Parallel()
	const n = 10_000
	if got := layered(n).Edges(); got != 3*n {
		t.Errorf("%d edges, want %d", got, 3*n)
	}
}
