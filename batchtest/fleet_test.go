package batchtest_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchtest"
)

func (b *bench) updateEnvironment(name string, u types.ComputeResourceUpdate) {
	b.tb.Helper()
	if _, err := b.client.UpdateComputeEnvironment(b.tb.Context(), &batch.UpdateComputeEnvironmentInput{ComputeEnvironment: &name, ComputeResources: &u}); err != nil {
		b.tb.Fatal(err)
	}
}

func TestScaling(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := start(t)
		b.define("minute", lasting(time.Minute))
		in := instances("e", 16, types.CRAllocationStrategyBestFitProgressive, "c5.large")
		in.ComputeResources.MinvCpus, in.ComputeResources.DesiredvCpus = aws.Int32(2), aws.Int32(6)
		b.on(in)
		var got []int32
		note := func() { got = append(got, b.desired("e")) }
		note() // the desired ones are there and wait for a first job
		for range 12 {
			b.submit("minute", needing(1, 1024, 0), to("e"))
		}
		synctest.Wait()
		note()
		time.Sleep(time.Minute)
		synctest.Wait()
		note() // all that had a job go, but for the least
		b.updateEnvironment("e", types.ComputeResourceUpdate{MinvCpus: aws.Int32(4)})
		note()
		b.updateEnvironment("e", types.ComputeResourceUpdate{MinvCpus: aws.Int32(0), ScalingPolicy: &types.ComputeScalingPolicy{MinScaleDownDelayMinutes: aws.Int32(20)}})
		for range 4 {
			b.submit("minute", needing(2, 1024, 0), to("e"))
		}
		synctest.Wait()
		note()
		time.Sleep(20 * time.Minute)
		note() // they stay idle for a while after their jobs
		late := b.submit("minute", needing(2, 1024, 0), to("e"))
		time.Sleep(time.Minute + time.Second)
		note()
		b.ended(late)
		time.Sleep(20 * time.Minute)
		note()
		if diff := cmp.Diff([]int32{6, 12, 2, 4, 8, 8, 2, 0}, got); diff != "" {
			t.Errorf("desiredvCpus (-want +got):\n%s", diff)
		}
		if u := b.used("e"); u.Instances != 9 || u.PeakInstanceVCPUs != 12 || u.PeakVCPUs != 12 {
			u.Levels = nil
			t.Errorf("%+v, want 9 instances, at most 12 vCPUs of them, all in use", u)
		}
	})
}

func TestUpdatesOfCapacity(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := start(t)
		b.define("hour", lasting(time.Hour))
		b.on(instances("e", 2, types.CRAllocationStrategyBestFitProgressive, "c5.large"))
		var ids []string
		for range 3 {
			ids = append(ids, b.submit("hour", needing(2, 1024, 0), to("e")))
		}
		status := func() string {
			var out []string
			for _, id := range ids {
				out = append(out, string(b.described(id).Status))
			}
			return strings.Join(out, " ")
		}
		check := func(want, why string) {
			t.Helper()
			synctest.Wait()
			if got := status(); got != want {
				t.Errorf("%s: %s, want %s", why, got, want)
			}
		}
		check("RUNNING RUNNABLE RUNNABLE", "there is room for one")
		b.updateEnvironment("e", types.ComputeResourceUpdate{MaxvCpus: aws.Int32(4)})
		check("RUNNING RUNNING RUNNABLE", "there is room for another")
		b.enable("e", false)
		b.updateEnvironment("e", types.ComputeResourceUpdate{MaxvCpus: aws.Int32(8)})
		check("RUNNING RUNNING RUNNABLE", "a disabled environment places no job, and ends none")
		b.enable("e", true)
		check("RUNNING RUNNING RUNNING", "it is enabled again")
		b.updateEnvironment("e", types.ComputeResourceUpdate{InstanceTypes: []string{"m5.xlarge"}})
		ids = append(ids, b.submit("hour", needing(2, 1024, 0), to("e")))
		check("RUNNING RUNNING RUNNING RUNNING", "the new type takes it, and the others stay")
		if got := b.desired("e"); got != 8 {
			t.Errorf("%d vCPUs, want the most, as three small ones and the large one are too many to tell", got)
		}
		time.Sleep(2 * time.Hour)
		if got := b.desired("e"); got != 0 {
			t.Errorf("%d vCPUs when all is done, want none", got)
		}
	})
}

