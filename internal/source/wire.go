package source

import (
	"reflect"
	"strconv"
	"strings"

	"github.com/batchkit/batchkit-go/internal/tree"
)

// maxWire bounds the JSON made of a document. Aliases of YAML can make it longer than the file.
const maxWire = 2 * tree.MaxSize

// A wire turns a tree in the spelling of the API into the JSON that batchjson
// reads, and notes on the way what the API does not have and what is not known.
type wire struct {
	dialect dialect
	out     []byte
	path    []string // members by name, elements as [3]
	literal int      // how many lists of texts for a shell the walk is in
	unknown []string
	strays  []stray
	nulls   []string
	full    bool
}

// A stray is a member that the type around it does not have.
type stray struct {
	tree.Place
	path, name string
	parent     reflect.Type
}

// value writes n where the API wants a t; t is nil where that is not known.
func (w *wire) value(n *tree.Node, t reflect.Type) {
	if len(w.out) > maxWire {
		w.full = true
		return
	}
	switch n.Kind {
	case tree.Object:
		w.object(n, t)
	case tree.List:
		w.out = append(w.out, '[')
		for i, item := range n.Items {
			w.separate(i)
			w.path = append(w.path, "["+strconv.Itoa(i)+"]")
			w.element(item, elementOf(t))
			w.path = w.path[:len(w.path)-1]
		}
		w.out = append(w.out, ']')
	default:
		w.out = append(w.out, n.Literal...)
	}
}

func (w *wire) object(n *tree.Node, t reflect.Type) {
	w.out = append(w.out, '{')
	first := len(w.out)
	for i := range n.Members {
		m := &n.Members[i]
		w.path = append(w.path, m.Name)
		w.member(m, t, len(w.out) == first)
		w.path = w.path[:len(w.path)-1]
	}
	w.out = append(w.out, '}')
}

func (w *wire) member(m *tree.Member, t reflect.Type, first bool) {
	inner := elementOf(t)
	if t != nil && t.Kind() == reflect.Struct {
		var ok bool
		if inner, ok = fieldOf(t, m.Name); !ok || m.Stray {
			w.strays = append(w.strays, stray{Place: m.Place, path: w.at(), name: m.Name, parent: t})
			return
		}
		if w.absent(m.Value) {
			return
		}
	}
	if !first {
		w.out = append(w.out, ',')
	}
	w.out = append(w.out, tree.Quoted(m.Name)...)
	w.out = append(w.out, ':')
	if text(m.Name) {
		w.literal++
		defer func() { w.literal-- }()
	}
	w.element(m.Value, inner)
}

// element writes a value that has to be there, so that indexes stay right and a
// key of a map is not lost: one that is absent is written as a zero value.
func (w *wire) element(n *tree.Node, t reflect.Type) {
	if w.absent(n) {
		w.out = append(w.out, zeroOf(t)...)
		return
	}
	w.value(n, t)
}

// absent notes a value that the input cannot have: one that is not known yet, and null in a template.
func (w *wire) absent(n *tree.Node) bool {
	switch {
	case w.open(n):
		w.unknown = append(w.unknown, w.at())
	case n.Kind == tree.Null && w.dialect == cloudFormation:
		w.nulls = append(w.nulls, w.at())
	default:
		return false
	}
	return true
}

// open reports whether a value is not known yet.
func (w *wire) open(n *tree.Node) bool {
	return n.Kind == tree.Unknown ||
		n.Kind == tree.String && w.dialect != terraform && w.literal == 0 && strings.Contains(n.Literal, "${")
}

// text reports whether a member holds text for a shell, where ${…} is no gap to be filled before the call.
func text(name string) bool {
	switch name {
	case "command", "args", "environment", "env":
		return true
	}
	return false
}

func (w *wire) separate(i int) {
	if i > 0 {
		w.out = append(w.out, ',')
	}
}

// at is the present path in the spelling of validate.
func (w *wire) at() string {
	var b strings.Builder
	for _, step := range w.path {
		if b.Len() > 0 && !strings.HasPrefix(step, "[") {
			b.WriteByte('.')
		}
		b.WriteString(step)
	}
	return b.String()
}

// elementOf returns the type of the elements of a list or a map, and nil for anything else.
func elementOf(t reflect.Type) reflect.Type {
	if t == nil || t.Kind() != reflect.Slice && t.Kind() != reflect.Map {
		return nil
	}
	return direct(t.Elem())
}

// zeroOf is the zero value of a type as JSON.
func zeroOf(t reflect.Type) string {
	if t == nil {
		return "null"
	}
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		return "{}"
	case reflect.Slice:
		return "[]"
	case reflect.Bool:
		return "false"
	case reflect.String:
		return `""`
	default:
		return "0"
	}
}
