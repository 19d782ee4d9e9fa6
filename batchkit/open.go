package batchkit

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/depgraph"
	"github.com/batchkit/batchkit-go/validate"
)

// UnknownRunError says that the service shows no job of a run.
type UnknownRunError struct {
	// RunID is the run's id.
	RunID string
	// Queues are those that were looked at.
	Queues []string
}

// Error says where it was looked for.
func (e *UnknownRunError) Error() string {
	return fmt.Sprintf("no job of run %q in the queues %s", e.RunID, strings.Join(e.Queues, ", "))
}

// Open finds a run that was submitted, by names and tags alone: from anywhere, with no plan and no journal. The run can
// be watched, waited for and cancelled. It holds the jobs that exist now, each after those that it waits for and else
// by age; its Plan is nil, so what stands behind gates is left to who submitted it. Jobs that exist twice are counted
// once, as [Client.Submit] would choose; nothing is ended.
//
// Queues are names or ARNs of those to look at, by default all of the account and Region. It takes two calls for each
// hundred jobs whose names begin like the run's. A run of which there is no job is an [*UnknownRunError], a queue that
// does not exist a [*QueueError].
func (c *Client) Open(ctx context.Context, runID string, queues ...string) (*Run, error) {
	if err := checkRunID(runID); err != nil {
		return nil, err
	}
	if len(queues) == 0 {
		all, err := c.queues(ctx)
		if err != nil {
			return nil, err
		}
		queues = all
	}
	found := map[string]*foundJob{}
	for _, queue := range queues {
		err := c.list(ctx, queue, identity{run: runID}.pattern(), func(d *types.JobDetail) error {
			if d.Tags[TagRun] == runID {
				found[aws.ToString(d.JobId)] = &foundJob{name: d.Tags[TagJob], sighting: newSighting(d), kinds: d.DependsOn}
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("opening run %q: %w", runID, c.explainQueue(ctx, queue, err))
		}
	}
	if len(found) == 0 {
		return nil, &UnknownRunError{RunID: runID, Queues: queues}
	}
	ids, err := inOrder(found)
	if err != nil {
		return nil, fmt.Errorf("opening run %q: %w", runID, err)
	}
	return c.assemble(runID, ids, found), nil
}

// foundJob is a job that was found.
type foundJob struct {
	sighting
	name  string
	kinds []types.JobDependency
}

// inOrder returns the ids of the jobs, each after those that it waits for, and else by age.
func inOrder(found map[string]*foundJob) ([]string, error) {
	var all []sighting
	for _, o := range found {
		all = append(all, o.sighting)
	}
	slices.SortFunc(all, byAge)
	var g depgraph.Graph[string]
	for _, o := range all {
		g.Add(o.id)
	}
	for _, o := range all {
		for _, on := range o.dependsOn {
			if found[on] != nil {
				g.Depend(o.id, on)
			}
		}
	}
	order, err := g.Resolve()
	if err != nil {
		return nil, err
	}
	return slices.Concat(order.Waves()...), nil
}

// assemble makes a run of jobs that are in order.
func (c *Client) assemble(runID string, ids []string, found map[string]*foundJob) *Run {
	r := &Run{client: c, id: runID, ids: map[string]string{}}
	kept := map[string]string{} // names by id
	for _, id := range ids {
		o := found[id]
		another := func(on string) bool { return found[on] != nil && kept[on] == "" }
		if o.duplicate || r.ids[o.name] != "" || slices.ContainsFunc(o.dependsOn, another) {
			r.duplicates = append(r.duplicates, Duplicate{Job: o.name, ID: id})
			continue
		}
		kept[id], r.ids[o.name] = o.name, id
		step := &Step{Name: o.name, Definition: -1, Job: o.name}
		for _, d := range o.kinds {
			if on := kept[aws.ToString(d.JobId)]; on != "" {
				step.DependsOn = append(step.DependsOn, validate.Dependency{On: on, Type: d.Type})
			}
		}
		r.jobs = append(r.jobs, job{step: step, id: id})
	}
	for i := range r.duplicates {
		r.duplicates[i].Kept = r.ids[r.duplicates[i].Job]
	}
	return r
}

// queues returns the names of all queues.
func (c *Client) queues(ctx context.Context) ([]string, error) {
	var names []string
	in := &batch.DescribeJobQueuesInput{}
	for {
		out, err := c.api.DescribeJobQueues(ctx, in, patient)
		if err != nil {
			return nil, fmt.Errorf("listing the job queues: %w", err)
		}
		for _, q := range out.JobQueues {
			names = append(names, aws.ToString(q.JobQueueName))
		}
		if aws.ToString(out.NextToken) == "" {
			return names, nil
		}
		in.NextToken = out.NextToken
	}
}