// TestLostInstance says that what is on the instance goes with it, and nothing else.
func TestLostInstance(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := start(t)
		b.define("hour", lasting(time.Hour))
		in := instances("e", 16, types.CRAllocationStrategyBestFit, "c5.large")
		in.ComputeResources.MinvCpus = aws.Int32(2)
		b.on(in)
		var ids []string
		for range 3 {
			ids = append(ids, b.submit("hour", needing(1, 1024, 0), to("e"), attempts(2)))
		}
		elsewhere := b.submit("hour", attempts(2))
		synctest.Wait()
		if err := b.LoseHost(ids[0]); err != nil {
			t.Fatal(err)
		}
		var tries []int
		for _, id := range append(ids, elsewhere) {
			tries = append(tries, len(b.ended(id).Attempts))
		}
		if diff := cmp.Diff([]int{2, 2, 1, 1}, tries); diff != "" {
			t.Errorf("attempts (-want +got):\n%s", diff)
		}
		if u := b.used("e"); u.Instances != 3 {
			t.Errorf("%d instances, want two and one in the place of the lost one", u.Instances)
		}
	})
}

// TestLostNode says that a job is not tried again on the instance that was lost,
// but on those that were not.
func TestLostNode(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := start(t)
		b.Image("app", batchtest.Image{Run: lasting(time.Hour)})
		b.defineNodes("nodes", 2, containerRange("0:", "app"))
		b.on(instances("e", 16, types.CRAllocationStrategyBestFit, "c5.large"))
		id := b.submit("nodes", to("e"), attempts(2))
		synctest.Wait()
		if err := b.LoseHost(id); err != nil {
			t.Fatal(err)
		}
		if d := b.ended(id); d.Status != "SUCCEEDED" || len(d.Attempts) != 2 {
			t.Errorf("%s after %d attempts, want SUCCEEDED after 2", d.Status, len(d.Attempts))
		}
		if u := b.used("e"); u.Instances != 3 {
			t.Errorf("%d instances, want two and one in the place of the lost one", u.Instances)
		}
	})
}

func TestDeletedEnvironment(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := start(t)
		b.define("hour", lasting(time.Hour))
		in := instances("e", 16, types.CRAllocationStrategyBestFit, "c5.large")
		in.ComputeResources.MinvCpus = aws.Int32(8)
		b.on(in)
		id := b.submit("hour", to("e"))
		synctest.Wait()
		b.enable("e", false)
		b.updateQueue(&batch.UpdateJobQueueInput{JobQueue: aws.String("e"), ComputeEnvironmentOrder: []types.ComputeEnvironmentOrder{{ComputeEnvironment: aws.String("default"), Order: aws.Int32(1)}}})
		if _, err := b.client.DeleteComputeEnvironment(t.Context(), &batch.DeleteComputeEnvironmentInput{ComputeEnvironment: aws.String("e")}); err != nil {
			t.Fatal(err)
		}
		if d := b.ended(id); d.Status != "SUCCEEDED" {
			t.Errorf("%s, want what runs there to go on", d.Status)
		}
		time.Sleep(time.Hour)
		if u := b.used("e"); u.Instances != 4 || u.InstanceVCPUSeconds != 2*3600 {
			t.Errorf("%d instances, %v vCPU seconds; want only the one with the job to have stayed, for an hour", u.Instances, u.InstanceVCPUSeconds)
		}
	})
}

func TestUtilization(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := start(t)
		b.define("hour", lasting(time.Hour))
		if u := b.Utilization(); !u.From.IsZero() || len(u.Environments) != 0 {
			t.Errorf("before the first job: %+v, want nothing", u)
		}
		b.on(instances("e", 8, types.CRAllocationStrategyBestFit, "m5.2xlarge"))
		began := time.Now()
		first := b.submit("hour", needing(4, 1024, 0), to("e"))
		time.Sleep(30 * time.Minute)
		second := b.submit("hour", needing(2, 1024, 0), to("e"))
		b.ended(first)
		b.ended(second)
		time.Sleep(time.Hour)
		u := b.Utilization()
		if !u.From.Equal(began) || u.Makespan != 90*time.Minute || len(u.Environments) != 1 {
			t.Fatalf("%+v, want 90 minutes in one environment", u)
		}
		e := u.Environments[0]
		levels := e.Levels
		e.Levels = nil
		want := batchtest.EnvironmentUtilization{
			Name: "e", MaxVCPUs: 8, PeakVCPUs: 6, MeanVCPUs: 4, VCPUSeconds: 4*3600 + 2*3600, InstanceVCPUSeconds: 8 * 5400, Instances: 1, PeakInstanceVCPUs: 8,
		}
		if diff := cmp.Diff(want, e); diff != "" {
			t.Errorf("use (-want +got):\n%s", diff)
		}
		sum := 0.0
		for i, l := range levels {
			sum += l.VCPUs * l.Span.Seconds()
			at := l.From.Sub(began)
			want := 4.0
			switch {
			case at >= 90*time.Minute:
				want = 0
			case at >= time.Hour:
				want = 2
			case at >= 30*time.Minute:
				want = 6
			}
			if d := l.VCPUs - want; (d > 1e-6 || d < -1e-6) && (i+1 == len(levels) || levels[i+1].VCPUs == l.VCPUs) {
				t.Errorf("%s: %v vCPUs, want %v", at, l.VCPUs, want)
			}
		}
		if len(levels) < 200 || len(levels) > 512 || sum < want.VCPUSeconds-1 || sum > want.VCPUSeconds+1 {
			t.Errorf("%d levels of %v vCPU seconds together, want up to 512 of %v", len(levels), sum, want.VCPUSeconds)
		}
	})
}

