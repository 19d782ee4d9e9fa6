package batchtest

// DescribeJobQueues
//
// Up to 100 names or ARNs, or all queues when none is given. Unknown ones are
// left out. The order is by name. maxResults is at most 100.

import (
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

func (s *Server) describeJobQueues(in *batch.DescribeJobQueuesInput) (*batch.DescribeJobQueuesOutput, error) {
	if n := len(in.JobQueues); n > maxDescribed {
		return nil, refuse("jobQueues must be at most %d, found %d", maxDescribed, n)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	name := func(q *queue) string { return *q.detail.JobQueueName }
	found := named(in.JobQueues, s.queue, s.queues, name)
	found, next, err := page(found, name, in.MaxResults, maxDescribed, in.NextToken)
	if err != nil {
		return nil, err
	}
	out := &batch.DescribeJobQueuesOutput{JobQueues: make([]types.JobQueueDetail, 0, len(found)), NextToken: next}
	for _, q := range found {
		detail := q.detail
		detail.Tags = s.tagged(detail.JobQueueArn, detail.Tags)
		out.JobQueues = append(out.JobQueues, detail)
	}
	return out, nil
}
