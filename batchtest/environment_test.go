package batchtest_test

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchtest"
)

// environment creates a compute environment, and queue a queue on some.
func (b *bench) environment(in *batch.CreateComputeEnvironmentInput) {
	b.tb.Helper()
	if _, err := b.client.CreateComputeEnvironment(context.Background(), in); err != nil {
		b.tb.Fatal(err)
	}
}

func (b *bench) queue(name string, environments ...string) error {
	in := &batch.CreateJobQueueInput{JobQueueName: aws.String(name), Priority: aws.Int32(1)}
	for i, e := range environments {
		in.ComputeEnvironmentOrder = append(in.ComputeEnvironmentOrder, types.ComputeEnvironmentOrder{ComputeEnvironment: aws.String(e), Order: aws.Int32(int32(i))})
	}
	_, err := b.client.CreateJobQueue(context.Background(), in)
	return err
}

func managed(name string, kind types.CRType) *batch.CreateComputeEnvironmentInput {
	return &batch.CreateComputeEnvironmentInput{
		ComputeEnvironmentName: aws.String(name), Type: types.CETypeManaged,
		ComputeResources: &types.ComputeResource{Type: kind, MaxvCpus: aws.Int32(8), Subnets: []string{"subnet-1"}},
	}
}

func onEKS(name string, kind types.CRType) *batch.CreateComputeEnvironmentInput {
	in := managed(name, kind)
	in.EksConfiguration = &types.EksConfiguration{
		EksClusterArn: aws.String("arn:aws:eks:us-east-1:123456789012:cluster/" + name), KubernetesNamespace: aws.String("jobs"),
	}
	return in
}

// eksQueue makes a queue and its environment on Amazon EKS, with one name.
func (b *bench) eksQueue(name string, kind types.CRType) {
	b.tb.Helper()
	b.environment(onEKS(name, kind))
	if err := b.queue(name, name); err != nil {
		b.tb.Fatal(err)
	}
}

func TestWhatQueuesTake(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.define("plain", batchtest.Exit(0))
	b.Image("app", batchtest.Image{Run: batchtest.Exit(0)})
	b.definePod("pod", podOf(nil, "app"))
	b.defineNodes("nodes", 2, containerRange("0:", "app"))
	b.defineNodes("podnodes", 2, types.NodeRangeProperty{TargetNodes: aws.String("0:"), EksProperties: podOf(nil, "app")})
	for _, e := range []*batch.CreateComputeEnvironmentInput{
		managed("ec2", types.CRTypeEc2), managed("spot", types.CRTypeSpot), managed("fargate", types.CRTypeFargate),
		onEKS("eks", types.CRTypeEc2), onEKS("eksspot", types.CRTypeSpot),
		{ComputeEnvironmentName: aws.String("unmanaged"), Type: types.CETypeUnmanaged},
	} {
		b.environment(e)
		if err := b.queue(*e.ComputeEnvironmentName, *e.ComputeEnvironmentName); err != nil {
			t.Fatal(err)
		}
	}
	type row struct {
		name, reason string
		queue        types.JobQueueType
		takes        string // definitions
	}
	rows := []row{
		{"default", "anything", types.JobQueueTypeEcs, "plain pod nodes podnodes"},
		{"ec2", "what runs on instances of Amazon ECS", types.JobQueueTypeEcs, "plain nodes"},
		{"spot", "no multi-node jobs on Spot", types.JobQueueTypeEcs, "plain"},
		{"fargate", "the definitions are for EC2", types.JobQueueTypeEcsFargate, ""},
		{"unmanaged", "no multi-node jobs there", types.JobQueueTypeEcs, "plain"},
		{"eks", "pods, also several nodes of them", types.JobQueueTypeEks, "pod podnodes"},
		{"eksspot", "pods of one node", types.JobQueueTypeEks, "pod"},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		queues, err := b.client.DescribeJobQueues(t.Context(), &batch.DescribeJobQueuesInput{JobQueues: []string{r.name}})
		if err != nil || queues.JobQueues[0].JobQueueType != r.queue {
			t.Errorf("queue %+v, %v; want type %s", queues, err, r.queue)
		}
		var takes []string
		for _, d := range []string{"plain", "pod", "nodes", "podnodes"} {
			_, err := b.client.SubmitJob(t.Context(), &batch.SubmitJobInput{JobName: aws.String("j"), JobQueue: aws.String(r.name), JobDefinition: aws.String(d)})
			if err == nil {
				takes = append(takes, d)
			} else if _, message := code(err); !strings.Contains(message, "Job Queue is attached to Compute Environment that can not run ") {
				t.Errorf("%s: %v", d, err)
			}
		}
		if got := strings.Join(takes, " "); got != r.takes {
			t.Errorf("%s: takes %q, want %q", r.reason, got, r.takes)
		}
	})
	if err := b.queue("mixed", "ec2", "eks"); err == nil || !strings.Contains(err.Error(), "one kind, found ECS and EKS") {
		t.Errorf("a queue on ECS and EKS: %v, want a refusal", err)
	}
	if err := b.queue("both", "ec2", "spot"); err != nil {
		t.Errorf("a queue on EC2 and Spot: %v", err)
	}
}

func TestEKSEnvironments(t *testing.T) {
	t.Parallel()
	b := start(t)
	type row struct {
		name, reason string
		edit         func(*batch.CreateComputeEnvironmentInput)
		want         string
	}
	rows := []row{
		{"no cluster", "it is required", func(in *batch.CreateComputeEnvironmentInput) { in.EksConfiguration.EksClusterArn = aws.String("") }, "eksClusterArn must be an EKS cluster ARN."},
		{"namespace default", "reserved", func(in *batch.CreateComputeEnvironmentInput) {
			in.EksConfiguration.KubernetesNamespace = aws.String("default")
		}, "cannot be the default Kubernetes namespace."},
		{"namespace of the system", "reserved", func(in *batch.CreateComputeEnvironmentInput) {
			in.EksConfiguration.KubernetesNamespace = aws.String("kube-system")
		}, "cannot be a reserved Kubernetes system namespace."},
		{"namespace in capitals", "no name in Kubernetes", func(in *batch.CreateComputeEnvironmentInput) {
			in.EksConfiguration.KubernetesNamespace = aws.String("Jobs")
		}, "kubernetesNamespace must be a valid Kubernetes namespace."},
		{"fargate", "pods of AWS Batch need instances", func(in *batch.CreateComputeEnvironmentInput) { in.ComputeResources.Type = types.CRTypeFargate }, "Supported compute types for EKS compute environments are [EC2, SPOT]"},
		{"unmanaged", "the service manages the nodes", func(in *batch.CreateComputeEnvironmentInput) { in.Type = types.CETypeUnmanaged }, "needs a MANAGED compute environment"},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		in := onEKS("e", types.CRTypeEc2)
		r.edit(in)
		_, err := b.client.CreateComputeEnvironment(t.Context(), in)
		if c, message := code(err); c != "ClientException" || !strings.Contains(message, r.want) {
			t.Errorf("%s: %v, want %q", r.reason, err, r.want)
		}
	})
	b.environment(onEKS("e", types.CRTypeSpot))
	out, err := b.client.DescribeComputeEnvironments(t.Context(), &batch.DescribeComputeEnvironmentsInput{ComputeEnvironments: []string{"e"}})
	if err != nil || out.ComputeEnvironments[0].ContainerOrchestrationType != types.OrchestrationTypeEks || out.ComputeEnvironments[0].EcsClusterArn != nil {
		t.Errorf("%+v, %v; want orchestration EKS and no ECS cluster", out, err)
	}
}
