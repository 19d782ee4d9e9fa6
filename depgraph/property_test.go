package depgraph_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/depgraph"
)

// model is a graph of few nodes, kept in the plainest way, to judge Resolve by.
type model struct {
	adds    []int
	depends [][2]int // node, on
}

const modelNodes = 12

func (m model) graph() *depgraph.Graph[int] {
	var g depgraph.Graph[int]
	for _, k := range m.adds {
		g.Add(k)
	}
	for _, d := range m.depends {
		g.Depend(d[0], d[1])
	}
	return &g
}

// distances gives the length of a shortest path of at least one dependency
// between any two nodes, 0 for none (Floyd and Warshall).
func (m model) distances() (dist [modelNodes][modelNodes]int) {
	for _, d := range m.depends {
		dist[d[0]][d[1]] = 1
	}
	for via := range modelNodes {
		for a := range modelNodes {
			for b := range modelNodes {
				if dist[a][via] == 0 || dist[via][b] == 0 {
					continue
				}
				if through := dist[a][via] + dist[via][b]; dist[a][b] == 0 || through < dist[a][b] {
					dist[a][b] = through
				}
			}
		}
	}
	return dist
}

// check resolves the model and judges the result against every contract.
func (m model) check(t *testing.T) {
	t.Helper()
	order, err := m.graph().Resolve()
	again, err2 := m.graph().Resolve()

	if err == nil {
		if err2 != nil || !slices.Equal(order.Sequence(), again.Sequence()) {
			t.Fatalf("two runs differ: %v\n%+v", err2, m)
		}
		m.checkOrder(t, order)
		return
	}
	if order != nil || err2 == nil || err.Error() != err2.Error() {
		t.Fatalf("two runs differ: %v\n%v\n%+v", err, err2, m)
	}
	var fault *depgraph.ResolveError[int]
	if !errors.As(err, &fault) {
		t.Fatalf("%T is no *ResolveError", err)
	}
	m.checkFaults(t, fault)
}

func (m model) checkOrder(t *testing.T, order *depgraph.Order[int]) {
	t.Helper()
	m.checkFaults(t, &depgraph.ResolveError[int]{}) // there must be none to find

	// By definition, wave by wave: repeat until nothing moves.
	wave := map[int]int{}
	for range modelNodes {
		for _, d := range m.depends {
			wave[d[0]] = max(wave[d[0]], wave[d[1]]+1)
		}
	}
	want := slices.Clone(m.adds)
	slices.SortStableFunc(want, func(a, b int) int { return wave[a] - wave[b] })
	if diff := cmp.Diff(want, order.Sequence()); diff != "" && len(want) > 0 {
		t.Fatalf("Sequence (-want +got):\n%s%+v", diff, m)
	}
	if got := slices.Concat(order.Waves()...); !slices.Equal(want, got) {
		t.Fatalf("Waves = %v, want %v in one\n%+v", got, want, m)
	}

	dist := m.distances()
	for _, k := range m.adds {
		if w, ok := order.Wave(k); w != wave[k] || !ok || !slices.Contains(order.Waves()[w], k) {
			t.Fatalf("Wave(%d) = %d, %t, want %d\n%+v", k, w, ok, wave[k], m)
		}
		var dependencies, dependents, downstream []int
		for _, d := range m.depends {
			if d[0] == k && !slices.Contains(dependencies, d[1]) {
				dependencies = append(dependencies, d[1])
			}
		}
		for _, other := range want {
			if dist[other][k] == 1 {
				dependents = append(dependents, other)
			}
			if dist[other][k] > 0 {
				downstream = append(downstream, other)
			}
		}
		if got := order.Dependencies(k); !slices.Equal(got, dependencies) {
			t.Fatalf("Dependencies(%d) = %v, want %v\n%+v", k, got, dependencies, m)
		}
		if got := order.Dependents(k); !slices.Equal(got, dependents) {
			t.Fatalf("Dependents(%d) = %v, want %v\n%+v", k, got, dependents, m)
		}
		if got := order.Downstream(k); !slices.Equal(got, downstream) {
			t.Fatalf("Downstream(%d) = %v, want %v\n%+v", k, got, downstream, m)
		}
	}
}

