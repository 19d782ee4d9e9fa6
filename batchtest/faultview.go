package batchtest

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// DelayVisibility keeps jobs out of the answers to DescribeJobs and ListJobs
// until d has passed since they came into being. Nothing else is delayed:
// another job can depend on one that is not visible yet.
func DelayVisibility(d time.Duration) Fault {
	return hiding(func(s *Server, id string) bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		j, ok := s.job(id)
		return ok && s.Now().UnixNano()-s.bornAt(j) < int64(d)
	})
}

// ExpireFinished takes jobs out of the answers to DescribeJobs and ListJobs when
// after has passed since they ended; a child of an array and a node go with
// their job. [Server.Job] still has them, and so have jobs that depend on them.
func ExpireFinished(after time.Duration) Fault {
	return hiding(func(s *Server, id string) bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		j, ok := s.job(id)
		if !ok {
			return false
		}
		if p := j.parent(); p != nil {
			j = p
		}
		r := s.record(j.whole())
		last := r.last()
		return last.to.terminal() && s.Now().UnixNano()-last.at >= int64(after)
	})
}

// bornAt returns when a job came into being, in Unix nanoseconds. The caller
// holds mu.
func (s *Server) bornAt(j *job) int64 {
	r := s.record(j)
	return r.history[0].at
}

// ReorderPages shuffles the jobs in each answer to DescribeJobs and ListJobs.
// Which page a job is on does not change.
func ReorderPages() Fault {
	return Fault{make: func(_ *Server, d *dice) Interceptor {
		return viewing(func(r *Request, jobs *[]types.JobDetail, summaries *[]types.JobSummary) {
			random := d.source(r)
			random.Shuffle(len(*jobs), func(i, k int) { (*jobs)[i], (*jobs)[k] = (*jobs)[k], (*jobs)[i] })
			random.Shuffle(len(*summaries), func(i, k int) { (*summaries)[i], (*summaries)[k] = (*summaries)[k], (*summaries)[i] })
		})
	}}
}

// hiding takes jobs out of answers.
func hiding(hidden func(s *Server, id string) bool) Fault {
	return Fault{make: func(s *Server, _ *dice) Interceptor {
		return viewing(func(_ *Request, jobs *[]types.JobDetail, summaries *[]types.JobSummary) {
			*jobs = slices.DeleteFunc(*jobs, func(d types.JobDetail) bool { return hidden(s, aws.ToString(d.JobId)) })
			*summaries = slices.DeleteFunc(*summaries, func(d types.JobSummary) bool { return hidden(s, aws.ToString(d.JobId)) })
		})
	}}
}

// viewing changes what DescribeJobs and ListJobs answer.
func viewing(edit func(r *Request, jobs *[]types.JobDetail, summaries *[]types.JobSummary)) Interceptor {
	return func(_ context.Context, r *Request) Action {
		if r.Operation != "DescribeJobs" && r.Operation != "ListJobs" {
			return Action{}
		}
		return After(func(_ context.Context, a *Answer) {
			out, err := a.Output()
			if err != nil {
				return // there are no jobs in an error
			}
			var jobs []types.JobDetail
			var summaries []types.JobSummary
			switch out := out.(type) {
			case *batch.DescribeJobsOutput:
				edit(&a.request, &out.Jobs, &summaries)
			case *batch.ListJobsOutput:
				edit(&a.request, &jobs, &out.JobSummaryList)
			}
			a.Reply(out)
		})
	}
}
