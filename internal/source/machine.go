package source

import (
	"bytes"
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"

	"github.com/batchkit/batchkit-go/internal/tree"
	"github.com/batchkit/batchkit-go/validate"
)

// The types of resources that are state machines.
const (
	stepFunctionsMachine = "AWS::StepFunctions::StateMachine"
	serverlessMachine    = "AWS::Serverless::StateMachine"
	machineAddress       = "aws_sfn_state_machine" // of Terraform
)

// Analyse judges a state machine of Step Functions, given what is known of a definition by its name.
type Analyse func(machine []byte, definition func(name string) (in *batch.RegisterJobDefinitionInput, unknown []string)) validate.Findings

// machines judges the state machines in a text: the text itself, or the resources of a template. The definitions that
// are in the same text are known to them.
func (o *Options) machines(path string, data []byte, docs []*Document) []Result {
	if o.Analyse == nil || o.Kind != StateMachine && !bytes.Contains(data, []byte("State")) {
		return nil
	}
	roots, err := read(path, data)
	if err != nil {
		return nil // Read has said so
	}
	var results []Result
	for _, root := range roots {
		switch kind := cmp.Or(o.Kind, kindOf(root)); kind {
		case StateMachine:
			text, _ := root.JSON(tree.MaxSize)
			results = append(results, Result{Path: path, Kind: kind, Findings: o.analyse(text, docs, root)})
		case Terraform:
			for _, resource := range managed(root, machineAddress) {
				if written := resource.Get("values").Get("definition"); written.Is(tree.String) && written.Text() != "" {
					places := &tree.Node{Place: written.Place}
					results = append(results, Result{
						Path: path, Kind: kind, Resource: resource.Get("address").Text(), Findings: o.analyse([]byte(written.Text()), docs, places),
					})
				}
			}
		case CloudFormation:
			resources := []tree.Member{{Value: root}} // one that is cut out of its template
			if all := resourcesOf(root); all.Is(tree.Object) {
				resources = append(resources, all.Members...)
			}
			for _, m := range resources {
				if text, places := machineOf(m.Value); text != nil {
					results = append(results, Result{Path: path, Kind: kind, Resource: m.Name, Findings: o.analyse(text, docs, places)})
				}
				if r, ok := o.besides(path, m, docs); ok {
					results = append(results, r)
				}
			}
		}
	}
	return results
}

