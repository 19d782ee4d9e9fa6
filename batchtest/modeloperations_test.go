package batchtest_test

import (
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchtest"
)

// answered notes which operations were answered well.
type answered struct {
	batch.HTTPClient
	seen map[string]bool
}

func (a answered) Do(r *http.Request) (*http.Response, error) {
	resp, err := a.HTTPClient.Do(r)
	if err == nil && resp.StatusCode == http.StatusOK {
		m, _ := loadModel()
		name, _ := m.operation(r.Method, r.URL.Path)
		a.seen[name] = true
	}
	return resp, err
}

// TestEveryOperationAnswers has every operation answer once, with something in
// it to check.
func TestEveryOperationAnswers(t *testing.T) {
	t.Parallel()
	ctx, b := t.Context(), start(t)
	m, err := loadModel()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	b.client = b.Client(func(o *batch.Options) { o.HTTPClient = answered{&modelClient{t, b.Server}, seen} })
	call := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Error(err)
		}
	}
	tags := map[string]string{"k": "v"}
	b.environment(managed("e", types.CRTypeEc2))
	b.policy("p", shares(map[string]float32{"u": 1}))
	b.consumable("c", "REPLENISHABLE", 5)
	b.define("app", batchtest.Exit(0), func(in *batch.RegisterJobDefinitionInput) { in.Tags = tags })
	order := []types.ComputeEnvironmentOrder{{ComputeEnvironment: aws.String("e"), Order: aws.Int32(1)}}
	call(b.client.CreateJobQueue(ctx, &batch.CreateJobQueueInput{
		JobQueueName: aws.String("q"), Priority: aws.Int32(1), ComputeEnvironmentOrder: order, SchedulingPolicyArn: aws.String(policyARN + "p"),
	}))
	call(b.client.UpdateSchedulingPolicy(ctx, &batch.UpdateSchedulingPolicyInput{Arn: aws.String(policyARN + "p")}))
	call(b.client.DescribeSchedulingPolicies(ctx, &batch.DescribeSchedulingPoliciesInput{Arns: []string{policyARN + "p"}}))
	call(b.client.ListSchedulingPolicies(ctx, &batch.ListSchedulingPoliciesInput{}))
	b.change("c", "ADD", 1)
	call(b.client.DescribeConsumableResource(ctx, &batch.DescribeConsumableResourceInput{ConsumableResource: aws.String("c")}))
	call(b.client.ListConsumableResources(ctx, &batch.ListConsumableResourcesInput{}))

	done := b.submit("app")
	b.ended(done)
	waits, other := b.submit("app", size(2), consuming("c", 9)), b.submit("app", consuming("c", 9))
	call(b.client.ListJobs(ctx, &batch.ListJobsInput{JobQueue: aws.String("default"), JobStatus: types.JobStatusPending}))
	call(b.client.ListJobsByConsumableResource(ctx, &batch.ListJobsByConsumableResourceInput{ConsumableResource: aws.String("c")}))
	call(b.client.GetJobQueueSnapshot(ctx, &batch.GetJobQueueSnapshotInput{JobQueue: aws.String("default")}))
	call(b.client.DescribeJobs(ctx, &batch.DescribeJobsInput{Jobs: []string{done, waits, waits + ":0", other}}))
	call(b.client.CancelJob(ctx, &batch.CancelJobInput{JobId: &waits, Reason: aws.String("r")}))
	call(b.client.TerminateJob(ctx, &batch.TerminateJobInput{JobId: &other, Reason: aws.String("r")}))

	queue := aws.String("arn:aws:batch:us-east-1:123456789012:job-queue/q")
	call(b.client.TagResource(ctx, &batch.TagResourceInput{ResourceArn: queue, Tags: tags}))
	call(b.client.ListTagsForResource(ctx, &batch.ListTagsForResourceInput{ResourceArn: queue}))
	call(b.client.UntagResource(ctx, &batch.UntagResourceInput{ResourceArn: queue, TagKeys: []string{"k"}}))
	b.updateQueue(&batch.UpdateJobQueueInput{JobQueue: queue, State: types.JQStateDisabled})
	b.setState("e", types.CEStateDisabled)
	call(b.client.DescribeJobQueues(ctx, &batch.DescribeJobQueuesInput{}))
	call(b.client.DescribeComputeEnvironments(ctx, &batch.DescribeComputeEnvironmentsInput{}))
	call(b.client.DescribeJobDefinitions(ctx, &batch.DescribeJobDefinitionsInput{}))
	call(b.client.DeleteJobQueue(ctx, &batch.DeleteJobQueueInput{JobQueue: queue}))
	call(b.client.DeleteComputeEnvironment(ctx, &batch.DeleteComputeEnvironmentInput{ComputeEnvironment: aws.String("e")}))
	call(b.client.DeleteSchedulingPolicy(ctx, &batch.DeleteSchedulingPolicyInput{Arn: aws.String(policyARN + "p")}))
	call(b.client.DeleteConsumableResource(ctx, &batch.DeleteConsumableResourceInput{ConsumableResource: aws.String("c")}))
	call(b.client.DeregisterJobDefinition(ctx, &batch.DeregisterJobDefinitionInput{JobDefinition: aws.String("app:1")}))
	if diff := cmp.Diff(slices.Sorted(maps.Keys(m.Operations)), slices.Sorted(maps.Keys(seen))); diff != "" {
		t.Errorf("operations that answered (-want +got):\n%s", diff)
	}
}

// TestNoOperationIsUnknown goes through all operations that the SDK has: they
// answer, or say that they are not implemented.
func TestNoOperationIsUnknown(t *testing.T) {
	t.Parallel()
	b := start(t)
	m, err := loadModel()
	if err != nil {
		t.Fatal(err)
	}
	client := reflect.TypeFor[*batch.Client]()
	for i := range client.NumMethod() {
		name := client.Method(i).Name
		if client.Method(i).Type.NumOut() != 2 || strings.Contains(strings.ToLower(name), "tag") { // tags have a path of their own
			continue
		}
		r, err := http.NewRequestWithContext(t.Context(), "POST", "http://batch/v1/"+strings.ToLower(name), strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := b.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		_, implemented := m.Operations[name]
		code := resp.Header.Get("X-Amzn-Errortype")
		if code == "UnknownOperationException" || implemented == (code == "NotImplementedException") {
			t.Errorf("%s: %q, want an answer if it is in the copy of the model (%v), else NotImplementedException", name, code, implemented)
		}
	}
}
