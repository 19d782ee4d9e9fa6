package asl

import (
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/internal/pascal"
)

const (
	// maxTags is how many tags a job may have: https://docs.aws.amazon.com/batch/latest/userguide/using-tags.html.
	maxTags = 50
	// hashLength is the length of the run id in a job's name.
	hashLength = 32
	// maxJobName is that of a job's name: https://docs.aws.amazon.com/batch/latest/APIReference/API_SubmitJob.html.
	maxJobName = 128
	// lookAgain is how many seconds to wait before a job is looked for whose submission had no answer.
	lookAgain = 60
)

// block adds the states of a block.
func (x *exporter) block(s *sequence, b *block) {
	switch {
	case b.unit != nil:
		x.unit(s, b.unit)
	case b.series != nil:
		for _, inner := range b.series {
			x.block(s, inner)
		}
	default:
		x.parallel(s, b.parallel)
	}
}

func (x *exporter) parallel(s *sequence, blocks []*block) {
	x.parallels++
	k := x.parallels
	state := &State{Type: "Parallel", ResultPath: at("")}
	name := x.name("", fmt.Sprintf("parallel %d", k))
	results := map[string]any{}
	for i, b := range blocks {
		branch := newSequence(s)
		if !x.keepGoing {
			branch.parent = nil
		}
		x.block(branch, b)
		if x.keepGoing {
			for step := range branch.outcomes {
				results[key(step)+".$"] = fmt.Sprintf("$[%d].%s", i, key(step))
				s.outcomes[step] = fmt.Sprintf("$.p%d.%s", k, key(step))
			}
			branch.add(x.name("", fmt.Sprintf("outcomes of parallel %d, branch %d", k, i+1)), &State{Type: "Pass", Parameters: branch.own()})
		}
		branch.end(x)
		state.Branches = append(state.Branches, Branch{StartAt: branch.startAt, States: branch.states})
	}
	if x.keepGoing {
		state.Parameters = map[string]any{"run.$": "$.run", "up.$": "$"}
		state.ResultSelector, state.ResultPath = results, at(fmt.Sprintf("$.p%d", k))
	}
	s.add(name, state)
}

// unit adds the states of jobs that are submitted together.
func (x *exporter) unit(s *sequence, u *unit) {
	for _, i := range u.steps {
		step := &x.plan.Steps[i]
		skipped := x.guard(s, u, i)
		if len(u.steps) == 1 && takesContainerOverrides(x.plan, step) {
			x.sync(s, i)
		} else {
			x.submit(s, u, i)
			if len(u.steps) == 1 {
				x.watch(s, u, i)
			}
		}
		for _, state := range skipped {
			s.leaveState(state)
		}
		s.outcomes[i] = "$." + key(i)
	}
	if len(u.steps) == 1 {
		return
	}
	for _, i := range u.steps {
		x.watch(s, u, i)
	}
}

// guard adds, where the machine keeps going, the question whether a job may run, and returns the states that record that
// it does not. It decides as package batchkit's client does: gates first, and a job that was not needed has not failed.
func (x *exporter) guard(s *sequence, u *unit, i int) []*State {
	if !x.keepGoing {
		return nil
	}
	step := &x.plan.Steps[i]
	var failed, missing, unfailed []Choice
	for _, d := range step.DependsOn {
		for _, j := range x.named(d.On) {
			failed = append(failed, present(s.outcome(j)+".Error", true))
			if !slices.Contains(u.steps, j) { // one of the same unit has no outcome yet unless it was left out
				missing = append(missing, present(s.outcome(j)+".Status", false))
			} else {
				missing = append(missing, present(s.outcome(j), true))
			}
		}
	}
	for _, gate := range step.Gates {
		if gate.When == batchkit.GateFailed {
			for _, j := range x.gated(gate.On) {
				unfailed = append(unfailed, present(s.outcome(j)+".Error", false))
			}
		}
	}
	if failed == nil && unfailed == nil {
		return nil
	}
	choice := &State{Type: "Choice"}
	var aside []*State
	skip := func(when Choice, what string, result map[string]any) {
		name := x.name(step.Name, what)
		state := &State{Type: "Pass", Result: result, ResultPath: at("$." + key(i))}
		choice.Choices = append(choice.Choices, rule(when, name))
		s.aside(name, state)
		aside = append(aside, state)
	}
	s.put(x.name(step.Name, "may it run?"), choice)
	if unfailed != nil {
		skip(allOf(unfailed), "not called for", map[string]any{"NotNeeded": "nothing that it waits for has failed"})
	}
	if failed != nil {
		skip(anyOf(failed), "not started", map[string]any{"Error": "batchkit.NotStarted", "Cause": "a job that it waits for did not succeed"})
		skip(anyOf(missing), "not needed", map[string]any{"NotNeeded": "a job that it waits for was not needed"})
	}
	s.leave(&choice.Default)
	return aside
}

