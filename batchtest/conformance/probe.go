package conformance

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/aws/smithy-go"
)

// A probe is one run of a check: what it has made, and what it found wrong.
type probe struct {
	ctx    context.Context
	client *batch.Client
	cfg    Config
	prefix string // of all names

	definitions, jobs []string // ARNs, ids
	wrong             []error
}

func random() string { return strings.ToLower(rand.Text()[:8]) }

// expect notes what is wrong when ok is false.
func (p *probe) expect(ok bool, format string, args ...any) {
	if !ok {
		p.wrong = append(p.wrong, fmt.Errorf(format, args...))
	}
}

// refused notes when err is not the refusal of a request.
func (p *probe) refused(what string, err error) {
	var api smithy.APIError
	switch {
	case err == nil:
		p.expect(false, "%s was accepted, want ClientException", what)
	case !errors.As(err, &api) || api.ErrorCode() != "ClientException":
		p.expect(false, "%s: %w, want ClientException", what, err)
	default:
		p.expect(api.ErrorMessage() != "", "%s: ClientException without a message", what)
	}
}

// definition returns a definition of a container that runs a command.
func (p *probe) definition(command []string) *batch.RegisterJobDefinitionInput {
	in := &batch.RegisterJobDefinitionInput{
		JobDefinitionName: aws.String(p.prefix),
		Type:              types.JobDefinitionTypeContainer,
		ContainerProperties: &types.ContainerProperties{
			Image:   aws.String(p.cfg.Image),
			Command: command,
			ResourceRequirements: []types.ResourceRequirement{
				{Type: types.ResourceTypeVcpu, Value: aws.String("1")},
				{Type: types.ResourceTypeMemory, Value: aws.String("2048")},
			},
		},
	}
	if p.cfg.Definition != nil {
		p.cfg.Definition(in)
	}
	return in
}

// register registers a definition and returns what the service says.
func (p *probe) register(in *batch.RegisterJobDefinitionInput) (*batch.RegisterJobDefinitionOutput, error) {
	out, err := p.client.RegisterJobDefinition(p.ctx, in)
	if err != nil {
		return nil, err
	}
	p.definitions = append(p.definitions, aws.ToString(out.JobDefinitionArn))
	return out, nil
}

// submission returns the submission of a job for a definition.
func (p *probe) submission(definition string) *batch.SubmitJobInput {
	return &batch.SubmitJobInput{JobName: aws.String(p.prefix), JobQueue: aws.String(p.cfg.Queue), JobDefinition: aws.String(definition)}
}

// submit submits a job and returns its id.
func (p *probe) submit(in *batch.SubmitJobInput) (id string, err error) {
	out, err := p.client.SubmitJob(p.ctx, in)
	if err != nil {
		return "", err
	}
	id = aws.ToString(out.JobId)
	p.jobs = append(p.jobs, id)
	return id, nil
}

// start registers a definition for a command and submits a job for it.
func (p *probe) start(command []string, edit ...func(*batch.SubmitJobInput)) (id string, err error) {
	out, err := p.register(p.definition(command))
	if err != nil {
		return "", err
	}
	in := p.submission(aws.ToString(out.JobDefinitionArn))
	for _, e := range edit {
		e(in)
	}
	return p.submit(in)
}

func after(id string, kind types.ArrayJobDependency) func(*batch.SubmitJobInput) {
	return func(in *batch.SubmitJobInput) {
		in.DependsOn = append(in.DependsOn, types.JobDependency{JobId: aws.String(id), Type: kind})
	}
}

func size(n int32) func(*batch.SubmitJobInput) {
	return func(in *batch.SubmitJobInput) { in.ArrayProperties = &types.ArrayProperties{Size: aws.Int32(n)} }
}

// until asks until there is an answer. what is what it waits for.
func (p *probe) until(what string, ask func() (bool, error)) error {
	deadline := time.NewTimer(p.cfg.Timeout)
	defer deadline.Stop()
	poll := time.NewTicker(p.cfg.Poll)
	defer poll.Stop()
	for {
		if there, err := ask(); err != nil || there {
			return err
		}
		select {
		case <-poll.C:
		case <-deadline.C:
			return fmt.Errorf("%s: not after %v", what, p.cfg.Timeout)
		case <-p.ctx.Done():
			return fmt.Errorf("%s: %w", what, context.Cause(p.ctx))
		}
	}
}

// reach waits until a job has one of some statuses, and returns it. A job that
// ends in another is an error.
func (p *probe) reach(id string, statuses ...types.JobStatus) (job types.JobDetail, err error) {
	err = p.until(fmt.Sprintf("job %s to be %v", id, statuses), func() (bool, error) {
		out, err := p.client.DescribeJobs(p.ctx, &batch.DescribeJobsInput{Jobs: []string{id}})
		if err != nil || len(out.Jobs) == 0 { // it may not be visible yet
			return false, err
		}
		job = out.Jobs[0]
		switch {
		case slices.Contains(statuses, job.Status):
			return true, nil
		case ended(job.Status):
			return false, fmt.Errorf("job %s is %s (%s), want %v", id, job.Status, aws.ToString(job.StatusReason), statuses)
		}
		return false, nil
	})
	return job, err
}

func ended(s types.JobStatus) bool {
	return s == types.JobStatusSucceeded || s == types.JobStatusFailed
}

// finished waits until a job has ended, and notes when that is not as it should.
func (p *probe) finished(id string, want types.JobStatus) (types.JobDetail, error) {
	job, err := p.reach(id, types.JobStatusSucceeded, types.JobStatusFailed)
	if err == nil {
		p.expect(job.Status == want, "job %s is %s (%s), want %s", id, job.Status, aws.ToString(job.StatusReason), want)
	}
	return job, err
}

// cleanUp ends and deregisters what the check made.
func (p *probe) cleanUp() error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(p.ctx), time.Minute)
	defer cancel()
	var errs []error
	for _, id := range p.jobs {
		if _, err := p.client.TerminateJob(ctx, &batch.TerminateJobInput{JobId: aws.String(id), Reason: aws.String("the check is over")}); err != nil {
			errs = append(errs, fmt.Errorf("cleaning up: %w", err))
		}
	}
	for _, arn := range p.definitions {
		if _, err := p.client.DeregisterJobDefinition(ctx, &batch.DeregisterJobDefinitionInput{JobDefinition: aws.String(arn)}); err != nil {
			errs = append(errs, fmt.Errorf("cleaning up: %w", err))
		}
	}
	return errors.Join(errs...)
}
