package batchkit

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// Result is what became of the jobs of a run.
type Result struct {
	// Jobs are in the order of the plan.
	Jobs []JobResult
}

// JobResult is what became of a job.
type JobResult struct {
	// Name is the job's name in the plan.
	Name string
	// ID is the job's id.
	ID string
	// Status is the last one seen; empty if the service never showed the job.
	Status types.JobStatus
	// Reason is the service's status reason.
	Reason string
	// Created, Started and Stopped are zero where they did not happen or are not known. An array starts and stops with
	// its first and last child, as far as the service tells.
	Created, Started, Stopped time.Time
	// BlockedBy are the names of failed jobs that this one was waiting for, because of which it never started.
	BlockedBy []string
	// Lost says that the service no longer shows the job, or never did.
	Lost bool
	// Detail is all that the service said at last.
	Detail types.JobDetail
}

// ContainerResult is what became of a container in the last attempt of a job.
type ContainerResult struct {
	// Name is empty for the only container of containerProperties.
	Name string
	// ExitCode is nil when the container did not run to an end.
	ExitCode *int32
	// Reason is the service's own, often empty.
	Reason string
	// LogStream is the name of the stream in CloudWatch Logs; empty when the container never ran, and for pods, of
	// which the service does not tell.
	LogStream string
}

// Containers returns the containers of the job's last attempt, the init containers of a pod before the others.
// An array has none, its children have; and a multi-node job has none, its nodes have.
func (j *JobResult) Containers() []ContainerResult {
	var out []ContainerResult
	if c := j.Detail.Container; c != nil {
		out = append(out, ContainerResult{
			ExitCode: c.ExitCode, Reason: aws.ToString(c.Reason), LogStream: aws.ToString(c.LogStreamName),
		})
	}
	if ecs := j.Detail.EcsProperties; ecs != nil {
		for _, task := range ecs.TaskProperties {
			for _, c := range task.Containers {
				out = append(out, ContainerResult{
					Name: aws.ToString(c.Name), ExitCode: c.ExitCode,
					Reason: aws.ToString(c.Reason), LogStream: aws.ToString(c.LogStreamName),
				})
			}
		}
	}
	if eks := j.Detail.EksProperties; eks != nil && eks.PodProperties != nil {
		for _, c := range slices.Concat(eks.PodProperties.InitContainers, eks.PodProperties.Containers) {
			out = append(out, ContainerResult{Name: aws.ToString(c.Name), ExitCode: c.ExitCode, Reason: aws.ToString(c.Reason)})
		}
	}
	return out
}

// Job returns the result of the job with that name.
func (r *Result) Job(name Node) (JobResult, bool) {
	for _, j := range r.Jobs {
		if j.Name == string(name) {
			return j, true
		}
	}
	return JobResult{}, false
}

// FailedError says that jobs of a run have failed or were lost.
type FailedError struct {
	// Jobs are those that did not succeed, in the order of the plan.
	Jobs []JobResult
	// Total is the number of jobs of the run.
	Total int
}

// maxReported bounds the text of a FailedError; its Jobs are never cut.
const maxReported = 20

// Error lists the jobs and why they failed, at most twenty of them.
func (e *FailedError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d of %d jobs failed:", len(e.Jobs), e.Total)
	for i, j := range e.Jobs {
		if i == maxReported {
			fmt.Fprintf(&b, "\n  … and %d more", len(e.Jobs)-i)
			break
		}
		fmt.Fprintf(&b, "\n  %s: %s", j.Name, j.Why())
	}
	return b.String()
}

// Why says in a line why the job did not succeed: what it was waiting for, or the service's reason with the exit codes
// of its containers. It is empty for a job that succeeded.
func (j *JobResult) Why() string {
	switch {
	case j.Status == types.JobStatusSucceeded:
		return ""
	case len(j.BlockedBy) > 0:
		return "never started, because " + strings.Join(j.BlockedBy, ", ") + " failed"
	case j.Lost:
		return "AWS Batch does not show the job " + j.ID
	}
	why := j.Reason
	if why == "" {
		why = string(j.Status)
	}
	var exits []string
	for _, c := range j.Containers() {
		if c.ExitCode == nil || *c.ExitCode == 0 && c.Name == "" {
			continue
		}
		exits = append(exits, strings.TrimSpace(fmt.Sprintf("%s exit code %d", c.Name, *c.ExitCode)))
	}
	if len(exits) > 0 {
		why += " (" + strings.Join(exits, ", ") + ")"
	}
	return why
}

// result is what the watcher knows.
func (w *watcher) result() *Result {
	result := &Result{Jobs: make([]JobResult, len(w.states))}
	failed := map[string]bool{}
	for i := range w.states {
		s := &w.states[i]
		d := &s.detail
		j := JobResult{
			Name: s.job.step.Name, ID: s.job.id, Status: d.Status, Reason: aws.ToString(d.StatusReason), Lost: s.lost,
			Created: millis(d.CreatedAt), Started: millis(d.StartedAt), Stopped: millis(d.StoppedAt), Detail: *d,
		}
		if d.Status == types.JobStatusFailed {
			failed[j.Name] = true
			if d.StartedAt == nil && children(d)[string(types.JobStatusSucceeded)] == 0 {
				j.BlockedBy = s.job.step.failedBefore(failed)
			}
		}
		result.Jobs[i] = j
	}
	return result
}

// failedBefore returns which of the jobs that the step waits for have failed.
func (s *Step) failedBefore(failed map[string]bool) []string {
	var names []string
	for _, d := range s.DependsOn {
		if failed[d.On] {
			names = append(names, d.On)
		}
	}
	return names
}

// err is nil when all jobs have succeeded.
func (r *Result) err() error {
	e := &FailedError{Total: len(r.Jobs)}
	for _, j := range r.Jobs {
		if j.Status != types.JobStatusSucceeded {
			e.Jobs = append(e.Jobs, j)
		}
	}
	if len(e.Jobs) == 0 {
		return nil
	}
	return e
}

// millis is a time as the service gives it.
func millis(ms *int64) time.Time {
	if ms == nil {
		return time.Time{}
	}
	return time.UnixMilli(*ms)
}
