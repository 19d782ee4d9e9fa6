package asl

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/internal/ordered"
	"github.com/batchkit/batchkit-go/internal/pascal"
	"github.com/batchkit/batchkit-go/validate"
)

// checker collects what a machine cannot express.
type checker struct {
	*graph
	findings validate.Findings
}

func (c *checker) refuse(rule, path, message, source string) {
	c.findings = append(c.findings, finding(rule, validate.Error, path, message, source))
}

// check judges what the plan cannot have, whatever its structure becomes.
func check(plan *batchkit.Plan, opts Options) validate.Findings {
	c := &checker{graph: newGraph(plan)}
	seen := map[string]string{}
	for i := range plan.Steps {
		s := &plan.Steps[i]
		path := "steps[" + s.Name + "]"
		c.name(s.Name, path, seen)
		if s.Input == nil {
			c.refuse(UnknownStep, path+".input", "a step needs the job to submit; it has none.", connectBatch)
			continue
		}
		if aws.ToString(s.Input.JobQueue) == "" {
			c.refuse(UnknownStep, path+".input.jobQueue", "a job needs a queue; name it.", connectBatch)
		}
		if def := definition(plan, s); def == nil && aws.ToString(s.Input.JobDefinition) == "" || def != nil && aws.ToString(def.JobDefinitionName) == "" {
			c.refuse(UnknownStep, path+".input.jobDefinition", "a job needs a definition, and that needs a name; name it.", connectBatch)
		}
		c.waits(s, path)
		c.maps(s, path+".input.", opts.Language)
	}
	return c.findings
}

var stepName = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9_-]*$`)

func (c *checker) name(name, path string, seen map[string]string) {
	const listJobs = "https://docs.aws.amazon.com/batch/latest/APIReference/API_ListJobs.html"
	if !stepName.MatchString(name) {
		c.refuse(BadName, path, "the name becomes a part of the job's, so it must begin with a letter or digit and hold letters, digits, "+
			"hyphens and underscores only; rename it.", listJobs)
	}
	folded := strings.ToLower(name)
	if other, ok := seen[folded]; ok {
		c.refuse(BadName, path, "differs from "+other+" in case at most, and ListJobs finds jobs by their names whatever their case; rename one of them.", listJobs)
	}
	seen[folded] = name
}

func (c *checker) waits(s *batchkit.Step, path string) {
	for k, d := range s.DependsOn {
		if d.On != "" && c.named(d.On) == nil {
			c.refuse(UnknownStep, fmt.Sprintf("%s.dependsOn[%d]", path, k),
				"waits for "+d.On+", which is not in the plan; add it, or take the dependency away.", connectBatch)
		}
	}
	for k, gate := range s.Gates {
		at := fmt.Sprintf("%s.gates[%d]", path, k)
		if c.gated(gate.On) == nil {
			c.refuse(UnknownStep, at, "waits for "+gate.On+", which is not in the plan; add it, or take the gate away.", connectBatch)
		}
		switch gate.When {
		case batchkit.GateEnded, batchkit.GateFailed:
		default:
			c.refuse(Condition, at, "the condition "+gate.Condition+" is a Go function, which a state machine cannot call; use AfterEnd or "+
				"AfterFailure, or run the plan with batchkit's client.", connectBatch)
		}
	}
}

func (c *checker) maps(s *batchkit.Step, path string, language Language) {
	tags := map[string]string{batchkit.TagRun: "", batchkit.TagJob: "", batchkit.TagPlan: ""}
	if def := definition(c.plan, s); def != nil {
		maps.Copy(tags, def.Tags)
	}
	maps.Copy(tags, s.Input.Tags)
	if len(tags) > maxTags {
		c.refuse(TooManyTags, path+"tags", fmt.Sprintf("a job has at most %d tags, its definition's included, and needs %s, %s and %s; "+
			"there would be %d. Take some away.", maxTags, batchkit.TagRun, batchkit.TagJob, batchkit.TagPlan, len(tags)), "https://docs.aws.amazon.com/batch/latest/userguide/using-tags.html")
	}
	if language != JSONata {
		c.evaluated(strings.TrimSuffix(path, "."), pascal.Value(s.Input))
	}
}

// evaluated refuses keys of maps that Step Functions would take for expressions, wherever they are.
func (c *checker) evaluated(path string, v any) {
	switch v := v.(type) {
	case []any:
		for i := range v {
			c.evaluated(fmt.Sprintf("%s[%d]", path, i), v[i])
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if strings.HasSuffix(name, ".$") {
				c.refuse(Evaluated, path, "a key ends in .$, by which Step Functions knows an expression; rename it, or export as JSONata.",
					"https://docs.aws.amazon.com/step-functions/latest/dg/connect-parameters.html")
			}
			c.evaluated(path+"."+ordered.Lower(name), v[name])
		}
	}
}
