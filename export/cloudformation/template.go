package cloudformation

import (
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/batch"

	"github.com/batchkit/batchkit-go/export"
	"github.com/batchkit/batchkit-go/internal/edit"
	"github.com/batchkit/batchkit-go/internal/ordered"
)

// A Template is a CloudFormation template. Make one with [New]; the zero value is one without a description. It is an
// immutable value: each method returns a changed copy, and what is handed in is copied.
//
// Every resource, parameter and output has a logical id of letters and digits, which no other of them has. Resources
// may be added in any order, also after what refers to them.
type Template struct {
	edits edit.List[document]
}

// A document is what a template is made of, in the order in which it was added.
type document struct {
	description string
	parameters  []parameter
	resources   []resource
	outputs     []output
}

type parameter struct {
	id string
	Parameter
}

type output struct {
	id string
	Output
}

// A resource knows how to write its properties.
type resource struct {
	id, kind   string
	name       string // by which other resources may refer to it; empty if it has none
	properties func(*writer) ordered.Object
	settings   settings
	definition *batch.RegisterJobDefinitionInput // of a job definition
}

// New returns a template without resources. The description has at most 1024 bytes; empty for none.
func New(description string) Template {
	return Template{}.with(func(d *document) { d.description = description })
}

func (t Template) with(apply func(*document)) Template { return Template{t.edits.With(apply)} }

func (t Template) add(r resource, set []Setting) Template {
	for _, s := range set {
		s(&r.settings)
	}
	return t.with(func(d *document) { d.resources = append(d.resources, r) })
}

// A Parameter is a value that is given when the stack is created or updated. [Ref] refers to it.
// See https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html.
type Parameter struct {
	// Type is the type of the value, such as Number, List<AWS::EC2::Subnet::Id> or CommaDelimitedList. Empty: String.
	Type string
	// Description has at most 4000 characters; empty for none.
	Description string
	// Default is the value if none is given. Nil: one has to be given. A pointer to "" is an empty default.
	Default *string
	// AllowedValues are all values that may be given; empty: any.
	AllowedValues []string
	// AllowedPattern is a regular expression that a value has to match as a whole; empty for none.
	AllowedPattern string
	// NoEcho hides the value in the console and in the answers of CloudFormation.
	NoEcho bool
}

// Parameter adds a parameter.
func (t Template) Parameter(id string, p Parameter) Template {
	p = edit.Clone(p)
	return t.with(func(d *document) { d.parameters = append(d.parameters, parameter{id, p}) })
}

// An Output is a value that the stack shows, and other stacks may import.
type Output struct {
	// Description has at most 1024 bytes; empty for none.
	Description string
	// Value is the value: a text, [Ref], [Attr], or a text with those in it.
	Value string
	// Export is the name under which other stacks of the account and region import the value; empty for none.
	Export string
}

// Output adds an output.
func (t Template) Output(id string, o Output) Template {
	return t.with(func(d *document) { d.outputs = append(d.outputs, output{id, o}) })
}

// JSON returns the template as JSON, one member a line. The same template always gives the same bytes.
//
// If something cannot be expressed, the error is an [*export.Error] with every such thing, and there is no template.
func (t Template) JSON() ([]byte, error) {
	return t.text(ordered.JSON)
}

// YAML returns the template as YAML, with the long forms of intrinsic functions. The same template always gives the
// same bytes. The errors are those of [Template.JSON].
func (t Template) YAML() ([]byte, error) {
	return t.text(ordered.YAML)
}

func (t Template) text(write func(any) ([]byte, error)) ([]byte, error) {
	root, err := t.document()
	if err != nil {
		return nil, err
	}
	text, err := write(root)
	if err == nil && len(text) > maxBytes {
		return nil, &export.Error{Target: target, Refusals: []export.Refusal{{
			Message: fmt.Sprintf("a template has at most %d bytes, and this one has %d; make several stacks of it", maxBytes, len(text)),
		}}}
	}
	return text, err
}

