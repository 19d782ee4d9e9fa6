package batchkit

import (
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/batch"

	"github.com/batchkit/batchkit-go/validate"
)

// Plan is what is going to be sent to AWS Batch, and in which order. It is plain data and deterministic: the same
// workflow always gives the same plan. Nothing has been sent yet. A plan can be printed ([Plan.String]) and stored as
// JSON ([Plan.MarshalJSON]), and [Plan.Digest] tells two plans apart.
type Plan struct {
	// Name is the workflow's.
	Name string
	// Definitions are to be registered before the first job, each once.
	Definitions []*batch.RegisterJobDefinitionInput
	// Steps are the submissions in their order: each after those that it waits for, by wave, and within a wave in the
	// order in which the jobs were added to the workflow.
	Steps []Step
	// Warnings are findings that stop nobody. AWS Batch takes what they are about, and it is almost surely wrong.
	Warnings validate.Findings
	// Removed are the dependencies of the workflow that others imply, and that AWS Batch is therefore not given.
	Removed []RemovedEdge
	// Savings are the groups of jobs that could be arrays, which take fewer calls.
	Savings []Saving

	conditions map[conditionKey]func(JobResult) bool
}

// Step is one submission of a plan: a job, a part of an array that is too large for one, or a barrier.
type Step struct {
	// Name is unique in the plan. For a job it is the job's name.
	Name string
	// Wave counts from 0, for steps that wait for no other; else it is one more than the highest wave waited for,
	// gates included.
	Wave int
	// Input is the submission. Dependencies on steps of the plan are not in it; their ids are known only on submission.
	Input *batch.SubmitJobInput
	// Definition is the index in Plan.Definitions of the definition to submit, -1 when Input names a registered one.
	Definition int
	// DependsOn are the steps of the plan that AWS Batch makes this one wait for, in the order of the plan, and then
	// SEQUENTIAL. With those of Input they are at most 20.
	DependsOn []validate.Dependency
	// Gates are what this step waits for and AWS Batch cannot; nil for most. See [Plan.Attached].
	Gates []Gate
	// Job is the job of the workflow that this step is, or is a part of; empty for a barrier.
	Job string
	// Kind is empty for a job as it was added to the workflow.
	Kind StepKind
	// Offset is the index in the whole array of the first child of a [StepPart]; else 0.
	Offset int
}

// StepKind says why a step is in the plan, where it is no job as it was added to the workflow.
type StepKind string

const (
	// StepPart is a part of an array of more than 10,000 children.
	StepPart StepKind = "PART"
	// StepBarrier joins steps, so that whoever waits for all of them has at most 20 dependencies.
	StepBarrier StepKind = "BARRIER"
)

// Gate is something that a step waits for and that AWS Batch has no dependency for. A run that stays attached keeps it:
// it submits the step when all its gates are open, or never. See [AfterEnd], [AfterFailure] and [When].
type Gate struct {
	// On is the name of a job, that is the Job of the steps waited for: one, or the parts of an array.
	On string
	// When says which end opens the gate.
	When GateKind
	// Condition is the name of the condition of a [GateCondition]; else empty.
	Condition string
}

// GateKind says which end of a job opens a gate.
type GateKind string

const (
	// GateEnded opens at any end.
	GateEnded GateKind = "ENDED"
	// GateFailed opens at the end, if any of the jobs that the step has such a gate for has failed.
	GateFailed GateKind = "FAILED"
	// GateCondition opens at an end for which the condition of that name holds.
	GateCondition GateKind = "CONDITION"
)

// RemovedEdge is a dependency that others imply: Job waits for On even without it.
type RemovedEdge struct {
	// Job and On are names of jobs of the workflow.
	Job, On string
}

// Saving is a group of jobs that differ in their parameters, environment and command only, and wait for the same jobs,
// as the same jobs wait for them. An array of them, whose children look up what is theirs by their index, takes fewer
// calls, and counts as one dependency.
type Saving struct {
	// Jobs are the names, in the order of the plan; at least ten.
	Jobs []string
	// Calls is how many SubmitJob calls arrays of them take, instead of one for each job.
	Calls int
}

// Plan orders the jobs and works out what is to be submitted.
//
//   - Dependencies that others imply are left out, as [Plan.Removed] tells. One of [NToN] or [Sequential] never is.
//   - A job with more than 20 dependencies after that waits for barriers instead; see [Workflow.Barrier].
//   - An array of more than 10,000 children is cut into parts; see [JobRequest.Array].
//   - An [AfterEnd] is left out where a dependency that AWS Batch has implies it.
//
// If AWS Batch would refuse a definition or a job, or the graph cannot be submitted (a cycle, an unknown or duplicate
// name), there is no plan. The error is then a [*validate.InvalidError] that holds every fault of all of them, with paths
// that begin with definitions[name], jobs[name] or barrier, or wraps one, beside a [*ConditionError] for each [When]
// that cannot be asked.
//
// The plan does not depend on the order in which a job's dependencies are named, but it does on that of [Workflow.Add].
func (w *Workflow) Plan() (*Plan, error) {
	d := w.draft()
	findings := d.check(nil)
	err := findings.Err()
	if conditions := w.conditionErrors(); len(conditions) > 0 {
		err = errors.Join(append([]error{err}, conditions...)...)
	}
	if err != nil {
		return nil, err
	}
	p := d.plan()
	p.Warnings = findings.Warnings()
	return p, nil
}
