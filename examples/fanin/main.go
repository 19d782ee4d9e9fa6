// Command fanin runs 1,000 different jobs and one that waits for all of them, on an embedded AWS Batch. A job may wait
// for 20 others at the most; barriers make it 1,000. The same work as an array needs none of them.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/batchtest"
	"github.com/batchkit/batchkit-go/validate"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

var (
	part  = batchkit.Define("part", batchkit.EC2("acme/part:1").VCPU(1).Memory(512*batchkit.MiB).Command("part", "Ref::n")).Param("n", "0")
	sum   = batchkit.Define("sum", batchkit.EC2("acme/sum:1").VCPU(1).Memory(512*batchkit.MiB))
	small = batchkit.Define("noop", batchkit.EC2("public.ecr.aws/docker/library/busybox:1").VCPU(1).Memory(128*batchkit.MiB).Command("true"))
)

// workflow is a job that waits for many.
func workflow(many int) *batchkit.Workflow {
	w := batchkit.NewWorkflow("fanin")
	numbers := make([]int, many)
	for i := range numbers {
		numbers[i] = i
	}
	parts := batchkit.Each(w, batchkit.Job("part", "default", part), numbers,
		func(job batchkit.ContainerJob, n int) batchkit.ContainerJob { return job.Param("n", fmt.Sprint(n)) })
	w.Add(batchkit.Job("sum", "default", sum), batchkit.After(parts...))
	return w
}

func run(ctx context.Context, out io.Writer) error {
	const many = 1000

	fmt.Fprintln(out, "== Without barriers")
	_, err := workflow(many).Plan()
	var invalid *validate.InvalidError
	if !errors.As(err, &invalid) {
		return fmt.Errorf("the plan was not refused: %w", err)
	}
	fmt.Fprintln(out, invalid)

	fmt.Fprintln(out, "\n== With barriers")
	w := workflow(many)
	w.Barrier(batchkit.Job("barrier", "default", small))
	plan, err := w.Plan()
	if err != nil {
		return err
	}
	barriers := 0
	for _, s := range plan.Steps {
		if s.Kind == batchkit.StepBarrier {
			barriers++
		}
	}
	fmt.Fprintf(out, "%d calls, %d of them for barriers, %s at the service's rate\n", plan.Calls(), barriers, plan.Duration())
	for _, s := range plan.Savings {
		fmt.Fprintf(out, "as arrays, %d of the jobs would take %s\n", len(s.Jobs), counted(s.Calls, "call"))
	}
	if err := execute(ctx, out, plan); err != nil {
		return err
	}

	fmt.Fprintln(out, "\n== As an array, whose children take their number from AWS_BATCH_JOB_ARRAY_INDEX")
	w = batchkit.NewWorkflow("fanin-array")
	parts := w.Add(batchkit.Job("part", "default", part).Array(many))
	w.Add(batchkit.Job("sum", "default", sum), batchkit.After(parts))
	if plan, err = w.Plan(); err != nil {
		return err
	}
	fmt.Fprintf(out, "%d calls\n", plan.Calls())
	return execute(ctx, out, plan)
}

// execute runs a plan on an AWS Batch of its own, and tells when the last job began.
func execute(ctx context.Context, out io.Writer, plan *batchkit.Plan) error {
	srv := batchtest.New(batchtest.WithFallback(batchtest.Image{Run: batchtest.Exit(0)}))
	defer srv.Close()
	client := batchkit.NewClient(srv.Client(),
		batchkit.WithLimiter(batchkit.NewLimiter(batchkit.WithRate(100_000))), batchkit.WithPollInterval(20*time.Millisecond, 100*time.Millisecond))
	run, err := client.Submit(ctx, plan)
	if err != nil {
		return err
	}
	result, err := run.Wait(ctx)
	if err != nil {
		return err
	}
	last, _ := result.Job("sum")
	early := 0
	for _, j := range result.Jobs {
		if j.Name != "sum" && j.Stopped.After(last.Started) {
			early++
		}
	}
	fmt.Fprintf(out, "sum %s, %s ended after it had begun\n", last.Status, counted(early, "other job"))
	return nil
}

func counted(n int, noun string) string {
	switch n {
	case 0:
		return "no " + noun
	case 1:
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
