package batchtest_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchtest"
)

// A load is what containers count of themselves while they run, apart from the
// scheduler that is tested.
type load struct {
	mu   sync.Mutex
	now  map[string]int
	most map[string]int
}

func (l *load) add(name string, n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.now[name] += n
	l.most[name] = max(l.most[name], l.now[name])
}

// A placedJob is one of a random workload.
type placedJob struct {
	id            string
	queue         int
	cpu, memory   int
	tokens, nodes int
	children      int
}

// A placedQueue is a queue of a random workload.
type placedQueue struct {
	priority     int32
	fair         bool
	environments string
}

// placedEnvironments are those of all random workloads, with what may be over
// maxvCpus.
var placedEnvironments = []struct {
	strategy types.CRAllocationStrategy
	kinds    []string
	over     float64
}{
	{types.CRAllocationStrategyBestFit, []string{"c5.xlarge", "m5"}, 0},
	{types.CRAllocationStrategyBestFitProgressive, []string{"m5.xlarge", "m5.2xlarge"}, 8},
	{types.CRAllocationStrategySpotCapacityOptimized, []string{"r5.xlarge", "r5.4xlarge"}, 16},
}

func TestRandomPlacement(t *testing.T) {
	t.Parallel()
	for seed := range uint64(40) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { placeAtRandom(t, rand.New(rand.NewPCG(seed, 1))) })
		})
	}
}

func placeAtRandom(t *testing.T, r *rand.Rand) {
	const tokens = 5
	ctx := context.Background()
	b := start(t)
	l := &load{now: map[string]int{}, most: map[string]int{}}
	run := batchtest.Func(func(ctx context.Context, c *batchtest.Container) int {
		number := func(name string) int { n, _ := strconv.Atoi(c.Env(name)); return n }
		l.add(c.Env("AWS_BATCH_CE_NAME"), number("CPU"))
		l.add("token", number("TOKENS"))
		defer l.add(c.Env("AWS_BATCH_CE_NAME"), -number("CPU"))
		defer l.add("token", -number("TOKENS"))
		return lasting(time.Duration(number("SECONDS"))*time.Second).Run(ctx, c) + number("EXIT")
	})
	b.define("plain", run)
	b.Image("app", batchtest.Image{Run: run})
	b.defineNodes("nodes", 2, containerRange("0:", "app"))
	if _, err := b.client.CreateConsumableResource(ctx, &batch.CreateConsumableResourceInput{ConsumableResourceName: aws.String("token"), TotalQuantity: aws.Int64(tokens)}); err != nil {
		t.Fatal(err)
	}
	most := map[string]int{}
	for i, e := range placedEnvironments {
		name := fmt.Sprint("e", i)
		most[name] = 16 + r.IntN(16)
		in := instances(name, int32(most[name]), e.strategy, e.kinds...)
		in.ComputeResources.MinvCpus = aws.Int32(int32(r.IntN(9)))
		if r.IntN(2) == 0 {
			in.ComputeResources.ScalingPolicy = &types.ComputeScalingPolicy{MinScaleDownDelayMinutes: aws.Int32(20)}
		}
		b.environment(in)
	}
	b.policy("p", &types.FairsharePolicy{ComputeReservation: aws.Int32(int32(r.IntN(60))), ShareDecaySeconds: aws.Int32(int32(r.IntN(900)))})
	var queues []placedQueue
	for i := range 4 {
		q := placedQueue{priority: int32(r.IntN(3)), fair: i == 3}
		in := &batch.CreateJobQueueInput{JobQueueName: aws.String(fmt.Sprint("q", i)), Priority: &q.priority}
		for k, e := range r.Perm(3)[:1+r.IntN(2)] {
			name := fmt.Sprint("e", e)
			if e == 2 && k == 0 {
				name = "e0" // multi-node jobs do not run on Spot, and each queue takes some
			}
			q.environments += name
			in.ComputeEnvironmentOrder = append(in.ComputeEnvironmentOrder, types.ComputeEnvironmentOrder{ComputeEnvironment: &name, Order: aws.Int32(int32(k))})
		}
		if q.environments == "e0e0" {
			in.ComputeEnvironmentOrder = in.ComputeEnvironmentOrder[:1]
			q.environments = "e0"
		}
		if q.fair {
			in.SchedulingPolicyArn = aws.String(policyARN + "p")
		}
		if _, err := b.client.CreateJobQueue(ctx, in); err != nil {
			t.Fatal(err)
		}
		queues = append(queues, q)
	}
	var jobs []placedJob
	var ids []string
	for range 60 {
		j := placedJob{queue: r.IntN(4), cpu: 1 + r.IntN(4), memory: 256 << r.IntN(6), nodes: 1}
		edits := []func(*batch.SubmitJobInput){to(fmt.Sprint("q", j.queue))}
		definition := "plain"
		set := func(name string, n int) types.KeyValuePair {
			return types.KeyValuePair{Name: &name, Value: aws.String(fmt.Sprint(n))}
		}
		env := []types.KeyValuePair{set("SECONDS", 1+r.IntN(600)), set("EXIT", r.IntN(2)*r.IntN(2))}
		if r.IntN(3) == 0 {
			j.tokens = 1 + r.IntN(tokens)
			edits = append(edits, func(in *batch.SubmitJobInput) {
				in.ConsumableResourcePropertiesOverride = &types.ConsumableResourceProperties{
					ConsumableResourceList: []types.ConsumableResourceRequirement{{ConsumableResource: aws.String("token"), Quantity: aws.Int64(int64(j.tokens))}},
				}
			})
		}
		switch r.IntN(6) {
		case 0:
			definition, j.nodes, j.cpu, j.memory, j.tokens = "nodes", 2, 1, 2048, 0
			edits = edits[:1]
			env = append(env, set("CPU", 1))
			edits = append(edits, func(in *batch.SubmitJobInput) {
				in.NodeOverrides = &types.NodeOverrides{NodePropertyOverrides: []types.NodePropertyOverride{{
					TargetNodes: aws.String("0:"), ContainerOverrides: &types.ContainerOverrides{Environment: env},
				}}}
			})
		case 1:
			j.children = 2 + r.IntN(6)
			edits = append(edits, size(j.children))
			fallthrough
		default:
			env = append(env, set("CPU", j.cpu), set("TOKENS", j.tokens))
			edits = append(edits, needing(j.cpu, j.memory, 0), func(in *batch.SubmitJobInput) { in.ContainerOverrides.Environment = env })
		}
		if queues[j.queue].fair {
			edits = append(edits, of(fmt.Sprint("s", r.IntN(3)), int32(r.IntN(3))))
		}
		edits = append(edits, attempts(1+r.IntN(2)))
		j.id = b.submit(definition, edits...)
		jobs, ids = append(jobs, j), append(ids, j.id)
		if r.IntN(3) == 0 {
			time.Sleep(time.Duration(r.IntN(120)) * time.Second)
		}
	}
	limited, cancel := context.WithTimeout(ctx, 100*24*time.Hour)
	defer cancel()
	if err := b.Wait(limited, ids...); err != nil {
		t.Fatalf("what fits waits for ever: %v", err)
	}
	b.checkLoad(l, most, tokens)
	var stays []stay
	for _, j := range jobs {
		stays = append(stays, b.stays(j)...)
	}
	for i := range stays { // it is first when those before it have been placed
		for _, other := range stays {
			if a := &stays[i]; other.queue == a.queue && !other.from.After(a.from) && other.id != a.id && other.to.After(a.head) && !other.to.After(a.to) {
				a.head = other.to
			}
		}
	}
	for _, a := range stays {
		for _, other := range stays {
			b.checkOrder(queues, a, other)
		}
	}
}

