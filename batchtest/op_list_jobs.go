package batchtest

// ListJobs
//
// Exactly one of jobQueue, arrayJobId and multiNodeJobId is given. Jobs of a
// queue come newest first, without children and nodes, and those in the order
// of their index. jobStatus is RUNNING when not given; parents of arrays are
// PENDING while their children run.
//
// One filter can be given for jobs of a queue: JOB_NAME (any letter case; a
// prefix when it ends in an asterisk), JOB_DEFINITION (name, name prefix or
// ARN), BEFORE_CREATED_AT and AFTER_CREATED_AT (Unix milliseconds), and
// SHARE_IDENTIFIER. A filter leaves jobStatus without effect, except that
// SHARE_IDENTIFIER goes together with a jobStatus that is given.
//
// maxResults is at most 1000, or 100 with a filter; more counts as that.

import (
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

const (
	maxListed   = 1000
	maxFiltered = 100
)

func (s *Server) listJobs(in *batch.ListJobsInput) (*batch.ListJobsOutput, error) {
	given := 0
	for _, of := range []*string{in.JobQueue, in.ArrayJobId, in.MultiNodeJobId} {
		if of != nil {
			given++
		}
	}
	switch {
	case given != 1:
		return nil, refuse("exactly one of jobQueue, arrayJobId and multiNodeJobId must be provided")
	case in.JobStatus != "" && !slices.Contains(in.JobStatus.Values(), in.JobStatus):
		return nil, refuse("jobStatus must be one of %v, found %q", in.JobStatus.Values(), in.JobStatus)
	}
	wanted, limit, err := s.selection(in)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []*job
	key := func(j *job) string { return fmt.Sprintf("%05d", j.index) }
	switch {
	case in.ArrayJobId != nil:
		found, err = s.children(*in.ArrayJobId, wanted)
	case in.MultiNodeJobId != nil:
		found, err = s.nodesOf(*in.MultiNodeJobId, wanted)
	default:
		key = newestFirst
		found, err = s.queuedIn(in.JobQueue, wanted)
	}
	if err != nil {
		return nil, err
	}
	found, next, err := page(found, key, in.MaxResults, limit, in.NextToken)
	if err != nil {
		return nil, err
	}
	out := &batch.ListJobsOutput{JobSummaryList: make([]types.JobSummary, 0, len(found)), NextToken: next}
	for _, j := range found {
		out.JobSummaryList = append(out.JobSummaryList, s.summary(j))
	}
	return out, nil
}

// newestFirst is the key of jobs in lists that begin with the last one submitted.
func newestFirst(j *job) string { return fmt.Sprintf("%020d", uint64(1)<<62-uint64(j.work.serial)) }

func (s *Server) children(id string, wanted func(*job) bool) ([]*job, error) {
	j, ok := s.job(id)
	if !ok || j.array == nil {
		return nil, refuse("arrayJobId must be the id of an array job, found %q", id)
	}
	return chosen(j.array.children, wanted), nil
}

func (s *Server) nodesOf(id string, wanted func(*job) bool) ([]*job, error) {
	j, ok := s.job(id)
	if !ok || j.nodes == nil {
		return nil, refuse("multiNodeJobId must be the id of a multi-node parallel job, found %q", id)
	}
	return chosen(j.nodes.members, wanted), nil
}

func chosen(of []job, wanted func(*job) bool) (found []*job) {
	for i := range of {
		if wanted(&of[i]) {
			found = append(found, &of[i])
		}
	}
	return found
}

func (s *Server) queuedIn(reference *string, wanted func(*job) bool) (found []*job, err error) {
	q, err := s.knownQueue(reference)
	if err != nil {
		return nil, err
	}
	for _, j := range slices.Backward(s.submitted) {
		if q.holds(j) && wanted(j) {
			found = append(found, j)
		}
	}
	return found, nil
}

// selection returns which jobs a request asks for, and how many at most.
func (s *Server) selection(in *batch.ListJobsInput) (wanted func(*job) bool, limit int, err error) {
	want := in.JobStatus
	if want == "" {
		want = types.JobStatusRunning
	}
	byStatus := func(j *job) bool { return statusNames[j.status] == want }
	switch {
	case len(in.Filters) == 0:
		return byStatus, maxListed, nil
	case len(in.Filters) > 1:
		return nil, 0, refuse("filters must hold one filter, found %d", len(in.Filters))
	case in.JobQueue == nil:
		return nil, 0, refuse("filters can not be used with arrayJobId and multiNodeJobId")
	}
	match, err := s.filter(in.Filters[0])
	if err != nil {
		return nil, 0, err
	}
	if aws.ToString(in.Filters[0].Name) == "SHARE_IDENTIFIER" && in.JobStatus != "" {
		return func(j *job) bool { return byStatus(j) && match(j) }, maxFiltered, nil
	}
	return match, maxFiltered, nil
}
