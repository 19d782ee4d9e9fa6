package asltest

import (
	"crypto/md5" //nolint:gosec // States.Hash has it
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
)

// step is a step of a path: a name, an index, or all elements.
type step struct {
	name  string
	index int
	all   bool
}

var errPath = errors.New("not a path")

// parsePath reads $, .name, ['name'], [0] and [*].
func parsePath(path string) ([]step, error) {
	rest, ok := strings.CutPrefix(path, "$")
	if !ok {
		return nil, errPath
	}
	var steps []step
	for rest != "" {
		switch {
		case strings.HasPrefix(rest, "['"):
			name, after, ok := strings.Cut(rest[2:], "']")
			if !ok || name == "" {
				return nil, errPath
			}
			steps, rest = append(steps, step{name: name}), after
		case rest[0] == '[':
			text, after, ok := strings.Cut(rest[1:], "]")
			n, err := strconv.Atoi(text)
			if !ok || text != "*" && (err != nil || n < 0) {
				return nil, errPath
			}
			steps, rest = append(steps, step{index: n, all: text == "*"}), after
		case rest[0] == '.':
			end := strings.IndexAny(rest[1:], ".[")
			if end < 0 {
				end = len(rest) - 1
			}
			name := rest[1 : 1+end]
			if name == "" || strings.ContainsAny(name, "@:?()*, ") {
				return nil, errPath
			}
			steps, rest = append(steps, step{name: name}), rest[1+end:]
		default:
			return nil, errPath
		}
	}
	return steps, nil
}

// path returns what a path leads to. With a wildcard it is a list of what there is, empty perhaps as in Step Functions
// (https://github.com/localstack/localstack/issues/12318), and else a fault if there is nothing.
func (e *entry) path(path string, data any) (any, error) {
	if rest, ok := strings.CutPrefix(path, "$$"); ok {
		path, data = "$"+rest, e.context()
	}
	steps, err := parsePath(path)
	if err != nil {
		return nil, e.unsupported("the path " + path)
	}
	found, many := []any{data}, false
	for _, s := range steps {
		var next []any
		for _, v := range found {
			switch v := v.(type) {
			case map[string]any:
				if inner, ok := v[s.name]; ok && s.name != "" {
					next = append(next, inner)
				}
			case []any:
				if s.all {
					next = append(next, v...)
				} else if s.name == "" && s.index < len(v) {
					next = append(next, v[s.index])
				}
			}
		}
		found, many = next, many || s.all
	}
	if many {
		return append([]any{}, found...), nil
	}
	if len(found) == 0 {
		return nil, &fault{"States.ParameterPathFailure", "the path " + path + " leads to nothing"}
	}
	return found[0], nil
}

func (e *entry) context() any {
	return map[string]any{"Execution": map[string]any{"Id": e.id}, "State": map[string]any{"Name": e.name}}
}

// payload fills a payload template: members whose names end in .$ are expressions.
func (e *entry) payload(template, data any) (any, error) {
	switch t := template.(type) {
	case []any:
		out := make([]any, len(t))
		for i, v := range t {
			var err error
			if out[i], err = e.payload(v, data); err != nil {
				return nil, err
			}
		}
		return out, nil
	case map[string]any:
		out := make(map[string]any, len(t))
		for name, v := range t {
			var err error
			if plain, ok := strings.CutSuffix(name, ".$"); ok {
				text, _ := v.(string)
				out[plain], err = e.expression(text, data)
			} else {
				out[name], err = e.payload(v, data)
			}
			if err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return template, nil
}

// expression returns what a path or an intrinsic function gives.
func (e *entry) expression(text string, data any) (any, error) {
	text = strings.TrimSpace(text)
	if !strings.HasPrefix(text, "States.") {
		return e.path(text, data)
	}
	name, rest, ok := strings.Cut(text, "(")
	inside, closed := strings.CutSuffix(rest, ")")
	if !ok || !closed {
		return nil, e.unsupported("the expression " + text)
	}
	var args []any
	for _, arg := range split(inside) {
		v, err := e.argument(arg, data)
		if err != nil {
			return nil, err
		}
		args = append(args, v)
	}
	return e.intrinsic(name, args)
}

func (e *entry) argument(text string, data any) (any, error) {
	if inner, ok := strings.CutPrefix(text, "'"); ok && strings.HasSuffix(inner, "'") {
		return inner[:len(inner)-1], nil
	}
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		return n, nil
	}
	return e.expression(text, data)
}

// split cuts at the commas that are in no literal and no function of their own.
func split(args string) []string {
	var out []string
	depth, quoted, start := 0, false, 0
	for i, r := range args {
		switch {
		case r == '\'':
			quoted = !quoted
		case quoted:
		case r == '(':
			depth++
		case r == ')':
			depth--
		case r == ',' && depth == 0:
			out, start = append(out, strings.TrimSpace(args[start:i])), i+1
		}
	}
	if last := strings.TrimSpace(args[start:]); last != "" {
		out = append(out, last)
	}
	return out
}

func (e *entry) intrinsic(name string, args []any) (any, error) {
	bad := &fault{"States.IntrinsicFailure", name + " does not take these arguments"}
	switch {
	case name == "States.Array":
		return append([]any{}, args...), nil
	case len(args) == 0:
		return nil, e.unsupported(name + " without arguments")
	case name == "States.Format":
		format, ok := args[0].(string)
		if !ok || strings.Count(format, "{}") != len(args)-1 {
			return nil, bad
		}
		for _, v := range args[1:] {
			s, ok := v.(string)
			if !ok {
				s = text(v)
			}
			format = strings.Replace(format, "{}", s, 1)
		}
		return format, nil
	case name == "States.JsonToString" && len(args) == 1:
		return text(args[0]), nil
	case name == "States.StringToJson" && len(args) == 1:
		var v any
		s, ok := args[0].(string)
		if !ok || json.Unmarshal([]byte(s), &v) != nil {
			return nil, bad
		}
		return v, nil
	case name == "States.Hash" && len(args) == 2:
		return hash(args[0], args[1], bad)
	}
	return nil, e.unsupported("the function " + name + " with so many arguments")
}

// hash is States.Hash and JSONata's $hash, for two of their algorithms.
func hash(data, algorithm any, bad *fault) (any, error) {
	s, ok := data.(string)
	if !ok {
		return nil, bad
	}
	switch algorithm {
	case "MD5":
		sum := md5.Sum([]byte(s)) //nolint:gosec // a name, not a secret
		return hex.EncodeToString(sum[:]), nil
	case "SHA-256":
		sum := sha256.Sum256([]byte(s))
		return hex.EncodeToString(sum[:]), nil
	}
	return nil, bad
}

func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil { // it was read from JSON
		return ""
	}
	return string(b)
}
