package batchtest

// GetJobQueueSnapshot
//
// The first 100 RUNNABLE jobs of a queue, named by name or ARN, in the order in
// which they will be placed, children of arrays one by one. A job that is tried
// again stands behind those that were RUNNABLE before. Jobs with more nodes than
// there is capacity are never placed and not listed. Each comes with the time
// since which it has stood where it does. The use of capacity is left out.

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// maxFront is how many jobs a snapshot shows.
const maxFront = 100

func (s *Server) getJobQueueSnapshot(in *batch.GetJobQueueSnapshotInput) (*batch.GetJobQueueSnapshotOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	reference := aws.ToString(in.JobQueue)
	q, ok := s.queue(reference)
	if !ok {
		return nil, refuse("JobQueue %s not found.", reference)
	}
	front := []types.FrontOfQueueJobSummary{}
	moved := q.line.moved
	for _, p := range q.line.places {
		if len(front) == maxFront {
			break
		}
		r := s.record(p.job)
		at := r.last().at
		if p.job.status != runnable { // it has left, and those behind it moved up
			moved = max(moved, at)
			continue
		}
		front = append(front, types.FrontOfQueueJobSummary{
			EarliestTimeAtPosition: aws.Int64(max(moved, at) / int64(time.Millisecond)),
			JobArn:                 aws.String(s.arn(kindJob, p.job.id())),
		})
	}
	return &batch.GetJobQueueSnapshotOutput{
		FrontOfQueue: &types.FrontOfQueueDetail{Jobs: front, LastUpdatedAt: aws.Int64(time.Now().UnixMilli())},
	}, nil
}
