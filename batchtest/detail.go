package batchtest

import (
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/validate"
)

// detail returns a job as DescribeJobs does. The caller holds mu. What it
// shares with the server never changes.
func (s *Server) detail(j *job) types.JobDetail {
	w := j.work
	d := types.JobDetail{
		JobArn:                       aws.String(s.arn(kindJob, j.id())),
		JobId:                        aws.String(j.id()),
		JobName:                      aws.String(w.name),
		JobQueue:                     w.queue.detail.JobQueueArn,
		JobDefinition:                w.definition.detail.JobDefinitionArn,
		Status:                       statusNames[j.status],
		CreatedAt:                    aws.Int64(j.createdAt()),
		Attempts:                     make([]types.AttemptDetail, 0, len(j.attempts)),
		ConsumableResourceProperties: w.definition.detail.ConsumableResourceProperties,
		DependsOn:                    j.dependsOn(),
		IsCancelled:                  aws.Bool(j.canceled),
		IsTerminated:                 aws.Bool(j.terminated),
		Parameters:                   w.parameters,
		PlatformCapabilities:         w.definition.detail.PlatformCapabilities,
		PropagateTags:                w.definition.detail.PropagateTags,
		RetryStrategy:                w.retry.detail(),
		SchedulingPriority:           w.definition.detail.SchedulingPriority,
		ShareIdentifier:              w.input.ShareIdentifier,
		Tags:                         orEmptyMap(w.input.Tags),
		Timeout:                      w.jobTimeout(),
	}
	if w.input.PropagateTags != nil {
		d.PropagateTags = w.input.PropagateTags
	}
	if w.input.SchedulingPriorityOverride != nil {
		d.SchedulingPriority = w.input.SchedulingPriorityOverride
	}
	if w.input.ConsumableResourcePropertiesOverride != nil {
		d.ConsumableResourceProperties = w.input.ConsumableResourcePropertiesOverride
	}
	if j.reason != "" {
		d.StatusReason = aws.String(j.reason)
	}
	if at, ok := j.startedAt(); ok {
		d.StartedAt = aws.Int64(at)
	}
	if at, ok := j.stoppedAt(); ok {
		d.StoppedAt = aws.Int64(at)
	}
	for i := range j.attempts {
		d.Attempts = append(d.Attempts, s.attemptDetail(w, &j.attempts[i]))
	}
	d.ArrayProperties = j.arrayDetail()
	s.taskDetail(j, &d)
	return d
}

// dependsOn returns what the job depends on. A child depends on children.
func (j *job) dependsOn() []types.JobDependency {
	out := make([]types.JobDependency, 0, len(j.work.dependsOn))
	for _, d := range j.work.dependsOn {
		if j.index != noIndex && d.Type == types.ArrayJobDependencyNToN {
			d.JobId = aws.String(aws.ToString(d.JobId) + ":" + strconv.Itoa(int(j.index)))
		}
		out = append(out, d)
	}
	return out
}

func (j *job) arrayDetail() *types.ArrayPropertiesDetail {
	switch {
	case j.index != noIndex:
		return &types.ArrayPropertiesDetail{Index: aws.Int32(j.index)}
	case j.array == nil:
		return nil
	}
	summary := map[string]int32{}
	for status := submitted; status < statuses; status++ {
		summary[string(statusNames[status])] = j.array.counts[status]
	}
	return &types.ArrayPropertiesDetail{
		Size:                       aws.Int32(int32(len(j.array.children))),
		StatusSummary:              summary,
		StatusSummaryLastUpdatedAt: aws.Int64(j.array.changed / 1e6),
	}
}

// onInstance reports whether tasks of the job run on a host that has a name.
func (w *work) onInstance() bool { return w.definition.platform != validate.Fargate }

// lastTask returns the task of the present or the last attempt, and how its
// containers have ended.
func (j *job) lastTask() (id string, endings []ending) {
	if j.live != nil && j.live.task != nil {
		return j.live.task.id, j.live.task.endings()
	}
	if n := len(j.attempts); n > 0 {
		return j.attempts[n-1].task, j.attempts[n-1].endings
	}
	return "", nil
}

