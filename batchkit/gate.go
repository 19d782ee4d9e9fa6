package batchkit

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// String returns the job, and what it takes to open the gate.
func (g Gate) String() string {
	if g.When == GateCondition {
		return g.On + " " + g.Condition
	}
	return g.On + " " + string(g.When)
}

// gate is a Gate with the function of its condition.
type gate struct {
	Gate
	holds func(JobResult) bool
}

// conditionKey finds the condition of a gate of a plan.
type conditionKey struct{ step, on, name string }

// AfterEnd makes a job wait until all the given ones have ended, whether they succeeded, failed or never started: for
// cleaning up, above all: it also runs when the run is cancelled, see [Run.Cancel].
//
// AWS Batch has no such dependency. The job is submitted by a run that stays attached, when the time has come; see
// [Plan.Attached]. So are the jobs that wait for it.
func AfterEnd(jobs ...Node) Dependency { return gates(GateEnded, "", nil, jobs) }

// AfterFailure makes a job wait until all the given ones have ended, and run if any of them has failed. Else the job
// never starts, and neither do those that wait for its success. It may be given several times for a job, which is the
// same as once with all the nodes. A job that was skipped has not failed, nor has one that [Run.Cancel] ended. Like
// [AfterEnd] it needs a run that stays attached.
func AfterFailure(jobs ...Node) Dependency { return gates(GateFailed, "", nil, jobs) }

// When makes a job wait until all the given ones have ended, and run if the condition holds for the result of each.
// Else the job never starts, and neither do those that wait for its success. An array that the plan has cut gives a
// result for each of its parts. The name stands in the plan, and tells people and other programs what is asked. The
// condition must not be nil, must give the same answer whenever it is asked, and is not stored in the plan's JSON.
// It is asked about jobs that were skipped, see [JobResult.Skipped], and not about those that [Run.Cancel] ended, for
// which it does not hold. It must return soon, and must not cancel the run. Like [AfterEnd] it needs a run that stays
// attached.
func When(name string, condition func(JobResult) bool, jobs ...Node) Dependency {
	return gates(GateCondition, name, condition, jobs)
}

func gates(when GateKind, name string, condition func(JobResult) bool, on []Node) Dependency {
	d := Dependency{gates: make([]gate, len(on))}
	for i, n := range on {
		d.gates[i] = gate{Gate: Gate{On: string(n), When: when, Condition: name}, holds: condition}
	}
	return d
}

// Attached says whether the run must stay attached: whether the plan has gates, which AWS Batch does not keep. Without
// any, a program may end as soon as all jobs are submitted.
func (p *Plan) Attached() bool {
	for i := range p.Steps {
		if len(p.Steps[i].Gates) > 0 {
			return true
		}
	}
	return false
}

// Deferred returns the names of the steps that cannot be submitted at once, in the order of the plan: those with gates,
// and those that wait for such a step, directly or through others.
func (p *Plan) Deferred() []string {
	var names []string
	deferred := map[string]bool{}
	for i := range p.Steps {
		s := &p.Steps[i]
		late := len(s.Gates) > 0
		for k := 0; k < len(s.DependsOn) && !late; k++ {
			late = deferred[s.DependsOn[k].On]
		}
		if late {
			deferred[s.Name] = true
			names = append(names, s.Name)
		}
	}
	return names
}

// verdict is what the gates of a step say about its submission.
type verdict int

const (
	undecided verdict = iota // not all have ended
	opened
	closed // for good
)

// verdict asks the gates of a step, and tells which jobs have closed them. The results are those of the steps of a job,
// nil as long as one of them has not ended. A job that was skipped has ended and not failed; one that was cancelled has
// ended and opens nothing else. A condition without a function keeps the gate closed.
func (p *Plan) verdict(step *Step, results func(job string) []*JobResult) (said verdict, because []string) {
	var unfailed []string
	failed := false
	for _, g := range step.Gates {
		ends := results(g.On)
		if len(ends) == 0 {
			return undecided, nil
		}
		switch g.When {
		case GateFailed:
			unfailed = append(unfailed, g.On)
			failed = failed || slices.ContainsFunc(ends, func(r *JobResult) bool { return r.failed() && !r.Cancelled })
		case GateCondition:
			holds := p.conditions[conditionKey{step.Name, g.On, g.Condition}]
			if holds == nil || slices.ContainsFunc(ends, func(r *JobResult) bool { return r.Cancelled || !holds(*r) }) {
				because = append(because, g.On)
			}
		}
	}
	if !failed {
		because = append(because, unfailed...)
	}
	if len(because) > 0 {
		return closed, because
	}
	return opened, nil
}

// bind returns the plan with functions for its conditions. The error joins a *ConditionError for each that has none.
func (p *Plan) bind(conditions map[string]func(JobResult) bool) (*Plan, error) {
	bound := *p
	bound.conditions = maps.Clone(p.conditions)
	var errs []error
	for i := range p.Steps {
		for _, g := range p.Steps[i].Gates {
			if g.When != GateCondition {
				continue
			}
			key := conditionKey{p.Steps[i].Name, g.On, g.Condition}
			if f := conditions[g.Condition]; f != nil {
				if bound.conditions == nil {
					bound.conditions = map[conditionKey]func(JobResult) bool{}
				}
				bound.conditions[key] = f
			}
			if bound.conditions[key] == nil {
				errs = append(errs, &ConditionError{
					Job: p.Steps[i].Name, On: g.On, Condition: g.Condition, Reason: "has no function: give it by the option Condition",
				})
			}
		}
	}
	return &bound, errors.Join(errs...)
}

// ConditionError says that a [When] cannot be asked.
type ConditionError struct {
	// Job is the job that waits, On the one that it waits for, and Condition the name of the condition.
	Job, On, Condition string
	// Reason says what is wrong.
	Reason string
}

// Error names the job and the condition.
func (e *ConditionError) Error() string {
	return fmt.Sprintf("jobs[%s]: condition %q on %q %s", e.Job, e.Condition, e.On, e.Reason)
}

// conditionErrors returns a *ConditionError for each condition that cannot be asked.
func (w *Workflow) conditionErrors() []error {
	var errs []error
	for i := range w.jobs {
		n := &w.jobs[i]
		for k, g := range n.gates {
			if g.When != GateCondition {
				continue
			}
			reason := ""
			switch {
			case g.holds == nil:
				reason = "must have a function, found nil"
			case g.Condition == "":
				reason = "must have a name"
			case slices.ContainsFunc(n.gates[:k], func(o gate) bool { return o.Gate == g.Gate }):
				reason = "must be given once for a job, found it again: give another name"
			default:
				continue
			}
			errs = append(errs, &ConditionError{Job: n.name(), On: g.On, Condition: g.Condition, Reason: reason})
		}
	}
	return errs
}
