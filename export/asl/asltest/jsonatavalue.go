package asltest

import (
	"encoding/json"
	"maps"
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

// parser evaluates an expression while it reads it. All parts are evaluated, also those that cannot matter any more;
// nothing that it knows has an effect.
type parser struct {
	*entry
	text   string
	states map[string]any
}

var token = regexp.MustCompile(`^\s*("(?:[^"\\]|\\.)*"|'[^'\\]*'|[0-9]+|\$?[A-Za-z_][A-Za-z0-9_]*|!=|\$|[][(){}.,:&=])`)

// peek returns the next token, "" at the end or before what is none.
func (p *parser) peek() string {
	m := token.FindStringSubmatch(p.text)
	if m == nil {
		return ""
	}
	return m[1]
}

func (p *parser) next() string {
	m := token.FindStringSubmatch(p.text)
	if m == nil {
		return ""
	}
	p.text = p.text[len(m[0]):]
	return m[1]
}

// take reads a token if it is the given one.
func (p *parser) take(want string) bool {
	if p.peek() != want {
		return false
	}
	p.next()
	return true
}

func (p *parser) rest() string { return strings.TrimSpace(p.text) }

func (p *parser) unknown() error { return p.unsupported("the JSONata at " + strconv.Quote(p.text)) }

// infix reads operands of one kind between the same operator.
func (p *parser) infix(operator string, operand func() (any, error), join func(a, b any) any) (any, error) {
	left, err := operand()
	for err == nil && p.take(operator) {
		var right any
		if right, err = operand(); err == nil {
			left = join(left, right)
		}
	}
	return left, err
}

func (p *parser) either() (any, error) {
	return p.infix("or", p.both, func(a, b any) any { return a == any(true) || b == any(true) })
}

func (p *parser) both() (any, error) {
	return p.infix("and", p.equal, func(a, b any) any { return a == any(true) && b == any(true) })
}

func (p *parser) equal() (any, error) {
	return p.infix("=", p.concatenated, func(a, b any) any { return reflect.DeepEqual(a, b) && a != any(nothing{}) })
}

func (p *parser) concatenated() (any, error) {
	return p.infix("&", p.primary, func(a, b any) any { return asText(a) + asText(b) })
}

func asText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case nothing:
		return ""
	}
	return text(v)
}

func (p *parser) primary() (any, error) {
	switch t := p.peek(); {
	case t == "":
		return nil, p.unknown()
	case t[0] == '"':
		var s string
		if err := json.Unmarshal([]byte(p.next()), &s); err != nil {
			return nil, p.unknown()
		}
		return s, nil
	case t[0] == '\'':
		t = p.next()
		return t[1 : len(t)-1], nil
	case t[0] >= '0' && t[0] <= '9':
		n, err := strconv.ParseFloat(p.next(), 64)
		return n, err
	case t == "true" || t == "false":
		return p.next() == "true", nil
	case t == "(":
		p.next()
		v, err := p.either()
		if err == nil && !p.take(")") {
			err = p.unknown()
		}
		return v, err
	case t == "[":
		p.next()
		return p.list()
	case t == "{":
		p.next()
		return p.object()
	case t == "$states":
		p.next()
		return p.path([]any{p.states})
	case t[0] == '$':
		p.next()
		if !p.take("(") {
			return nil, p.unknown()
		}
		return p.function(t)
	}
	return nil, p.unknown()
}

// list reads [a, b]: sequences become a part of it, what does not exist is left out.
func (p *parser) list() (any, error) {
	out := []any{}
	for !p.take("]") {
		v, err := p.either()
		if err != nil {
			return nil, err
		}
		switch v := v.(type) {
		case nothing:
		case sequence:
			out = append(out, v...)
		default:
			out = append(out, v)
		}
		if !p.take(",") && p.peek() != "]" {
			return nil, p.unknown()
		}
	}
	return out, nil
}

func (p *parser) object() (any, error) {
	out := map[string]any{}
	for !p.take("}") {
		key, err := p.primary()
		name, ok := key.(string)
		if err != nil || !ok || !p.take(":") {
			return nil, p.unknown()
		}
		v, err := p.either()
		if err != nil {
			return nil, err
		}
		if _, missing := v.(nothing); !missing {
			out[name] = v
		}
		if !p.take(",") && p.peek() != "}" {
			return nil, p.unknown()
		}
	}
	return out, nil
}

// sequence is a list that a path has made. One of one value is that value.
type sequence []any

var memberName = regexp.MustCompile(`^[A-Za-z_]`)

// path reads .name and [index], which bind to the step that they follow.
func (p *parser) path(found []any) (any, error) {
	mapped := false // a step has gone through the values of a list
	for {
		switch {
		case p.take("."):
			name := p.next()
			if !memberName.MatchString(name) {
				return nil, p.unknown()
			}
			var list bool
			found, list = members(found, name)
			mapped = mapped || list
		case p.take("["):
			n, err := strconv.Atoi(p.next())
			if err != nil || !p.take("]") {
				return nil, p.unknown()
			}
			found = elements(found, n)
		case len(found) == 0:
			return nothing{}, nil
		case len(found) == 1:
			return found[0], nil
		case mapped:
			return sequence(found), nil
		default:
			return nil, p.unknown()
		}
	}
}

// members returns the member of that name of each object, and of each object in a list, and whether there was a list.
func members(found []any, name string) (next []any, mapped bool) {
	for _, v := range found {
		list, isList := v.([]any)
		if !isList {
			list = []any{v}
		}
		mapped = mapped || isList
		for _, v := range list {
			object, _ := v.(map[string]any)
			if inner, ok := object[name]; ok {
				next = append(next, inner)
			}
		}
	}
	return next, mapped
}

// elements returns element n of each list. What is no list is one of a single element.
func elements(found []any, n int) (next []any) {
	for _, v := range found {
		list, isList := v.([]any)
		if !isList {
			list = []any{v}
		}
		if n < len(list) {
			next = append(next, list[n])
		}
	}
	return next
}

func (p *parser) function(name string) (any, error) {
	var args []any
	for !p.take(")") {
		v, err := p.either()
		if err != nil {
			return nil, err
		}
		args = append(args, v)
		if !p.take(",") && p.peek() != ")" {
			return nil, p.unknown()
		}
	}
	switch {
	case name == "$exists" && len(args) == 1:
		return args[0] != any(nothing{}), nil
	case name == "$not" && len(args) == 1:
		return args[0] != any(true), nil
	case name == "$string" && len(args) == 1:
		return asText(args[0]), nil
	case name == "$hash" && len(args) == 2:
		return hash(args[0], args[1], &fault{"States.QueryEvaluationError", "$hash does not take these arguments"})
	case name == "$merge" && len(args) == 1:
		out := map[string]any{}
		list, _ := args[0].([]any)
		for _, v := range list {
			object, ok := v.(map[string]any)
			if !ok {
				return nil, &fault{"States.QueryEvaluationError", "$merge takes a list of objects"}
			}
			maps.Copy(out, object)
		}
		return out, nil
	}
	return nil, p.unsupported("the function " + name)
}
