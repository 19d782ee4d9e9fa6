// Command stepfunctions shows why Step Functions' own task for AWS Batch fails every job of several containers, and two
// ways out: the state machine that package asl writes, and a Lambda function between the two. It runs the machines in
// process, on an embedded AWS Batch: no account, no network, no Docker.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/batchtest"
	"github.com/batchkit/batchkit-go/ecsprops"
	"github.com/batchkit/batchkit-go/export/asl"
	"github.com/batchkit/batchkit-go/export/asl/asltest"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

const queue = "default"

// leader is a job of two containers, follower of one.
var (
	leader = batchkit.Define("leader", ecsprops.EC2(
		ecsprops.Essential("app", "leader").VCPU(1).Memory(512*batchkit.MiB),
		ecsprops.NonEssential("metrics", "metrics").VCPU(1).Memory(256*batchkit.MiB),
	))
	follower = batchkit.Define("follower", batchkit.EC2("follower").VCPU(1).Memory(512*batchkit.MiB))
)

func run(ctx context.Context, out io.Writer) error {
	srv := batchtest.New()
	defer srv.Close()
	for _, image := range []string{"leader", "metrics", "follower"} {
		srv.Image(image, batchtest.Image{Run: batchtest.Exit(0)})
	}
	client := srv.Client()
	plan, err := workflow().Plan()
	if err != nil {
		return err
	}
	for _, def := range plan.Definitions {
		if _, err := client.RegisterJobDefinition(ctx, def); err != nil {
			return err
		}
	}

	fmt.Fprintln(out, "== The trap: batch:submitJob.sync and a job of two containers")
	for _, f := range asl.Analyse([]byte(trap), plan.Definitions...) {
		fmt.Fprintln(out, "asl.Analyse:", f)
	}
	if err := execute(ctx, out, client, trap); err != nil {
		return err
	}

	fmt.Fprintln(out, "\n== The exported machine: the same job, and then followers")
	machine, _, err := asl.Export(plan, asl.Options{Poll: time.Second})
	if err != nil {
		return err
	}
	for _, name := range []string{"leader: submit", "follower"} {
		fmt.Fprintf(out, "%s: %s\n", name, machine.States[name].Resource)
	}
	if err := execute(ctx, out, client, machine.JSON()); err != nil {
		return err
	}

	fmt.Fprintln(out, "\n== A Lambda function that drops what must not be sent")
	handler := lambda.NewHandler((&submitter{client}).handle)
	return execute(ctx, out, client, intermediary, asltest.WithFunction("submit",
		func(ctx context.Context, payload json.RawMessage) (json.RawMessage, error) {
			return handler.Invoke(ctx, payload)
		}))
}

func workflow() *batchkit.Workflow {
	w := batchkit.NewWorkflow("leader-follower")
	first := w.Add(batchkit.Job("leader", queue, leader))
	w.Add(batchkit.Job("follower", queue, follower).Array(3), batchkit.After(first))
	return w
}

// execute runs a machine and prints how it ended, and which jobs there are now.
func execute(ctx context.Context, out io.Writer, client *batch.Client, machine string, opts ...asltest.Option) error {
	e, err := asltest.Run(ctx, client, machine, nil, opts...)
	if err != nil {
		return err
	}
	if e.Succeeded() {
		fmt.Fprintln(out, "the execution has succeeded")
	} else {
		fmt.Fprintf(out, "the execution has failed: %s: %s\n", e.Error, e.Cause)
	}
	jobs, err := client.ListJobs(ctx, &batch.ListJobsInput{
		JobQueue: aws.String(queue), Filters: []types.KeyValuesPair{{Name: aws.String("JOB_NAME"), Values: []string{"*"}}},
	})
	if err != nil {
		return err
	}
	for _, job := range jobs.JobSummaryList {
		fmt.Fprintf(out, "  %-9s %s\n", job.Status, aws.ToString(job.JobName))
	}
	return nil
}
