package conformance

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

func submissionRefused(p *probe) error {
	out, err := p.register(p.definition(p.cfg.Succeed))
	if err != nil {
		return err
	}
	for _, w := range []struct {
		what string
		edit func(*batch.SubmitJobInput)
	}{
		{"a job whose name begins with a hyphen", func(in *batch.SubmitJobInput) { in.JobName = aws.String("-a") }},
		{"a job for a queue that is not there", func(in *batch.SubmitJobInput) { in.JobQueue = aws.String(p.prefix + "-none") }},
		{"a job for a definition that is not there", func(in *batch.SubmitJobInput) { in.JobDefinition = aws.String(p.prefix + "-none") }},
		{"an array of one child", size(1)},
		{"an array of 10,001 children", size(10_001)},
		{"21 dependencies", func(in *batch.SubmitJobInput) {
			for range 21 {
				after("00000000-0000-4000-8000-000000000000", "")(in)
			}
		}},
		{"a timeout of 59 seconds", func(in *batch.SubmitJobInput) {
			in.Timeout = &types.JobTimeout{AttemptDurationSeconds: aws.Int32(59)}
		}},
	} {
		in := p.submission(aws.ToString(out.JobDefinitionArn))
		w.edit(in)
		_, err := p.submit(in)
		p.refused(w.what, err)
	}
	_, err = p.client.DescribeJobs(p.ctx, &batch.DescribeJobsInput{Jobs: make([]string, 101)})
	p.refused("describing 101 jobs", err)
	_, err = p.client.ListJobs(p.ctx, &batch.ListJobsInput{})
	p.refused("listing the jobs of nothing", err)
	return nil
}

func success(p *probe) error {
	definition, err := p.register(p.definition(p.cfg.Succeed))
	if err != nil {
		return err
	}
	out, err := p.client.SubmitJob(p.ctx, p.submission(p.prefix))
	if err != nil {
		return err
	}
	id := aws.ToString(out.JobId)
	p.jobs = append(p.jobs, id)
	p.expect(strings.HasSuffix(aws.ToString(out.JobArn), ":job/"+id), "the ARN of job %s is %q", id, aws.ToString(out.JobArn))
	p.expect(aws.ToString(out.JobName) == p.prefix, "submitted as %q, want %q", aws.ToString(out.JobName), p.prefix)
	job, err := p.finished(id, types.JobStatusSucceeded)
	if err != nil {
		return err
	}
	p.expect(aws.ToString(job.JobArn) == aws.ToString(out.JobArn), "the ARN of the job has changed to %q", aws.ToString(job.JobArn))
	p.expect(aws.ToString(job.JobName) == p.prefix, "the job is called %q, want %q", aws.ToString(job.JobName), p.prefix)
	p.expect(strings.Contains(aws.ToString(job.JobQueue), ":job-queue/"), "jobQueue is %q, want an ARN", aws.ToString(job.JobQueue))
	p.expect(aws.ToString(job.JobDefinition) == aws.ToString(definition.JobDefinitionArn), "jobDefinition is %q, want %q", aws.ToString(job.JobDefinition), aws.ToString(definition.JobDefinitionArn))
	created, started, stopped := aws.ToInt64(job.CreatedAt), aws.ToInt64(job.StartedAt), aws.ToInt64(job.StoppedAt)
	p.expect(0 < created && created <= started && started <= stopped, "created, started and stopped at %d, %d and %d", created, started, stopped)
	p.attempts(job, 0)
	return nil
}

// attempts checks the attempts of a job by their exit codes.
func (p *probe) attempts(job types.JobDetail, codes ...int32) {
	p.expect(len(job.Attempts) == len(codes), "job %s has %d attempts, want %d", aws.ToString(job.JobId), len(job.Attempts), len(codes))
	for i, a := range job.Attempts {
		if i < len(codes) && a.Container != nil {
			p.expect(a.Container.ExitCode != nil && *a.Container.ExitCode == codes[i], "attempt %d has exit code %d, want %d", i+1, aws.ToInt32(a.Container.ExitCode), codes[i])
			p.expect(aws.ToString(a.Container.LogStreamName) != "", "attempt %d has no log stream", i+1)
		} else {
			p.expect(a.Container != nil, "attempt %d has no container", i+1)
		}
	}
	if job.Container == nil || job.Container.ExitCode == nil {
		p.expect(false, "job %s has no exit code", aws.ToString(job.JobId))
	} else if n := len(codes); n > 0 {
		p.expect(*job.Container.ExitCode == codes[n-1], "job %s has exit code %d, want that of the last attempt, %d", aws.ToString(job.JobId), *job.Container.ExitCode, codes[n-1])
	}
}

