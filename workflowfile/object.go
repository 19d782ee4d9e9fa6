package workflowfile

import (
	"iter"
	"maps"
	"regexp"
	"slices"
	"strconv"

	"github.com/batchkit/batchkit-go/internal/nearest"
	"github.com/batchkit/batchkit-go/internal/tree"
)

// An object is one of the file, whose members are taken out one by one. What is left at its end is unknown.
type object struct {
	*reader
	node  *tree.Node
	path  string
	known []string
}

func (r *reader) open(n *tree.Node, path string) *object {
	if !n.Is(tree.Object) {
		r.misfit(n.Place, path, "must be an object, found "+n.Kind.Noun())
		n = &tree.Node{Place: n.Place, Kind: tree.Object}
	}
	return &object{reader: r, node: n, path: path}
}

func (o *object) skip(name string) { o.known = append(o.known, name) }

// take returns the value of a member, nil if it is absent or null.
func (o *object) take(name string) *tree.Node {
	o.skip(name)
	n := o.node.Get(name)
	if n.Is(tree.Null) {
		return nil
	}
	return n
}

// takeAs is take for a value of one kind, with its gaps filled.
func (o *object) takeAs(name string, kind tree.Kind, values scope) *tree.Node {
	n := o.take(name)
	if n == nil {
		return nil
	}
	n = o.fill(n, join(o.path, name), values)
	o.typed(n, kind)
	if n.Kind != kind {
		message := "must be " + kind.Noun() + ", found " + n.Kind.Noun()
		if kind == tree.String && n.Plain {
			message += "; quote it"
		}
		o.misfit(n.Place, join(o.path, name), message)
		return nil
	}
	return n
}

func (o *object) text(name string, values scope) string {
	return o.takeAs(name, tree.String, values).Text()
}

func (o *object) truth(name string, values scope) bool {
	n := o.takeAs(name, tree.Bool, values)
	return n != nil && n.Literal == "true"
}

func (o *object) number(name string, values scope) int {
	n := o.takeAs(name, tree.Number, values)
	if n == nil {
		return 0
	}
	i, err := strconv.Atoi(n.Literal)
	if err != nil {
		o.misfit(n.Place, join(o.path, name), "must be a whole number")
	}
	return i
}

// names reads one name or a list of names, with their places.
func (o *object) names(name string, values scope) (names []string, places []tree.Place) {
	n := o.take(name)
	if n == nil {
		return nil, nil
	}
	path := join(o.path, name)
	if n.Is(tree.String) {
		n = &tree.Node{Place: n.Place, Kind: tree.List, Items: []*tree.Node{n}}
	}
	if !n.Is(tree.List) {
		o.misfit(n.Place, path, "must be the name of a job, or a list of names, found "+n.Kind.Noun())
		return nil, nil
	}
	for i, item := range n.Items {
		if !o.groups[item.Text()] { // which may have gaps of their own
			item = o.fill(item, element(path, i), values)
		}
		if !item.Is(tree.String) {
			o.misfit(item.Place, element(path, i), "must be the name of a job, found "+item.Kind.Noun())
			continue
		}
		names, places = append(names, item.Text()), append(places, item.Place)
	}
	return names, places
}

// rest returns the members that have not been taken, as an object.
func (o *object) rest() *tree.Node {
	out := &tree.Node{Place: o.node.Place, Kind: tree.Object}
	for _, m := range o.node.Members {
		if !slices.Contains(o.known, m.Name) {
			out.Members = append(out.Members, m)
		}
	}
	return out
}

// close reports the members that nothing knows.
func (o *object) close() {
	for _, m := range o.rest().Members {
		o.misfit(m.Place, join(o.path, m.Name), "is no member here"+orMend(m.Name, slices.Values(o.known)))
	}
}

// orMend is what to do about a name that nothing knows.
func orMend(name string, candidates iter.Seq[string]) string {
	if near := orDidYouMean(name, candidates); near != "" {
		return near
	}
	return ": remove it"
}

func orDidYouMean(name string, candidates iter.Seq[string]) string {
	if near := nearest.Of(name, candidates); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}

// keys are the keys of a map in order, so that messages do not change from run to run.
func keys[V any](m map[string]V) iter.Seq[string] { return slices.Values(slices.Sorted(maps.Keys(m))) }

func sorted[V any](m map[string]V) iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		for k := range keys(m) {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}

// simple is a name that stands in a path without quotes.
var simple = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

func join(path, name string) string {
	switch {
	case !simple.MatchString(name):
		return path + "[" + strconv.Quote(name) + "]"
	case path == "":
		return name
	}
	return path + "." + name
}

func element(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }
