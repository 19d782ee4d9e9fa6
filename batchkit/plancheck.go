package batchkit

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/validate"
)

// check judges the definitions, the jobs as the plan has them, and the barriers.
func (d *draft) check(opts []validate.Option) validate.Findings {
	var findings validate.Findings
	for _, def := range d.definitions {
		findings = append(findings, validate.JobDefinition(def, opts...).Under("definitions["+aws.ToString(def.JobDefinitionName)+"]")...)
	}
	jobs := make([]validate.Job, len(d.jobs))
	for i := range d.jobs {
		n := &d.jobs[i]
		j := &jobs[i]
		*j = validate.Job{Name: n.name(), Input: n.input, Definition: n.from.definition, DependsOn: n.dependencies}
		for _, g := range n.gates {
			j.Follows = append(j.Follows, g.On)
		}
		if parts := d.parts[i].inputs; len(parts) > 0 {
			j.Input, j.Size = parts[len(parts)-1], aws.ToInt32(n.input.ArrayProperties.Size)
		}
		if d.drafted != nil && len(n.input.DependsOn)+len(n.dependencies) > maxDependencies {
			j.Submitted = d.submitted(i)
		}
	}
	found := validate.Workflow(jobs, opts...)
	d.explain(found)
	findings = append(findings, found...)
	return append(findings, d.checkBarrier(opts)...)
}

// checkBarrier judges the barrier as its first one is submitted. That it is used is no matter.
func (d *draft) checkBarrier(opts []validate.Option) validate.Findings {
	if d.barrier == nil {
		return nil
	}
	opts = append(opts[:len(opts):len(opts)], validate.WithDefinition(d.barrier.from.definition))
	return validate.SubmitJob(d.barrier.input, opts...).Under("barrier")
}

// submitted is what the first step of a job waits for.
func (d *draft) submitted(job int) []validate.Dependency {
	s := &d.drafted[d.first[job]]
	out := make([]validate.Dependency, 0, len(s.deps)+1)
	for range s.deps {
		out = append(out, validate.Dependency{On: "step"})
	}
	for i, w := range s.deps {
		out[i].Type = w.kind
	}
	if d.isSequential(job) {
		out = append(out, validate.Dependency{Type: types.ArrayJobDependencySequential})
	}
	return out
}

// explain adds to the findings what the workflow could do about them, and why it has not.
func (d *draft) explain(findings validate.Findings) {
	for i := range findings {
		f := &findings[i]
		name, member, ok := strings.Cut(strings.TrimPrefix(f.Path, "jobs["), "].")
		job, known := d.index[name]
		if !ok || !known {
			continue
		}
		switch f.Rule {
		case "DEP001":
			switch c, ok := d.crowded[job]; {
			case ok && c.barriers > 0:
				f.Message += fmt.Sprintf("; with Workflow.Barrier, which is barrier in a workflow file, the plan adds them: %d, at a depth of %d", c.barriers, c.depth)
			case ok:
				f.Message += "; barriers leave no room beside its N_TO_N dependencies and the ids of jobs submitted before"
			}
		case "ARR001":
			if err := d.uncut[job]; err != nil {
				f.Message += "; the plan cannot cut it: " + err.Error()
			}
		case "DEP007":
			if d.isUnpaired(job, member) {
				f.Severity = validate.Error
				f.Message += "; the parts of an array of more than 10,000 cannot be paired otherwise"
			}
		}
	}
}

// isUnpaired reports whether a dependency, by its path, is N_TO_N between arrays of different sizes of which one is cut.
func (d *draft) isUnpaired(job int, member string) bool {
	var n int
	if _, err := fmt.Sscanf(member, "dependsOn[%d]", &n); err != nil {
		return false
	}
	n -= len(d.jobs[job].input.DependsOn)
	if n < 0 || n >= len(d.jobs[job].dependencies) {
		return false
	}
	on, known := d.index[d.jobs[job].dependencies[n].On]
	if !known || arraySize(d.jobs[job].input) == 0 || arraySize(d.jobs[on].input) == 0 { // a plain job is no part
		return false
	}
	return arraySize(d.jobs[job].input) > d.largest || arraySize(d.jobs[on].input) > d.largest
}
