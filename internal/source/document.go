package source

import (
	"errors"
	"reflect"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/internal/tree"
	"github.com/batchkit/batchkit-go/validate"
)

// MemberRule is the rule of members and types. It is judged where a text is read, so it is not one of package validate.
var MemberRule = validate.Rule{
	ID:        "JD021",
	Title:     "a request has only members that the API knows, with values of their types",
	Severity:  validate.Error,
	Platforms: validate.All,
	Source:    definitionPage,
}

const (
	definitionPage = "https://docs.aws.amazon.com/batch/latest/APIReference/API_RegisterJobDefinition.html"
	submissionPage = "https://docs.aws.amazon.com/batch/latest/APIReference/API_SubmitJob.html"
	templatePage   = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-batch-jobdefinition.html"
)

// A Document is one definition or one submission, with what is needed to judge it.
type Document struct {
	// Path is the name of the file as it was given.
	Path string
	// Kind is what the file is.
	Kind Kind
	// Resource is the logical id in a CloudFormation template or the address in Terraform; else empty.
	Resource string
	// Definition is what would be registered; nil for a submission.
	Definition *batch.RegisterJobDefinitionInput
	// Submission is what would be submitted; nil for a definition.
	Submission *batch.SubmitJobInput
	// Unknown are the paths whose values are not known yet, in the spelling of the API.
	// What is unknown as a whole is not set; in a list it stands as a zero value.
	Unknown []string

	root     *tree.Node
	named    string // the name in a template, with ${…} for what is not known yet
	mistyped []string
	found    []Finding
}

// A dialect is the spelling of a document.
type dialect uint8

const (
	api dialect = iota
	cloudFormation
	terraform
)

// decode fills the input of a document from a tree in the spelling of the API.
func (d *Document) decode(root *tree.Node, from dialect) error {
	d.root = root
	t, target, page := definitionType, any(nil), definitionPage
	if d.Kind == SubmitJob {
		d.Submission = &batch.SubmitJobInput{}
		t, target, page = submissionType, d.Submission, submissionPage
	} else {
		d.Definition = &batch.RegisterJobDefinitionInput{}
		target = d.Definition
	}
	if from == cloudFormation {
		page = templatePage
	}
	w := wire{dialect: from}
	if root.Kind == tree.Unknown {
		d.Unknown = []string{""}
		return nil
	}
	w.value(root, t)
	if w.full {
		return &tree.Error{Path: d.Path, Line: root.Line, Column: root.Column, Message: "too large once its aliases are filled in"}
	}
	d.Unknown = w.unknown
	if from != api && root.Get("jobDefinitionName") == nil {
		// CloudFormation and Terraform make up a name that is not given.
		d.Unknown = append(d.Unknown, "jobDefinitionName")
	}
	for _, s := range w.strays {
		d.found = append(d.found, Finding{s.finding(from, page), s.Line, s.Column})
	}
	for _, path := range w.nulls {
		d.fault(path, "must not be null, for a template must not hold one; leave the property out", page)
	}
	return d.problems(batchjson.Unmarshal(w.out, target), page)
}

// problems turns what batchjson has to say into findings, or into an error if the text cannot be kept without loss.
func (d *Document) problems(err error, page string) error {
	if err == nil {
		return nil
	}
	var all *batchjson.Error
	if !errors.As(err, &all) {
		return &tree.Error{Path: d.Path, Message: err.Error(), Err: err}
	}
	for _, p := range all.Problems {
		switch p.Kind {
		case batchjson.WrongType, batchjson.OutOfRange:
			message := p.Message
			if n := d.root.Lead(p.Path); n != nil && n.Plain && strings.HasPrefix(message, "must be a string,") {
				message += "; quote it"
			}
			d.fault(p.Path, message, page)
			d.mistyped = append(d.mistyped, p.Path)
		default:
			at := d.root.Find(p.Path)
			return &tree.Error{Path: d.Path, Line: at.Line, Column: at.Column, Message: p.Message, Err: p}
		}
	}
	return nil
}

func (d *Document) fault(path, message, page string) {
	at := d.root.Find(path)
	d.found = append(d.found, Finding{validate.Finding{
		Rule: MemberRule.ID, Severity: validate.Error, Path: path, Message: message, Source: page,
	}, at.Line, at.Column})
}

// networkMode is described in the user guide for ECS Managed Instances, and newer than the SDK.
const networkMode = "networkMode"

// finding says what is wrong with a member that is not there.
func (s stray) finding(from dialect, page string) validate.Finding {
	f := validate.Finding{Rule: MemberRule.ID, Severity: validate.Error, Path: s.path, Source: page}
	message, near := suggest(s.parent, s.name)
	switch {
	case s.parent == reflect.TypeFor[types.EcsTaskProperties]() && s.name == networkMode:
		f.Severity = validate.Warning
		f.Message = "is newer than this version of batchkit, so it is not judged"
	case from == cloudFormation:
		f.Message = "CloudFormation has no property of this name here"
		if near != "" {
			f.Message += "; did you mean " + upper(near) + "?"
		}
	case from == terraform:
		f.Severity = validate.Warning
		f.Message = "Terraform leaves it out: " + message
	default:
		f.Message = message
	}
	return f
}

// suggest asks batchjson what it says to a member that a struct does not have.
func suggest(t reflect.Type, name string) (message, near string) {
	message = "the API has no member of this name here"
	err := batchjson.Unmarshal([]byte("{"+tree.Quoted(name)+":null}"), reflect.New(t).Interface())
	var all *batchjson.Error
	if errors.As(err, &all) {
		return all.Problems[0].Message, all.Problems[0].Nearest
	}
	return message, lower(name)
}

// Has reports whether the document has a member, be its value known or not.
func (d *Document) Has(path string) bool { return d.root.Lead(path) != nil }
