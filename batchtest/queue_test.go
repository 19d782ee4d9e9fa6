package batchtest_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchtest"
)

func (b *bench) updateQueue(in *batch.UpdateJobQueueInput) {
	b.tb.Helper()
	if _, err := b.client.UpdateJobQueue(context.Background(), in); err != nil {
		b.tb.Fatal(err)
	}
}

func TestLifeOfAQueue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx := context.Background()
		b := start(t)
		b.define("hour", lasting(time.Hour))
		b.environment(managed("ec2", types.CRTypeEc2))
		b.environment(managed("fargate", types.CRTypeFargate))
		if err := b.queue("q", "ec2"); err != nil {
			t.Fatal(err)
		}
		on := func(in *batch.SubmitJobInput) { in.JobQueue = aws.String("q") }
		before, array, other := b.submit("hour", on), b.submit("hour", on, size(2)), b.submit("hour")
		synctest.Wait()

		b.updateQueue(&batch.UpdateJobQueueInput{JobQueue: aws.String("arn:aws:batch:us-east-1:123456789012:job-queue/q"), Priority: aws.Int32(7), State: types.JQStateDisabled})
		out, err := b.client.DescribeJobQueues(ctx, &batch.DescribeJobQueuesInput{JobQueues: []string{"q"}})
		if err != nil || *out.JobQueues[0].Priority != 7 || out.JobQueues[0].State != types.JQStateDisabled || len(out.JobQueues[0].ComputeEnvironmentOrder) != 1 {
			t.Errorf("%+v, %v; want the update and the rest as it was", out, err)
		}
		_, err = b.client.SubmitJob(ctx, &batch.SubmitJobInput{JobName: aws.String("j"), JobQueue: aws.String("q"), JobDefinition: aws.String("hour")})
		if _, message := code(err); !strings.Contains(message, "is not in ENABLED state") {
			t.Errorf("submitting to it: %v, want a refusal", err)
		}
		if d := b.described(before); d.Status != "RUNNING" {
			t.Errorf("%s, want jobs to go on", d.Status)
		}
		list, err := b.client.ListJobs(ctx, &batch.ListJobsInput{JobQueue: aws.String("q")})
		if err != nil || len(list.JobSummaryList) != 1 || *list.JobSummaryList[0].JobId != before {
			t.Errorf("%+v, %v; want the job that was there before the update", list, err)
		}

		if _, err := b.client.DeleteJobQueue(ctx, &batch.DeleteJobQueueInput{JobQueue: aws.String("q")}); err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{before, array} {
			if d := b.ended(id); d.Status != "FAILED" || *d.StatusReason != "Job queue deleted" {
				t.Errorf("%s %q, want it terminated with its queue", d.Status, *d.StatusReason)
			}
		}
		if d := b.described(other); d.Status != "RUNNING" {
			t.Errorf("a job of another queue is %s", d.Status)
		}

		if err := b.queue("q", "ec2"); err != nil {
			t.Fatal(err)
		}
		list, err = b.client.ListJobs(ctx, &batch.ListJobsInput{JobQueue: aws.String("q"), JobStatus: "FAILED"})
		if err != nil || len(list.JobSummaryList) != 0 {
			t.Errorf("%+v, %v; want a new queue of the name to be empty", list, err)
		}
		b.updateQueue(&batch.UpdateJobQueueInput{
			JobQueue: aws.String("q"), ComputeEnvironmentOrder: []types.ComputeEnvironmentOrder{{ComputeEnvironment: aws.String("fargate"), Order: aws.Int32(1)}},
		})
		_, err = b.client.SubmitJob(ctx, &batch.SubmitJobInput{JobName: aws.String("j"), JobQueue: aws.String("q"), JobDefinition: aws.String("hour")})
		if _, message := code(err); !strings.Contains(message, "can not run Jobs with capability EC2") {
			t.Errorf("submitting to a Fargate queue: %v, want a refusal", err)
		}
	})
}

