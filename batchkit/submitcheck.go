package batchkit

import (
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"

	"github.com/batchkit/batchkit-go/validate"
)

// check judges all jobs as they are going to be sent, before the first is. [Workflow.Plan] has judged them without the
// name and the tags of a run, and a plan that was read may come from anywhere. So that the same plan always fares the
// same, the run's id is taken to be as long as one can be.
func (s *submission) check() error {
	id := identity{run: strings.Repeat("r", maxRunID), plan: s.id.plan}
	jobs := make([]validate.Job, len(s.plan.Steps))
	all := make([]int, len(jobs))
	for i := range s.plan.Steps {
		all[i] = i
		step := &s.plan.Steps[i]
		in := batch.SubmitJobInput{}
		if step.Input != nil {
			in = *step.Input
		}
		id.sign(&in, step.Name)
		jobs[i] = validate.Job{Name: step.Name, Input: &in, DependsOn: step.DependsOn}
		switch n := step.Definition; {
		case n >= len(s.plan.Definitions) || n >= 0 && s.plan.Definitions[n] == nil:
			return &stepError{i, fmt.Errorf("its definition is number %d of %d, and is not there", n, len(s.plan.Definitions))}
		case n >= 0:
			jobs[i].Definition = s.plan.Definitions[n]
			in.JobDefinition = aws.String(longARN(aws.ToString(jobs[i].Definition.JobDefinitionName))) // until there is a revision
		}
	}
	findings := validate.Workflow(jobs).Errors()
	for i := range findings {
		switch f := &findings[i]; f.Rule {
		case "TAG001", "JD015":
			f.Message += "; three of them mark the run"
		case "SUB008":
			f.Message += "; the name and the tags of the run are part of it"
		}
	}
	if err := findings.Err(); err != nil {
		return err
	}
	return errors.Join(s.gated(), s.complete(all))
}

// gated checks that the gates can open: a step behind one that cannot would be left out without a word.
func (s *submission) gated() error {
	jobs := make(map[string]bool, len(s.plan.Steps))
	for i := range s.plan.Steps {
		step := &s.plan.Steps[i]
		for _, g := range step.Gates {
			switch {
			case !jobs[g.On]:
				return &stepError{i, fmt.Errorf("waits for the end of %q, which does not come before it", g.On)}
			case !g.When.known():
				return &stepError{i, fmt.Errorf("waits for %q with a gate of the unknown kind %q", g.On, g.When)}
			}
		}
		if step.Job != "" {
			jobs[step.Job] = true
		}
	}
	return nil
}

// longARN is as long as the ARN of a definition may become: it counts towards the size of a submission.
func longARN(definition string) string {
	return "arn:aws-us-gov:batch:us-gov-west-1:123456789012:job-definition/" + definition + ":1000000"
}
