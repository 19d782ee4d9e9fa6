package batchtest_test

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/batch"

	"github.com/batchkit/batchkit-go/batchtest"
)

// The first answer is lost, and the SDK's client asks again.
func ExampleServer_Intercept() {
	s := batchtest.New()
	defer s.Close()
	s.Intercept(func(context.Context, *batchtest.Request) batchtest.Action { return batchtest.Drop() })

	out, err := s.Client().DescribeJobQueues(context.Background(), &batch.DescribeJobQueuesInput{})
	fmt.Println(len(out.JobQueues), err)
	for _, r := range s.Requests() {
		fmt.Println(r.Operation, r.Status)
	}
	// Output:
	// 1 <nil>
	// DescribeJobQueues 0
	// DescribeJobQueues 200
}

// There is room for one request, until the trouble is over.
func ExampleServer_Inject() {
	s := batchtest.New()
	defer s.Close()
	ctx := context.Background()
	remove := s.Inject(batchtest.Throttle(0, 1).On("DescribeJobQueues"))
	impatient := s.Client(func(o *batch.Options) { o.Retryer = aws.NopRetryer{} })
	for range 2 {
		_, err := impatient.DescribeJobQueues(ctx, &batch.DescribeJobQueuesInput{})
		fmt.Println("throttled:", retry.IsErrorThrottles(retry.DefaultThrottles).IsErrorThrottle(err).Bool())
	}
	remove()
	_, err := impatient.DescribeJobQueues(ctx, &batch.DescribeJobQueuesInput{})
	fmt.Println(err)
	// Output:
	// throttled: false
	// throttled: true
	// <nil>
}
