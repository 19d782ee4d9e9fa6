package batchkit

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// Duplicate is a job that was submitted besides the one that the run goes on with.
type Duplicate struct {
	// Job is the name in the plan.
	Job string
	// ID is that of the duplicate, and Kept that of the run's job.
	ID, Kept string
}

// duplicateReason begins the status reason of jobs that were ended as duplicates.
const duplicateReason = "batchkit: duplicate of "

// sighting is a job of the run that was found at the service.
type sighting struct {
	id        string
	created   int64
	ended     bool
	duplicate bool // it was ended as one
	dependsOn []string
}

func newSighting(d *types.JobDetail) sighting {
	seen := sighting{
		id: aws.ToString(d.JobId), created: aws.ToInt64(d.CreatedAt),
		ended:     over(d.Status),
		duplicate: strings.HasPrefix(aws.ToString(d.StatusReason), duplicateReason),
	}
	for _, dep := range d.DependsOn {
		if dep.JobId != nil {
			seen.dependsOn = append(seen.dependsOn, *dep.JobId)
		}
	}
	return seen
}

func byAge(a, b sighting) int {
	return cmp.Or(cmp.Compare(a.created, b.created), cmp.Compare(a.id, b.id))
}

// find looks for the job of a step of which it is not known whether it was taken, until it is found or the grace time
// has passed since the step was sent. A job that is found is adopted.
func (s *submission) find(ctx context.Context, i int, in *batch.SubmitJobInput, sent time.Time) (bool, error) {
	deadline := s.client.shownBy(sent)
	names := map[string]int{*in.JobName: i}
	for pause := time.Second; ; pause = min(pause*2, 15*time.Second) {
		last := !time.Now().Before(deadline)
		var found []sighting
		err := s.client.list(ctx, *in.JobQueue, *in.JobName, func(d *types.JobDetail) error {
			ours, err := s.sighted(d, names)
			if ours >= 0 {
				found = append(found, newSighting(d))
			}
			return err
		})
		if err != nil {
			return false, fmt.Errorf("looking for a job of which no answer came: %w", s.client.explain(ctx, in, err))
		}
		kept := s.adopt(i, found)
		if err := s.endOthers(ctx, i, found); err != nil {
			return false, err
		}
		if kept != "" {
			return true, s.submitted(ctx, i, kept)
		}
		if last {
			return false, s.absent(ctx, i)
		}
		if err := sleep(ctx, min(pause, max(time.Until(deadline), 0))); err != nil {
			return false, err
		}
	}
}

// shownBy returns from when on the service surely shows a job that was sent at that time, if there is one.
func (c *Client) shownBy(sent time.Time) time.Time {
	if now := time.Now(); sent.After(now) || sent.IsZero() { // the clock was set back, or a journal has lost the time
		sent = now
	}
	return sent.Add(c.polling.grace)
}

// sighted returns which of the steps with those names at the service a job is, -1 if it is none. A job of another run is
// none, also where run and job together make the same name; one that has such a name and no tags of a run is a
// [*ConflictError].
func (s *submission) sighted(d *types.JobDetail, names map[string]int) (int, error) {
	claimed, err := s.id.claims(d)
	if err != nil {
		return -1, err
	}
	i, named := names[aws.ToString(d.JobName)]
	if !named || !claimed && d.Tags[TagRun] != "" {
		return -1, nil
	}
	if !claimed || d.Tags[TagJob] != s.plan.Steps[i].Name {
		return -1, &ConflictError{JobName: aws.ToString(d.JobName), ID: aws.ToString(d.JobId)}
	}
	return i, nil
}

// adopt goes on with the oldest of the jobs that are a step. It returns the job's id, empty if there is none.
//
// A job counts only if it waits for jobs of the run: one that waits for a duplicate would fail with it.
func (s *submission) adopt(i int, found []sighting) string {
	slices.SortFunc(found, byAge)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ids[i] == "" {
		s.ids[i] = s.oldest(i, found)
	}
	return s.ids[i]
}

// oldest returns the id of a job that is right for a step. The caller holds mu.
func (s *submission) oldest(i int, found []sighting) string {
	right := map[string]bool{}
	for _, d := range s.plan.Steps[i].Input.DependsOn {
		right[aws.ToString(d.JobId)] = true
	}
	for _, d := range s.plan.Steps[i].DependsOn {
		if d.On != "" {
			right[s.ids[s.index[d.On]]] = true
		}
	}
	wrong := func(id string) bool { return !right[id] }
	for _, f := range found {
		if !f.duplicate && !slices.ContainsFunc(f.dependsOn, wrong) {
			return f.id
		}
	}
	return ""
}

// endOthers ends the jobs that are a step besides the one that the run goes on with.
func (s *submission) endOthers(ctx context.Context, i int, found []sighting) error {
	s.mu.Lock()
	kept := s.ids[i]
	s.mu.Unlock()
	for _, f := range found {
		if f.id == kept {
			continue
		}
		if !f.ended {
			reason := duplicateReason + cmp.Or(kept, "a job of run "+s.id.run)
			if _, err := s.client.api.TerminateJob(ctx, &batch.TerminateJobInput{JobId: &f.id, Reason: &reason}, patient); err != nil {
				return fmt.Errorf("ending job %s, a duplicate of %q: %w", f.id, s.plan.Steps[i].Name, err)
			}
		}
		s.duplicate(Duplicate{Job: s.plan.Steps[i].Name, ID: f.id, Kept: kept})
	}
	return nil
}

func (s *submission) duplicate(d Duplicate) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.IndexFunc(s.duplicates, func(o Duplicate) bool { return o.ID == d.ID }); i >= 0 {
		s.duplicates[i] = d
		return
	}
	s.duplicates = append(s.duplicates, d)
}

// list shows all jobs of a queue that have a name, in any letter case, or begin with what stands before its asterisk.
// It takes two calls for a hundred jobs.
func (c *Client) list(ctx context.Context, queue, name string, see func(*types.JobDetail) error) error {
	in := &batch.ListJobsInput{
		JobQueue: &queue, MaxResults: aws.Int32(describeLimit),
		Filters: []types.KeyValuesPair{{Name: aws.String("JOB_NAME"), Values: []string{name}}},
	}
	for {
		page, err := c.api.ListJobs(ctx, in, patient)
		if err != nil {
			return fmt.Errorf("listing the jobs of queue %q: %w", queue, err)
		}
		ids := make([]string, 0, len(page.JobSummaryList))
		for _, summary := range page.JobSummaryList {
			ids = append(ids, aws.ToString(summary.JobId))
		}
		if err := c.describe(ctx, ids, see); err != nil {
			return err
		}
		if aws.ToString(page.NextToken) == "" {
			return nil
		}
		in.NextToken = page.NextToken
	}
}

func (c *Client) describe(ctx context.Context, ids []string, see func(*types.JobDetail) error) error {
	if len(ids) == 0 {
		return nil
	}
	out, err := c.api.DescribeJobs(ctx, &batch.DescribeJobsInput{Jobs: ids}, patient)
	if err != nil {
		return fmt.Errorf("describing %d jobs: %w", len(ids), err)
	}
	for i := range out.Jobs {
		if err := see(&out.Jobs[i]); err != nil {
			return err
		}
	}
	return nil
}

// patient is for calls that may be repeated at will. The SDK's own retryer gives up early, and shares a quota.
func patient(o *batch.Options) {
	o.Retryer = retry.NewStandard(func(s *retry.StandardOptions) {
		s.MaxAttempts = 10
		s.RateLimiter = ratelimit.None
	})
}
