package iam_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/export/iam"
	"github.com/batchkit/batchkit-go/internal/golden"
	"github.com/batchkit/batchkit-go/validate"
)

var here = iam.Where{Region: "eu-west-1", Account: "123456789012"}

const (
	jobRole       = "arn:aws:iam::123456789012:role/job"
	executionRole = "arn:aws:iam::123456789012:role/execution"
)

func definition(name string) *batch.RegisterJobDefinitionInput {
	return &batch.RegisterJobDefinitionInput{
		JobDefinitionName: aws.String(name), Type: types.JobDefinitionTypeContainer,
		Tags: map[string]string{"team": "a"},
		EcsProperties: &types.EcsProperties{TaskProperties: []types.EcsTaskProperties{{
			TaskRoleArn: aws.String(jobRole), ExecutionRoleArn: aws.String(executionRole),
			Containers: []types.TaskContainerProperties{{
				Image: aws.String("123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app:1"),
				Secrets: []types.Secret{
					{Name: aws.String("A"), ValueFrom: aws.String("arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-a1b2c3:password::")},
					{Name: aws.String("B"), ValueFrom: aws.String("arn:aws:secretsmanager:eu-west-1:123456789012:secret:api")},
					{Name: aws.String("C"), ValueFrom: aws.String("/app/token")},
				},
			}, {
				Image: aws.String("public.ecr.aws/docker/library/busybox:1"),
				LogConfiguration: &types.LogConfiguration{LogDriver: types.LogDriverAwslogs, Options: map[string]string{
					"awslogs-group": "/team/logs", "awslogs-create-group": "true",
				}},
				RepositoryCredentials: &types.RepositoryCredentials{CredentialsParameter: aws.String("arn:aws:secretsmanager:eu-west-1:123456789012:secret:registry-d4e5f6")},
			}},
		}}},
	}
}

func plan() *batchkit.Plan {
	step := func(name, definition string, index int) batchkit.Step {
		return batchkit.Step{Name: name, Definition: index, Input: &batch.SubmitJobInput{
			JobName: aws.String(name), JobQueue: aws.String("night"), JobDefinition: aws.String(definition),
		}}
	}
	p := &batchkit.Plan{
		Name: "demo", Definitions: []*batch.RegisterJobDefinitionInput{definition("app")},
		Steps: []batchkit.Step{step("a", "app", 0), step("b", "other:3", -1), step("c", "arn:aws:batch:eu-west-1:123456789012:job-definition/third:4", -1)},
	}
	p.Steps[1].Input.JobQueue = aws.String("arn:aws:batch:eu-west-1:123456789012:job-queue/day")
	p.Steps[2].Input.ConsumableResourcePropertiesOverride = &types.ConsumableResourceProperties{
		ConsumableResourceList: []types.ConsumableResourceRequirement{{ConsumableResource: aws.String("licence"), Quantity: aws.Int64(1)}},
	}
	return p
}

func TestForPlan(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, reason string
		where        iam.Where
		calls        iam.Calls
		rules        []string
	}{
		{"client", "all that the client of package batchkit calls", here, iam.Client | iam.Deregister | iam.ReadLogs,
			[]string{iam.NoResource, iam.AnyJob, iam.AnyRevision, iam.AnyStream}},
		{"trigger", "a schedule submits and does nothing else", here, iam.Trigger, []string{iam.AnyJob, iam.AnyRevision}},
		{"statemachine", "a .sync task needs its rule", here, iam.StateMachine, []string{iam.NoResource, iam.AnyJob, iam.AnyRevision}},
		{"anywhere", "what is not known is a wildcard, and said", iam.Where{}, iam.Trigger, []string{iam.AnyJob, iam.AnyRevision, iam.AnyPlace}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			policy, findings, err := iam.ForPlan(plan(), test.where, test.calls)
			if err != nil {
				t.Fatal(err)
			}
			golden.Check(t, "testdata/"+test.name+".json", policy.JSON())
			if diff := cmp.Diff(test.rules, findings.Rules()); diff != "" {
				t.Errorf("%s: rules -want +got\n%s", test.reason, diff)
			}
			for _, f := range findings {
				if _, known := validate.Lookup(f.Rule); known || f.Source == "" || f.Message == "" {
					t.Errorf("a finding of its own with source and message, not %+v", f)
				}
			}
		})
	}
}

