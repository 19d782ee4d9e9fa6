package batchkit

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

func (k GateKind) known() bool { return k == GateEnded || k == GateFailed || k == GateCondition }

// faults returns what makes a plan that was read impossible to submit, each a *PlanError.
func (p *Plan) faults() []error {
	var errs []error
	fail := func(step int, member, format string, args ...any) {
		path := element("steps", step)
		if member != "" {
			path += "." + member
		}
		errs = append(errs, &PlanError{Path: path, Err: fmt.Errorf(format, args...)})
	}
	before := make(map[string]int, len(p.Steps)) // the wave of each step so far, by name
	jobs := make(map[string]int, len(p.Steps))   // the highest wave of each job so far, by name
	for i := range p.Steps {
		s := &p.Steps[i]
		wave := -1
		for k, d := range s.DependsOn {
			on, ok := before[d.On]
			switch {
			case d.Type != "" && d.Type != types.ArrayJobDependencyNToN && d.Type != types.ArrayJobDependencySequential:
				fail(i, element("dependsOn", k)+".type", "must be N_TO_N, SEQUENTIAL or absent")
			case d.Type == types.ArrayJobDependencySequential && d.On != "":
				fail(i, element("dependsOn", k)+".on", "must be absent with SEQUENTIAL")
			case d.Type == types.ArrayJobDependencySequential:
			case !ok:
				fail(i, element("dependsOn", k)+".on", "must be the name of a step that comes before")
			default:
				wave = max(wave, on)
			}
		}
		for k, g := range s.Gates {
			on, ok := jobs[g.On]
			switch {
			case !g.When.known():
				fail(i, element("gates", k)+".when", "must be %s, %s or %s", GateEnded, GateFailed, GateCondition)
			case (g.Condition != "") != (g.When == GateCondition):
				fail(i, element("gates", k)+".condition", "must be the name of a condition with %s, and else absent", GateCondition)
			case !ok:
				fail(i, element("gates", k)+".on", "must be the job of a step that comes before")
			default:
				wave = max(wave, on)
			}
		}
		if s.Wave != wave+1 {
			fail(i, "wave", "must be %d, one more than the highest wave waited for", wave+1)
		}
		switch s.Kind {
		case "":
			if s.Job != s.Name {
				fail(i, "job", "must be the name of the step, which has no kind")
			}
		case StepPart:
			if s.Job == "" || s.Offset < 0 {
				fail(i, "job", "must be the array that this is a part of, and the offset not negative")
			}
		case StepBarrier:
			if s.Job != "" {
				fail(i, "job", "must be absent for a barrier")
			}
		default:
			fail(i, "kind", "must be %s, %s or absent", StepPart, StepBarrier)
		}
		if _, twice := before[s.Name]; twice || s.Name == "" {
			fail(i, "name", "must be unique in the plan, and not empty")
		}
		before[s.Name] = s.Wave
		if s.Job != "" {
			jobs[s.Job] = max(jobs[s.Job], s.Wave)
		}
	}
	return errs
}
