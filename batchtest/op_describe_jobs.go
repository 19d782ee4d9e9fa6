package batchtest

// DescribeJobs
//
// Up to 100 ids, of jobs, of children of arrays (job:0) and of nodes of
// multi-node parallel jobs (job#0). Unknown ids are left out; the others come
// in the order asked for. attempts, or eksAttempts on Amazon EKS, holds those
// that have ended; a multi-node parallel job shows its main node's. Of a parent
// of an array, arrayProperties counts the children by status. A job is visible
// as soon as SubmitJob has answered, and as long as the server lives.

import (
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

func (s *Server) describeJobs(in *batch.DescribeJobsInput) (*batch.DescribeJobsOutput, error) {
	switch n := len(in.Jobs); {
	case n == 0:
		return nil, refuse("jobs must be provided")
	case n > maxDescribed:
		return nil, refuse("Maximum number of jobs supported is  %d", maxDescribed) // two spaces, as in the service
	}
	out := &batch.DescribeJobsOutput{Jobs: make([]types.JobDetail, 0, len(in.Jobs))}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range in.Jobs {
		if j, ok := s.job(id); ok {
			out.Jobs = append(out.Jobs, s.detail(j))
		}
	}
	return out, nil
}
