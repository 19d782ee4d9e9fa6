package batchkit_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/batch"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/batchtest"
	"github.com/batchkit/batchkit-go/ecsprops"
	"github.com/batchkit/batchkit-go/validate"
)

// A job of one container on Fargate.
func ExampleDefine() {
	def := batchkit.Define("resize",
		batchkit.Fargate("public.ecr.aws/acme/resize:1").
			Command("resize", "Ref::input").VCPU(0.5).Memory(1*batchkit.GiB).
			ExecutionRole("arn:aws:iam::123456789012:role/exec")).
		Param("input", "s3://acme/in.jpg").
		Retry(3).
		Timeout(10 * time.Minute)

	in, err := def.Build() // *batch.RegisterJobDefinitionInput
	fmt.Println(*in.JobDefinitionName, *in.Timeout.AttemptDurationSeconds, err)
	// Output: resize 600 <nil>
}

// A job of two containers. What is wrong with it is told at once, with the path to each fault.
func ExampleDefinition_Build() {
	cli := ecsprops.NonEssential("aws-cli", "public.ecr.aws/aws-cli/aws-cli:2.15.0").
		VCPU(1).Memory(256 * batchkit.MiB)
	app := ecsprops.Essential("app", "").
		VCPU(1).Memory(1*batchkit.GiB).
		AfterComplete(cli).
		Mount("cli", "/usr/local/aws-cli")

	_, err := batchkit.Define("list buckets", ecsprops.EC2(cli, app)).
		Timeout(30 * time.Second).
		Build()

	var invalid *validate.InvalidError
	if errors.As(err, &invalid) {
		for _, f := range invalid.Findings {
			fmt.Println(f.Rule, f.Path)
		}
	}
	// Output:
	// CP001 ecsProperties.taskProperties[0].containers[1].image
	// CP011 ecsProperties.taskProperties[0].containers[1].mountPoints[0].sourceVolume
	// JD002 jobDefinitionName
	// TMO001 timeout.attemptDurationSeconds
}

// A plan is data. Nothing is sent until a client submits it.
func ExampleWorkflow_Plan() {
	small := batchkit.Define("small", batchkit.EC2("busybox").VCPU(1).Memory(128))
	wf := batchkit.NewWorkflow("diamond")
	split := wf.Add(batchkit.Job("split", "queue", small))
	audio := wf.Add(batchkit.Job("audio", "queue", small), batchkit.After(split))
	video := wf.Add(batchkit.Job("video", "queue", small).Array(100), batchkit.After(split))
	wf.Add(batchkit.Job("merge", "queue", small), batchkit.After(audio, video))

	plan, err := wf.Plan()
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, wave := range plan.Waves() {
		fmt.Println(i, wave)
	}
	fmt.Println(plan.Calls(), "calls")
	// Output:
	// 0 [split]
	// 1 [audio video]
	// 2 [merge]
	// 5 calls
}

// A run on the embedded service. On the real one, only the client's making differs: see the example of NewClient.
func ExampleClient_Submit() {
	ctx := context.Background()
	srv := batchtest.New()
	defer srv.Close()
	srv.Image("acme/prepare:1", batchtest.Image{Run: batchtest.Exit(0)})
	srv.Image("acme/work:1", batchtest.Image{Run: batchtest.Func(func(_ context.Context, c *batchtest.Container) int {
		if i, _ := c.ArrayIndex(); i == 2 {
			return 1
		}
		return 0
	})})
	client := batchkit.NewClient(srv.Client(), batchkit.WithPollInterval(10*time.Millisecond, time.Second))

	wf := batchkit.NewWorkflow("nightly")
	prepare := wf.Add(batchkit.Job("prepare", "default",
		batchkit.Define("prepare", batchkit.EC2("acme/prepare:1").VCPU(1).Memory(128))))
	wf.Add(batchkit.Job("work", "default",
		batchkit.Define("work", batchkit.EC2("acme/work:1").VCPU(1).Memory(128))).Array(3), batchkit.After(prepare))

	plan, err := wf.Plan()
	if err != nil {
		fmt.Println(err)
		return
	}
	run, err := client.Submit(ctx, plan)
	if err != nil {
		fmt.Println(err) // a *SubmitError: run holds the jobs that exist
		return
	}
	result, err := run.Wait(ctx)
	for _, job := range result.Jobs {
		fmt.Println(job.Name, job.Status)
	}
	fmt.Println(err)
	// Output:
	// prepare SUCCEEDED
	// work FAILED
	// 1 of 2 jobs failed:
	//   work: Array Child Job failed
}

// The same on the real service.
func ExampleNewClient() {
	ctx := context.Background()
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	client := batchkit.NewClient(batch.NewFromConfig(cfg))
	_ = client // client.Submit(ctx, plan), as before
}
