package source

import (
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// An anchor is a value with a name, and how many values it is made of.
type anchor struct {
	value *node
	size  int
	depth int // how many levels it has
}

func (r *yamlReader) anchor(n *ast.AnchorNode, depth int) (*node, error) {
	before := r.values
	value, err := r.value(n.Value, depth)
	if err != nil {
		return nil, err
	}
	r.anchors[n.Name.GetToken().Value] = anchor{value: value, size: r.values - before, depth: value.levels()}
	return value, nil
}

// alias gives the anchor's value a second time. The nodes are shared, but
// counted again, so a few lines cannot stand for millions of values.
func (r *yamlReader) alias(n *ast.AliasNode, depth int) (*node, error) {
	at := placeOf(n.GetToken())
	name := n.Value.GetToken().Value
	a, ok := r.anchors[name]
	if !ok {
		return nil, r.fail(at, "the alias "+excerpt(name)+" stands for nothing that comes before it")
	}
	if err := r.add(a.size, depth+a.depth-1, at); err != nil {
		return nil, err
	}
	return a.value, nil
}

// levels is how deep the node is nested; a scalar has one level.
func (n *node) levels() int {
	deepest := 0
	for i := range n.members {
		deepest = max(deepest, n.members[i].value.levels())
	}
	for _, item := range n.items {
		deepest = max(deepest, item.levels())
	}
	return deepest + 1
}

// merge adds the members of << that the object does not have itself.
func (r *yamlReader) merge(out, from *node, seen *names) error {
	switch from.kind {
	case objectNode:
		for _, m := range from.members {
			if _, has := seen.seen[m.name]; !has {
				if err := seen.add(m.name, m.place); err != nil {
					return err
				}
				out.members = append(out.members, m)
			}
		}
		return r.add(len(from.members), 1, from.place)
	case listNode:
		for _, item := range from.items {
			if !item.is(objectNode) {
				return r.fail(item.place, "<< takes objects, found "+item.kind.noun())
			}
			if err := r.merge(out, item, seen); err != nil {
				return err
			}
		}
		return nil
	}
	return r.fail(from.place, "<< takes an object or a list of objects, found "+from.kind.noun())
}

// tagged reads a value with a tag. !Ref and its like become the long form of
// CloudFormation, which is an object of one member.
func (r *yamlReader) tagged(n *ast.TagNode, depth int) (*node, error) {
	at := placeOf(n.GetToken())
	tag := n.Start.Value
	value, err := r.value(n.Value, depth+1)
	if err != nil {
		return nil, err
	}
	switch tag {
	case "!!str", "!":
		if value.kind != listNode && value.kind != objectNode {
			text := value.literal
			if value.kind == stringNode {
				return value, nil
			}
			if s, ok := n.Value.(ast.ScalarNode); ok {
				text = s.GetToken().Value
			}
			return stringOf(text, at), nil
		}
	case "!!map", "!!seq", "!!int", "!!float", "!!bool", "!!null":
		return value, nil
	}
	name, ok := strings.CutPrefix(tag, "!")
	if !ok || name == "" || strings.HasPrefix(name, "!") || strings.HasPrefix(name, "<") {
		return nil, r.fail(at, "the tag "+excerpt(tag)+" has no meaning here")
	}
	if name != "Ref" && name != "Condition" {
		name = "Fn::" + name
	}
	return &node{place: at, kind: objectNode, members: []member{{place: at, name: name, value: value}}}, nil
}
