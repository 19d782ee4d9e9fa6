package batchtest_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchtest"
)

// A leader writes what an array of followers then reads.
func Example() {
	s := batchtest.New() // in a test: batchtest.Start(t)
	defer s.Close()
	ctx := context.Background()
	client := s.Client()

	shared := make(chan string, 3)
	s.Image("leader", batchtest.Image{Run: batchtest.Func(func(_ context.Context, c *batchtest.Container) int {
		for range cap(shared) {
			shared <- c.Env("GREETING")
		}
		return 0
	})})
	s.Image("follower", batchtest.Image{Run: batchtest.Func(func(_ context.Context, c *batchtest.Container) int {
		fmt.Fprintln(c.Stdout, <-shared, "follower", c.Env("AWS_BATCH_JOB_ARRAY_INDEX"))
		return 0
	})})
	for _, name := range []string{"leader", "follower"} {
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
	}

	leader, err := client.SubmitJob(ctx, &batch.SubmitJobInput{
		JobName: aws.String("leader"), JobQueue: aws.String("default"), JobDefinition: aws.String("leader"),
		ContainerOverrides: &types.ContainerOverrides{Environment: []types.KeyValuePair{{Name: aws.String("GREETING"), Value: aws.String("hello,")}}},
	})
	if err != nil {
		log.Fatal(err)
	}
	followers, err := client.SubmitJob(ctx, &batch.SubmitJobInput{
		JobName: aws.String("followers"), JobQueue: aws.String("default"), JobDefinition: aws.String("follower"),
		ArrayProperties: &types.ArrayProperties{Size: aws.Int32(3)},
		DependsOn:       []types.JobDependency{{JobId: leader.JobId}},
	})
	if err != nil {
		log.Fatal(err)
	}
	if err := s.Wait(ctx, *followers.JobId); err != nil {
		log.Fatal(err)
	}
	for i := range 3 {
		job, _ := s.Job(fmt.Sprint(*followers.JobId, ":", i))
		fmt.Println(job.Status, s.Log(*job.Container.LogStreamName))
	}
	// Output:
	// SUCCEEDED [hello, follower 0]
	// SUCCEEDED [hello, follower 1]
	// SUCCEEDED [hello, follower 2]
}

// A set-up container fills a volume, and the main one starts when it is done.
func Example_severalContainers() {
	s := batchtest.New()
	defer s.Close()
	ctx := context.Background()
	client := s.Client()

	s.Image("setup", batchtest.Image{Run: batchtest.Func(func(_ context.Context, c *batchtest.Container) int {
		if err := os.WriteFile(c.Path("/out/data"), []byte("prepared"), 0o600); err != nil {
			fmt.Fprintln(c.Stderr, err)
			return 1
		}
		return 0
	})})
	s.Image("main", batchtest.Image{Run: batchtest.Func(func(_ context.Context, c *batchtest.Container) int {
		data, err := os.ReadFile(c.Path("/in/data"))
		if err != nil {
			return 1
		}
		fmt.Fprintf(c.Stdout, "%s\n", data)
		return 0
	})})
	resources := []types.ResourceRequirement{
		{Type: types.ResourceTypeVcpu, Value: aws.String("1")},
		{Type: types.ResourceTypeMemory, Value: aws.String("2048")},
	}
	mount := func(path string) []types.MountPoint {
		return []types.MountPoint{{SourceVolume: aws.String("work"), ContainerPath: aws.String(path)}}
	}
	_, err := client.RegisterJobDefinition(ctx, &batch.RegisterJobDefinitionInput{
		JobDefinitionName: aws.String("two"),
		Type:              types.JobDefinitionTypeContainer,
		EcsProperties: &types.EcsProperties{TaskProperties: []types.EcsTaskProperties{{
			Volumes: []types.Volume{{Name: aws.String("work")}},
			Containers: []types.TaskContainerProperties{
				{Name: aws.String("setup"), Image: aws.String("setup"), Essential: aws.Bool(false), ResourceRequirements: resources, MountPoints: mount("/out")},
				{
					Name: aws.String("main"), Image: aws.String("main"), ResourceRequirements: resources, MountPoints: mount("/in"),
					DependsOn: []types.TaskContainerDependency{{ContainerName: aws.String("setup"), Condition: aws.String("SUCCESS")}},
				},
			},
		}}},
	})
	if err != nil {
		log.Fatal(err)
	}
	job, err := client.SubmitJob(ctx, &batch.SubmitJobInput{JobName: aws.String("two"), JobQueue: aws.String("default"), JobDefinition: aws.String("two")})
	if err != nil {
		log.Fatal(err)
	}
	if err := s.Wait(ctx, *job.JobId); err != nil {
		log.Fatal(err)
	}
	for _, t := range s.History(*job.JobId) {
		fmt.Println(t.To)
	}
	detail, _ := s.Job(*job.JobId)
	fmt.Println(s.Log(*detail.EcsProperties.TaskProperties[0].Containers[1].LogStreamName))
	// Output:
	// SUBMITTED
	// RUNNABLE
	// STARTING
	// RUNNING
	// SUCCEEDED
	// [prepared]
}
