package batchtest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchtest"
)

func TestTags(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := start(t)
	made := map[string]string{"a": "1", "b": "2"}
	b.define("app", batchtest.Exit(0), func(in *batch.RegisterJobDefinitionInput) { in.Tags = made })
	e := managed("e", types.CRTypeEc2)
	e.Tags = made
	b.environment(e)
	if _, err := b.client.CreateJobQueue(ctx, &batch.CreateJobQueueInput{
		JobQueueName: aws.String("q"), Priority: aws.Int32(1), Tags: made,
		ComputeEnvironmentOrder: []types.ComputeEnvironmentOrder{{ComputeEnvironment: aws.String("e"), Order: aws.Int32(1)}},
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.client.CreateSchedulingPolicy(ctx, &batch.CreateSchedulingPolicyInput{Name: aws.String("p"), Tags: made}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.client.CreateConsumableResource(ctx, &batch.CreateConsumableResourceInput{ConsumableResourceName: aws.String("c"), Tags: made}); err != nil {
		t.Fatal(err)
	}
	id := b.submit("app", func(in *batch.SubmitJobInput) { in.Tags = made })
	const arn = "arn:aws:batch:us-east-1:123456789012:"
	type row struct {
		name, reason, arn string
		described         func() (map[string]string, error)
	}
	rows := []row{
		{"environment", "by name", arn + "compute-environment/e", func() (map[string]string, error) {
			out, err := b.client.DescribeComputeEnvironments(ctx, &batch.DescribeComputeEnvironmentsInput{ComputeEnvironments: []string{"e"}})
			return out.ComputeEnvironments[0].Tags, err
		}},
		{"queue", "by name", arn + "job-queue/q", func() (map[string]string, error) {
			out, err := b.client.DescribeJobQueues(ctx, &batch.DescribeJobQueuesInput{JobQueues: []string{"q"}})
			return out.JobQueues[0].Tags, err
		}},
		{"definition", "by name and revision", arn + "job-definition/app:1", func() (map[string]string, error) {
			out, err := b.client.DescribeJobDefinitions(ctx, &batch.DescribeJobDefinitionsInput{JobDefinitions: []string{"app:1"}})
			return out.JobDefinitions[0].Tags, err
		}},
		{"policy", "by name", arn + "scheduling-policy/p", func() (map[string]string, error) {
			out, err := b.client.DescribeSchedulingPolicies(ctx, &batch.DescribeSchedulingPoliciesInput{Arns: []string{arn + "scheduling-policy/p"}})
			return out.SchedulingPolicies[0].Tags, err
		}},
		{"consumable resource", "by name", arn + "consumable-resource/c", func() (map[string]string, error) {
			out, err := b.client.DescribeConsumableResource(ctx, &batch.DescribeConsumableResourceInput{ConsumableResource: aws.String("c")})
			return out.Tags, err
		}},
		{"job", "by id, also when it has ended", arn + "job/" + id, func() (map[string]string, error) { return b.ended(id).Tags, nil }},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		if _, err := b.client.TagResource(ctx, &batch.TagResourceInput{ResourceArn: &r.arn, Tags: map[string]string{"b": "3", "c": ""}}); err != nil {
			t.Fatal(err)
		}
		if _, err := b.client.UntagResource(ctx, &batch.UntagResourceInput{ResourceArn: &r.arn, TagKeys: []string{"a", "never"}}); err != nil {
			t.Fatal(err)
		}
		want := map[string]string{"b": "3", "c": ""}
		out, err := b.client.ListTagsForResource(ctx, &batch.ListTagsForResourceInput{ResourceArn: &r.arn})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, out.Tags); diff != "" {
			t.Errorf("listed (-want +got):\n%s", diff)
		}
		described, err := r.described()
		if diff := cmp.Diff(want, described); err != nil || diff != "" {
			t.Errorf("described: %v (-want +got):\n%s", err, diff)
		}
	})
}

func TestTagRefusals(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.define("app", batchtest.Exit(0))
	array := b.submit("app", size(2))
	const arn = "arn:aws:batch:us-east-1:123456789012:"
	many := map[string]string{}
	for i := range 51 {
		many[fmt.Sprint(i)] = ""
	}
	type row struct {
		name, reason, arn string
		tags              map[string]string
		want              string
	}
	one := map[string]string{"k": "v"}
	rows := []row{
		{"too many", "50 is the limit", arn + "job-queue/default", many, "at most 50 tags, found 51"},
		{"long key", "128 is the limit", arn + "job-queue/default", map[string]string{strings.Repeat("k", 129): ""}, "1 to 128 characters, found 129"},
		{"long value", "256 is the limit", arn + "job-queue/default", map[string]string{"k": strings.Repeat("ü", 257)}, "at most 256 characters, found 257"},
		{"reserved", "that prefix is for AWS", arn + "job-queue/default", map[string]string{"AWS:k": "v"}, "must not begin with aws:"},
		{"characters", "not all are allowed", arn + "job-queue/default", map[string]string{"k": "a,b"}, "Tags can only contain letters, numbers, spaces"},
		{"none", "there must be some", arn + "job-queue/default", map[string]string{}, "tags must be provided"},
		{"unknown", "there is no such queue", arn + "job-queue/nope", one, "resourceArn must be the ARN"},
		{"no revision", "definitions are tagged by revision", arn + "job-definition/app", one, "resourceArn must be the ARN"},
		{"child", "only the array has tags", arn + "job/" + array + ":0", one, "resourceArn must be the ARN"},
		{"elsewhere", "another account", "arn:aws:batch:us-east-1:999999999999:job-queue/default", one, "resourceArn must be the ARN"},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		_, err := b.client.TagResource(t.Context(), &batch.TagResourceInput{ResourceArn: &r.arn, Tags: r.tags})
		if c, message := code(err); c != "ClientException" || !strings.Contains(message, r.want) {
			t.Errorf("%s: %v, want %q", r.reason, err, r.want)
		}
	})
	_, err := b.client.UntagResource(t.Context(), &batch.UntagResourceInput{ResourceArn: aws.String(arn + "job-queue/default"), TagKeys: []string{""}})
	if _, message := code(err); !strings.Contains(message, "1 to 128 characters, found 0") {
		t.Errorf("removing a tag without a key: %v, want a refusal", err)
	}
	child, _ := b.Job(b.submit("app", size(2), func(in *batch.SubmitJobInput) { in.Tags = one }) + ":0")
	if len(child.Tags) != 0 {
		t.Errorf("child with tags %v, want none: they are the array's", child.Tags)
	}
	queues, err := b.client.DescribeJobQueues(t.Context(), &batch.DescribeJobQueuesInput{})
	if err != nil || len(queues.JobQueues[0].Tags) != 0 {
		t.Errorf("%+v, %v; want no tags after refusals", queues, err)
	}
}

