package batchkit

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

func (k GateKind) known() bool { return k == GateEnded || k == GateFailed || k == GateCondition }

// faults returns what makes a plan that was read impossible to submit, each a *PlanError.
func (p *Plan) faults() []error {
	f := &planFaults{waves: make(map[string]int, len(p.Steps)), jobs: make(map[string]int, len(p.Steps))}
	for i := range p.Steps {
		f.step(i, &p.Steps[i])
	}
	return f.errs
}

// planFaults are the faults of the steps so far, and what those after them may wait for.
type planFaults struct {
	errs  []error
	waves map[string]int // of the steps, by name
	jobs  map[string]int // the highest wave of each job, by name
}

func (f *planFaults) add(step int, member, format string, args ...any) {
	f.errs = append(f.errs, &PlanError{Path: element("steps", step) + "." + member, Err: fmt.Errorf(format, args...)})
}

func (f *planFaults) step(i int, s *Step) {
	if wave := 1 + max(f.dependencies(i, s), f.gates(i, s)); s.Wave != wave {
		f.add(i, "wave", "must be %d, one more than the highest wave waited for", wave)
	}
	f.kind(i, s)
	if _, twice := f.waves[s.Name]; twice || s.Name == "" {
		f.add(i, "name", "must be unique in the plan, and not empty")
	}
	f.waves[s.Name] = s.Wave
	if s.Job != "" {
		f.jobs[s.Job] = max(f.jobs[s.Job], s.Wave)
	}
}

// dependencies returns the highest wave that the dependencies of a step wait for, -1 if there is none.
func (f *planFaults) dependencies(i int, s *Step) (wave int) {
	wave = -1
	for k, d := range s.DependsOn {
		on, ok := f.waves[d.On]
		switch {
		case d.Type != "" && d.Type != types.ArrayJobDependencyNToN && d.Type != types.ArrayJobDependencySequential:
			f.add(i, element("dependsOn", k)+".type", "must be N_TO_N, SEQUENTIAL or absent")
		case d.Type == types.ArrayJobDependencySequential && d.On != "":
			f.add(i, element("dependsOn", k)+".on", "must be absent with SEQUENTIAL")
		case d.Type == types.ArrayJobDependencySequential:
		case !ok:
			f.add(i, element("dependsOn", k)+".on", "must be the name of a step that comes before")
		default:
			wave = max(wave, on)
		}
	}
	return wave
}

// gates returns the highest wave that the gates of a step wait for, -1 if there is none.
func (f *planFaults) gates(i int, s *Step) (wave int) {
	wave = -1
	for k, g := range s.Gates {
		on, ok := f.jobs[g.On]
		switch {
		case !g.When.known():
			f.add(i, element("gates", k)+".when", "must be %s, %s or %s", GateEnded, GateFailed, GateCondition)
		case (g.Condition != "") != (g.When == GateCondition):
			f.add(i, element("gates", k)+".condition", "must be the name of a condition with %s, and else absent", GateCondition)
		case !ok:
			f.add(i, element("gates", k)+".on", "must be the job of a step that comes before")
		default:
			wave = max(wave, on)
		}
	}
	return wave
}

// kind judges whether the job of a step goes with its kind.
func (f *planFaults) kind(i int, s *Step) {
	switch s.Kind {
	case "":
		if s.Job != s.Name {
			f.add(i, "job", "must be the name of the step, which has no kind")
		}
	case StepPart:
		if s.Job == "" || s.Offset < 0 {
			f.add(i, "job", "must be the array that this is a part of, and the offset not negative")
		}
	case StepBarrier:
		if s.Job != "" {
			f.add(i, "job", "must be absent for a barrier")
		}
	default:
		f.add(i, "kind", "must be %s, %s or absent", StepPart, StepBarrier)
	}
}