// checkLoad says that no environment and no consumable resource was ever used
// more than it may be.
func (b *bench) checkLoad(l *load, most map[string]int, tokens int) {
	b.tb.Helper()
	for i, e := range placedEnvironments {
		name := fmt.Sprint("e", i)
		u := b.used(name)
		if limit := float64(most[name]) + e.over; u.PeakInstanceVCPUs > limit || u.PeakVCPUs > u.PeakInstanceVCPUs || float64(l.most[name]) > limit || l.now[name] != 0 {
			b.tb.Errorf("%s: jobs saw %d vCPUs, and %v of %v are told, of %d", name, l.most[name], u.PeakVCPUs, u.PeakInstanceVCPUs, most[name])
		}
	}
	if l.most["token"] > tokens {
		b.tb.Errorf("%d tokens in use, of %d", l.most["token"], tokens)
	}
}

// A stay is the time a job spent in RUNNABLE before an attempt.
type stay struct {
	placedJob
	id       string
	from, to time.Time
	head     time.Time // when it was first in its queue
}

func (b *bench) stays(j placedJob) (out []stay) {
	ids := []string{j.id}
	kind := "plain"
	if j.children > 0 {
		b.checkHistory("parent", j.id)
		ids, kind = nil, "child"
		for i := range j.children {
			ids = append(ids, fmt.Sprint(j.id, ":", i))
		}
	}
	for _, id := range ids {
		b.checkHistory(kind, id)
		var from time.Time
		for _, s := range b.History(id) {
			switch s.To {
			case types.JobStatusRunnable:
				from = s.At
			case types.JobStatusStarting:
				out = append(out, stay{placedJob: j, id: id, from: from, to: s.At, head: from})
			}
		}
	}
	return out
}

// checkOrder says that a did not have to wait for other where it comes first: in a
// queue without a policy the older job, and of queues with the same environments
// the job of the higher priority, if it needs no more.
func (b *bench) checkOrder(queues []placedQueue, a, other stay) {
	b.tb.Helper()
	p, q := queues[a.queue], queues[other.queue]
	overtaken := a.from.Before(other.from) && other.to.Before(a.to)
	if a.queue == other.queue && !p.fair && overtaken {
		b.tb.Errorf("%s was overtaken by %s, which became RUNNABLE later in the same queue", a.id, other.id)
	}
	waits := a.from.Before(other.to) && other.to.Before(a.to)
	first := a.head.Before(other.to) && a.queue != other.queue && !p.fair && p.environments == q.environments && p.priority > q.priority
	same := a.tokens == 0 && a.nodes == 1 && other.nodes == 1 && a.cpu <= other.cpu && a.memory <= other.memory
	if first && waits && same {
		b.tb.Errorf("%s waited at the head of its queue while %s of a queue of lower priority was placed", a.id, other.id)
	}
}