// checkFaults checks that exactly the faults of the model are reported.
func (m model) checkFaults(t *testing.T, fault *depgraph.ResolveError[int]) {
	t.Helper()
	var duplicates, unknowns, declared []int
	for i, k := range m.adds {
		first := slices.Index(m.adds, k) == i
		if first {
			declared = append(declared, k)
		}
		if first && slices.Contains(m.adds[i+1:], k) {
			duplicates = append(duplicates, k)
		}
	}
	rank := slices.Clone(declared)
	for _, d := range m.depends {
		for _, k := range d {
			if !slices.Contains(rank, k) {
				rank = append(rank, k)
				unknowns = append(unknowns, k)
			}
		}
	}

	var got []int
	for _, d := range fault.Duplicates {
		got = append(got, d.Key)
	}
	if !slices.Equal(got, duplicates) {
		t.Fatalf("Duplicates = %v, want %v\n%+v", got, duplicates, m)
	}
	got = nil
	for _, u := range fault.Unknowns {
		got = append(got, u.Key)
	}
	if !slices.Equal(got, unknowns) {
		t.Fatalf("Unknowns = %v, want %v\n%+v", got, unknowns, m)
	}

	dist := m.distances()
	covered := map[[2]int]bool{}
	for _, c := range fault.Cycles {
		shortest := false
		for i, k := range c.Path {
			on := c.Path[(i+1)%len(c.Path)]
			if dist[k][on] != 1 {
				t.Fatalf("cycle %v: %d does not depend on %d\n%+v", c.Path, k, on, m)
			}
			covered[[2]int{k, on}] = true
			shortest = shortest || k == on || dist[on][k]+1 == len(c.Path)
			if slices.Index(c.Path, k) != i {
				t.Fatalf("cycle %v names %d twice\n%+v", c.Path, k, m)
			}
			if slices.Index(rank, k) < slices.Index(rank, c.Path[0]) {
				t.Fatalf("cycle %v must start at %d, added before\n%+v", c.Path, k, m)
			}
		}
		if !shortest {
			t.Fatalf("cycle %v is shortest through none of its dependencies\n%+v", c.Path, m)
		}
	}
	for i, k := range rank {
		if dist[k][k] == 0 || slices.ContainsFunc(rank[:i], func(r int) bool { return dist[k][r] > 0 && dist[r][k] > 0 }) {
			continue // on no cycle, or not the first node of its tangle
		}
		at := slices.IndexFunc(fault.Cycles, func(c *depgraph.CycleError[int]) bool { return c.Path[0] == k })
		if at < 0 || len(fault.Cycles[at].Path) != dist[k][k] {
			t.Fatalf("the first cycle from %d must be one of %d nodes, got %v\n%+v", k, dist[k][k], fault.Cycles, m)
		}
	}
	uncovered := map[[2]int]bool{}
	for _, d := range m.depends {
		if (d[0] == d[1] || dist[d[1]][d[0]] > 0) && !covered[d] {
			uncovered[d] = true
		}
	}
	if len(uncovered) != fault.Uncovered {
		t.Fatalf("Uncovered = %d, but not covered are %v\n%+v", fault.Uncovered, uncovered, m)
	}
	if fault.Uncovered > 0 && len(fault.Cycles) < depgraph.MaxCycles {
		t.Fatalf("%d dependencies uncovered after only %d cycles\n%+v", fault.Uncovered, len(fault.Cycles), m)
	}
}

// TestResolveAgainstModel draws graphs from sparse to dense, half of them
// without cycles, some with keys missing or twice.
func TestResolveAgainstModel(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 4000 {
		nodes := 1 + random.IntN(modelNodes)
		var m model
		m.adds = random.Perm(nodes)
		acyclic := random.IntN(2) == 0
		for range random.IntN(3 * nodes) {
			a, b := random.IntN(nodes), random.IntN(nodes)
			if acyclic && a == b {
				continue
			}
			if acyclic && a < b {
				a, b = b, a
			}
			m.depends = append(m.depends, [2]int{a, b})
		}
		switch random.IntN(6) {
		case 0:
			m.adds = m.adds[1:]
		case 1:
			m.adds = append(m.adds, m.adds[0])
		}
		m.check(t)
	}
}

func FuzzResolve(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{0x80, 0x81, 0x82, 0x10, 0x21})
	f.Add([]byte{0x80, 0x81, 0x80, 0x10, 0x01, 0x0b})
	f.Add([]byte{0x00, 0x12, 0x21, 0x80})
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 500 {
			t.Skip("the model is slow on long inputs")
		}
		var m model
		for _, b := range data {
			node, on := int(b>>4)%8, int(b&15)%modelNodes
			if b >= 0x80 {
				m.adds = append(m.adds, on)
			} else {
				m.depends = append(m.depends, [2]int{node, on})
			}
		}
		m.check(t)
	})
}
