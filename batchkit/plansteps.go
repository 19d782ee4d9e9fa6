package batchkit

import (
	"cmp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/internal/edit"
	"github.com/batchkit/batchkit-go/validate"
)

// drafted is a step in the making. Its dependencies are indices in draft.drafted.
type drafted struct {
	job     int // of a barrier: the first job that waits for it
	part    int
	barrier bool
	wave    int // -1 until it is known
	deps    []waiting
}

// draftSteps makes the steps of all jobs, and the barriers that they need.
func (d *draft) draftSteps() {
	d.first = make([]int, len(d.jobs))
	d.drafted = make([]drafted, 0, len(d.jobs))
	for _, i := range d.sequence {
		d.first[i] = len(d.drafted)
		for part := range d.count(i) {
			d.drafted = append(d.drafted, drafted{job: i, part: part, wave: -1, deps: d.dependenciesOf(i, part)})
		}
	}
	d.addBarriers()
	for i := range d.drafted {
		d.wave(i)
	}
}

// count is how many steps a job is.
func (d *draft) count(job int) int { return max(1, len(d.parts[job].inputs)) }

// dependenciesOf is what a part of a job waits for, or the job itself, which is then its only part.
func (d *draft) dependenciesOf(job, part int) []waiting {
	chained := part > 0 && d.isSequential(job)
	var deps []waiting
	for _, w := range d.waits[job] {
		first, n := d.first[w.on], d.count(w.on)
		switch {
		case n > 1 && d.isPair(job, w):
			deps = append(deps, waiting{first + part, w.kind})
			continue
		case chained && w.kind == "":
			continue // the part before waits for it
		case w.kind == "" && d.isSequential(w.on):
			first, n = first+n-1, 1 // the last part waits for the others
		}
		for k := range n {
			deps = append(deps, waiting{first + k, w.kind})
		}
	}
	if chained {
		deps = append(deps, waiting{on: d.first[job] + part - 1})
	}
	return deps
}

// wave returns the wave of a step. Of what it waits for only barriers may come behind it.
func (d *draft) wave(step int) int {
	s := &d.drafted[step]
	if s.wave >= 0 {
		return s.wave
	}
	wave := -1
	for _, w := range s.deps {
		wave = max(wave, d.wave(w.on))
	}
	if !s.barrier {
		for _, g := range d.gated[s.job] {
			on := d.index[g.On]
			for k := range d.count(on) {
				wave = max(wave, d.wave(d.first[on]+k))
			}
		}
	}
	s.wave = wave + 1
	return s.wave
}

// own is the submission of a step, without its name where that is not the job's.
func (d *draft) own(s *drafted) *batch.SubmitJobInput {
	switch parts := d.parts[s.job].inputs; {
	case s.barrier:
		return d.barrier.input
	case len(parts) > 0:
		return parts[s.part]
	}
	return d.jobs[s.job].input
}

// slots is how many dependencies a step has as AWS Batch counts them.
func (d *draft) slots(s *drafted) int {
	n := len(d.own(s).DependsOn) + len(s.deps)
	if !s.barrier && d.isSequential(s.job) {
		n++
	}
	return n
}

// plan turns the draft of a workflow without faults into its plan.
func (d *draft) plan() *Plan {
	p := &Plan{Name: d.name, Definitions: edit.Clone(d.definitions), Removed: d.removed}
	if len(d.drafted) == 0 {
		return p
	}
	order := make([]int, len(d.drafted))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(d.drafted[a].wave, d.drafted[b].wave), cmp.Compare(d.drafted[a].job, d.drafted[b].job))
	})
	place := make([]int, len(order))
	p.Steps = make([]Step, len(order))
	name := d.namer()
	for i, k := range order {
		place[k] = i
		p.Steps[i] = d.step(&d.drafted[k], name)
	}
	for i, k := range order {
		step, s := &p.Steps[i], &d.drafted[k]
		slices.SortFunc(s.deps, func(a, b waiting) int {
			return cmp.Or(cmp.Compare(place[a.on], place[b.on]), cmp.Compare(a.kind, b.kind))
		})
		for _, w := range s.deps {
			step.DependsOn = append(step.DependsOn, validate.Dependency{On: p.Steps[place[w.on]].Name, Type: w.kind})
		}
		if s.barrier {
			continue
		}
		if d.isSequential(s.job) {
			step.DependsOn = append(step.DependsOn, validate.Dependency{Type: types.ArrayJobDependencySequential})
		}
		for _, g := range d.gated[s.job] {
			step.Gates = append(step.Gates, g.Gate)
			if g.When == GateCondition {
				if p.conditions == nil {
					p.conditions = map[conditionKey]func(JobResult) bool{}
				}
				p.conditions[conditionKey{step.Name, g.On, g.Condition}] = g.holds
			}
		}
	}
	p.Savings = d.savings()
	return p
}

// step makes a step without what it waits for.
func (d *draft) step(s *drafted, name func(*drafted) string) Step {
	step := Step{Wave: s.wave, Definition: d.definition[s.job], Job: d.jobs[s.job].name()}
	switch parts, cut := d.parts[s.job]; {
	case s.barrier:
		step.Kind, step.Definition, step.Job = StepBarrier, d.barrierFrom, ""
	case cut:
		step.Kind, step.Offset = StepPart, parts.offsets[s.part]
	default:
		step.Name, step.Input = step.Job, edit.Clone(d.own(s))
		return step
	}
	step.Name = name(s)
	in := *d.own(s)
	in.JobName = aws.String(step.Name)
	step.Input = edit.Clone(&in)
	return step
}
