package source

import (
	"errors"
	"reflect"

	"github.com/batchkit/batchkit-go/internal/tree"
)

const definitionAddress = "aws_batch_job_definition"

// show finds every job definition in the output of terraform show -json, be it of a plan or of a state.
func (b *reader) show(root *tree.Node) ([]*Document, error) {
	s := &show{reader: b, unknown: map[string]*tree.Node{}}
	for _, change := range root.Get("resource_changes").Elements() {
		s.unknown[change.Get("address").Text()] = change.Get("change").Get("after_unknown")
	}
	for _, resource := range managed(root, definitionAddress) {
		if err := s.resource(resource); err != nil {
			return nil, err
		}
	}
	if len(s.docs) == 0 {
		return nil, &tree.Error{Path: b.Path, Message: "Terraform has no resource of type " + definitionAddress + " here", Err: ErrNothing}
	}
	return s.docs, nil
}

type show struct {
	*reader
	unknown map[string]*tree.Node // by address, what the plan does not know
	docs    []*Document
}

// managed returns the resources of a type, those of modules after the ones around them.
func managed(root *tree.Node, kind string) (found []*tree.Node) {
	values := root.Get("planned_values")
	if values == nil {
		values = root.Get("values")
	}
	var visit func(module *tree.Node)
	visit = func(module *tree.Node) {
		for _, resource := range module.Get("resources").Elements() {
			if resource.Get("type").Text() == kind && resource.Get("mode").Text() != "data" {
				found = append(found, resource)
			}
		}
		for _, child := range module.Get("child_modules").Elements() {
			visit(child)
		}
	}
	visit(values.Get("root_module"))
	return found
}

func (s *show) resource(resource *tree.Node) error {
	d := &Document{Path: s.Path, Kind: Terraform, Resource: resource.Get("address").Text()}
	values := resource.Get("values")
	if !values.Is(tree.Object) {
		values = &tree.Node{Place: resource.Place, Kind: tree.Object}
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
func (s *show) definition(values *tree.Node) (*tree.Node, error) {
	out := &tree.Node{Place: values.Place, Kind: tree.Object}
	tags := tagsAttribute(values)
	for _, m := range values.Members {
		name := m.Name
		switch {
		case name == "name":
			name = "job_definition_name"
		case name == tags:
			name = "tags"
		case name == "tags":
			continue
		}
		wire, field, ok := likeField(definitionType, name)
		if !ok || m.Value.Kind == tree.Null || unsetZero[wire] && m.Value.Literal == "0" {
			continue
		}
		value, err := s.attribute(m, wire, field)
		if err != nil {
			return nil, err
		}
		if value != nil && !(unsetEmpty[wire] && value.Is(tree.Object) && len(value.Members) == 0) {
			out.Members = append(out.Members, tree.Member{Place: m.Place, Name: wire, Value: value})
		}
	}
	return out, nil
}

// tagsAttribute returns the attribute that holds the tags: tags_all has the
// default tags of the provider as well, but a plan often does not know it.
func tagsAttribute(values *tree.Node) string {
	if values.Get("tags_all").Is(tree.Object) || !values.Get("tags").Is(tree.Object) && values.Get("tags_all") != nil {
		return "tags_all"
	}
	return "tags"
}

// attribute rewrites the value of one attribute. It is nil for what is not set.
func (s *show) attribute(m tree.Member, wire string, field reflect.Type) (*tree.Node, error) {
	if jsonAttributes[m.Name] {
		return s.text(m.Value, wire)
	}
	return fromBlock(m.Value, field), nil
}

// text reads a JSON text within an attribute. Its nodes have the place of the text, for that is one line of the file.
func (s *show) text(n *tree.Node, name string) (*tree.Node, error) {
	if n.Kind != tree.String {
		return n, nil
	}
	text := n.Text()
	if text == "" {
		return nil, nil
	}
	inner := tree.Reader{Path: s.Path, Values: s.Values}
	root, err := inner.JSON([]byte(text))
	if err != nil {
		message := "the text of " + name + " cannot be read"
		if e := new(tree.Error); errors.As(err, &e) {
			message += ": " + e.Message
		}
		return nil, &tree.Error{Path: s.Path, Line: n.Line, Column: n.Column, Message: message, Err: err}
	}
	s.Values = inner.Values
	field, _ := fieldOf(definitionType, name)
	return fromText(root, field, n.Place), nil
}
