package batchtest

import (
	"cmp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/validate"
)

// A queue is a job queue. It does not change: an update puts another in its
// place.
type queue struct {
	detail types.JobQueueDetail
	pools  []*pool // of its compute environments, in the order in which they are tried
	line   *line   // the same after an update
}

// environmentOf returns the first compute environment of a queue that offers
// all that jobs of a platform need. The caller holds mu.
func (q *queue) environmentOf(platform validate.Platforms) (*environment, bool) {
	for _, p := range q.pools {
		if p.environment.offers(platform) {
			return p.environment, true
		}
	}
	return nil, false
}

// queue returns the queue with a name or ARN. The caller holds mu.
func (s *Server) queue(reference string) (*queue, bool) {
	name, ok := s.nameOf(kindQueue, reference)
	q, found := s.queues[name]
	return q, ok && found
}

func (q *queue) enabled() bool { return q.detail.State == types.JQStateEnabled }

// holds reports whether a job is in the queue, which may have been updated since
// it was submitted. A queue of the same name that was deleted is another one.
func (q *queue) holds(j *job) bool { return j.work.queue.line == q.line }

// Quotas of an account in a region, which cannot be raised:
// https://docs.aws.amazon.com/batch/latest/userguide/service_limits.html
const (
	maxQueues          = 50
	maxPriority        = 1000
	maxEnvironments    = 3 // of a queue
	maxAllEnvironments = 50
	maxOnCluster       = 5 // compute environments of an Amazon EKS cluster
)

// attach gives a new queue its compute environments. The caller holds mu.
func (s *Server) attach(q *queue, order []types.ComputeEnvironmentOrder, kind types.JobQueueType) error {
	if len(order) < 1 || len(order) > maxEnvironments {
		return refuse("computeEnvironmentOrder must hold 1 to %d compute environments, found %d", maxEnvironments, len(order))
	}
	order = slices.Clone(order)
	slices.SortStableFunc(order, func(a, b types.ComputeEnvironmentOrder) int {
		return cmp.Compare(aws.ToInt32(a.Order), aws.ToInt32(b.Order))
	})
	q.pools = nil
	var environments []*environment
	for i := range order {
		reference := aws.ToString(order[i].ComputeEnvironment)
		e, ok := s.environment(reference)
		if !ok {
			return refuse("%s does not exist", reference)
		}
		order[i].ComputeEnvironment = e.detail.ComputeEnvironmentArn
		q.pools = append(q.pools, e.pool)
		environments = append(environments, e)
	}
	own, err := queueType(environments)
	if err != nil {
		return err
	}
	q.detail.ComputeEnvironmentOrder, q.detail.JobQueueType = order, cmp.Or(kind, own)
	return nil
}

// queueType returns the kind of the environments of a queue. The environment
// "default" goes with any.
func queueType(environments []*environment) (types.JobQueueType, error) {
	var kind types.JobQueueType
	for _, e := range environments {
		own := types.JobQueueTypeEcs
		switch {
		case e.runs == validate.All:
			continue
		case e.runs&validate.EKS != 0:
			own = types.JobQueueTypeEks
		case e.runs == validate.Fargate:
			own = types.JobQueueTypeEcsFargate
		}
		if kind != "" && own != kind {
			return "", refuse("computeEnvironmentOrder must hold compute environments of one kind, found %s and %s", kind, own)
		}
		kind = own
	}
	return cmp.Or(kind, types.JobQueueTypeEcs), nil
}
