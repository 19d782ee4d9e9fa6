// Command fargate defines a job for AWS Fargate and runs it on an embedded AWS Batch: a size that Fargate has, a disk of
// 100 GiB, logs in a group of CloudWatch Logs, and retries when Spot capacity is reclaimed.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/batchkit/batchkit-go/batchjson"
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
	fmt.Fprintln(out, "== A size that Fargate does not have")
	if _, err := transcode(1, 10*batchkit.GiB).Build(); err != nil {
		fmt.Fprintln(out, err)
	}

	fmt.Fprintln(out, "\n== The smallest sizes that hold what is needed")
	for _, need := range []struct {
		vcpu   float64
		memory batchkit.Memory
	}{{0.25, 300}, {0.5, 1500}, {1, 5000}, {4, 9 * batchkit.GiB}, {8, 17 * batchkit.GiB}, {16, 100 * batchkit.GiB}, {0.25, 4 * batchkit.GiB}} {
		memory, err := smallest(need.vcpu, need.memory)
		if err != nil {
			fmt.Fprintln(out, err)
			continue
		}
		fmt.Fprintf(out, "%5v vCPU, %6d MiB needed: %6d MiB\n", need.vcpu, need.memory, memory)
	}

	fmt.Fprintln(out, "\n== The definition")
	def := transcode(4, 16*batchkit.GiB)
	in, err := def.Build()
	if err != nil {
		return err
	}
	text, err := batchjson.MarshalIndent(in, "  ")
	if err != nil {
		return err
	}
	fmt.Fprintln(out, string(text))

	fmt.Fprintln(out, "\n== A job")
	return runJob(ctx, out, def)
}

// runJob runs one job on the embedded service and prints what its container wrote.
func runJob(ctx context.Context, out io.Writer, def batchkit.Definition[batchkit.ContainerOverride]) error {
	srv := batchtest.New()
	defer srv.Close()
	srv.Image(image, batchtest.Image{Run: batchtest.Func(func(_ context.Context, c *batchtest.Container) int {
		fmt.Fprintln(c.Stdout, "done:", c.Command()[1])
		return 0
	})})
	client := batchkit.NewClient(srv.Client(), batchkit.WithPollInterval(10*time.Millisecond, 100*time.Millisecond))

	plan, err := batchkit.Job("film-1", "default", def).Set(film, "s3://acme/film-1.mov").Plan()
	if err != nil {
		return err
	}
	run, err := client.Submit(ctx, plan)
	if err != nil {
		return err
	}
	result, err := run.Wait(ctx)
	if err != nil {
		return err
	}
	for _, job := range result.Jobs {
		fmt.Fprintln(out, job.Name, job.Status)
		for _, c := range job.Containers() {
			for _, line := range srv.Log(c.LogStream) {
				fmt.Fprintln(out, "|", line)
			}
		}
	}
	return nil
}
