package asltest

import (
	"maps"
	"strings"
)

// scope is what $states has beside input and context.
type scope map[string]any

// nothing is JSONata's value of what does not exist.
type nothing struct{}

// template fills a template: strings between {% and %} are expressions. What does not exist fails the state.
func (e *entry) template(template any, s scope) (any, error) {
	switch t := template.(type) {
	case string:
		inner, ok := strings.CutPrefix(t, "{%")
		if inner, closed := strings.CutSuffix(inner, "%}"); ok && closed {
			v, err := e.evaluate(inner, s)
			if _, missing := v.(nothing); missing && err == nil {
				return nil, &fault{"States.QueryEvaluationError", "the expression " + strings.TrimSpace(inner) + " gives nothing"}
			}
			return v, err
		}
	case []any:
		out := make([]any, len(t))
		for i, v := range t {
			var err error
			if out[i], err = e.template(v, s); err != nil {
				return nil, err
			}
		}
		return out, nil
	case map[string]any:
		out := make(map[string]any, len(t))
		for name, v := range t {
			var err error
			if out[name], err = e.template(v, s); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return template, nil
}

// evaluate gives the value of an expression.
func (e *entry) evaluate(text string, s scope) (any, error) {
	states := map[string]any{"input": e.input, "context": e.context()}
	maps.Copy(states, s)
	p := &parser{entry: e, text: text, states: states}
	v, err := p.either()
	if err == nil && p.rest() != "" {
		err = p.unknown()
	}
	if list, ok := v.(sequence); ok {
		v = []any(list)
	}
	if err == nil && e.observe != nil {
		e.observe(text, states, v)
	}
	return v, err
}
