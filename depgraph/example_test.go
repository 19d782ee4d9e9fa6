package depgraph_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/batchkit/batchkit-go/depgraph"
)

func ExampleGraph_Resolve() {
	var g depgraph.Graph[string]
	g.Add("split")
	g.Add("encode-audio")
	g.Add("encode-video")
	g.Add("merge")
	g.Depend("encode-audio", "split")
	g.Depend("encode-video", "split")
	g.Depend("merge", "encode-audio")
	g.Depend("merge", "encode-video")

	order, err := g.Resolve()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(order.Sequence())
	for i, wave := range order.Waves() {
		fmt.Println(i, wave)
	}
	// Output:
	// [split encode-audio encode-video merge]
	// 0 [split]
	// 1 [encode-audio encode-video]
	// 2 [merge]
}

// Every fault is reported at once.
func ExampleGraph_Resolve_faults() {
	var g depgraph.Graph[string]
	g.Add("split")
	g.Add("encode")
	g.Add("merge")
	g.Add("split")
	g.Depend("encode", "merge")
	g.Depend("merge", "encode")
	g.Depend("merge", "splitt")

	_, err := g.Resolve()
	fmt.Println(err)
	// Output:
	// duplicate split: added 2 times, must be added once
	// unknown splitt: needed by merge, but was never added
	// cycle: encode → merge → encode
}

// The fields of the error hold what the text says, for a program to use.
func ExampleResolveError() {
	var g depgraph.Graph[int]
	g.Add(1)
	g.Add(2)
	g.Depend(1, 2)
	g.Depend(2, 1)
	g.Depend(2, 3)

	_, err := g.Resolve()
	var fault *depgraph.ResolveError[int]
	if errors.As(err, &fault) {
		for _, unknown := range fault.Unknowns {
			fmt.Println(unknown.Key, "is needed by", unknown.Dependents)
		}
		for _, cycle := range fault.Cycles {
			fmt.Println("cut one of", cycle.Path)
		}
	}
	// Output:
	// 3 is needed by [2]
	// cut one of [1 2]
}

func ExampleOrder_All() {
	var g depgraph.Graph[string]
	g.Add("test")
	g.Add("build")
	g.Add("lint")
	g.Depend("test", "build")

	order, err := g.Resolve()
	if err != nil {
		fmt.Println(err)
		return
	}
	for wave, name := range order.All() {
		fmt.Println(wave, name)
	}
	// Output:
	// 0 build
	// 0 lint
	// 1 test
}

func ExampleOrder_Downstream() {
	var g depgraph.Graph[string]
	g.Add("fetch")
	g.Add("parse")
	g.Add("report")
	g.Add("clean")
	g.Depend("parse", "fetch")
	g.Depend("report", "parse")

	order, err := g.Resolve()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("if fetch fails:", order.Downstream("fetch"))
	// Output:
	// if fetch fails: [parse report]
}

// A dependency that means more than "after" can be kept.
func ExampleOrder_Reduce() {
	var g depgraph.Graph[string]
	g.Grow(4, 5)
	for _, name := range []string{"fetch", "parse", "check", "report"} {
		g.Add(name)
	}
	g.Depend("parse", "fetch")
	g.Depend("check", "parse")
	g.Depend("check", "fetch")
	g.Depend("report", "check")
	g.Depend("report", "parse")

	order, err := g.Resolve()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, d := range order.Redundant() {
		fmt.Println(d.Node, "comes after", d.On, "anyway")
	}
	reduced := order.Reduce(func(node, on string) bool { return node == "check" })
	fmt.Println("check:", reduced.Dependencies("check"))
	fmt.Println("report:", reduced.Dependencies("report"))
	// Output:
	// check comes after fetch anyway
	// report comes after parse anyway
	// check: [parse fetch]
	// report: [check]
}

func ExampleCriticalPath() {
	takes := map[string]time.Duration{
		"split":  time.Minute,
		"audio":  5 * time.Minute,
		"video":  40 * time.Minute,
		"thumbs": 2 * time.Minute,
		"merge":  3 * time.Minute,
	}
	var g depgraph.Graph[string]
	for _, name := range []string{"split", "audio", "video", "thumbs", "merge"} {
		g.Add(name)
	}
	g.Depend("audio", "split")
	g.Depend("video", "split")
	g.Depend("thumbs", "video")
	g.Depend("merge", "audio")
	g.Depend("merge", "video")

	order, err := g.Resolve()
	if err != nil {
		fmt.Println(err)
		return
	}
	path, length := depgraph.CriticalPath(order, func(name string) time.Duration { return takes[name] })
	fmt.Println(path, length)
	// Output:
	// [split video merge] 44m0s
}

func ExampleOrder_Figures() {
	var g depgraph.Graph[string]
	g.Add("split")
	for i := range 3 {
		part := fmt.Sprint("part-", i)
		g.Add(part)
		g.Depend(part, "split")
		g.Depend("merge", part)
	}
	g.Add("merge")

	order, err := g.Resolve()
	if err != nil {
		fmt.Println(err)
		return
	}
	f := order.Figures()
	fmt.Println(f.Nodes, "nodes in", f.Waves, "waves, at most", f.Widest, "at once")
	fmt.Println("most dependencies:", f.FanIn.Key, f.FanIn.Count)
	fmt.Println("most dependents:", f.FanOut.Key, f.FanOut.Count)
	// Output:
	// 5 nodes in 3 waves, at most 3 at once
	// most dependencies: merge 3
	// most dependents: split 3
}
