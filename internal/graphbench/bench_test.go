package graphbench

import (
	"fmt"
	"runtime"
	"testing"
	"time"
)

var sizes = []int{1000, 10_000, million}

// BenchmarkOrder: from names to an order of them. Kahn's algorithm and all
// libraries notice a cycle on the way.
func BenchmarkOrder(b *testing.B) {
	ours := Depgraph()
	each(b, Shapes(), func(lib Library) int { return lib.Limit }, func(b *testing.B, lib Library, in Input) {
		compare(b, lib.Name, in, ours.Order, lib.Order)
	})
}

// BenchmarkCycle: from names to names on a cycle, of a graph with one edge that
// closes cycles. The others return one set of nodes with a cycle in it, or less.
// depgraph has no such answer: it finds a shortest cycle of each set, and goes
// on to cover each edge on a cycle. On a small ladder that makes a hundred
// cycles, and so far more work; on a large one it stops after two or three.
func BenchmarkCycle(b *testing.B) {
	ours := Depgraph()
	each(b, Shapes(), func(lib Library) int { return lib.Limit }, func(b *testing.B, lib Library, in Input) {
		compare(b, lib.Name, closed(in), ours.Cycle, lib.Cycle)
	})
}

// BenchmarkReduce: from names to the transitive reduction.
func BenchmarkReduce(b *testing.B) {
	ours := Depgraph()
	shapes := append(Shapes(), Shape{"shortcuts", shortcuts})
	each(b, shapes, func(lib Library) int { return lib.ReduceLimit }, func(b *testing.B, lib Library, in Input) {
		compare(b, lib.Name, in, ours.Reduce, lib.Reduce)
	})
}

// BenchmarkCritical: from names to the length of the longest path.
func BenchmarkCritical(b *testing.B) {
	ours := Depgraph()
	each(b, Shapes(), func(lib Library) int { return lib.CriticalLimit }, func(b *testing.B, lib Library, in Input) {
		compare(b, lib.Name, in, ours.Critical, lib.Critical)
	})
}

// each runs f for every shape, size and peer that finishes.
func each(b *testing.B, shapes []Shape, limit func(Library) int, f func(b *testing.B, lib Library, in Input)) {
	for _, shape := range shapes {
		for _, n := range sizes {
			if testing.Short() && n > sizes[0] {
				continue
			}
			var in Input // made for the first that wants it, dropped with the size
			for _, lib := range Peers() {
				if n > limit(lib) {
					continue
				}
				b.Run(fmt.Sprintf("%s/%d/%s", shape.Name, n, lib.Name), func(b *testing.B) {
					if in.Names == nil {
						in = shape.Make(n)
					}
					f(b, lib, in)
				})
			}
		}
	}
}

// compare takes turns and reports the ratios. The garbage of one is collected
// before the other starts, and not on its time.
func compare[T any](b *testing.B, name string, in Input, ours, theirs func(Input) (T, error)) {
	measure := func(f func(Input) (T, error)) time.Duration {
		runtime.GC()
		start := time.Now()
		result, err := f(in)
		took := time.Since(start)
		if err != nil {
			b.Fatal(err)
		}
		runtime.KeepAlive(result)
		return took
	}
	var own, other time.Duration
	for b.Loop() {
		own += measure(ours)
		other += measure(theirs)
	}
	perRun := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 / float64(b.N) }
	b.ReportMetric(0, "ns/op") // of both together and the collector: says nothing
	b.ReportMetric(perRun(own), "ms-depgraph")
	b.ReportMetric(perRun(other), "ms-other")
	b.ReportMetric(float64(other)/float64(own), "x-depgraph")
	if name == "kahn" {
		b.ReportMetric(float64(own)/float64(other), "x-kahn")
	}
}
