package source

import (
	"encoding/json"
	"reflect"
	"strings"

	"github.com/batchkit/batchkit-go/internal/tree"
)

const definitionResource = "AWS::Batch::JobDefinition"

// template finds every job definition of a CloudFormation template.
func (b *reader) template(root *tree.Node) ([]*Document, error) {
	var docs []*Document
	add := func(id string, resource *tree.Node) error {
		if resource.Get("Type").Text() != definitionResource {
			return nil
		}
		properties := resource.Get("Properties")
		if properties == nil {
			properties = &tree.Node{Place: resource.Place, Kind: tree.Object}
		}
		d := &Document{Path: b.Path, Kind: CloudFormation, Resource: id, named: textOf(properties.Get("JobDefinitionName"))}
		docs = append(docs, d)
		return d.decode(fromTemplate(properties, definitionType), cloudFormation)
	}
	if bareResource(root) {
		if err := add("", root); err != nil {
			return nil, err
		}
	}
	if resources := resourcesOf(root); resources.Is(tree.Object) {
		for i := range resources.Members {
			if err := add(resources.Members[i].Name, resources.Members[i].Value); err != nil {
				return nil, err
			}
		}
	}
	if len(docs) == 0 {
		return nil, &tree.Error{Path: b.Path, Message: "the template has no resource of type " + definitionResource, Err: ErrNothing}
	}
	return docs, nil
}

// resourcesOf returns the resources of a template by their logical ids, nil if it has none.
func resourcesOf(root *tree.Node) *tree.Node {
	if bareResources(root) {
		return root
	}
	return root.Get("Resources")
}

// templateNames are the properties whose names are not those of the API with a capital letter.
var templateNames = map[string]string{"S3FilesVolumeConfiguration": "s3filesVolumeConfiguration"}

// templateOnly are the properties of the resource that are no part of the request.
var templateOnly = map[string]bool{"ResourceRetentionPolicy": true}

// fromTemplate rewrites a value of a template to the spelling and the types of
// the API: names with a small letter, except for the keys of maps; numbers,
// booleans and strings turned into each other as CloudFormation does.
func fromTemplate(n *tree.Node, t reflect.Type) *tree.Node {
	if literal, ok := intrinsic(n); ok {
		return literal
	}
	switch {
	case n.Kind == tree.Object && t.Kind() == reflect.Struct:
		return templateObject(n, t)
	case n.Kind == tree.Object && t.Kind() == reflect.Map:
		out := *n
		out.Members = nil
		for _, m := range n.Members {
			if !noValue(m.Value) {
				out.Members = append(out.Members, tree.Member{Place: m.Place, Name: m.Name, Value: fromTemplate(m.Value, elementOf(t))})
			}
		}
		return &out
	case n.Kind == tree.List && t.Kind() == reflect.Slice:
		out := *n
		out.Items = nil
		for _, item := range n.Items {
			if !noValue(item) {
				out.Items = append(out.Items, fromTemplate(item, elementOf(t)))
			}
		}
		return &out
	}
	return coerced(n, t)
}

func templateObject(n *tree.Node, t reflect.Type) *tree.Node {
	out := *n
	out.Members = nil
	for _, m := range n.Members {
		if noValue(m.Value) || t == definitionType && (templateOnly[m.Name] || dropped(m)) {
			continue
		}
		wire, ok := templateNames[m.Name]
		if !ok && m.Name != lower(m.Name) {
			wire = lower(m.Name)
		}
		field, ok := fieldOf(t, wire)
		if !ok {
			m.Stray = true
			out.Members = append(out.Members, m)
			continue
		}
		out.Members = append(out.Members, tree.Member{Place: m.Place, Name: wire, Value: fromTemplate(m.Value, field)})
	}
	return &out
}

// dropped reports whether CloudFormation leaves a property out of the request.
// The service refuses a retry strategy that is empty, yet CDK writes one into every template.
func dropped(m tree.Member) bool {
	return (m.Name == "RetryStrategy" || m.Name == "Timeout") && m.Value.Kind == tree.Object && len(m.Value.Members) == 0
}

// coerced turns a scalar into what the property wants, where CloudFormation does so.
func coerced(n *tree.Node, t reflect.Type) *tree.Node {
	out := *n
	switch {
	case t.Kind() == reflect.String && (n.Kind == tree.Number || n.Kind == tree.Bool):
		out.Kind, out.Literal = tree.String, tree.Quoted(n.Literal)
	case t.Kind() == reflect.String && n.Kind == tree.String:
		if value, ok := enumValue(t, n.Text()); ok {
			out.Literal = tree.Quoted(value)
		}
	case isNumber(t) && n.Kind == tree.String:
		if text := strings.TrimSpace(n.Text()); text != "" && json.Valid([]byte(text)) && strings.Trim(text, "+-.0123456789eE") == "" {
			out.Kind, out.Literal = tree.Number, text
		}
	case t.Kind() == reflect.Bool && n.Kind == tree.String:
		if truth, ok := truthOf(n); ok {
			out.Kind, out.Literal = tree.Bool, truth
		}
	}
	return &out
}

// enumValue returns the value of an enum that a text stands for: those of a template may be in any case.
func enumValue(t reflect.Type, text string) (string, bool) {
	method, ok := t.MethodByName("Values")
	if !ok {
		return "", false
	}
	values := method.Func.Call([]reflect.Value{reflect.Zero(t)})[0]
	for i := range values.Len() {
		if value := values.Index(i).String(); strings.EqualFold(value, text) {
			return value, true
		}
	}
	return "", false
}

// truthOf reads a boolean given as a string, and the words that YAML 1.1, which CloudFormation reads, takes for one.
func truthOf(n *tree.Node) (literal string, ok bool) {
	text := strings.ToLower(n.Text())
	switch {
	case text == "true" || n.Plain && (text == "yes" || text == "on"):
		return "true", true
	case text == "false" || n.Plain && (text == "no" || text == "off"):
		return "false", true
	}
	return "", false
}

// noValue reports whether a value takes its property away.
func noValue(n *tree.Node) bool {
	return n.Kind == tree.Object && len(n.Members) == 1 && n.Get("Ref").Text() == "AWS::NoValue"
}

// intrinsic returns what an intrinsic function stands for: an unknown value, or
// the text of an Fn::Sub that has nothing to fill in. It is false for any other value.
func intrinsic(n *tree.Node) (*tree.Node, bool) {
	if n.Kind != tree.Object {
		return nil, false
	}
	for i := range n.Members {
		name := n.Members[i].Name
		if !strings.HasPrefix(name, "Fn::") && (len(n.Members) != 1 || name != "Ref" && name != "Condition") {
			continue
		}
		if value := n.Members[i].Value; name == "Fn::Sub" && value.Kind == tree.String && !strings.Contains(value.Literal, "${") {
			return tree.StringOf(value.Text(), n.Place), true
		}
		return &tree.Node{Place: n.Place, Kind: tree.Unknown}, true
	}
	return nil, false
}
