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

func TestRandomWorkloadsAreLegal(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := rand.New(rand.NewPCG(seed, 0))
				d := func() time.Duration { return time.Duration(r.IntN(3)) * time.Second }
				b := start(t, batchtest.WithCapacity(1+r.IntN(8)), batchtest.WithPace(batchtest.Pace{Submitted: d(), Runnable: d(), Starting: d()}))
				b.define("app", batchtest.Func(func(ctx context.Context, c *batchtest.Container) int {
					own := rand.New(rand.NewPCG(seed, uint64(c.JobID()[0])+uint64(c.Attempt())<<8))
					select {
					case <-time.After(time.Duration(own.IntN(100)) * time.Second):
					case <-ctx.Done():
						return 143
					}
					return min(own.IntN(5), 1) * own.IntN(2)
				}))
				var ids []string
				sizes := map[string]int{}
				deps := map[string][]string{}
				for range 40 {
					var edits []func(*batch.SubmitJobInput)
					n := 0
					if r.IntN(3) == 0 {
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
					id := b.submit("app", edits...)
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
					for child := range sizes[id] {
						b.checkHistory("child", fmt.Sprint(id, ":", child))
					}
					b.checkDependencies(id, deps[fmt.Sprint(i)])
				}
			})
		})
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
