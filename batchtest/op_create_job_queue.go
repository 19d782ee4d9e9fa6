package batchtest

// CreateJobQueue
//
// The queue is VALID at once and takes the platforms of its compute
// environments, of which there are 1 to 3 and all exist. priority is required;
// it is stored, but jobs of all queues are placed first come first served. A
// DISABLED queue refuses jobs. Names are unique. A schedulingPolicyArn makes
// the queue a fair-share queue: its jobs need a share identifier, which is
// stored but gives no share. Service environments are not implemented.

import (
	"cmp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// maxEnvironments is how many compute environments a queue may have.
const maxEnvironments = 3

func (s *Server) createJobQueue(in *batch.CreateJobQueueInput) (*batch.CreateJobQueueOutput, error) {
	name := aws.ToString(in.JobQueueName)
	order := slices.Clone(in.ComputeEnvironmentOrder)
	switch {
	case !resourceName.MatchString(name):
		return nil, refuse("jobQueueName must match [a-zA-Z0-9_-]{1,128}, found %q", name)
	case in.Priority == nil:
		return nil, refuse("priority must be provided")
	case len(in.ServiceEnvironmentOrder) > 0:
		return nil, notImplemented("CreateJobQueue with serviceEnvironmentOrder")
	case len(order) < 1 || len(order) > maxEnvironments:
		return nil, refuse("computeEnvironmentOrder must hold 1 to %d compute environments, found %d", maxEnvironments, len(order))
	}
	slices.SortStableFunc(order, func(a, b types.ComputeEnvironmentOrder) int {
		return cmp.Compare(aws.ToInt32(a.Order), aws.ToInt32(b.Order))
	})
	q := &queue{detail: types.JobQueueDetail{
		JobQueueArn:              aws.String(s.arn(kindQueue, name)),
		JobQueueName:             in.JobQueueName,
		JobQueueType:             in.JobQueueType,
		JobStateTimeLimitActions: in.JobStateTimeLimitActions,
		Priority:                 in.Priority,
		SchedulingPolicyArn:      in.SchedulingPolicyArn,
		State:                    cmp.Or(in.State, types.JQStateEnabled),
		Status:                   types.JQStatusValid,
		StatusReason:             aws.String("JobQueue Healthy"),
		ComputeEnvironmentOrder:  order,
		Tags:                     orEmptyMap(in.Tags),
	}}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, exists := s.queues[name]; exists {
		return nil, refuse("Object already exists")
	}
	for i := range order {
		reference := aws.ToString(order[i].ComputeEnvironment)
		e, ok := s.environment(reference)
		if !ok {
			return nil, refuse("%s does not exist", reference)
		}
		order[i].ComputeEnvironment = e.detail.ComputeEnvironmentArn
		q.environments = append(q.environments, e)
	}
	s.queues[name] = q
	return &batch.CreateJobQueueOutput{JobQueueArn: q.detail.JobQueueArn, JobQueueName: in.JobQueueName}, nil
}
