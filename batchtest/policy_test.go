package batchtest_test

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const policyARN = "arn:aws:batch:us-east-1:123456789012:scheduling-policy/"

func shares(weights map[string]float32) *types.FairsharePolicy {
	p := &types.FairsharePolicy{}
	for id, w := range weights {
		p.ShareDistribution = append(p.ShareDistribution, types.ShareAttributes{ShareIdentifier: aws.String(id), WeightFactor: aws.Float32(w)})
	}
	return p
}

func (b *bench) policy(name string, f *types.FairsharePolicy) {
	b.tb.Helper()
	if _, err := b.client.CreateSchedulingPolicy(context.Background(), &batch.CreateSchedulingPolicyInput{
		Name: &name, FairsharePolicy: f, Tags: map[string]string{"k": name},
	}); err != nil {
		b.tb.Fatal(err)
	}
}

func TestSchedulingPolicies(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	b := start(t)
	for _, name := range []string{"b", "a", "c"} {
		b.policy(name, shares(map[string]float32{"u*": 0.5}))
	}
	if _, err := b.client.UpdateSchedulingPolicy(ctx, &batch.UpdateSchedulingPolicyInput{Arn: aws.String(policyARN + "a"), FairsharePolicy: shares(map[string]float32{"v": 2})}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.client.UpdateSchedulingPolicy(ctx, &batch.UpdateSchedulingPolicyInput{Arn: aws.String(policyARN + "b")}); err != nil {
		t.Fatal(err)
	}
	out, err := b.client.DescribeSchedulingPolicies(ctx, &batch.DescribeSchedulingPoliciesInput{Arns: []string{policyARN + "b", policyARN + "a", policyARN + "nope", "a"}})
	if err != nil {
		t.Fatal(err)
	}
	want := []types.SchedulingPolicyDetail{
		{Arn: aws.String(policyARN + "a"), Name: aws.String("a"), FairsharePolicy: shares(map[string]float32{"v": 2}), Tags: map[string]string{"k": "a"}},
		{Arn: aws.String(policyARN + "b"), Name: aws.String("b"), FairsharePolicy: shares(map[string]float32{"u*": 0.5}), Tags: map[string]string{"k": "b"}},
	}
	if diff := cmp.Diff(want, out.SchedulingPolicies, cmpopts.IgnoreUnexported(types.SchedulingPolicyDetail{}, types.FairsharePolicy{}, types.ShareAttributes{})); diff != "" {
		t.Errorf("described (-want +got):\n%s", diff)
	}
	if _, err := b.client.DeleteSchedulingPolicy(ctx, &batch.DeleteSchedulingPolicyInput{Arn: aws.String(policyARN + "b")}); err != nil {
		t.Fatal(err)
	}
	var listed []string
	pages := batch.NewListSchedulingPoliciesPaginator(b.client, &batch.ListSchedulingPoliciesInput{MaxResults: aws.Int32(1)})
	for pages.HasMorePages() {
		p, err := pages.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range p.SchedulingPolicies {
			listed = append(listed, strings.TrimPrefix(*s.Arn, policyARN))
		}
	}
	if diff := cmp.Diff([]string{"a", "c"}, listed); diff != "" {
		t.Errorf("listed (-want +got):\n%s", diff)
	}
}

func TestSchedulingPolicyRefusals(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.policy("p", nil)
	b.policy("free", nil)
	order := []types.ComputeEnvironmentOrder{{ComputeEnvironment: aws.String("default"), Order: aws.Int32(1)}}
	queue := func(name, policy string) func() error {
		return func() error {
			_, err := b.client.CreateJobQueue(t.Context(), &batch.CreateJobQueueInput{
				JobQueueName: &name, Priority: aws.Int32(1), SchedulingPolicyArn: aws.String(policyARN + policy), ComputeEnvironmentOrder: order,
			})
			return err
		}
	}
	if err := queue("q", "p")(); err != nil {
		t.Fatal(err)
	}
	create := func(name string, f types.FairsharePolicy) func() error {
		return func() error {
			_, err := b.client.CreateSchedulingPolicy(t.Context(), &batch.CreateSchedulingPolicyInput{Name: &name, FairsharePolicy: &f})
			return err
		}
	}
	many := types.FairsharePolicy{ShareDistribution: make([]types.ShareAttributes, 501)}
	for i := range many.ShareDistribution {
		many.ShareDistribution[i].ShareIdentifier = aws.String("a")
	}
	share := func(ids ...string) types.FairsharePolicy {
		f := types.FairsharePolicy{}
		for _, id := range ids {
			f.ShareDistribution = append(f.ShareDistribution, types.ShareAttributes{ShareIdentifier: aws.String(id)})
		}
		return f
	}
	quota := &types.QuotaSharePolicy{IdleResourceAssignmentStrategy: "FIFO"}
	type row struct {
		name, reason string
		call         func() error
		code, want   string
	}
	const client = "ClientException"
	rows := []row{
		{"name", "not all characters are allowed", create("a b", share()), client, "Scheduling policy name should match a valid pattern."},
		{"twice", "names are unique", create("p", share()), client, "Object already exists"},
		{"reservation", "99 is the limit", create("x", types.FairsharePolicy{ComputeReservation: aws.Int32(100)}), client, "between 0 and 99, found 100"},
		{"decay", "a week is the limit", create("x", types.FairsharePolicy{ShareDecaySeconds: aws.Int32(604801)}), client, "between 0 and 604800, found 604801"},
		{"shares", "500 is the limit", create("x", many), client, "ShareDistribution size cannot be greater than 500."},
		{"light", "the least weight", create("x", *shares(map[string]float32{"a": 0})), client, "Weight factor should be between 0.0001 and 999.9999."},
		{"heavy", "the greatest weight", create("x", *shares(map[string]float32{"a": 1000})), client, "Weight factor should be between 0.0001 and 999.9999."},
		{"identifier", "the asterisk comes last", create("x", share("a*b")), client, "ShareIdentifier name should match a valid pattern."},
		{"same", "each once", create("x", share("a", "a")), client, "Cannot have two or more identical shareIdentifiers."},
		{"overlap", "a prefix covers others", create("x", share("a1", "a*")), client, "Share identifier a* matches another share identifier a1"},
		{"both", "one kind of policy", func() error {
			_, err := b.client.CreateSchedulingPolicy(t.Context(), &batch.CreateSchedulingPolicyInput{Name: aws.String("x"), FairsharePolicy: &types.FairsharePolicy{}, QuotaSharePolicy: quota})
			return err
		}, client, "can have either fairsharePolicy or quotaSharePolicy"},
		{"quota", "left out", func() error {
			_, err := b.client.CreateSchedulingPolicy(t.Context(), &batch.CreateSchedulingPolicyInput{Name: aws.String("x"), QuotaSharePolicy: quota})
			return err
		}, "NotImplementedException", "quotaSharePolicy"},
		{"update unknown", "there is nothing to update", func() error {
			_, err := b.client.UpdateSchedulingPolicy(t.Context(), &batch.UpdateSchedulingPolicyInput{Arn: aws.String("p")})
			return err
		}, client, "SchedulingPolicy p not found."},
		{"update", "checked like a new one", func() error {
			f := share("a", "a")
			_, err := b.client.UpdateSchedulingPolicy(t.Context(), &batch.UpdateSchedulingPolicyInput{Arn: aws.String(policyARN + "p"), FairsharePolicy: &f})
			return err
		}, client, "identical shareIdentifiers"},
		{"in use", "a queue has it", func() error {
			_, err := b.client.DeleteSchedulingPolicy(t.Context(), &batch.DeleteSchedulingPolicyInput{Arn: aws.String(policyARN + "p")})
			return err
		}, client, "is used by the job queue q"},
		{"queue", "its policy must be there", queue("r", "nope"), client, "scheduling-policy/nope not found."},
		{"queue changed", "its policy must be there", func() error {
			_, err := b.client.UpdateJobQueue(t.Context(), &batch.UpdateJobQueueInput{JobQueue: aws.String("q"), SchedulingPolicyArn: aws.String(policyARN + "nope")})
			return err
		}, client, "scheduling-policy/nope not found."},
		{"describe none", "ARNs are required", func() error {
			_, err := b.client.DescribeSchedulingPolicies(t.Context(), &batch.DescribeSchedulingPoliciesInput{Arns: []string{}})
			return err
		}, client, "arns must be 1 to 100, found 0"},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		if c, message := code(r.call()); c != r.code || !strings.Contains(message, r.want) {
			t.Errorf("%s: %s %q, want %s %q", r.reason, c, message, r.code, r.want)
		}
	})
	b.updateQueue(&batch.UpdateJobQueueInput{JobQueue: aws.String("q"), SchedulingPolicyArn: aws.String(policyARN + "free")})
	if _, err := b.client.DeleteSchedulingPolicy(t.Context(), &batch.DeleteSchedulingPolicyInput{Arn: aws.String(policyARN + "p")}); err != nil {
		t.Errorf("%v, want it deleted once no queue has it", err)
	}
}