// A definition that the plan does not register has no roles that could be passed, and a plan of nothing needs nothing.
func TestForPlanIsLeast(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, reason string
		plan         *batchkit.Plan
		calls        iam.Calls
		want         []string
	}{
		{"nil", "there is nothing to submit", nil, iam.Submit | iam.Register, nil},
		{"registered", "no definition, so no role is passed", &batchkit.Plan{Steps: plan().Steps[1:2]}, iam.Submit | iam.Register, []string{"SubmitJobs"}},
		{"register", "comparing takes DescribeJobDefinitions", &batchkit.Plan{Definitions: plan().Definitions}, iam.Register,
			[]string{"RegisterDefinitions", "TagDefinitions", "PassRoles", "DescribeDefinitions"}},
		{"untagged", "TagResource is for tags", &batchkit.Plan{Steps: plan().Steps[1:2]}, iam.Submit | iam.Tag, []string{"SubmitJobs", "TagJobs"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			policy, _, err := iam.ForPlan(test.plan, here, test.calls)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, s := range policy.Statement {
				got = append(got, s.Sid)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s: -want +got\n%s", test.reason, diff)
			}
		})
	}
}

// The client calls nothing that its policy does not allow.
func TestClientMayCallAll(t *testing.T) {
	t.Parallel()
	policy, _, err := iam.ForPlan(plan(), here, iam.Client|iam.Deregister)
	if err != nil {
		t.Fatal(err)
	}
	allowed := map[string]bool{}
	for _, s := range policy.Statement {
		for _, action := range s.Action {
			allowed[action] = true
		}
	}
	api := reflect.TypeFor[batchkit.API]()
	for i := range api.NumMethod() {
		if action := "batch:" + api.Method(i).Name; !allowed[action] {
			t.Errorf("%s is not allowed", action)
		}
	}
}

func TestForPlanRefuses(t *testing.T) {
	t.Parallel()
	p := plan()
	p.Steps[1].Input.JobQueue, p.Steps[1].Input.JobDefinition = nil, nil
	_, _, err := iam.ForPlan(p, here, iam.Submit)
	var invalid *validate.InvalidError
	if !errors.As(err, &invalid) {
		t.Fatalf("an InvalidError, not %v", err)
	}
	var paths []string
	for _, f := range invalid.Findings {
		paths = append(paths, f.Path)
	}
	if diff := cmp.Diff([]string{"steps[b].input.jobQueue", "steps[b].input.jobDefinition"}, paths); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// A plan that came from somewhere else may have holes.
func TestForPlanWithHoles(t *testing.T) {
	t.Parallel()
	p := &batchkit.Plan{
		Definitions: []*batch.RegisterJobDefinitionInput{nil},
		Steps:       []batchkit.Step{{Name: "a", Definition: -1}, {Name: "b", Input: plan().Steps[0].Input}},
	}
	_, _, err := iam.ForPlan(p, here, ^iam.Calls(0))
	var invalid *validate.InvalidError
	if !errors.As(err, &invalid) || len(invalid.Findings.Errors()) != 3 {
		t.Errorf("a queue and two definitions are missing: %v", err)
	}
}

func TestForExecution(t *testing.T) {
	t.Parallel()
	policy, findings := iam.ForExecution(here, definition("app"), nil)
	golden.Check(t, "testdata/execution.json", policy.JSON())
	if diff := cmp.Diff([]string{iam.NoResource, iam.AnySuffix, iam.AnyStream}, findings.Rules()); diff != "" {
		t.Errorf("rules: -want +got\n%s", diff)
	}
}

func TestForExecutionOfNodes(t *testing.T) {
	t.Parallel()
	def := &batch.RegisterJobDefinitionInput{NodeProperties: &types.NodeProperties{NodeRangeProperties: []types.NodeRangeProperty{
		{Container: &types.ContainerProperties{Image: aws.String("999999999999.dkr.ecr.us-east-1.amazonaws.com/node@sha256:00")}},
		{EcsProperties: definition("x").EcsProperties},
	}}}
	policy, _ := iam.ForExecution(here, def)
	want := []string{"arn:aws:ecr:eu-west-1:123456789012:repository/team/app", "arn:aws:ecr:us-east-1:999999999999:repository/node"}
	for _, s := range policy.Statement {
		if s.Sid == "PullImages" {
			if diff := cmp.Diff(want, s.Resource); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
			return
		}
	}
	t.Error("no statement on images")
}

func TestTrust(t *testing.T) {
	t.Parallel()
	all := map[iam.Role]iam.Policy{}
	for _, role := range []iam.Role{
		iam.JobRole, iam.ExecutionRole, iam.InstanceRole, iam.ServiceRole, iam.SpotFleetRole,
		iam.EventsRole, iam.SchedulerRole, iam.StatesRole, iam.LambdaRole,
	} {
		all[role] = iam.Trust(role, here)
	}
	text, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, "testdata/trust.json", string(text)+"\n")
	if got := iam.Trust("nobody", here).Statement; got != nil {
		t.Errorf("an unknown role is trusted by nobody, not %v", got)
	}
	if got := iam.Trust(iam.JobRole, iam.Where{}).Statement[0].Condition; got != nil {
		t.Errorf("without an account there is nothing to hold the service to, not %v", got)
	}
	if diff := cmp.Diff([]string{"arn:aws-cn:iam::aws:policy/service-role/AWSBatchServiceRole"},
		iam.ManagedPolicies(iam.ServiceRole, iam.Where{Partition: "aws-cn"})); diff != "" {
		t.Errorf("managed policies: -want +got\n%s", diff)
	}
}

