package source

import (
	"encoding/json"
	"reflect"
	"strings"
)

const definitionResource = "AWS::Batch::JobDefinition"

// template finds every job definition of a CloudFormation template.
func (b *builder) template(root *node) ([]*Document, error) {
	var docs []*Document
	add := func(id string, resource *node) error {
		if resource.get("Type").text() != definitionResource {
			return nil
		}
		properties := resource.get("Properties")
		if properties == nil {
			properties = &node{place: resource.place, kind: objectNode}
		}
		d := &Document{Path: b.name, Kind: CloudFormation, Resource: id}
		docs = append(docs, d)
		return d.decode(fromTemplate(properties, definitionType), cloudFormation)
	}
	if bareResource(root) {
		if err := add("", root); err != nil {
			return nil, err
		}
	}
	if resources := root.get("Resources"); resources.is(objectNode) {
		for i := range resources.members {
			if err := add(resources.members[i].name, resources.members[i].value); err != nil {
				return nil, err
			}
		}
	}
	if len(docs) == 0 {
		return nil, &Error{Path: b.name, Message: "the template has no resource of type " + definitionResource, Err: ErrNothing}
	}
	return docs, nil
}

// templateNames are the properties whose names are not those of the API with a capital letter.
var templateNames = map[string]string{"S3FilesVolumeConfiguration": "s3filesVolumeConfiguration"}

// templateOnly are the properties of the resource that are no part of the request.
var templateOnly = map[string]bool{"ResourceRetentionPolicy": true}

// fromTemplate rewrites a value of a template to the spelling and the types of
// the API: names with a small letter, except for the keys of maps; numbers,
// booleans and strings turned into each other as CloudFormation does.
func fromTemplate(n *node, t reflect.Type) *node {
	if literal, ok := intrinsic(n); ok {
		return literal
	}
	switch {
	case n.kind == objectNode && t.Kind() == reflect.Struct:
		return templateObject(n, t)
	case n.kind == objectNode && t.Kind() == reflect.Map:
		out := *n
		out.members = nil
		for _, m := range n.members {
			if !noValue(m.value) {
				out.members = append(out.members, member{place: m.place, name: m.name, value: fromTemplate(m.value, elementOf(t))})
			}
		}
		return &out
	case n.kind == listNode && t.Kind() == reflect.Slice:
		out := *n
		out.items = nil
		for _, item := range n.items {
			if !noValue(item) {
				out.items = append(out.items, fromTemplate(item, elementOf(t)))
			}
		}
		return &out
	}
	return coerced(n, t)
}

func templateObject(n *node, t reflect.Type) *node {
	out := *n
	out.members = nil
	for _, m := range n.members {
		if noValue(m.value) || t == definitionType && (templateOnly[m.name] || dropped(m)) {
			continue
		}
		wire, ok := templateNames[m.name]
		if !ok && m.name != lower(m.name) {
			wire = lower(m.name)
		}
		field, ok := fieldOf(t, wire)
		if !ok {
			m.stray = true
			out.members = append(out.members, m)
			continue
		}
		out.members = append(out.members, member{place: m.place, name: wire, value: fromTemplate(m.value, field)})
	}
	return &out
}

// dropped reports whether CloudFormation leaves a property out of the request.
// The service refuses a retry strategy that is empty, yet CDK writes one into every template.
func dropped(m member) bool {
	return (m.name == "RetryStrategy" || m.name == "Timeout") && m.value.kind == objectNode && len(m.value.members) == 0
}

// coerced turns a scalar into what the property wants, where CloudFormation does so.
func coerced(n *node, t reflect.Type) *node {
	out := *n
	switch {
	case t.Kind() == reflect.String && (n.kind == numberNode || n.kind == boolNode):
		out.kind, out.literal = stringNode, quoted(n.literal)
	case t.Kind() == reflect.String && n.kind == stringNode:
		if value, ok := enumValue(t, n.text()); ok {
			out.literal = quoted(value)
		}
	case isNumber(t) && n.kind == stringNode:
		if text := strings.TrimSpace(n.text()); text != "" && json.Valid([]byte(text)) && strings.Trim(text, "+-.0123456789eE") == "" {
			out.kind, out.literal = numberNode, text
		}
	case t.Kind() == reflect.Bool && n.kind == stringNode:
		if truth, ok := truthOf(n); ok {
			out.kind, out.literal = boolNode, truth
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
func truthOf(n *node) (literal string, ok bool) {
	text := strings.ToLower(n.text())
	switch {
	case text == "true" || n.plain && (text == "yes" || text == "on"):
		return "true", true
	case text == "false" || n.plain && (text == "no" || text == "off"):
		return "false", true
	}
	return "", false
}

// noValue reports whether a value takes its property away.
func noValue(n *node) bool {
	return n.kind == objectNode && len(n.members) == 1 && n.get("Ref").text() == "AWS::NoValue"
}

// intrinsic returns what an intrinsic function stands for: an unknown value, or
// the text of an Fn::Sub that has nothing to fill in. It is false for any other value.
func intrinsic(n *node) (*node, bool) {
	if n.kind != objectNode {
		return nil, false
	}
	for i := range n.members {
		name := n.members[i].name
		if !strings.HasPrefix(name, "Fn::") && (len(n.members) != 1 || name != "Ref" && name != "Condition") {
			continue
		}
		if value := n.members[i].value; name == "Fn::Sub" && value.kind == stringNode && !strings.Contains(value.literal, "${") {
			return stringOf(value.text(), n.place), true
		}
		return &node{place: n.place, kind: unknownNode}, true
	}
	return nil, false
}
