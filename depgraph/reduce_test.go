package depgraph_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/depgraph"
)

func TestRedundant(t *testing.T) {
	t.Parallel()
	type list = []depgraph.Dependency[string]
	tests := []struct {
		name, reason string
		graph        string
		want         list
	}{
		{name: "empty", reason: "nothing to leave out is nil", graph: "", want: nil},
		{name: "chain", reason: "every link is needed", graph: "a b c b>a c>b", want: nil},
		{
			name: "shortcut", reason: "c comes after a through b",
			graph: "a b c c>a b>a c>b", want: list{{"c", "a"}},
		},
		{
			name: "long way round", reason: "the path between may have any length",
			graph: "a b c d b>a c>b d>c d>a", want: list{{"d", "a"}},
		},
		{
			name: "all to all", reason: "of all pairs only the links of the chain stay, listed by Sequence and then by Depend",
			graph: "a b c d d>a d>c d>b c>a c>b b>a", want: list{{"c", "a"}, {"d", "a"}, {"d", "b"}},
		},
		{
			name: "diamond", reason: "two ways round are no reason to drop either",
			graph: "a b c d b>a c>a d>b d>c", want: nil,
		},
		{
			name: "other wave, no path", reason: "an end in a lower wave is redundant only if it can be reached",
			graph: "a b x c b>a c>b c>x", want: nil,
		},
		{
			name: "repeated", reason: "a dependency given twice is one, and does not imply itself",
			graph: "a b b>a b>a", want: nil,
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
			if diff := cmp.Diff(tt.want, order.Redundant()); diff != "" {
				t.Errorf("Redundant (-want +got):\n%s%s", diff, tt.reason)
			}
		})
	}
}

func TestReduceKeeps(t *testing.T) {
	t.Parallel()
	order, err := build("a b c d b>a c>b c>a d>a d>b d>c").Resolve()
	if err != nil {
		t.Fatal(err)
	}
	var asked []depgraph.Dependency[string]
	reduced := order.Reduce(func(node, on string) bool {
		asked = append(asked, depgraph.Dependency[string]{Node: node, On: on})
		return on == "b"
	})
	if diff := cmp.Diff(order.Redundant(), asked); diff != "" {
		t.Errorf("keep must be asked about just the redundant ones (-want +got):\n%s", diff)
	}
	for node, want := range map[string][]string{"b": {"a"}, "c": {"b"}, "d": {"b", "c"}} {
		if diff := cmp.Diff(want, reduced.Dependencies(node)); diff != "" {
			t.Errorf("dependencies of %s (-want +got):\n%s", node, diff)
		}
	}
	if diff := cmp.Diff([]string{"a", "b", "c"}, order.Dependencies("d")); diff != "" {
		t.Errorf("Reduce changed the order it was called on (-want +got):\n%s", diff)
	}
	all := order.Reduce(func(string, string) bool { return true })
	if diff := cmp.Diff(order.Figures(), all.Figures()); diff != "" {
		t.Errorf("all kept must be as before (-want +got):\n%s", diff)
	}
}

func TestReduceZero(t *testing.T) {
	t.Parallel()
	var order depgraph.Order[int]
	if order.Redundant() != nil || order.Reduce(nil).Len() != 0 {
		t.Error("the zero Order has nothing to reduce")
	}
}

// reach is the plain answer: for each node all that it comes after, by the
// definition of it.
func reach(deps [][]int) [][]bool {
	reached := make([][]bool, len(deps)) // deps lead to lower numbers
	for i := range deps {
		reached[i] = make([]bool, len(deps))
		for _, on := range deps[i] {
			reached[i][on] = true
			for j, ok := range reached[on] {
				reached[i][j] = reached[i][j] || ok
			}
		}
	}
	return reached
}

// random graphs on which each method of the reduction has to work: the sweep
// decides dense ones, with ends enough for several passes; searches decide
// trees with few more edges, where a sweep would touch too much.
func drawReducible(random *rand.Rand) [][]int {
	n := 2 + random.IntN(60)
	if random.IntN(40) == 0 {
		n = 600 + random.IntN(900)
	}
	deps := make([][]int, n)
	depend := func(node, on int) {
		if !slices.Contains(deps[node], on) {
			deps[node] = append(deps[node], on)
		}
	}
	back := 1 + random.IntN(n) // how far a dependency goes
	for i := 1; i < n; i++ {
		depend(i, i-1-random.IntN(min(i, back)))
	}
	more := random.IntN(3 * n)
	if random.IntN(2) == 0 {
		more = random.IntN(8)
	}
	for range more {
		i := 1 + random.IntN(n-1)
		depend(i, random.IntN(i))
	}
	return deps
}

