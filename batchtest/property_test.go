package batchtest_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchtest"
)

// legal are the changes of status that the user guide allows, written down
// apart from the machine that is tested.
var legal = map[string]map[string]string{
	"plain": {
		"": "SUBMITTED", "SUBMITTED": "PENDING RUNNABLE FAILED", "PENDING": "RUNNABLE FAILED", "RUNNABLE": "STARTING FAILED",
		"STARTING": "RUNNING RUNNABLE FAILED", "RUNNING": "SUCCEEDED RUNNABLE FAILED",
	},
	"parent": {"": "SUBMITTED", "SUBMITTED": "PENDING", "PENDING": "SUCCEEDED FAILED"},
	"child": {
		"": "PENDING", "PENDING": "RUNNABLE FAILED", "RUNNABLE": "STARTING FAILED",
		"STARTING": "RUNNING RUNNABLE FAILED", "RUNNING": "SUCCEEDED RUNNABLE FAILED",
	},
	"node": {
		"": "PENDING", "PENDING": "RUNNABLE FAILED", "RUNNABLE": "STARTING FAILED", "STARTING": "RUNNING FAILED",
		"RUNNING": "SUCCEEDED FAILED", "SUCCEEDED": "RUNNABLE", "FAILED": "RUNNABLE", // with its job, for a retry
	},
}

func (b *bench) checkHistory(kind, id string) {
	b.tb.Helper()
	h := b.History(id)
	last := types.JobStatus("")
	for _, s := range h {
		allowed := slices.Contains(strings.Fields(legal[kind][string(s.From)]), string(s.To))
		if !allowed || s.From != last {
			b.tb.Errorf("%s %s: %s to %s after %s", kind, id, s.From, s.To, last)
		}
		last = s.To
	}
	if last != types.JobStatusSucceeded && last != types.JobStatusFailed {
		b.tb.Errorf("%s %s: rests in %s", kind, id, last)
	}
}

// workloadNodes is how many nodes multi-node jobs have in random workloads.
const workloadNodes = 3

func TestRandomWorkloadsAreLegal(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := rand.New(rand.NewPCG(seed, 0))
				d := func() time.Duration { return time.Duration(r.IntN(3)) * time.Second }
				b := start(t, batchtest.WithCapacity(workloadNodes+r.IntN(8)), batchtest.WithPace(batchtest.Pace{Submitted: d(), Runnable: d(), Starting: d()}))
				run := batchtest.Func(func(ctx context.Context, c *batchtest.Container) int {
					own := rand.New(rand.NewPCG(seed, uint64(c.JobID()[0])+uint64(c.Attempt())<<8+uint64(len(c.Name()))<<16))
					select {
					case <-time.After(time.Duration(own.IntN(100)) * time.Second):
					case <-ctx.Done():
						return 143 * own.IntN(2)
					}
					return min(own.IntN(5), 1) * own.IntN(2)
				})
				b.define("plain", run)
				for _, image := range []string{"app", "side", "prepare"} {
					b.Image(image, batchtest.Image{Run: run})
				}
				b.definePod("pod", podOf([]string{"prepare"}, "app", "side"))
				b.defineTask("task", nil, part("prepare", false), part("side", true, "prepare", "COMPLETE"), part("app", true, "prepare", "SUCCESS"))
				b.defineNodesAround("nodes", workloadNodes, 1, containerRange("0:", "app"))
				b.defineNodesAround("podnodes", workloadNodes, 0, types.NodeRangeProperty{TargetNodes: aws.String("0:"), EksProperties: podOf(nil, "app", "side")})
				var ids []string
				sizes := map[string]int{}
				deps := map[string][]string{}
				definitions := map[string]string{}
				for range 40 {
					var edits []func(*batch.SubmitJobInput)
					n := 0
					definition := []string{"plain", "pod", "task", "nodes", "podnodes"}[r.IntN(5)]
					if r.IntN(3) == 0 && !strings.HasSuffix(definition, "nodes") {
						n = 2 + r.IntN(6)
						edits = append(edits, size(n))
						if r.IntN(3) == 0 {
							edits = append(edits, sequential)
						}
					}
					var on []string
					for range min(r.IntN(4), len(ids)) {
						id := ids[r.IntN(len(ids))]
						// The same job twice is a fault, and so are arrays of different sizes.
						if slices.Contains(on, id) {
							continue
						}
						on = append(on, id)
						if n > 0 && sizes[id] == n {
							edits = append(edits, afterEach(id))
							continue
						}
						edits = append(edits, after(id))
						deps[fmt.Sprint(len(ids))] = append(deps[fmt.Sprint(len(ids))], id)
					}
					edits = append(edits, attempts(1+r.IntN(3)), timeout(60+int32(r.IntN(30))))
					id := b.submit(definition, edits...)
					definitions[id] = definition
					ids = append(ids, id)
					sizes[id] = n
					if r.IntN(3) == 0 {
						<-time.After(time.Duration(r.IntN(20)) * time.Second)
					}
					victim := ids[r.IntN(len(ids))]
					switch r.IntN(10) {
					case 0:
						b.terminate(victim)
					case 1:
						if _, err := b.client.CancelJob(context.Background(), &batch.CancelJobInput{JobId: &victim, Reason: aws.String("no")}); err != nil {
							t.Fatal(err)
						}
					}
				}
				if err := b.Wait(context.Background(), ids...); err != nil {
					t.Fatal(err)
				}
				for i, id := range ids {
					kind := "plain"
					if sizes[id] > 0 {
						kind = "parent"
					}
					b.checkHistory(kind, id)
					b.checkSummary(id, sizes[id])
					for child := range sizes[id] {
						b.checkHistory("child", fmt.Sprint(id, ":", child))
					}
					if strings.HasSuffix(definitions[id], "nodes") {
						b.checkNodes(id)
					}
					b.checkDependencies(id, deps[fmt.Sprint(i)])
				}
			})
		})
	}
}

