package batchtest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchtest"
	"github.com/batchkit/batchkit-go/batchtest/batchcmp"
)

// restored saves a server, closes it and goes on with what was saved.
func restored(tb testing.TB, b *bench, opts ...batchtest.Option) *bench {
	tb.Helper()
	s, err := batchtest.Restore(bytes.NewReader(saved(tb, b)), opts...)
	if err != nil {
		tb.Fatal(err)
	}
	b.Close()
	tb.Cleanup(s.Close)
	return &bench{tb, s, s.Client(modelled(tb, s))}
}

func saved(tb testing.TB, b *bench) []byte {
	tb.Helper()
	var file bytes.Buffer
	if err := b.Save(&file); err != nil {
		tb.Fatal(err)
	}
	return file.Bytes()
}

// everything is what a client can see of a server.
func (b *bench) everything(ids ...string) map[string]any {
	b.tb.Helper()
	ctx := context.Background()
	out := map[string]any{}
	note := func(name string, answer any, err error) {
		b.tb.Helper()
		if err != nil {
			b.tb.Fatalf("%s: %v", name, err)
		}
		data, err := json.Marshal(answer)
		if err != nil {
			b.tb.Fatal(err)
		}
		var plain any
		if err := json.Unmarshal(data, &plain); err != nil {
			b.tb.Fatal(err)
		}
		delete(plain.(map[string]any), "ResultMetadata")
		out[name] = plain
	}
	environments, err := b.client.DescribeComputeEnvironments(ctx, &batch.DescribeComputeEnvironmentsInput{})
	note("environments", environments, err)
	queues, err := b.client.DescribeJobQueues(ctx, &batch.DescribeJobQueuesInput{})
	note("queues", queues, err)
	definitions, err := b.client.DescribeJobDefinitions(ctx, &batch.DescribeJobDefinitionsInput{})
	note("definitions", definitions, err)
	consumables, err := b.client.ListConsumableResources(ctx, &batch.ListConsumableResourcesInput{})
	note("consumables", consumables, err)
	policies, err := b.client.ListSchedulingPolicies(ctx, &batch.ListSchedulingPoliciesInput{})
	note("policies", policies, err)
	for _, id := range ids {
		job, err := b.client.DescribeJobs(ctx, &batch.DescribeJobsInput{Jobs: []string{id}})
		note(id, job, err)
		out["history of "+id] = b.History(id)
	}
	return out
}

// furnish makes one of everything that the API can create.
func (b *bench) furnish() {
	b.tb.Helper()
	ctx := context.Background()
	must := func(err error) {
		b.tb.Helper()
		if err != nil {
			b.tb.Fatal(err)
		}
	}
	policy, err := b.client.CreateSchedulingPolicy(ctx, &batch.CreateSchedulingPolicyInput{
		Name: aws.String("fair"), FairsharePolicy: &types.FairsharePolicy{ShareDecaySeconds: aws.Int32(60)}, Tags: map[string]string{"a": "b"},
	})
	must(err)
	_, err = b.client.CreateComputeEnvironment(ctx, &batch.CreateComputeEnvironmentInput{
		ComputeEnvironmentName: aws.String("fargate"), Type: types.CETypeManaged,
		ComputeResources: &types.ComputeResource{Type: types.CRTypeFargate, MaxvCpus: aws.Int32(8), Subnets: []string{"subnet-1"}, SecurityGroupIds: []string{"sg-1"}},
	})
	must(err)
	_, err = b.client.CreateJobQueue(ctx, &batch.CreateJobQueueInput{
		JobQueueName: aws.String("fairly"), Priority: aws.Int32(7), SchedulingPolicyArn: policy.Arn,
		ComputeEnvironmentOrder: []types.ComputeEnvironmentOrder{{ComputeEnvironment: aws.String("fargate"), Order: aws.Int32(1)}},
	})
	must(err)
	_, err = b.client.CreateConsumableResource(ctx, &batch.CreateConsumableResourceInput{
		ConsumableResourceName: aws.String("license"), ResourceType: aws.String("REPLENISHABLE"), TotalQuantity: aws.Int64(5),
	})
	must(err)
	_, err = b.client.TagResource(ctx, &batch.TagResourceInput{
		ResourceArn: aws.String("arn:aws:batch:us-east-1:123456789012:job-queue/fairly"), Tags: map[string]string{"late": "tag"},
	})
	must(err)
}

