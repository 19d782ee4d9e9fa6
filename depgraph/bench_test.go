package depgraph_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/batchkit/batchkit-go/depgraph"
)

// BenchmarkResolve builds and resolves a graph from string names. Each shape
// has a sub-benchmark of a bare Kahn over arrays, which finds an order and
// nothing else, to compare with. "x-kahn" is the quotient of the two, measured
// in turn in the same loop so that a noisy machine hits both alike.
func BenchmarkResolve(b *testing.B) {
	shapes := []struct {
		name string
		make func(n int) input
	}{{"chain", chain}, {"layered", layered}}
	for _, shape := range shapes {
		for _, n := range []int{10_000, million} {
			if testing.Short() && n == million {
				continue
			}
			in := shape.make(n)
			name := fmt.Sprintf("%s/%d", shape.name, n)
			b.Run(name+"/kahn", func(b *testing.B) {
				for b.Loop() {
					kahn(in)
				}
			})
			b.Run(name+"/depgraph", func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					in.order(b)
				}
			})
			b.Run(name+"/ratio", func(b *testing.B) {
				var bare, ours time.Duration
				for b.Loop() {
					start := time.Now()
					kahn(in)
					middle := time.Now()
					in.order(b)
					bare += middle.Sub(start)
					ours += time.Since(middle)
				}
				b.ReportMetric(float64(ours)/float64(bare), "x-kahn")
			})
		}
	}
}

// kahn is the least that orders names: one map of the right size, arrays of
// the right size, no checks.
func kahn(in input) []string {
	n := len(in.names)
	ids := make(map[string]int32, n)
	for i, name := range in.names {
		ids[name] = int32(i)
	}
	edges := 0
	for _, deps := range in.deps {
		edges += len(deps)
	}
	from, on := make([]int32, 0, edges), make([]int32, 0, edges)
	start, waiting := make([]int32, n+2), make([]int32, n)
	for i, deps := range in.deps {
		waiting[i] = int32(len(deps))
		for _, dep := range deps {
			d := ids[dep]
			from, on = append(from, int32(i)), append(on, d)
			start[d+2]++
		}
	}
	for i := 1; i < len(start); i++ {
		start[i] += start[i-1]
	}
	to := make([]int32, edges)
	for i, d := range on {
		to[start[d+1]] = from[i]
		start[d+1]++
	}
	queue := make([]int32, 0, n)
	for i, w := range waiting {
		if w == 0 {
			queue = append(queue, int32(i))
		}
	}
	for done := 0; done < len(queue); done++ {
		id := queue[done]
		for _, d := range to[start[id]:start[id+1]] {
			if waiting[d]--; waiting[d] == 0 {
				queue = append(queue, d)
			}
		}
	}
	names := make([]string, len(queue))
	for i, id := range queue {
		names[i] = in.names[id]
	}
	return names
}

// BenchmarkCycles resolves one tangle that holds far more cycles than are
// reported: the worst case of the search.
func BenchmarkCycles(b *testing.B) {
	for _, n := range []int{10_000, million} {
		if testing.Short() && n == million {
			continue
		}
		random := rand.New(rand.NewPCG(3, 4))
		var g depgraph.Graph[int]
		for i := range n {
			g.Add(i)
			for range 3 {
				g.Depend(i, random.IntN(n))
			}
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				_, err := g.Resolve()
				var fault *depgraph.ResolveError[int]
				if !errors.As(err, &fault) || len(fault.Cycles) != depgraph.MaxCycles {
					b.Fatal("want MaxCycles cycles")
				}
			}
		})
	}
}
