package batchkit

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// Child is a child of an array, or a node of a multi-node parallel job. The name of its JobResult is name[index] or
// name#index.
type Child struct {
	// Index is that of the child in the array of the workflow, from 0: of an array that the plan has cut, that in the
	// whole. Of a node it is the number of the node.
	Index int
	JobResult
}

// UnknownJobError says that a run has no such job, or that it has not been submitted.
type UnknownJobError struct {
	// RunID is the run's id, Job the name that was asked for.
	RunID, Job string
}

// Error names the job and the run.
func (e *UnknownJobError) Error() string {
	return fmt.Sprintf("run %q has submitted no job %q", e.RunID, e.Job)
}

// Children yields the children of an array, or the nodes of a multi-node parallel job, as they are now, by index: all of
// them, or those that have one of the given states. Other jobs have none. The name is that of a job of the workflow, or of
// a part of an array that the plan has cut. An error comes last, with a zero child; it is an [*UnknownJobError] if the run
// has no such job. Children that AWS Batch no longer shows are left out.
//
// It takes a DescribeJobs call for the job itself and one for each hundred children that it yields, each when it is
// wanted. If states are given it takes ListJobs calls besides, one at least for each state.
func (r *Run) Children(ctx context.Context, name Node, in ...types.JobStatus) iter.Seq2[Child, error] {
	return func(yield func(Child, error) bool) {
		found := false
		for _, j := range r.submitted(0) {
			if j.step.Name != string(name) && j.step.Job != string(name) {
				continue
			}
			found = true
			left, err := r.client.children(ctx, j, in, func(c Child) bool { return yield(c, nil) })
			if err != nil {
				yield(Child{}, fmt.Errorf("children of job %q: %w", j.step.Name, err))
				return
			}
			if left {
				return
			}
		}
		if !found {
			yield(Child{}, &UnknownJobError{RunID: r.id, Job: string(name)})
		}
	}
}

// children yields those of one job. It returns whether the caller has left.
func (c *Client) children(ctx context.Context, j job, in []types.JobStatus, yield func(Child) bool) (left bool, err error) {
	parent, err := c.look(ctx, []string{j.id})
	if err != nil || parent[j.id] == nil {
		return false, err
	}
	kin, ok := newKin(j, parent[j.id])
	if !ok {
		return false, nil
	}
	ids := kin.all()
	if len(in) > 0 {
		if ids, err = c.listChildren(ctx, kin, in); err != nil {
			return false, err
		}
	}
	for page := range slices.Chunk(ids, describeLimit) {
		details, err := c.look(ctx, page)
		if err != nil {
			return false, err
		}
		for _, id := range page {
			d := details[id]
			if d == nil || len(in) > 0 && !slices.Contains(in, d.Status) { // it has moved on
				continue
			}
			index := kin.index(id)
			child := Child{Index: kin.offset + index, JobResult: newJobResult(kin.name(index), id, d)}
			if !yield(child) {
				return true, nil
			}
		}
	}
	return false, nil
}

// listChildren returns the ids of children that have one of some states, by index. One that changes its state meanwhile
// may be listed twice.
func (c *Client) listChildren(ctx context.Context, k kin, in []types.JobStatus) ([]string, error) {
	var ids []string
	for _, status := range in {
		input := k.list
		input.JobStatus = status
		for {
			page, err := c.api.ListJobs(ctx, &input, patient)
			if err != nil {
				return nil, err
			}
			for i := range page.JobSummaryList {
				ids = append(ids, aws.ToString(page.JobSummaryList[i].JobId))
			}
			if aws.ToString(page.NextToken) == "" {
				break
			}
			input.NextToken = page.NextToken
		}
	}
	slices.SortFunc(ids, func(a, b string) int { return k.index(a) - k.index(b) })
	return slices.Compact(ids), nil
}

// kin is what the children of a job have in common.
type kin struct {
	job    job
	size   int
	offset int    // of the first child in the whole array
	mark   string // between the job's id and the index
	format string // of names
	list   batch.ListJobsInput
}

// newKin is not ok for jobs that have no children.
func newKin(j job, d *types.JobDetail) (kin, bool) {
	switch {
	case d.ArrayProperties != nil && d.ArrayProperties.Size != nil:
		return kin{
			job: j, size: int(*d.ArrayProperties.Size), offset: j.step.Offset, mark: ":", format: "%s[%d]",
			list: batch.ListJobsInput{ArrayJobId: &j.id},
		}, true
	case d.NodeProperties != nil && d.NodeProperties.NumNodes != nil:
		return kin{
			job: j, size: int(*d.NodeProperties.NumNodes), mark: "#", format: "%s#%d",
			list: batch.ListJobsInput{MultiNodeJobId: &j.id},
		}, true
	}
	return kin{}, false
}

// all returns the ids of all children, which the service derives from the job's.
func (k *kin) all() []string {
	ids := make([]string, k.size)
	for i := range ids {
		ids[i] = k.job.id + k.mark + strconv.Itoa(i)
	}
	return ids
}

// index is that of a child in its job, -1 for an id that is none.
func (k *kin) index(id string) int {
	_, digits, _ := strings.Cut(id, k.mark)
	n, err := strconv.Atoi(digits)
	if err != nil {
		return -1
	}
	return n
}

// name is that of a child: by its index in the job.
func (k *kin) name(index int) string { return fmt.Sprintf(k.format, k.job.step.Name, index) }