// What has ended is the same after a restart, to the byte.
func TestRestoreWhatHasEnded(t *testing.T) {
	t.Parallel()
	b := start(t, batchtest.WithVirtualClock(epoch), batchtest.WithSeed(7))
	b.furnish()
	b.define("ok", batchtest.Takes(time.Minute, nil))
	b.define("ok", batchtest.Takes(time.Minute, nil))
	b.define("bad", batchtest.Takes(time.Minute, batchtest.Exit(3)))
	if _, err := b.client.DeregisterJobDefinition(t.Context(), &batch.DeregisterJobDefinitionInput{JobDefinition: aws.String("ok:1")}); err != nil {
		t.Fatal(err)
	}
	nodes := multinode(3)
	b.define("nodes", batchtest.Exit(0), nodes)
	ids := []string{b.submit("ok"), b.submit("bad", attempts(3)), b.submit("ok", size(5), sequential), b.submit("nodes")}
	ids = append(ids, b.submit("ok", after(ids[1])), ids[2]+":4", ids[3]+"#2")
	b.advance(time.Hour)
	want := b.everything(ids...)
	first := saved(t, b)
	again := restored(t, b, batchtest.WithVirtualClock(time.Time{}), batchtest.WithRegion("eu-west-1"), batchtest.WithSeed(99))
	if diff := cmp.Diff(want, again.everything(ids...)); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
	if got := again.Now(); !got.Equal(epoch.Add(time.Hour)) {
		t.Errorf("the clock shows %s, want where it stood", got)
	}
	tags, err := again.client.ListTagsForResource(t.Context(), &batch.ListTagsForResourceInput{ResourceArn: aws.String("arn:aws:batch:us-east-1:123456789012:job-queue/fairly")})
	if err != nil || tags.Tags["late"] != "tag" {
		t.Errorf("tags %v, %v", tags, err)
	}
	id := again.submit("ok")
	for _, old := range ids {
		if id == old {
			t.Errorf("the id %s is given out again", id)
		}
	}
	var one, two map[string]any
	if err := json.Unmarshal(first, &one); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(saved(t, again), &two); err != nil {
		t.Fatal(err)
	}
	for _, m := range []map[string]any{one, two} {
		delete(m, "requestIds")
		delete(m, "jobIds")
		delete(m, "reasons")
		m["jobs"] = m["jobs"].([]any)[:5]
	}
	if diff := cmp.Diff(one, two); diff != "" {
		t.Errorf("saved again (-first +second):\n%s", diff)
	}
}

func multinode(n int) func(*batch.RegisterJobDefinitionInput) {
	return func(in *batch.RegisterJobDefinitionInput) {
		in.Type = types.JobDefinitionTypeMultinode
		in.NodeProperties = &types.NodeProperties{NumNodes: aws.Int32(int32(n)), MainNode: aws.Int32(0), NodeRangeProperties: []types.NodeRangeProperty{
			{TargetNodes: aws.String("0:"), Container: in.ContainerProperties},
		}}
		in.ContainerProperties = nil
	}
}

