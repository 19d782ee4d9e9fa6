package batchkit

import (
	"strconv"

	"github.com/batchkit/batchkit-go/ecsprops"
	"github.com/batchkit/batchkit-go/eksprops"
)

// The requests by their kind of override, shorter to write as types of a function's parameters.
type (
	// ContainerJob is a job of containerProperties.
	ContainerJob = JobRequest[ContainerOverride]
	// ECSJob is a job of ecsProperties.
	ECSJob = JobRequest[ecsprops.Overrides]
	// EKSJob is a job of eksProperties.
	EKSJob = JobRequest[eksprops.Overrides]
)

// Each adds a job for each item, all with the same dependencies, and returns their nodes in the order of the items.
// A job is what vary makes of the given one: it gives parameters, environment, resources or whatever else is the item's.
// It may name the job, by [JobRequest.Named]. Where it does not, the name is that of the given job, a hyphen and the
// index of the item, from 0; where items may come and go between one plan and the next, name the jobs by the items.
//
// Where the jobs differ in parameters, environment and command only, an array takes far fewer calls; [Plan.Savings] says
// so.
func Each[T any, O Overriding](w *Workflow, job JobRequest[O], items []T, vary func(JobRequest[O], T) JobRequest[O], dependencies ...Dependency) []Node {
	nodes := make([]Node, len(items))
	base := job.Input()
	name := ""
	if base.JobName != nil {
		name = *base.JobName
	}
	for i, item := range items {
		r := vary(job, item).request()
		if r.name() == name {
			own := name + "-" + strconv.Itoa(i)
			r.input.JobName = &own
		}
		nodes[i] = w.add(r, dependencies)
	}
	return nodes
}
