package source

import (
	"slices"
	"strings"

	"github.com/batchkit/batchkit-go/internal/tree"
)

// Kind says what a file holds. Its text is what the command line takes.
type Kind string

// The kinds. The empty kind stands for one to be found by looking.
const (
	JobDefinition  Kind = "job-definition" // the input of RegisterJobDefinition
	SubmitJob      Kind = "submit-job"     // the input of SubmitJob
	CloudFormation Kind = "cloudformation" // a template, of CDK as well
	Terraform      Kind = "terraform"      // the output of terraform show -json, of a plan or a state
	Workflow       Kind = "workflow"       // a workflow file, which package workflowfile reads
	StateMachine   Kind = "asl"            // a state machine of Step Functions, which package asl analyses
)

// Kinds are all kinds, in the order of the documentation.
func Kinds() []Kind {
	return []Kind{JobDefinition, SubmitJob, CloudFormation, Terraform, Workflow, StateMachine}
}

// A mark is a member by which a definition or a submission is known, without
// regard to case. The strong ones are found nowhere else; one of them has to be there.
var (
	definitionMarks = marks{
		"jobdefinitionname": true, "containerproperties": true, "ecsproperties": true, "eksproperties": true, "nodeproperties": true,
		"type": false, "platformcapabilities": false,
	}
	submissionMarks = marks{
		"jobqueue": true, "jobdefinition": true,
		"jobname": false, "arrayproperties": false, "dependson": false, "containeroverrides": false, "ecspropertiesoverride": false,
		"ekspropertiesoverride": false, "nodeoverrides": false, "shareidentifier": false, "schedulingpriorityoverride": false,
	}
)

// marks says of each mark whether it is a strong one.
type marks map[string]bool

// in counts the marks in a document; there are none without a strong one.
func (m marks) in(root *tree.Node) int {
	n, sure := 0, false
	for i := range root.Members {
		if strong, ok := m[fold(root.Members[i].Name)]; ok {
			n++
			sure = sure || strong
		}
	}
	if !sure {
		return 0
	}
	return n
}

// kindOf looks what a document is. It is empty for something that is none of the kinds.
func kindOf(root *tree.Node) Kind {
	switch {
	case root.Get("Resources").Is(tree.Object), root.Get("AWSTemplateFormatVersion") != nil, bareResource(root), bareResources(root):
		return CloudFormation
	case root.Get("format_version") != nil && (root.Get("planned_values") != nil || root.Get("values") != nil || root.Get("terraform_version") != nil),
		root.Get("format_version") != nil && len(root.Members) == 1: // an empty state
		return Terraform
	case root.Get("StartAt") != nil && root.Get("States").Is(tree.Object):
		return StateMachine
	case workflow(root):
		return Workflow
	case root.Get("serviceJobType") != nil:
		return ""
	}
	definition, submission := definitionMarks.in(root), submissionMarks.in(root)
	switch {
	case definition == 0 && submission == 0:
		return ""
	case submission > definition:
		return SubmitJob
	}
	return JobDefinition
}

// bareResource reports whether the document is a single resource cut out of a template.
func bareResource(root *tree.Node) bool {
	return strings.HasPrefix(root.Get("Type").Text(), "AWS::")
}

// bareResources reports whether the document is what stands under Resources in a template.
func bareResources(root *tree.Node) bool {
	return root.Kind == tree.Object && len(root.Members) > 0 &&
		!slices.ContainsFunc(root.Members, func(m tree.Member) bool { return !bareResource(m.Value) })
}

// workflow reports whether the document is a workflow file. Many programs have files with a list of jobs.
func workflow(root *tree.Node) bool {
	jobs := root.Get("jobs")
	switch {
	case !jobs.Is(tree.List):
		return false
	case root.Get("definitions") != nil, root.Get("queue") != nil, root.Get("barrier") != nil:
		return true
	case len(jobs.Items) == 0:
		return root.Get("name") != nil
	}
	return slices.ContainsFunc(jobs.Items, func(job *tree.Node) bool { return job.Get("name") != nil || job.Get("definition") != nil })
}

// hint says what a document of no known kind may be instead.
func hint(root *tree.Node) string {
	switch {
	case root.Get("jobDefinitions").Is(tree.List):
		return "looks like the output of DescribeJobDefinitions; give one definition, without the members that only the output has"
	case root.Get("serviceJobType") != nil:
		return "looks like the input of SubmitServiceJob, which is not judged"
	case root.Get("jobs").Is(tree.List):
		return "has a list of jobs, none with a name or a definition, so it is no workflow file; give --kind if it is one"
	case root.Get("resource") != nil || root.Get("terraform") != nil && root.Get("provider") != nil:
		return "looks like a configuration of Terraform; give the output of terraform show -json"
	case root.Get("terraform_version") != nil:
		return "looks like a state file of Terraform; give the output of terraform show -json"
	case root.Kind != tree.Object:
		return "must be an object, found " + root.Kind.Noun()
	}
	return "is nothing that can be judged: no definition or submission of AWS Batch, no template of CloudFormation, no output of terraform show -json, " +
		"no workflow, no state machine; give --kind if it is one"
}