// What waited waits on, and what ran has lost its host.
func TestRestoreWhatHasNotEnded(t *testing.T) {
	t.Parallel()
	const lost = "Host EC2 (instance i-00000000000000001) terminated."
	b := start(t, batchtest.WithVirtualClock(epoch), batchtest.WithCapacity(4))
	hour := batchtest.Takes(time.Hour, nil)
	b.define("hour", hour)
	b.define("nodes", hour, multinode(2))
	running, again := b.submit("hour"), b.submit("hour", attempts(2))
	nodes := b.submit("nodes", attempts(2))
	dependent, chain := b.submit("hour", after(again)), b.submit("hour", size(3), sequential, after(again))
	doomed := b.submit("hour", after(running))
	waiting := b.submit("hour")
	each := b.submit("hour", size(3), afterEach(chain))
	b.advance(30 * time.Minute)

	r := restored(t, b, batchtest.WithVirtualClock(time.Time{}), batchtest.WithCapacity(4), batchtest.WithFallback(batchtest.Image{Run: hour}))
	r.advance(24 * time.Hour)
	for _, tt := range []struct {
		name, reason, id string
		want             []string
		statusReason     string
	}{
		{"no attempt left", "it failed with its host", running, []string{"SUBMITTED 0", "RUNNABLE 0", "STARTING 0", "RUNNING 0", "FAILED 1800"}, lost},
		{"an attempt left", "it runs again", again, []string{"SUBMITTED 0", "RUNNABLE 0", "STARTING 0", "RUNNING 0", "RUNNABLE 1800", "STARTING 1800", "RUNNING 1800", "SUCCEEDED 5400"}, "Essential container in task exited"},
		{"nodes", "they run again together", nodes, []string{"SUBMITTED 0", "RUNNABLE 0", "STARTING 0", "RUNNING 0", "RUNNABLE 1800", "STARTING 1800", "RUNNING 1800", "SUCCEEDED 5400"}, "Essential container in task exited"},
		{"node", "with its job; whether it ends before that or is stopped is chance", nodes + "#1", []string{"PENDING 0", "RUNNABLE 0", "STARTING 0", "RUNNING 0", "FAILED 1800", "RUNNABLE 1800", "STARTING 1800", "RUNNING 1800"}, ""},
		{"dependent", "its dependency is known", dependent, []string{"SUBMITTED 0", "PENDING 0", "RUNNABLE 5400", "STARTING 5400", "RUNNING 5400", "SUCCEEDED 9000"}, ""},
		{"doomed", "its dependency has failed meanwhile", doomed, []string{"SUBMITTED 0", "PENDING 0", "FAILED 1800"}, "Dependent Job failed"},
		{"waiting", "it had its place in line, before those that lost their host", waiting, []string{"SUBMITTED 0", "RUNNABLE 0", "STARTING 1800", "RUNNING 1800", "SUCCEEDED 5400"}, ""},
		{"sequential", "each waits for the one before", chain + ":2", []string{"PENDING 0", "RUNNABLE 12600", "STARTING 12600", "RUNNING 12600", "SUCCEEDED 16200"}, ""},
		{"each", "each waits for its own", each + ":1", []string{"PENDING 0", "RUNNABLE 12600", "STARTING 12600", "RUNNING 12600", "SUCCEEDED 16200"}, ""},
	} {
		if tt.name == "" || tt.reason == "" {
			t.Fatal("each row needs a name and a reason")
		}
		got := r.when(tt.id)
		if diff := cmp.Diff(tt.want, got[:min(len(got), len(tt.want))]); diff != "" {
			t.Errorf("%s: %s (-want +got):\n%s", tt.name, tt.reason, diff)
		}
		if d, _ := r.Job(tt.id); tt.statusReason != "" && aws.ToString(d.StatusReason) != tt.statusReason {
			t.Errorf("%s: %q, want %q", tt.name, aws.ToString(d.StatusReason), tt.statusReason)
		}
	}
	d, _ := r.Job(again)
	if len(d.Attempts) != 2 || *d.Attempts[0].StatusReason != lost || d.Attempts[0].Container.ExitCode != nil || *d.Attempts[0].StoppedAt != epoch.Add(30*time.Minute).UnixMilli() {
		t.Errorf("attempts %+v, want the lost one first", d.Attempts)
	}
}

