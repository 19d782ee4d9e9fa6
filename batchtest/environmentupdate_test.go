package batchtest_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchtest"
)

func (b *bench) setState(environment string, state types.CEState) {
	b.tb.Helper()
	if _, err := b.client.UpdateComputeEnvironment(context.Background(), &batch.UpdateComputeEnvironmentInput{ComputeEnvironment: &environment, State: state}); err != nil {
		b.tb.Fatal(err)
	}
}

func TestDisabledEnvironmentsPlaceNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := start(t)
		var mu sync.Mutex
		var ran []string
		b.define("hour", batchtest.Func(func(ctx context.Context, c *batchtest.Container) int {
			mu.Lock()
			ran = append(ran, c.Env("AWS_BATCH_CE_NAME"))
			mu.Unlock()
			return lasting(time.Hour)(ctx, c)
		}))
		b.environment(managed("first", types.CRTypeEc2))
		b.environment(managed("second", types.CRTypeEc2))
		if err := b.queue("q", "first", "second"); err != nil {
			t.Fatal(err)
		}
		before := b.submit("hour", to("q"))
		synctest.Wait()
		b.setState("first", types.CEStateDisabled)
		other := b.submit("hour", to("q"))
		synctest.Wait()
		b.setState("second", types.CEStateDisabled)
		waits, behind := b.submit("hour", to("q")), b.submit("hour", to("q"), size(2))
		elsewhere := b.submit("hour")
		time.Sleep(2 * time.Hour)
		for _, id := range []string{before, other, elsewhere} {
			if d := b.described(id); d.Status != "SUCCEEDED" {
				t.Errorf("%s, want what runs, and what other queues have, to go on", d.Status)
			}
		}
		if d := b.described(waits); d.Status != "RUNNABLE" || !strings.Contains(aws.ToString(d.StatusReason), "is ENABLED") {
			t.Errorf("%s %q, want RUNNABLE with a reason", d.Status, aws.ToString(d.StatusReason))
		}
		b.setState("second", types.CEStateEnabled)
		synctest.Wait()
		if d := b.described(waits); d.Status != "RUNNING" || d.StatusReason != nil {
			t.Errorf("%s %v, want it placed when it can be", d.Status, d.StatusReason)
		}
		b.ended(behind)
		if diff := cmp.Diff([]string{"first", "second", "default", "second", "second", "second"}, ran); diff != "" {
			t.Errorf("where jobs ran (-want +got):\n%s", diff)
		}
	})
}

func TestAnotherEnvironmentForWaitingJobs(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.define("app", batchtest.Exit(0))
	b.environment(managed("off", types.CRTypeEc2))
	b.setState("off", types.CEStateDisabled)
	b.environment(managed("on", types.CRTypeSpot))
	if err := b.queue("q", "off"); err != nil {
		t.Fatal(err)
	}
	id := b.submit("app", to("q"))
	b.updateQueue(&batch.UpdateJobQueueInput{
		JobQueue: aws.String("q"), ComputeEnvironmentOrder: []types.ComputeEnvironmentOrder{{ComputeEnvironment: aws.String("on"), Order: aws.Int32(1)}},
	})
	if d := b.ended(id); d.Status != "SUCCEEDED" {
		t.Errorf("%s, want it placed in the new environment", d.Status)
	}
	for _, name := range []string{"off", "off"} { // again: that is done already
		if _, err := b.client.DeleteComputeEnvironment(t.Context(), &batch.DeleteComputeEnvironmentInput{ComputeEnvironment: &name}); err != nil {
			t.Fatal(err)
		}
	}
	out, err := b.client.DescribeComputeEnvironments(t.Context(), &batch.DescribeComputeEnvironmentsInput{ComputeEnvironments: []string{"off"}})
	if err != nil || len(out.ComputeEnvironments) != 0 {
		t.Errorf("%+v, %v; want it gone", out, err)
	}
}

func TestPodsStayInTheirCluster(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.Image("app", batchtest.Image{Run: batchtest.Exit(0)})
	b.definePod("pod", podOf(nil, "app"))
	b.environment(onEKS("here", types.CRTypeEc2))
	b.environment(onEKS("there", types.CRTypeEc2))
	if err := b.queue("q", "here", "there"); err != nil {
		t.Fatal(err)
	}
	b.setState("here", types.CEStateDisabled)
	id := b.submit("pod", to("q"))
	if d := b.described(id); d.Status != "RUNNABLE" {
		t.Errorf("%s, want it to wait for its cluster", d.Status)
	}
	b.setState("here", types.CEStateEnabled)
	if d := b.ended(id); d.Status != "SUCCEEDED" {
		t.Errorf("%s, want it placed", d.Status)
	}
}

