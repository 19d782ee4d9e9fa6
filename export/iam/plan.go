package iam

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/validate"
)

// Calls is a set of what a program does with the jobs of a plan.
type Calls uint16

const (
	// Submit is SubmitJob, and TagResource when a job of the plan has tags. AWS Batch asks for the latter on what is
	// submitted to and from, the queue and the definition: https://github.com/wri/gfw-data-api/pull/175.
	Submit Calls = 1 << iota
	// Tag is TagResource with the submissions even if the plan has no tags, as package batchkit's client adds its own.
	Tag
	// Register is RegisterJobDefinition and DescribeJobDefinitions for the definitions of the plan, and the right to
	// pass their roles to Amazon ECS.
	Register
	// Deregister is DeregisterJobDefinition for the definitions of the plan.
	Deregister
	// Watch is DescribeJobs and ListJobs.
	Watch
	// Cancel is CancelJob and TerminateJob.
	Cancel
	// ReadLogs is reading what the containers wrote to CloudWatch Logs.
	ReadLogs
	// SyncRule is the EventBridge rule by which Step Functions learns that a job of a .sync task has ended:
	// https://docs.aws.amazon.com/step-functions/latest/dg/connect-batch.html.
	SyncRule
	// LookUp is DescribeJobQueues and DescribeJobDefinitions, with which package batchkit's client says why a submission
	// was refused, and finds a run again.
	LookUp

	// Client is what package batchkit's client does: register, submit, watch, cancel, and look things up. Deregister comes
	// on top where it shall clear away old revisions.
	Client = Submit | Tag | Register | Watch | Cancel | LookUp
	// Trigger is what EventBridge and EventBridge Scheduler do.
	Trigger = Submit
	// StateMachine is what a state machine of package asl does.
	StateMachine = Submit | Tag | Watch | Cancel | SyncRule
)

// ForPlan returns the policy for the given calls on the jobs of the plan, on exactly its queues and definitions, and
// findings that say where it must be wider. The error is a [*validate.InvalidError] when a job has no queue or no
// definition. A nil plan needs nothing.
//
// SubmitJob is checked against queue and definition both. The ARN it is checked against ends with the revision, so a
// definition without one is allowed with and without:
// https://docs.aws.amazon.com/batch/latest/userguide/iam-example-restrict-job-submission.html.
func ForPlan(plan *batchkit.Plan, where Where, calls Calls) (Policy, validate.Findings, error) {
	p := &planPolicy{Policy: Policy{Version: Version}, where: where, plan: whole(plan), findings: where.known()}
	if calls&(Submit|Tag) != 0 {
		p.submit(calls)
	}
	if calls&Register != 0 {
		p.register()
	}
	if calls&LookUp != 0 {
		p.onAll("LookUp", "batch:DescribeJobDefinitions", "batch:DescribeJobQueues")
	} else if calls&Register != 0 && len(p.plan.Definitions) > 0 {
		p.onAll("DescribeDefinitions", "batch:DescribeJobDefinitions")
	}
	if calls&Deregister != 0 {
		p.allow("DeregisterDefinitions", []string{"batch:DeregisterJobDefinition"}, p.registered(), nil)
	}
	if calls&Watch != 0 {
		p.onAll("WatchJobs", "batch:DescribeJobs", "batch:ListJobs")
	}
	if calls&Cancel != 0 {
		p.onJobs("CancelJobs", "batch:CancelJob", "batch:TerminateJob")
	}
	if calls&ReadLogs != 0 {
		p.readLogs()
	}
	if calls&SyncRule != 0 {
		p.allow("SyncRule", []string{"events:DescribeRule", "events:PutRule", "events:PutTargets"},
			[]string{where.arn("events", "rule/StepFunctionsGetEventsForBatchJobsRule")}, nil)
	}
	if err := p.findings.Err(); err != nil {
		return Policy{}, nil, err
	}
	return p.Policy, p.findings, nil
}

// whole returns a plan in which nothing is nil, whoever wrote it; what is missing has no name then.
func whole(plan *batchkit.Plan) *batchkit.Plan {
	out := &batchkit.Plan{}
	if plan == nil {
		return out
	}
	out.Definitions, out.Steps = slices.Clone(plan.Definitions), slices.Clone(plan.Steps)
	for i := range out.Definitions {
		out.Definitions[i] = cmp.Or(out.Definitions[i], &batch.RegisterJobDefinitionInput{})
	}
	for i := range out.Steps {
		out.Steps[i].Input = cmp.Or(out.Steps[i].Input, &batch.SubmitJobInput{})
	}
	return out
}

type planPolicy struct {
	Policy
	where    Where
	plan     *batchkit.Plan
	findings validate.Findings
}

