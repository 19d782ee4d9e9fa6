package depgraph_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/depgraph"
)

// build reads a graph from words: "a" adds a, "b>a" makes b depend on a.
func build(words string) *depgraph.Graph[string] {
	var g depgraph.Graph[string]
	for _, word := range strings.Fields(words) {
		if k, on, ok := strings.Cut(word, ">"); ok {
			g.Depend(k, on)
		} else {
			g.Add(word)
		}
	}
	return &g
}

// require fails on a table row that does not say what it is for, or on a name
// used twice.
func require(t *testing.T, names map[string]bool, name, reason string) {
	t.Helper()
	if name == "" || reason == "" || names[name] {
		t.Fatalf("row %q: needs a unique name and a reason", name)
	}
	names[name] = true
}

func TestResolveWaves(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, reason string
		graph        string
		want         [][]string
	}{
		{
			name: "empty", reason: "the zero Graph is ready and resolves to nothing",
			graph: "", want: nil,
		},
		{
			name: "one", reason: "a node alone is wave 0",
			graph: "a", want: [][]string{{"a"}},
		},
		{
			name: "order of Add", reason: "independent nodes keep the order of Add, not of name",
			graph: "c a b", want: [][]string{{"c", "a", "b"}},
		},
		{
			name: "chain", reason: "each link is its own wave",
			graph: "a b c b>a c>b", want: [][]string{{"a"}, {"b"}, {"c"}},
		},
		{
			name: "diamond", reason: "a node is one above its highest dependency",
			graph: "a b c d b>a c>b d>a d>c", want: [][]string{{"a"}, {"b"}, {"c"}, {"d"}},
		},
		{
			name: "declared later", reason: "Depend may come before either Add; only Add sets the order",
			graph: "b>a c>a c b a", want: [][]string{{"a"}, {"c", "b"}},
		},
		{
			name: "added against the order", reason: "ties inside a wave follow Add although Depend named them otherwise",
			graph: "z y x x>w y>w z>w w", want: [][]string{{"w"}, {"z", "y", "x"}},
		},
		{
			name: "repeated dependency", reason: "an edge given three times counts once, or its node would never be ready",
			graph: "a b c b>a c>a b>a c>b b>a", want: [][]string{{"a"}, {"b"}, {"c"}},
		},
		{
			name: "waves are interleaved", reason: "a late independent node still runs first",
			graph: "a b b>a c", want: [][]string{{"a", "c"}, {"b"}},
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
			if diff := cmp.Diff(tt.want, order.Waves()); diff != "" {
				t.Errorf("Waves (-want +got):\n%s%s", diff, tt.reason)
			}
		})
	}
}

