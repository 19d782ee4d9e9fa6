// Command eksinit runs a pod on an embedded AWS Batch: an init container leaves a tool in a shared emptyDir, and the
// application executes it. The same job is then run with an override that names the application's container.
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
	"github.com/batchkit/batchkit-go/eksprops"
)

const (
	toolImage = "acme/report-tool:1"
	appImage  = "public.ecr.aws/amazonlinux/amazonlinux:2023"
)

// definition is a pod. Its init containers run first, one after the other, each to its success.
var definition = batchkit.Define("report", eksprops.Pod(app).Init(tool).EmptyDir("tools").Namespace("reports")).
	Retry(2).Timeout(10 * time.Minute)

var tool = eksprops.Init("tool", toolImage).
	CPU(0.25).Memory(128).
	Mount("tools", "/tools").
	Command("install-report", "/tools/report")

var app = eksprops.App("app", appImage).
	CPU(0.5).Memory(256).
	MountReadOnly("tools", "/tools").
	Command("/tools/report").Args("monday")

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer) error {
	srv := batchtest.New()
	defer srv.Close()
	addImages(srv)
	client := batchkit.NewClient(srv.Client(), batchkit.WithPollInterval(20*time.Millisecond, 100*time.Millisecond))

	job := batchkit.Job("report", "default", definition)
	for _, step := range []struct {
		title string
		job   batchkit.JobRequest[eksprops.Overrides]
	}{
		{"The pod as it is defined", job},
		{"Other arguments for the container app", job.Override(eksprops.Override(eksprops.For("app").Args("tuesday")))},
		{"Arguments that the tool does not take", job.Override(eksprops.Override(eksprops.For("app").Args("someday", "soon")))},
	} {
		fmt.Fprintln(out, "==", step.title)
		if err := show(ctx, out, srv, client, step.job); err != nil {
			return err
		}
	}
	return nil
}

// show runs a job and prints its end and its logs.
func show(ctx context.Context, out io.Writer, srv *batchtest.Server, client *batchkit.Client, job batchkit.Request) error {
	wf := batchkit.NewWorkflow("report")
	wf.Add(job)
	plan, err := wf.Plan()
	if err != nil {
		return err
	}
	before := len(srv.LogStreams())
	run, err := client.Submit(ctx, plan)
	if err != nil {
		return err
	}
	result, err := run.Wait(ctx)
	var failed *batchkit.FailedError
	if err != nil && !errors.As(err, &failed) {
		return err
	}
	fmt.Fprintln(out, "job:", result.Jobs[0].Status)
	for _, c := range result.Jobs[0].Containers() {
		fmt.Fprintf(out, "  %s: exit code %d\n", c.Name, *c.ExitCode)
	}
	for _, stream := range srv.LogStreams()[before:] {
		for _, line := range srv.Log(stream) {
			fmt.Fprintln(out, "  |", line)
		}
	}
	return nil
}

// report is the tool.
const report = `#!/bin/sh
if [ $# -ne 1 ]; then
  echo "usage: report DAY" >&2
  exit 64
fi
echo "all quiet on $1"
`

// addImages says what the images do. The tool's image installs the tool, the application's runs local processes.
func addImages(srv *batchtest.Server) {
	srv.Image(toolImage, batchtest.Image{Run: batchtest.Func(func(_ context.Context, c *batchtest.Container) int {
		if err := os.WriteFile(c.Path(c.Command()[1]), []byte(report), 0o755); err != nil {
			fmt.Fprintln(c.Stderr, err)
			return 1
		}
		return 0
	})})
	srv.Image(appImage, batchtest.Image{Run: batchtest.Process()})
}
