package schedule_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/export/schedule"
	"github.com/batchkit/batchkit-go/validate"
)

const queue = "arn:aws:batch:eu-west-1:123456789012:job-queue/night"

var delivery = schedule.Delivery{RoleARN: "arn:aws:iam::123456789012:role/scheduler"}

func input(change func(*batch.SubmitJobInput)) *batch.SubmitJobInput {
	in := &batch.SubmitJobInput{
		JobName: aws.String("report"), JobQueue: aws.String(queue), JobDefinition: aws.String("report:3"),
		Parameters: map[string]string{"day": "today"},
	}
	if change != nil {
		change(in)
	}
	return in
}

// Whatever can be submitted can be scheduled: nothing is lost on the way.
func TestForSchedulerCarriesAll(t *testing.T) {
	t.Parallel()
	in := input(func(in *batch.SubmitJobInput) {
		in.EcsPropertiesOverride = &types.EcsPropertiesOverride{TaskProperties: []types.TaskPropertiesOverride{{
			Containers: []types.TaskContainerOverrides{{Name: aws.String("app"), Command: []string{"run"}}},
		}}}
		in.Tags = map[string]string{"team": "a"}
		in.ArrayProperties = &types.ArrayProperties{Size: aws.Int32(3)}
	})
	d := delivery
	d.DeadLetterARN, d.MaxAge, d.Retries = "arn:aws:sqs:eu-west-1:123456789012:lost", 3600, aws.Int32(0)
	target, warnings, err := schedule.ForScheduler(in, d)
	if err != nil || len(warnings) > 0 {
		t.Fatal(warnings, err)
	}
	got, err := json.Marshal(target)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"Arn":"arn:aws:scheduler:::aws-sdk:batch:submitJob","RoleArn":"arn:aws:iam::123456789012:role/scheduler",` +
		`"Input":"{\"ArrayProperties\":{\"Size\":3},\"EcsPropertiesOverride\":{\"TaskProperties\":[{\"Containers\":[{\"Command\":[\"run\"],\"Name\":\"app\"}]}]},` +
		`\"JobDefinition\":\"report:3\",\"JobName\":\"report\",\"JobQueue\":\"` + queue + `\",\"Parameters\":{\"day\":\"today\"},\"Tags\":{\"team\":\"a\"}}",` +
		`"DeadLetterConfig":{"Arn":"arn:aws:sqs:eu-west-1:123456789012:lost"},"RetryPolicy":{"MaximumEventAgeInSeconds":3600,"MaximumRetryAttempts":0}}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestForRule(t *testing.T) {
	t.Parallel()
	target, _, err := schedule.ForRule(input(func(in *batch.SubmitJobInput) {
		in.ArrayProperties = &types.ArrayProperties{Size: aws.Int32(3)}
		in.RetryStrategy = &types.RetryStrategy{Attempts: aws.Int32(2)}
		in.ContainerOverrides = &types.ContainerOverrides{Command: []string{"run"}, Environment: []types.KeyValuePair{{Name: aws.String("A"), Value: aws.String("b")}}}
	}), "nightly.1", delivery)
	if err != nil {
		t.Fatal(err)
	}
	want := schedule.RuleTarget{
		Id: "nightly.1", Arn: queue, RoleArn: delivery.RoleARN,
		BatchParameters: schedule.BatchParameters{
			JobDefinition: "report:3", JobName: "report",
			ArrayProperties: &schedule.ArrayProperties{Size: 3}, RetryStrategy: &schedule.RetryStrategy{Attempts: 2},
		},
		Input: `{"ContainerOverrides":{"Command":["run"],"Environment":[{"Name":"A","Value":"b"}]},"Parameters":{"day":"today"}}`,
	}
	if diff := cmp.Diff(want, target); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	bare, _, err := schedule.ForRule(input(func(in *batch.SubmitJobInput) { in.Parameters = nil }), "a", delivery)
	if err != nil || bare.Input != "{}" {
		t.Errorf("without an input the job would get the event: %q %v", bare.Input, err)
	}
}

func TestRefuses(t *testing.T) {
	t.Parallel()
	type finding struct{ Rule, Path string }
	for _, test := range []struct {
		name, reason string
		id           string
		delivery     schedule.Delivery
		change       func(*batch.SubmitJobInput)
		rule, both   []finding // by a rule only, by both targets
	}{
		{name: "members", reason: "BatchParameters has no place for them", id: "a", delivery: delivery,
			change: func(in *batch.SubmitJobInput) {
				in.Tags, in.Timeout = map[string]string{"a": "b"}, &types.JobTimeout{AttemptDurationSeconds: aws.Int32(60)}
				in.ShareIdentifier, in.SchedulingPriorityOverride = aws.String("s"), aws.Int32(1)
				in.PropagateTags = aws.Bool(true)
			},
			rule: []finding{{schedule.NotCarried, "propagateTags"}, {schedule.NotCarried, "schedulingPriorityOverride"},
				{schedule.NotCarried, "shareIdentifier"}, {schedule.NotCarried, "tags"}, {schedule.NotCarried, "timeout"}}},
		{name: "overrides", reason: "of containerOverrides it takes command and environment", id: "a", delivery: delivery,
			change: func(in *batch.SubmitJobInput) {
				in.ContainerOverrides = &types.ContainerOverrides{ResourceRequirements: []types.ResourceRequirement{{Type: types.ResourceTypeVcpu, Value: aws.String("2")}}}
				in.RetryStrategy = &types.RetryStrategy{Attempts: aws.Int32(2), EvaluateOnExit: []types.EvaluateOnExit{{Action: types.RetryActionExit, OnExitCode: aws.String("1")}}}
			},
			rule: []finding{{schedule.NotCarried, "containerOverrides.resourceRequirements"}, {schedule.NotCarried, "retryStrategy.evaluateOnExit"}}},
		{name: "several containers", reason: "the override of several containers is not in its input", id: "a", delivery: delivery,
			change: func(in *batch.SubmitJobInput) {
				in.EcsPropertiesOverride = &types.EcsPropertiesOverride{TaskProperties: []types.TaskPropertiesOverride{{
					Containers: []types.TaskContainerOverrides{{Name: aws.String("app"), Command: []string{"run"}}}}}}
			},
			rule: []finding{{schedule.NotCarried, "ecsPropertiesOverride"}}},
		{name: "sequential", reason: "it takes ids only", id: "a", delivery: delivery,
			change: func(in *batch.SubmitJobInput) {
				in.ArrayProperties = &types.ArrayProperties{Size: aws.Int32(2)}
				in.DependsOn = []types.JobDependency{{Type: types.ArrayJobDependencySequential}}
			},
			rule: []finding{{schedule.NotCarried, "dependsOn[0].type"}}},
		{name: "long", reason: "an input of 8,192 characters is too short for it", id: "a", delivery: delivery,
			change: func(in *batch.SubmitJobInput) { in.Parameters = map[string]string{"a": strings.Repeat("ä", 8200)} },
			rule:   []finding{{schedule.NotCarried, ""}}},
		{name: "names", reason: "a queue by name, and an id with a space", id: "a b", delivery: delivery,
			change: func(in *batch.SubmitJobInput) { in.JobQueue = aws.String("night") },
			rule:   []finding{{schedule.QueueName, "jobQueue"}, {schedule.BadID, ""}}},
		{name: "delivery", reason: "no role, and numbers out of range", id: "a", delivery: schedule.Delivery{MaxAge: 5, Retries: aws.Int32(186)},
			both: []finding{{schedule.BadDelivery, ""}, {schedule.BadDelivery, ""}, {schedule.BadDelivery, ""}}},
		{name: "service", reason: "AWS Batch itself would refuse it", id: "a", delivery: delivery,
			change: func(in *batch.SubmitJobInput) { in.JobName = aws.String("-") },
			both:   []finding{{"SUB001", "jobName"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			in := input(test.change)
			paths := func(err error) (out []finding) {
				var invalid *validate.InvalidError
				if errors.As(err, &invalid) {
					for _, f := range invalid.Findings {
						out = append(out, finding{f.Rule, f.Path})
						if f.Message == "" || f.Source == "" {
							t.Errorf("a message and a source: %+v", f)
						}
					}
				}
				return out
			}
			target, _, err := schedule.ForRule(in, test.id, test.delivery)
			if diff := cmp.Diff(append(test.both, test.rule...), paths(err)); diff != "" {
				t.Errorf("%s: rule: -want +got\n%s", test.reason, diff)
			}
			if diff := cmp.Diff(schedule.RuleTarget{}, target); diff != "" {
				t.Errorf("no target with a part missing: %s", diff)
			}
			_, _, err = schedule.ForScheduler(in, test.delivery)
			if diff := cmp.Diff(test.both, paths(err)); diff != "" {
				t.Errorf("%s: scheduler: -want +got\n%s", test.reason, diff)
			}
		})
	}
}

// EventBridge Scheduler replaces its keywords in the text as it is.
func TestKeywords(t *testing.T) {
	t.Parallel()
	in := input(func(in *batch.SubmitJobInput) { in.Parameters["day"] = "<aws.scheduler.scheduled-time>" })
	target, _, err := schedule.ForScheduler(in, delivery)
	if err != nil || !strings.Contains(target.Input, `"day":"<aws.scheduler.scheduled-time>"`) {
		t.Errorf("%s %v", target.Input, err)
	}
}

func TestFixedJobIsAWarning(t *testing.T) {
	t.Parallel()
	in := input(func(in *batch.SubmitJobInput) {
		in.DependsOn = []types.JobDependency{{JobId: aws.String("0a1b2c3d-0000-4000-8000-000000000000")}}
	})
	_, warnings, err := schedule.ForScheduler(in, delivery)
	if err != nil || len(warnings) != 1 || warnings[0].Rule != schedule.FixedJob {
		t.Errorf("scheduler: %v %v", warnings, err)
	}
	_, warnings, err = schedule.ForRule(in, "a", delivery)
	if err != nil || len(warnings) != 1 || warnings[0].Rule != schedule.FixedJob {
		t.Errorf("rule: %v %v", warnings, err)
	}
}

// A template or a configuration has a reference where an ARN is not known yet.
func TestReferencesStandForARNs(t *testing.T) {
	t.Parallel()
	d := schedule.Delivery{RoleARN: "${cfn.Timer.Arn}"}
	target, _, err := schedule.ForScheduler(input(nil), d)
	if err != nil || target.RoleArn != d.RoleARN || target.Arn != "arn:aws:scheduler:::aws-sdk:batch:submitJob" {
		t.Errorf("scheduler: %+v %v", target, err)
	}
	in := input(func(in *batch.SubmitJobInput) { in.JobQueue = aws.String("${tf.aws_batch_job_queue.night.arn}") })
	if _, _, err := schedule.ForRule(in, "a", d, validate.WithUnknown("jobQueue")); err != nil {
		t.Errorf("rule: %v", err)
	}
}

func TestNilJobIsRefused(t *testing.T) {
	t.Parallel()
	var invalid *validate.InvalidError
	if _, _, err := schedule.ForScheduler(nil, delivery); !errors.As(err, &invalid) {
		t.Errorf("scheduler: an InvalidError, not %v", err)
	}
	if _, _, err := schedule.ForRule(nil, "a", delivery); !errors.As(err, &invalid) {
		t.Errorf("rule: an InvalidError, not %v", err)
	}
}
