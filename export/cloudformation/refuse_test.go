package cloudformation_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/export"
	"github.com/batchkit/batchkit-go/export/cloudformation"
	"github.com/batchkit/batchkit-go/export/schedule"
)

func TestRefusals(t *testing.T) {
	t.Parallel()
	container := func(change func(*batch.RegisterJobDefinitionInput)) cloudformation.Template {
		in := &batch.RegisterJobDefinitionInput{
			JobDefinitionName: aws.String("x"), Type: types.JobDefinitionTypeContainer,
			ContainerProperties: &types.ContainerProperties{Image: aws.String("busybox")},
		}
		change(in)
		return cloudformation.New("").JobDefinition("X", in)
	}
	several := func(in *batch.RegisterJobDefinitionInput) {
		in.ContainerProperties, in.EcsProperties = nil, &types.EcsProperties{TaskProperties: []types.EcsTaskProperties{{
			Containers: []types.TaskContainerProperties{{Name: aws.String("app"), Image: aws.String("busybox")}},
		}}}
	}
	licence := types.ConsumableResourceRequirement{
		ConsumableResource: aws.String("arn:aws:batch:eu-west-1:123456789012:consumable-resource/licence"), Quantity: aws.Int64(1),
	}
	for _, row := range []struct {
		name, reason string
		template     cloudformation.Template
		want         []string // the beginnings of the refusals
	}{
		{"no resource", "CloudFormation wants one at least", cloudformation.New(""), []string{"a template has at least one resource"}},
		{"long description", "a limit of templates", cloudformation.New(strings.Repeat("x", 1025)).Resource("X", "AWS::SQS::Queue", nil),
			[]string{"a template has at most 1024 bytes of description, found 1025"}},
		{"bad id", "ids are letters and digits", cloudformation.New("").Resource("my-queue", "AWS::SQS::Queue", nil),
			[]string{"my-queue: a logical id"}},
		{"id twice", "one would replace the other in silence", cloudformation.New("").Parameter("X", cloudformation.Parameter{}).Resource("X", "AWS::SQS::Queue", nil),
			[]string{"X: two resources or parameters"}},
		{"output twice", "one would replace the other in silence", cloudformation.New("").Resource("X", "AWS::SQS::Queue", nil).
			Output("O", cloudformation.Output{Value: "1"}).Output("O", cloudformation.Output{Value: "2"}), []string{"Outputs.O: two outputs"}},
		{"dangling reference", "the stack would fail", container(func(in *batch.RegisterJobDefinitionInput) {
			in.ContainerProperties.JobRoleArn = aws.String(cloudformation.Attr("Role", "Arn"))
		}), []string{`X: containerProperties.jobRoleArn: refers to "Role"`}},
		{"attribute of a parameter", "only resources have attributes", cloudformation.New("").Parameter("P", cloudformation.Parameter{}).
			Resource("X", "AWS::SQS::Queue", map[string]any{"QueueName": cloudformation.Attr("P", "Arn")}), []string{`X: refers to an attribute of "P"`}},
		{"circle", "none of them can be created first", cloudformation.New("").
			Resource("A", "AWS::SQS::Queue", map[string]any{"QueueName": cloudformation.Ref("B")}).
			Resource("B", "AWS::SQS::Queue", nil, cloudformation.DependsOn("A")), []string{"A: the resources refer to each other in a circle, so none can be created first: A, B, A"}},
		{"itself", "it cannot be created before itself", cloudformation.New("").
			Resource("A", "AWS::SQS::Queue", map[string]any{"QueueName": cloudformation.Ref("A")}), []string{"A: the resources refer to each other in a circle"}},
		{"large", "a limit of templates", cloudformation.New("").Resource("A", "AWS::SQS::Queue", map[string]any{"QueueName": strings.Repeat("x", 1<<20)}),
			[]string{"a template has at most 1048576 bytes"}},
		{"list among others", "CloudFormation has no list in a list", cloudformation.New("").Parameter("P", cloudformation.Parameter{Type: "CommaDelimitedList"}).
			Resource("X", "AWS::X::Y", map[string]any{"Names": []string{cloudformation.Ref("P"), "a"}}), []string{`X: the parameter "P" is a list`}},
		{"dangling DependsOn", "the stack would fail", cloudformation.New("").Resource("X", "AWS::SQS::Queue", nil, cloudformation.DependsOn("Y")),
			[]string{`X: refers to "Y"`}},
		{"everything at once", "all is said in one go", container(func(in *batch.RegisterJobDefinitionInput) {
			in.ContainerProperties.InstanceType = aws.String("c7i.large")
			in.RetryStrategy = &types.RetryStrategy{}
			in.Timeout = &types.JobTimeout{}
			in.ConsumableResourceProperties = &types.ConsumableResourceProperties{
				ConsumableResourceList: []types.ConsumableResourceRequirement{licence, licence},
			}
		}), []string{
			"X: consumableResourceProperties.consumableResourceList: CloudFormation takes no element twice",
			"X: containerProperties.instanceType: AWS::Batch::JobDefinition has no such property",
			"X: retryStrategy: CloudFormation leaves it out",
			"X: timeout: CloudFormation leaves it out",
		}},
		{"schedule without job", "there is nothing to submit", cloudformation.New("").Schedule("X", cloudformation.Schedule{Expression: "rate(1 day)"}),
			[]string{"X: a schedule has a job to submit"}},
		{"schedule that fails each night", "nobody would see it", container(several).Schedule("Nightly", cloudformation.Schedule{
			Expression: "rate(1 day)", Delivery: schedule.Delivery{MaxAge: 1},
			Submit: &batch.SubmitJobInput{
				JobName: aws.String("nightly-" + cloudformation.Ref("AWS::Region")), JobQueue: aws.String("night"), JobDefinition: aws.String("x"),
				ContainerOverrides: &types.ContainerOverrides{},
			},
		}), []string{
			"Nightly: containerOverrides: must be absent", "Nightly: the target needs the ARN of a role", "Nightly: Delivery.MaxAge must be",
		}},
		{"schedule of no time", "it would never run, or be late for ever", container(several).Schedule("Nightly", cloudformation.Schedule{
			FlexibleMinutes: 1441, Delivery: schedule.Delivery{RoleARN: "arn:aws:iam::123456789012:role/timer"},
			Submit: &batch.SubmitJobInput{
				JobName: aws.String("nightly"), JobQueue: aws.String("night"), JobDefinition: aws.String(cloudformation.Ref("X")),
				ContainerOverrides: &types.ContainerOverrides{},
			},
		}), []string{
			"Nightly: a schedule has an expression", "Nightly: a schedule may be late by at most 1440 minutes, found 1441",
			"Nightly: containerOverrides: must be absent",
		}},
		{"role without trust", "IAM wants to know who assumes it", cloudformation.New("").Role("X", cloudformation.Role{}),
			[]string{"X: AssumeRolePolicyDocument: must be a policy document"}},
		{"policy of no form", "encoding/json cannot write it", cloudformation.New("").Role("X", cloudformation.Role{Trust: func() {}}),
			[]string{"X: AssumeRolePolicyDocument: encoding/json cannot write"}},
		{"properties that are a list", "properties have names", cloudformation.New("").Resource("X", "AWS::SQS::Queue", []string{"a"}),
			[]string{"X: the properties must be an object"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			if row.reason == "" {
				t.Fatal("no reason")
			}
			text, err := row.template.JSON()
			var refused *export.Error
			if !errors.As(err, &refused) || text != nil {
				t.Fatalf("got %v and %d bytes, want refusals and none", err, len(text))
			}
			var got []string
			for i, r := range refused.Refusals {
				said := r.String()
				if i < len(row.want) && strings.HasPrefix(said, row.want[i]) {
					said = row.want[i]
				}
				got = append(got, said)
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// Check judges all but what is not known yet.
func TestCheck(t *testing.T) {
	t.Parallel()
	got := cloudformation.New("").
		Role("Role", cloudformation.Role{Trust: map[string]any{}}).
		JobDefinition("Bad", &batch.RegisterJobDefinitionInput{
			JobDefinitionName: aws.String("bad"), Type: types.JobDefinitionTypeContainer,
			ContainerProperties: &types.ContainerProperties{
				Image:      aws.String(cloudformation.Ref("Role")),
				JobRoleArn: aws.String(cloudformation.Attr("Role", "Arn")),
			},
		}).Check()
	if len(got) != 1 || got[0].Resource != "Bad" || got[0].Err() == nil {
		t.Fatalf("got %v, want the missing resources of Bad", got)
	}
	for _, f := range got[0].Findings {
		if strings.Contains(f.Path, "jobRoleArn") || strings.Contains(f.Path, "image") {
			t.Errorf("%s is not known yet, and yet: %s", f.Path, f.Message)
		}
	}
}

// A template is a value: adding to a copy does not change it.
func TestTemplatesFork(t *testing.T) {
	t.Parallel()
	in := &batch.CreateJobQueueInput{JobQueueName: aws.String("a"), Priority: aws.Int32(1)}
	base := cloudformation.New("").JobQueue("A", in)
	before, err := base.JSON()
	if err != nil {
		t.Fatal(err)
	}
	*in.JobQueueName = "scribbled"
	base.JobQueue("B", in).JobQueue("C", in)
	after, err := base.JSON()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(before), string(after)); diff != "" {
		t.Errorf("-before +after\n%s", diff)
	}
}