func TestQueueRefusals(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.define("app", batchtest.Exit(0))
	type row struct {
		name, reason string
		call         func() error
		want         string // empty for none
	}
	update := func(in batch.UpdateJobQueueInput) func() error {
		return func() error { _, err := b.client.UpdateJobQueue(t.Context(), &in); return err }
	}
	create := func(in batch.CreateJobQueueInput) func() error {
		in.JobQueueName, in.ComputeEnvironmentOrder = aws.String("new"), []types.ComputeEnvironmentOrder{{ComputeEnvironment: aws.String("default"), Order: aws.Int32(1)}}
		return func() error { _, err := b.client.CreateJobQueue(t.Context(), &in); return err }
	}
	on := func(order ...types.ComputeEnvironmentOrder) func() error {
		return func() error {
			_, err := b.client.CreateJobQueue(t.Context(), &batch.CreateJobQueueInput{JobQueueName: aws.String("new"), Priority: aws.Int32(1), ComputeEnvironmentOrder: order})
			return err
		}
	}
	at := func(order int32, environment string) types.ComputeEnvironmentOrder {
		return types.ComputeEnvironmentOrder{ComputeEnvironment: &environment, Order: &order}
	}
	for _, e := range []*batch.CreateComputeEnvironmentInput{managed("ec2", types.CRTypeEc2), managed("fargate", types.CRTypeFargate)} {
		b.environment(e)
	}
	remove := func(name string) func() error {
		return func() error {
			_, err := b.client.DeleteJobQueue(t.Context(), &batch.DeleteJobQueueInput{JobQueue: &name})
			return err
		}
	}
	rows := []row{
		{"unknown", "there is nothing to update", update(batch.UpdateJobQueueInput{JobQueue: aws.String("nope")}), "JobQueue nope not found."},
		{"state", "one of two", update(batch.UpdateJobQueueInput{JobQueue: aws.String("default"), State: "OFF"}), "must be ENABLED or DISABLED"},
		{"priority", "the schema of AWS::Batch::JobQueue has 0 to 1000", update(batch.UpdateJobQueueInput{JobQueue: aws.String("default"), Priority: aws.Int32(1001)}), "priority must be between 0 and 1000, found 1001"},
		{"new priority", "as for an update", create(batch.CreateJobQueueInput{Priority: aws.Int32(-1)}), "priority must be between 0 and 1000, found -1"},
		{"new state", "as for an update", create(batch.CreateJobQueueInput{Priority: aws.Int32(1000), State: "OFF"}), "state must be ENABLED or DISABLED"},
		{"policy", "a queue without one cannot get one", update(batch.UpdateJobQueueInput{JobQueue: aws.String("default"), SchedulingPolicyArn: aws.String("x")}), "schedulingPolicyArn must be absent"},
		{"environment", "it must be there", update(batch.UpdateJobQueueInput{
			JobQueue: aws.String("default"), ComputeEnvironmentOrder: []types.ComputeEnvironmentOrder{{ComputeEnvironment: aws.String("nope"), Order: aws.Int32(1)}},
		}), "Compute Environments must be created and valid before attaching them to a job queue"},
		{"no environments", "there must be one", on(), "computeEnvironmentOrder is required."},
		{"four environments", "three are the limit", on(at(1, "a"), at(2, "b"), at(3, "c"), at(4, "d")), "Only 3 environments are allowed in job queue request."},
		{"same order", "which is first?", on(at(1, "ec2"), at(1, "default")), "Duplicate ComputeEnvironment order values."},
		{"same environment", "each once", on(at(1, "ec2"), at(2, "ec2")), "Duplicate ComputeEnvironments within order list."},
		{"no name", "an environment without one", on(at(1, "")), "computeEnvironmentOrder[0].computeEnvironment must be provided"},
		{"mixed", "a queue has one platform", on(at(1, "ec2"), at(2, "fargate")), "Fargate and EC2 compute environments can not be mixed."},
		{"made-up type", "not in the enumeration", create(batch.CreateJobQueueInput{Priority: aws.Int32(1), JobQueueType: "FAST"}), `found "FAST"`},
		{"service jobs", "they have service environments", create(batch.CreateJobQueueInput{Priority: aws.Int32(1), JobQueueType: types.JobQueueTypeSagemakerTraining}), "must have serviceEnvironmentOrder."},
		{"another type", "the environments are of Amazon ECS", func() error {
			_, err := b.client.CreateJobQueue(t.Context(), &batch.CreateJobQueueInput{
				JobQueueName: aws.String("new"), Priority: aws.Int32(1), JobQueueType: types.JobQueueTypeEks, ComputeEnvironmentOrder: []types.ComputeEnvironmentOrder{at(1, "ec2")},
			})
			return err
		}, "jobQueueType must be ECS, as the compute environments of the queue are, found EKS"},
		{"no policy", "an empty name is none", create(batch.CreateJobQueueInput{Priority: aws.Int32(1), SchedulingPolicyArn: aws.String("")}), "SchedulingPolicy  not found."},
		{"time limit twice", "which counts?", update(batch.UpdateJobQueueInput{JobQueue: aws.String("default"), JobStateTimeLimitActions: []types.JobStateTimeLimitAction{timeLimit(600), timeLimit(700)}}), "Duplicate job state limit actions are not allowed."},
		{"nameless update", "it is required", update(batch.UpdateJobQueueInput{JobQueue: aws.String("")}), "jobQueue must be provided"},
		{"nameless delete", "it is required", remove(""), "jobQueue must be provided"},
		{"enabled", "a queue that takes jobs is not deleted", remove("default"), "must be DISABLED before it is deleted"},
		{"delete unknown", "that is done already", remove("nope"), ""},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		err := r.call()
		if c, message := code(err); r.want == "" && err != nil || r.want != "" && (c != "ClientException" || !strings.Contains(message, r.want)) {
			t.Errorf("%s: %v, want %q", r.reason, err, r.want)
		}
	})
	if d := b.ended(b.submit("app")); d.Status != "SUCCEEDED" {
		t.Errorf("%s, want the queue as it was", d.Status)
	}
}

func timeLimit(seconds int32) types.JobStateTimeLimitAction {
	return types.JobStateTimeLimitAction{Action: "CANCEL", State: "RUNNABLE", MaxTimeSeconds: &seconds, Reason: aws.String("CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY")}
}
