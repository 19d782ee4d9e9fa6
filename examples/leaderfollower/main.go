// Command leaderfollower runs a leader that prepares a list of work and an array of followers that share it, on an
// embedded AWS Batch: no account, no network, no Docker. The leader is a job of two containers.
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
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run shows three workflows: the right one, the same with a leader that fails, and the one of a well-known workshop.
func run(ctx context.Context, out io.Writer) error {
	store, err := os.MkdirTemp("", "leaderfollower-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(store) // it held nothing but the results

	srv := batchtest.New(batchtest.WithPace(batchtest.Pace{Runnable: 105 * time.Millisecond, Starting: 103 * time.Millisecond}))
	defer srv.Close()
	addImages(srv)
	client := batchkit.NewClient(srv.Client(), batchkit.WithPollInterval(50*time.Millisecond, 50*time.Millisecond))

	fmt.Fprintln(out, "== A leader writes a list of work, twelve followers take a line each")
	if err := submit(ctx, out, client, leaderFollower(store, "12")); err != nil {
		return err
	}
	if err := printResults(out, store); err != nil {
		return err
	}

	fmt.Fprintln(out, "\n== The same with a leader that fails")
	err = submit(ctx, out, client, leaderFollower(store, "none"))
	var failed *batchkit.FailedError
	if !errors.As(err, &failed) {
		return fmt.Errorf("the leader should have failed, but: %w", err)
	}
	fmt.Fprintln(out, failed)

	fmt.Fprintln(out, "\n== The same as a well-known workshop has it: N_TO_N on a leader that is no array")
	plan, err := workshop(store).Plan()
	if err != nil {
		return err
	}
	for _, warning := range plan.Warnings {
		fmt.Fprintln(out, "warning:", warning)
	}
	fmt.Fprintln(out, "so what is submitted waits with batchkit.After(leader) in its place")
	return submit(ctx, out, client, leaderFollower(store, "12"))
}

// submit plans the workflow, submits it, and tells what happens until all jobs have ended.
func submit(ctx context.Context, out io.Writer, client *batchkit.Client, wf *batchkit.Workflow) error {
	plan, err := wf.Plan()
	if err != nil {
		return err // every fault at once, and nothing has been sent
	}
	fmt.Fprintf(out, "plan: %d calls, waves %v\n", plan.Calls(), plan.Waves())

	run, err := client.Submit(ctx, plan)
	if err != nil {
		return err
	}
	times := newTimes()
	for event, err := range run.Events(ctx) {
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%5.1fs  %-9s %s\n", times.note(event), event.Job, describe(event))
	}
	result, err := run.Wait(ctx)
	printTable(out, result, times)
	return err
}