// sync adds a job as a task that ends with it.
func (x *exporter) sync(s *sequence, i int) {
	step := &x.plan.Steps[i]
	state := &State{
		Type: "Task", Resource: x.opts.resource("batch:submitJob.sync"), Parameters: x.request(i, nil),
		ResultPath: at(""), Retry: throttled("Batch.AWSBatchException"),
	}
	s.add(x.name(step.Name, ""), state)
	if !x.keepGoing {
		return
	}
	state.ResultSelector, state.ResultPath = map[string]any{"Status.$": "$.Status"}, at("$."+key(i))
	name := x.name(step.Name, "failed")
	failed := &State{Type: "Pass", Parameters: map[string]any{"Error.$": "$.caught.Error"}, ResultPath: at("$." + key(i))}
	state.Catch = []Catcher{{ErrorEquals: []string{"States.ALL"}, ResultPath: at("$.caught"), Next: name}}
	s.aside(name, failed)
	s.leaveState(failed)
}

// submit adds the states that submit a job through the SDK integration, unless this execution has submitted it before.
func (x *exporter) submit(s *sequence, u *unit, i int) {
	step := &x.plan.Steps[i]
	id := x.id(u, i)
	find, send, again := x.name(step.Name, "find"), x.name(step.Name, "submit"), x.name(step.Name, "look again")
	s.add(find, &State{
		Type: "Task", Comment: "SubmitJob has no client token: the job's name says whether this execution has submitted it before.",
		Resource: x.opts.resource("aws-sdk:batch:listJobs"),
		Parameters: map[string]any{
			"JobQueue": aws.ToString(step.Input.JobQueue),
			"Filters":  []any{map[string]any{"Name": "JOB_NAME", "Values.$": "States.Array(" + jobName(step.Name) + ")"}},
		},
		ResultSelector: map[string]any{"JobId.$": "$.JobSummaryList[*].JobId"}, ResultPath: at(id), Retry: reading(),
	})
	found := &State{Type: "Choice", Choices: []Choice{present(id+".JobId[0]", true)}, Default: send}
	s.put(x.name(step.Name, "submitted before?"), found)
	submit := &State{
		Type: "Task", Resource: x.opts.resource("aws-sdk:batch:submitJob"), Parameters: x.request(i, u),
		ResultSelector: map[string]any{"JobId.$": "States.Array($.JobId)"}, ResultPath: at(id), Retry: throttled("Batch.BatchException"),
		Catch: []Catcher{{ErrorEquals: []string{"Batch.ServerException", "Batch.SdkClientException", "States.Timeout"}, ResultPath: at(""), Next: again}},
	}
	s.aside(send, submit)
	s.aside(again, &State{Type: "Wait", Comment: "It may have been submitted all the same.", Seconds: lookAgain, Next: find})
	s.leave(&found.Choices[0].Next)
	s.leaveState(submit)
	if x.keepGoing {
		name := x.name(step.Name, "refused")
		refused := &State{Type: "Pass", Parameters: map[string]any{"Error.$": "$.caught.Error", "Cause.$": "$.caught.Cause"}, ResultPath: at("$." + key(i))}
		submit.Catch = append(submit.Catch, Catcher{ErrorEquals: []string{"States.ALL"}, ResultPath: at("$.caught"), Next: name})
		s.aside(name, refused)
		if len(u.steps) == 1 {
			x.refused = refused // goes on behind the watching, which a refused job has not
		} else {
			s.leaveState(refused)
		}
	}
}

