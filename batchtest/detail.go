package batchtest

import (
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/validate"
)

// detail returns a job as DescribeJobs does. The caller holds mu. What it
// shares with the server never changes.
func (s *Server) detail(j *job) types.JobDetail {
	w, r, whole := j.work, s.record(j), j.whole()
	d := types.JobDetail{
		JobArn:                       aws.String(s.arn(kindJob, j.id())),
		JobId:                        aws.String(j.id()),
		JobName:                      aws.String(w.name),
		JobQueue:                     w.queue.detail.JobQueueArn,
		JobDefinition:                w.definition.detail.JobDefinitionArn,
		Status:                       statusNames[j.status],
		CreatedAt:                    aws.Int64(r.createdAt()),
		Attempts:                     []types.AttemptDetail{},
		ConsumableResourceProperties: w.definition.detail.ConsumableResourceProperties,
		DependsOn:                    j.dependsOn(),
		IsCancelled:                  aws.Bool(whole.canceled),
		IsTerminated:                 aws.Bool(whole.terminated),
		Parameters:                   w.parameters,
		PlatformCapabilities:         w.definition.detail.PlatformCapabilities,
		PropagateTags:                w.definition.detail.PropagateTags,
		RetryStrategy:                w.retry.detail(),
		SchedulingPriority:           w.definition.detail.SchedulingPriority,
		ShareIdentifier:              w.input.ShareIdentifier,
		Tags:                         map[string]string{}, // children and nodes have none
		Timeout:                      w.jobTimeout(),
	}
	if j.index == noIndex {
		d.Tags = s.tagged(d.JobArn, w.input.Tags)
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
	if why := s.reasons.text(r.last().reason); why != "" {
		d.StatusReason = aws.String(why)
	}
	if at, ok := r.startedAt(); ok {
		d.StartedAt = aws.Int64(at)
	}
	if at, ok := r.stoppedAt(); ok {
		d.StoppedAt = aws.Int64(at)
	}
	s.attemptsDetail(j, r.attempts, &d)
	d.ArrayProperties = j.arrayDetail()
	if j.nodes != nil {
		d.NodeProperties = w.nodes.detail
		return d
	}
	if j.isNode() {
		d.NodeDetails = &types.NodeDetails{IsMainNode: aws.Bool(j == whole.mainNode()), NodeIndex: aws.Int32(j.index)}
	}
	s.taskDetail(j, r.attempts, &d)
	return d
}

// dependsOn returns what the job depends on. A child depends on children.
func (j *job) dependsOn() []types.JobDependency {
	out := make([]types.JobDependency, 0, len(j.work.dependsOn))
	for _, d := range j.work.dependsOn {
		if j.parent() != nil && d.Type == types.ArrayJobDependencyNToN {
			d.JobId = aws.String(aws.ToString(d.JobId) + ":" + strconv.Itoa(int(j.index)))
		}
		out = append(out, d)
	}
	return out
}

func (j *job) arrayDetail() *types.ArrayPropertiesDetail {
	switch {
	case j.parent() != nil:
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

// summary returns a job as ListJobs does. The caller holds mu.
func (s *Server) summary(j *job) types.JobSummary {
	r := s.record(j)
	out := types.JobSummary{
		JobArn:          aws.String(s.arn(kindJob, j.id())),
		JobId:           aws.String(j.id()),
		JobName:         aws.String(j.work.name),
		JobDefinition:   j.work.definition.detail.JobDefinitionArn,
		CreatedAt:       aws.Int64(r.createdAt()),
		ShareIdentifier: j.work.input.ShareIdentifier,
		Status:          statusNames[j.status],
	}
	if why := s.reasons.text(r.last().reason); why != "" {
		out.StatusReason = aws.String(why)
	}
	if at, ok := r.startedAt(); ok {
		out.StartedAt = aws.Int64(at)
	}
	if at, ok := r.stoppedAt(); ok {
		out.StoppedAt = aws.Int64(at)
	}
	if a := j.arrayDetail(); a != nil {
		out.ArrayProperties = &types.ArrayPropertiesSummary{
			Index: a.Index, Size: a.Size, StatusSummary: a.StatusSummary, StatusSummaryLastUpdatedAt: a.StatusSummaryLastUpdatedAt,
		}
	}
	if n := j.work.nodes; n != nil {
		out.NodeProperties = &types.NodePropertiesSummary{NumNodes: aws.Int32(int32(len(n.specs)))}
		if j.isNode() {
			out.NodeProperties.IsMainNode, out.NodeProperties.NodeIndex = aws.Bool(int(j.index) == n.main), aws.Int32(j.index)
		}
	}
	if spec := j.spec(); spec != nil && spec.container != nil {
		if _, endings := s.lastTask(j, r.attempts); len(endings) > 0 {
			code, reason := endings[0].detail()
			out.Container = &types.ContainerSummary{ExitCode: code, Reason: reason}
		}
	}
	return out
}
