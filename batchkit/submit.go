package batchkit

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/validate"
)

// Register registers a definition, checked before by [Definition.Build], and returns its ARN with the new revision.
// Every call makes a revision, also when nothing has changed; [Client.EnsureDefinition] does not.
func (c *Client) Register(ctx context.Context, definition Builder) (arn string, err error) {
	in, err := built(definition)
	if err != nil {
		return "", err
	}
	return c.register(ctx, in)
}

func (c *Client) register(ctx context.Context, in *batch.RegisterJobDefinitionInput) (string, error) {
	out, err := c.api.RegisterJobDefinition(ctx, in)
	if err != nil {
		return "", err
	}
	return aws.ToString(out.JobDefinitionArn), nil
}

// Submit registers the plan's definitions and submits its jobs in order, each with the real ids of the jobs it waits
// for. It keeps within the client's rate limit, and waits when the service asks for it.
//
// If a call fails, Submit stops. The error is then a [*SubmitError], and the run, which is never nil, holds the jobs that
// have been submitted: they can be waited for, or cancelled. No call whose outcome is unknown is ever repeated.
func (c *Client) Submit(ctx context.Context, plan *Plan) (*Run, error) {
	run := &Run{client: c, plan: plan, ids: make(map[string]string, len(plan.Steps))}
	arns := make([]string, len(plan.Definitions))
	for i, def := range plan.Definitions {
		arn, err := c.register(ctx, def)
		if err != nil {
			return run, &SubmitError{Definition: aws.ToString(def.JobDefinitionName), Total: len(plan.Steps), Err: err}
		}
		arns[i] = arn
	}
	for i := range plan.Steps {
		step := &plan.Steps[i]
		id, err := c.submit(ctx, step, arns, run.ids)
		if err != nil {
			return run, run.failed(step.Name, err)
		}
		run.ids[step.Name] = id
		run.jobs = append(run.jobs, job{step: step, id: id, submitted: time.Now()})
	}
	return run, nil
}

func (c *Client) submit(ctx context.Context, step *Step, arns []string, ids map[string]string) (string, error) {
	in := *step.Input
	if step.Definition >= 0 {
		in.JobDefinition = &arns[step.Definition]
	}
	in.DependsOn = make([]types.JobDependency, 0, len(step.Input.DependsOn)+len(step.DependsOn))
	in.DependsOn = append(in.DependsOn, step.Input.DependsOn...)
	for _, d := range step.DependsOn {
		in.DependsOn = append(in.DependsOn, withID(d, ids))
	}
	if err := c.submits.Wait(ctx); err != nil {
		return "", &notSentError{err}
	}
	out, err := c.api.SubmitJob(ctx, &in, onlyRefused)
	if err != nil {
		return "", err
	}
	return aws.ToString(out.JobId), nil
}

func withID(d validate.Dependency, ids map[string]string) types.JobDependency {
	dep := types.JobDependency{Type: d.Type}
	if d.On != "" {
		dep.JobId = aws.String(ids[d.On])
	}
	return dep
}

// SubmitError says at which call a submission stopped, and what had been submitted before.
type SubmitError struct {
	// Job is the name of the job whose submission failed; empty when it was the registration of a definition.
	Job string
	// Definition is the name of the definition whose registration failed; else empty.
	Definition string
	// Submitted are the names of the jobs that exist, in the order of their submission.
	Submitted []string
	// Total is the number of jobs of the plan.
	Total int
	// Unknown says that no answer came, or none that tells: Job may or may not exist. Look for its name before you
	// submit it again.
	Unknown bool
	// Err is what the SDK returned.
	Err error
}

// Error says what failed, why, and how much had been submitted.
func (e *SubmitError) Error() string {
	var b strings.Builder
	if e.Definition != "" {
		fmt.Fprintf(&b, "registering definition %q", e.Definition)
	} else {
		fmt.Fprintf(&b, "submitting job %q", e.Job)
	}
	fmt.Fprintf(&b, ": %v (%d of %d jobs submitted", e.Err, len(e.Submitted), e.Total)
	if e.Unknown {
		fmt.Fprintf(&b, "; whether %q was is not known", e.Job)
	}
	b.WriteString(")")
	return b.String()
}

// Unwrap returns the SDK's error.
func (e *SubmitError) Unwrap() error { return e.Err }

func (r *Run) failed(job string, err error) *SubmitError {
	e := &SubmitError{Job: job, Total: len(r.plan.Steps), Unknown: !notTaken(err), Err: err}
	for _, j := range r.jobs {
		e.Submitted = append(e.Submitted, j.step.Name)
	}
	return e
}
