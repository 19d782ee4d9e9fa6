package source

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/batchkit/batchkit-go/batchjson"
)

// MaxValues is how many values a file may hold: objects, lists and scalars.
const MaxValues = 1_000_000

// A nodeKind says what a node is.
type nodeKind uint8

const (
	nullNode nodeKind = iota
	boolNode
	numberNode
	stringNode
	listNode
	objectNode
	unknownNode // a value that is not known before something is deployed
)

// A place is a line and a column, both from 1. The column counts code points. The zero place is none.
type place struct{ line, column int }

// A node is a value of a document, whatever its format.
type node struct {
	place
	kind nodeKind
	// literal is a scalar as JSON.
	literal string
	// plain marks a scalar of YAML without quotes.
	plain   bool
	members []member
	items   []*node
}

// A member of an object, in the order of the document. No name occurs twice.
type member struct {
	place // of the name
	name  string
	value *node
	// stray marks a member that its format does not have, even if the API has one of that name.
	stray bool
}

// get returns the value of a member, or nil. A nil node has no members.
func (n *node) get(name string) *node {
	if n == nil {
		return nil
	}
	for i := range n.members {
		if n.members[i].name == name {
			return n.members[i].value
		}
	}
	return nil
}

// is reports whether n is there and of the kind.
func (n *node) is(kind nodeKind) bool { return n != nil && n.kind == kind }

// text returns the value of a string, and "" for anything else.
func (n *node) text() string {
	if !n.is(stringNode) {
		return ""
	}
	if inner := n.literal[1 : len(n.literal)-1]; !strings.Contains(inner, `\`) {
		return inner
	}
	var s string
	if json.Unmarshal([]byte(n.literal), &s) != nil {
		return ""
	}
	return s
}

// noun names the kind for messages.
func (k nodeKind) noun() string {
	switch k {
	case nullNode:
		return "null"
	case boolNode:
		return "a boolean"
	case numberNode:
		return "a number"
	case stringNode:
		return "a string"
	case listNode:
		return "a list"
	case objectNode:
		return "an object"
	default:
		return "a value that is not known yet"
	}
}

// quoted returns text as a JSON string. Text must be UTF-8.
func quoted(text string) string {
	b, err := json.Marshal(text)
	if err != nil { // a string always has a form
		return `""`
	}
	return string(b)
}

func stringOf(text string, at place) *node {
	return &node{place: at, kind: stringNode, literal: quoted(text)}
}

// find returns the place to which a path of the API leads: of the name for a
// member, of the value for an element. Where the path leads to something that
// is not there, it is the place of the last thing that is.
func (n *node) find(path string) place {
	at := n.place
	for path != "" {
		next, where, rest := n.step(path)
		if next == nil {
			return at
		}
		if where.line > 0 { // what only a plan of Terraform tells of has no place
			at = where
		}
		n, path = next, strings.TrimPrefix(rest, ".")
	}
	return at
}

// step follows the first part of a path. Keys of maps may hold dots and stand
// unquoted, so the longest name that fits is taken.
func (n *node) step(path string) (next *node, at place, rest string) {
	if path[0] == '[' {
		if index, rest, ok := cutIndex(path); ok && n.kind == listNode && index < len(n.items) {
			return n.items[index], n.items[index].place, rest
		}
	}
	longest := -1
	for i := range n.members {
		m := &n.members[i]
		if len(m.name) <= longest || m.stray {
			continue
		}
		if r, ok := cutName(path, m.name); ok {
			next, at, rest, longest = m.value, m.place, r, len(m.name)
		}
	}
	return next, at, rest
}

// cutIndex takes an index such as [3] off a path.
func cutIndex(path string) (index int, rest string, ok bool) {
	end := strings.IndexByte(path, ']')
	if end < 0 {
		return 0, "", false
	}
	index, err := strconv.Atoi(path[1:end])
	return index, path[end+1:], err == nil && index >= 0
}

// cutName takes a name off a path, bare or quoted in brackets.
func cutName(path, name string) (rest string, ok bool) {
	rest, ok = strings.CutPrefix(path, name)
	if ok && (rest == "" || rest[0] == '.' || rest[0] == '[') {
		return rest, name != ""
	}
	return strings.CutPrefix(path, "["+strconv.Quote(name)+"]")
}

// A builder makes nodes, and counts them.
type builder struct {
	name   string // of the file, for errors
	values int
}

// add counts n more values at a place on a level of nesting.
func (b *builder) add(n, depth int, at place) error {
	b.values += n
	if b.values > MaxValues {
		return b.fail(at, "holds more than "+strconv.Itoa(MaxValues)+" values; split the file")
	}
	if depth > batchjson.MaxDepth {
		return b.fail(at, "nested deeper than "+strconv.Itoa(batchjson.MaxDepth)+" levels")
	}
	return nil
}

func (b *builder) fail(at place, message string) error {
	return &Error{Path: b.name, Line: at.line, Column: at.column, Message: message}
}

// lead returns the node to which a path leads, or nil if it is not there.
func (n *node) lead(path string) *node {
	for path != "" && n != nil {
		next, _, rest := n.step(path)
		n, path = next, strings.TrimPrefix(rest, ".")
	}
	return n
}
