package workflowfile

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/batchkit/batchkit-go/internal/tree"
)

// gap is a place for a value in a text.
var gap = regexp.MustCompile(`\$\{\{\s*([^{}]*?)\s*\}\}`)

// valueName is what a value may be called.
var valueName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// maxFilled bounds the length of all that is filled in, in bytes: values of values, and each, make much of a small file.
const maxFilled = 64 << 20

// A scope says what the values of a text are. The empty text is a value; nil is one that was not given.
type scope map[string]*string

// fill returns the node with the values in its texts. What has none is shared with the original, so that elements of
// each, and aliases, do not change each other.
func (r *reader) fill(n *tree.Node, path string, values scope) *tree.Node {
	switch n.Kind {
	case tree.String:
		return r.fillText(n, path, values)
	case tree.List:
		out := n
		for i, item := range n.Items {
			if filled := r.fill(item, element(path, i), values); filled != item {
				if out == n {
					c := *n
					c.Items = slices.Clone(n.Items)
					out = &c
				}
				out.Items[i] = filled
			}
		}
		return out
	case tree.Object:
		out := n
		for i := range n.Members {
			m := &n.Members[i]
			if filled := r.fill(m.Value, join(path, m.Name), values); filled != m.Value {
				if out == n {
					c := *n
					c.Members = slices.Clone(n.Members)
					out = &c
				}
				out.Members[i].Value = filled
			}
		}
		return out
	}
	return n
}

func (r *reader) fillText(n *tree.Node, path string, values scope) *tree.Node {
	if !strings.Contains(n.Literal, "${{") {
		return n
	}
	text := n.Text()
	missing := map[string]string{}
	filled := gap.ReplaceAllStringFunc(text, func(g string) string {
		name := gap.FindStringSubmatch(g)[1]
		value, declared := values[name]
		switch {
		case !valueName.MatchString(name):
			missing[name] = "has a ${{…}} that names no value: a name has letters, digits and underscores"
		case r.later[name]:
			missing[name] = "needs the value " + name + ", which comes after it in values: move that before it"
		case !declared:
			missing[name] = "needs the value " + name + ", which the file does not have: add it to values" + orDidYouMean(name, keys(values))
		case value == nil:
			missing[name] = "needs the value " + name + ", which is not set: give it (--set " + name + "=…), or a default in values"
		case r.filled > maxFilled: // which was said
			return ""
		case r.filled+len(*value) > maxFilled:
			r.filled = maxFilled + 1
			missing[name] = "makes the values that are filled in longer than " + strconv.Itoa(maxFilled>>20) + " MiB in all: make such a workflow in Go"
		default:
			r.filled += len(*value)
			return *value
		}
		return g
	})
	if strings.Contains(gap.ReplaceAllLiteralString(text, ""), "${{") {
		missing["${{"] = "has a ${{ without its }}: close it"
	}
	for _, name := range slices.Sorted(maps.Keys(missing)) {
		r.problem(n.Place, path, missing[name])
	}
	if len(missing) > 0 || filled == text {
		return n
	}
	out := tree.StringOf(filled, n.Place)
	if gap.FindString(text) == text {
		r.whole[out] = true
	}
	return out
}

// typed turns a text that was nothing but one value into the number or boolean that it says.
func (r *reader) typed(n *tree.Node, kind tree.Kind) {
	if !r.whole[n] {
		return
	}
	text := n.Text()
	switch {
	case kind == tree.Number && isWhole(text), kind == tree.Bool && (text == "true" || text == "false"):
		n.Kind, n.Literal = kind, text
	}
}

// retyped makes a text that was nothing but one value the number or boolean that it says, where the API has found a text out of
// place. It returns whether the text says one.
func (r *reader) retyped(n *tree.Node) bool {
	if n == nil || n.Kind != tree.String {
		return false
	}
	r.typed(n, tree.Number)
	r.typed(n, tree.Bool)
	return n.Kind != tree.String
}

// isWhole reports whether a text is a whole number as JSON has it.
func isWhole(text string) bool {
	digits := strings.TrimPrefix(text, "-")
	if digits == "" || len(digits) > 18 || digits[0] == '0' && digits != "0" {
		return false
	}
	return strings.Trim(digits, "0123456789") == ""
}
