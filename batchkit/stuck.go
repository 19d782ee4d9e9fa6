package batchkit

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// Advice is what the service means by a status reason, and what to do about it.
type Advice struct {
	// Code is the reason as it stands in the documentation, such as CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY, and as
	// jobStateTimeLimitActions of a queue take it where TimeLimit is true. It is empty when the service gives no such reason.
	Code string
	// Meaning says what keeps the job, in one sentence.
	Meaning string
	// Mend says what to do about it.
	Mend string
	// TimeLimit is whether the queue can be told to end jobs that wait for this reason, by jobStateTimeLimitActions.
	TimeLimit bool
	// Source is the page of the AWS Batch user guide.
	Source string
}

const (
	stuckGuide         = "https://docs.aws.amazon.com/batch/latest/userguide/job_stuck_in_runnable.html"
	stuckCapacity      = "https://docs.aws.amazon.com/batch/latest/userguide/job_stuck_in_runnable_capacity.html"
	stuckConfiguration = "https://docs.aws.amazon.com/batch/latest/userguide/job_stuck_in_runnable_misconfiguration.html"
	stuckUndetermined  = "https://docs.aws.amazon.com/batch/latest/userguide/job_stuck_in_runnable_undetermined.html"
	stuckCauses        = "https://docs.aws.amazon.com/batch/latest/userguide/job_stuck_in_runnable_common_causes.html"
	invalidEnvironment = "https://docs.aws.amazon.com/batch/latest/userguide/invalid_compute_environment.html"
)

// advices are all reasons that the user guide gives for jobs of compute environments.
var advices = []Advice{
	{
		Code:    "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY",
		Meaning: "no compute environment of the queue gets the instances that the job needs: AWS has none to give at the moment",
		Mend: "wait, or widen the choice: more instance types and sizes, more Availability Zones, or a further compute environment on the queue, " +
			"On-Demand beside Spot",
		TimeLimit: true, Source: stuckCapacity,
	},
	{
		Code:      "MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE",
		Meaning:   "the job asks for more vCPUs than any compute environment of the queue may have",
		Mend:      "raise maxvCpus of a compute environment, or give the job fewer vCPUs; it can never start as it is",
		TimeLimit: true, Source: stuckConfiguration,
	},
	{
		Code:    "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT",
		Meaning: "no instance type of the queue's compute environments has the vCPUs, memory or GPUs that the job asks for",
		Mend: "allow larger instance types, or ask for less; of its memory an instance keeps some for the system and the agent, " +
			"so a job cannot have all of it",
		TimeLimit: true, Source: stuckConfiguration,
	},
	{
		Code:    "MISCONFIGURATION:SERVICE_ROLE_PERMISSIONS",
		Meaning: "the service role of the compute environments lacks permissions",
		Mend: "use the service-linked role AWSServiceRoleForBatch, or compare the role with the managed policy AWSBatchServiceRole; " +
			"the jobs behind this one wait for the same",
		Source: stuckConfiguration,
	},
	{
		Code:    "MISCONFIGURATION:EC2_INSTANCE_CONFIGURATION_UNSUPPORTED",
		Meaning: "instances of the compute environment cannot be launched as it is configured",
		Mend: "see whether the instance types exist in the Region and the Availability Zones of the subnets, and whether the launch template " +
			"and the image fit them, the processor above all",
		TimeLimit: true, Source: stuckConfiguration,
	},
	{
		Code:    "ACTION_REQUIRED",
		Meaning: "all compute environments of the queue are INVALID",
		Mend: "look at the status reason of the compute environments; a role, a subnet, a security group or a launch template that they name " +
			"is most often gone",
		Source: invalidEnvironment,
	},
	{
		Code:    "UNDETERMINED",
		Meaning: "the job blocks its queue, and the service cannot say why",
		Mend:    generalMend, Source: stuckUndetermined,
	},
}

const generalMend = "see whether the queue and a compute environment are ENABLED and VALID, whether other jobs or the vCPU quota of the account " +
	"use up what there is, whether instances run and have joined the cluster (agent, instance role, a way to the ECS or EKS endpoints), " +
	"and whether the job waits for a consumable resource"

// Explain returns what a status reason of a job that waits in RUNNABLE means, or of one that was cancelled because it
// waited, and whether it is one of the reasons that AWS documents. If it is not, or is empty, the advice is what to look
// at for a job that is RUNNABLE for long. The reason may hold more than the code, as the service gives it.
func Explain(reason string) (Advice, bool) {
	for _, a := range advices {
		if strings.Contains(reason, a.Code) {
			return a, true
		}
	}
	return Advice{
		Meaning: "the service gives no reason: the job waits for its turn, or for something that the service does not look at",
		Mend:    generalMend, Source: stuckCauses,
	}, false
}

// String returns the advice as a sentence.
func (a Advice) String() string {
	if a.Meaning == "" {
		return ""
	}
	return a.Meaning + ": " + a.Mend
}

// dwell keeps account of since when a job is RUNNABLE. An attempt or a child that has ended counts as progress.
func (s *state) dwell(before *types.JobDetail, at time.Time) {
	waits := s.detail.Status == types.JobStatusRunnable
	progress := attempts(before) != attempts(&s.detail)
	if n := children(&s.detail); n != nil && s.detail.Status == types.JobStatusPending {
		count := func(of map[string]int32, statuses ...types.JobStatus) (sum int32) {
			for _, status := range statuses {
				sum += of[string(status)]
			}
			return sum
		}
		waits = count(n, types.JobStatusRunnable) > 0 && count(n, types.JobStatusStarting, types.JobStatusRunning) == 0
		ended := []types.JobStatus{types.JobStatusSucceeded, types.JobStatusFailed}
		progress = count(n, ended...) != count(children(before), ended...)
	}
	switch {
	case !waits:
		s.runnable, s.stuck = time.Time{}, false
	case progress || s.runnable.IsZero():
		s.runnable, s.stuck = at, false
	}
}

// attempts counts those that have ended.
func attempts(d *types.JobDetail) (n int) {
	for _, a := range d.Attempts {
		if a.StoppedAt != nil {
			n++
		}
	}
	for _, a := range d.EksAttempts {
		if a.StoppedAt != nil {
			n++
		}
	}
	return n
}

// checkStuck reports a job that is RUNNABLE for too long, once. Of an array, whose parent has no reason, the reason is that
// of a child: events have told it, and who polls has to ask.
func (w *watcher) checkStuck(ctx context.Context, s *state, at time.Time) error {
	if w.settings.stuckAfter <= 0 || s.stuck || s.runnable.IsZero() || at.Sub(s.runnable) <= w.settings.stuckAfter {
		return nil
	}
	s.stuck = true
	e := s.event(s.detail.Status, at)
	if e.Reason == "" && e.Children != nil && w.listener == nil {
		e.Reason = w.childReason(ctx, s)
		e.advise()
	}
	return w.tell(s, e)
}

// childReason asks for the reason for which a child of an array waits, with one call. If there is none to be had, the
// event has none.
func (w *watcher) childReason(ctx context.Context, s *state) string {
	out, err := w.run.client.api.ListJobs(ctx, &batch.ListJobsInput{ArrayJobId: &s.job.id, JobStatus: types.JobStatusRunnable}, patient)
	if err != nil {
		return ""
	}
	for _, child := range out.JobSummaryList {
		if why := aws.ToString(child.StatusReason); why != "" {
			return why
		}
	}
	return ""
}
