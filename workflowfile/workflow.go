package workflowfile

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchkit"
)

// Workflow returns the workflow of the file, for [batchkit.Workflow.Plan]. Each call returns a fresh one.
func (f *File) Workflow() *batchkit.Workflow {
	w := batchkit.NewWorkflow(f.Name)
	sources := make(sources, len(f.Definitions))
	for name, d := range f.Definitions {
		sources[name] = batchkit.FromInput(d.Input)
	}
	if b := f.Barrier; b != nil {
		w.Barrier(sources.request("barrier", b.Queue, b.Definition, nil))
	}
	groups := f.groups()
	for i := range f.Jobs {
		j := &f.Jobs[i]
		w.Add(sources.request(j.Name, j.Queue, j.Definition, j.submission()), j.dependencies(groups)...)
	}
	return w
}

// groups are the jobs that a name of the file stands for: one of its own, or all that each has made.
func (f *File) groups() map[string][]batchkit.Node {
	groups := make(map[string][]batchkit.Node, len(f.Jobs))
	for i := range f.Jobs {
		j := &f.Jobs[i]
		groups[j.group] = append(groups[j.group], batchkit.Node(j.Name))
	}
	for i := range f.Jobs { // a job of its own name comes before a group
		j := &f.Jobs[i]
		groups[j.Name] = []batchkit.Node{batchkit.Node(j.Name)}
	}
	return groups
}

// sources are the definitions of a file by their names.
type sources map[string]batchkit.Source[batchkit.Overriding]

// request is a job with a definition of the file, or one registered already.
func (s sources) request(name, queue, definition string, submit *batch.SubmitJobInput) batchkit.JobRequest[batchkit.Overriding] {
	source, ok := s[definition]
	if !ok {
		source = batchkit.Ref(definition)
	}
	return batchkit.Job(name, queue, source).Edit(func(in *batch.SubmitJobInput) {
		if submit != nil {
			given := *submit
			given.JobName, given.JobQueue, given.JobDefinition = in.JobName, in.JobQueue, in.JobDefinition
			*in = given
		}
	})
}

// submission is what the job adds to its name, queue and definition.
func (j *Job) submission() *batch.SubmitJobInput {
	in := *j.Submit
	if j.Array != 0 {
		in.ArrayProperties = &types.ArrayProperties{Size: aws.Int32(int32(min(j.Array, maxArray)))}
	}
	return &in
}

// maxArray bounds what fits the API's number; what is too large for the service is refused when the job is planned.
const maxArray = 1<<31 - 1

// dependencies are the edges of the job, in the order of its places.
func (j *Job) dependencies(groups map[string][]batchkit.Node) []batchkit.Dependency {
	var out []batchkit.Dependency
	for _, d := range []struct {
		names []string
		kind  func(...batchkit.Node) batchkit.Dependency
	}{{j.After, batchkit.After}, {j.AfterEnd, batchkit.AfterEnd}, {j.AfterFailure, batchkit.AfterFailure}, {j.NToN, batchkit.NToN}} {
		for _, name := range d.names {
			nodes, ok := groups[name]
			if !ok {
				nodes = []batchkit.Node{batchkit.Node(name)} // which the plan reports
			}
			out = append(out, d.kind(nodes...))
		}
	}
	if j.Sequential {
		out = append(out, batchkit.Sequential())
	}
	return out
}
