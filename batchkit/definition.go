package batchkit

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/internal/edit"
	"github.com/batchkit/batchkit-go/internal/member"
	"github.com/batchkit/batchkit-go/validate"
)

// Payload is what a job definition runs: [EC2], [Fargate], a task of package ecsprops, a pod of package eksprops, or
// [Nodes]. O is the kind of override that a job of it may take. Anyone may implement it.
type Payload[O any] interface {
	// ApplyTo sets the type of the definition and its one property block, and the platform where it is not EC2.
	ApplyTo(*batch.RegisterJobDefinitionInput)
	// OverriddenBy does nothing. It tells O at compile time.
	OverriddenBy(O)
}

// Definition is a job definition whose jobs take overrides of kind O. Make one with [Define].
// It is an immutable value: each method returns a changed copy.
type Definition[O any] struct {
	edits edit.List[batch.RegisterJobDefinitionInput]
}

// Define returns a job definition with its payload: what [EC2], [Fargate], [Nodes], ecsprops.EC2, ecsprops.Fargate and
// eksprops.Pod return, for instance. The name has 1 to 128 letters, digits, hyphens and underscores.
func Define[O any](name string, payload Payload[O]) Definition[O] {
	return Definition[O]{}.with(func(in *batch.RegisterJobDefinitionInput) {
		in.JobDefinitionName = &name
		if payload != nil {
			payload.ApplyTo(in)
		}
	})
}

func (d Definition[O]) with(apply func(*batch.RegisterJobDefinitionInput)) Definition[O] {
	return Definition[O]{d.edits.With(apply)}
}

// Retry lets a job be attempted up to the given number of times, 1 to 10. Without rules every failure is retried; with
// rules (at most five, tried in order) the first that matches decides, and where none matches the attempt is retried.
// [RetryOn] and [ExitOn] make rules for causes that have a name.
// See https://docs.aws.amazon.com/batch/latest/userguide/job_retries.html. Default: one attempt.
func (d Definition[O]) Retry(attempts int, rules ...types.EvaluateOnExit) Definition[O] {
	strategy := retryStrategy(attempts, rules)
	return d.with(func(in *batch.RegisterJobDefinitionInput) { v := strategy; in.RetryStrategy = &v })
}

// Timeout bounds each attempt, from its start; at least a minute. An attempt that takes longer is stopped and the job
// fails without another. Parts of a second are rounded up. Default: no bound.
func (d Definition[O]) Timeout(attempt time.Duration) Definition[O] {
	return d.with(func(in *batch.RegisterJobDefinitionInput) { in.Timeout = jobTimeout(attempt) })
}

// Param gives the placeholder Ref::name of a command its default. A job may give another value.
func (d Definition[O]) Param(name, value string) Definition[O] {
	return d.with(func(in *batch.RegisterJobDefinitionInput) { set(&in.Parameters, name, value) })
}

// Tag tags the definition. Keys have 1 to 128 characters, values at most 256; there is room for 50.
func (d Definition[O]) Tag(key, value string) Definition[O] {
	return d.with(func(in *batch.RegisterJobDefinitionInput) { set(&in.Tags, key, value) })
}

// PropagateTags copies the tags of the definition and of the job to the ECS task. Default: they stay behind.
func (d Definition[O]) PropagateTags() Definition[O] {
	return d.with(func(in *batch.RegisterJobDefinitionInput) { in.PropagateTags = member.True() })
}

// SchedulingPriority orders the jobs of one share identifier in a fair-share queue, 0 to 9999, the highest first.
// It has no meaning elsewhere. Default: none.
func (d Definition[O]) SchedulingPriority(priority int) Definition[O] {
	return d.with(func(in *batch.RegisterJobDefinitionInput) { in.SchedulingPriority = member.Int32(priority) })
}

// ConsumableResource makes each job hold a quantity of a resource, given by name or ARN, while it runs.
// A definition names at most five.
func (d Definition[O]) ConsumableResource(resource string, quantity int64) Definition[O] {
	return d.with(func(in *batch.RegisterJobDefinitionInput) {
		addConsumable(&in.ConsumableResourceProperties, resource, quantity)
	})
}

// Edit returns the definition changed by a function of yours, for what has no method here.
// The function runs each time the definition is built and must always do the same.
func (d Definition[O]) Edit(apply func(*batch.RegisterJobDefinitionInput)) Definition[O] {
	return Definition[O]{d.edits.WithForeign(apply)}
}

// Input returns the request that registers the definition. Each call returns a fresh copy. Nothing is checked.
func (d Definition[O]) Input() *batch.RegisterJobDefinitionInput {
	in := d.edits.Value()
	return &in
}

// Check judges the definition by all rules that package validate knows, warnings included.
func (d Definition[O]) Check(opts ...validate.Option) validate.Findings {
	return validate.JobDefinition(d.Input(), opts...)
}

// Build returns the request that registers the definition. If AWS Batch would refuse it, the error is a
// [*validate.InvalidError] that holds every fault with its path and its mend, and there is no request.
// Warnings are no errors; see [Definition.Check].
func (d Definition[O]) Build() (*batch.RegisterJobDefinitionInput, error) {
	in := d.Input()
	if err := validate.JobDefinition(in).Err(); err != nil {
		return nil, err
	}
	return in, nil
}

func (d Definition[O]) overriddenBy(O) {}

func (d Definition[O]) source() source { return source{definition: d.Input(), made: d.edits} }

func retryStrategy(attempts int, rules []types.EvaluateOnExit) types.RetryStrategy {
	return edit.Clone(types.RetryStrategy{Attempts: member.Int32(attempts), EvaluateOnExit: rules})
}

func jobTimeout(attempt time.Duration) *types.JobTimeout {
	return &types.JobTimeout{AttemptDurationSeconds: member.Seconds(attempt)}
}

func addConsumable(p **types.ConsumableResourceProperties, resource string, quantity int64) {
	if *p == nil {
		*p = &types.ConsumableResourceProperties{}
	}
	(*p).ConsumableResourceList = append((*p).ConsumableResourceList,
		types.ConsumableResourceRequirement{ConsumableResource: &resource, Quantity: &quantity})
}

func set(m *map[string]string, key, value string) {
	if *m == nil {
		*m = map[string]string{}
	}
	(*m)[key] = value
}
