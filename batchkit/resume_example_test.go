package batchkit_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/batchtest"
)

// A submission is interrupted, here by a deadline, and goes on where it stopped.
func ExampleOpenJournal() {
	srv := batchtest.New()
	defer srv.Close()
	srv.Image("busybox", batchtest.Image{Run: batchtest.Exit(0)})
	client := batchkit.NewClient(srv.Client())
	small := batchkit.Define("small", batchkit.EC2("busybox").VCPU(1).Memory(128))
	wf := batchkit.NewWorkflow("nightly")
	load := wf.Add(batchkit.Job("load", "default", small))
	wf.Add(batchkit.Job("report", "default", small), batchkit.After(load))
	plan, err := wf.Plan()
	if err != nil {
		fmt.Println(err)
		return
	}
	folder, err := os.MkdirTemp("", "nightly")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(folder) }()

	submit := func(ctx context.Context) (*batchkit.Run, error) {
		journal, err := batchkit.OpenJournal(filepath.Join(folder, "nightly.journal"))
		if err != nil {
			return nil, err
		}
		defer func() { _ = journal.Close() }()
		return client.Submit(ctx, plan, batchkit.WithJournal(journal))
	}

	// The program has to stop when the second job has been taken, and no answer came yet.
	ctx, cancel := context.WithCancel(context.Background())
	jobs := 0
	srv.Intercept(func(_ context.Context, r *batchtest.Request) batchtest.Action {
		if r.Operation == "SubmitJob" {
			if jobs++; jobs == 2 {
				return batchtest.After(func(_ context.Context, a *batchtest.Answer) { a.Drop(); cancel() })
			}
		}
		return batchtest.Action{}
	}, batchtest.Keep())
	_, err = submit(ctx)
	var failed *batchkit.SubmitError
	if errors.As(err, &failed) {
		fmt.Println("submitted", failed.Submitted, "unknown", failed.Unknown)
	}

	// The next start finds that job by its name and tags, and does not send it again.
	run, err := submit(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = run.Wait(context.Background())
	ids, _ := run.ID("report")
	again, _ := client.Open(context.Background(), run.RunID())
	same, _ := again.ID("report")
	fmt.Println("the same run", run.RunID() == failed.RunID, "one report", ids == same && len(again.Duplicates()) == 0, err)
	// Output:
	// submitted [load] unknown [report]
	// the same run true one report true <nil>
}

// Any program can find a run by its id, watch it and cancel it, with no plan and no journal.
func ExampleClient_Open() {
	ctx := context.Background()
	srv := batchtest.New()
	defer srv.Close()
	srv.Image("busybox", batchtest.Image{Run: batchtest.Exit(0)})
	client := batchkit.NewClient(srv.Client())
	small := batchkit.Define("small", batchkit.EC2("busybox").VCPU(1).Memory(128))
	wf := batchkit.NewWorkflow("nightly")
	load := wf.Add(batchkit.Job("load", "default", small))
	wf.Add(batchkit.Job("report", "default", small), batchkit.After(load))
	plan, err := wf.Plan()
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := client.Submit(ctx, plan, batchkit.RunID("nightly-2026-11-21"), batchkit.FirstStart()); err != nil {
		fmt.Println(err)
		return
	}

	run, err := batchkit.NewClient(srv.Client()).Open(ctx, "nightly-2026-11-21")
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := run.Wait(ctx)
	for _, job := range result.Jobs {
		fmt.Println(job.Name, job.Status)
	}
	fmt.Println(err)
	_, err = client.Open(ctx, "nightly-2026-11-22")
	fmt.Println(err)
	// Output:
	// load SUCCEEDED
	// report SUCCEEDED
	// <nil>
	// no job of run "nightly-2026-11-22" in the queues default
}