func TestUpdateComputeEnvironment(t *testing.T) {
	t.Parallel()
	b := start(t)
	in := managed("e", types.CRTypeEc2)
	in.ComputeResources.Ec2KeyPair, in.ComputeResources.MinvCpus = aws.String("key"), aws.Int32(1)
	in.ComputeResources.AllocationStrategy = types.CRAllocationStrategyBestFitProgressive
	const role = "arn:aws:iam::123456789012:role/aws-service-role/batch.amazonaws.com/AWSServiceRoleForBatch"
	b.environment(in)
	arn := "arn:aws:batch:us-east-1:123456789012:compute-environment/e"
	out, err := b.client.UpdateComputeEnvironment(t.Context(), &batch.UpdateComputeEnvironmentInput{
		ComputeEnvironment: &arn, ServiceRole: aws.String(role), UpdatePolicy: &types.UpdatePolicy{TerminateJobsOnUpdate: aws.Bool(true)},
		ComputeResources: &types.ComputeResourceUpdate{Type: types.CRTypeSpot, MaxvCpus: aws.Int32(16), Ec2KeyPair: aws.String(""), Subnets: []string{"subnet-2"}},
	})
	if err != nil || *out.ComputeEnvironmentArn != arn || *out.ComputeEnvironmentName != "e" {
		t.Fatalf("%+v, %v", out, err)
	}
	described, err := b.client.DescribeComputeEnvironments(t.Context(), &batch.DescribeComputeEnvironmentsInput{ComputeEnvironments: []string{"e"}})
	if err != nil {
		t.Fatal(err)
	}
	d := described.ComputeEnvironments[0]
	r := d.ComputeResources
	if *d.ServiceRole != role || d.UpdatePolicy == nil || d.State != types.CEStateEnabled || r.Type != types.CRTypeSpot ||
		*r.MaxvCpus != 16 || *r.MinvCpus != 1 || r.Ec2KeyPair != nil || r.Subnets[0] != "subnet-2" {
		t.Errorf("%+v with %+v, want the update and the rest as it was", d, r)
	}
	if err := b.queue("q", "e"); err != nil {
		t.Fatal(err)
	}
	b.Image("app", batchtest.Image{Run: batchtest.Exit(0)})
	b.defineNodes("nodes", 2, containerRange("0:", "app"))
	_, err = b.client.SubmitJob(t.Context(), &batch.SubmitJobInput{JobName: aws.String("j"), JobQueue: aws.String("q"), JobDefinition: aws.String("nodes")})
	if _, message := code(err); !strings.Contains(message, "can not run multi-node parallel Jobs") {
		t.Errorf("several nodes on Spot: %v, want a refusal", err)
	}
}

