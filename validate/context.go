package validate

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// Queue is what the outcome of a submission depends on, apart from its definition. It says what the caller knows:
// a member with its zero value is unknown, and the rules that need it are silent.
type Queue struct {
	// Name is the name of the queue. What is said of it holds for submissions to it, by name or by ARN;
	// without a name for all submissions.
	Name string
	// State is ENABLED or DISABLED.
	State types.JQState
	// Scheduling is the way in which the queue chooses the next job.
	Scheduling Scheduling
	// Environments are all compute environments of the queue, in any order.
	Environments []Environment
}

// Environment is a compute environment of a [Queue].
type Environment struct {
	// Platform is one of [EC2], [Fargate], [ManagedInstances] and [EKS].
	Platform Platforms
	// Spot is set for an environment of the types SPOT and FARGATE_SPOT. False is as good as unknown.
	Spot bool
	// Unmanaged is set for an environment whose instances the account runs itself. False is as good as unknown.
	Unmanaged bool
	// VCPUs and MemoryMiB are those of the largest instance, whole, before what the system keeps for itself.
	VCPUs, MemoryMiB int
}

// Scheduling is the way in which a queue chooses the next job.
type Scheduling uint8

// The ways to choose. The zero value is unknown.
const (
	// FIFO: the queue has no scheduling policy.
	FIFO Scheduling = iota + 1
	// FairShare: the queue has a fair-share policy.
	FairShare
)

// WithQueue tells about a queue that jobs are submitted to. Rules that need it are silent without, and judge submissions
// only: whether a job fits an instance of the queue, for one, SubmitJob says when it has the definition too. It may be
// given for several queues; the first that a submission goes to counts.
func WithQueue(queue Queue) Option {
	return func(s *settings) { s.queues = append(s.queues, queue) }
}

// WithConsumables gives the total quantities of consumable resources by name. A resource that is not there is unknown.
// A requirement may name the resource by its ARN too.
func WithConsumables(totals map[string]int64) Option {
	return func(s *settings) { s.consumables = totals }
}

// queueOf returns what is known of the queue of a submission. Nothing is known of the zero queue.
func (s *settings) queueOf(submission *submission) *Queue {
	name := resourceName(str(submission.in.JobQueue), ":job-queue/")
	for i := range s.queues {
		if s.queues[i].Name == "" || s.queues[i].Name == name {
			return &s.queues[i]
		}
	}
	return &Queue{}
}

// every reports whether the environments are known, and all alike in some respect.
func (q *Queue) every(alike func(*Environment) bool) bool {
	for i := range q.Environments {
		if !alike(&q.Environments[i]) {
			return false
		}
	}
	return len(q.Environments) > 0
}

// resourceName is the name in an ARN of the kind, or the text itself when it is no such ARN.
func resourceName(text, kind string) string {
	if _, name, ok := strings.Cut(text, kind); ok {
		return name
	}
	return text
}
