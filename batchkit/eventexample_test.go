package batchkit_test

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/batchtest"
)

// night submits a workflow to an embedded service: a job, and an array of five that waits for it, of which one child fails.
func night(ctx context.Context, opts ...batchtest.Option) (*batchtest.Server, *batchkit.Run, error) {
	srv := batchtest.New(opts...)
	srv.Image("acme/load:1", batchtest.Image{Run: batchtest.Exit(0)})
	srv.Image("acme/work:1", batchtest.Image{Run: batchtest.Func(func(_ context.Context, c *batchtest.Container) int {
		if i, _ := c.ArrayIndex(); i == 3 {
			return 7
		}
		return 0
	})})
	wf := batchkit.NewWorkflow("night")
	load := wf.Add(batchkit.Job("load", "default", batchkit.Define("load", batchkit.EC2("acme/load:1").VCPU(1).Memory(128))))
	wf.Add(batchkit.Job("work", "default", batchkit.Define("work", batchkit.EC2("acme/work:1").VCPU(1).Memory(128))).Array(5), batchkit.After(load))
	plan, err := wf.Plan()
	if err != nil {
		return srv, nil, err
	}
	client := batchkit.NewClient(srv.Client(), batchkit.WithPollInterval(10*time.Millisecond, time.Second))
	run, err := client.Submit(ctx, plan)
	return srv, run, err
}

// Events are changes as they are seen. Here only ends are printed.
func ExampleRun_Events() {
	ctx := context.Background()
	srv, run, err := night(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer srv.Close()
	for e, err := range run.Events(ctx) {
		switch {
		case err != nil:
			fmt.Println(err)
		case e.To == types.JobStatusSucceeded:
			fmt.Println(e.Job, "succeeded")
		case e.To == types.JobStatusFailed:
			fmt.Println(e.Job, "failed:", e.Reason, e.Children[string(types.JobStatusFailed)], "of 5 children")
		}
	}
	// Output:
	// load succeeded
	// work failed: Array Child Job failed 1 of 5 children
}

// The children of an array that have failed.
func ExampleRun_Children() {
	ctx := context.Background()
	srv, run, err := night(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer srv.Close()
	if _, err := run.Wait(ctx); err != nil {
		fmt.Println(err)
	}
	for child, err := range run.Children(ctx, "work", types.JobStatusFailed) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(child.Index, child.Name, child.Why())
	}
	// Output:
	// 1 of 2 jobs failed:
	//   work: Array Child Job failed
	// 3 work[3] Essential container in task exited (exit code 7)
}

// A run is watched by events of Amazon EventBridge, with no call to AWS Batch.
func ExampleFeed() {
	ctx := context.Background()
	feed := batchkit.NewFeed() // before the submission, so that no event is missed
	srv, run, err := night(ctx, batchtest.WithEventBridge(func(event []byte) {
		if err := feed.Put(event); err != nil { // as the consumer of an SQS queue would
			fmt.Println(err)
		}
	}))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer srv.Close()
	result, err := run.Wait(ctx, batchkit.From(feed))
	for _, job := range result.Jobs {
		fmt.Println(job.Name, job.Status)
	}
	fmt.Println(err)
	fmt.Println(len(batchtest.Inputs[batch.DescribeJobsInput](srv)), "DescribeJobs calls")
	// Output:
	// load SUCCEEDED
	// work FAILED
	// 1 of 2 jobs failed:
	//   work: Array Child Job failed
	// 0 DescribeJobs calls
}

// What a reason means for which a job waits in RUNNABLE.
func ExampleExplain() {
	advice, known := batchkit.Explain("MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE - CE(s) associated with the job queue cannot meet the CPU requirement of the job.")
	fmt.Println(known, advice.Code)
	fmt.Println(advice.Meaning)
	fmt.Println(advice.Mend)
	// Output:
	// true MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE
	// the job asks for more vCPUs than any compute environment of the queue may have
	// raise maxvCpus of a compute environment, or give the job fewer vCPUs; it can never start as it is
}
