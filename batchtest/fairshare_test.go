package batchtest_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"
)

// fairQueue makes a queue with a fair-share policy on Fargate of some vCPUs, all
// of one name.
func (b *bench) fairQueue(name string, most int32, p *types.FairsharePolicy) {
	b.tb.Helper()
	in := managed(name, types.CRTypeFargate)
	in.ComputeResources.MaxvCpus = aws.Int32(most)
	b.environment(in)
	b.policy(name, p)
	_, err := b.client.CreateJobQueue(context.Background(), &batch.CreateJobQueueInput{
		JobQueueName: &name, Priority: aws.Int32(1), SchedulingPolicyArn: aws.String(policyARN + name),
		ComputeEnvironmentOrder: []types.ComputeEnvironmentOrder{{ComputeEnvironment: &name, Order: aws.Int32(1)}},
	})
	if err != nil {
		b.tb.Fatal(err)
	}
}

// enable says whether an environment places jobs.
func (b *bench) enable(name string, on bool) {
	b.tb.Helper()
	state := types.CEStateDisabled
	if on {
		state = types.CEStateEnabled
	}
	if _, err := b.client.UpdateComputeEnvironment(context.Background(), &batch.UpdateComputeEnvironmentInput{ComputeEnvironment: &name, State: state}); err != nil {
		b.tb.Fatal(err)
	}
}

// of gives a job a share identifier and a priority within the share.
func of(share string, priority int32) func(*batch.SubmitJobInput) {
	return func(in *batch.SubmitJobInput) {
		in.ShareIdentifier, in.SchedulingPriorityOverride = &share, &priority
	}
}

// A fairJob is a job of a share, submitted at a minute.
type fairJob struct {
	share    string
	priority int32
	at       int
}

func jobsOf(at int, shares string) (out []fairJob) {
	for _, s := range strings.Split(shares, "") {
		out = append(out, fairJob{share: s, at: at})
	}
	return out
}

func TestFairShare(t *testing.T) {
	t.Parallel()
	type row struct {
		name, reason string
		most         int32
		policy       *types.FairsharePolicy
		jobs         []fairJob // of a minute and a vCPU each
		want         string    // shares in the order in which their jobs start, by minute
	}
	weights := func(of map[string]float32, reservation, decay int32) *types.FairsharePolicy {
		p := shares(of)
		p.ComputeReservation, p.ShareDecaySeconds = &reservation, &decay
		return p
	}
	join := func(lists ...[]fairJob) (out []fairJob) {
		for _, l := range lists {
			out = append(out, l...)
		}
		return out
	}
	rows := []row{
		{"equal shares", "each gets half, whoever came first", 2, nil, jobsOf(0, "aaaabb"), "ab ab aa"},
		{"one share", "the older job first", 1, nil, jobsOf(0, "aaa"), "a a a"},
		{"weights", "a weight of a third gets three times as much", 4, shares(map[string]float32{"a": 1. / 3}), jobsOf(0, "bbbbaaaaaaaa"), "aaab aaab aabb"},
		{"prefix", "the weight is that of all shares with the prefix", 4, shares(map[string]float32{"a*": 1. / 3}), jobsOf(0, "bbbbaaaaaaaa"), "aaab aaab aabb"},
		{"priority", "only within a share", 1, nil, []fairJob{{"a", 1, 0}, {"a", 5, 0}, {"b", 0, 0}, {"a", 3, 0}}, "a5 b0 a3 a1"},
		{"past use", "who used much lately waits", 1, weights(nil, 0, 3600), join(jobsOf(0, "aaa"), jobsOf(1, "bbb")), "a a b b a b"},
		{"forgotten use", "after a time much longer than the decay only new use counts", 1, weights(nil, 0, 60), join(jobsOf(0, "a"), jobsOf(100, "ab"), jobsOf(100, "ab")), "a a b a b"},
		{"reservation", "half is kept for others while one share is active, a quarter beside two", 8, weights(nil, 50, 0), join(jobsOf(0, "aaaaaaaa"), jobsOf(1, "b")), "aaaa aaaab"},
		{"large reservation", "one job runs however much is kept", 8, weights(nil, 99, 0), jobsOf(0, "aa"), "a a"},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		synctest.Test(t, func(t *testing.T) {
			b := start(t)
			b.define("minute", lasting(time.Minute), onFargate)
			b.fairQueue("q", r.most, r.policy)
			began := time.Now()
			var ids []string
			b.enable("q", false)
			for _, j := range r.jobs {
				if j.at > 0 {
					b.enable("q", true)
				}
				time.Sleep(time.Until(began.Add(time.Duration(j.at) * time.Minute)))
				synctest.Wait()
				ids = append(ids, b.submit("minute", to("q"), of(j.share, j.priority)))
			}
			b.enable("q", true)
			if err := b.Wait(t.Context(), ids...); err != nil {
				t.Fatal(err)
			}
			started := map[int64][]string{}
			var minutes []int64
			for _, id := range ids {
				d := b.described(id)
				if _, ok := started[*d.StartedAt]; !ok {
					minutes = append(minutes, *d.StartedAt)
				}
				name := *d.ShareIdentifier
				if r.name == "priority" {
					name = fmt.Sprint(name, *d.SchedulingPriority)
				}
				started[*d.StartedAt] = append(started[*d.StartedAt], name)
			}
			slices.Sort(minutes)
			var got []string
			for _, m := range minutes {
				slices.Sort(started[m])
				got = append(got, strings.Join(started[m], ""))
			}
			if diff := cmp.Diff(r.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", r.reason, diff)
			}
		})
	})
}