func failure(p *probe) error {
	id, err := p.start(p.cfg.Fail)
	if err != nil {
		return err
	}
	job, err := p.finished(id, types.JobStatusFailed)
	if err != nil {
		return err
	}
	p.attempts(job, 1)
	p.expect(aws.ToString(job.StatusReason) == "Essential container in task exited", "the status reason is %q", aws.ToString(job.StatusReason))
	return nil
}

// lateFailure has more in the overrides of a job than Amazon ECS takes.
func lateFailure(p *probe) error {
	out, err := p.register(p.definition(p.cfg.Succeed))
	if err != nil {
		return err
	}
	in := p.submission(aws.ToString(out.JobDefinitionArn))
	in.ContainerOverrides = &types.ContainerOverrides{Environment: []types.KeyValuePair{pair("LONG", strings.Repeat("x", 8192))}}
	id, err := p.submit(in)
	if err != nil {
		return err
	}
	job, err := p.finished(id, types.JobStatusFailed)
	if err != nil {
		return err
	}
	p.expect(aws.ToString(job.StatusReason) == "Container Overrides length must be at most 8192", "the status reason is %q", aws.ToString(job.StatusReason))
	return nil
}

func overrides(p *probe) error {
	in := p.definition(p.cfg.Fail)
	in.ContainerProperties.Environment = []types.KeyValuePair{pair("KEPT", "definition"), pair("REPLACED", "definition")}
	if _, err := p.register(in); err != nil {
		return err
	}
	job := p.submission(p.prefix)
	job.ContainerOverrides = &types.ContainerOverrides{
		Command:     p.cfg.Succeed,
		Environment: []types.KeyValuePair{pair("REPLACED", "job"), pair("ADDED", "job")},
	}
	id, err := p.submit(job)
	if err != nil {
		return err
	}
	d, err := p.finished(id, types.JobStatusSucceeded)
	if err != nil {
		return err
	}
	p.expect(d.Container != nil && slices.Equal(d.Container.Command, p.cfg.Succeed), "the command is not that of the job")
	got := map[string]string{}
	if d.Container != nil {
		for _, kv := range d.Container.Environment {
			got[aws.ToString(kv.Name)] = aws.ToString(kv.Value)
		}
	}
	for name, want := range map[string]string{"KEPT": "definition", "REPLACED": "job", "ADDED": "job"} {
		p.expect(got[name] == want, "variable %s is %q, want %q", name, got[name], want)
	}
	return nil
}

func pair(name, value string) types.KeyValuePair {
	return types.KeyValuePair{Name: aws.String(name), Value: aws.String(value)}
}

func parameters(p *probe) error {
	in := p.definition(append(slices.Clone(p.cfg.Succeed), "Ref::first", "Ref::second"))
	in.Parameters = map[string]string{"first": "1"}
	if _, err := p.register(in); err != nil {
		return err
	}
	job := p.submission(p.prefix)
	job.Parameters = map[string]string{"first": "one", "second": "two"}
	id, err := p.submit(job)
	if err != nil {
		return err
	}
	d, err := p.finished(id, types.JobStatusSucceeded)
	if err != nil {
		return err
	}
	want := append(slices.Clone(p.cfg.Succeed), "one", "two")
	p.expect(d.Container != nil && slices.Equal(d.Container.Command, want), "the references in the command have not become the values of the parameters")
	return nil
}

func retry(p *probe) error {
	id, err := p.start(p.cfg.Fail, func(in *batch.SubmitJobInput) {
		in.RetryStrategy = &types.RetryStrategy{Attempts: aws.Int32(2)}
	})
	if err != nil {
		return err
	}
	job, err := p.finished(id, types.JobStatusFailed)
	if err == nil {
		p.attempts(job, 1, 1)
	}
	return err
}

func evaluateOnExit(p *probe) error {
	id, err := p.start(p.cfg.Fail, func(in *batch.SubmitJobInput) {
		in.RetryStrategy = &types.RetryStrategy{Attempts: aws.Int32(3), EvaluateOnExit: []types.EvaluateOnExit{
			{OnExitCode: aws.String("1"), Action: types.RetryActionExit}, {OnExitCode: aws.String("*"), Action: types.RetryActionRetry},
		}}
	})
	if err != nil {
		return err
	}
	job, err := p.finished(id, types.JobStatusFailed)
	if err == nil {
		p.attempts(job, 1)
	}
	return err
}
