package batchkit_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/depgraph"
)

const planJobs = 100_000

// planNames are names as Each gives them.
var planNames = func() []string {
	names := make([]string, planJobs)
	for i := range names {
		names[i] = fmt.Sprintf("report-%d", i)
	}
	return names
}()

// layerOf is what a job of the layered graph waits for: three of the thousand jobs before its own thousand.
func layerOf(i int) []int {
	if i < 1000 {
		return nil
	}
	base := i/1000*1000 - 1000
	return []int{base + i%1000, base + (i*7+1)%1000, base + (i*13+5)%1000}
}

func eachReport(b testing.TB) *batchkit.Workflow {
	w := batchkit.NewWorkflow("nightly")
	prepare := w.Add(batchkit.Job("prepare", "queue", small))
	nodes := batchkit.Each(w, batchkit.Job("report", "queue", small).Retry(3), planNames,
		func(job batchkit.ContainerJob, name string) batchkit.ContainerJob { return job.Param("customer", name) },
		batchkit.After(prepare))
	if len(nodes) != planJobs {
		b.Fatalf("got %d nodes", len(nodes))
	}
	return w
}

func layeredJobs(testing.TB) *batchkit.Workflow {
	w := batchkit.NewWorkflow("layered")
	for i, name := range planNames {
		var on []batchkit.Node
		for _, k := range layerOf(i) {
			on = append(on, batchkit.Node(planNames[k]))
		}
		w.Add(batchkit.Job(name, "queue", small).Param("customer", name), batchkit.After(on...))
	}
	return w
}

// planFloor orders the same graphs with depgraph alone, from the names.
func planFloor(b *testing.B, on func(int) []int) {
	for b.Loop() {
		var g depgraph.Graph[string]
		for i, name := range planNames {
			g.Add(name)
			for _, k := range on(i) {
				g.Depend(name, planNames[k])
			}
		}
		if _, err := g.Resolve(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/planJobs, "ns/job")
}

// BenchmarkPlan measures building a workflow of a hundred thousand jobs, and planning it, beside the floor: the order of
// the same graph by depgraph, which knows names only. The memory is what is kept, by the workflow or by the plan.
func BenchmarkPlan(b *testing.B) {
	for _, bb := range []struct {
		name string
		make func(testing.TB) *batchkit.Workflow
		on   func(int) []int
	}{
		{"each", eachReport, func(i int) []int { return []int{0}[:min(i, 1)] }},
		{"layered", layeredJobs, layerOf},
	} {
		b.Run(bb.name+"/floor", func(b *testing.B) { planFloor(b, bb.on) })
		b.Run(bb.name+"/build", func(b *testing.B) {
			measurePlan(b, func() any { return bb.make(b) })
		})
		b.Run(bb.name+"/plan", func(b *testing.B) {
			w := bb.make(b)
			measurePlan(b, func() any {
				plan, err := w.Plan()
				if err != nil {
					b.Fatal(err)
				}
				return plan
			})
		})
		b.Run(bb.name+"/digest", func(b *testing.B) {
			plan, err := bb.make(b).Plan()
			if err != nil {
				b.Fatal(err)
			}
			measurePlan(b, func() any { return plan.Digest() })
		})
	}
}

func measurePlan(b *testing.B, do func() any) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	kept := do()
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(kept)
	for b.Loop() {
		do()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/planJobs, "ns/job")
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/planJobs, "keptB/job")
}
