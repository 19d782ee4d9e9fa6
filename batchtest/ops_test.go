package batchtest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchtest"
)

func TestDefinitions(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := start(t, batchtest.WithRegion("eu-west-1"), batchtest.WithAccount("111122223333"))
	for range 3 {
		b.define("a", batchtest.Exit(0))
	}
	b.define("b", batchtest.Exit(0), func(in *batch.RegisterJobDefinitionInput) {
		in.ContainerProperties.Environment = []types.KeyValuePair{{Name: aws.String("EMPTY"), Value: aws.String("")}}
		in.Tags = map[string]string{"k": "v"}
	})
	if _, err := b.client.DeregisterJobDefinition(ctx, &batch.DeregisterJobDefinitionInput{JobDefinition: aws.String("a:3")}); err != nil {
		t.Fatal(err)
	}
	type row struct {
		name, reason string
		in           batch.DescribeJobDefinitionsInput
		want         []string
	}
	rows := []row{
		{"all", "by name, newest first", batch.DescribeJobDefinitionsInput{}, []string{"a:3 INACTIVE", "a:2 ACTIVE", "a:1 ACTIVE", "b:1 ACTIVE"}},
		{"by name", "every revision", batch.DescribeJobDefinitionsInput{JobDefinitionName: aws.String("b")}, []string{"b:1 ACTIVE"}},
		{"by status", "only that", batch.DescribeJobDefinitionsInput{Status: aws.String("INACTIVE")}, []string{"a:3 INACTIVE"}},
		{"by reference", "unknown ones are left out", batch.DescribeJobDefinitionsInput{JobDefinitions: []string{"b:1", "a:9", "arn:aws:batch:eu-west-1:111122223333:job-definition/a:1"}}, []string{"b:1 ACTIVE", "a:1 ACTIVE"}},
		{"another account", "an ARN must be of this account", batch.DescribeJobDefinitionsInput{JobDefinitions: []string{"arn:aws:batch:eu-west-1:999999999999:job-definition/a:1"}}, nil},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		out, err := b.client.DescribeJobDefinitions(ctx, &r.in)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, d := range out.JobDefinitions {
			got = append(got, fmt.Sprintf("%s:%d %s", *d.JobDefinitionName, *d.Revision, *d.Status))
		}
		if diff := cmp.Diff(r.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", r.reason, diff)
		}
	})

	pages := batch.NewDescribeJobDefinitionsPaginator(b.client, &batch.DescribeJobDefinitionsInput{MaxResults: aws.Int32(3)})
	var sizes []int
	for pages.HasMorePages() {
		p, err := pages.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, len(p.JobDefinitions))
	}
	if diff := cmp.Diff([]int{3, 1}, sizes); diff != "" {
		t.Errorf("pages (-want +got):\n%s", diff)
	}

	out, err := b.client.DescribeJobDefinitions(ctx, &batch.DescribeJobDefinitionsInput{JobDefinitionName: aws.String("b")})
	if err != nil {
		t.Fatal(err)
	}
	d := out.JobDefinitions[0]
	if *d.JobDefinitionArn != "arn:aws:batch:eu-west-1:111122223333:job-definition/b:1" || *d.Type != "container" ||
		d.ContainerOrchestrationType != types.OrchestrationTypeEcs || d.Tags["k"] != "v" ||
		d.ContainerProperties.Environment == nil || len(d.ContainerProperties.Environment) != 0 || d.ContainerProperties.Volumes == nil {
		t.Errorf("not as the service describes it: %+v", d)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := start(t)
	b.define("app", batchtest.Exit(0), func(in *batch.RegisterJobDefinitionInput) {
		in.ContainerProperties.Command = []string{"run", "Ref::input"}
		in.Parameters = map[string]string{"input": "x"}
	})
	b.define("open", batchtest.Exit(0), func(in *batch.RegisterJobDefinitionInput) {
		in.ContainerProperties.Command = []string{"run", "Ref::input"}
	})
	b.define("gone", batchtest.Exit(0))
	_, err := b.client.DeregisterJobDefinition(ctx, &batch.DeregisterJobDefinitionInput{JobDefinition: aws.String("gone:1")})
	if err != nil {
		t.Fatal(err)
	}
	b.fargateQueue("fargate", types.JQStateEnabled)
	b.fargateQueue("off", types.JQStateDisabled)
	policy, err := b.client.CreateSchedulingPolicy(ctx, &batch.CreateSchedulingPolicyInput{Name: aws.String("fair")})
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.client.CreateJobQueue(ctx, &batch.CreateJobQueueInput{
		JobQueueName: aws.String("fair"), Priority: aws.Int32(1), SchedulingPolicyArn: policy.Arn,
		ComputeEnvironmentOrder: []types.ComputeEnvironmentOrder{{ComputeEnvironment: aws.String("default"), Order: aws.Int32(1)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		name, reason string
		edit         func(*batch.SubmitJobInput)
		want         string
	}
	rows := []row{
		{"queue", "an unknown queue", func(in *batch.SubmitJobInput) { in.JobQueue = aws.String("nope") }, "JobQueue nope not found."},
		{"disabled queue", "it takes no jobs", func(in *batch.SubmitJobInput) { in.JobQueue = aws.String("off") }, "JobQueue off is not in ENABLED state"},
		{"capability", "an EC2 definition on a Fargate queue", func(in *batch.SubmitJobInput) { in.JobQueue = aws.String("fargate") }, "Job Queue is attached to Compute Environment that can not run Jobs with capability EC2."},
		{"definition", "an unknown definition", func(in *batch.SubmitJobInput) { in.JobDefinition = aws.String("nope") }, "JobDefinition name nope does not exist or is not in ACTIVE status"},
		{"inactive", "a deregistered definition", func(in *batch.SubmitJobInput) { in.JobDefinition = aws.String("gone") }, "JobDefinition name gone does not exist or is not in ACTIVE status"},
		{"revision word", "a revision is digits", func(in *batch.SubmitJobInput) { in.JobDefinition = aws.String("app:latest") }, "Provided name app:latest is not supported pattern[a-zA-Z_0-9-]{1,128}"},
		{"revision in the future", "digits, however many", func(in *batch.SubmitJobInput) { in.JobDefinition = aws.String("app:99999999999999999999") }, "JobDefinition name app:99999999999999999999 does not exist or is not in ACTIVE status"},
		{"definition arn", "of the right kind, but unknown", func(in *batch.SubmitJobInput) {
			in.JobDefinition = aws.String("arn:aws:batch:us-east-1:123456789012:job-definition/nope:1")
		}, "JobDefinition arn:aws:batch:us-east-1:123456789012:job-definition/nope:1 not found."},
		{"queue arn as definition", "an ARN of another kind", func(in *batch.SubmitJobInput) {
			in.JobDefinition = aws.String("arn:aws:batch:us-east-1:123456789012:job-queue/default")
		}, "Provided name arn:aws:batch:us-east-1:123456789012:job-queue/default is not supported pattern[a-zA-Z_0-9-]{1,128}"},
		{"parameter", "a reference without a value", func(in *batch.SubmitJobInput) { in.JobDefinition = aws.String("open") }, "Unable to substitute value. No parameter found for reference input"},
		{"dependency", "a job that is not there", after("11111111-2222-4333-8444-555555555555"), "dependsOn[0].jobId"},
		{"share", "no fair share on this queue", func(in *batch.SubmitJobInput) { in.ShareIdentifier = aws.String("x") }, "Job with shareIdentifier"},
		{"no share", "the rule and the service say the same", func(in *batch.SubmitJobInput) { in.JobQueue = aws.String("fair") }, "shareIdentifier: must be set, because the queue has a fair-share policy"},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		in := &batch.SubmitJobInput{JobName: aws.String("j"), JobQueue: aws.String("default"), JobDefinition: aws.String("app")}
		r.edit(in)
		_, err := b.client.SubmitJob(ctx, in)
		c, message := code(err)
		if want := "Error executing request, Exception : " + r.want; c != "ClientException" || !strings.HasPrefix(message, want) || !strings.Contains(message, ", RequestId: ") {
			t.Errorf("%s: %s %q, want %q…", r.reason, c, message, want)
		}
	})

	var many []string
	for range 101 {
		many = append(many, "x")
	}
	_, err = b.client.DescribeJobs(ctx, &batch.DescribeJobsInput{Jobs: many})
	if _, message := code(err); !strings.Contains(message, "Maximum number of jobs supported is  100") {
		t.Errorf("101 ids: %v", err)
	}
	_, err = b.client.RegisterJobDefinition(ctx, &batch.RegisterJobDefinitionInput{
		JobDefinitionName: aws.String("bad"), Type: types.JobDefinitionTypeContainer,
		EcsProperties: &types.EcsProperties{TaskProperties: []types.EcsTaskProperties{{Containers: []types.TaskContainerProperties{part("a", false)}}}},
	})
	if c, message := code(err); c != "ClientException" || !strings.Contains(message, "At least one container must be set as essential") {
		t.Errorf("no essential container: %v", err)
	}
	_, err = b.client.DescribeServiceJob(ctx, &batch.DescribeServiceJobInput{JobId: aws.String("a")})
	if c, _ := code(err); c != "NotImplementedException" {
		t.Errorf("DescribeServiceJob: %v, want NotImplementedException", err)
	}
}

func (b *bench) fargateQueue(name string, state types.JQState) {
	b.tb.Helper()
	ctx := context.Background()
	_, err := b.client.CreateComputeEnvironment(ctx, &batch.CreateComputeEnvironmentInput{
		ComputeEnvironmentName: aws.String(name), Type: types.CETypeManaged,
		ComputeResources: &types.ComputeResource{Type: types.CRTypeFargate, MaxvCpus: aws.Int32(8), Subnets: []string{"subnet-1"}},
	})
	if err != nil {
		b.tb.Fatal(err)
	}
	_, err = b.client.CreateJobQueue(ctx, &batch.CreateJobQueueInput{
		JobQueueName: aws.String(name), Priority: aws.Int32(1), State: state,
		ComputeEnvironmentOrder: []types.ComputeEnvironmentOrder{{ComputeEnvironment: aws.String(name), Order: aws.Int32(1)}},
	})
	if err != nil {
		b.tb.Fatal(err)
	}
}

func TestQueuesAndEnvironments(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := start(t)
	b.fargateQueue("q", types.JQStateEnabled)
	queues, err := b.client.DescribeJobQueues(ctx, &batch.DescribeJobQueuesInput{})
	if err != nil || len(queues.JobQueues) != 2 || *queues.JobQueues[1].JobQueueName != "q" || queues.JobQueues[1].Status != types.JQStatusValid {
		t.Errorf("queues: %+v, %v; want default and q", queues, err)
	}
	ces, err := b.client.DescribeComputeEnvironments(ctx, &batch.DescribeComputeEnvironmentsInput{ComputeEnvironments: []string{"q", "nope"}})
	if err != nil || len(ces.ComputeEnvironments) != 1 || ces.ComputeEnvironments[0].State != types.CEStateEnabled || len(aws.ToString(ces.ComputeEnvironments[0].Uuid)) != 36 {
		t.Errorf("environments: %+v, %v; want q alone, ENABLED, with a UUID", ces, err)
	}
	_, err = b.client.CreateJobQueue(ctx, &batch.CreateJobQueueInput{
		JobQueueName: aws.String("r"), Priority: aws.Int32(1),
		ComputeEnvironmentOrder: []types.ComputeEnvironmentOrder{{ComputeEnvironment: aws.String("nope"), Order: aws.Int32(1)}},
	})
	if c, _ := code(err); c != "ClientException" {
		t.Errorf("queue on an unknown environment: %v, want ClientException", err)
	}
}

func TestListJobs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx := context.Background()
		b := start(t)
		b.define("ok", batchtest.Exit(0))
		b.define("other", batchtest.Exit(0))
		named := func(name string) func(*batch.SubmitJobInput) {
			return func(in *batch.SubmitJobInput) { in.JobName = &name }
		}
		b.ended(b.submit("ok", named("one")))
		<-time.After(time.Second)
		middle := time.Now().UnixMilli()
		<-time.After(time.Second)
		array := b.submit("ok", named("One-array"), size(3))
		b.ended(array)
		b.ended(b.submit("other", named("two")))
		filtered := func(name, value string) *batch.ListJobsInput {
			return &batch.ListJobsInput{JobQueue: aws.String("default"), Filters: []types.KeyValuesPair{{Name: &name, Values: []string{value}}}}
		}
		type row struct {
			name, reason string
			in           *batch.ListJobsInput
			want         []string
		}
		rows := []row{
			{"running", "the default status", &batch.ListJobsInput{JobQueue: aws.String("default")}, nil},
			{"by status", "newest first, children not listed", &batch.ListJobsInput{JobQueue: aws.String("default"), JobStatus: "SUCCEEDED"}, []string{"two", "One-array", "one"}},
			{"children", "in order of index", &batch.ListJobsInput{ArrayJobId: &array, JobStatus: "SUCCEEDED"}, []string{"One-array:0", "One-array:1", "One-array:2"}},
			{"name", "any letter case", filtered("JOB_NAME", "ONE"), []string{"one"}},
			{"name prefix", "an asterisk at the end", filtered("JOB_NAME", "one*"), []string{"One-array", "one"}},
			{"definition", "any revision", filtered("JOB_DEFINITION", "other"), []string{"two"}},
			{"before", "older than", filtered("BEFORE_CREATED_AT", fmt.Sprint(middle)), []string{"one"}},
			{"after", "younger than", filtered("AFTER_CREATED_AT", fmt.Sprint(middle)), []string{"two", "One-array"}},
		}
		for _, r := range rows {
			r.in.MaxResults = aws.Int32(2)
			var got []string
			pages := batch.NewListJobsPaginator(b.client, r.in)
			for pages.HasMorePages() {
				p, err := pages.NextPage(ctx)
				if err != nil {
					t.Fatalf("%s: %v", r.name, err)
				}
				for _, j := range p.JobSummaryList {
					name := *j.JobName
					if j.ArrayProperties != nil && j.ArrayProperties.Index != nil {
						name += fmt.Sprint(":", *j.ArrayProperties.Index)
					}
					got = append(got, name)
				}
			}
			if diff := cmp.Diff(r.want, got); diff != "" {
				t.Errorf("%s: %s (-want +got):\n%s", r.name, r.reason, diff)
			}
		}
	})
}

