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

// The main node of a multi-node parallel job adds up what the others send.
func Example_severalNodes() {
	s := batchtest.New()
	defer s.Close()
	ctx := context.Background()
	client := s.Client()

	parts := make(chan int)
	s.Image("sum", batchtest.Image{Run: batchtest.Func(func(_ context.Context, c *batchtest.Container) int {
		index, _ := c.NodeIndex()
		if address := c.Env("AWS_BATCH_JOB_MAIN_NODE_PRIVATE_IPV4_ADDRESS"); address != "" { // not the main node
			parts <- index
			return 0
		}
		sum := 0
		for range 3 {
			sum += <-parts
		}
		fmt.Fprintln(c.Stdout, "sum of", c.Env("AWS_BATCH_JOB_NUM_NODES"), "nodes:", sum)
		return 0
	})})
	_, err := client.RegisterJobDefinition(ctx, &batch.RegisterJobDefinitionInput{
		JobDefinitionName: aws.String("sum"),
		Type:              types.JobDefinitionTypeMultinode,
		NodeProperties: &types.NodeProperties{
			NumNodes: aws.Int32(4), MainNode: aws.Int32(0),
			NodeRangeProperties: []types.NodeRangeProperty{{
				TargetNodes: aws.String("0:3"),
				Container: &types.ContainerProperties{
					Image: aws.String("sum"),
					ResourceRequirements: []types.ResourceRequirement{
						{Type: types.ResourceTypeVcpu, Value: aws.String("1")},
						{Type: types.ResourceTypeMemory, Value: aws.String("2048")},
					},
				},
			}},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	job, err := client.SubmitJob(ctx, &batch.SubmitJobInput{JobName: aws.String("sum"), JobQueue: aws.String("default"), JobDefinition: aws.String("sum")})
	if err != nil {
		log.Fatal(err)
	}
	if err := s.Wait(ctx, *job.JobId); err != nil {
		log.Fatal(err)
	}
	main, _ := s.Job(*job.JobId + "#0")
	fmt.Println(main.Status, s.Log(*main.Container.LogStreamName))
	// Output: SUCCEEDED [sum of 4 nodes: 6]
}

// An init container of a pod fills an emptyDir before the others start.
func Example_pod() {
	s := batchtest.New()
	defer s.Close()
	ctx := context.Background()
	client := s.Client()

	s.Image("init", batchtest.Image{Run: batchtest.Func(func(_ context.Context, c *batchtest.Container) int {
		if err := os.WriteFile(c.Path("/out/data"), []byte(c.Args()[0]), 0o600); err != nil {
			return 1
		}
		return 0
	})})
	s.Image("app", batchtest.Image{Run: batchtest.Func(func(_ context.Context, c *batchtest.Container) int {
		data, err := os.ReadFile(c.Path("/in/data"))
		if err != nil {
			return 1
		}
		fmt.Fprintf(c.Stdout, "%s\n", data)
		return 0
	})})
	container := func(name, mountPath string, args ...string) types.EksContainer {
		return types.EksContainer{
			Name: aws.String(name), Image: aws.String(name), Args: args,
			Resources:    &types.EksContainerResourceRequirements{Limits: map[string]string{"cpu": "1", "memory": "1024Mi"}},
			VolumeMounts: []types.EksContainerVolumeMount{{Name: aws.String("work"), MountPath: aws.String(mountPath)}},
		}
	}
	_, err := client.RegisterJobDefinition(ctx, &batch.RegisterJobDefinitionInput{
		JobDefinitionName: aws.String("pod"),
		Type:              types.JobDefinitionTypeContainer,
		EksProperties: &types.EksProperties{PodProperties: &types.EksPodProperties{
			InitContainers: []types.EksContainer{container("init", "/out", "prepared")},
			Containers:     []types.EksContainer{container("app", "/in")},
			Volumes:        []types.EksVolume{{Name: aws.String("work"), EmptyDir: &types.EksEmptyDir{}}},
		}},
	})
	if err != nil {
		log.Fatal(err)
	}
	job, err := client.SubmitJob(ctx, &batch.SubmitJobInput{JobName: aws.String("pod"), JobQueue: aws.String("default"), JobDefinition: aws.String("pod")})
	if err != nil {
		log.Fatal(err)
	}
	if err := s.Wait(ctx, *job.JobId); err != nil {
		log.Fatal(err)
	}
	detail, _ := s.Job(*job.JobId)
	pod := detail.EksAttempts[0]
	fmt.Println(detail.Status, s.Log(*pod.PodName+"_"+*pod.PodNamespace+"_app"))
	// Output: SUCCEEDED [prepared]
}
