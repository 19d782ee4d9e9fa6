package depgraph_test

import (
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/depgraph"
)

func TestOrderQueries(t *testing.T) {
	t.Parallel()
	// Sequence: a e | c b | d | f.
	order, err := build("d c b a e f c>a b>e b>a d>c d>b f>d f>a").Resolve()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, reason string
		key          string
		wave         int
		known        bool
		dependencies []string
		dependents   []string
		downstream   []string
	}{
		{
			name: "root", reason: "dependents and downstream come in sequence order, not in order of mention",
			key: "a", wave: 0, known: true,
			dependents: []string{"c", "b", "f"}, downstream: []string{"c", "b", "d", "f"},
		},
		{
			name: "middle", reason: "dependencies keep the order of Depend",
			key: "b", wave: 1, known: true,
			dependencies: []string{"e", "a"}, dependents: []string{"d"}, downstream: []string{"d", "f"},
		},
		{
			name: "leaf", reason: "nothing fails with a node nobody needs",
			key: "f", wave: 3, known: true, dependencies: []string{"d", "a"},
		},
		{
			name: "stranger", reason: "an unknown key has nothing and is no error",
			key: "x",
		},
	}
	names := map[string]bool{}
	for _, tt := range tests {
		require(t, names, tt.name, tt.reason)
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if w, ok := order.Wave(tt.key); w != tt.wave || ok != tt.known {
				t.Errorf("Wave = %d, %t, want %d, %t", w, ok, tt.wave, tt.known)
			}
			if diff := cmp.Diff(tt.dependencies, order.Dependencies(tt.key)); diff != "" {
				t.Errorf("Dependencies (-want +got):\n%s%s", diff, tt.reason)
			}
			if diff := cmp.Diff(tt.dependents, order.Dependents(tt.key)); diff != "" {
				t.Errorf("Dependents (-want +got):\n%s%s", diff, tt.reason)
			}
			if diff := cmp.Diff(tt.downstream, order.Downstream(tt.key)); diff != "" {
				t.Errorf("Downstream (-want +got):\n%s%s", diff, tt.reason)
			}
		})
	}
}

func TestOrderReturnsCopies(t *testing.T) {
	t.Parallel()
	order, err := build("a b c d b>a c>a d>b d>c").Resolve()
	if err != nil {
		t.Fatal(err)
	}
	snapshot := func() [][]string {
		return slices.Concat(order.Waves(), [][]string{
			order.Sequence(), order.Dependencies("d"), order.Dependents("a"), order.Downstream("a"),
		})
	}
	want := snapshot()
	for _, keys := range snapshot() {
		for i := range keys {
			keys[i] = "scribble"
		}
		_ = append(keys[:0], "over", "it")
	}
	if diff := cmp.Diff(want, snapshot()); diff != "" {
		t.Errorf("writing to results changed the order (-want +got):\n%s", diff)
	}

	waves := order.Waves()
	_ = append(waves[0], "spill")
	if waves[1][0] != "b" {
		t.Error("appending to a wave reached the next one")
	}
}

func TestOrderAll(t *testing.T) {
	t.Parallel()
	order, err := build("a b c b>a").Resolve()
	if err != nil {
		t.Fatal(err)
	}
	type item struct {
		Wave int
		Key  string
	}
	var got []item
	for w, k := range order.All() {
		got = append(got, item{w, k})
	}
	if diff := cmp.Diff([]item{{0, "a"}, {0, "c"}, {1, "b"}}, got); diff != "" {
		t.Errorf("All (-want +got):\n%s", diff)
	}
	for _, k := range order.All() {
		if k != "a" {
			t.Fatal("All went on after break")
		}
		break
	}
}

func TestOrderZero(t *testing.T) {
	t.Parallel()
	var order depgraph.Order[string]
	if order.Len() != 0 || order.Sequence() != nil || order.Waves() != nil || order.Downstream("a") != nil {
		t.Error("the zero Order must be empty")
	}
	if _, ok := order.Wave("a"); ok {
		t.Error("the zero Order knows a node")
	}
	for range order.All() {
		t.Error("the zero Order yields a node")
	}
}

// Run with -race: an Order shares memory with its Graph only where neither writes.
func TestOrderIsSafeWhileGraphGrows(t *testing.T) {
	t.Parallel()
	// b and c are mentioned against the order of Add, so that Dependents sorts.
	g := build("c>a b>a a b c")
	order, err := g.Resolve()
	if err != nil {
		t.Fatal(err)
	}
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for range 100 {
				if got := order.Downstream("a"); len(got) != 2 || len(order.Sequence()) != 3 {
					t.Errorf("Downstream = %v, want b and c", got)
				}
				if got := order.Dependents("a"); len(got) != 2 || got[0] != "b" {
					t.Errorf("Dependents = %v, want b and c", got)
				}
				if _, ok := order.Wave("added later"); ok {
					t.Error("the Order knows a node added later")
				}
			}
		})
	}
	g.Add("added later")
	for i := range 1000 {
		g.Depend("added later", strconv.Itoa(i))
	}
	readers.Wait()
}
