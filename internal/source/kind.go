package source

import "github.com/batchkit/batchkit-go/internal/tree"

import "strings"

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
	case root.Get("Resources").Is(tree.Object), root.Get("AWSTemplateFormatVersion") != nil, bareResource(root):
		return CloudFormation
	case root.Get("format_version") != nil && (root.Get("planned_values") != nil || root.Get("values") != nil || root.Get("terraform_version") != nil),
		root.Get("format_version") != nil && len(root.Members) == 1: // an empty state
		return Terraform
	case root.Get("StartAt") != nil && root.Get("States").Is(tree.Object):
		return StateMachine
	case root.Get("jobs").Is(tree.List):
		return Workflow
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

// hint says what a document of no known kind may be instead.
func hint(root *tree.Node) string {
	switch {
	case root.Get("jobDefinitions").Is(tree.List):
		return "looks like the output of DescribeJobDefinitions; give one definition, without the members that only the output has"
	case root.Get("resource") != nil || root.Get("terraform") != nil && root.Get("provider") != nil:
		return "looks like a configuration of Terraform; give the output of terraform show -json"
	case root.Kind != tree.Object:
		return "must be an object, found " + root.Kind.Noun()
	}
	return "is nothing that can be judged: no definition or submission of AWS Batch, no template of CloudFormation, no output of terraform show -json; " +
		"give --kind if it is one"
}