// What no request creates is there after a restart as well: limits of instances,
// and the members that only an update gives.
func TestRestoreWhatWasNotCreated(t *testing.T) {
	t.Parallel()
	ctx, policy := t.Context(), &types.UpdatePolicy{JobExecutionTimeoutMinutes: aws.Int64(90), TerminateJobsOnUpdate: aws.Bool(true)}
	b := start(t, batchtest.WithVirtualClock(epoch))
	b.on(instances("cloud", 16, "", "m5.large"))
	b.define("hour", batchtest.Takes(time.Hour, nil))
	if _, err := b.client.UpdateComputeEnvironment(ctx, &batch.UpdateComputeEnvironmentInput{ComputeEnvironment: aws.String("cloud"), UpdatePolicy: policy}); err != nil {
		t.Fatal(err)
	}
	b.LimitInstances("m5.large", 0)

	r := restored(t, b, batchtest.WithVirtualClock(time.Time{}), batchtest.WithFallback(batchtest.Image{}))
	out, err := r.client.DescribeComputeEnvironments(ctx, &batch.DescribeComputeEnvironmentsInput{ComputeEnvironments: []string{"cloud"}})
	if err != nil || len(out.ComputeEnvironments) != 1 {
		t.Fatalf("%v, %v", out, err)
	}
	if diff := cmp.Diff(policy, out.ComputeEnvironments[0].UpdatePolicy, batchcmp.CompareOptions()...); diff != "" {
		t.Errorf("update policy (-want +got):\n%s", diff)
	}
	id := r.submit("hour", to("cloud"))
	r.advance(time.Hour)
	if d, _ := r.Job(id); !strings.HasPrefix(aws.ToString(d.StatusReason), "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY") {
		t.Errorf("%s %q, want a job that waits for instances out of stock", d.Status, aws.ToString(d.StatusReason))
	}
	r.LimitInstances("m5.large", -1)
	r.advance(2 * time.Hour)
	if d, _ := r.Job(id); d.Status != types.JobStatusSucceeded {
		t.Errorf("%s with instances in stock", d.Status)
	}
}

// The queue that is there from the start can be changed and deleted, and stays so.
func TestRestoreDefaults(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, reason string
		change       func(*bench) error
	}{
		{"untouched", "they are there", func(*bench) error { return nil }},
		{"queue disabled", "it stays so", func(b *bench) error {
			_, err := b.client.UpdateJobQueue(t.Context(), &batch.UpdateJobQueueInput{JobQueue: aws.String("default"), State: types.JQStateDisabled})
			return err
		}},
		{"environment disabled", "it stays so", func(b *bench) error {
			_, err := b.client.UpdateComputeEnvironment(t.Context(), &batch.UpdateComputeEnvironmentInput{ComputeEnvironment: aws.String("default"), State: types.CEStateDisabled})
			return err
		}},
		{"deleted", "they stay away, and what ran there is known", func(b *bench) error {
			ctx, name := t.Context(), aws.String("default")
			_, err := b.client.UpdateJobQueue(ctx, &batch.UpdateJobQueueInput{JobQueue: name, State: types.JQStateDisabled})
			_, err2 := b.client.DeleteJobQueue(ctx, &batch.DeleteJobQueueInput{JobQueue: name})
			_, err3 := b.client.UpdateComputeEnvironment(ctx, &batch.UpdateComputeEnvironmentInput{ComputeEnvironment: name, State: types.CEStateDisabled})
			_, err4 := b.client.DeleteComputeEnvironment(ctx, &batch.DeleteComputeEnvironmentInput{ComputeEnvironment: name})
			return errors.Join(err, err2, err3, err4)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.reason == "" {
				t.Fatal("a row needs a reason")
			}
			b := start(t)
			b.define("ok", batchtest.Exit(0))
			id := b.submit("ok")
			b.ended(id)
			if err := tt.change(b); err != nil {
				t.Fatal(err)
			}
			want := b.everything(id)
			if diff := cmp.Diff(want, restored(t, b).everything(id)); diff != "" {
				t.Errorf("%s (-before +after):\n%s", tt.reason, diff)
			}
		})
	}
}