func TestReduceProperties(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(5, 6))
	for range 600 {
		deps := drawReducible(random)
		var g depgraph.Graph[int]
		number := random.Perm(len(deps)) // so that ids and sequence differ
		for i, on := range deps {
			for _, d := range on {
				g.Depend(number[i], number[d])
			}
		}
		for _, i := range random.Perm(len(deps)) {
			g.Add(number[i])
		}
		order, err := g.Resolve()
		if err != nil {
			t.Fatal(err)
		}
		node := make([]int, len(deps)) // by number
		for i, k := range number {
			node[k] = i
		}

		before := reach(deps)
		keep := func(k, on int) bool { return (k+on)%5 == 0 }
		kept := order.Reduce(keep)
		reduced := order.Reduce(nil)
		after := make([][]int, len(deps))
		for i := range deps {
			for _, k := range reduced.Dependencies(number[i]) {
				after[i] = append(after[i], node[k])
			}
			// An edge is needed just when no other end of the node reaches its end.
			var want, wantKept []int
			for _, d := range deps[i] {
				implied := slices.ContainsFunc(deps[i], func(other int) bool { return before[other][d] })
				if !implied {
					want = append(want, number[d])
				}
				if !implied || keep(number[i], number[d]) {
					wantKept = append(wantKept, number[d])
				}
			}
			if got := reduced.Dependencies(number[i]); !slices.Equal(got, want) {
				t.Fatalf("dependencies of %d: %v, want %v\n%v", i, got, want, deps)
			}
			if got := kept.Dependencies(number[i]); !slices.Equal(got, wantKept) {
				t.Fatalf("with keep, dependencies of %d: %v, want %v\n%v", i, got, wantKept, deps)
			}
			for _, k := range reduced.Dependencies(number[i]) {
				if !slices.Contains(reduced.Dependents(k), number[i]) {
					t.Fatalf("%d is not among the dependents of %d", number[i], k)
				}
			}
		}
		if !slices.EqualFunc(before, reach(after), slices.Equal) {
			t.Fatalf("Reduce changed what comes before what\n%v", deps)
		}
		if again := reduced.Redundant(); again != nil {
			t.Fatalf("still redundant after Reduce: %v", again)
		}
		if !slices.EqualFunc(order.Waves(), reduced.Waves(), slices.Equal) {
			t.Fatalf("Reduce changed the waves\n%v", deps)
		}
		if got, want := len(order.Redundant()), order.Figures().Dependencies-reduced.Figures().Dependencies; got != want {
			t.Fatalf("Redundant lists %d, Reduce dropped %d", got, want)
		}
	}
}

// Graphs of the size of the largest workflows, on which a method that is right
// on small ones could take for ever. The counts are known by construction.
func TestReduceAtScale(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("large graphs")
	}
	const n = 200_000
	tests := []struct {
		name, reason string
		depend       func(depend func(node, on int), i int)
		want         int
	}{
		{
			name: "ladder of shortcuts", reason: "each node but the first two repeats its grandparent",
			depend: func(depend func(int, int), i int) {
				for back := 1; back <= 2 && back <= i; back++ {
					depend(i, i-back)
				}
			},
			want: n - 2,
		},
		{
			name: "all on the root", reason: "a chain where each also names the first node: searches walk the chain, one sweep decides",
			depend: func(depend func(int, int), i int) {
				if i > 0 {
					depend(i, 0)
					depend(i, i-1)
				}
			},
			want: n - 2,
		},
		{
			name: "far shortcuts", reason: "each node also names the one a thousand back: many passes, each over a short part",
			depend: func(depend func(int, int), i int) {
				if i > 0 {
					depend(i, i-1)
				}
				if i >= 1000 {
					depend(i, i-1000)
				}
			},
			want: n - 1000,
		},
		{
			name: "few far shortcuts", reason: "searches give up one after the other, and the sweep goes once up the chain",
			depend: func(depend func(int, int), i int) {
				if i > 0 {
					depend(i, i-1)
				}
				if i > 0 && i%20_000 == 0 {
					depend(i, i-5000)
				}
			},
			want: n/20_000 - 1,
		},
		{
			name: "wide layers", reason: "each node also names one two layers back, some of them reached twice: searches of few steps decide all",
			depend: func(depend func(int, int), i int) {
				const width = n / 10
				layer, at := i/width, i%width
				if layer > 0 {
					depend(i, (layer-1)*width+at)
					depend(i, (layer-1)*width+(at+1)%width)
				}
				if layer > 1 {
					depend(i, (layer-2)*width+at)
				}
			},
			want: n - 2*n/10,
		},
	}
	names := map[string]bool{}
	for _, tt := range tests {
		require(t, names, tt.name, tt.reason)
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var g depgraph.Graph[int]
			for i := range n {
				g.Add(i)
				tt.depend(g.Depend, i)
			}
			order, err := g.Resolve()
			if err != nil {
				t.Fatal(err)
			}
			reduced := order.Reduce(nil)
			if got := order.Figures().Dependencies - reduced.Figures().Dependencies; got != tt.want {
				t.Errorf("%d redundant, want %d: %s", got, tt.want, tt.reason)
			}
		})
	}
}

func BenchmarkReduce(b *testing.B) {
	for _, n := range []int{10_000, million} {
		if testing.Short() && n == million {
			continue
		}
		b.Run(fmt.Sprintf("layered/%d", n), func(b *testing.B) {
			order := layered(n).order(b)
			for b.Loop() {
				order.Reduce(nil)
			}
		})
	}
	random := rand.New(rand.NewPCG(7, 8))
	for _, n := range []int{10_000, 100_000} {
		if testing.Short() && n > 10_000 {
			continue
		}
		var g depgraph.Graph[int]
		for i := range n {
			g.Add(i)
			for range min(i, 3) {
				g.Depend(i, random.IntN(i))
			}
		}
		order, err := g.Resolve()
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("random/%d", n), func(b *testing.B) {
			for b.Loop() {
				order.Reduce(nil)
			}
		})
	}
}
