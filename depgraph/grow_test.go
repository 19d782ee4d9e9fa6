package depgraph_test

import (
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/depgraph"
)

func TestGrow(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, reason string
		before       int // nodes there already
		nodes, edges int
	}{
		{name: "exact", reason: "the usual case", nodes: 100, edges: 99},
		{name: "too few", reason: "more than announced still fits", nodes: 3, edges: 2},
		{name: "too many", reason: "unused room changes nothing", nodes: 5000, edges: 7000},
		{name: "zero", reason: "no news is no request"},
		{name: "negative", reason: "a difference gone wrong must not panic", nodes: -7, edges: -1},
		{name: "midway", reason: "keys that are there are found in the larger table", before: 40, nodes: 60, edges: 60},
		{name: "midway negative", reason: "room is never taken away", before: 40, nodes: -60, edges: -60},
	}
	names := map[string]bool{}
	for _, tt := range tests {
		require(t, names, tt.name, tt.reason)
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var g, plain depgraph.Graph[string]
			for i := range 100 {
				if i == tt.before {
					g.Grow(tt.nodes, tt.edges)
				}
				for _, each := range []*depgraph.Graph[string]{&g, &plain} {
					each.Add(strconv.Itoa(i))
					if i > 0 {
						each.Depend(strconv.Itoa(i), strconv.Itoa(i/2))
					}
				}
			}
			got, err := g.Resolve()
			if err != nil {
				t.Fatal(err)
			}
			want, err := plain.Resolve()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want.Waves(), got.Waves()); diff != "" {
				t.Errorf("Waves (-want +got):\n%s%s", diff, tt.reason)
			}
		})
	}
}

// What Grow is for: no memory is taken while nodes and dependencies come in. Not
// parallel: it counts the allocations of the process.
func TestGrowTakesMemoryOnce(t *testing.T) {
	const n = 1000
	var g depgraph.Graph[int]
	g.Grow(2*n, 2*n)
	next := 0
	allocations := testing.AllocsPerRun(1, func() { // called twice
		for range n {
			g.Add(next)
			g.Depend(next, next/2)
			next++
		}
	})
	if allocations != 0 {
		t.Errorf("%v allocations after Grow, want none", allocations)
	}
}
