package terraform

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/export"
	"github.com/batchkit/batchkit-go/internal/edit"
	"github.com/batchkit/batchkit-go/internal/ordered"
)

const target = "Terraform"

// The types of the resources.
const (
	jobDefinition      = "aws_batch_job_definition"
	jobQueue           = "aws_batch_job_queue"
	computeEnvironment = "aws_batch_compute_environment"
	schedulingPolicy   = "aws_batch_scheduling_policy"
)

// A Configuration is a configuration of Terraform. The zero value is one without resources. It is an immutable value:
// each method returns a changed copy, and what is handed in is copied.
//
// A resource has an id, by which other resources of its module refer to it: letters, digits, underscores and hyphens,
// not a digit or a hyphen first. No two resources of a type have the same.
type Configuration struct {
	edits edit.List[document]
}

type document struct{ resources []resource }

type resource struct {
	kind, id   string
	name       string // by which other resources may refer to it
	attributes func(*writer) ordered.Object
}

func (c Configuration) add(r resource) Configuration {
	return Configuration{c.edits.With(func(d *document) { d.resources = append(d.resources, r) })}
}

// Expr returns a text that stands for an expression of Terraform, such as aws_iam_role.job.arn. It may be a part of a
// longer text, in any string of an input. No command of a shell can hold such a text by chance. An expression without
// braces is all that it can hold.
func Expr(expression string) string { return "${" + mark + expression + "}" }

// mark is what tells an expression from a variable of a shell, whose name has no dot.
const mark = "tf."

var expression = regexp.MustCompile(`\$\{tf\.([^{}]+)\}`)

// A Setting changes how Terraform treats a job definition.
type Setting func(*settings)

type settings struct{ discard bool }

// Discard lets Terraform deregister the former revision with each change, which is its default. Jobs and workflows that
// name a former revision fail from then on.
func Discard() Setting { return func(s *settings) { s.discard = true } }

// JobDefinition adds a job definition. It is not judged; see [github.com/batchkit/batchkit-go/validate.JobDefinition].
//
// Former revisions stay active after a change, unless [Discard] is given. Destroying the resource deregisters all
// active revisions of its name.
func (c Configuration) JobDefinition(id string, in *batch.RegisterJobDefinitionInput, set ...Setting) Configuration {
	var s settings
	for _, apply := range set {
		apply(&s)
	}
	in = copyOf(in)
	return c.add(resource{jobDefinition, id, aws.ToString(in.JobDefinitionName), func(w *writer) ordered.Object {
		out := w.definition(in)
		if !s.discard {
			out = append(out, ordered.Member{Name: "deregister_on_new_revision", Value: false})
		}
		return out
	}})
}

// JobQueue adds a job queue. Where it names a compute environment or a scheduling policy of the configuration by its
// name, it refers to that resource; others are given by ARN. A queue without a state is enabled.
func (c Configuration) JobQueue(id string, in *batch.CreateJobQueueInput) Configuration {
	in = copyOf(in)
	if in.State == "" {
		in.State = "ENABLED" // the provider wants one; it is the default of the API
	}
	return c.add(resource{jobQueue, id, aws.ToString(in.JobQueueName), func(w *writer) ordered.Object {
		w.require("jobQueueName", in.JobQueueName != nil)
		w.require("priority", in.Priority != nil)
		for i, order := range in.ComputeEnvironmentOrder {
			w.require(fmt.Sprintf("computeEnvironmentOrder[%d].computeEnvironment", i), order.ComputeEnvironment != nil)
			w.require(fmt.Sprintf("computeEnvironmentOrder[%d].order", i), order.Order != nil)
		}
		return w.attributes(in)
	}})
}

