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
	// ID is the job's id; empty for a step that was never submitted.
	ID string
	// Status is the last one seen; empty if the service never showed the job, or the step was skipped.
	Status types.JobStatus
	// Reason is the service's status reason.
	Reason string
	// Created, Started and Stopped are zero where they did not happen or are not known. An array starts and stops with
	// its first and last child, as far as the service tells.
	Created, Started, Stopped time.Time
	// BlockedBy are the names of jobs because of which this one never started: they have failed, and it was waiting for
	// them; or, of one that was skipped, they have closed its gates or were skipped themselves.
	BlockedBy []string
	// Skipped says that the step was never submitted, and that nothing is wrong with that: its gates have closed, or it
	// waits for the success of one that was skipped.
	Skipped bool
	// Cancelled says that the job has failed because [Run.Cancel] or [Run.CancelJob] ended it, or a job that it was
	// waiting for; or that it was cancelled before it was submitted.
	Cancelled bool
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
// and the reasons of its containers. It is empty for a job that succeeded.
func (j *JobResult) Why() string {
	switch {
	case j.Status == types.JobStatusSucceeded:
		return ""
	case j.Skipped:
		return "skipped, because of " + strings.Join(j.BlockedBy, ", ")
	case len(j.BlockedBy) > 0:
		return "never started, because " + strings.Join(j.BlockedBy, ", ") + " failed"
	case j.Lost:
		return "AWS Batch does not show the job " + j.ID
	}
	why := j.Reason
	if why == "" {
		why = string(j.Status)
	}
	var ends []string
	for _, c := range j.Containers() {
		if end := c.end(); end != "" {
			ends = append(ends, end)
		}
	}
	if len(ends) > 0 {
		why += " (" + strings.Join(ends, ", ") + ")"
	}
	return why
}

// end says how the container ended, for people: nothing of one that did not and for which there is no reason, nor of an
// only container that succeeded.
func (c *ContainerResult) end() string {
	reason := strings.Join(strings.Fields(c.Reason), " ")
	if reason == "Error" || reason == "Completed" {
		reason = "" // the words of Kubernetes for a container that ran to its end say no more than the exit code
	}
	said := make([]string, 0, 2)
	switch {
	case c.ExitCode == nil && reason == "", c.ExitCode != nil && *c.ExitCode == 0 && c.Name == "":
		return ""
	case c.ExitCode != nil:
		said = append(said, strings.TrimSpace(fmt.Sprintf("%s exit code %d", c.Name, *c.ExitCode)))
	case c.Name != "":
		said = append(said, c.Name)
	}
	if reason != "" {
		said = append(said, reason)
	}
	return strings.Join(said, ": ")
}

// result is what the watcher knows, in the order of the plan.
func (w *watcher) result() *Result {
	result := &Result{Jobs: make([]JobResult, len(w.states))}
	for i, s := range w.states {
		result.Jobs[i] = w.jobResult(s)
	}
	if w.run.gates != nil {
		result.Jobs = append(result.Jobs, w.run.gates.resultsOfNever(0)...)
	}
	if plan := w.run.plan; plan != nil {
		place := make(map[string]int, len(plan.Steps))
		for i := range plan.Steps {
			place[plan.Steps[i].Name] = i
		}
		slices.SortStableFunc(result.Jobs, func(a, b JobResult) int { return place[a.Name] - place[b.Name] })
	}
	result.spreadCancelled()
	return result
}

func (w *watcher) jobResult(s *state) JobResult {
	j := newJobResult(s.job.step.Name, s.job.id, &s.detail)
	j.Lost = s.lost
	j.Cancelled = j.Status == types.JobStatusFailed && strings.HasPrefix(j.Reason, cancelled)
	if d := &s.detail; d.Status == types.JobStatusFailed && !j.Cancelled && d.StartedAt == nil && children(d)[string(types.JobStatusSucceeded)] == 0 {
		for _, on := range s.job.step.DependsOn {
			if before := w.names[on.On]; before != nil && before.detail.Status == types.JobStatusFailed {
				j.BlockedBy = append(j.BlockedBy, on.On)
			}
		}
	}
	return j
}

// newJobResult is what the service says of a job.
func newJobResult(name, id string, d *types.JobDetail) JobResult {
	return JobResult{
		Name: name, ID: id, Status: d.Status, Reason: aws.ToString(d.StatusReason),
		Created: millis(d.CreatedAt), Started: millis(d.StartedAt), Stopped: millis(d.StoppedAt), Detail: *d,
	}
}

// failed reports whether the job did not succeed, and was not skipped either.
func (j *JobResult) failed() bool { return j.Status != types.JobStatusSucceeded && !j.Skipped }

// spreadCancelled has jobs count as cancelled that have failed only because they were waiting for such jobs.
func (r *Result) spreadCancelled() {
	is := map[string]bool{}
	for i := range r.Jobs {
		j := &r.Jobs[i]
		if len(j.BlockedBy) > 0 && !j.Skipped {
			j.Cancelled = j.Cancelled || !slices.ContainsFunc(j.BlockedBy, func(on string) bool { return !is[on] })
		}
		is[j.Name] = j.Cancelled
	}
}

// err is nil when all jobs have succeeded or were skipped.
func (r *Result) err() error {
	e := &FailedError{Total: len(r.Jobs)}
	for _, j := range r.Jobs {
		if j.failed() {
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