// checkSummary says that an array that has ended counts each child once, as
// succeeded or failed.
func (b *bench) checkSummary(id string, size int) {
	b.tb.Helper()
	d, _ := b.Job(id)
	if d.ArrayProperties == nil {
		return
	}
	all := d.ArrayProperties.StatusSummary
	sum := int32(0)
	for _, n := range all {
		sum += n
	}
	if ended := all["SUCCEEDED"] + all["FAILED"]; int(ended) != size || sum != ended {
		b.tb.Errorf("%s: summary %v of %d children", id, all, size)
	}
}

// checkDependencies says that a job started only after those it waits for.
func (b *bench) checkDependencies(id string, on []string) {
	b.tb.Helper()
	job, _ := b.Job(id)
	for _, dep := range on {
		d, _ := b.Job(dep)
		if d.Status == types.JobStatusFailed && job.Status == types.JobStatusSucceeded {
			b.tb.Errorf("%s succeeded, although it depends on %s, which failed", id, dep)
		}
		if job.StartedAt != nil && *job.StartedAt < *d.StoppedAt {
			b.tb.Errorf("%s started before %s ended", id, dep)
		}
	}
}

// checkNodes says that nodes started after the main one ran, that none outlived
// the job, and that the job ended as the main node did.
func (b *bench) checkNodes(id string) {
	b.tb.Helper()
	job, _ := b.Job(id)
	h := b.History(id)
	var ups []time.Time // when the job became RUNNING
	for _, s := range h {
		if s.To == types.JobStatusRunning {
			ups = append(ups, s.At)
		}
	}
	for n := range workloadNodes {
		node := fmt.Sprint(id, "#", n)
		b.checkHistory("node", node)
		d, _ := b.Job(node)
		begun := 0
		for _, s := range b.History(node) {
			switch {
			case s.At.After(h[len(h)-1].At):
				b.tb.Errorf("%s: %s after the job had ended", node, s.To)
			case s.To == types.JobStatusStarting && !*d.NodeDetails.IsMainNode:
				if begun >= len(ups) || s.At.Before(ups[begun]) {
					b.tb.Errorf("%s: started although the main node did not run", node)
				}
				begun++
			}
		}
		if *d.NodeDetails.IsMainNode && d.Status != job.Status {
			b.tb.Errorf("%s is %s, but its job is %s", node, d.Status, job.Status)
		}
	}
}
