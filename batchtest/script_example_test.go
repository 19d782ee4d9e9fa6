package batchtest_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchtest"
)

// What a program makes of an attempt that runs out of memory, and of another
// that loses its Spot instance, is said rather than programmed.
func ExampleScript() {
	s := batchtest.New(batchtest.WithVirtualClock(time.Time{}))
	defer s.Close()
	ctx := context.Background()
	id := submitExample(s, "train", batchtest.Script(
		batchtest.Outcome{Takes: 40 * time.Minute, ExitCode: 137, Reason: "OutOfMemoryError: Container killed due to memory usage"},
		batchtest.Outcome{Takes: 2 * time.Hour, HostLost: true},
		batchtest.Outcome{Takes: 3 * time.Hour},
	), func(in *batch.SubmitJobInput) { in.RetryStrategy = &types.RetryStrategy{Attempts: aws.Int32(3)} })

	if err := s.Advance(ctx, 24*time.Hour); err != nil {
		log.Fatal(err)
	}
	job, _ := s.Job(id)
	for _, a := range job.Attempts {
		fmt.Printf("%s %q\n", *a.StatusReason, aws.ToString(a.Container.Reason))
	}
	fmt.Println(job.Status)
	// Output:
	// Essential container in task exited "OutOfMemoryError: Container killed due to memory usage"
	// Host EC2 (instance i-00000000000000001) terminated. ""
	// Essential container in task exited ""
	// SUCCEEDED
}