// document writes all sections.
func (t Template) document() (ordered.Object, error) {
	d := t.edits.Value()
	w := newWriter(&d)
	w.checkSize()
	root := ordered.Object{{Name: "AWSTemplateFormatVersion", Value: "2010-09-09"}}
	root = root.With("Description", d.description)
	root = root.With("Parameters", section(d.parameters, func(p parameter) (string, ordered.Object) { return p.id, p.object() }))
	root = append(root, ordered.Member{Name: "Resources", Value: ordered.Object{}})
	if resources := section(d.resources, w.resource); resources != nil {
		root[len(root)-1].Value = resources
	}
	root = root.With("Outputs", section(d.outputs, w.output))
	w.checkCycles()
	if len(w.refusals) > 0 {
		return nil, &export.Error{Target: target, Refusals: w.refusals}
	}
	return root, nil
}

// section writes the members of a section; nil if there are none, for a template must not have an empty one.
func section[T any](of []T, write func(T) (string, ordered.Object)) any {
	if len(of) == 0 {
		return nil
	}
	out := make(ordered.Object, len(of))
	for i, v := range of {
		out[i].Name, out[i].Value = write(v)
	}
	return out
}

func (p parameter) object() ordered.Object {
	kind := p.Type
	if kind == "" {
		kind = "String"
	}
	out := ordered.Object{{Name: "Type", Value: kind}}
	out = out.With("Description", p.Description)
	if p.Default != nil {
		out = append(out, ordered.Member{Name: "Default", Value: *p.Default})
	}
	out = out.With("AllowedValues", texts(p.AllowedValues))
	out = out.With("AllowedPattern", p.AllowedPattern)
	if p.NoEcho {
		out = append(out, ordered.Member{Name: "NoEcho", Value: true})
	}
	return out
}

// outputs is what the ids of outputs begin with in refusals. A resource may have the same.
const outputs = "Outputs."

func (w *writer) output(o output) (string, ordered.Object) {
	w.at = outputs + o.id
	out := ordered.Object{}.With("Description", o.Description)
	out = append(out, ordered.Member{Name: "Value", Value: w.text("", o.Value)})
	if o.Export != "" {
		out = append(out, ordered.Member{Name: "Export", Value: ordered.Object{{Name: "Name", Value: w.text("", o.Export)}}})
	}
	return o.id, out
}

func (w *writer) resource(r resource) (string, ordered.Object) {
	w.at = r.id
	out := ordered.Object{{Name: "Type", Value: r.kind}}
	for _, id := range r.settings.dependsOn {
		w.known(id, "")
	}
	out = out.With("DependsOn", texts(r.settings.dependsOn))
	if r.settings.retain {
		// A resource that was created just before the creation of the stack fails is no loss, and would be in the way.
		out = out.With("DeletionPolicy", "RetainExceptOnCreate").With("UpdateReplacePolicy", "Retain")
	}
	if properties := r.properties(w); len(properties) > 0 {
		out = append(out, ordered.Member{Name: "Properties", Value: w.spread(properties)})
	}
	return r.id, out
}

// texts returns a list of strings as values, nil if there are none.
func texts(list []string) any {
	if len(list) == 0 {
		return nil
	}
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = s
	}
	return out
}

// A Setting changes how CloudFormation treats a resource.
type Setting func(*settings)

type settings struct {
	retain, discard bool
	dependsOn       []string
}

// Retain keeps the resource when it is taken out of the template, replaced by another, or the stack is deleted.
func Retain() Setting { return func(s *settings) { s.retain = true } }

// Discard lets CloudFormation deregister the former revision of a job definition with each update, and the last one
// when the definition is taken out of the template or the stack is deleted. Jobs and workflows that name a former
// revision fail from then on. It has no effect on other resources, which are deleted unless [Retain] is given.
func Discard() Setting { return func(s *settings) { s.discard = true } }

// DependsOn lets a resource be created after others, and deleted before them, to which it does not refer.
func DependsOn(ids ...string) Setting {
	ids = slices.Clone(ids)
	return func(s *settings) { s.dependsOn = append(s.dependsOn, ids...) }
}
