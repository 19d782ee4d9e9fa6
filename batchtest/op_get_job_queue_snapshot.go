package batchtest

// GetJobQueueSnapshot
//
// The first 100 RUNNABLE jobs of a queue, named by name or ARN, in the order in
// which they will be placed if nothing else happens, children of arrays one by
// one. A job that is tried again stands behind those that were RUNNABLE before.
// Jobs with more nodes than WithCapacity gives are never placed and not listed.
// Each comes with the time since which it has stood where it does; in a queue
// with a fair-share policy, since when any job last left the queue.
//
// The utilization is the vCPUs of the queue's jobs that are STARTING or RUNNING,
// as VCPU, or cpu on Amazon EKS. With a fair-share policy it counts the shares
// that use some, and has the 20 that use most.

import (
	"cmp"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// A snapshot shows this many jobs and shares.
const (
	maxFront     = 100
	maxTopShares = 20
)

func (s *Server) getJobQueueSnapshot(in *batch.GetJobQueueSnapshotInput) (*batch.GetJobQueueSnapshotOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := s.knownQueue(in.JobQueue)
	if err != nil {
		return nil, err
	}
	now := aws.Int64(s.Now().UnixMilli())
	return &batch.GetJobQueueSnapshotOutput{
		FrontOfQueue:     &types.FrontOfQueueDetail{Jobs: s.frontOf(q.line), LastUpdatedAt: now},
		QueueUtilization: utilization(q, now),
	}, nil
}

// frontOf returns the first jobs of a line. The caller holds mu.
func (s *Server) frontOf(l *line) []types.FrontOfQueueJobSummary {
	front := []types.FrontOfQueueJobSummary{}
	moved, fair := l.moved, s.fairness(l)
	had := map[*share]float64{} // standings, as they would become
	var lanes []*lane
	for _, of := range l.lanes {
		lanes = append(lanes, &lane{of.share, of.priority, of.places})
		if len(of.places) > 0 {
			had[of.share] = fair.standing(of.share)
		}
	}
	for len(front) < maxFront {
		for _, of := range lanes {
			for len(of.places) > 0 && of.places[0].job.status != runnable { // it has left, and those behind it moved up
				r := s.record(of.places[0].job)
				moved = max(moved, r.last().at)
				of.places = of.places[1:]
			}
		}
		var next *lane
		for of := range heads(lanes) {
			if next == nil || cmp.Or(cmp.Compare(had[of.share], had[next.share]), of.compare(next)) < 0 {
				next = of
			}
		}
		if next == nil {
			break
		}
		j := next.places[0].job
		next.places = next.places[1:]
		if next.share != nil {
			had[next.share] += vcpus(j.work.takes().cpu) * fair.weigh(next.share)
		}
		r := s.record(j)
		front = append(front, types.FrontOfQueueJobSummary{
			EarliestTimeAtPosition: aws.Int64(max(moved, r.last().at) / int64(time.Millisecond)),
			JobArn:                 aws.String(s.arn(kindJob, j.id())),
		})
	}
	return front
}

// utilization returns what the jobs of a queue use. The caller holds mu.
func utilization(q *queue, now *int64) *types.QueueSnapshotUtilizationDetail {
	unit := aws.String("VCPU")
	if q.detail.JobQueueType == types.JobQueueTypeEks {
		unit = aws.String("cpu")
	}
	out := &types.QueueSnapshotUtilizationDetail{
		LastUpdatedAt:      now,
		TotalCapacityUsage: []types.QueueSnapshotCapacityUsage{{CapacityUnit: unit, Quantity: aws.Float64(vcpus(q.line.used))}},
	}
	if q.line.shares == nil {
		return out
	}
	var using []*share
	for _, sh := range q.line.shares {
		if sh.used > 0 {
			using = append(using, sh)
		}
	}
	slices.SortFunc(using, func(a, b *share) int {
		return cmp.Or(cmp.Compare(b.used, a.used), cmp.Compare(a.identifier, b.identifier))
	})
	out.FairshareUtilization = &types.FairshareUtilizationDetail{
		ActiveShareCount: aws.Int64(int64(len(using))), TopCapacityUtilization: []types.FairshareCapacityUtilization{},
	}
	for _, sh := range using[:min(len(using), maxTopShares)] {
		out.FairshareUtilization.TopCapacityUtilization = append(out.FairshareUtilization.TopCapacityUtilization, types.FairshareCapacityUtilization{
			CapacityUsage:   []types.FairshareCapacityUsage{{CapacityUnit: unit, Quantity: aws.Float64(vcpus(sh.used))}},
			ShareIdentifier: aws.String(sh.identifier),
		})
	}
	return out
}
