package batchtest

// ListJobsByConsumableResource
//
// The jobs that need a consumable resource, newest first, without children and
// nodes. Of a multi-node parallel job, quantity and the properties are those of
// all its ranges of nodes. Filters are JOB_STATUS, and JOB_NAME, in any letter
// case and a prefix when it ends in an asterisk; all that are given must hold.
// maxResults is at most 100.

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

func (s *Server) listJobsByConsumableResource(in *batch.ListJobsByConsumableResourceInput) (*batch.ListJobsByConsumableResourceOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.knownConsumable(in.ConsumableResource)
	if err != nil {
		return nil, err
	}
	wanted, err := s.consumerFilter(in.Filters)
	if err != nil {
		return nil, err
	}
	var found []*job
	for _, j := range slices.Backward(s.submitted) {
		if s.needed(j.work, c) > 0 && wanted(j) {
			found = append(found, j)
		}
	}
	found, next, err := page(found, newestFirst, in.MaxResults, maxDescribed, in.NextToken)
	if err != nil {
		return nil, err
	}
	out := &batch.ListJobsByConsumableResourceOutput{Jobs: make([]types.ListJobsByConsumableResourceSummary, 0, len(found)), NextToken: next}
	for _, j := range found {
		out.Jobs = append(out.Jobs, s.consumer(j, c))
	}
	return out, nil
}

// needed returns how much of a consumable resource a job needs.
func (s *Server) needed(w *work, of *consumable) (quantity int64) {
	for _, n := range w.needs {
		if c, _ := s.consumable(n.resource); c == of {
			quantity += n.quantity
		}
	}
	return quantity
}

func (s *Server) consumerFilter(filters []types.KeyValuesPair) (func(*job) bool, error) {
	var tests []func(*job) bool
	for _, f := range filters {
		value, err := onlyValue(f)
		if err != nil {
			return nil, err
		}
		status := types.JobStatus(value)
		switch name := aws.ToString(f.Name); {
		case name == "JOB_STATUS" && !slices.Contains(status.Values(), status):
			return nil, refuse("filter JOB_STATUS must be one of %v, found %q", status.Values(), value)
		case name == "JOB_STATUS":
			tests = append(tests, func(j *job) bool { return statusNames[j.status] == status })
		case name == "JOB_NAME":
			test, err := s.filter(f)
			if err != nil {
				return nil, err
			}
			tests = append(tests, test)
		default:
			return nil, refuse("filter name must be JOB_STATUS or JOB_NAME, found %q", name)
		}
	}
	return func(j *job) bool {
		return !slices.ContainsFunc(tests, func(test func(*job) bool) bool { return !test(j) })
	}, nil
}

func (s *Server) consumer(j *job, c *consumable) types.ListJobsByConsumableResourceSummary {
	summary := s.summary(j)
	list := make([]types.ConsumableResourceRequirement, 0, len(j.work.needs))
	for _, n := range j.work.needs {
		list = append(list, types.ConsumableResourceRequirement{ConsumableResource: aws.String(n.resource), Quantity: aws.Int64(n.quantity)})
	}
	return types.ListJobsByConsumableResourceSummary{
		ConsumableResourceProperties: &types.ConsumableResourceProperties{ConsumableResourceList: list},
		CreatedAt:                    summary.CreatedAt,
		JobArn:                       summary.JobArn,
		JobDefinitionArn:             summary.JobDefinition,
		JobName:                      summary.JobName,
		JobQueueArn:                  j.work.queue.detail.JobQueueArn,
		JobStatus:                    aws.String(string(summary.Status)),
		Quantity:                     aws.Int64(s.needed(j.work, c)),
		ShareIdentifier:              summary.ShareIdentifier,
		StartedAt:                    summary.StartedAt,
		StatusReason:                 summary.StatusReason,
	}
}
