package validate

import (
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// Job is one job of a workflow: a submission whose dependencies are still names.
type Job struct {
	// Name is unique in the workflow. It need not be the job's name in AWS Batch.
	Name string
	// Input is the submission. The dependencies of DependsOn come on top of its own, which have real ids.
	Input *batch.SubmitJobInput
	// Definition is the definition that Input names; nil when it is not known.
	Definition *batch.RegisterJobDefinitionInput
	// DependsOn are the jobs of the workflow that come before this one.
	DependsOn []Dependency
}

// Dependency is an edge of a workflow.
type Dependency struct {
	// On is the name of the job that comes first; empty for SEQUENTIAL, which is about the array itself.
	On string
	// Type is empty for an ordinary dependency.
	Type types.ArrayJobDependency
}

// Workflow judges jobs together: each submission by itself, and the graph that they make.
// Paths begin with jobs[name]. Definitions are not judged; [JobDefinition] does that.
func Workflow(jobs []Job, opts ...Option) Findings {
	p := newPass(opts)
	each(p, checks.workflow.on(0, p), func(f onWorkflow) { f(p, jobs) })
	for i := range jobs {
		in := withDependencies(&jobs[i])
		p.enter("jobs[" + jobs[i].Name + "]")
		p.walkSubmission(in, jobs[i].Definition)
		p.leave(1)
	}
	return p.end()
}

// withDependencies returns the submission as it will be, the ids of jobs yet to be submitted standing for themselves.
func withDependencies(j *Job) *batch.SubmitJobInput {
	in := batch.SubmitJobInput{}
	if j.Input != nil {
		in = *j.Input
	}
	own := in.DependsOn
	in.DependsOn = make([]types.JobDependency, 0, len(own)+len(j.DependsOn))
	in.DependsOn = append(in.DependsOn, own...)
	for i, d := range j.DependsOn {
		dep := types.JobDependency{Type: d.Type}
		if d.On != "" {
			id := unsubmitted + strconv.Itoa(i)
			dep.JobId = &id
		}
		in.DependsOn = append(in.DependsOn, dep)
	}
	return &in
}

// unsubmitted begins the stand-in for the id of a job that has none yet. No id of the service looks like it.
const unsubmitted = "\x00unsubmitted:"
