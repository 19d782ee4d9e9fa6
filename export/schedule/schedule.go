package schedule

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/internal/ordered"
	"github.com/batchkit/batchkit-go/internal/pascal"
	"github.com/batchkit/batchkit-go/validate"
)

// The ids of the findings, which are stable. All are errors but FixedJob.
const (
	// NotCarried: the target has no place for a member of the request.
	NotCarried = "SCH001"
	// QueueName: a rule's target is the ARN of a queue, not its name.
	QueueName = "SCH002"
	// BadDelivery: the role is missing, or the age or the number of retries is out of range.
	BadDelivery = "SCH003"
	// BadID: the id of a rule's target is not 1 to 64 letters, digits, dots, hyphens and underscores.
	BadID = "SCH004"
	// FixedJob: a schedule would make each job wait for the same job. A warning.
	FixedJob = "SCH005"
)

const (
	universal = "https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html"
	ruleDocs  = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html#targets-specifics-batch"
	targetAPI = "https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Target.html"
)

// ForScheduler returns the universal target of EventBridge Scheduler that submits the job, and warnings. A universal
// target carries every member. The error is a [*validate.InvalidError] for what AWS Batch would refuse, and for a
// delivery that EventBridge Scheduler would; options such as [validate.WithDefinition] sharpen the first. A nil job is
// one without members. The partition is that of the role.
func ForScheduler(in *batch.SubmitJobInput, d Delivery, opts ...validate.Option) (SchedulerTarget, validate.Findings, error) {
	in, c := check(in, d, opts)
	for i, dep := range in.DependsOn {
		if aws.ToString(dep.JobId) != "" {
			c.add(FixedJob, validate.Warning, fmt.Sprintf("dependsOn[%d].jobId", i), "names one job for every time the schedule "+
				"fires, and AWS Batch keeps a finished job for about a week only; leave it out, or schedule once.", universal)
		}
	}
	if err := c.findings.Err(); err != nil {
		return SchedulerTarget{}, nil, err
	}
	return SchedulerTarget{
		Arn: "arn:" + partition(d.RoleARN) + ":scheduler:::aws-sdk:batch:submitJob", RoleArn: d.RoleARN, Input: text(pascal.Value(in)),
		DeadLetterConfig: d.deadLetters(), RetryPolicy: d.retries(),
	}, c.findings.Warnings(), nil
}

// ForRule returns the target of an EventBridge rule that submits the job, and warnings. The error is a
// [*validate.InvalidError] for what AWS Batch would refuse, and for each member of the request that a rule cannot carry:
// tags, timeout, share identifier, overrides of several containers, of pods and of nodes, and whatever else
// BatchParameters and the input have no place for. The queue is given by its ARN. A nil job is one without members.
func ForRule(in *batch.SubmitJobInput, id string, d Delivery, opts ...validate.Option) (RuleTarget, validate.Findings, error) {
	in, c := check(in, d, opts)
	c.rule(in, id)
	input := text(pascal.Value(&batch.SubmitJobInput{Parameters: in.Parameters, ContainerOverrides: in.ContainerOverrides, DependsOn: in.DependsOn}))
	if n := utf8.RuneCountInString(input); n > maxInput {
		c.add(NotCarried, validate.Error, "", fmt.Sprintf("a rule's target has an input of at most %d characters, and parameters, containerOverrides "+
			"and dependsOn take %d; shorten them, or use a schedule, whose universal target carries the whole request.", maxInput, n), targetAPI)
	}
	if err := c.findings.Err(); err != nil {
		return RuleTarget{}, nil, err
	}
	target := RuleTarget{
		Id: id, Arn: aws.ToString(in.JobQueue), RoleArn: d.RoleARN,
		BatchParameters:  BatchParameters{JobDefinition: aws.ToString(in.JobDefinition), JobName: aws.ToString(in.JobName)},
		Input:            input,
		DeadLetterConfig: d.deadLetters(), RetryPolicy: d.retries(),
	}
	if a := in.ArrayProperties; a != nil {
		target.BatchParameters.ArrayProperties = &ArrayProperties{Size: aws.ToInt32(a.Size)}
	}
	if r := in.RetryStrategy; r != nil && r.Attempts != nil {
		target.BatchParameters.RetryStrategy = &RetryStrategy{Attempts: *r.Attempts}
	}
	return target, c.findings.Warnings(), nil
}

// maxInput is the greatest length of the input of a rule's target, in characters: targetAPI.
const maxInput = 8192

type checker struct{ findings validate.Findings }

func (c *checker) add(rule string, severity validate.Severity, path, message, source string) {
	c.findings = append(c.findings, validate.Finding{Rule: rule, Severity: severity, Path: path, Message: message, Source: source})
}