// Tags of what is created are tags like others.
func TestTagRefusalsAtCreation(t *testing.T) {
	t.Parallel()
	b := start(t)
	type row struct {
		name, reason string
		create       func(tags map[string]string) error
	}
	rows := []row{
		{"environment", "as by TagResource", func(tags map[string]string) error {
			in := managed("e", types.CRTypeEc2)
			in.Tags = tags
			_, err := b.client.CreateComputeEnvironment(t.Context(), in)
			return err
		}},
		{"queue", "as by TagResource", func(tags map[string]string) error {
			_, err := b.client.CreateJobQueue(t.Context(), &batch.CreateJobQueueInput{
				JobQueueName: aws.String("q"), Priority: aws.Int32(1), Tags: tags,
				ComputeEnvironmentOrder: []types.ComputeEnvironmentOrder{{ComputeEnvironment: aws.String("default"), Order: aws.Int32(1)}},
			})
			return err
		}},
		{"policy", "as by TagResource", func(tags map[string]string) error {
			_, err := b.client.CreateSchedulingPolicy(t.Context(), &batch.CreateSchedulingPolicyInput{Name: aws.String("p"), Tags: tags})
			return err
		}},
		{"consumable resource", "as by TagResource", func(tags map[string]string) error {
			_, err := b.client.CreateConsumableResource(t.Context(), &batch.CreateConsumableResourceInput{ConsumableResourceName: aws.String("c"), Tags: tags})
			return err
		}},
	}
	many := map[string]string{}
	for i := range 51 {
		many[fmt.Sprint(i)] = ""
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		for want, tags := range map[string]map[string]string{
			"at most 50 tags, found 51": many, "must not begin with aws:": {"aws:k": ""}, "at most 256 characters": {"k": strings.Repeat("v", 257)},
		} {
			if c, message := code(r.create(tags)); c != "ClientException" || !strings.Contains(message, want) {
				t.Errorf("%s %q, want %q: %s", c, message, want, r.reason)
			}
		}
		if err := r.create(map[string]string{"k": "v"}); err != nil {
			t.Errorf("after the refusals: %v, want nothing in the way", err)
		}
	})
}
