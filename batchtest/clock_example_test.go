package batchtest_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/batchkit/batchkit-go/batchtest"
)

// submitExample submits a job whose image does what run does.
func submitExample(s *batchtest.Server, name string, run batchtest.Runner, edits ...func(*batch.SubmitJobInput)) string {
	ctx := context.Background()
	client := s.Client()
	s.Image(name, batchtest.Image{Run: run})
	_, err := client.RegisterJobDefinition(ctx, &batch.RegisterJobDefinitionInput{
		JobDefinitionName: aws.String(name),
		Type:              types.JobDefinitionTypeContainer,
		ContainerProperties: &types.ContainerProperties{
			Image: aws.String(name),
			ResourceRequirements: []types.ResourceRequirement{
				{Type: types.ResourceTypeVcpu, Value: aws.String("1")},
				{Type: types.ResourceTypeMemory, Value: aws.String("2048")},
			},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	in := &batch.SubmitJobInput{JobName: aws.String(name), JobQueue: aws.String("default"), JobDefinition: aws.String(name)}
	for _, edit := range edits {
		edit(in)
	}
	job, err := client.SubmitJob(ctx, in)
	if err != nil {
		log.Fatal(err)
	}
	return *job.JobId
}

// A night of work passes at once on a clock that the test moves.
func ExampleServer_Advance() {
	s := batchtest.New(batchtest.WithVirtualClock(time.Date(2026, 1, 1, 22, 0, 0, 0, time.UTC)))
	defer s.Close()
	ctx := context.Background()
	id := submitExample(s, "nightly", batchtest.Takes(7*time.Hour, batchtest.Exit(0)))

	if err := s.Advance(ctx, 6*time.Hour); err != nil {
		log.Fatal(err)
	}
	job, _ := s.Job(id)
	fmt.Println(s.Now().Format(time.TimeOnly), job.Status)
	if err := s.Advance(ctx, 2*time.Hour); err != nil {
		log.Fatal(err)
	}
	job, _ = s.Job(id)
	fmt.Println(s.Now().Format(time.TimeOnly), job.Status, "at", time.UnixMilli(*job.StoppedAt).UTC().Format(time.TimeOnly))
	// Output:
	// 04:00:00 RUNNING
	// 06:00:00 SUCCEEDED at 05:00:00
}

// A test decides when a job ends, and how.
func ExampleServer_Finish() {
	s := batchtest.New()
	defer s.Close()
	ctx := context.Background()
	id := submitExample(s, "train", batchtest.Manual())

	if err := s.WaitFor(ctx, id, types.JobStatusRunning); err != nil {
		log.Fatal(err)
	}
	if err := s.Finish(id, 3); err != nil {
		log.Fatal(err)
	}
	if err := s.Wait(ctx, id); err != nil {
		log.Fatal(err)
	}
	job, _ := s.Job(id)
	fmt.Println(job.Status, *job.Container.ExitCode)
	fmt.Println(errors.Is(s.Finish(id, 0), batchtest.ErrEnded))
	// Output:
	// FAILED 3
	// true
}

// WaitFor does not miss a state that a job passes in no time.
func ExampleServer_WaitFor() {
	s := batchtest.New()
	defer s.Close()
	ctx := context.Background()
	id := submitExample(s, "quick", batchtest.Exit(0))

	for _, status := range []types.JobStatus{types.JobStatusStarting, types.JobStatusSucceeded, types.JobStatusFailed} {
		fmt.Println(status, s.WaitFor(ctx, id, status) == nil)
	}
	// Output:
	// STARTING true
	// SUCCEEDED true
	// FAILED false
}

// What a job wrote, read as from Amazon CloudWatch Logs.
func Example_logs() {
	s := batchtest.New()
	defer s.Close()
	ctx := context.Background()
	id := submitExample(s, "greet", batchtest.Func(func(_ context.Context, c *batchtest.Container) int {
		fmt.Fprintln(c.Stdout, "hello")
		fmt.Fprintln(c.Stdout, "ERROR no world")
		return 1
	}))
	if err := s.Wait(ctx, id); err != nil {
		log.Fatal(err)
	}
	logs := cloudwatchlogs.New(cloudwatchlogs.Options{
		Region: "us-east-1", HTTPClient: &http.Client{Transport: s},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "any", SecretAccessKey: "any"}, nil
		}),
	})
	out, err := logs.FilterLogEvents(ctx, &cloudwatchlogs.FilterLogEventsInput{
		LogGroupName: aws.String("/aws/batch/job"), FilterPattern: aws.String(`ERROR -retry`),
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, e := range out.Events {
		fmt.Println(*e.Message)
	}
	// Output: ERROR no world
}

// A server goes on where another one ended.
func ExampleRestore() {
	file, err := os.CreateTemp("", "state-*.json")
	if err != nil {
		log.Fatal(err)
	}
	defer os.Remove(file.Name())
	first := batchtest.New()
	id := submitExample(first, "quick", batchtest.Exit(0))
	if err := first.Wait(context.Background(), id); err != nil {
		log.Fatal(err)
	}
	if err := first.Save(file); err != nil {
		log.Fatal(err)
	}
	first.Close()

	if _, err := file.Seek(0, 0); err != nil {
		log.Fatal(err)
	}
	second, err := batchtest.Restore(file)
	if err != nil {
		log.Fatal(err)
	}
	defer second.Close()
	job, _ := second.Job(id)
	fmt.Println(job.Status)
	// Output: SUCCEEDED
}
