package depgraph_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/batchkit/batchkit-go/depgraph"
)

// BenchmarkResolve builds and resolves a graph from string names. How that
// compares with other libraries is what internal/graphbench measures.
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
			b.Run(fmt.Sprintf("%s/%d", shape.name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					in.order(b)
				}
			})
		}
	}
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
