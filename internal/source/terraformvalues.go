package source

import (
	"reflect"
	"strings"

	"github.com/batchkit/batchkit-go/internal/tree"
)

// overlay puts unknown values where the plan says so.
func overlay(n, unknown *tree.Node) *tree.Node {
	switch {
	case unknown.Is(tree.Bool) && unknown.Literal == "true":
		at := tree.Place{}
		if n != nil {
			at = n.Place
		}
		return &tree.Node{Place: at, Kind: tree.Unknown}
	case unknown.Is(tree.Object) && (n.Is(tree.Object) || n == nil):
		return overlayObject(n, unknown)
	case unknown.Is(tree.List) && n.Is(tree.List):
		out := *n
		out.Items = nil
		for i, item := range n.Items {
			if i < len(unknown.Items) {
				item = overlay(item, unknown.Items[i])
			}
			out.Items = append(out.Items, item)
		}
		return &out
	}
	return n
}

func overlayObject(n, unknown *tree.Node) *tree.Node {
	out := &tree.Node{Kind: tree.Object}
	if n != nil {
		*out = *n
		out.Members = nil
		for _, m := range n.Members {
			m.Value = overlay(m.Value, unknown.Get(m.Name))
			out.Members = append(out.Members, m)
		}
	}
	for i := range unknown.Members {
		m := &unknown.Members[i]
		if n.Get(m.Name) != nil {
			continue
		}
		if value := overlay(nil, m.Value); value != nil {
			out.Members = append(out.Members, tree.Member{Place: out.Place, Name: m.Name, Value: value})
		}
	}
	if n == nil && len(out.Members) == 0 {
		return nil
	}
	return out
}

// fromBlock rewrites attributes and blocks to the spelling of the API: names
// without underscores, a block that occurs once as an object. It is nil for
// what is not set, which a state shows as a zero value.
func fromBlock(n *tree.Node, t reflect.Type) *tree.Node {
	switch {
	case n.Kind == tree.Unknown:
		return n
	case n.Kind == tree.Null, n.Kind == tree.String && n.Literal == `""`:
		return nil
	case t.Kind() == reflect.Struct && n.Kind == tree.List:
		if len(n.Items) == 0 {
			return nil
		}
		return blockObject(n.Items[0], t)
	case t.Kind() == reflect.Struct:
		return blockObject(n, t)
	case n.Kind == tree.List || n.Kind == tree.Object:
		return blockValues(n, elementOf(t))
	}
	return n
}

// blockValues rewrites the elements of a list or the values of a map.
func blockValues(n *tree.Node, t reflect.Type) *tree.Node {
	out := *n
	out.Members, out.Items = nil, nil
	for _, m := range n.Members {
		if m.Value.Kind != tree.Null {
			out.Members = append(out.Members, m)
		}
	}
	for _, item := range n.Items {
		if t != nil && t.Kind() == reflect.Struct {
			item = blockObject(item, t)
		}
		out.Items = append(out.Items, item)
	}
	return &out
}

// unsetZero are the numbers for which the provider takes zero as not set, and unsetEmpty the blocks that it does not send
// when nothing in them is set.
var (
	unsetZero  = map[string]bool{"attempts": true, "attemptDurationSeconds": true, "schedulingPriority": true}
	unsetEmpty = map[string]bool{"retryStrategy": true, "timeout": true}
)

func blockObject(n *tree.Node, t reflect.Type) *tree.Node {
	if n.Kind == tree.Unknown {
		return n
	}
	out := &tree.Node{Place: n.Place, Kind: tree.Object} // an empty block is null
	for _, m := range n.Members {
		wire, field, ok := likeField(t, m.Name)
		if !ok {
			wire, field, ok = likeField(t, m.Name+"s") // image_pull_secret
		}
		if !ok || unsetZero[wire] && m.Value.Literal == "0" {
			continue
		}
		if value := fromBlock(m.Value, field); value != nil {
			out.Members = append(out.Members, tree.Member{Place: m.Place, Name: wire, Value: value})
		}
	}
	return out
}

// fromText rewrites what the provider decodes with no regard to the case of names.
func fromText(n *tree.Node, t reflect.Type, at tree.Place) *tree.Node {
	out := *n
	out.Place, out.Members, out.Items = at, nil, nil
	for _, m := range n.Members {
		field := elementOf(t)
		if t != nil && t.Kind() == reflect.Struct {
			var ok bool
			if field, ok = fieldOf(t, m.Name); !ok {
				if wire, like, ok := likeField(t, m.Name); ok && strings.EqualFold(wire, m.Name) {
					m.Name, field = wire, like
				}
			}
		}
		out.Members = append(out.Members, tree.Member{Place: at, Name: m.Name, Value: fromText(m.Value, field, at)})
	}
	for _, item := range n.Items {
		out.Items = append(out.Items, fromText(item, elementOf(t), at))
	}
	return &out
}
