package asl_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/export/asl"
	"github.com/batchkit/batchkit-go/export/asl/asltest"
)

// someWorkflow makes a workflow by chance, some of whose jobs fail.
func someWorkflow(dice *rand.Rand) *batchkit.Workflow {
	w := batchkit.NewWorkflow("random")
	var nodes []batchkit.Node
	arrays := map[batchkit.Node]bool{}
	for i := range 2 + dice.IntN(7) {
		var after, ended, failed, pairs []batchkit.Node
		array := dice.IntN(3) == 0
		for _, n := range nodes {
			if array && arrays[n] && dice.IntN(2) == 0 {
				pairs = append(pairs, n)
				continue
			}
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
		dependencies := []batchkit.Dependency{batchkit.After(after...), batchkit.AfterEnd(ended...), batchkit.AfterFailure(failed...), batchkit.NToN(pairs...)}
		bad := dice.IntN(4) == 0
		node := add(w, name, dice.IntN(2) == 0, bad, array, dependencies)
		arrays[node] = array
		nodes = append(nodes, node)
	}
	return w
}

// add adds a job of one container or of several.
func add(w *batchkit.Workflow, name string, one, bad, array bool, dependencies []batchkit.Dependency) batchkit.Node {
	size := func(in *batch.SubmitJobInput) {
		if array {
			in.ArrayProperties = &types.ArrayProperties{Size: aws.Int32(2)}
		}
	}
	switch {
	case one && bad:
		return w.Add(batchkit.Job(name, queue, broken).Edit(size), dependencies...)
	case one:
		return w.Add(batchkit.Job(name, queue, single).Edit(size), dependencies...)
	case bad:
		return w.Add(batchkit.Job(name, queue, multiBad).Edit(size), dependencies...)
	}
	return w.Add(batchkit.Job(name, queue, multi).Edit(size), dependencies...)
}

// byClient runs a plan with the client of package batchkit, and says which jobs have started and whether all is well.
func byClient(t *testing.T, plan *batchkit.Plan) (started []string, well bool) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		_, client := service(t, plan)
		run, err := batchkit.NewClient(client).Submit(t.Context(), plan)
		if err != nil {
			t.Fatal(err)
		}
		result, err := run.Wait(t.Context())
		if result == nil {
			t.Fatal(err)
		}
		started, well = startedOf(submitted(t, client)), err == nil
	})
	return started, well
}

// startedOf are the names of the jobs that have started. AWS Batch fails those that wait for a failed one, which a machine
// does not submit.
func startedOf(jobs map[string][]types.JobDetail) []string {
	for name, list := range jobs {
		jobs[name] = slices.DeleteFunc(list, func(j types.JobDetail) bool { return j.StartedAt == nil })
	}
	return names(jobs)
}

// Whatever the order and whatever fails, a machine runs what package batchkit's client runs, once and in its turn, and
// fails when that does.
func TestRandom(t *testing.T) {
	t.Parallel()
	refused := 0
	for seed := range uint64(80) {
		plan, err := someWorkflow(rand.New(rand.NewPCG(seed, 2))).Plan()
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := asl.Export(plan, asl.Options{KeepGoing: true}); err != nil {
			refused++ // a gate within a unit
			continue
		}
		want, well := byClient(t, plan)
		for _, language := range languages {
			t.Run(fmt.Sprint(seed, language), func(t *testing.T) {
				t.Parallel()
				m, _, err := asl.Export(plan, asl.Options{Language: language, KeepGoing: true})
				if err != nil {
					t.Fatal(err)
				}
				synctest.Test(t, func(t *testing.T) {
					_, client := service(t, plan)
					e, err := asltest.Run(t.Context(), client, m.JSON(), nil)
					if err != nil {
						t.Fatal(err)
					}
					if e.Succeeded() != well {
						t.Errorf("ended with %q: %s", e.Error, e.Cause)
					}
					jobs := submitted(t, client)
					ordered(t, plan, jobs)
					if diff := cmp.Diff(want, startedOf(jobs)); diff != "" {
						t.Errorf("-client +machine\n%s", diff)
					}
				})
			})
		}
	}
	if refused > 20 {
		t.Errorf("%d of 80 workflows were refused, so this test tests little", refused)
	}
}
