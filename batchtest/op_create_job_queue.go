package batchtest

// CreateJobQueue
//
// The queue is VALID at once and takes the platforms of its compute
// environments, of which there are 1 to 3, each once and with an order of its
// own; all exist and are of one kind: EC2, Fargate or EKS, which is the queue's
// type as well. priority is required, 0 to 1000; of queues that share a compute
// environment, the one with the higher priority is served first. A DISABLED
// queue refuses jobs. Names are unique, and there are at most 50 queues. A
// schedulingPolicyArn makes the queue a fair-share queue: the policy exists,
// and jobs need a share identifier.
//
// jobStateTimeLimitActions cancel the job at the head of the queue when it could
// not be placed for one of the reasons that the service knows, for 600 to 86400
// seconds. Service environments are not implemented.

import (
	"cmp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

func (s *Server) createJobQueue(in *batch.CreateJobQueueInput) (*batch.CreateJobQueueOutput, error) {
	name := aws.ToString(in.JobQueueName)
	switch {
	case !resourceName.MatchString(name):
		return nil, refuse("Job Queue name should match a valid pattern.")
	case in.Priority == nil:
		return nil, refuse("priority must be provided")
	case in.State != "" && in.State != types.JQStateEnabled && in.State != types.JQStateDisabled:
		return nil, refuse("state must be ENABLED or DISABLED, found %q", in.State)
	case len(in.ServiceEnvironmentOrder) > 0:
		return nil, notImplemented("CreateJobQueue with serviceEnvironmentOrder")
	}
	if err := checkQueueType(in.JobQueueType); err != nil {
		return nil, err
	}
	if err := checkTags(in.Tags); err != nil {
		return nil, err
	}
	if err := checkPriority(in.Priority); err != nil {
		return nil, err
	}
	q := &queue{detail: types.JobQueueDetail{
		JobQueueArn:              aws.String(s.arn(kindQueue, name)),
		JobQueueName:             in.JobQueueName,
		JobStateTimeLimitActions: in.JobStateTimeLimitActions,
		Priority:                 in.Priority,
		SchedulingPolicyArn:      in.SchedulingPolicyArn,
		State:                    cmp.Or(in.State, types.JQStateEnabled),
		Status:                   types.JQStatusValid,
		StatusReason:             aws.String("JobQueue Healthy"),
		Tags:                     orEmptyMap(in.Tags),
	}}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, exists := s.queues[name]; exists {
		return nil, refuse("Object already exists")
	}
	if len(s.queues) >= maxQueues {
		return nil, refuse("Job queues must be at most %d in an account and region", maxQueues)
	}
	if err := s.checkPolicy(in.SchedulingPolicyArn); err != nil {
		return nil, err
	}
	if err := checkTimeLimits(in.JobStateTimeLimitActions); err != nil {
		return nil, err
	}
	if err := s.attach(q, in.ComputeEnvironmentOrder, in.JobQueueType); err != nil {
		return nil, err
	}
	s.open(q)
	return &batch.CreateJobQueueOutput{JobQueueArn: q.detail.JobQueueArn, JobQueueName: in.JobQueueName}, nil
}

// checkPriority refuses what the resource schema of AWS CloudFormation
// (AWS::Batch::JobQueue) does not allow.
func checkPriority(p *int32) error {
	if p != nil && (*p < 0 || *p > maxPriority) {
		return refuse("priority must be between 0 and %d, found %d", maxPriority, *p)
	}
	return nil
}
