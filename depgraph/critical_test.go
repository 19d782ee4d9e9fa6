package depgraph_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/depgraph"
)

func TestCriticalPath(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, reason string
		graph        string
		weights      map[string]float64
		want         []string
		length       float64
	}{
		{name: "empty", reason: "nothing takes no time", graph: "", want: nil},
		{name: "one", reason: "a node alone is the path", graph: "a", weights: map[string]float64{"a": 2}, want: []string{"a"}, length: 2},
		{
			name: "fewer but heavier", reason: "weight counts, not the number of nodes",
			graph: "a b c d b>a c>b", weights: map[string]float64{"a": 1, "b": 1, "c": 1, "d": 9},
			want: []string{"d"}, length: 9,
		},
		{
			name: "no weights", reason: "the path still leads from a node with no dependency to one with no dependent",
			graph: "a b c b>a c>b", want: []string{"a", "b", "c"},
		},
		{
			name: "tie at the end", reason: "the end that comes first in Sequence, here by wave and not by Add",
			graph: "c a b c>a", weights: map[string]float64{"a": 1, "b": 1}, want: []string{"b"}, length: 1,
		},
		{
			name: "tie before the end", reason: "the first in Sequence, although Depend named the other first",
			graph: "a b c c>b c>a", weights: map[string]float64{"a": 1, "b": 1, "c": 1}, want: []string{"a", "c"}, length: 2,
		},
		{
			name: "below zero and no number", reason: "neither shortens the path nor spoils it",
			graph: "a b c b>a c>b", weights: map[string]float64{"a": -5, "b": math.NaN(), "c": 1},
			want: []string{"a", "b", "c"}, length: 1,
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
			var asked []string
			path, length := depgraph.CriticalPath(order, func(k string) float64 {
				asked = append(asked, k)
				return tt.weights[k]
			})
			if diff := cmp.Diff(tt.want, path); diff != "" || length != tt.length {
				t.Errorf("length %v, want %v; path (-want +got):\n%s%s", length, tt.length, diff, tt.reason)
			}
			if diff := cmp.Diff(order.Sequence(), asked); diff != "" {
				t.Errorf("each node must be asked about once, in Sequence (-want +got):\n%s", diff)
			}
		})
	}
}

// TestCriticalPathAgainstAllPaths lists every path of small graphs and takes
// the heaviest, ties by the documented rule. Few weights make ties frequent.
func TestCriticalPathAgainstAllPaths(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(9, 10))
	for range 3000 {
		n := 1 + random.IntN(9)
		var g depgraph.Graph[int]
		weights := make([]int, n)
		for i, k := range random.Perm(n) {
			g.Add(k)
			weights[i] = random.IntN(3)
		}
		for range random.IntN(2 * n) {
			if a, b := random.IntN(n), random.IntN(n); a > b {
				g.Depend(a, b)
			}
		}
		order, err := g.Resolve()
		if err != nil {
			t.Fatal(err)
		}

		sequence := order.Sequence()
		best, bestLength := []int(nil), -1
		var extend func(path []int, length int) // backwards, end first
		extend = func(path []int, length int) {
			last := path[len(path)-1]
			length += weights[last]
			before := order.Dependencies(last)
			if len(before) == 0 {
				byPlace := func(a, b int) int { return slices.Index(sequence, a) - slices.Index(sequence, b) }
				if length > bestLength || length == bestLength && slices.CompareFunc(path, best, byPlace) < 0 {
					best, bestLength = slices.Clone(path), length
				}
			}
			for _, k := range before {
				extend(append(path, k), length)
			}
		}
		for _, end := range sequence {
			if order.FanOut(end) == 0 {
				extend([]int{end}, 0)
			}
		}
		slices.Reverse(best)

		path, length := depgraph.CriticalPath(order, func(k int) int { return weights[k] })
		if !slices.Equal(path, best) || length != bestLength {
			t.Fatalf("path %v of %d, want %v of %d, in %v with weights %v", path, length, best, bestLength, order.Waves(), weights)
		}
	}
}