func TestOverridesAndEnvironment(t *testing.T) {
	t.Parallel()
	b := start(t)
	var command, environ []string
	b.define("app", batchtest.Func(func(_ context.Context, c *batchtest.Container) int {
		command, environ = c.Command(), c.Environ()
		return 0
	}), func(in *batch.RegisterJobDefinitionInput) {
		in.ContainerProperties.Command = []string{"run", "Ref::mode"}
		in.Parameters = map[string]string{"mode": "slow"}
		in.ContainerProperties.Environment = []types.KeyValuePair{{Name: aws.String("A"), Value: aws.String("1")}, {Name: aws.String("B"), Value: aws.String("2")}}
	})
	id := b.submit("app", func(in *batch.SubmitJobInput) {
		in.Parameters = map[string]string{"mode": "fast"}
		in.ContainerOverrides = &types.ContainerOverrides{
			Environment:          []types.KeyValuePair{{Name: aws.String("B"), Value: aws.String("3")}, {Name: aws.String("C"), Value: aws.String("4")}},
			ResourceRequirements: []types.ResourceRequirement{{Type: types.ResourceTypeMemory, Value: aws.String("4096")}},
		}
	})
	d := b.ended(id)
	want := []string{"A=1", "B=3", "C=4", "AWS_BATCH_CE_NAME=default", "AWS_BATCH_JQ_NAME=default", "AWS_BATCH_JOB_ID=" + id, "AWS_BATCH_JOB_ATTEMPT=1"}
	if diff := cmp.Diff(want, environ); diff != "" {
		t.Errorf("environment (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"run", "fast"}, command); diff != "" {
		t.Errorf("command (-want +got):\n%s", diff)
	}
	if r := d.Container.ResourceRequirements; len(r) != 2 || *r[0].Value != "1" || *r[1].Value != "4096" {
		t.Errorf("resources %+v, want 1 VCPU as defined and 4096 MiB as overridden", r)
	}
}