func TestQuotas(t *testing.T) {
	t.Parallel()
	b := start(t)
	environment := func(in *batch.CreateComputeEnvironmentInput) error {
		_, err := b.client.CreateComputeEnvironment(t.Context(), in)
		return err
	}
	cluster := func(i int) *batch.CreateComputeEnvironmentInput {
		in := onEKS(fmt.Sprint("eks", i), types.CRTypeEc2)
		in.EksConfiguration.EksClusterArn = aws.String("arn:aws:eks:us-east-1:123456789012:cluster/one")
		return in
	}
	type row struct {
		name, reason string
		create       func(i int) error
		fit          int // so many can be created
		want         string
	}
	rows := []row{
		{"of a cluster", "5 environments", func(i int) error { return environment(cluster(i)) }, 5, "must be at most 5"},
		{"environments", "50, of which 6 are there", func(i int) error { return environment(managed(fmt.Sprint("e", i), types.CRTypeFargate)) }, 44, "must be at most 50"},
		{"queues", "50, of which one is there", func(i int) error { return b.queue(fmt.Sprint("q", i), "default") }, 49, "must be at most 50"},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		for i := range r.fit {
			if err := r.create(i); err != nil {
				t.Fatalf("%s: number %d: %v", r.reason, i, err)
			}
		}
		if c, message := code(r.create(r.fit)); c != "ClientException" || !strings.Contains(message, r.want) {
			t.Errorf("%s: one more: %s %q, want %q", r.reason, c, message, r.want)
		}
	})
}

func TestCapacityRefusals(t *testing.T) {
	t.Parallel()
	b := start(t)
	edited := func(edit func(*types.ComputeResource)) func() error {
		return func() error {
			in := instances("e", 8, "", "c5")
			edit(in.ComputeResources)
			_, err := b.client.CreateComputeEnvironment(t.Context(), in)
			return err
		}
	}
	limit := func(edit func(*types.JobStateTimeLimitAction)) func() error {
		return func() error {
			a := types.JobStateTimeLimitAction{Action: "CANCEL", State: "RUNNABLE", MaxTimeSeconds: aws.Int32(600), Reason: aws.String("CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY")}
			edit(&a)
			_, err := b.client.UpdateJobQueue(t.Context(), &batch.UpdateJobQueueInput{JobQueue: aws.String("default"), JobStateTimeLimitActions: []types.JobStateTimeLimitAction{a}})
			return err
		}
	}
	type row struct {
		name, reason string
		call         func() error
		want         string // empty for none
	}
	rows := []row{
		{"least over most", "there could be no such number", edited(func(r *types.ComputeResource) { r.MinvCpus = aws.Int32(9) }), "maxvCpus should be greater than or equal to minvCpus."},
		{"desired over most", "it must be between", edited(func(r *types.ComputeResource) { r.DesiredvCpus = aws.Int32(9) }), "desiredvCpus should be between minvCpus and maxvCpus."},
		{"strategy", "one of four", edited(func(r *types.ComputeResource) { r.AllocationStrategy = "CHEAP" }), "allocationStrategy must be one of"},
		{"time limit", "it is one the service takes", limit(func(*types.JobStateTimeLimitAction) {}), ""},
		{"reason", "the service knows a few", limit(func(a *types.JobStateTimeLimitAction) { a.Reason = aws.String("too slow") }), "Invalid job reason"},
		{"state", "only RUNNABLE", limit(func(a *types.JobStateTimeLimitAction) { a.State = "PENDING" }), "state must be RUNNABLE"},
		{"action", "TERMINATE is for service environments", limit(func(a *types.JobStateTimeLimitAction) { a.Action = "TERMINATE" }), "Invalid job action. Valid job actions: [CANCEL]"},
		{"too soon", "ten minutes at least", limit(func(a *types.JobStateTimeLimitAction) { a.MaxTimeSeconds = aws.Int32(599) }), "between 600 and 86400"},
		{"too late", "a day at most", limit(func(a *types.JobStateTimeLimitAction) { a.MaxTimeSeconds = aws.Int32(86401) }), "between 600 and 86400"},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		err := r.call()
		if c, message := code(err); r.want == "" && err != nil || r.want != "" && (c != "ClientException" || !strings.Contains(message, r.want)) {
			t.Errorf("%s: %v, want %q", r.reason, err, r.want)
		}
	})
}
