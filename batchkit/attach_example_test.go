package batchkit_test

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/batchtest"
)

// A job that fails is handled: by a larger machine if it ran out of memory, else by telling people. Neither runs when all
// is well.
func ExampleWhen() {
	srv := batchtest.New(batchtest.WithFallback(batchtest.Image{}))
	defer srv.Close()
	srv.Image("train", batchtest.Image{Run: batchtest.Exit(137)})
	client := batchkit.NewClient(srv.Client(), batchkit.WithPollInterval(5*time.Millisecond, 50*time.Millisecond))
	small := batchkit.Define("small", batchkit.EC2("train").VCPU(1).Memory(128))
	large := batchkit.Define("large", batchkit.EC2("train-large").VCPU(1).Memory(1024))

	killed := func(r batchkit.JobResult) bool {
		for _, c := range r.Containers() {
			if c.ExitCode != nil && *c.ExitCode == 137 {
				return true
			}
		}
		return false
	}
	wf := batchkit.NewWorkflow("training")
	first := wf.Add(batchkit.Job("first", "default", small))
	second := wf.Add(batchkit.Job("second", "default", large), batchkit.When("killed", killed, first))
	wf.Add(batchkit.Job("page", "default", small), batchkit.AfterFailure(second))
	wf.Add(batchkit.Job("tidy", "default", large), batchkit.AfterEnd(second))
	plan, err := wf.Plan()
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	run, err := client.Submit(ctx, plan)
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := run.Wait(ctx) // submits what stands behind gates
	for _, job := range result.Jobs {
		fmt.Println(job.Name, cmp.Or(job.Why(), string(job.Status)))
	}
	fmt.Println(err)
	// Output:
	// first Essential container in task exited (exit code 137)
	// second SUCCEEDED
	// page skipped, because of second
	// tidy SUCCEEDED
	// 1 of 4 jobs failed:
	//   first: Essential container in task exited (exit code 137)
}

// Cancel ends all but the clean-ups, and Wait submits those.
func ExampleRun_Cancel() {
	srv := batchtest.New(batchtest.WithFallback(batchtest.Image{}))
	defer srv.Close()
	srv.Image("work", batchtest.Image{Run: batchtest.Func(func(ctx context.Context, _ *batchtest.Container) int {
		<-ctx.Done()
		return 143
	})})
	client := batchkit.NewClient(srv.Client(), batchkit.WithPollInterval(5*time.Millisecond, 50*time.Millisecond))
	work := batchkit.Define("work", batchkit.EC2("work").VCPU(1).Memory(128))
	clean := batchkit.Define("clean", batchkit.EC2("clean").VCPU(1).Memory(128))
	wf := batchkit.NewWorkflow("nightly")
	all := wf.Add(batchkit.Job("work", "default", work).Array(500))
	wf.Add(batchkit.Job("clean", "default", clean), batchkit.AfterEnd(all))
	plan, err := wf.Plan()
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	run, err := client.Submit(ctx, plan)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := run.Cancel(ctx, "out of budget"); err != nil {
		fmt.Println(err)
		return
	}
	result, _ := run.Wait(ctx)
	for _, job := range result.Jobs {
		fmt.Println(job.Name, job.Status, job.Cancelled)
	}
	// Output:
	// work FAILED true
	// clean SUCCEEDED false
}

// One branch of a run is given up; the other goes on.
func ExampleRun_CancelJob() {
	srv := batchtest.New(batchtest.WithFallback(batchtest.Image{}))
	defer srv.Close()
	srv.Image("endless", batchtest.Image{Run: batchtest.Func(func(ctx context.Context, _ *batchtest.Container) int {
		<-ctx.Done()
		return 143
	})})
	client := batchkit.NewClient(srv.Client(), batchkit.WithPollInterval(5*time.Millisecond, 50*time.Millisecond))
	small := func(image string) batchkit.Definition[batchkit.ContainerOverride] {
		return batchkit.Define(image, batchkit.EC2(image).VCPU(1).Memory(128))
	}
	wf := batchkit.NewWorkflow("models")
	for _, image := range []string{"endless", "quick"} {
		fitted := wf.Add(batchkit.Job("fit-"+image, "default", small(image)))
		wf.Add(batchkit.Job("chart-"+image, "default", small("chart")), batchkit.After(fitted))
	}
	plan, err := wf.Plan()
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	run, err := client.Submit(ctx, plan)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := run.CancelJob(ctx, "fit-endless", "it does not converge"); err != nil {
		fmt.Println(err)
		return
	}
	result, _ := run.Wait(ctx)
	for _, job := range result.Jobs {
		fmt.Println(job.Name, job.Status, job.Cancelled)
	}
	// Output:
	// fit-endless FAILED true
	// fit-quick SUCCEEDED false
	// chart-endless FAILED true
	// chart-quick SUCCEEDED false
}
