package batchtest_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchtest"
)

// A clocked server is one whose time a test makes pass.
type clocked struct {
	*bench
	pass func(time.Duration)
}

// A workload that is scripted has the same history on a virtual clock as on that
// of a bubble: time stops and goes on in the same places.
func TestClocksAgree(t *testing.T) {
	t.Parallel()
	for seed := range uint64(40) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			pace := batchtest.WithPace(batchtest.Pace{Submitted: time.Duration(seed%3) * time.Second, Starting: time.Duration(seed%2) * time.Second})
			var want [][]batchtest.Transition
			synctest.Test(t, func(t *testing.T) {
				want = scriptedHistories(clocked{start(t, pace), func(d time.Duration) {
					<-time.After(d)
					synctest.Wait()
				}}, seed)
			})
			b := start(t, pace, batchtest.WithVirtualClock(time.Unix(1e9, 0)))
			got := scriptedHistories(clocked{b, func(d time.Duration) {
				if err := b.Advance(t.Context(), d); err != nil {
					t.Fatal(err)
				}
			}}, seed)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("histories in a bubble and on a virtual clock (-bubble +virtual):\n%s", diff)
			}
		})
	}
}

// scriptedHistories submits jobs of all kinds that do as a seed says, and returns
// what became of them, with times since the first. No two containers end at the
// same time, as nobody says which of them is first.
func scriptedHistories(c clocked, seed uint64) (out [][]batchtest.Transition) {
	r := rand.New(rand.NewPCG(seed, 5))
	script := func() batchtest.Runner {
		attempts := make([]batchtest.Outcome, 1+r.IntN(3))
		for i := range attempts {
			attempts[i] = batchtest.Outcome{
				Takes: time.Duration(r.IntN(100e9)), ExitCode: r.IntN(2), HostLost: r.IntN(8) == 0, NoStart: r.IntN(10) == 0,
			}
		}
		return batchtest.Script(attempts...)
	}
	c.define("plain", script())
	for _, image := range []string{"app", "side", "prepare"} {
		c.Image(image, batchtest.Image{Run: script()})
	}
	c.Image("node", batchtest.Image{Run: batchtest.ByIndex(map[int]batchtest.Runner{0: script(), 1: script()}, script())})
	c.definePod("pod", podOf([]string{"prepare"}, "app", "side"))
	c.defineTask("task", nil, part("prepare", false), part("side", true, "prepare", "COMPLETE"), part("app", true, "prepare", "SUCCESS"))
	c.defineNodesAround("nodes", workloadNodes, 1, containerRange("0:", "node"))
	var ids, all []string // all with children and nodes
	for range 20 {
		definition := []string{"plain", "pod", "task", "nodes"}[r.IntN(4)]
		edits := []func(*batch.SubmitJobInput){attempts(1 + r.IntN(4)), timeout(60 + int32(r.IntN(20)))}
		parts, mark := 0, ":"
		switch {
		case definition == "nodes":
			parts, mark = workloadNodes, "#"
		case r.IntN(3) == 0:
			parts = 2 + r.IntN(4)
			edits = append(edits, size(parts), sequential)
		}
		if len(ids) > 0 && r.IntN(2) == 0 {
			edits = append(edits, after(ids[r.IntN(len(ids))]))
		}
		id := c.submit(definition, edits...)
		ids, all = append(ids, id), append(all, id)
		for i := range parts {
			all = append(all, fmt.Sprint(id, mark, i))
		}
		c.pass(time.Duration(r.IntN(40)) * time.Second)
		if r.IntN(6) == 0 {
			c.terminate(ids[r.IntN(len(ids))])
		}
	}
	c.pass(100 * time.Hour)
	began := c.History(ids[0])[0].At
	for _, id := range all {
		h := c.History(id)
		for i := range h {
			h[i].At = time.Time{}.Add(h[i].At.Sub(began))
		}
		out = append(out, h)
	}
	return out
}