// check judges what both targets have in common.
func check(in *batch.SubmitJobInput, d Delivery, opts []validate.Option) (*batch.SubmitJobInput, *checker) {
	if in == nil {
		in = &batch.SubmitJobInput{}
	}
	c := &checker{validate.SubmitJob(in, opts...)}
	if !isARN(d.RoleARN) {
		c.add(BadDelivery, validate.Error, "", "the target needs the ARN of a role that may submit the job; set Delivery.RoleARN.", universal)
	}
	if d.MaxAge != 0 && (d.MaxAge < 60 || d.MaxAge > 86400) {
		c.add(BadDelivery, validate.Error, "", fmt.Sprintf("Delivery.MaxAge must be 60 to 86400 seconds, found %d.", d.MaxAge), targetAPI)
	}
	if d.Retries != nil && (*d.Retries < 0 || *d.Retries > 185) {
		c.add(BadDelivery, validate.Error, "", fmt.Sprintf("Delivery.Retries must be 0 to 185, found %d.", *d.Retries), targetAPI)
	}
	return in, c
}

// carried are the members of SubmitJob that a rule's target has a place for.
var carried = []string{"JobName", "JobQueue", "JobDefinition", "ArrayProperties", "RetryStrategy", "Parameters", "ContainerOverrides", "DependsOn"}

// instead says what to do about some members that a rule does not carry. For all of them EventBridge Scheduler is a way.
var instead = map[string]string{
	"Tags": "tag the definition", "Timeout": "set it in the definition", "PropagateTags": "set it in the definition",
	"SchedulingPriorityOverride":           "set schedulingPriority in the definition",
	"ConsumableResourcePropertiesOverride": "set consumableResourceProperties in the definition",
	"EcsPropertiesOverride":                "register a definition with those values, or use Ref:: parameters in its commands",
	"EksPropertiesOverride":                "register a definition with those values, or use Ref:: parameters in its commands",
	"NodeOverrides":                        "register a definition with those values",
}

// rule judges what a rule cannot carry. It goes by what a rule can, so a member that the API grows is not lost unnoticed.
func (c *checker) rule(in *batch.SubmitJobInput, id string) {
	lost := func(path, what, mend string) {
		if mend != "" {
			mend += ", or "
		}
		c.add(NotCarried, validate.Error, path, "a rule's target has no place for "+what+"; "+mend+
			"use a schedule, whose universal target carries the whole request, or a Lambda function.", ruleDocs)
	}
	members := pascal.Value(in).(map[string]any) //nolint:forcetypeassert // a struct is an object
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if !slices.Contains(carried, name) {
			lost(ordered.Lower(name), "it", instead[name])
		}
	}
	if o := in.ContainerOverrides; o != nil {
		if o.ResourceRequirements != nil {
			lost("containerOverrides.resourceRequirements", "resource requirements, of all overrides it takes command, environment, memory and vcpus only",
				"register a definition with those values")
		}
		if o.InstanceType != nil {
			lost("containerOverrides.instanceType", "an instance type", "")
		}
	}
	if r := in.RetryStrategy; r != nil && r.EvaluateOnExit != nil {
		lost("retryStrategy.evaluateOnExit", "rules on when to retry", "set them in the definition and leave the strategy out here")
	}
	for i, dep := range in.DependsOn {
		if dep.Type != "" {
			lost(fmt.Sprintf("dependsOn[%d].type", i), "the type of a dependency, "+string(dep.Type), "")
		}
		if aws.ToString(dep.JobId) != "" && dep.Type != types.ArrayJobDependencySequential {
			c.add(FixedJob, validate.Warning, fmt.Sprintf("dependsOn[%d].jobId", i),
				"names one job for every event, and AWS Batch keeps a finished job for about a week only; leave it out.", ruleDocs)
		}
	}
	if !isARN(aws.ToString(in.JobQueue)) {
		c.add(QueueName, validate.Error, "jobQueue", "a rule's target is the ARN of the queue; give that in place of its name.", targetAPI)
	}
	if !validID(id) {
		c.add(BadID, validate.Error, "", "the id of a target must be 1 to 64 letters, digits, dots, hyphens and underscores.", targetAPI)
	}
}

func validID(id string) bool {
	if id == "" || len(id) > 64 {
		return false
	}
	for _, r := range id {
		if !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune(".-_", r)) {
			return false
		}
	}
	return true
}

// isARN reports whether a text is an ARN, or stands for one, as the references of packages cloudformation and terraform do.
func isARN(s string) bool { return strings.HasPrefix(s, "arn:") || strings.HasPrefix(s, "${") }

// partition returns the partition of an ARN, aws where a reference stands for it.
func partition(arn string) string {
	parts := strings.Split(arn, ":")
	if parts[0] != "arn" || len(parts) < 2 {
		return "aws"
	}
	return parts[1]
}

// text returns a tree as JSON. The keywords of EventBridge Scheduler, such as <aws.scheduler.execution-id>, stay readable.
func text(tree any) string {
	b, err := ordered.Compact(tree)
	if err != nil { // strings, numbers and booleans can always be written
		return ""
	}
	return string(b)
}
