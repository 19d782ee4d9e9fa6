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

// knownQueue refuses what is not there. The caller holds mu.
func (s *Server) knownQueue(reference *string) (*queue, error) {
	if aws.ToString(reference) == "" {
		return nil, refuse("jobQueue must be provided")
	}
	q, ok := s.queue(*reference)
	if !ok {
		return nil, refuse("JobQueue %s not found.", *reference)
	}
	return q, nil
}

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
	if err := checkOrder(order); err != nil {
		return err
	}
	order = slices.Clone(order)
	slices.SortStableFunc(order, func(a, b types.ComputeEnvironmentOrder) int {
		return cmp.Compare(aws.ToInt32(a.Order), aws.ToInt32(b.Order))
	})
	q.pools = nil
	var environments []*environment
	for i := range order {
		e, ok := s.environment(*order[i].ComputeEnvironment)
		switch {
		case !ok:
			return refuse("Compute Environments must be created and valid before attaching them to a job queue")
		case slices.Contains(environments, e):
			return refuse("Duplicate ComputeEnvironments within order list.")
		}
		order[i].ComputeEnvironment = e.detail.ComputeEnvironmentArn
		q.pools = append(q.pools, e.pool)
		environments = append(environments, e)
	}
	own, err := queueType(environments)
	switch {
	case err != nil:
		return err
	case kind != "" && own != "" && kind != own:
		return refuse("jobQueueType must be %s, as the compute environments of the queue are, found %s", own, kind)
	}
	q.detail.ComputeEnvironmentOrder, q.detail.JobQueueType = order, cmp.Or(own, kind, types.JobQueueTypeEcs)
	return nil
}

// checkOrder refuses an order that the service refuses, whatever is in it.
func checkOrder(order []types.ComputeEnvironmentOrder) error {
	switch {
	case len(order) == 0:
		return refuse("computeEnvironmentOrder is required.")
	case len(order) > maxEnvironments:
		return refuse("Only %d environments are allowed in job queue request.", maxEnvironments)
	}
	seen := map[int32]bool{}
	for i, o := range order {
		switch {
		case aws.ToString(o.ComputeEnvironment) == "":
			return refuse("computeEnvironmentOrder[%d].computeEnvironment must be provided", i)
		case o.Order == nil:
			return refuse("computeEnvironmentOrder[%d].order must be provided", i)
		case seen[*o.Order]:
			return refuse("Duplicate ComputeEnvironment order values.")
		}
		seen[*o.Order] = true
	}
	return nil
}

// checkQueueType refuses a type that queues of compute environments have not.
func checkQueueType(kind types.JobQueueType) error {
	switch {
	case kind == types.JobQueueTypeSagemakerTraining:
		return refuse("Job queues of type %s must have serviceEnvironmentOrder.", kind)
	case kind != "" && !slices.Contains(kind.Values(), kind):
		return refuse("jobQueueType must be one of %v, found %q", kind.Values(), kind)
	}
	return nil
}

// queueType returns the kind of the environments of a queue, empty where the
// environment "default" is alone, which goes with any.
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
		fargate := types.JobQueueTypeEcsFargate
		switch {
		case kind == "" || own == kind:
		case (own == fargate) != (kind == fargate):
			return "", refuse("Fargate and EC2 compute environments can not be mixed.")
		default:
			return "", refuse("computeEnvironmentOrder must hold compute environments of one kind, found %s and %s", kind, own)
		}
		kind = own
	}
	return kind, nil
}