// submit allows submissions, and the tags in them on all that they name: IAM is asked for these before there is a job.
func (p *planPolicy) submit(calls Calls) {
	var resources []string
	for i := range p.plan.Steps {
		s := &p.plan.Steps[i]
		path := "steps[" + s.Name + "].input."
		if queue := p.required(path+"jobQueue", s.Input.JobQueue); queue != "" {
			resources = append(resources, p.where.named("batch", "job-queue/", queue))
		}
		if s.Definition >= 0 && s.Definition < len(p.plan.Definitions) {
			def := p.plan.Definitions[s.Definition]
			if name := p.required(path+"jobDefinition", def.JobDefinitionName); name != "" {
				resources = append(resources, p.revisions(path+"jobDefinition", name)...)
			}
			if def.ConsumableResourceProperties != nil {
				resources = append(resources, p.consumables(def.ConsumableResourceProperties.ConsumableResourceList)...)
			}
		} else if name := p.required(path+"jobDefinition", s.Input.JobDefinition); name != "" {
			resources = append(resources, p.revisions(path+"jobDefinition", name)...)
		}
		if o := s.Input.ConsumableResourcePropertiesOverride; o != nil {
			resources = append(resources, p.consumables(o.ConsumableResourceList)...)
		}
	}
	if len(p.plan.Steps) == 0 {
		return
	}
	resources = append(resources, p.where.arn("batch", "job/*"))
	if calls&Submit != 0 {
		note(&p.findings, AnyJob, "", "batch:SubmitJob also names the job that it makes, whose id does not exist yet: it is allowed on "+
			"job/*, which gives nothing without the queue and the definition.", reference)
		p.allow("SubmitJobs", []string{"batch:SubmitJob"}, resources, nil)
	}
	if calls&Tag != 0 || p.tagged() {
		note(&p.findings, AnyJob, "", "batch:TagResource: allowed on every job, whose ids do not exist yet, and on the queues and "+
			"definitions, on which AWS Batch asks for it when a submission has tags.", reference)
		p.allow("TagJobs", []string{"batch:TagResource"}, resources, nil)
	}
}

func (p *planPolicy) required(path string, value *string) string {
	if aws.ToString(value) == "" {
		p.findings = append(p.findings, validate.Finding{
			Rule: Unnamed, Severity: validate.Error, Path: path, Source: reference,
			Message: "a policy is made for queues and definitions that have names; this one has none. Name it.",
		})
	}
	return aws.ToString(value)
}

// revisions returns the ARNs of a definition that is given by name, name:revision or ARN.
func (p *planPolicy) revisions(path, name string) []string {
	arn := p.where.named("batch", "job-definition/", name)
	if isReference(arn) || strings.Contains(arn[strings.LastIndex(arn, "/")+1:], ":") {
		return []string{arn}
	}
	note(&p.findings, AnyRevision, path, "every revision is allowed, because the definition is named without one; "+
		"name:revision or an ARN with its revision would narrow it to that one.",
		"https://docs.aws.amazon.com/batch/latest/userguide/iam-example-restrict-job-submission.html")
	return []string{arn, arn + ":*"}
}

func (p *planPolicy) register() {
	p.allow("RegisterDefinitions", []string{"batch:RegisterJobDefinition"}, p.registered(), nil)
	var tagged, passed []string
	for _, def := range p.plan.Definitions {
		if len(def.Tags) > 0 {
			tagged = append(tagged, p.named(def)...)
		}
		for _, role := range roles(def) {
			passed = append(passed, p.where.role(role))
		}
	}
	p.allow("TagDefinitions", []string{"batch:TagResource"}, tagged, nil)
	p.allow("PassRoles", []string{"iam:PassRole"}, passed,
		Condition{"StringEquals": {"iam:PassedToService": {string(tasksService)}}})
}

// registered are the definitions of the plan, with any revision.
func (p *planPolicy) registered() []string {
	var out []string
	for _, def := range p.plan.Definitions {
		out = append(out, p.named(def)...)
	}
	return out
}

// named is a definition with any revision, and without one.
func (p *planPolicy) named(def *batch.RegisterJobDefinitionInput) []string {
	name := aws.ToString(def.JobDefinitionName)
	if name == "" {
		return nil
	}
	arn := p.where.arn("batch", "job-definition/"+name)
	return []string{arn, arn + ":*"}
}

func (p *planPolicy) readLogs() {
	var streams []string
	for i, def := range p.plan.Definitions {
		for c := range containers(def) {
			if group, _ := c.group(); group != "" {
				note(&p.findings, AnyStream, fmt.Sprintf("definitions[%d]", i), "every stream of the log group may be read, because "+
					"streams are named when a container starts.", "https://docs.aws.amazon.com/batch/latest/userguide/using_awslogs.html")
				streams = append(streams, p.where.arn("logs", "log-group:"+group+":log-stream:*"))
			}
		}
	}
	p.allow("ReadLogs", []string{"logs:GetLogEvents"}, streams, nil)
}

func (p *planPolicy) tagged() bool {
	for i := range p.plan.Steps {
		if len(p.plan.Steps[i].Input.Tags) > 0 {
			return true
		}
	}
	return false
}

// onJobs allows calls on jobs, whose ids nobody knows yet.
func (p *planPolicy) onJobs(sid string, actions ...string) {
	note(&p.findings, AnyJob, "", strings.Join(actions, " and ")+": allowed on every job, because ids exist only once jobs have "+
		"been submitted; a condition on aws:ResourceTag can narrow it to jobs with a tag.", reference)
	p.allow(sid, actions, []string{p.where.arn("batch", "job/*")}, nil)
}

// onAll allows calls that have no resource.
func (p *planPolicy) onAll(sid string, actions ...string) {
	note(&p.findings, NoResource, "", strings.Join(actions, " and ")+": allowed on *, because AWS Batch has no resource-level "+
		"permissions for it.", reference)
	p.allow(sid, actions, []string{"*"}, nil)
}

// consumables returns the ARNs of the resources that jobs hold while they run.
func (p *planPolicy) consumables(list []types.ConsumableResourceRequirement) []string {
	var out []string
	for _, r := range list {
		if name := aws.ToString(r.ConsumableResource); name != "" {
			out = append(out, p.where.named("batch", "consumable-resource/", name))
		}
	}
	return out
}
