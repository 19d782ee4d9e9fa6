package asltest

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/batch"
)

// API is what a machine needs of AWS Batch. *batch.Client has it.
type API interface {
	SubmitJob(context.Context, *batch.SubmitJobInput, ...func(*batch.Options)) (*batch.SubmitJobOutput, error)
	DescribeJobs(context.Context, *batch.DescribeJobsInput, ...func(*batch.Options)) (*batch.DescribeJobsOutput, error)
	ListJobs(context.Context, *batch.ListJobsInput, ...func(*batch.Options)) (*batch.ListJobsOutput, error)
	TerminateJob(context.Context, *batch.TerminateJobInput, ...func(*batch.Options)) (*batch.TerminateJobOutput, error)
}

var _ API = (*batch.Client)(nil)

// Execution is what became of a run of a machine.
type Execution struct {
	// Error is the name of the error that ended the execution, such as States.TaskFailed; empty if it succeeded.
	Error string
	// Cause says why. It is empty if the execution succeeded.
	Cause string
	// Output is the output as JSON would be read into an any; nil if the execution failed.
	Output any
	// States are the names of the states in the order in which they were entered. Those of parallel branches are mixed.
	States []string
}

// Succeeded says whether the execution came to its end without an error.
func (e *Execution) Succeeded() bool { return e.Error == "" }

// UnsupportedError says that a machine holds what this package does not know.
type UnsupportedError struct {
	// State is the name of the state; empty for the machine as a whole.
	State string
	// What it is that is not known.
	What string
}

// Error says what is not known, and where.
func (e *UnsupportedError) Error() string {
	if e.State == "" {
		return "asltest: " + e.What + " is not supported"
	}
	return fmt.Sprintf("asltest: state %q: %s is not supported", e.State, e.What)
}

// Option changes a run.
type Option func(*runner)

// WithExecutionID sets the id of the execution, as $$.Execution.Id has it. Two runs with the same id are two attempts of
// one execution. Default: an ARN that is always the same.
func WithExecutionID(id string) Option { return func(r *runner) { r.id = id } }

// WithFunction says what a Lambda function does, by its ARN or name: the Resource of a task, or the FunctionName of a
// lambda:invoke. It gets the payload as JSON and returns the result as JSON; an error fails the task with that text.
func WithFunction(name string, function func(context.Context, json.RawMessage) (json.RawMessage, error)) Option {
	return func(r *runner) { r.functions[name] = function }
}

// Run runs a machine, given by its definition, to its end. The input is what JSON is read into, or nil for an empty object.
// An execution that fails is no error: see [Execution.Error]. The error is an [*UnsupportedError], or says that the
// definition is no JSON, or is that of the context.
//
// All runs have the same execution id unless [WithExecutionID] gives another. So a second run of a machine of package asl
// on the same service is a second attempt: it takes the jobs of the first for its own, and submits none.
func Run(ctx context.Context, client API, definition string, input any, opts ...Option) (*Execution, error) {
	m, err := read(definition)
	if err != nil {
		return nil, err
	}
	r := &runner{
		client: client, id: "arn:aws:states:us-east-1:123456789012:execution:machine:run",
		functions: map[string]function{}, language: m.QueryLanguage,
	}
	for _, o := range opts {
		o(r)
	}
	if input == nil {
		input = map[string]any{}
	}
	output, err := r.branch(ctx, m.StartAt, m.States, input)
	e := &Execution{Output: output, States: r.entered}
	if err != nil {
		f, ok := err.(*fault) //nolint:errorlint // faults are never wrapped
		if !ok {
			return nil, err
		}
		e.Error, e.Cause, e.Output = f.name, f.cause, nil
	}
	return e, nil
}

type function func(context.Context, json.RawMessage) (json.RawMessage, error)

type runner struct {
	client    API
	id        string
	functions map[string]function
	language  string
	observe   func(expression string, states map[string]any, value any) // of each JSONata expression; nil for nobody

	mu      sync.Mutex
	entered []string
}

// fault is an error that the machine can catch.
type fault struct{ name, cause string }

func (f *fault) Error() string { return f.name + ": " + f.cause }

// branch runs states until one ends.
func (r *runner) branch(ctx context.Context, name string, states map[string]*state, input any) (any, error) {
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s := states[name]
		if s == nil {
			return nil, &fault{"States.Runtime", "there is no state " + name}
		}
		r.mu.Lock()
		r.entered = append(r.entered, name)
		r.mu.Unlock()
		e := &entry{runner: r, name: name, state: s, input: input}
		output, next, err := e.run(ctx)
		if err != nil || next == "" {
			return output, err
		}
		name, input = next, output
	}
}
