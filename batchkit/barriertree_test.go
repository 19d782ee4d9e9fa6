package batchkit

import "testing"

// The trees of barriers have ceil((n-room)/19) barriers and the least depth, for any number of dependencies.
func TestBarrierTrees(t *testing.T) {
	t.Parallel()
	for _, room := range []int{1, 2, 13, 19, 20} {
		for n := room; n < 9000; n += 1 + n/97 {
			d := &draft{drafted: make([]drafted, n)}
			deps := make([]waiting, n)
			for i := range deps {
				deps[i].on = i
			}
			rest := d.join(deps, room, 0)
			if len(rest) > room {
				t.Fatalf("%d with room for %d: got %d", n, room, len(rest))
			}
			barriers := d.drafted[n:]
			if want := (n - room + 18) / 19; len(barriers) != want {
				t.Fatalf("%d with room for %d: got %d barriers, want %d", n, room, len(barriers), want)
			}
			used := make([]int, len(d.drafted))
			for _, w := range rest {
				used[w.on]++
			}
			for _, b := range barriers {
				if len(b.deps) < 2 || len(b.deps) > maxDependencies {
					t.Fatalf("%d with room for %d: a barrier joins %d", n, room, len(b.deps))
				}
				for _, w := range b.deps {
					used[w.on]++
				}
			}
			for i, times := range used {
				if times != 1 {
					t.Fatalf("%d with room for %d: %d is waited for %d times", n, room, i, times)
				}
			}
			least := 0
			for reach := room; reach < n; reach *= maxDependencies {
				least++
			}
			if got := d.depth(rest); got != least {
				t.Fatalf("%d with room for %d: got a depth of %d, want %d", n, room, got, least)
			}
		}
	}
}