// analyse judges a machine whose places are in a tree.
func (o *Options) analyse(text []byte, docs []*Document, places *tree.Node) []Finding {
	if o.Definition != nil {
		docs = append(slices.Clip(docs), o.Definition)
	}
	var out []Finding
	for _, f := range o.Analyse(text, func(name string) (*batch.RegisterJobDefinitionInput, []string) {
		for _, d := range docs {
			if d.Definition == nil || slices.Contains(d.Unknown, "") {
				continue
			}
			id := strings.TrimSuffix(strings.TrimSuffix(name, "}"), ".JobDefinitionArn")
			if aws.ToString(d.Definition.JobDefinitionName) == name || d.named == name && !strings.Contains(name, anything) || d.Resource != "" && id == "${"+d.Resource {
				return d.Definition, slices.Concat(d.Unknown, d.mistyped)
			}
		}
		return nil, nil
	}) {
		if !slices.Contains(o.Disable, f.Rule) {
			at := places.Find(asWritten(f.Path))
			out = append(out, Finding{f, at.Line, at.Column})
		}
	}
	slices.SortStableFunc(out, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return out
}

// asWritten spells the members of a request as a state machine does, with a capital. A key of a map may be changed as
// well; then the place is that of the map.
func asWritten(path string) string {
	for _, member := range []string{".Parameters.", ".Arguments."} {
		if before, after, ok := strings.Cut(path, member); ok {
			parts := strings.Split(after, ".")
			for i, p := range parts {
				parts[i] = upper(p)
			}
			return before + member + strings.Join(parts, ".")
		}
	}
	return path
}

// machineOf returns the state machine of a resource as JSON, and where its members are: nil for another resource, and for
// a text that is no JSON before something is filled in.
func machineOf(resource *tree.Node) (text []byte, places *tree.Node) {
	switch resource.Get("Type").Text() {
	case stepFunctionsMachine, serverlessMachine:
	default:
		return nil, nil
	}
	properties := resource.Get("Properties")
	values := substitutions(properties)
	if written := properties.Get("Definition"); written.Is(tree.Object) {
		states := filled(written, values)
		if !states.Is(tree.Object) {
			return nil, nil // all of it is a function
		}
		text, _ = states.JSON(tree.MaxSize)
		return text, states
	}
	if written := properties.Get("DefinitionString"); written != nil {
		text := []byte(fill(textOf(written), values))
		if !json.Valid(text) {
			text = quoteGaps(text)
		}
		if json.Valid(text) || !bytes.Contains(text, []byte("${")) {
			return text, &tree.Node{Place: written.Place}
		}
	}
	return nil, nil
}

func substitutions(properties *tree.Node) map[string]string {
	values := map[string]string{}
	if given := properties.Get("DefinitionSubstitutions"); given != nil {
		for _, m := range given.Members {
			values[m.Name] = textOf(m.Value)
		}
	}
	return values
}

// besides judges the state machine that a resource of SAM keeps in a file of its own, with values filled in. The file is
// found from the template's folder, and not outside of it; one that is not there may come later.
func (o *Options) besides(template string, resource tree.Member, docs []*Document) (r Result, found bool) {
	properties := resource.Value.Get("Properties")
	name := filepath.FromSlash(properties.Get("DefinitionUri").Text())
	if resource.Value.Get("Type").Text() != serverlessMachine || template == Stdin || !filepath.IsLocal(name) {
		return r, false
	}
	f := file{path: filepath.Join(filepath.Dir(template), name)}
	info, err := os.Stat(f.path)
	if err != nil || !info.Mode().IsRegular() {
		return r, false
	}
	f.size = info.Size()
	r = Result{Path: f.path, Kind: StateMachine, Resource: resource.Name}
	data, err := f.text(nil)
	if err != nil {
		r.Err = err
		return r, true
	}
	roots, err := read(f.path, data)
	if err != nil || len(roots) != 1 {
		r.Err = err
		return r, err != nil
	}
	states := filled(roots[0], substitutions(properties))
	text, _ := states.JSON(tree.MaxSize)
	r.Findings = o.analyse(text, docs, states)
	return r, true
}

// filled is a value of a template with texts in place of intrinsic functions, and values filled into all texts.
func filled(n *tree.Node, values map[string]string) *tree.Node {
	out := *n
	out.Members, out.Items = nil, nil
	switch _, function := intrinsic(n); {
	case function, n.Kind == tree.String:
		return tree.StringOf(fill(textOf(n), values), n.Place)
	case n.Kind == tree.Object:
		for _, m := range n.Members {
			m.Value = filled(m.Value, values)
			out.Members = append(out.Members, m)
		}
	case n.Kind == tree.List:
		for _, item := range n.Items {
			out.Items = append(out.Items, filled(item, values))
		}
	}
	return &out
}

// anything stands for what a function gives that is not looked into. Two of them need not be the same.
const anything = "${?}"

// textOf is the text that a value of a template gives, with ${…} for what is not known before a deployment: ${Id} for a
// reference to a resource.
func textOf(n *tree.Node) string {
	switch {
	case n == nil:
		return ""
	case n.Is(tree.String):
		return n.Text()
	case n.Is(tree.Number), n.Is(tree.Bool):
		return n.Literal
	case n.Get("Ref").Is(tree.String):
		return "${" + n.Get("Ref").Text() + "}"
	case n.Get("Fn::Sub").Is(tree.String):
		return n.Get("Fn::Sub").Text()
	case n.Get("Fn::GetAtt").Is(tree.String):
		return "${" + n.Get("Fn::GetAtt").Text() + "}"
	}
	if parts := n.Get("Fn::GetAtt").Elements(); len(parts) == 2 {
		return "${" + textOf(parts[0]) + "." + textOf(parts[1]) + "}"
	}
	if parts := n.Get("Fn::Sub").Elements(); len(parts) == 2 {
		values := map[string]string{}
		for _, m := range parts[1].Members {
			values[m.Name] = textOf(m.Value)
		}
		return fill(textOf(parts[0]), values)
	}
	if parts := n.Get("Fn::Join").Elements(); len(parts) == 2 && parts[1].Is(tree.List) {
		texts := make([]string, len(parts[1].Items))
		for i, item := range parts[1].Items {
			texts[i] = textOf(item)
		}
		return strings.Join(texts, textOf(parts[0]))
	}
	return anything
}

// fill puts values in the place of ${name}.
func fill(text string, values map[string]string) string {
	var pairs []string
	for name, value := range values {
		pairs = append(pairs, "${"+name+"}", value)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}
