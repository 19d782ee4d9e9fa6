package batchtest_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchtest"
)

// workloadNodes is how many nodes multi-node jobs have in random workloads.
const workloadNodes = 3

// A workload is jobs of all kinds at random, and what is done to them.
type workload struct {
	*bench
	r    *rand.Rand
	jobs []*workJob
	byID map[string]*workJob
}

// A workJob is a job of a workload, as it was asked for.
type workJob struct {
	id, definition string
	size           int // of an array, else 0
	attempts       int
	timeout        time.Duration
	lossOnly       bool     // only the loss of a host is worth another attempt
	after, each    []string // dependencies on the whole of a job, and N_TO_N
	sequential     bool
}

// lossRules retry when a host is lost, and for nothing else.
var lossRules = []types.EvaluateOnExit{
	{Action: types.RetryActionRetry, OnStatusReason: aws.String("Host EC2*")},
	{Action: types.RetryActionExit, OnReason: aws.String("*")},
}

// What the calls of a workload give as their reasons.
const (
	workCanceled   = "enough of waiting"
	workTerminated = "enough" // of bench.terminate
)

func TestRandomWorkloadsAreLegal(t *testing.T) {
	t.Parallel()
	seen := &changes{of: map[string]int{}}
	t.Run("seeds", func(t *testing.T) {
		for seed := range uint64(80) {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					w := startWorkload(t, seed)
					for range 40 {
						w.add()
						if w.r.IntN(3) == 0 {
							<-time.After(time.Duration(w.r.IntN(20)) * time.Second)
						}
						w.disturb()
					}
					for _, j := range w.jobs {
						if err := w.Wait(t.Context(), j.id); err != nil {
							t.Fatal(err)
						}
					}
					for _, j := range w.jobs {
						w.check(j, seen)
					}
				})
			})
		}
	})
	seen.checkAll(t)
}

func startWorkload(t *testing.T, seed uint64) *workload {
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
	b.define("unreadable", nil, func(in *batch.RegisterJobDefinitionInput) { in.ContainerProperties.Image = aws.String("nowhere") })
	b.definePod("pod", podOf([]string{"prepare"}, "app", "side"))
	b.defineTask("task", nil, part("prepare", false), part("side", true, "prepare", "COMPLETE"), part("app", true, "prepare", "SUCCESS"))
	b.defineNodesAround("nodes", workloadNodes, 1, containerRange("0:", "app"))
	b.defineNodesAround("podnodes", workloadNodes, 0, types.NodeRangeProperty{TargetNodes: aws.String("0:"), EksProperties: podOf(nil, "app", "side")})
	return &workload{bench: b, r: r, byID: map[string]*workJob{}}
}

// add submits a job.
func (w *workload) add() {
	j := &workJob{
		definition: []string{"plain", "plain", "pod", "task", "nodes", "podnodes", "unreadable"}[w.r.IntN(7)],
		attempts:   1 + w.r.IntN(3), timeout: time.Duration(60+w.r.IntN(30)) * time.Second, lossOnly: w.r.IntN(3) == 0,
	}
	var edits []func(*batch.SubmitJobInput)
	if w.r.IntN(3) == 0 && !j.nodes() {
		j.size, j.sequential = 2+w.r.IntN(6), w.r.IntN(3) == 0
		edits = append(edits, size(j.size))
	}
	if j.sequential {
		edits = append(edits, sequential)
	}
	for range min(w.r.IntN(4), len(w.jobs)) {
		on := w.jobs[w.r.IntN(len(w.jobs))]
		switch {
		case slices.Contains(j.after, on.id) || slices.Contains(j.each, on.id): // the same job twice is a fault
		case j.size > 0 && on.size == j.size:
			j.each = append(j.each, on.id)
			edits = append(edits, afterEach(on.id))
		default:
			j.after = append(j.after, on.id)
			edits = append(edits, after(on.id))
		}
	}
	var rules []types.EvaluateOnExit
	if j.lossOnly {
		rules = lossRules
	}
	edits = append(edits, attempts(j.attempts, rules...), timeout(int32(j.timeout/time.Second)))
	j.id = w.submit(j.definition, edits...)
	w.jobs, w.byID[j.id] = append(w.jobs, j), j
}

func (j *workJob) nodes() bool { return strings.HasSuffix(j.definition, "nodes") }

// disturb may cancel or terminate a job or a child, or take a host away.
func (w *workload) disturb() {
	j := w.jobs[w.r.IntN(len(w.jobs))]
	id, part := j.id, j.id
	switch {
	case j.size > 0 && w.r.IntN(2) == 0:
		id = fmt.Sprint(id, ":", w.r.IntN(j.size))
		part = id
	case j.nodes():
		part = fmt.Sprint(id, "#", w.r.IntN(workloadNodes))
	}
	err := error(nil)
	switch w.r.IntN(12) {
	case 0:
		w.terminate(id)
	case 1:
		_, err = w.client.CancelJob(context.Background(), &batch.CancelJobInput{JobId: &id, Reason: aws.String(workCanceled)})
	case 2, 3, 4:
		err = w.SpotLoss(part)
	case 5:
		err = w.LoseHost(part)
	}
	if err != nil && !errors.Is(err, batchtest.ErrNotRunning) {
		w.tb.Fatal(err)
	}
}

// changes are the changes of status that were seen, as kind from to.
type changes struct {
	mu sync.Mutex
	of map[string]int
}

func (c *changes) add(kind string, h []batchtest.Transition) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range h {
		c.of[fmt.Sprint(kind, " ", s.From, " to ", s.To)]++
	}
}

// checkAll says that the workloads have seen every change of status that there
// may be: what never comes up is not tested.
func (c *changes) checkAll(t *testing.T) {
	t.Helper()
	for kind, from := range legal {
		for from, list := range from {
			for _, to := range strings.Fields(list) {
				if change := fmt.Sprint(kind, " ", from, " to ", to); c.of[change] == 0 {
					t.Errorf("no workload has the change: %s", change)
				}
			}
		}
	}
}
