package batchkit

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/internal/edit"
	"github.com/batchkit/batchkit-go/internal/member"
	"github.com/batchkit/batchkit-go/validate"
)

// JobRequest is a job to submit, whose overrides are of kind O. Make one with [Job].
// It is an immutable value: each method returns a changed copy.
type JobRequest[O Overriding] struct {
	edits edit.List[batch.SubmitJobInput]
	from  source
}

// Job returns a request for a job. The name begins with a letter or digit and has 1 to 128 letters, digits, hyphens and
// underscores. The queue is a name or an ARN. The definition is a [Definition], or a [Reference] to one that is registered
// already, such as ContainerRef("resize:3"); a bare name does not tell the kind of override.
func Job[O Overriding](name, queue string, definition Source[O]) JobRequest[O] {
	j := JobRequest[O]{}
	if definition != nil {
		j.from = definition.source()
	}
	definitionName := j.from.registered
	if j.from.definition != nil && j.from.definition.JobDefinitionName != nil {
		definitionName = *j.from.definition.JobDefinitionName
	}
	return j.with(func(in *batch.SubmitJobInput) {
		in.JobName, in.JobQueue, in.JobDefinition = &name, &queue, &definitionName
	})
}

func (j JobRequest[O]) with(apply func(*batch.SubmitJobInput)) JobRequest[O] {
	return JobRequest[O]{edits: j.edits.With(apply), from: j.from}
}

// Named gives the job another name.
func (j JobRequest[O]) Named(name string) JobRequest[O] {
	return j.with(func(in *batch.SubmitJobInput) { in.JobName = &name })
}

// Array makes the job an array of children, at least two, which find their index, from 0, in AWS_BATCH_JOB_ARRAY_INDEX.
// For a single child submit a plain job.
//
// AWS Batch takes up to 10,000 children (https://docs.aws.amazon.com/batch/latest/userguide/array_jobs.html), and so
// does [JobRequest.Build]. A [Workflow.Plan] cuts a larger array into parts of about the same size, each an array with
// an index of its own. All containers of a part get the variables BATCHKIT_ARRAY_OFFSET, to be added to the index, and
// BATCHKIT_ARRAY_SIZE, the number of children of all parts; package task reads them. They are part of the overrides,
// so the containers must be known: from a [Definition], from a [ContainerRef], or because an override names them.
// Who waits for the array waits for all its parts; [NToN] between two arrays of the same size, and [Sequential], mean
// what they mean for one array.
func (j JobRequest[O]) Array(size int) JobRequest[O] {
	return j.with(func(in *batch.SubmitJobInput) {
		in.ArrayProperties = &types.ArrayProperties{Size: member.Int32(size)}
	})
}

// Override changes what the definition says about the containers, for this job. A second call replaces the first.
func (j JobRequest[O]) Override(override O) JobRequest[O] {
	return j.with(func(in *batch.SubmitJobInput) {
		if any(override) != nil { // where O is Overriding itself
			override.ApplyTo(in)
		}
	})
}

// Param gives the placeholder Ref::name of the command its value, in place of the definition's default.
func (j JobRequest[O]) Param(name, value string) JobRequest[O] {
	return j.with(func(in *batch.SubmitJobInput) { set(&in.Parameters, name, value) })
}

// Retry replaces the definition's retry strategy as a whole; for the arguments see [Definition.Retry].
func (j JobRequest[O]) Retry(attempts int, rules ...types.EvaluateOnExit) JobRequest[O] {
	strategy := retryStrategy(attempts, rules)
	return j.with(func(in *batch.SubmitJobInput) { v := strategy; in.RetryStrategy = &v })
}

// Timeout replaces the definition's bound on an attempt; at least a minute.
func (j JobRequest[O]) Timeout(attempt time.Duration) JobRequest[O] {
	return j.with(func(in *batch.SubmitJobInput) { in.Timeout = jobTimeout(attempt) })
}

// ShareIdentifier names the share that the job counts for. A queue with a fair-share policy needs it; others refuse it.
// The definition or [JobRequest.SchedulingPriority] must then give a priority.
func (j JobRequest[O]) ShareIdentifier(share string) JobRequest[O] {
	return j.with(func(in *batch.SubmitJobInput) { in.ShareIdentifier = &share })
}

// SchedulingPriority replaces the definition's priority, 0 to 9999, within the job's share.
func (j JobRequest[O]) SchedulingPriority(priority int) JobRequest[O] {
	return j.with(func(in *batch.SubmitJobInput) { in.SchedulingPriorityOverride = member.Int32(priority) })
}

// ConsumableResource makes the job hold a quantity of a resource while it runs, in place of what the definition says.
func (j JobRequest[O]) ConsumableResource(resource string, quantity int64) JobRequest[O] {
	return j.with(func(in *batch.SubmitJobInput) {
		addConsumable(&in.ConsumableResourcePropertiesOverride, resource, quantity)
	})
}

// Tag tags the job. Keys have 1 to 128 characters, values at most 256; with the definition's there is room for 50.
func (j JobRequest[O]) Tag(key, value string) JobRequest[O] {
	return j.with(func(in *batch.SubmitJobInput) { set(&in.Tags, key, value) })
}

// PropagateTags copies the tags to the ECS task, whatever the definition says.
func (j JobRequest[O]) PropagateTags() JobRequest[O] {
	return j.with(func(in *batch.SubmitJobInput) { in.PropagateTags = member.True() })
}

// AfterJob makes the job wait for the success of a job that has been submitted already, given by its id.
// Dependencies on jobs of the same workflow are given to [Workflow.Add].
func (j JobRequest[O]) AfterJob(id string) JobRequest[O] {
	return j.with(func(in *batch.SubmitJobInput) {
		in.DependsOn = append(in.DependsOn, types.JobDependency{JobId: &id})
	})
}

// Edit returns the request changed by a function of yours, for what has no method here.
// The function runs each time the request is built and must always do the same.
func (j JobRequest[O]) Edit(apply func(*batch.SubmitJobInput)) JobRequest[O] {
	return JobRequest[O]{edits: j.edits.WithForeign(apply), from: j.from}
}

// Input returns the request that submits the job. Each call returns a fresh copy. Nothing is checked.
// A [Definition] is named without a revision, which means its newest active one.
func (j JobRequest[O]) Input() *batch.SubmitJobInput {
	in := j.edits.Value()
	return &in
}

// Build returns the request that submits the job. If AWS Batch would refuse it, the error is a
// [*validate.InvalidError] that holds every fault with its path and its mend, and there is no request.
// Warnings are no errors; the plan of [JobRequest.Plan] has them.
func (j JobRequest[O]) Build() (*batch.SubmitJobInput, error) {
	in := j.Input()
	if err := validate.SubmitJob(in, validate.WithDefinition(j.from.definition)).Err(); err != nil {
		return nil, err
	}
	return in, nil
}

// Plan returns the plan of a workflow of this one job; see [Workflow.Plan].
func (j JobRequest[O]) Plan() (*Plan, error) {
	w := Workflow{}
	w.Add(j)
	return w.Plan()
}

func (j JobRequest[O]) request() request { return request{input: j.Input(), from: j.from} }
