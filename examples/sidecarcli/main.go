// Command sidecarcli runs a job of two containers on an embedded AWS Batch. One brings a command line tool in its image
// and leaves it in a shared volume; the other waits for that and really executes it. The program shows what goes
// wrong when the condition, the essential flag, or on Fargate the image is not right.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

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
	srv := batchtest.New()
	defer srv.Close()
	cleanup, err := addImages(srv)
	if err != nil {
		return err
	}
	defer cleanup()
	s := show{out: out, srv: srv, client: batchkit.NewClient(srv.Client(), batchkit.WithPollInterval(20*time.Millisecond, 100*time.Millisecond))}

	for _, step := range []struct {
		title string
		run   func(context.Context) error
	}{
		{"EC2: the application waits for the tool's COMPLETE", s.job(batchkit.Define("complete", onEC2(toolImage)), succeeds)},
		{"EC2: it waits for SUCCESS, which exit code 252 is not", s.job(batchkit.Define("success", onEC2Success(toolImage)), fails)},
		{"EC2: the tool is left essential", s.refused(batchkit.Define("essential", onEC2Essential(toolImage)))},
		{"Fargate: the tool's image does not declare the path as a VOLUME", s.job(batchkit.Define("no-volume", onFargate(toolImage)), fails)},
		{"Fargate: it does", s.job(batchkit.Define("volume", onFargate(toolImageWithVolume)), succeeds)},
		{"Fargate: the volume is a folder of the host", s.refused(batchkit.Define("host", onFargateHost(toolImage)))},
	} {
		fmt.Fprintln(out, "==", step.title)
		if err := step.run(ctx); err != nil {
			return fmt.Errorf("%s: %w", step.title, err)
		}
		fmt.Fprintln(out)
	}
	return nil
}

// show runs one definition after another and prints what becomes of it.
type show struct {
	out    io.Writer
	srv    *batchtest.Server
	client *batchkit.Client
}

// outcome is what a job is expected to come to.
type outcome types.JobStatus

const (
	succeeds = outcome(types.JobStatusSucceeded)
	fails    = outcome(types.JobStatusFailed)
)

// job runs a job of the definition and prints its end, its containers, and the log of each.
func (s show) job(def taskDefinition, want outcome) func(context.Context) error {
	return func(ctx context.Context) error {
		plan, err := batchkit.Job("list-buckets", "default", def).Plan()
		if err != nil {
			return err
		}
		run, err := s.client.Submit(ctx, plan)
		if err != nil {
			return err
		}
		result, err := run.Wait(ctx)
		var failed *batchkit.FailedError
		if err != nil && !errors.As(err, &failed) {
			return err
		}
		job := result.Jobs[0]
		fmt.Fprintln(s.out, strings.TrimSpace(fmt.Sprintf("job: %s %s", job.Status, job.Why())))
		for _, c := range job.Containers() {
			s.container(c)
		}
		if outcome(job.Status) != want {
			return fmt.Errorf("the job is %s, expected %s", job.Status, want)
		}
		return nil
	}
}

func (s show) container(c batchkit.ContainerResult) {
	if c.ExitCode == nil {
		fmt.Fprintf(s.out, "  %-4s  never ran\n", c.Name)
		return
	}
	fmt.Fprintf(s.out, "  %-4s  exit code %d, log stream %s\n", c.Name, *c.ExitCode, c.LogStream)
	for _, line := range s.srv.Log(c.LogStream) {
		fmt.Fprintln(s.out, "        |", line)
	}
}

// refused shows that the definition does not pass batchkit, nor, past batchkit, the service.
func (s show) refused(def taskDefinition) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := def.Build()
		if err == nil {
			return errors.New("batchkit took the definition")
		}
		fmt.Fprintln(s.out, "batchkit:", err)

		_, err = s.srv.Client().RegisterJobDefinition(ctx, def.Input())
		var refusal *types.ClientException
		if !errors.As(err, &refusal) {
			return fmt.Errorf("the service did not refuse the definition: %w", err)
		}
		fmt.Fprintln(s.out, "AWS Batch:", refusal.ErrorMessage())
		return nil
	}
}
