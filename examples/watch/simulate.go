package main

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchtest"
)

// listen serves a handler on the loopback interface.
func listen(h http.Handler) (url string, stop func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = srv.Serve(l) }() // it ends by Close
	return "http://" + l.Addr().String(), func() { _ = srv.Close() }, nil
}

// service is an AWS Batch with a queue of small instances, that sends its events to a URL. Each comes twice, as
// EventBridge promises no more than at least once.
func service(ctx context.Context, url string) (*batchtest.Server, error) {
	srv := batchtest.New(batchtest.WithEventBridge(func(event []byte) {
		for range 2 {
			if answer, err := http.Post(url, "application/json", bytes.NewReader(event)); err == nil {
				_ = answer.Body.Close()
			}
		}
	}))
	srv.Image("acme/prepare:1", batchtest.Image{Run: batchtest.Exit(0)})
	srv.Image("acme/train:1", batchtest.Image{Run: batchtest.Exit(0)})
	srv.Image("acme/render:1", batchtest.Image{Run: batchtest.Func(func(_ context.Context, c *batchtest.Container) int {
		if i, _ := c.ArrayIndex(); i%10 == 3 && c.Attempt() == 1 {
			return 1 // and is tried again
		}
		return 0
	})})
	client := srv.Client()
	_, err := client.CreateComputeEnvironment(ctx, &batch.CreateComputeEnvironmentInput{
		ComputeEnvironmentName: aws.String("small"), Type: types.CETypeManaged,
		ComputeResources: &types.ComputeResource{
			Type: types.CRTypeEc2, AllocationStrategy: types.CRAllocationStrategyBestFitProgressive,
			InstanceTypes: []string{"c5.large"}, MaxvCpus: aws.Int32(64), Subnets: []string{"subnet-1"},
			InstanceRole: aws.String("ecsInstanceRole"), SecurityGroupIds: []string{"sg-1"},
		},
	})
	if err != nil {
		srv.Close()
		return nil, err
	}
	_, err = client.CreateJobQueue(ctx, &batch.CreateJobQueueInput{
		JobQueueName: aws.String("small"), Priority: aws.Int32(1),
		ComputeEnvironmentOrder: []types.ComputeEnvironmentOrder{{ComputeEnvironment: aws.String("small"), Order: aws.Int32(1)}},
	})
	if err != nil {
		srv.Close()
		return nil, err
	}
	return srv, nil
}
