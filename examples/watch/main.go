// Command watch is a service that reacts to what becomes of its jobs and never asks: Amazon EventBridge tells it. Here the
// events come from an embedded AWS Batch, over HTTP as from an API destination of EventBridge; a consumer of an SQS queue
// would call the same Put.
package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/batchtest"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer) error {
	feed := batchkit.NewFeed()
	url, stop, err := listen(receive(feed))
	if err != nil {
		return err
	}
	defer stop()
	srv, err := service(ctx, url)
	if err != nil {
		return err
	}
	defer srv.Close()

	api := srv.Client()
	plan, err := workflow().Plan()
	if err != nil {
		return err
	}
	night, err := batchkit.NewClient(api).Submit(ctx, plan, batchkit.RunID("night"), batchkit.FirstStart())
	if err != nil {
		return err
	}
	if err := react(ctx, out, api, night, feed); err != nil {
		return err
	}
	fmt.Fprintf(out, "\nDescribeJobs was called %d times\n", len(batchtest.Inputs[batch.DescribeJobsInput](srv)))
	return nil
}

// receive is the endpoint that EventBridge delivers to.
func receive(feed *batchkit.Feed) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		event, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
		if err == nil {
			err = feed.Put(event)
		}
		if err != nil { // it would be the same if it came again
			http.Error(w, err.Error(), http.StatusBadRequest)
		}
	}
}

// react follows a run, and does what people would do.
func react(ctx context.Context, out io.Writer, api *batch.Client, night *batchkit.Run, feed *batchkit.Feed) error {
	for e, err := range night.Events(ctx, batchkit.From(feed), batchkit.ReconcileAfter(time.Hour)) {
		switch {
		case err != nil:
			return err
		case e.To == types.JobStatusSucceeded && e.Children != nil:
			fmt.Fprintf(out, "%s: %d children have succeeded\n", e.Job, e.Children["SUCCEEDED"])
		case e.To == types.JobStatusSucceeded:
			fmt.Fprintf(out, "%s: succeeded\n", e.Job)
		case e.To == types.JobStatusFailed:
			fmt.Fprintf(out, "%s: failed: %s\n", e.Job, e.Reason)
		case e.Advice.Code != "":
			fmt.Fprintf(out, "%s: waits\n  for   %s\n  cause %s\n  mend  %s\n", e.Job, e.Advice.Code, e.Advice.Meaning, e.Advice.Mend)
			if e.Advice.Code == "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY" {
				continue // which passes
			}
			// Run.CancelJob would do, but looks at the job first.
			_, err := api.TerminateJob(ctx, &batch.TerminateJobInput{JobId: &e.ID, Reason: aws.String("ended by the service: it can never start")})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func workflow() *batchkit.Workflow {
	prepare := batchkit.Define("prepare", batchkit.EC2("acme/prepare:1").VCPU(1).Memory(512*batchkit.MiB))
	render := batchkit.Define("render", batchkit.EC2("acme/render:1").VCPU(1).Memory(512*batchkit.MiB)).Retry(2)
	// The queue's instances have two vCPUs, and somebody asked for sixteen.
	train := batchkit.Define("train", batchkit.EC2("acme/train:1").VCPU(16).Memory(512*batchkit.MiB))

	w := batchkit.NewWorkflow("night")
	first := w.Add(batchkit.Job("prepare", "small", prepare))
	frames := w.Add(batchkit.Job("render", "small", render).Array(24), batchkit.After(first))
	w.Add(batchkit.Job("train", "small", train), batchkit.After(frames))
	return w
}