// taskDetail adds what the job runs, and how its last attempt went.
func (s *Server) taskDetail(j *job, d *types.JobDetail) {
	w := j.work
	id, endings := j.lastTask()
	var instance *string
	if id != "" && w.onInstance() {
		instance = aws.String(s.instanceARN())
	}
	if w.container != nil {
		c := *w.container
		if id != "" {
			c.ContainerInstanceArn, c.TaskArn = instance, aws.String(s.taskARN(id))
			c.LogStreamName = aws.String(w.logStream(0, id))
			c.ExitCode, c.Reason = endings[0].detail()
		}
		d.Container = &c
		return
	}
	t := *w.task
	t.Containers = slices.Clone(t.Containers)
	if id != "" {
		t.ContainerInstanceArn, t.TaskArn = instance, aws.String(s.taskARN(id))
		for i := range t.Containers {
			c := &t.Containers[i]
			c.LogStreamName = aws.String(w.logStream(i, id))
			c.ExitCode, c.Reason = endings[i].detail()
		}
	}
	d.EcsProperties = &types.EcsPropertiesDetail{TaskProperties: []types.EcsTaskDetails{t}}
}

func (e ending) detail() (code *int32, reason *string) {
	if e.exited {
		code = aws.Int32(e.code)
	}
	if e.reason != "" {
		reason = aws.String(e.reason)
	}
	return code, reason
}

func (s *Server) attemptDetail(w *work, a *attempt) types.AttemptDetail {
	out := types.AttemptDetail{StatusReason: aws.String(a.reason), StoppedAt: aws.Int64(a.stopped)}
	if a.started != 0 {
		out.StartedAt = aws.Int64(a.started)
	}
	var instance *string
	if w.onInstance() {
		instance = aws.String(s.instanceARN())
	}
	if w.container != nil {
		code, reason := a.endings[0].detail()
		out.Container = &types.AttemptContainerDetail{
			ContainerInstanceArn: instance, TaskArn: aws.String(s.taskARN(a.task)),
			ExitCode: code, Reason: reason, LogStreamName: aws.String(w.logStream(0, a.task)),
		}
		return out
	}
	t := types.AttemptEcsTaskDetails{ContainerInstanceArn: instance, TaskArn: aws.String(s.taskARN(a.task))}
	for i, e := range a.endings {
		code, reason := e.detail()
		t.Containers = append(t.Containers, types.AttemptTaskContainerDetails{
			Name: aws.String(w.containers[i].name), ExitCode: code, Reason: reason, LogStreamName: aws.String(w.logStream(i, a.task)),
		})
	}
	out.TaskProperties = []types.AttemptEcsTaskDetails{t}
	return out
}

// summary returns a job as ListJobs does. The caller holds mu.
func (s *Server) summary(j *job) types.JobSummary {
	out := types.JobSummary{
		JobArn:          aws.String(s.arn(kindJob, j.id())),
		JobId:           aws.String(j.id()),
		JobName:         aws.String(j.work.name),
		JobDefinition:   j.work.definition.detail.JobDefinitionArn,
		CreatedAt:       aws.Int64(j.createdAt()),
		ShareIdentifier: j.work.input.ShareIdentifier,
		Status:          statusNames[j.status],
	}
	if j.reason != "" {
		out.StatusReason = aws.String(j.reason)
	}
	if at, ok := j.startedAt(); ok {
		out.StartedAt = aws.Int64(at)
	}
	if at, ok := j.stoppedAt(); ok {
		out.StoppedAt = aws.Int64(at)
	}
	if a := j.arrayDetail(); a != nil {
		out.ArrayProperties = &types.ArrayPropertiesSummary{
			Index: a.Index, Size: a.Size, StatusSummary: a.StatusSummary, StatusSummaryLastUpdatedAt: a.StatusSummaryLastUpdatedAt,
		}
	}
	if _, endings := j.lastTask(); j.work.container != nil && len(endings) > 0 {
		code, reason := endings[0].detail()
		out.Container = &types.ContainerSummary{ExitCode: code, Reason: reason}
	}
	return out
}