func TestRestoreErrors(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.define("ok", batchtest.Exit(0))
	b.ended(b.submit("ok", size(2)))
	good := string(saved(t, b))
	for _, tt := range []struct {
		name, reason, text, part string
	}{
		{"empty", "nothing was ever written", "", "EOF"},
		{"foreign", "JSON of something else", `{"format":"other","version":1}`, "batchkit-state"},
		{"list", "not even an object", `[1]`, "cannot unmarshal"},
		{"newer", "of a later version, with what that has", strings.Replace(good, `"version":1`, `"version":2,"more":1`, 1), "version 2"},
		{"no version", "not one of ours", strings.Replace(good, `"version":1`, `"version":0`, 1), "no version"},
		{"torn", "the end is missing", good[:len(good)/2], "unexpected EOF"},
		{"followed", "something comes after it", good + "{}", "follows"},
		{"unknown member", "a slip of the pen must not be lost", strings.Replace(good, `"jobs":`, `"jbos":`, 1), "jbos"},
		{"refused", "the service would refuse the definition", strings.Replace(good, `"jobDefinitionName":"ok"`, `"jobDefinitionName":"not ok"`, 1), "definitions.ok[0]"},
		{"children", "one is missing", strings.Replace(good, `"size":2`, `"size":3`, 1), "jobs[0]: it has 3 parts, and 2 are saved"},
		{"status", "no such one", strings.Replace(good, `"to":"SUBMITTED"`, `"to":"LOST"`, 1), "jobs[0]: history"},
		{"definition", "of a job, that is not there", strings.Replace(good, `"definition":"ok:1"`, `"definition":"ok:2"`, 1), `"ok:2" is not there`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.reason == "" {
				t.Fatal("a row needs a reason")
			}
			s, err := batchtest.Restore(strings.NewReader(tt.text))
			if s != nil || !errors.Is(err, batchtest.ErrState) || !strings.Contains(err.Error(), tt.part) {
				t.Errorf("%v, want ErrState with %q: %s", err, tt.part, tt.reason)
			}
		})
	}
}

// Whoever saves on changes hears of all of them, and of none by those who only look.
func TestChanged(t *testing.T) {
	t.Parallel()
	b := start(t)
	told := func(c <-chan struct{}) bool {
		select {
		case <-c:
			return true
		default:
			return false
		}
	}
	changed := b.Changed()
	b.everything()
	if told(changed) {
		t.Error("looking counts as a change")
	}
	b.define("ok", batchtest.Exit(0))
	if !told(changed) {
		t.Error("a new definition does not count")
	}
	id := b.submit("ok")
	changed = b.Changed()
	b.ended(id)
	b.furnish()
	if !told(changed) {
		t.Error("the end of a job does not count")
	}
	virtual := start(t, batchtest.WithVirtualClock(epoch))
	changed = virtual.Changed()
	virtual.advance(time.Hour)
	if !told(changed) {
		t.Error("the time of a virtual clock does not count")
	}
}

// However damaged, a state is restored or refused.
func FuzzRestore(f *testing.F) {
	b := start(f, batchtest.WithVirtualClock(epoch))
	b.furnish()
	hour := batchtest.Takes(time.Hour, nil)
	b.define("hour", hour)
	b.define("nodes", hour, multinode(2))
	first := b.submit("hour", attempts(2))
	b.submit("nodes")
	b.submit("hour", size(2), sequential, after(first))
	f.Add(saved(f, b))
	b.advance(time.Minute)
	f.Add(saved(f, b))
	b.advance(24 * time.Hour)
	f.Add(saved(f, b))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := batchtest.Restore(bytes.NewReader(data), batchtest.WithVirtualClock(time.Time{}), batchtest.WithFallback(batchtest.Image{Run: hour}))
		if err != nil {
			if !errors.Is(err, batchtest.ErrState) {
				t.Errorf("%v, want ErrState", err)
			}
			return
		}
		defer s.Close()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := s.Advance(ctx, time.Minute); err != nil {
			t.Errorf("Advance: %v", err)
		}
		var out bytes.Buffer
		if err := s.Save(&out); err != nil {
			t.Fatalf("Save: %v", err)
		}
		again, err := batchtest.Restore(&out)
		if err != nil {
			t.Fatalf("what was restored and saved cannot be restored: %v", err)
		}
		again.Close()
	})
}