func TestResolveFaults(t *testing.T) {
	t.Parallel()
	type fault = depgraph.ResolveError[string]
	type (
		duplicates = []*depgraph.DuplicateError[string]
		unknowns   = []*depgraph.UnknownError[string]
		cycles     = []*depgraph.CycleError[string]
	)
	tests := []struct {
		name, reason string
		graph        string
		want         fault
		text         string
	}{
		{
			name: "duplicate", reason: "one fault a key, with the number of Adds",
			graph: "a b a b a",
			want:  fault{Duplicates: duplicates{{Key: "a", Count: 3}, {Key: "b", Count: 2}}},
			text: "duplicate a: added 3 times, must be added once\n" +
				"duplicate b: added 2 times, must be added once",
		},
		{
			name: "unknown dependency", reason: "one fault an unknown key, with all who need it",
			graph: "a b a>x b>x",
			want:  fault{Unknowns: unknowns{{Key: "x", Dependents: []string{"a", "b"}}}},
			text:  "unknown x: needed by a, b, but was never added",
		},
		{
			name: "unknown dependent", reason: "the left side of Depend can be undeclared too",
			graph: "a x>a",
			want:  fault{Unknowns: unknowns{{Key: "x", Dependencies: []string{"a"}}}},
			text:  "unknown x: depends on a, but was never added",
		},
		{
			name: "unknown on both sides", reason: "each key is reported, and the text names both directions",
			graph: "a x>y y>a",
			want: fault{Unknowns: unknowns{
				{Key: "x", Dependencies: []string{"y"}},
				{Key: "y", Dependents: []string{"x"}, Dependencies: []string{"a"}},
			}},
			text: "unknown x: depends on y, but was never added\n" +
				"unknown y: needed by x, depends on a, but was never added",
		},
		{
			name: "self", reason: "a self dependency is a cycle of one",
			graph: "a b b>b b>a",
			want:  fault{Cycles: cycles{{Path: []string{"b"}}}},
			text:  "cycle: b → b",
		},
		{
			name: "canonical start", reason: "a cycle starts at the node added first, whichever edge came first",
			graph: "c>a b>c a>b b c a",
			want:  fault{Cycles: cycles{{Path: []string{"b", "c", "a"}}}},
			text:  "cycle: b → c → a → b",
		},
		{
			name: "behind a cycle", reason: "a node that only waits for a cycle, or leads to one, is not on it",
			graph: "root a b after a>b b>a a>root after>a",
			want:  fault{Cycles: cycles{{Path: []string{"a", "b"}}}},
			text:  "cycle: a → b → a",
		},
		{
			name: "bridge", reason: "an edge between two cycles is on neither",
			graph: "a b c d a>b b>a b>c c>d d>c",
			want:  fault{Cycles: cycles{{Path: []string{"a", "b"}}, {Path: []string{"c", "d"}}}},
			text:  "cycle: a → b → a\ncycle: c → d → c",
		},
		{
			name: "shared edge", reason: "two cycles through a→b: both have an edge of their own, so both are reported",
			graph: "a b c d a>b b>c c>a b>d d>a",
			want:  fault{Cycles: cycles{{Path: []string{"a", "b", "c"}}, {Path: []string{"a", "b", "d"}}}},
			text:  "cycle: a → b → c → a\ncycle: a → b → d → a",
		},
		{
			name: "shortest", reason: "the short way round is found although the long one is named first",
			graph: "a b c d a>b b>c c>d d>a b>a",
			want:  fault{Cycles: cycles{{Path: []string{"a", "b"}}, {Path: []string{"a", "b", "c", "d"}}}},
			text:  "cycle: a → b → a\ncycle: a → b → c → d → a",
		},
		{
			name: "through an unknown", reason: "unknown keys do not hide cycles, and rank after all declared nodes",
			graph: "x>a a>x a",
			want: fault{
				Unknowns: unknowns{{Key: "x", Dependents: []string{"a"}, Dependencies: []string{"a"}}},
				Cycles:   cycles{{Path: []string{"a", "x"}}},
			},
			text: "unknown x: needed by a, depends on a, but was never added\ncycle: a → x → a",
		},
		{
			name: "everything at once", reason: "no fault hides another",
			graph: "a b a a>b b>a b>x",
			want: fault{
				Duplicates: duplicates{{Key: "a", Count: 2}},
				Unknowns:   unknowns{{Key: "x", Dependents: []string{"b"}}},
				Cycles:     cycles{{Path: []string{"a", "b"}}},
			},
			text: "duplicate a: added 2 times, must be added once\n" +
				"unknown x: needed by b, but was never added\n" +
				"cycle: a → b → a",
		},
	}
	names := map[string]bool{}
	for _, tt := range tests {
		require(t, names, tt.name, tt.reason)
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			order, err := build(tt.graph).Resolve()
			if order != nil {
				t.Error("order must be nil beside an error")
			}
			var got *fault
			if !errors.As(err, &got) {
				t.Fatalf("error %v is no *ResolveError", err)
			}
			if diff := cmp.Diff(&tt.want, got); diff != "" {
				t.Errorf("faults (-want +got):\n%s%s", diff, tt.reason)
			}
			if diff := cmp.Diff(tt.text, err.Error()); diff != "" {
				t.Errorf("text (-want +got):\n%s", diff)
			}
		})
	}
}