func TestPriorityOfQueues(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := start(t)
		b.define("minute", lasting(time.Minute), onFargate)
		in := managed("e", types.CRTypeFargate)
		in.ComputeResources.MaxvCpus = aws.Int32(2)
		b.environment(in)
		for name, priority := range map[string]int32{"low": 1, "high": 5} {
			if err := b.queue(name, "e"); err != nil {
				t.Fatal(err)
			}
			b.updateQueue(&batch.UpdateJobQueueInput{JobQueue: &name, Priority: &priority})
		}
		began := time.Now()
		var ids []string
		for _, q := range []string{"low", "low", "low", "low", "high", "high", "high"} {
			ids = append(ids, b.submit("minute", to(q)))
		}
		wide := b.submit("minute", to("high"), needing(2, 4096, 0))
		narrow := b.submit("minute", to("low"))
		var got []string
		for _, id := range append(ids, wide, narrow) {
			d := b.ended(id)
			got = append(got, fmt.Sprint(time.UnixMilli(*d.StartedAt).Sub(began).Minutes()))
		}
		// The wide job never finds two vCPUs free at once while the other queue takes what the first leaves.
		if diff := cmp.Diff("0 0 2 3 1 1 2 4 3", strings.Join(got, " ")); diff != "" {
			t.Errorf("start (-want +got):\n%s", diff)
		}
	})
}

func TestFairShareSnapshot(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := start(t)
		b.define("hour", lasting(time.Hour), onFargate)
		b.fairQueue("q", 3, shares(map[string]float32{"a": 0.5}))
		ids := map[string]string{}
		b.enable("q", false)
		for i, share := range strings.Split("aaaaabbb", "") {
			id := b.submit("hour", to("q"), of(share, 0))
			ids["arn:aws:batch:us-east-1:123456789012:job/"+id] = fmt.Sprint(share, i)
		}
		b.enable("q", true)
		out, err := b.client.GetJobQueueSnapshot(t.Context(), &batch.GetJobQueueSnapshotInput{JobQueue: aws.String("q")})
		if err != nil {
			t.Fatal(err)
		}
		var front []string
		for _, j := range out.FrontOfQueue.Jobs {
			front = append(front, ids[*j.JobArn])
		}
		if diff := cmp.Diff("a2 b6 a3 a4 b7", strings.Join(front, " ")); diff != "" {
			t.Errorf("front (-want +got):\n%s", diff)
		}
		u := out.QueueUtilization
		if len(u.TotalCapacityUsage) != 1 || *u.TotalCapacityUsage[0].CapacityUnit != "VCPU" || *u.TotalCapacityUsage[0].Quantity != 3 {
			t.Errorf("total %+v, want 3 VCPU", u.TotalCapacityUsage)
		}
		var top []string
		for _, s := range u.FairshareUtilization.TopCapacityUtilization {
			top = append(top, fmt.Sprint(*s.ShareIdentifier, *s.CapacityUsage[0].Quantity))
		}
		if diff := cmp.Diff("a2 b1", strings.Join(top, " ")); diff != "" || *u.FairshareUtilization.ActiveShareCount != 2 {
			t.Errorf("shares, %d active (-want +got):\n%s", *u.FairshareUtilization.ActiveShareCount, diff)
		}
	})
}

// TestPolicyUpdate says that a policy counts at once, also for jobs that wait.
func TestPolicyUpdate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := start(t)
		b.define("hour", lasting(time.Hour), onFargate)
		b.fairQueue("q", 2, &types.FairsharePolicy{ComputeReservation: aws.Int32(90)})
		b.submit("hour", to("q"), of("a", 0))
		waits := b.submit("hour", to("q"), of("a", 0))
		if d := b.described(waits); d.Status != "RUNNABLE" {
			t.Fatalf("%s, want it to leave the reserved part alone", d.Status)
		}
		if _, err := b.client.UpdateSchedulingPolicy(t.Context(), &batch.UpdateSchedulingPolicyInput{Arn: aws.String(policyARN + "q"), FairsharePolicy: &types.FairsharePolicy{}}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if d := b.described(waits); d.Status != "RUNNING" {
			t.Errorf("%s, want it to run without the reservation", d.Status)
		}
	})
}

func TestTooManyShares(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := start(t)
		b.define("minute", lasting(time.Minute), onFargate)
		b.fairQueue("q", 1000, nil)
		for i := range 500 {
			b.submit("minute", to("q"), of(fmt.Sprint("s", i), 0))
		}
		submit := func(share string) error {
			_, err := b.client.SubmitJob(t.Context(), &batch.SubmitJobInput{
				JobName: aws.String("j"), JobQueue: aws.String("q"), JobDefinition: aws.String("minute"),
				ShareIdentifier: &share, SchedulingPriorityOverride: aws.Int32(0),
			})
			return err
		}
		if c, _ := code(submit("more")); c != "ClientException" {
			t.Errorf("a share too many: %q, want a refusal", c)
		}
		if err := submit("s7"); err != nil {
			t.Errorf("one of the shares: %v", err)
		}
		time.Sleep(12 * time.Minute) // longer than the decay
		if err := submit("more"); err != nil {
			t.Errorf("when the others are not active any more: %v", err)
		}
	})
}