func TestEnvironmentRefusals(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.environment(managed("e", types.CRTypeEc2))
	b.environment(managed("used", types.CRTypeEc2))
	own := instances("role", 8, types.CRAllocationStrategyBestFitProgressive, "m5")
	own.ServiceRole = aws.String("arn:aws:iam::123456789012:role/mine")
	b.environment(own)
	b.environment(&batch.CreateComputeEnvironmentInput{ComputeEnvironmentName: aws.String("unmanaged"), Type: types.CETypeUnmanaged})
	if err := b.queue("q", "used"); err != nil {
		t.Fatal(err)
	}
	b.setState("used", types.CEStateDisabled)
	update := func(name string, in batch.UpdateComputeEnvironmentInput) func() error {
		in.ComputeEnvironment = &name
		return func() error { _, err := b.client.UpdateComputeEnvironment(t.Context(), &in); return err }
	}
	resources := func(name string, u types.ComputeResourceUpdate) func() error {
		return update(name, batch.UpdateComputeEnvironmentInput{ComputeResources: &u})
	}
	remove := func(name string) func() error {
		return func() error {
			_, err := b.client.DeleteComputeEnvironment(t.Context(), &batch.DeleteComputeEnvironmentInput{ComputeEnvironment: &name})
			return err
		}
	}
	type row struct {
		name, reason string
		call         func() error
		want         string
	}
	rows := []row{
		{"unknown", "there is nothing to update", update("nope", batch.UpdateComputeEnvironmentInput{}), "compute-environment/nope does not exist"},
		{"unknown ARN", "it is named as it came", update("arn:aws:batch:us-east-1:1:compute-environment/e", batch.UpdateComputeEnvironmentInput{}), "arn:aws:batch:us-east-1:1:compute-environment/e does not exist"},
		{"no name", "it is required", update("", batch.UpdateComputeEnvironmentInput{}), "computeEnvironment must be provided"},
		{"state", "one of two", update("e", batch.UpdateComputeEnvironmentInput{State: "OFF"}), "must be ENABLED or DISABLED"},
		{"unmanaged CPUs", "only for unmanaged ones", update("e", batch.UpdateComputeEnvironmentInput{UnmanagedvCpus: aws.Int32(1)}), "unmanagedvCpus is not applicable for managed Compute Environments"},
		{"resources of an unmanaged one", "only for managed ones", resources("unmanaged", types.ComputeResourceUpdate{}), "computeResources must be absent"},
		{"type", "instances do not become Fargate", resources("e", types.ComputeResourceUpdate{Type: types.CRTypeFargate}), "can not change between instances and Fargate"},
		{"made-up type", "not in the enumeration", resources("e", types.ComputeResourceUpdate{Type: "LAPTOP"}), `found "LAPTOP"`},
		{"best fit", "no strategy for updates", resources("e", types.ComputeResourceUpdate{AllocationStrategy: "BEST_FIT"}), `found "BEST_FIT"`},
		{"least over most", "there would be no size", resources("e", types.ComputeResourceUpdate{MinvCpus: aws.Int32(9)}), "maxvCpus should be greater than or equal to minvCpus."},
		{"desired over most", "it must be between", resources("e", types.ComputeResourceUpdate{DesiredvCpus: aws.Int32(9)}), "desiredvCpus should be between minvCpus and maxvCpus."},
		{"types of best fit", "the default strategy has no infrastructure updates", resources("e", types.ComputeResourceUpdate{InstanceTypes: []string{"c5"}}), "computeResources.instanceTypes can not change: infrastructure updates are not supported with the allocation strategy BEST_FIT"},
		{"strategy of best fit", "not even that", resources("e", types.ComputeResourceUpdate{AllocationStrategy: "BEST_FIT_PROGRESSIVE"}), "computeResources.allocationStrategy can not change"},
		{"latest image of best fit", "it replaces instances too", resources("e", types.ComputeResourceUpdate{UpdateToLatestImageVersion: aws.Bool(true)}), "computeResources.updateToLatestImageVersion can not change"},
		{"types with a role", "the service replaces instances in its own name", resources("role", types.ComputeResourceUpdate{InstanceTypes: []string{"c5"}}), "infrastructure updates need the service role AWSServiceRoleForBatch"},
		{"another kind of role", "it is for ever", update("e", batch.UpdateComputeEnvironmentInput{ServiceRole: aws.String("mine")}), "serviceRole can not change between"},
		{"linked role", "it is for ever", update("role", batch.UpdateComputeEnvironmentInput{ServiceRole: aws.String("AWSServiceRoleForBatch")}), "serviceRole can not change between"},
		{"delete nothing", "it is required", remove(""), "computeEnvironment must be provided"},
		{"delete while used", "a queue has it", remove("used"), "Cannot delete, found existing JobQueue relationship."},
		{"delete while enabled", "it could still place jobs", remove("e"), "must be DISABLED first"},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		if c, message := code(r.call()); c != "ClientException" || !strings.Contains(message, r.want) {
			t.Errorf("%s: %s %q, want %q", r.reason, c, message, r.want)
		}
	})
	off := managed("x", types.CRTypeEc2)
	off.State = "OFF"
	_, err := b.client.CreateComputeEnvironment(t.Context(), off)
	if _, message := code(err); !strings.Contains(message, "must be ENABLED or DISABLED") {
		t.Errorf("creating one in state OFF: %v, want a refusal", err)
	}
}

// An update ends no instance that is there.
func TestScalingDownIsRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := start(t)
		b.define("minute", lasting(time.Minute))
		in := instances("e", 8, types.CRAllocationStrategyBestFitProgressive, "c5.large")
		in.ComputeResources.DesiredvCpus = aws.Int32(6)
		b.on(in)
		refused := func(u types.ComputeResourceUpdate, want string) {
			t.Helper()
			_, err := b.client.UpdateComputeEnvironment(t.Context(), &batch.UpdateComputeEnvironmentInput{ComputeEnvironment: aws.String("e"), ComputeResources: &u})
			if c, message := code(err); c != "ClientException" || !strings.Contains(message, want) {
				t.Errorf("%v, want %q", err, want)
			}
		}
		refused(types.ComputeResourceUpdate{DesiredvCpus: aws.Int32(4)}, "Manually scaling down compute environment is not supported.  Disconnecting job queues")
		refused(types.ComputeResourceUpdate{MaxvCpus: aws.Int32(4)}, "desiredvCpus should be between minvCpus and maxvCpus.")
		b.updateEnvironment("e", types.ComputeResourceUpdate{MaxvCpus: aws.Int32(6), DesiredvCpus: aws.Int32(6)})
		for range 3 {
			b.submit("minute", needing(2, 1024, 0), to("e"))
		}
		time.Sleep(time.Hour)
		if got := b.desired("e"); got != 0 {
			t.Fatalf("%d vCPUs are there, want none any more", got)
		}
		b.updateEnvironment("e", types.ComputeResourceUpdate{MaxvCpus: aws.Int32(4)}) // whatever was desired once
	})
}
