package batchtest_test

import (
	"context"
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

// instances describes a compute environment of instances.
func instances(name string, most int32, strategy types.CRAllocationStrategy, kinds ...string) *batch.CreateComputeEnvironmentInput {
	in := managed(name, types.CRTypeEc2)
	if strings.HasPrefix(string(strategy), "SPOT") {
		in.ComputeResources.Type = types.CRTypeSpot
	}
	in.ComputeResources.MaxvCpus, in.ComputeResources.AllocationStrategy, in.ComputeResources.InstanceTypes = aws.Int32(most), strategy, kinds
	return in
}

// needing asks for vCPUs, MiB of memory and GPUs instead of what the definition does.
func needing(vcpus, memory, gpus int) func(*batch.SubmitJobInput) {
	return func(in *batch.SubmitJobInput) {
		in.ContainerOverrides = &types.ContainerOverrides{ResourceRequirements: []types.ResourceRequirement{
			{Type: types.ResourceTypeVcpu, Value: aws.String(fmt.Sprint(vcpus))},
			{Type: types.ResourceTypeMemory, Value: aws.String(fmt.Sprint(memory))},
		}}
		if gpus > 0 {
			in.ContainerOverrides.ResourceRequirements = append(in.ContainerOverrides.ResourceRequirements,
				types.ResourceRequirement{Type: types.ResourceTypeGpu, Value: aws.String(fmt.Sprint(gpus))})
		}
	}
}

func to(queue string) func(*batch.SubmitJobInput) {
	return func(in *batch.SubmitJobInput) { in.JobQueue = &queue }
}

// on makes an environment and a queue of the same name.
func (b *bench) on(in *batch.CreateComputeEnvironmentInput) {
	b.tb.Helper()
	b.environment(in)
	if err := b.queue(*in.ComputeEnvironmentName, *in.ComputeEnvironmentName); err != nil {
		b.tb.Fatal(err)
	}
}

func (b *bench) describedEnvironment(name string) types.ComputeEnvironmentDetail {
	b.tb.Helper()
	out, err := b.client.DescribeComputeEnvironments(context.Background(), &batch.DescribeComputeEnvironmentsInput{ComputeEnvironments: []string{name}})
	if err != nil || len(out.ComputeEnvironments) != 1 {
		b.tb.Fatalf("%+v, %v", out, err)
	}
	return out.ComputeEnvironments[0]
}

func (b *bench) desired(name string) int32 {
	b.tb.Helper()
	return *b.describedEnvironment(name).ComputeResources.DesiredvCpus
}

// used returns how an environment was used so far.
func (b *bench) used(name string) batchtest.EnvironmentUtilization {
	for _, e := range b.Utilization().Environments {
		if e.Name == name {
			return e
		}
	}
	return batchtest.EnvironmentUtilization{}
}

func TestPlacement(t *testing.T) {
	t.Parallel()
	type row struct {
		name, reason string
		environment  *batch.CreateComputeEnvironmentInput
		definition   string // minute where empty
		jobs         []func(*batch.SubmitJobInput)
		want         string // minutes at which they start, in order
		desired      int32  // vCPUs of instances while the first ones run
	}
	fargate := managed("e", types.CRTypeFargate)
	unmanaged := &batch.CreateComputeEnvironmentInput{ComputeEnvironmentName: aws.String("e"), Type: types.CETypeUnmanaged}
	limited := &batch.CreateComputeEnvironmentInput{ComputeEnvironmentName: aws.String("e"), Type: types.CETypeUnmanaged, UnmanagedvCpus: aws.Int32(4)}
	bestFit, progressive, spot := types.CRAllocationStrategyBestFit, types.CRAllocationStrategyBestFitProgressive, types.CRAllocationStrategySpotCapacityOptimized
	several := func(n int, edit func(*batch.SubmitJobInput)) (out []func(*batch.SubmitJobInput)) {
		for range n {
			out = append(out, edit)
		}
		return out
	}
	rows := []row{
		{"packed", "two jobs of a vCPU fill an instance of two", instances("e", 4, bestFit, "c5.large"), "", several(5, needing(1, 1024, 0)), "0 0 0 0 1", 4},
		{"memory counts", "an instance of 4 GiB does not have 4 GiB for two", instances("e", 8, bestFit, "c5.large"), "", several(5, needing(1, 2048, 0)), "0 0 0 0 1", 8},
		{"smallest type", "the best fit is the least instance that will do", instances("e", 16, bestFit, "c5"), "", several(1, needing(3, 1024, 0)), "0", 4},
		{"one vCPU is not enough", "the least type has two", instances("e", 1, progressive, "c5"), "", several(2, needing(1, 512, 0)), "0 0", 1},
		{"most", "no further instance while there are as many vCPUs as there may be", instances("e", 6, bestFit, "c5.xlarge"), "", several(2, needing(4, 1024, 0)), "0 1", 4},
		{"beyond most", "these strategies may exceed it by one instance", instances("e", 6, progressive, "c5.xlarge"), "", several(3, needing(4, 1024, 0)), "0 0 1", 6},
		{"Spot beyond most", "and so do these", instances("e", 6, spot, "c5.xlarge"), "", several(3, needing(4, 1024, 0)), "0 0 1", 6},
		{"not beyond without need", "another type fits", instances("e", 6, progressive, "c5.xlarge", "m5.large"), "", []func(*batch.SubmitJobInput){needing(4, 1024, 0), needing(2, 1024, 0), needing(2, 1024, 0)}, "0 0 1", 6},
		{"memory decides the family", "c5 would need a larger instance", instances("e", 64, progressive, "c5.large", "r5.large"), "", several(1, needing(1, 9000, 0)), "0", 2},
		{"GPU", "each has an instance of its own with one GPU", instances("e", 8, bestFit, "c5.large", "p3.2xlarge"), "", several(2, needing(1, 1024, 1)), "0 1", 8},
		{"no GPU without need", "it would be dear", instances("e", 8, progressive, "g4dn.xlarge", "m5.xlarge"), "", several(1, needing(4, 1024, 0)), "0", 4},
		{"an idle instance gives way", "the small one is in the way of the large one", instances("e", 4, bestFit, "c5.large", "c5.xlarge"), "", []func(*batch.SubmitJobInput){needing(2, 1024, 0), needing(4, 1024, 0)}, "0 1", 2},
		{"the first one waits for all", "first in, first out: the small one does not overtake", instances("e", 4, bestFit, "c5.xlarge"), "", []func(*batch.SubmitJobInput){needing(3, 1024, 0), needing(2, 1024, 0), needing(1, 1024, 0)}, "0 1 1", 4},
		{"unknown type", "it has the vCPUs of its name", instances("e", 16, bestFit, "z9.2xlarge"), "", several(3, needing(8, 1024, 0)), "0 0 1", 16},
		{"unknown family", "it has common sizes", instances("e", 16, bestFit, "z9"), "", several(1, needing(5, 1024, 0)), "0", 8},
		{"own type", "the option says what it has", instances("e", 16, bestFit, "own.large"), "", several(3, needing(3, 64, 0)), "0 0 0", 9},
		{"no types", "it means the optimal ones", instances("e", 16, bestFit), "", several(1, needing(2, 1024, 0)), "0", 2},
		{"Fargate", "by vCPU alone", fargate, "fargate", several(9, func(*batch.SubmitJobInput) {}), "0 0 0 0 0 0 0 0 1", 0},
		{"unmanaged", "nobody knows the limit", unmanaged, "", several(100, needing(4, 1024, 0)), strings.TrimSpace(strings.Repeat("0 ", 100)), 0},
		{"unmanaged with a number", "it is the limit", limited, "", several(2, needing(3, 1024, 0)), "0 1", 0},
		{"unmanaged with GPUs", "nobody knows whether it has some", limited, "", several(1, needing(1, 1024, 1)), "0", 0},
		{"nodes", "an instance for each, all at once", instances("e", 8, bestFit, "c5.large"), "nodes", several(2, func(*batch.SubmitJobInput) {}), "0 1", 6},
		{"nodes of one type", "the second job has to wait for the instances", instances("e", 7, bestFit, "c5.large", "m5.large"), "nodes", several(2, func(*batch.SubmitJobInput) {}), "0 1", 6},
		{"task", "its containers add up", instances("e", 4, bestFit, "c5.xlarge"), "task", several(2, func(*batch.SubmitJobInput) {}), "0 1", 4},
		{"pod", "its containers add up, its init containers do not", onInstances(onEKS("e", types.CRTypeEc2), "m5.xlarge"), "pod", several(3, func(*batch.SubmitJobInput) {}), "0 0 1", 8},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		synctest.Test(t, func(t *testing.T) {
			b := start(t, batchtest.WithInstanceType("own.large", batchtest.Instance{VCPUs: 3, MemoryMiB: 64}))
			b.define("minute", lasting(time.Minute))
			b.define("fargate", lasting(time.Minute), onFargate)
			b.Image("app", batchtest.Image{Run: lasting(time.Minute)})
			b.Image("prepare", batchtest.Image{Run: batchtest.Exit(0)})
			b.defineNodes("nodes", 3, containerRange("0:", "app"))
			b.defineTask("task", nil, needs(part("app", true), "3"), needs(part("prepare", false), "1"))
			b.definePod("pod", podNeeding(podOf([]string{"prepare"}, "app", "app2"), "1.5"))
			b.Image("app2", batchtest.Image{Run: lasting(time.Minute)})
			b.on(r.environment)
			began := time.Now()
			var ids []string
			definition := r.definition
			if definition == "" {
				definition = "minute"
			}
			for _, edit := range r.jobs {
				ids = append(ids, b.submit(definition, edit, to("e")))
			}
			time.Sleep(time.Second)
			if r.desired > 0 && b.desired("e") != r.desired {
				t.Errorf("%s: %d vCPUs of instances, want %d", r.reason, b.desired("e"), r.desired)
			}
			var got []string
			for _, id := range ids {
				ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
				if err := b.Wait(ctx, id); err != nil {
					t.Fatalf("%s: %v: %s", r.reason, err, aws.ToString(b.described(id).StatusReason))
				}
				cancel()
				d := b.described(id)
				got = append(got, fmt.Sprint(time.UnixMilli(*d.StartedAt).Sub(began).Round(time.Minute).Minutes()))
			}
			if diff := cmp.Diff(r.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", r.reason, diff)
			}
			if r.desired > 0 && b.desired("e") != 0 {
				t.Errorf("%d vCPUs of instances when all is done, want none", b.desired("e"))
			}
		})
	})
}

