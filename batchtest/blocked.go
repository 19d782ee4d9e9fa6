package batchtest

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// Why the first job of a queue cannot be placed, and what time limits react to:
// https://docs.aws.amazon.com/batch/latest/userguide/job_stuck_in_runnable.html
const (
	causeStock       = "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY"
	causeMax         = "MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE"
	causeRequirement = "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT"
	causeInstances   = "MISCONFIGURATION:EC2_INSTANCE_CONFIGURATION_UNSUPPORTED" // which never happens here
)

var causes = []string{causeStock, causeMax, causeRequirement, causeInstances}

const (
	reasonStock       = causeStock + " - Service cannot fulfill the capacity requested for instance type "
	reasonMax         = causeMax + " - CE(s) associated with the job queue cannot meet the CPU requirement of the job."
	reasonRequirement = causeRequirement + " - The job resource requirement (vCPU/memory/GPU) is higher than that can be met by the CE(s) attached to the job queue."
)

// Reasons for which the service's own words are not known.
const (
	reasonNoEnvironment = "No compute environment of the job queue is ENABLED and able to run the job"
	reasonNoConsumable  = "Waiting for the consumable resource "
)

// reasonTimeLimit is what a job ends with that was blocked for too long.
const reasonTimeLimit = "Canceled by JobStateTimeLimit action due to reason: "

// Limits of the time of an action, in seconds.
const (
	minTimeLimit = 600
	maxTimeLimit = 86400
)

// A blockage is what keeps the first job of a queue from being placed, if that
// is something that time limits know.
type blockage struct {
	job   *job
	cause string
	since time.Time
	timer *timer
}

// block notes why the first job of a line cannot be placed. The caller holds mu,
// as for the rest of this file.
func (s *Server) block(l *line, j *job, reason string) {
	j.live.last().reason = s.reasons.number(reason)
	cause, _, _ := strings.Cut(reason, " - ")
	switch {
	case !slices.Contains(causes, cause):
		s.unblock(l)
	case l.blocked.job != j || l.blocked.cause != cause:
		s.unblock(l)
		l.blocked = blockage{job: j, cause: cause, since: s.Now()}
		s.emit(eventBlocked, j)
		s.watchBlocked(l)
	}
}

func (s *Server) unblock(l *line) {
	if l.blocked.job != nil {
		s.stop(l.blocked.timer)
		l.blocked = blockage{}
	}
}

// watchBlocked has the first of the queue's time limits end what blocks it.
func (s *Server) watchBlocked(l *line) {
	b := &l.blocked
	s.stop(b.timer)
	b.timer = nil
	least := int32(-1)
	for _, a := range l.queue.detail.JobStateTimeLimitActions {
		if d := aws.ToInt32(a.MaxTimeSeconds); b.job != nil && aws.ToString(a.Reason) == b.cause && (least < 0 || d < least) {
			least = d
		}
	}
	if least < 0 {
		return
	}
	left := time.Duration(least)*time.Second - s.Now().Sub(b.since)
	b.timer = s.after(max(left, 0), func() {
		j, cause := b.job, b.cause
		*b = blockage{}
		s.cancelEarly(j, reasonTimeLimit+cause)
	})
}

// checkTimeLimits refuses actions that the service would refuse.
func checkTimeLimits(actions []types.JobStateTimeLimitAction) error {
	seen := map[string]bool{}
	for i, a := range actions {
		seconds := aws.ToInt32(a.MaxTimeSeconds)
		switch {
		case !slices.Contains(causes, aws.ToString(a.Reason)):
			return refuse("Invalid job reason")
		case a.State != types.JobStateTimeLimitActionsStateRunnable:
			return refuse("jobStateTimeLimitActions[%d].state must be RUNNABLE, found %q", i, a.State)
		case a.Action != types.JobStateTimeLimitActionsActionCancel: // TERMINATE is for service environments
			return refuse("Invalid job action. Valid job actions: [CANCEL]")
		case seconds < minTimeLimit || seconds > maxTimeLimit:
			return refuse("jobStateTimeLimitActions[%d].maxTimeSeconds must be between %d and %d, found %d", i, minTimeLimit, maxTimeLimit, seconds)
		case seen[*a.Reason]:
			return refuse("Duplicate job state limit actions are not allowed.")
		}
		seen[*a.Reason] = true
	}
	return nil
}
