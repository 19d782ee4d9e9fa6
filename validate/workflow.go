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
	// Follows are the names of further jobs of the workflow that come before this one, without AWS Batch knowing it: the
	// program that submits it waits for them.
	Follows []string
	// Submitted are the dependencies that the submission will have, where a plan has made them others than DependsOn;
	// nil where it has not.
	Submitted []Dependency
	// Size is how many children the array has of which Input is only a part; 0 where it is no part.
	Size int32
}

// Dependency is an edge of a workflow.
type Dependency struct {
	// On is the name of the job that comes first; empty for SEQUENTIAL, which is about the array itself.
	On string
	// Type is empty for an ordinary dependency.
	Type types.ArrayJobDependency
}

// children is the size of the job's array, as a whole; 0 for a plain job.
func (j *Job) children() int32 {
	if j.Size > 0 {
		return j.Size
	}
	return arraySize(j.Input)
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

// withDependencies returns the submission as it will be, with stand-ins for the ids of jobs yet to be submitted.
func withDependencies(j *Job) *batch.SubmitJobInput {
	in := batch.SubmitJobInput{}
	if j.Input != nil {
		in = *j.Input
	}
	own, planned := in.DependsOn, j.DependsOn
	if j.Submitted != nil {
		planned = j.Submitted
	}
	if len(planned) == 0 {
		return &in
	}
	in.DependsOn = make([]types.JobDependency, 0, len(own)+len(planned))
	in.DependsOn = append(in.DependsOn, own...)
	for i, d := range planned {
		dep := types.JobDependency{Type: d.Type}
		if d.On != "" {
			id := unsubmitted + strconv.FormatInt(lengthOfID+int64(i), 10)
			dep.JobId = &id
		}
		in.DependsOn = append(in.DependsOn, dep)
	}
	return &in
}

const (
	// unsubmitted begins the stand-in for the id of a job that has none yet. No id of the service looks like it.
	unsubmitted = "\x00unsubmitted:"
	// lengthOfID gives a stand-in, as JSON, the 36 characters of an id.
	lengthOfID = 100_000_000_000_000_000
)