func onInstances(in *batch.CreateComputeEnvironmentInput, kinds ...string) *batch.CreateComputeEnvironmentInput {
	in.ComputeResources.InstanceTypes = kinds
	return in
}

func onFargate(in *batch.RegisterJobDefinitionInput) {
	in.PlatformCapabilities = []types.PlatformCapability{types.PlatformCapabilityFargate}
	in.ContainerProperties.ExecutionRoleArn = aws.String("arn:aws:iam::123456789012:role/x")
}

func needs(c types.TaskContainerProperties, vcpus string) types.TaskContainerProperties {
	c.ResourceRequirements = []types.ResourceRequirement{{Type: types.ResourceTypeVcpu, Value: &vcpus}, {Type: types.ResourceTypeMemory, Value: aws.String("512")}}
	return c
}

func podNeeding(p *types.EksProperties, cpu string) *types.EksProperties {
	for _, list := range [][]types.EksContainer{p.PodProperties.Containers, p.PodProperties.InitContainers} {
		for i := range list {
			list[i].Resources = &types.EksContainerResourceRequirements{Limits: map[string]string{"cpu": cpu, "memory": "512Mi"}, Requests: map[string]string{"cpu": cpu, "memory": "512Mi"}}
		}
	}
	return p
}

func TestBlockedJobs(t *testing.T) {
	t.Parallel()
	type row struct {
		name, reason string
		environments []*batch.CreateComputeEnvironmentInput
		stock        map[string]int
		job          func(*batch.SubmitJobInput)
		want         string // the status reason
	}
	best, progressive := types.CRAllocationStrategyBestFit, types.CRAllocationStrategyBestFitProgressive
	const none = "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - The job resource requirement (vCPU/memory/GPU) is higher than that can be met by the CE(s) attached to the job queue."
	const most = "MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE - CE(s) associated with the job queue cannot meet the CPU requirement of the job."
	const stock = "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - Service cannot fulfill the capacity requested for instance type "
	one := func(in *batch.CreateComputeEnvironmentInput) []*batch.CreateComputeEnvironmentInput {
		return []*batch.CreateComputeEnvironmentInput{in}
	}
	rows := []row{
		{"memory", "no instance has it", one(instances("e", 64, best, "c5.large")), nil, needing(1, 4096, 0), none},
		{"GPU", "no instance has one", one(instances("e", 64, best, "c5.large")), nil, needing(1, 1024, 1), none},
		{"vCPUs of an instance", "no instance has them", one(instances("e", 64, best, "c5.large")), nil, needing(4, 1024, 0), none},
		{"vCPUs", "there may never be so many", one(instances("e", 8, best, "c5")), nil, needing(16, 1024, 0), most},
		{"instance over the most", "the only instance that would do is too large for the environment", one(instances("e", 2, best, "c5.large", "c5.xlarge")), nil, needing(1, 5000, 0), most},
		{"vCPUs on Fargate", "there may never be so many", one(managed("e", types.CRTypeFargate)), nil, needing(16, 32768, 0), most},
		{"one of each", "the requirement is what is wrong with one of them", []*batch.CreateComputeEnvironmentInput{instances("e", 8, best, "c5"), instances("f", 64, best, "c5.large")}, nil, needing(16, 1024, 0), none},
		{"out of stock", "the best fit cannot be had, and no other is tried", one(instances("e", 64, best, "c5.large", "c5.xlarge")), map[string]int{"c5.large": 0}, needing(1, 1024, 0), stock + "c5.large"},
		{"all out of stock", "there is no other", one(instances("e", 64, progressive, "c5.large", "c5.xlarge")), map[string]int{"c5.large": 0, "c5.xlarge": 0}, needing(1, 1024, 0), stock + "c5.large"},
		{"another in stock", "this strategy takes it", one(instances("e", 64, progressive, "c5.large", "c5.xlarge")), map[string]int{"c5.large": 0}, needing(1, 1024, 0), ""},
		{"another environment", "the queue has one that can", []*batch.CreateComputeEnvironmentInput{instances("e", 64, best, "c5.large"), instances("f", 64, best, "m5.large")}, map[string]int{"c5.large": 0}, needing(1, 1024, 0), ""},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		synctest.Test(t, func(t *testing.T) {
			b := start(t)
			definition := "minute"
			b.define(definition, lasting(time.Minute))
			b.define("fargate", lasting(time.Minute), onFargate)
			var names []string
			for _, e := range r.environments {
				b.environment(e)
				names = append(names, *e.ComputeEnvironmentName)
				if e.ComputeResources.Type == types.CRTypeFargate {
					definition = "fargate"
				}
			}
			if err := b.queue("e", names...); err != nil {
				t.Fatal(err)
			}
			for name, n := range r.stock {
				b.LimitInstances(name, n)
			}
			cause, _, _ := strings.Cut(r.want, " - ")
			if r.want != "" {
				b.updateQueue(&batch.UpdateJobQueueInput{JobQueue: aws.String("e"), JobStateTimeLimitActions: []types.JobStateTimeLimitAction{
					{Action: types.JobStateTimeLimitActionsActionCancel, State: types.JobStateTimeLimitActionsStateRunnable, MaxTimeSeconds: aws.Int32(7200), Reason: aws.String("MISCONFIGURATION:EC2_INSTANCE_CONFIGURATION_UNSUPPORTED")},
					{Action: types.JobStateTimeLimitActionsActionCancel, State: types.JobStateTimeLimitActionsStateRunnable, MaxTimeSeconds: aws.Int32(3600), Reason: &cause},
				}})
			}
			id, behind := b.submit(definition, r.job, to("e")), b.submit(definition, to("e"))
			time.Sleep(time.Hour - time.Second)
			if r.want == "" {
				if d := b.described(id); d.Status != "SUCCEEDED" {
					t.Errorf("%s: %s %q", r.reason, d.Status, aws.ToString(d.StatusReason))
				}
				return
			}
			if d := b.described(id); d.Status != "RUNNABLE" || aws.ToString(d.StatusReason) != r.want {
				t.Errorf("%s: %s %q, want RUNNABLE %q", r.reason, d.Status, aws.ToString(d.StatusReason), r.want)
			}
			if d := b.described(behind); d.Status != "RUNNABLE" {
				t.Errorf("behind it: %s, want the first job to block the queue", d.Status)
			}
			time.Sleep(2 * time.Second)
			d := b.described(id)
			if want := "Canceled by JobStateTimeLimit action due to reason: " + cause; d.Status != "FAILED" || *d.StatusReason != want || !aws.ToBool(d.IsCancelled) {
				t.Errorf("after the time limit: %s %q, want FAILED %q", d.Status, *d.StatusReason, want)
			}
			for name := range r.stock {
				b.LimitInstances(name, -1)
			}
			if d := b.ended(behind); d.Status != "SUCCEEDED" {
				t.Errorf("behind it: %s, want it to go on", d.Status)
			}
		})
	})
}