func TestResolveErrorAs(t *testing.T) {
	t.Parallel()
	_, err := build("a b a a>b b>a b>x").Resolve()
	var (
		duplicate *depgraph.DuplicateError[string]
		unknown   *depgraph.UnknownError[string]
		cycle     *depgraph.CycleError[string]
	)
	if !errors.As(err, &duplicate) || !errors.As(err, &unknown) || !errors.As(err, &cycle) {
		t.Errorf("errors.As must find each type in %v", err)
	}
	var list interface{ Unwrap() []error }
	if !errors.As(err, &list) || len(list.Unwrap()) != 3 {
		t.Errorf("Unwrap must list 3 faults of %v", err)
	}
}

func TestErrorTextIsCapped(t *testing.T) {
	t.Parallel()
	var ring, missing depgraph.Graph[int]
	for i := range 1000 {
		ring.Add(i)
		ring.Depend(i, (i+1)%1000)
		missing.Depend(i, i+1)
	}

	_, err := ring.Resolve()
	var cycle *depgraph.CycleError[int]
	if !errors.As(err, &cycle) || len(cycle.Path) != 1000 {
		t.Fatalf("want one cycle of 1000 nodes, got %v", err)
	}
	want := "cycle: 0 → 1 → 2 → 3 → 4 → 5 → 6 → 7 → 8 → 9 → 10 → 11 → 12 → 13 → 14 → 15 → 16 → 17 → 18 → 19 → … and 980 more → 0"
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("ring (-want +got):\n%s", diff)
	}

	_, err = missing.Resolve()
	lines := strings.Split(err.Error(), "\n")
	if last := lines[len(lines)-1]; len(lines) != 21 || last != "… and 981 more faults" {
		t.Errorf("got %d lines, the last %q", len(lines), last)
	}
}

func TestErrorTextQuotesOddKeys(t *testing.T) {
	t.Parallel()
	var g depgraph.Graph[string]
	g.Add("")
	g.Add("two words")
	g.Depend("", "two words")
	g.Depend("two words", "")
	g.Depend("two words", "a\nb")
	_, err := g.Resolve()
	want := "unknown \"a\\nb\": needed by two words, but was never added\ncycle: \"\" → two words → \"\""
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
}

func TestGraphLen(t *testing.T) {
	t.Parallel()
	if got := build("a b a c>d").Len(); got != 2 {
		t.Errorf("Len = %d, want 2: a and b; repeats and undeclared keys do not count", got)
	}
}

func TestGraphGrowsAfterResolve(t *testing.T) {
	t.Parallel()
	var g depgraph.Graph[int]
	for i := range 10 {
		g.Add(i)
	}
	before, err := g.Resolve()
	if err != nil {
		t.Fatal(err)
	}
	for i := 10; i < 1000; i++ {
		g.Add(i)
		g.Depend(0, i)
	}
	after, err := g.Resolve()
	if err != nil {
		t.Fatal(err)
	}
	if w, ok := before.Wave(0); w != 0 || !ok || before.Len() != 10 || before.Dependencies(0) != nil {
		t.Error("the first Order changed when its Graph did")
	}
	if _, ok := before.Wave(10); ok {
		t.Error("the first Order knows a node added later")
	}
	if w, _ := after.Wave(0); w != 1 || after.Len() != 1000 || len(after.Dependencies(0)) != 990 {
		t.Error("the second Order misses what was added")
	}
}

func TestKeysOfAnyType(t *testing.T) {
	t.Parallel()
	type key struct {
		queue string
		index int
	}
	var g depgraph.Graph[key]
	g.Depend(key{"q", 2}, key{"q", 1})
	g.Add(key{"q", 2})
	g.Add(key{"q", 1})
	order, err := g.Resolve()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(order.Sequence()), "[{q 1} {q 2}]"; got != want {
		t.Errorf("Sequence = %s, want %s", got, want)
	}
}
