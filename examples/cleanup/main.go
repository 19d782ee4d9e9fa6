// Command cleanup loads data into a database that it makes for the purpose and that must not be left behind: the job that
// drops it runs when all goes well, when a job fails, and when the run is cancelled. It runs on an embedded AWS Batch.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/batchkit/batchkit-go/batchkit"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

var (
	create = definition("create", "acme/create:1")
	load   = definition("load", "acme/load:1")
	report = definition("report", "acme/report:1")
	alert  = definition("alert", "acme/alert:1")
	drop   = definition("drop", "acme/drop:1")
)

func definition(name, image string) batchkit.Definition[batchkit.ContainerOverride] {
	return batchkit.Define(name, batchkit.EC2(image).VCPU(1).Memory(512*batchkit.MiB))
}

// workflow uses a database, and drops it in the end.
func workflow() *batchkit.Workflow {
	w := batchkit.NewWorkflow("monthly")
	created := w.Add(batchkit.Job("create", "default", create))
	loaded := w.Add(batchkit.Job("load", "default", load).Array(3), batchkit.After(created))
	reported := w.Add(batchkit.Job("report", "default", report), batchkit.After(loaded))
	w.Add(batchkit.Job("alert", "default", alert), batchkit.AfterFailure(reported))
	w.Add(batchkit.Job("drop", "default", drop).Retry(5), batchkit.AfterEnd(reported))
	return w
}

func run(ctx context.Context, out io.Writer) error {
	plan, err := workflow().Plan()
	if err != nil {
		return err
	}
	fmt.Fprint(out, plan)
	for _, act := range []struct {
		title string
		fails bool // the loading of a part
		stuck bool // the loading, so that somebody cancels the run
	}{
		{title: "All goes well"},
		{title: "A part cannot be loaded", fails: true},
		{title: "Somebody cancels the run", stuck: true},
	} {
		fmt.Fprintf(out, "\n== %s\n", act.title)
		site := newSite(act.fails, act.stuck)
		err := play(ctx, out, site, plan)
		site.Close()
		if err != nil {
			return fmt.Errorf("%s: %w", act.title, err)
		}
	}
	return nil
}

// play runs the workflow once. The program has to stay until the end, as AWS Batch knows no clean-ups.
func play(ctx context.Context, out io.Writer, site *site, plan *batchkit.Plan) error {
	client := batchkit.NewClient(site.Client(), batchkit.WithPollInterval(5*time.Millisecond, 50*time.Millisecond))
	run, err := client.Submit(ctx, plan)
	if err != nil {
		return err
	}
	if site.stuck {
		<-site.loading
		if err := run.Cancel(ctx, "not this month"); err != nil {
			return err
		}
	}
	result, err := run.Wait(ctx) // also after Cancel: it submits the clean-up
	for _, job := range result.Jobs {
		fmt.Fprintf(out, "%-7s %s\n", job.Name, outcome(job))
	}
	fmt.Fprintf(out, "databases left behind: %d\n", site.databases())
	var failed *batchkit.FailedError
	if err != nil && !errors.As(err, &failed) {
		return err
	}
	return nil
}

func outcome(job batchkit.JobResult) string {
	if why := job.Why(); why != "" {
		return why
	}
	return string(job.Status)
}