// watch adds the states that look at a job until it has ended.
func (x *exporter) watch(s *sequence, u *unit, i int) {
	step := &x.plan.Steps[i]
	look, wait := x.name(step.Name, "look"), x.name(step.Name, "wait")
	var ended *State
	if x.keepGoing && len(u.steps) > 1 {
		ended = &State{Type: "Choice", Choices: []Choice{present("$."+key(i), true)}, Default: look}
		s.put(x.name(step.Name, "watch it?"), ended)
		s.open = []exit{{next: &ended.Default}}
	}
	s.add(look, &State{
		Type: "Task", Resource: x.opts.resource("aws-sdk:batch:describeJobs"),
		Parameters:     map[string]any{"Jobs.$": "States.Array(" + x.id(u, i) + ".JobId[0])"},
		ResultSelector: map[string]any{"Status.$": "$.Jobs[*].Status", "Reason.$": "$.Jobs[*].StatusReason"},
		ResultPath:     at("$.seen"), Retry: reading(),
	})
	reason, failed := x.name(step.Name, "failed with a reason"), x.name(step.Name, "failed")
	state := &State{Type: "Choice", Default: wait, Choices: []Choice{
		rule(present("$.seen.Status[0]", false), wait),
		equals("$.seen.Status[0]", "SUCCEEDED"),
		rule(allOf([]Choice{equals("$.seen.Status[0]", "FAILED"), present("$.seen.Reason[0]", true)}), reason),
		rule(equals("$.seen.Status[0]", "FAILED"), failed),
	}}
	s.put(x.name(step.Name, "ended?"), state)
	s.aside(wait, &State{Type: "Wait", Seconds: x.opts.poll(), Next: look})
	s.leave(&state.Choices[1].Next)
	const noReason = "AWS Batch gives no reason"
	if !x.keepGoing {
		s.aside(reason, &State{Type: "Fail", Error: "batchkit.JobFailed", CausePath: "States.Format('" + step.Name + ": {}', $.seen.Reason[0])"})
		s.aside(failed, &State{Type: "Fail", Error: "batchkit.JobFailed", Cause: step.Name + ": " + noReason})
		return
	}
	s.add(x.name(step.Name, "succeeded"), &State{Type: "Pass", Result: map[string]any{"Status": "SUCCEEDED"}, ResultPath: at("$." + key(i))})
	outcomes := []*State{
		{Type: "Pass", Parameters: map[string]any{"Error": "batchkit.JobFailed", "Cause.$": "$.seen.Reason[0]"}, ResultPath: at("$." + key(i))},
		{Type: "Pass", Result: map[string]any{"Error": "batchkit.JobFailed", "Cause": noReason}, ResultPath: at("$." + key(i))},
	}
	for k, name := range []string{reason, failed} {
		s.aside(name, outcomes[k])
		s.leaveState(outcomes[k])
	}
	if ended != nil {
		s.leave(&ended.Choices[0].Next)
	}
	if x.refused != nil {
		s.leaveState(x.refused)
		x.refused = nil
	}
}

// id is where the id of a job is kept.
func (x *exporter) id(u *unit, i int) string {
	if len(u.steps) == 1 {
		return "$.job"
	}
	return fmt.Sprintf("$.j%d", i)
}

