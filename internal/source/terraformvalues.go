package source

import (
	"reflect"
	"strings"
)

// overlay puts unknown values where the plan says so.
func overlay(n, unknown *node) *node {
	switch {
	case unknown.is(boolNode) && unknown.literal == "true":
		at := place{}
		if n != nil {
			at = n.place
		}
		return &node{place: at, kind: unknownNode}
	case unknown.is(objectNode) && (n.is(objectNode) || n == nil):
		return overlayObject(n, unknown)
	case unknown.is(listNode) && n.is(listNode):
		out := *n
		out.items = nil
		for i, item := range n.items {
			if i < len(unknown.items) {
				item = overlay(item, unknown.items[i])
			}
			out.items = append(out.items, item)
		}
		return &out
	}
	return n
}

func overlayObject(n, unknown *node) *node {
	out := &node{kind: objectNode}
	if n != nil {
		*out = *n
		out.members = nil
		for _, m := range n.members {
			m.value = overlay(m.value, unknown.get(m.name))
			out.members = append(out.members, m)
		}
	}
	for i := range unknown.members {
		m := &unknown.members[i]
		if n.get(m.name) != nil {
			continue
		}
		if value := overlay(nil, m.value); value != nil {
			out.members = append(out.members, member{place: out.place, name: m.name, value: value})
		}
	}
	if n == nil && len(out.members) == 0 {
		return nil
	}
	return out
}

// fromBlock rewrites attributes and blocks to the spelling of the API: names
// without underscores, a block that occurs once as an object. It is nil for
// what is not set, which a state shows as a zero value.
func fromBlock(n *node, t reflect.Type) *node {
	switch {
	case n.kind == unknownNode:
		return n
	case n.kind == nullNode, n.kind == stringNode && n.literal == `""`:
		return nil
	case t.Kind() == reflect.Struct && n.kind == listNode:
		if len(n.items) == 0 {
			return nil
		}
		return blockObject(n.items[0], t)
	case t.Kind() == reflect.Struct:
		return blockObject(n, t)
	case n.kind == listNode || n.kind == objectNode:
		return blockValues(n, elementOf(t))
	}
	return n
}

// blockValues rewrites the elements of a list or the values of a map.
func blockValues(n *node, t reflect.Type) *node {
	out := *n
	out.members, out.items = nil, nil
	for _, m := range n.members {
		if m.value.kind != nullNode {
			out.members = append(out.members, m)
		}
	}
	for _, item := range n.items {
		if t != nil && t.Kind() == reflect.Struct {
			item = blockObject(item, t)
		}
		out.items = append(out.items, item)
	}
	return &out
}

// unsetZero are the numbers for which the provider takes zero as not set.
var unsetZero = map[string]bool{"attempts": true, "attemptDurationSeconds": true}

func blockObject(n *node, t reflect.Type) *node {
	if n.kind == unknownNode {
		return n
	}
	out := &node{place: n.place, kind: objectNode} // an empty block is null
	for _, m := range n.members {
		wire, field, ok := likeField(t, m.name)
		if !ok {
			wire, field, ok = likeField(t, m.name+"s") // image_pull_secret
		}
		if !ok || unsetZero[wire] && m.value.literal == "0" {
			continue
		}
		if value := fromBlock(m.value, field); value != nil {
			out.members = append(out.members, member{place: m.place, name: wire, value: value})
		}
	}
	return out
}

// fromText rewrites what the provider decodes with no regard to the case of names.
func fromText(n *node, t reflect.Type, at place) *node {
	out := *n
	out.place, out.members, out.items = at, nil, nil
	for _, m := range n.members {
		field := elementOf(t)
		if t != nil && t.Kind() == reflect.Struct {
			var ok bool
			if field, ok = fieldOf(t, m.name); !ok {
				if wire, like, ok := likeField(t, m.name); ok && strings.EqualFold(wire, m.name) {
					m.name, field = wire, like
				}
			}
		}
		out.members = append(out.members, member{place: at, name: m.name, value: fromText(m.value, field, at)})
	}
	for _, item := range n.items {
		out.items = append(out.items, fromText(item, elementOf(t), at))
	}
	return &out
}