// ComputeEnvironment adds a compute environment. Without a name the provider makes one up. Roles and the instance
// profile are given by ARN, or by an expression for it.
func (c Configuration) ComputeEnvironment(id string, in *batch.CreateComputeEnvironmentInput) Configuration {
	in = copyOf(in)
	return c.add(resource{computeEnvironment, id, aws.ToString(in.ComputeEnvironmentName), func(w *writer) ordered.Object {
		w.require("type", in.Type != "")
		if r := in.ComputeResources; r != nil {
			if in.Type == types.CETypeUnmanaged {
				w.refuse("computeResources", "the provider takes none for the type UNMANAGED; leave it out")
			}
			w.require("computeResources.maxvCpus", r.MaxvCpus != nil)
			w.require("computeResources.subnets", len(r.Subnets) > 0)
			w.require("computeResources.type", r.Type != "")
		}
		return w.attributes(in)
	}})
}

// SchedulingPolicy adds a scheduling policy.
func (c Configuration) SchedulingPolicy(id string, in *batch.CreateSchedulingPolicyInput) Configuration {
	in = copyOf(in)
	return c.add(resource{schedulingPolicy, id, aws.ToString(in.Name), func(w *writer) ordered.Object {
		w.require("name", in.Name != nil)
		if p := in.FairsharePolicy; p != nil {
			for i, share := range p.ShareDistribution {
				if share.WeightFactor == nil {
					w.refuse(fmt.Sprintf("fairsharePolicy.shareDistribution[%d].weightFactor", i), "the provider sends 0 if there is none; set it, the default of the API is 1")
				}
			}
		}
		return w.attributes(in)
	}})
}

func copyOf[T any](in *T) *T {
	if in == nil {
		return new(T)
	}
	return edit.Clone(in)
}

// JSON returns the configuration as JSON, one member a line, resources in the order in which they were added, those of
// a type together. The same configuration always gives the same bytes.
//
// If something cannot be expressed, the error is an [*export.Error] with every such thing, and there is no configuration.
func (c Configuration) JSON() ([]byte, error) {
	d := c.edits.Value()
	w := &writer{doc: &d}
	kinds := ordered.Object{}
	for _, r := range d.resources {
		w.kind, w.at = r.kind, r.kind+"."+r.id
		if !identifier.MatchString(r.id) {
			w.refuse("", "an id has letters, digits, underscores and hyphens, and begins with a letter or an underscore")
		}
		i := kinds.Index(r.kind)
		if i < 0 {
			i = len(kinds)
			kinds = append(kinds, ordered.Member{Name: r.kind, Value: ordered.Object{}})
		}
		of, _ := kinds[i].Value.(ordered.Object)
		if of.Index(r.id) >= 0 {
			w.refuse("", "two resources have this id; give one of them another")
		}
		kinds[i].Value = append(of, ordered.Member{Name: r.id, Value: escaped(r.attributes(w))})
	}
	if len(w.refusals) > 0 {
		return nil, &export.Error{Target: target, Refusals: w.refusals}
	}
	root := ordered.Object{}
	if len(kinds) > 0 {
		root = root.With("resource", kinds)
	}
	return ordered.JSON(root)
}

// A rendered text is a template of Terraform already.
type rendered string

var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)

// escaped keeps Terraform from filling in what is no expression, in the keys of maps as well.
func escaped(v any) any {
	switch v := v.(type) {
	case string:
		return template(v)
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = escaped(item)
		}
		return out
	case ordered.Object:
		out := make(ordered.Object, len(v))
		for i, m := range v {
			out[i] = ordered.Member{Name: template(m.Name), Value: escaped(m.Value)}
		}
		return out
	}
	return v
}

var escapes = strings.NewReplacer("${", "$${", "%{", "%%{")

// template writes a text as a template of Terraform.
func template(s string) string {
	var b strings.Builder
	last := 0
	for _, m := range expression.FindAllStringSubmatchIndex(s, -1) {
		b.WriteString(escapes.Replace(s[last:m[0]]))
		b.WriteString("${" + s[m[2]:m[3]] + "}")
		last = m[1]
	}
	b.WriteString(escapes.Replace(s[last:]))
	return b.String()
}
