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

// How long does a night of 960 renderings take on up to 512 vCPUs, and how well
// are the instances filled? The clock is virtual, so the answer comes at once; in
// a test, a testing/synctest bubble does the same without the option.
func ExampleServer_Utilization() {
	s := batchtest.New(batchtest.WithVirtualClock(time.Time{}))
	defer s.Close()
	ctx := context.Background()
	client := s.Client()
	s.Image("render", batchtest.Image{Run: batchtest.Func(func(ctx context.Context, c *batchtest.Container) int {
		if c.Sleep(ctx, 20*time.Minute) != nil {
			return 1
		}
		return 0
	})})

	_, err := client.CreateComputeEnvironment(ctx, &batch.CreateComputeEnvironmentInput{
		ComputeEnvironmentName: aws.String("spot"), Type: types.CETypeManaged,
		ComputeResources: &types.ComputeResource{
			Type: types.CRTypeSpot, AllocationStrategy: types.CRAllocationStrategySpotCapacityOptimized,
			InstanceTypes: []string{"c5.4xlarge"}, MaxvCpus: aws.Int32(512), Subnets: []string{"subnet-1"},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.CreateJobQueue(ctx, &batch.CreateJobQueueInput{
		JobQueueName: aws.String("renders"), Priority: aws.Int32(1),
		ComputeEnvironmentOrder: []types.ComputeEnvironmentOrder{{ComputeEnvironment: aws.String("spot"), Order: aws.Int32(1)}},
	})
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.RegisterJobDefinition(ctx, &batch.RegisterJobDefinitionInput{
		JobDefinitionName: aws.String("render"), Type: types.JobDefinitionTypeContainer,
		ContainerProperties: &types.ContainerProperties{
			Image: aws.String("render"),
			ResourceRequirements: []types.ResourceRequirement{
				{Type: types.ResourceTypeVcpu, Value: aws.String("4")},
				{Type: types.ResourceTypeMemory, Value: aws.String("10000")},
			},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.SubmitJob(ctx, &batch.SubmitJobInput{
		JobName: aws.String("night"), JobQueue: aws.String("renders"), JobDefinition: aws.String("render"),
		ArrayProperties: &types.ArrayProperties{Size: aws.Int32(960)},
	})
	if err != nil {
		log.Fatal(err)
	}
	if err := s.Advance(ctx, 12*time.Hour); err != nil {
		log.Fatal(err)
	}

	u := s.Utilization()
	spot := u.Environments[0]
	fmt.Println("makespan:", u.Makespan)
	fmt.Println("most vCPUs in use:", spot.PeakVCPUs, "of", spot.PeakInstanceVCPUs)
	fmt.Printf("instances filled: %.0f %%\n", 100*spot.VCPUSeconds/spot.InstanceVCPUSeconds)
	// Output:
	// makespan: 3h20m0s
	// most vCPUs in use: 384 of 512
	// instances filled: 75 %
}
