package conformance

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

func arrays(p *probe) error {
	id, err := p.start(p.cfg.Succeed, size(2))
	if err != nil {
		return err
	}
	parent, err := p.finished(id, types.JobStatusSucceeded)
	if err != nil {
		return err
	}
	a := parent.ArrayProperties
	if a == nil {
		return fmt.Errorf("job %s has no arrayProperties", id)
	}
	p.expect(aws.ToInt32(a.Size) == 2, "the array has the size %d, want 2", aws.ToInt32(a.Size))
	if err := p.until("the summary of array "+id, func() (bool, error) { // the service updates it in its own time
		job, err := p.reach(id, types.JobStatusSucceeded)
		return err == nil && job.ArrayProperties != nil && job.ArrayProperties.StatusSummary["SUCCEEDED"] == 2, err
	}); err != nil {
		return err
	}
	for i := range int32(2) {
		child, err := p.finished(fmt.Sprintf("%s:%d", id, i), types.JobStatusSucceeded)
		if err != nil {
			return err
		}
		p.expect(child.ArrayProperties != nil && child.ArrayProperties.Index != nil && *child.ArrayProperties.Index == i, "child %d does not have its index", i)
	}
	found, err := p.list(&batch.ListJobsInput{ArrayJobId: aws.String(id), JobStatus: types.JobStatusSucceeded})
	if err == nil {
		p.expect(len(found) == 2, "%d children are listed, want 2", len(found))
	}
	return err
}

func dependency(p *probe) error {
	first, err := p.start(p.cfg.Succeed)
	if err != nil {
		return err
	}
	second, err := p.start(p.cfg.Succeed, after(first, ""))
	if err != nil {
		return err
	}
	late, err := p.finished(second, types.JobStatusSucceeded)
	if err != nil {
		return err
	}
	p.expect(len(late.DependsOn) == 1 && aws.ToString(late.DependsOn[0].JobId) == first, "dependsOn does not name the job that it waited for")
	early, err := p.finished(first, types.JobStatusSucceeded)
	if err == nil {
		p.expect(aws.ToInt64(early.StoppedAt) <= aws.ToInt64(late.StartedAt), "it started at %d, before the one it depends on stopped at %d", aws.ToInt64(late.StartedAt), aws.ToInt64(early.StoppedAt))
	}
	return err
}

func failedDependency(p *probe) error {
	first, err := p.start(p.cfg.Fail)
	if err != nil {
		return err
	}
	second, err := p.start(p.cfg.Succeed, after(first, ""))
	if err != nil {
		return err
	}
	job, err := p.finished(second, types.JobStatusFailed)
	if err == nil {
		p.expect(job.StartedAt == nil && len(job.Attempts) == 0, "it ran")
		p.expect(aws.ToString(job.StatusReason) == "Dependent Job failed", "the status reason is %q", aws.ToString(job.StatusReason))
	}
	return err
}

func nToN(p *probe) error {
	first, err := p.start(p.cfg.Succeed, size(2))
	if err != nil {
		return err
	}
	second, err := p.start(p.cfg.Succeed, size(2), after(first, types.ArrayJobDependencyNToN))
	if err != nil {
		return err
	}
	if _, err := p.finished(second, types.JobStatusSucceeded); err != nil {
		return err
	}
	for i := range 2 {
		early, err := p.finished(fmt.Sprintf("%s:%d", first, i), types.JobStatusSucceeded)
		if err != nil {
			return err
		}
		late, err := p.finished(fmt.Sprintf("%s:%d", second, i), types.JobStatusSucceeded)
		if err != nil {
			return err
		}
		p.expect(aws.ToInt64(early.StoppedAt) <= aws.ToInt64(late.StartedAt), "child %d started before its counterpart stopped", i)
	}
	return nil
}

func cancel(p *probe) error {
	first, err := p.start(p.cfg.Last)
	if err != nil {
		return err
	}
	second, err := p.start(p.cfg.Succeed, after(first, ""))
	if err != nil {
		return err
	}
	const reason = "no longer needed"
	if _, err := p.client.CancelJob(p.ctx, &batch.CancelJobInput{JobId: aws.String(second), Reason: aws.String(reason)}); err != nil {
		return err
	}
	job, err := p.finished(second, types.JobStatusFailed)
	if err == nil {
		p.expect(job.StartedAt == nil && len(job.Attempts) == 0, "it ran")
		p.expect(aws.ToString(job.StatusReason) == reason, "the status reason is %q, want %q", aws.ToString(job.StatusReason), reason)
	}
	return err
}

func terminate(p *probe) error {
	id, err := p.start(p.cfg.Last)
	if err != nil {
		return err
	}
	if _, err := p.reach(id, types.JobStatusRunning); err != nil {
		return err
	}
	const reason = "enough"
	if _, err := p.client.TerminateJob(p.ctx, &batch.TerminateJobInput{JobId: aws.String(id), Reason: aws.String(reason)}); err != nil {
		return err
	}
	job, err := p.finished(id, types.JobStatusFailed)
	if err == nil {
		p.expect(aws.ToString(job.StatusReason) == reason, "the status reason is %q, want %q", aws.ToString(job.StatusReason), reason)
		p.expect(aws.ToBool(job.IsTerminated), "isTerminated is not true")
		p.expect(job.StartedAt != nil && job.StoppedAt != nil, "it has lost its times")
	}
	return err
}
