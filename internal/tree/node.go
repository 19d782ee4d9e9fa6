package tree

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/batchkit/batchkit-go/batchjson"
)

// MaxValues is how many values a file may hold: objects, lists and scalars.
const MaxValues = 1_000_000

// A Kind says what a node is.
type Kind uint8

// The kinds of nodes.
const (
	Null Kind = iota
	Bool
	Number
	String
	List
	Object
	Unknown // a value that is not known before something is deployed
)

// A Place is a line and a column, both from 1. The column counts code points. The zero Place is none.
type Place struct{ Line, Column int }

// A Node is a value of a document, whatever its format.
type Node struct {
	Place
	Kind Kind
	// Literal is a scalar as JSON.
	Literal string
	// Plain marks a scalar of YAML without quotes.
	Plain bool
	// Written is a number of YAML as it stands in the file: 012, 0x1F and 1_000 are numbers, and may be meant as texts.
	Written string
	Members []Member
	Items   []*Node
}

// A Member of an object, in the order of the document. No name occurs twice.
type Member struct {
	Place // of the name
	Name  string
	Value *Node
	// Stray marks a member that its format does not have, even if the API has one of that name.
	Stray bool
}

// Get returns the value of a member, or nil. A nil node has no members.
func (n *Node) Get(name string) *Node {
	if n == nil {
		return nil
	}
	for i := range n.Members {
		if n.Members[i].Name == name {
			return n.Members[i].Value
		}
	}
	return nil
}

// Elements returns the elements of a list; there are none in anything else.
func (n *Node) Elements() []*Node {
	if !n.Is(List) {
		return nil
	}
	return n.Items
}

// Is reports whether n is there and of the kind.
func (n *Node) Is(kind Kind) bool { return n != nil && n.Kind == kind }

// Text returns the value of a string, and "" for anything else.
func (n *Node) Text() string {
	if !n.Is(String) {
		return ""
	}
	if inner := n.Literal[1 : len(n.Literal)-1]; !strings.Contains(inner, `\`) {
		return inner
	}
	var s string
	if json.Unmarshal([]byte(n.Literal), &s) != nil {
		return ""
	}
	return s
}

// Noun names the kind for messages.
func (k Kind) Noun() string {
	switch k {
	case Null:
		return "null"
	case Bool:
		return "a boolean"
	case Number:
		return "a number"
	case String:
		return "a string"
	case List:
		return "a list"
	case Object:
		return "an object"
	default:
		return "a value that is not known yet"
	}
}

// Quoted returns text as a JSON string. Text must be UTF-8.
func Quoted(text string) string {
	b, err := json.Marshal(text)
	if err != nil { // a string always has a form
		return `""`
	}
	return string(b)
}

// StringOf returns a string at a place.
func StringOf(text string, at Place) *Node {
	return &Node{Place: at, Kind: String, Literal: Quoted(text)}
}

// Find returns the place to which a path of the API leads: of the name for a
// member, of the value for an element. Where the path leads to something that
// is not there, it is the place of the last thing that is.
func (n *Node) Find(path string) Place {
	at := n.Place
	for path != "" {
		next, where, rest := n.step(path)
		if next == nil {
			return at
		}
		if where.Line > 0 { // what only a plan of Terraform tells of has no place
			at = where
		}
		n, path = next, strings.TrimPrefix(rest, ".")
	}
	return at
}

// step follows the first part of a path. Keys of maps may hold dots and stand
// unquoted, so the longest name that fits is taken.
func (n *Node) step(path string) (next *Node, at Place, rest string) {
	if path[0] == '[' {
		if index, rest, ok := cutIndex(path); ok && n.Kind == List && index < len(n.Items) {
			return n.Items[index], n.Items[index].Place, rest
		}
	}
	longest := -1
	for i := range n.Members {
		m := &n.Members[i]
		if len(m.Name) <= longest || m.Stray {
			continue
		}
		if r, ok := cutName(path, m.Name); ok {
			next, at, rest, longest = m.Value, m.Place, r, len(m.Name)
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

// A Reader makes nodes, and counts them.
type Reader struct {
	// Path is the name of the file, for its extension and for errors.
	Path string
	// Values is how many have been made.
	Values int
}

// add counts n more values at a place on a level of nesting.
func (b *Reader) add(n, depth int, at Place) error {
	b.Values += n
	if b.Values > MaxValues {
		return b.Fail(at, "holds more than "+strconv.Itoa(MaxValues)+" values; split the file")
	}
	if depth > batchjson.MaxDepth {
		return b.Fail(at, "nested deeper than "+strconv.Itoa(batchjson.MaxDepth)+" levels")
	}
	return nil
}

// Fail returns an error at a place of the file.
func (b *Reader) Fail(at Place, message string) error {
	return &Error{Path: b.Path, Line: at.Line, Column: at.Column, Message: message}
}

// Lead returns the node to which a path leads, or nil if it is not there.
func (n *Node) Lead(path string) *Node {
	for path != "" && n != nil {
		next, _, rest := n.step(path)
		n, path = next, strings.TrimPrefix(rest, ".")
	}
	return n
}

// JSON returns the value as JSON text, unless that is longer than the limit: aliases can make it longer than the file.
// What is not known is null.
func (n *Node) JSON(limit int) (text []byte, ok bool) {
	out := n.appendJSON(nil, limit)
	return out, len(out) <= limit
}

func (n *Node) appendJSON(out []byte, limit int) []byte {
	if len(out) > limit {
		return out
	}
	switch n.Kind {
	case Object:
		out = append(out, '{')
		for i := range n.Members {
			if i > 0 {
				out = append(out, ',')
			}
			out = append(append(out, Quoted(n.Members[i].Name)...), ':')
			out = n.Members[i].Value.appendJSON(out, limit)
		}
		return append(out, '}')
	case List:
		out = append(out, '[')
		for i, item := range n.Items {
			if i > 0 {
				out = append(out, ',')
			}
			out = item.appendJSON(out, limit)
		}
		return append(out, ']')
	case Unknown:
		return append(out, "null"...)
	}
	return append(out, n.Literal...)
}
