package asltest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/aws/smithy-go"

	"github.com/batchkit/batchkit-go/internal/pascal"
)

// arguments are what a task sends, or what the branches of a Parallel get.
func (e *entry) arguments() (any, error) {
	if e.jsonata() {
		if e.state.Arguments == nil {
			return e.input, nil
		}
		return e.template(e.state.Arguments, nil)
	}
	if e.state.Parameters == nil {
		return e.input, nil
	}
	return e.payload(e.state.Parameters, e.input)
}

func (e *entry) task(ctx context.Context) (any, error) {
	arguments, err := e.arguments()
	if err != nil {
		return nil, err
	}
	if f, ok := e.functions[e.state.Resource]; ok {
		return e.invoke(ctx, f, arguments)
	}
	_, resource, _ := strings.Cut(e.state.Resource, ":states:::")
	const optimised, sdk = "AWSBatchException", "BatchException"
	switch resource {
	case "batch:submitJob":
		return call(ctx, arguments, optimised, e.client.SubmitJob)
	case "batch:submitJob.sync":
		return e.sync(ctx, arguments)
	case "aws-sdk:batch:submitJob":
		return call(ctx, arguments, sdk, e.client.SubmitJob)
	case "aws-sdk:batch:listJobs":
		return call(ctx, arguments, sdk, e.client.ListJobs)
	case "aws-sdk:batch:describeJobs":
		return call(ctx, arguments, sdk, e.client.DescribeJobs)
	case "lambda:invoke":
		object, _ := arguments.(map[string]any)
		name, _ := object["FunctionName"].(string)
		if f, ok := e.functions[name]; ok {
			result, err := e.invoke(ctx, f, object["Payload"])
			return map[string]any{"Payload": result}, err
		}
		return nil, e.unsupported("a function that WithFunction did not give")
	}
	return nil, e.unsupported("the resource " + e.state.Resource)
}

// call makes a call with arguments as Step Functions spells them, and returns the result spelled likewise.
func call[I, O any](ctx context.Context, arguments any, base string, do func(context.Context, *I, ...func(*batch.Options)) (*O, error)) (any, error) {
	in := new(I)
	if err := pascal.Read(arguments, in); err != nil {
		return nil, &fault{"States.Runtime", err.Error()}
	}
	out, err := do(ctx, in)
	if err != nil {
		return nil, failed(ctx, err, base)
	}
	return pascal.Value(out), nil
}

// failed is the error of a call as Step Functions names it. What has no exception of its own has the name of them all.
func failed(ctx context.Context, err error, base string) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var known smithy.APIError
	if !errors.As(err, &known) {
		return &fault{"Batch.SdkClientException", err.Error()}
	}
	switch known.ErrorCode() {
	case "ClientException", "ServerException":
		return &fault{"Batch." + known.ErrorCode(), known.ErrorMessage()}
	}
	return &fault{"Batch." + base, known.ErrorCode() + ": " + known.ErrorMessage()}
}

// managed is the variable by which Step Functions knows the jobs of its .sync tasks again.
var managed = map[string]any{"Name": "MANAGED_BY_AWS", "Value": "STARTED_BY_STEP_FUNCTIONS"}

// looks is how often a .sync task looks at its job. Step Functions waits for an event instead.
const looks = time.Second

// sync submits a job and waits for its end.
func (e *entry) sync(ctx context.Context, arguments any) (any, error) {
	request, ok := arguments.(map[string]any)
	if !ok {
		return nil, &fault{"States.Runtime", "the parameters of " + e.name + " are no object"}
	}
	request = maps.Clone(request)
	overrides, _ := request["ContainerOverrides"].(map[string]any)
	overrides = maps.Clone(overrides)
	if overrides == nil {
		overrides = map[string]any{}
	}
	environment, _ := overrides["Environment"].([]any)
	overrides["Environment"] = append(append([]any{}, environment...), managed)
	request["ContainerOverrides"] = overrides
	submitted, err := call(ctx, request, "AWSBatchException", e.client.SubmitJob)
	if err != nil {
		return nil, err
	}
	id, _ := submitted.(map[string]any)["JobId"].(string) //nolint:forcetypeassert // a struct is an object
	for {
		if err := sleep(ctx, looks); err != nil {
			reason := "the execution has ended"
			_, terminating := e.client.TerminateJob(context.WithoutCancel(ctx), &batch.TerminateJobInput{JobId: &id, Reason: &reason})
			return nil, errors.Join(err, terminating)
		}
		out, err := e.client.DescribeJobs(ctx, &batch.DescribeJobsInput{Jobs: []string{id}})
		if err != nil || len(out.Jobs) == 0 {
			continue // Step Functions goes on looking
		}
		switch job := out.Jobs[0]; job.Status {
		case types.JobStatusSucceeded:
			return pascal.Value(job), nil
		case types.JobStatusFailed:
			return nil, &fault{"States.TaskFailed", text(pascal.Value(job))}
		}
	}
}

func (e *entry) invoke(ctx context.Context, f function, payload any) (any, error) {
	out, err := f(ctx, json.RawMessage(text(payload)))
	if err != nil {
		return nil, &fault{"Lambda.Unknown", err.Error()}
	}
	var result any
	if err := json.Unmarshal(out, &result); err != nil {
		return nil, fmt.Errorf("asltest: what the function of %q returned: %w", e.name, err)
	}
	return result, nil
}
