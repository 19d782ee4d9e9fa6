package depgraph_test

import (
	"errors"
	"fmt"

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
