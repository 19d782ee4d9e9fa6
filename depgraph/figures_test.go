package depgraph_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/depgraph"
)

func TestFigures(t *testing.T) {
	t.Parallel()
	type (
		figures = depgraph.Figures[string]
		fan     = depgraph.Fan[string]
	)
	tests := []struct {
		name, reason string
		graph        string
		want         figures
	}{
		{name: "empty", reason: "the zero value", graph: "", want: figures{}},
		{
			name: "no dependencies", reason: "each node is a root and a leaf, and no key has a fan",
			graph: "a b", want: figures{Nodes: 2, Waves: 1, Widest: 2, Roots: 2, Leaves: 2},
		},
		{
			name: "fan", reason: "one root, many in the middle, one leaf; ties go to the first in Sequence",
			graph: "z a b c d b>a c>a d>a z>b z>c z>d z>d",
			want: figures{
				Nodes: 5, Dependencies: 6, Waves: 3, Widest: 3, Roots: 1, Leaves: 1,
				FanIn: fan{"z", 3}, FanOut: fan{"a", 3},
			},
		},
		{
			name: "tie", reason: "d and c, b and a are equal: d and b come first in Sequence",
			graph: "d c b a c>a d>b",
			want: figures{
				Nodes: 4, Dependencies: 2, Waves: 2, Widest: 2, Roots: 2, Leaves: 2,
				FanIn: fan{"d", 1}, FanOut: fan{"b", 1},
			},
		},
	}
	names := map[string]bool{}
	for _, tt := range tests {
		require(t, names, tt.name, tt.reason)
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			order, err := build(tt.graph).Resolve()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, order.Figures()); diff != "" {
				t.Errorf("Figures (-want +got):\n%s%s", diff, tt.reason)
			}
			for _, k := range append(order.Sequence(), "stranger") {
				if in, out := order.FanIn(k), order.FanOut(k); in != len(order.Dependencies(k)) || out != len(order.Dependents(k)) {
					t.Errorf("%s: fan-in %d, fan-out %d, want as many as are listed", k, in, out)
				}
			}
		})
	}
	var zero depgraph.Order[string]
	if diff := cmp.Diff(figures{}, zero.Figures()); diff != "" {
		t.Errorf("the zero Order (-want +got):\n%s", diff)
	}
}
