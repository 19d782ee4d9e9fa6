package batchkit

import (
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/internal/edit"
	"github.com/batchkit/batchkit-go/validate"
)

// Workflow is a graph of jobs. Its zero value is an empty one without a name. It is not safe for concurrent use.
type Workflow struct {
	name    string
	jobs    []node
	barrier *request
}

// Node is a job of a workflow, by its name.
type Node string

// Request is a job that can be added to a workflow: a [JobRequest].
type Request interface{ request() request }

type request struct {
	input *batch.SubmitJobInput
	from  source
}

type node struct {
	request
	dependencies []validate.Dependency
	gates        []gate
}

// Dependency says what a job of a workflow waits for: [After], [NToN] or [Sequential], which AWS Batch sees to, or
// [AfterEnd], [AfterFailure] or [When], which a run that stays attached sees to.
type Dependency struct {
	edges []validate.Dependency
	gates []gate
}

// After makes a job wait until all the given ones have succeeded. An array counts as one job, and succeeds when all
// its children have. If one of them fails, the waiting job fails without having started.
//
// AWS Batch takes 20 dependencies of a job. [Workflow.Plan] leaves out those that others imply; for more than 20 after
// that see [Workflow.Barrier].
func After(jobs ...Node) Dependency { return dependency("", jobs) }

// NToN makes each child of an array wait for the child of the same index of the given arrays, which must have the same
// size. On a job that is no array use [After].
func NToN(arrays ...Node) Dependency { return dependency(types.ArrayJobDependencyNToN, arrays) }

// Sequential makes the children of an array run one after another, by their index. If one fails, so do those behind it.
func Sequential() Dependency {
	return Dependency{edges: []validate.Dependency{{Type: types.ArrayJobDependencySequential}}}
}

func dependency(kind types.ArrayJobDependency, on []Node) Dependency {
	d := Dependency{edges: make([]validate.Dependency, len(on))}
	for i, n := range on {
		d.edges[i] = validate.Dependency{On: string(n), Type: kind}
	}
	return d
}

// NewWorkflow returns an empty workflow. The name stands in its plan, for people to read.
func NewWorkflow(name string) *Workflow { return &Workflow{name: name} }

// Add adds a job and returns its node: the job's name, which must be unique in the workflow. Dependencies may name jobs
// that are added later. What is wrong with the job or the graph is found by [Workflow.Plan], all at once.
// For many jobs that are nearly the same there is [Each].
func (w *Workflow) Add(job Request, dependencies ...Dependency) Node {
	return w.add(requestOf(job), dependencies)
}

// AddInput is [Workflow.Add] for a job given as the SDK's struct, which is copied. Its own DependsOn are ids of jobs
// that have been submitted already.
func (w *Workflow) AddInput(in *batch.SubmitJobInput, dependencies ...Dependency) Node {
	if in == nil {
		in = &batch.SubmitJobInput{}
	}
	return w.add(request{input: edit.Clone(in)}, dependencies)
}

func requestOf(job Request) request {
	if job == nil {
		return request{input: &batch.SubmitJobInput{}}
	}
	return job.request()
}

func (w *Workflow) add(r request, dependencies []Dependency) Node {
	n := node{request: r}
	for _, d := range dependencies {
		n.dependencies = append(n.dependencies, d.edges...)
		n.gates = append(n.gates, d.gates...)
	}
	w.jobs = append(w.jobs, n)
	return Node(n.name())
}

func (r *request) name() string {
	if r.input.JobName == nil {
		return ""
	}
	return *r.input.JobName
}

// Check judges the definitions, the jobs and the graph by all rules that package validate knows, warnings included.
// Paths begin with definitions[name], jobs[name] or barrier. What [Workflow.Plan] solves, such as an array that it cuts,
// is no fault.
func (w *Workflow) Check(opts ...validate.Option) validate.Findings { return w.draft().check(opts) }
