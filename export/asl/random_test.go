package asl_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/export/asl"
	"github.com/batchkit/batchkit-go/export/asl/asltest"
)

// whatRuns makes a workflow by chance, some of whose jobs fail, and says which of them have to run.
func whatRuns(dice *rand.Rand) (*batchkit.Workflow, []string, bool) {
	w := batchkit.NewWorkflow("random")
	ran, succeeded, failing := []string{}, map[batchkit.Node]bool{}, false
	var nodes []batchkit.Node
	for i := range 2 + dice.IntN(7) {
		var after, ended, failed []batchkit.Node
		for _, n := range nodes {
			switch dice.IntN(7) {
			case 0, 1:
				after = append(after, n)
			case 2:
				ended = append(ended, n)
			case 3:
				failed = append(failed, n)
			}
		}
		name := fmt.Sprint("s", i)
		bad := dice.IntN(4) == 0
		runs, one := true, len(failed) == 0
		for _, n := range after {
			runs = runs && succeeded[n]
		}
		for _, n := range failed {
			one = one || !succeeded[n]
		}
		runs = runs && one
		if runs {
			ran = append(ran, name)
			failing = failing || bad
		}
		dependencies := []batchkit.Dependency{batchkit.After(after...), batchkit.AfterEnd(ended...), batchkit.AfterFailure(failed...)}
		var node batchkit.Node
		switch kind := dice.IntN(2); {
		case kind == 0 && bad:
			node = w.Add(batchkit.Job(name, queue, broken), dependencies...)
		case kind == 0:
			node = w.Add(batchkit.Job(name, queue, single), dependencies...)
		case bad:
			node = w.Add(batchkit.Job(name, queue, multiBad), dependencies...)
		default:
			node = w.Add(batchkit.Job(name, queue, multi), dependencies...)
		}
		nodes = append(nodes, node)
		succeeded[node] = runs && !bad
	}
	return w, ran, failing
}

// Whatever the order and whatever fails, what has to run does, once, in its turn, and nothing else does.
func TestRandom(t *testing.T) {
	t.Parallel()
	for seed := range uint64(40) {
		for _, language := range languages {
			t.Run(fmt.Sprint(seed, language), func(t *testing.T) {
				t.Parallel()
				w, want, failing := whatRuns(rand.New(rand.NewPCG(seed, 2)))
				plan, m := export(t, w, asl.Options{Language: language, KeepGoing: true})
				synctest.Test(t, func(t *testing.T) {
					_, client := service(t, plan)
					e, err := asltest.Run(t.Context(), client, m.JSON(), nil)
					if err != nil {
						t.Fatal(err)
					}
					if e.Succeeded() == failing {
						t.Errorf("ended with %q: %s", e.Error, e.Cause)
					}
					jobs := submitted(t, client)
					if diff := cmp.Diff(want, names(jobs)); diff != "" {
						t.Errorf("-want +got\n%s", diff)
					}
					ordered(t, plan, jobs)
				})
			})
		}
	}
}
