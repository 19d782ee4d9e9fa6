package asl

import (
	"fmt"
	"slices"
	"time"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/internal/edit"
	"github.com/batchkit/batchkit-go/validate"
)

// Export returns the plan as a state machine, and findings of severity info on what it does beyond the plan. The error is
// a [*validate.InvalidError] when the plan cannot be expressed, with every reason, and there is no machine.
//
// The definitions of the plan are not in the machine. Register them before it runs; see [Options.Definitions].
func Export(plan *batchkit.Plan, opts Options) (*Machine, validate.Findings, error) {
	if plan == nil || len(plan.Steps) == 0 {
		return nil, nil, (validate.Findings{finding(EmptyPlan, validate.Error, "", "a state machine needs a state, and the plan has no job; add one.", connectBatch)}).Err()
	}
	plan = edit.Clone(plan)
	if err := check(plan, opts).Err(); err != nil {
		return nil, nil, err
	}
	if size := len(plan.Steps) * minState; size > maxDefinition {
		return nil, nil, tooLarge("at least ", size)
	}
	g := newGraph(plan)
	root, stronger := g.blocks(opts.Native)
	x := &exporter{graph: g, opts: opts, keepGoing: opts.KeepGoing || plan.Attached(), digest: plan.Digest(), names: map[string]bool{}}
	if findings := x.units(root); findings.Err() != nil {
		return nil, nil, findings.Err()
	}
	m := x.machine(root)
	var notes validate.Findings
	if stronger {
		m.Comment += " Some jobs wait for more than they do there (" + StrongerOrder + ")."
		notes = append(notes, finding(StrongerOrder, validate.Info, "", "some jobs wait for more than the plan makes them wait for, because the "+
			"order is not made of sequences and parallel branches alone; Options.Native keeps it exactly.", connectBatch))
	}
	if opts.Language == JSONata {
		m = toJSONata(m)
	}
	if size := len(m.encode("")); size > maxDefinition {
		return nil, nil, tooLarge("", size)
	}
	return m, notes, nil
}

// minState is less than the smallest state of a job takes, so that a plan of far too many is refused at once.
const minState = 512

func tooLarge(about string, size int) error {
	return validate.Findings{finding(TooLarge, validate.Error, "", fmt.Sprintf("a definition has at most %d bytes, and this one has %s%d; "+
		"make jobs that are alike an array, or export several workflows and start one from the other.", maxDefinition, about, size), quotas)}.Err()
}

// units judges the jobs that are submitted together: what holds one of them up must not be one of them.
func (x *exporter) units(b *block) validate.Findings {
	var findings validate.Findings
	for _, inner := range slices.Concat(b.series, b.parallel) {
		findings = append(findings, x.units(inner)...)
	}
	if b.unit == nil {
		return findings
	}
	for _, i := range b.unit.steps {
		s := &x.plan.Steps[i]
		for k, gate := range s.Gates {
			if slices.ContainsFunc(x.gated(gate.On), func(j int) bool { return slices.Contains(b.unit.steps, j) }) {
				why := "it is among jobs that N_TO_N ties together; take the gate or the N_TO_N away."
				if x.opts.Native {
					why = "all jobs are submitted at once; export without Options.Native."
				}
				findings = append(findings, finding(GateInUnit, validate.Error, fmt.Sprintf("steps[%s].gates[%d]", s.Name, k),
					"AWS Batch has no dependency for a gate, and "+why, connectBatch))
			}
		}
	}
	return findings
}

// machine returns the machine for the block of all jobs.
func (x *exporter) machine(root *block) *Machine {
	top := newSequence(nil)
	top.add(x.name("", "run id"), &State{
		Type: "Pass", Comment: "The id of the run, which names its jobs, is the same in all attempts of this execution.",
		Parameters: map[string]any{"run.$": "States.Hash($$.Execution.Id, 'MD5')"},
	})
	x.block(top, root)
	top.finish(x)
	return &Machine{
		Comment:        "The workflow " + x.plan.Name + " on AWS Batch, written by batchkit.",
		TimeoutSeconds: max(0, int64((x.opts.Timeout+time.Second-1)/time.Second)),
		StartAt:        top.startAt, States: top.states,
	}
}
