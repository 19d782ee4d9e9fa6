package batchtest

// CreateJobQueue
//
// The queue is VALID at once and takes the platforms of its compute
// environments, of which there are 1 to 3; all exist and are of one kind: EC2,
// Fargate or EKS. The kind is the queue's type where none is given. priority is required;
// it is stored, but jobs of all queues are placed first come first served. A
// DISABLED queue refuses jobs. Names are unique. A schedulingPolicyArn makes
// the queue a fair-share queue: the policy exists, and jobs need a share
// identifier, which is stored but gives no share. Service environments are not implemented.

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
	case len(in.ServiceEnvironmentOrder) > 0:
		return nil, notImplemented("CreateJobQueue with serviceEnvironmentOrder")
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
	if err := s.checkPolicy(in.SchedulingPolicyArn); err != nil {
		return nil, err
	}
	if err := s.attach(q, in.ComputeEnvironmentOrder, in.JobQueueType); err != nil {
		return nil, err
	}
	q.line = s.newLine()
	s.queues[name] = q
	return &batch.CreateJobQueueOutput{JobQueueArn: q.detail.JobQueueArn, JobQueueName: in.JobQueueName}, nil
}
