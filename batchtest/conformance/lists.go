package conformance

import (
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// list returns the ids on all pages.
func (p *probe) list(in *batch.ListJobsInput) (ids []string, err error) {
	for pages := batch.NewListJobsPaginator(p.client, in); pages.HasMorePages(); {
		out, err := pages.NextPage(p.ctx)
		if err != nil {
			return nil, err
		}
		for _, job := range out.JobSummaryList {
			ids = append(ids, aws.ToString(job.JobId))
		}
		if n := in.MaxResults; n != nil && len(out.JobSummaryList) > int(*n) {
			return nil, fmt.Errorf("a page has %d jobs, want at most %d", len(out.JobSummaryList), *n)
		}
	}
	return ids, nil
}

// named lists the jobs of this check by their name.
func (p *probe) named(name string, pageSize int32) *batch.ListJobsInput {
	return &batch.ListJobsInput{
		JobQueue: aws.String(p.cfg.Queue), MaxResults: aws.Int32(pageSize),
		Filters: []types.KeyValuesPair{{Name: aws.String("JOB_NAME"), Values: []string{name}}},
	}
}

func list(p *probe) error {
	id, err := p.start(p.cfg.Last)
	if err != nil {
		return err
	}
	if _, err := p.reach(id, types.JobStatusRunning); err != nil {
		return err
	}
	for _, l := range []struct {
		what string
		in   *batch.ListJobsInput
		with bool
	}{
		{"RUNNING", &batch.ListJobsInput{JobQueue: aws.String(p.cfg.Queue), JobStatus: types.JobStatusRunning}, true},
		{"no status, which means RUNNING", &batch.ListJobsInput{JobQueue: aws.String(p.cfg.Queue)}, true},
		{"FAILED", &batch.ListJobsInput{JobQueue: aws.String(p.cfg.Queue), JobStatus: types.JobStatusFailed}, false},
		{"its name", p.named(p.prefix, 100), true},
		{"the beginning of its name", p.named(p.prefix[:len(p.prefix)-1]+"*", 100), true},
		{"another name", p.named(p.prefix+"x", 100), false},
	} {
		if err := p.until("the list by "+l.what, func() (bool, error) {
			ids, err := p.list(l.in)
			return slices.Contains(ids, id) == l.with, err
		}); err != nil {
			p.expect(false, "%w", err)
		}
	}
	return nil
}

func pages(p *probe) error {
	out, err := p.register(p.definition(p.cfg.Succeed))
	if err != nil {
		return err
	}
	const jobs = 3
	var want []string
	for range jobs {
		id, err := p.submit(p.submission(aws.ToString(out.JobDefinitionArn)))
		if err != nil {
			return err
		}
		want = append(want, id)
	}
	slices.Sort(want)
	var got []string
	if err := p.until("a list of all jobs", func() (bool, error) {
		got, err = p.list(p.named(p.prefix, 1))
		return len(got) >= jobs, err
	}); err != nil {
		return fmt.Errorf("%w, found %d of %d", err, len(got), jobs)
	}
	slices.Sort(got)
	p.expect(slices.Equal(got, want), "the pages have %v, want %v", got, want)
	return nil
}

func tags(p *probe) error {
	id, err := p.start(p.cfg.Succeed, func(in *batch.SubmitJobInput) {
		in.Tags = map[string]string{"team": "a", "gone": "soon"}
	})
	if err != nil {
		return err
	}
	job, err := p.finished(id, types.JobStatusSucceeded)
	if err != nil {
		return err
	}
	p.expect(job.Tags["team"] == "a" && job.Tags["gone"] == "soon", "the job has not the tags it was submitted with")
	if _, err := p.client.TagResource(p.ctx, &batch.TagResourceInput{ResourceArn: job.JobArn, Tags: map[string]string{"team": "b"}}); err != nil {
		return err
	}
	if _, err := p.client.UntagResource(p.ctx, &batch.UntagResourceInput{ResourceArn: job.JobArn, TagKeys: []string{"gone"}}); err != nil {
		return err
	}
	return p.until("the tags that were changed", func() (bool, error) {
		out, err := p.client.ListTagsForResource(p.ctx, &batch.ListTagsForResourceInput{ResourceArn: job.JobArn})
		if err != nil {
			return false, err
		}
		_, left := out.Tags["gone"]
		return out.Tags["team"] == "b" && !left, nil
	})
}

func unknown(p *probe) error {
	jobs, err := p.client.DescribeJobs(p.ctx, &batch.DescribeJobsInput{Jobs: []string{"00000000-0000-4000-8000-000000000000"}})
	if err != nil {
		return err
	}
	p.expect(len(jobs.Jobs) == 0, "%d jobs found by the id of none", len(jobs.Jobs))
	definitions, err := p.describe(&batch.DescribeJobDefinitionsInput{JobDefinitionName: aws.String(p.prefix + "-none")})
	if err == nil {
		p.expect(len(definitions) == 0, "%d definitions found by the name of none", len(definitions))
	}
	return err
}
