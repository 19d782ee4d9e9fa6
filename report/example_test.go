package report_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/batchtest"
	"github.com/batchkit/batchkit-go/report"
)

func Example() {
	s := batchtest.New()
	defer s.Close()
	s.Image("acme/report", batchtest.Image{Run: batchtest.Func(func(_ context.Context, c *batchtest.Container) int {
		fmt.Fprintln(c.Stderr, "no such file: monday.csv")
		return 2
	})})

	w := batchkit.NewWorkflow("nightly")
	definition := batchkit.Define("report", batchkit.EC2("acme/report").VCPU(1).Memory(512))
	first := w.Add(batchkit.Job("report", "default", definition))
	w.Add(batchkit.Job("mail", "default", definition), batchkit.After(first))
	plan, err := w.Plan()
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	run, err := batchkit.NewClient(s.Client()).Submit(ctx, plan)
	if err != nil {
		log.Fatal(err)
	}
	result, err := run.Wait(ctx)
	var failed *batchkit.FailedError
	if errors.As(err, &failed) {
		logs := cloudwatchlogs.New(cloudwatchlogs.Options{ // cloudwatchlogs.NewFromConfig(cfg) elsewhere
			Region: "us-east-1", HTTPClient: &http.Client{Transport: s}, Credentials: aws.AnonymousCredentials{},
		})
		r := report.Collect(ctx, s.Client(), result, report.WithLogs(logs))
		job := r.Failed[0]
		container := job.Attempts[0].Containers[0]
		fmt.Println(job.Name, job.Reason, *container.ExitCode, container.Lines)
		fmt.Println(r.NeverStarted[0].Name, r.NeverStarted[0].Because)
	}
	// Output:
	// report Essential container in task exited 2 [no such file: monday.csv]
	// mail [report]
}