// References of packages cloudformation and terraform stand for ARNs, or say of which repository they are.
func TestReferences(t *testing.T) {
	t.Parallel()
	p := &batchkit.Plan{Steps: []batchkit.Step{{Name: "a", Definition: -1, Input: &batch.SubmitJobInput{
		JobQueue: aws.String("${cfn.Queue.JobQueueArn}"), JobDefinition: aws.String("${cfn.Report.JobDefinitionArn}"),
	}}}}
	policy, _, err := iam.ForPlan(p, here, iam.Trigger)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"${cfn.Queue.JobQueueArn}", "${cfn.Report.JobDefinitionArn}", "arn:aws:batch:eu-west-1:123456789012:job/*"}
	if diff := cmp.Diff(want, policy.Statement[0].Resource); diff != "" {
		t.Errorf("submit: -want +got\n%s", diff)
	}
	for _, test := range []struct {
		name, reason, image, secret string
		want                        []string // repositories
		rules                       []string // of warnings
	}{
		{"cloudformation", "the address is an attribute", "${cfn.Images.RepositoryUri}:1", "", []string{"${cfn.Images.Arn}"}, []string{}},
		{"terraform", "the address is an attribute", "${tf.aws_ecr_repository.a.repository_url}:1", "", []string{"${tf.aws_ecr_repository.a.arn}"}, []string{}},
		{"composed", "account and Region are those of the stack", "${cfn.AWS::AccountId}.dkr.ecr.${cfn.AWS::Region}.${cfn.AWS::URLSuffix}/team/app:1", "",
			[]string{"arn:aws:ecr:${cfn.AWS::Region}:${cfn.AWS::AccountId}:repository/team/app"}, []string{}},
		{"parameter", "it may be any image", "${cfn.Image}", "", nil, []string{iam.NotKnown}},
		{"secret", "it may be a secret or a parameter", "busybox", "${cfn.Token}", nil, []string{iam.NotKnown}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := &types.ContainerProperties{Image: &test.image}
			if test.secret != "" {
				c.Secrets = []types.Secret{{Name: aws.String("TOKEN"), ValueFrom: &test.secret}}
			}
			policy, findings := iam.ForExecution(here, &batch.RegisterJobDefinitionInput{ContainerProperties: c})
			var got []string
			for _, s := range policy.Statement {
				switch s.Sid {
				case "PullImages":
					got = s.Resource
				case "ReadSecrets", "ReadParameters":
					t.Errorf("nothing is known, and yet %v is allowed", s.Resource)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s: -want +got\n%s", test.reason, diff)
			}
			if diff := cmp.Diff(test.rules, findings.Warnings().Rules()); diff != "" {
				t.Errorf("%s: warnings: -want +got\n%s", test.reason, diff)
			}
		})
	}
}
