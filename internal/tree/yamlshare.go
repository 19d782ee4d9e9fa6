package tree

import (
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// An anchor is a value with a name, and how many values it is made of.
type anchor struct {
	value *Node
	size  int
	depth int // how many levels it has
}

func (r *yamlReader) anchor(n *ast.AnchorNode, depth int) (*Node, error) {
	before := r.Values
	value, err := r.value(n.Value, depth)
	if err != nil {
		return nil, err
	}
	r.anchors[n.Name.GetToken().Value] = anchor{value: value, size: r.Values - before, depth: value.levels()}
	return value, nil
}

// alias gives the anchor's value a second time. The nodes are shared, but
// counted again, so a few lines cannot stand for millions of values.
func (r *yamlReader) alias(n *ast.AliasNode, depth int) (*Node, error) {
	at := placeOf(n.GetToken())
	name := n.Value.GetToken().Value
	a, ok := r.anchors[name]
	if !ok {
		// Its name is not shown: a secret that begins with an asterisk and is not quoted looks like one.
		return nil, r.Fail(at, "the alias stands for nothing that comes before it; quote it if it is a text")
	}
	if err := r.add(a.size, depth+a.depth-1, at); err != nil {
		return nil, err
	}
	return a.value, nil
}

// levels is how deep the node is nested; a scalar has one level.
func (n *Node) levels() int {
	deepest := 0
	for i := range n.Members {
		deepest = max(deepest, n.Members[i].Value.levels())
	}
	for _, item := range n.Items {
		deepest = max(deepest, item.levels())
	}
	return deepest + 1
}

// merge adds the members of << that the object does not have itself.
func (r *yamlReader) merge(out, from *Node, seen *names) error {
	switch from.Kind {
	case Object:
		for _, m := range from.Members {
			if _, has := seen.seen[m.Name]; !has {
				if err := seen.add(m.Name, m.Place); err != nil {
					return err
				}
				out.Members = append(out.Members, m)
			}
		}
		return r.add(len(from.Members), 1, from.Place)
	case List:
		for _, item := range from.Items {
			if !item.Is(Object) {
				return r.Fail(item.Place, "<< takes objects, found "+item.Kind.Noun())
			}
			if err := r.merge(out, item, seen); err != nil {
				return err
			}
		}
		return nil
	}
	return r.Fail(from.Place, "<< takes an object or a list of objects, found "+from.Kind.Noun())
}

// tagged reads a value with a tag. !Ref and its like become the long form of
// CloudFormation, which is an object of one member.
func (r *yamlReader) tagged(n *ast.TagNode, depth int) (*Node, error) {
	at := placeOf(n.GetToken())
	tag := n.Start.Value
	value, err := r.value(n.Value, depth+1)
	if err != nil {
		return nil, err
	}
	switch tag {
	case "!!str", "!":
		if value.Kind != List && value.Kind != Object {
			text := value.Literal
			if value.Kind == String {
				return value, nil
			}
			if s, ok := n.Value.(ast.ScalarNode); ok {
				text = s.GetToken().Value
			}
			return StringOf(text, at), nil
		}
	case "!!map", "!!seq", "!!int", "!!float", "!!bool", "!!null":
		return value, nil
	}
	name, ok := strings.CutPrefix(tag, "!")
	if !ok || name == "" || strings.HasPrefix(name, "!") || strings.HasPrefix(name, "<") {
		return nil, r.Fail(at, "the tag has no meaning here; quote it if it is a text")
	}
	if name != "Ref" && name != "Condition" {
		name = "Fn::" + name
	}
	return &Node{Place: at, Kind: Object, Members: []Member{{Place: at, Name: name, Value: value}}}, nil
}
