package depgraph_test

import (
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/batchkit/batchkit-go/depgraph"
)

const million = 1_000_000

func TestResolveDeepChain(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("a million nodes")
	}
	var g depgraph.Graph[int]
	for i := range million {
		g.Add(i)
		g.Depend(i, i+1) // against the order of Add
	}
	g.Add(million)
	order, err := g.Resolve()
	if err != nil {
		t.Fatal(err)
	}
	if w, _ := order.Wave(0); w != million || len(order.Downstream(million)) != million {
		t.Errorf("Wave(0) = %d, want %d", w, million)
	}

	g.Depend(million, 0)
	_, err = g.Resolve()
	var fault *depgraph.ResolveError[int]
	if !errors.As(err, &fault) || len(fault.Cycles) != 1 || len(fault.Cycles[0].Path) != million+1 {
		t.Error("want one cycle through all nodes")
	}
}

func TestResolveLimitsCycles(t *testing.T) {
	t.Parallel()
	// Each pair in a clique is a cycle of two, so none covers another's edges.
	// The ring comes last and must still be reported.
	const clique = 50
	var g depgraph.Graph[int]
	for i := range clique {
		g.Add(i)
		for j := range i {
			g.Depend(i, j)
			g.Depend(j, i)
		}
	}
	g.Add(clique)
	g.Depend(clique, clique)

	_, err := g.Resolve()
	var fault *depgraph.ResolveError[int]
	if !errors.As(err, &fault) {
		t.Fatalf("got %v", err)
	}
	if len(fault.Cycles) != depgraph.MaxCycles {
		t.Errorf("%d cycles, want MaxCycles", len(fault.Cycles))
	}
	if want := clique*(clique-1) - 2*(depgraph.MaxCycles-1); fault.Uncovered != want {
		t.Errorf("Uncovered = %d, want %d", fault.Uncovered, want)
	}
	if last := fault.Cycles[len(fault.Cycles)-1]; len(last.Path) != 1 || last.Path[0] != clique {
		t.Errorf("the last cycle is %v: the clique crowded the self dependency out", last.Path)
	}
	if want := fmt.Sprintf("\n… and 80 more faults\n… and %d dependencies on further cycles", fault.Uncovered); !strings.HasSuffix(err.Error(), want) {
		t.Errorf("the text must end with what it leaves out:\n%s", err)
	}
}

// One edge closes so many long cycles that finding and holding MaxCycles of them
// would take a hundred times as long as reading the graph.
func TestResolveLimitsWork(t *testing.T) {
	t.Parallel()
	const diamonds = 100_000
	var g depgraph.Graph[int]
	g.Add(0)
	for d := range diamonds {
		top := 3 * d
		for _, side := range []int{top + 1, top + 2} {
			g.Add(side)
			g.Depend(side, top)
			g.Depend(top+3, side)
		}
		g.Add(top + 3)
	}
	g.Depend(0, 3*diamonds)
	// The tangle that comes last must still be reported.
	g.Add(-1)
	g.Depend(-1, -1)

	_, err := g.Resolve()
	var fault *depgraph.ResolveError[int]
	if !errors.As(err, &fault) {
		t.Fatalf("got %v", err)
	}
	edges := map[[2]int]bool{}
	for _, c := range fault.Cycles[:len(fault.Cycles)-1] {
		if len(c.Path) != 2*diamonds+1 || c.Path[0] != 0 {
			t.Errorf("a cycle of %d nodes from %d, want %d from 0", len(c.Path), c.Path[0], 2*diamonds+1)
		}
		for i, k := range c.Path {
			edges[[2]int{k, c.Path[(i+1)%len(c.Path)]}] = true
		}
	}
	if n := len(fault.Cycles); n < 3 || n > 10 {
		t.Errorf("%d cycles, want more than one of each tangle, and few", n)
	}
	if last := fault.Cycles[len(fault.Cycles)-1]; len(last.Path) != 1 || last.Path[0] != -1 {
		t.Errorf("the last cycle is %.20v, want that of -1", last.Path)
	}
	if want := 4*diamonds + 1 - len(edges); fault.Uncovered != want || want == 0 {
		t.Errorf("Uncovered = %d, want %d", fault.Uncovered, want)
	}
}

// The memory an Order keeps is part of its contract: at most 100 bytes a node
// in a graph with three dependencies a node, with the headers of string keys
// but without their text. Not parallel: it reads the heap of the process.
func TestOrderMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("a million nodes")
	}
	in := layered(million)
	before := heap()
	order := in.order(t)
	kept := float64(heap()-before) / million
	runtime.KeepAlive(order)
	runtime.KeepAlive(in)
	t.Logf("%.1f bytes a node", kept)
	if kept > 100 {
		t.Errorf("an Order keeps %.1f bytes a node, want at most 100", kept)
	}
}

func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// input is a graph as callers have it: names, and for each the names of its
// dependencies.
type input struct {
	names []string
	deps  [][]string
}

func chain(n int) input {
	in := newInput(n)
	for i := 1; i < n; i++ {
		in.deps[i] = in.names[i-1 : i]
	}
	return in
}

// layered makes ten layers. Each node depends on three scattered nodes of the
// layer before.
func layered(n int) input {
	in := newInput(n)
	width := n / 10
	for i := width; i < n; i++ {
		base := (i/width - 1) * width
		for j := range 3 {
			in.deps[i] = append(in.deps[i], in.names[base+(i*7919+j*104729)%width])
		}
	}
	return in
}

func newInput(n int) input {
	in := input{names: make([]string, n), deps: make([][]string, n)}
	for i := range in.names {
		in.names[i] = "job-" + strconv.Itoa(i)
	}
	return in
}

func (in input) order(tb testing.TB) *depgraph.Order[string] {
	edges := 0
	for _, deps := range in.deps {
		edges += len(deps)
	}
	var g depgraph.Graph[string]
	g.Grow(len(in.names), edges)
	for i, name := range in.names {
		g.Add(name)
		for _, on := range in.deps[i] {
			g.Depend(name, on)
		}
	}
	order, err := g.Resolve()
	if err != nil {
		tb.Fatal(err)
	}
	return order
}
