package batchkit

import (
	"reflect"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch"

	"github.com/batchkit/batchkit-go/depgraph"
	"github.com/batchkit/batchkit-go/internal/edit"
	"github.com/batchkit/batchkit-go/validate"
)

// Plan is what is going to be sent to AWS Batch, and in which order. It is plain data and deterministic: the same
// workflow always gives the same plan. Nothing has been sent yet.
type Plan struct {
	// Name is the workflow's.
	Name string
	// Definitions are to be registered before the first job, each once.
	Definitions []*batch.RegisterJobDefinitionInput
	// Steps are the jobs in the order of their submission: each after those that it waits for, and by wave.
	Steps []Step
	// Warnings are findings that stop nobody. AWS Batch takes what they are about, and it is almost surely wrong.
	Warnings validate.Findings
}

// Step is one job of a plan.
type Step struct {
	// Name is the job's name, unique in the plan.
	Name string
	// Wave counts from 0, for jobs that wait for no other; else it is one more than the highest wave waited for.
	Wave int
	// Input is the submission. Dependencies on jobs of the plan are not in it; their ids are known only on submission.
	Input *batch.SubmitJobInput
	// Definition is the index in Plan.Definitions of the definition to submit, -1 when Input names a registered one.
	Definition int
	// DependsOn are the jobs of the plan that this one waits for.
	DependsOn []validate.Dependency
}

// SubmitRate is how many SubmitJob calls AWS Batch takes a second, per account and Region:
// https://docs.aws.amazon.com/batch/latest/userguide/service_limits.html.
const SubmitRate = 50

// Plan orders the jobs. If AWS Batch would refuse a definition or a job, or the graph cannot be submitted (a cycle, an
// unknown or duplicate name), the error is a [*validate.InvalidError] that holds every fault of all of them, with paths
// that begin with definitions[name] or jobs[name], and there is no plan.
func (w *Workflow) Plan() (*Plan, error) {
	findings := w.Check()
	if err := findings.Err(); err != nil {
		return nil, err
	}
	order, err := w.order()
	if err != nil { // the findings would have said so
		return nil, err
	}
	byName := make(map[string]*node, len(w.jobs))
	for i := range w.jobs {
		byName[w.jobs[i].name()] = &w.jobs[i]
	}
	definitions := w.definitions()
	plan := &Plan{Name: w.name, Definitions: edit.Clone(definitions), Warnings: findings.Warnings()}
	for wave, names := range order.Waves() {
		for _, name := range names {
			n := byName[name]
			step := Step{
				Name: name, Wave: wave, Input: edit.Clone(n.input), Definition: -1,
				DependsOn: slices.Clone(n.dependencies),
			}
			if n.from.definition != nil {
				step.Definition = slices.IndexFunc(definitions, same(n.from.definition))
			}
			plan.Steps = append(plan.Steps, step)
		}
	}
	return plan, nil
}

// order returns the graph of the jobs.
func (w *Workflow) order() (*depgraph.Order[string], error) {
	var g depgraph.Graph[string]
	for i := range w.jobs {
		g.Add(w.jobs[i].name())
	}
	for i := range w.jobs {
		for _, d := range w.jobs[i].dependencies {
			if d.On != "" {
				g.Depend(w.jobs[i].name(), d.On)
			}
		}
	}
	return g.Resolve()
}

// Waves returns the names of the jobs by wave: all jobs of a wave may run at the same time.
func (p *Plan) Waves() [][]string {
	var waves [][]string
	for _, s := range p.Steps {
		if s.Wave == len(waves) {
			waves = append(waves, nil)
		}
		waves[s.Wave] = append(waves[s.Wave], s.Name)
	}
	return waves
}

// Calls returns how many calls the plan takes: one for each definition and one for each job, arrays counting as one.
func (p *Plan) Calls() int { return len(p.Definitions) + len(p.Steps) }

// Duration returns the least time that the submissions take at the service's own limit of [SubmitRate].
func (p *Plan) Duration() time.Duration {
	return time.Duration(len(p.Steps)) * time.Second / SubmitRate
}

// same reports whether another definition says the same as this one.
func same(def *batch.RegisterJobDefinitionInput) func(*batch.RegisterJobDefinitionInput) bool {
	return func(other *batch.RegisterJobDefinitionInput) bool { return reflect.DeepEqual(def, other) }
}
