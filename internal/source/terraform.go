package source

import (
	"errors"
	"reflect"
)

const definitionAddress = "aws_batch_job_definition"

// show finds every job definition in the output of terraform show -json, be it of a plan or of a state.
func (b *builder) show(root *node) ([]*Document, error) {
	s := &show{builder: b, unknown: map[string]*node{}}
	for _, change := range root.get("resource_changes").all() {
		s.unknown[change.get("address").text()] = change.get("change").get("after_unknown")
	}
	values := root.get("planned_values")
	if values == nil {
		values = root.get("values")
	}
	if err := s.module(values.get("root_module")); err != nil {
		return nil, err
	}
	if len(s.docs) == 0 {
		return nil, &Error{Path: b.name, Message: "Terraform has no resource of type " + definitionAddress + " here", Err: ErrNothing}
	}
	return s.docs, nil
}

// all returns the elements of a list; there are none in anything else.
func (n *node) all() []*node {
	if !n.is(listNode) {
		return nil
	}
	return n.items
}

type show struct {
	*builder
	unknown map[string]*node // by address, what the plan does not know
	docs    []*Document
}

func (s *show) module(module *node) error {
	for _, resource := range module.get("resources").all() {
		if resource.get("type").text() != definitionAddress || resource.get("mode").text() == "data" {
			continue
		}
		if err := s.resource(resource); err != nil {
			return err
		}
	}
	for _, child := range module.get("child_modules").all() {
		if err := s.module(child); err != nil {
			return err
		}
	}
	return nil
}

func (s *show) resource(resource *node) error {
	d := &Document{Path: s.name, Kind: Terraform, Resource: resource.get("address").text()}
	values := resource.get("values")
	if !values.is(objectNode) {
		values = &node{place: resource.place, kind: objectNode}
	}
	root, err := s.definition(overlay(values, s.unknown[d.Resource]))
	if err != nil {
		return err
	}
	s.docs = append(s.docs, d)
	return d.decode(root, terraform)
}

// jsonAttributes are the attributes that hold a part of the request as a JSON text.
var jsonAttributes = map[string]bool{"container_properties": true, "ecs_properties": true, "node_properties": true}

// definition rewrites the attributes of a resource to the request that the provider makes of them.
func (s *show) definition(values *node) (*node, error) {
	out := &node{place: values.place, kind: objectNode}
	tags := tagsAttribute(values)
	for _, m := range values.members {
		name := m.name
		switch {
		case name == "name":
			name = "job_definition_name"
		case name == tags:
			name = "tags"
		case name == "tags":
			continue
		}
		wire, field, ok := likeField(definitionType, name)
		if !ok || m.value.kind == nullNode {
			continue
		}
		value, err := s.attribute(m, wire, field)
		if err != nil {
			return nil, err
		}
		if value != nil {
			out.members = append(out.members, member{place: m.place, name: wire, value: value})
		}
	}
	return out, nil
}

// tagsAttribute returns the attribute that holds the tags: tags_all has the
// default tags of the provider as well, but a plan often does not know it.
func tagsAttribute(values *node) string {
	if values.get("tags_all").is(objectNode) || !values.get("tags").is(objectNode) && values.get("tags_all") != nil {
		return "tags_all"
	}
	return "tags"
}

// attribute rewrites the value of one attribute. It is nil for what is not set.
func (s *show) attribute(m member, wire string, field reflect.Type) (*node, error) {
	if jsonAttributes[m.name] {
		return s.text(m.value, wire)
	}
	return fromBlock(m.value, field), nil
}

// text reads a JSON text within an attribute. Its nodes have the place of the text, for that is one line of the file.
func (s *show) text(n *node, name string) (*node, error) {
	if n.kind != stringNode {
		return n, nil
	}
	text := n.text()
	if text == "" {
		return nil, nil
	}
	inner := builder{name: s.name, values: s.values}
	root, err := inner.readJSON([]byte(text))
	if err != nil {
		message := "the text of " + name + " cannot be read"
		if e := new(Error); errors.As(err, &e) {
			message += ": " + e.Message
		}
		return nil, &Error{Path: s.name, Line: n.line, Column: n.column, Message: message, Err: err}
	}
	s.values = inner.values
	field, _ := fieldOf(definitionType, name)
	return fromText(root, field, n.place), nil
}
