package batchtest_test

import (
	"context"
	"fmt"

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