// request is the SubmitJob request of a step. Dependencies on steps of the same unit are in it; the structure of the
// machine keeps the others.
func (x *exporter) request(i int, u *unit) map[string]any {
	step := &x.plan.Steps[i]
	in := *step.Input
	if def := definition(x.plan, step); def != nil {
		in.JobDefinition = def.JobDefinitionName
	}
	if registered, ok := x.opts.Definitions[aws.ToString(in.JobDefinition)]; ok {
		in.JobDefinition = &registered
	}
	request := pascal.Value(&in).(map[string]any) //nolint:forcetypeassert // a struct is an object
	delete(request, "JobName")
	request["JobName.$"] = jobName(step.Name)
	tags, _ := request["Tags"].(map[string]any)
	if tags == nil {
		tags = map[string]any{}
	}
	tags[batchkit.TagRun+".$"], tags[batchkit.TagJob], tags[batchkit.TagPlan] = "$.run", step.Name, x.digest
	request["Tags"] = tags
	depends, _ := request["DependsOn"].([]any)
	for _, d := range step.DependsOn {
		entry := map[string]any{}
		if d.Type != "" {
			entry["Type"] = string(d.Type)
		}
		if d.On != "" {
			on := x.named(d.On)
			if u == nil || len(on) == 0 || !slices.Contains(u.steps, on[0]) {
				continue
			}
			entry["JobId.$"] = x.id(u, on[0]) + ".JobId[0]"
		}
		depends = append(depends, entry)
	}
	if depends != nil {
		request["DependsOn"] = depends
	}
	return request
}

// definition returns the definition of the plan that a step submits, nil for a registered one.
func definition(plan *batchkit.Plan, s *batchkit.Step) *batch.RegisterJobDefinitionInput {
	if s.Definition < 0 || s.Definition >= len(plan.Definitions) {
		return nil
	}
	return plan.Definitions[s.Definition]
}

// jobName is the expression of the name that a job gets: the run id and the name of the step, as package batchkit has it.
func jobName(step string) string {
	return "States.Format('{}-" + cut(step, step, maxJobName-hashLength-1) + "', $.run)"
}

// taken are the members that the optimised integration takes: those of the developer guide (connectBatch, whose last list
// by name is https://github.com/awsdocs/aws-step-functions-developer-guide/blob/master/doc_source/connect-batch.md, and
// whose example has PropagateTags and Tags), and the two of fair share that came later:
// https://github.com/ASFHyP3/hyp3/pull/790.
var taken = []string{
	"ArrayProperties", "ContainerOverrides", "DependsOn", "JobDefinition", "JobName", "JobQueue", "Parameters",
	"PropagateTags", "RetryStrategy", "SchedulingPriorityOverride", "ShareIdentifier", "Tags", "Timeout",
}

// takesContainerOverrides says whether a job may get the containerOverrides that Step Functions adds by itself to a .sync
// task. Where the definition is not known it must have such overrides already.
func takesContainerOverrides(plan *batchkit.Plan, step *batchkit.Step) bool {
	for name := range pascal.Value(step.Input).(map[string]any) { //nolint:forcetypeassert // a struct is an object
		if !slices.Contains(taken, name) {
			return false
		}
	}
	if def := definition(plan, step); def != nil {
		return def.ContainerProperties != nil
	}
	return step.Input.ContainerOverrides != nil
}

// throttled repeats what the service did not take because there was too much of it. TooManyRequestsException is not in the
// model of the API, so it comes under the name of all such errors: Batch.AWSBatchException from the optimised integration
// (https://github.com/ASFHyP3/hyp3/issues/911), Batch.BatchException from that of the SDK, each after the base class of its
// SDK for Java (https://github.com/broadinstitute/cromwell/issues/4816; LocalStack names it likewise). What else is among
// them was turned away before it reached the service, so a repetition does no harm.
func throttled(name string) []Retrier {
	return []Retrier{{
		ErrorEquals: []string{name, "Batch.TooManyRequestsException"}, IntervalSeconds: 2, MaxAttempts: 10, BackoffRate: 2,
		MaxDelaySeconds: 60, JitterStrategy: "FULL",
	}}
}

// reading repeats calls that change nothing, whatever happened to them.
func reading() []Retrier {
	r := throttled("Batch.BatchException")
	r[0].ErrorEquals = append(r[0].ErrorEquals, "Batch.ServerException", "Batch.SdkClientException")
	return r
}
