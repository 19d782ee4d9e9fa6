package cloudformation

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/internal/edit"
	"github.com/batchkit/batchkit-go/internal/ordered"
	"github.com/batchkit/batchkit-go/validate"
)

// The types of resources that have a method.
const (
	jobDefinition      = "AWS::Batch::JobDefinition"
	jobQueue           = "AWS::Batch::JobQueue"
	computeEnvironment = "AWS::Batch::ComputeEnvironment"
	schedulingPolicy   = "AWS::Batch::SchedulingPolicy"
	consumableResource = "AWS::Batch::ConsumableResource"
	serviceEnvironment = "AWS::Batch::ServiceEnvironment"
	quotaShare         = "AWS::Batch::QuotaShare"
)

// input adds a resource that is written as an input of the SDK. A nil input is that without members.
func input[T any](t Template, id, kind string, in *T, name func(*T) *string, set []Setting, more ...ordered.Member) Template {
	if in == nil {
		in = new(T)
	}
	in = edit.Clone(in)
	definition, _ := any(in).(*batch.RegisterJobDefinitionInput)
	return t.add(resource{
		id: id, kind: kind, name: aws.ToString(name(in)), definition: definition,
		properties: func(w *writer) ordered.Object { return append(w.properties(kind, in), more...) },
	}, set)
}

// JobDefinition adds a job definition. It is not judged; see [Template.Check].
//
// Former revisions stay active, as far as CloudFormation lets them: after an update, when the definition gets another
// name, when it is taken out of the template, and when the stack is deleted. [Discard] turns that off. Nothing ever
// deregisters those revisions, for CloudFormation has no count of revisions to keep. See
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-batch-jobdefinition-resourceretentionpolicy.html.
//
// Without a name CloudFormation makes one up. A consumable resource is given by ARN, or by name if it is in the template.
func (t Template) JobDefinition(id string, in *batch.RegisterJobDefinitionInput, set ...Setting) Template {
	var chosen settings
	for _, s := range set {
		s(&chosen)
	}
	name := func(in *batch.RegisterJobDefinitionInput) *string { return in.JobDefinitionName }
	if chosen.discard {
		return input(t, id, jobDefinition, in, name, set)
	}
	return input(t, id, jobDefinition, in, name, append(set[:len(set):len(set)], Retain()), ordered.Member{
		Name: "ResourceRetentionPolicy", Value: ordered.Object{{Name: "SkipDeregisterOnUpdate", Value: true}},
	})
}

// JobQueue adds a job queue. Where it names a compute environment, a service environment or a scheduling policy of the
// template by its name, it refers to that resource.
func (t Template) JobQueue(id string, in *batch.CreateJobQueueInput, set ...Setting) Template {
	return input(t, id, jobQueue, in, func(in *batch.CreateJobQueueInput) *string { return in.JobQueueName }, set)
}

// ComputeEnvironment adds a compute environment.
//
// If it is managed and has a name, CloudFormation is told to update its instances in place (ReplaceComputeEnvironment
// is false): a replacement would want the same name, and fail. Without a name it is replaced where that is needed.
//
// Instances need an instance profile, which is a [Template.Resource] of type AWS::IAM::InstanceProfile.
func (t Template) ComputeEnvironment(id string, in *batch.CreateComputeEnvironmentInput, set ...Setting) Template {
	var more []ordered.Member
	if in != nil && in.ComputeEnvironmentName != nil && in.Type == types.CETypeManaged {
		more = append(more, ordered.Member{Name: "ReplaceComputeEnvironment", Value: false})
	}
	name := func(in *batch.CreateComputeEnvironmentInput) *string { return in.ComputeEnvironmentName }
	return input(t, id, computeEnvironment, in, name, set, more...)
}

// SchedulingPolicy adds a scheduling policy.
func (t Template) SchedulingPolicy(id string, in *batch.CreateSchedulingPolicyInput, set ...Setting) Template {
	return input(t, id, schedulingPolicy, in, func(in *batch.CreateSchedulingPolicyInput) *string { return in.Name }, set)
}

// ConsumableResource adds a consumable resource.
func (t Template) ConsumableResource(id string, in *batch.CreateConsumableResourceInput, set ...Setting) Template {
	name := func(in *batch.CreateConsumableResourceInput) *string { return in.ConsumableResourceName }
	return input(t, id, consumableResource, in, name, set)
}

// ServiceEnvironment adds a service environment, for jobs of SageMaker AI.
func (t Template) ServiceEnvironment(id string, in *batch.CreateServiceEnvironmentInput, set ...Setting) Template {
	name := func(in *batch.CreateServiceEnvironmentInput) *string { return in.ServiceEnvironmentName }
	return input(t, id, serviceEnvironment, in, name, set)
}

// QuotaShare adds a quota share of a queue.
func (t Template) QuotaShare(id string, in *batch.CreateQuotaShareInput, set ...Setting) Template {
	return input(t, id, quotaShare, in, func(in *batch.CreateQuotaShareInput) *string { return in.QuotaShareName }, set)
}

// Checked is what package validate says about one job definition of a template.
type Checked struct {
	// Resource is the logical id.
	Resource string
	validate.Findings
}

// Check judges every job definition of the template by the rules of package validate. Members that refer to other
// resources are not known yet, so nothing is said about them. The result has an element for each definition with
// findings, in the order of the template.
func (t Template) Check(opts ...validate.Option) []Checked {
	d := t.edits.Value()
	var all []Checked
	w := newWriter(&d)
	for _, r := range d.resources {
		if r.definition == nil {
			continue
		}
		r.properties(w)
		o := append(opts[:len(opts):len(opts)], validate.WithUnknown(w.open...))
		if found := validate.JobDefinition(r.definition, o...); len(found) > 0 {
			all = append(all, Checked{r.id, found})
		}
	}
	return all
}
