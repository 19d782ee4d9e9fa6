package asl

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/batchkit/batchkit-go/internal/tree"
)

// toJSONata rewrites a machine in the other query language. It knows what the exporter writes, and nothing else.
func toJSONata(m *Machine) *Machine {
	m.QueryLanguage = string(JSONata)
	rewrite(m.States)
	return m
}

const (
	input  = "$states.input"
	result = "$states.result"
)

func rewrite(states map[string]*State) {
	for _, s := range states {
		switch s.Type {
		case "Pass":
			value := asExpression(s.Result, input)
			if s.Parameters != nil {
				value = asExpression(s.Parameters, input)
			}
			s.Output = braces(merged(s.ResultPath, value))
		case "Task", "Parallel":
			s.Arguments = asTemplate(s.Parameters, input)
			value := result
			if s.ResultSelector != nil {
				value = asExpression(s.ResultSelector, result)
			}
			s.Output = braces(merged(s.ResultPath, value))
		case "Choice":
			for i := range s.Choices {
				s.Choices[i] = Choice{Condition: braces(condition(s.Choices[i])), Next: s.Choices[i].Next}
			}
		case "Fail":
			if s.CausePath != "" {
				s.Cause = braces(expression(s.CausePath, input))
			}
		}
		s.Parameters, s.Result, s.ResultSelector, s.ResultPath, s.CausePath = nil, nil, nil, nil, ""
		for i := range s.Catch {
			s.Catch[i].Output = braces(merged(s.Catch[i].ResultPath, "$states.errorOutput"))
			s.Catch[i].ResultPath = nil
		}
		for _, b := range s.Branches {
			rewrite(b.States)
		}
	}
}

func braces(text string) string { return "{% " + text + " %}" }

// merged is the input with a value at a ResultPath: the value itself without one, and the input alone for null.
func merged(path json.RawMessage, value string) string {
	var where *string
	if path == nil {
		return value
	}
	if err := json.Unmarshal(path, &where); err != nil || where == nil {
		return input
	}
	return "$merge([" + input + ", {" + tree.Quoted(strings.TrimPrefix(*where, "$.")) + ": " + value + "}])"
}

// asExpression writes a payload template as one expression.
func asExpression(template any, root string) string {
	switch t := template.(type) {
	case string:
		return tree.Quoted(t)
	case map[string]any:
		var members []string
		for _, name := range slices.Sorted(maps.Keys(t)) {
			if plain, ok := strings.CutSuffix(name, ".$"); ok {
				text, _ := t[name].(string)
				members = append(members, tree.Quoted(plain)+": "+expression(text, root))
			} else {
				members = append(members, tree.Quoted(name)+": "+asExpression(t[name], root))
			}
		}
		return "{" + strings.Join(members, ", ") + "}"
	}
	return input
}

// asTemplate writes a payload template as one of JSONata, whose strings between {% and %} are expressions. A string that
// looks like one, or like a part of one, which CreateStateMachine refuses, becomes an expression that gives it:
// https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html.
func asTemplate(template any, root string) any {
	switch t := template.(type) {
	case string:
		if text := strings.TrimSpace(t); strings.HasPrefix(text, "{%") || strings.HasSuffix(text, "%}") {
			return braces(tree.Quoted(t))
		}
	case []any:
		out := make([]any, len(t))
		for i := range t {
			out[i] = asTemplate(t[i], root)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(t))
		for name, v := range t {
			if text, ok := v.(string); ok && evaluated(name, text) {
				out[strings.TrimSuffix(name, ".$")] = braces(expression(text, root))
			} else {
				out[name] = asTemplate(v, root)
			}
		}
		return out
	}
	return template
}

// evaluated says whether a member is an expression of the exporter, and not a key of the user's that ends in the same way.
func evaluated(name, text string) bool {
	return strings.HasSuffix(name, ".$") && (strings.HasPrefix(text, "$") || strings.HasPrefix(text, "States."))
}

// expression rewrites a path or a function.
func expression(text, root string) string {
	name, arguments, isFunction := strings.Cut(strings.TrimSuffix(text, ")"), "(")
	if !isFunction {
		return path(text, root)
	}
	switch name {
	case "States.Array":
		return "[" + expression(arguments, root) + "]"
	case "States.Hash":
		data, algorithm, _ := strings.Cut(arguments, ", ")
		return "$hash(" + path(data, root) + ", " + algorithm + ")"
	case "States.JsonToString":
		return "$string(" + path(arguments, root) + ")"
	}
	format, value, _ := strings.Cut(arguments, ", ") // States.Format, of one value
	before, after, _ := strings.Cut(strings.Trim(format, "'"), "{}")
	parts := []string{path(value, root)}
	if before != "" {
		parts = slices.Insert(parts, 0, tree.Quoted(before))
	}
	if after != "" {
		parts = append(parts, tree.Quoted(after))
	}
	return strings.Join(parts, " & ")
}

// path rewrites a path. One with a wildcard gives a list, however many there are.
func path(text, root string) string {
	if rest, ok := strings.CutPrefix(text, "$$."); ok {
		return "$states.context." + rest
	}
	text = root + strings.TrimPrefix(text, "$")
	if strings.Contains(text, "[*]") {
		return "[" + strings.ReplaceAll(text, "[*]", "") + "]"
	}
	return text
}

// condition writes a rule as a condition.
func condition(c Choice) string {
	join := func(rules []Choice, by string) string {
		texts := make([]string, len(rules))
		for i := range rules {
			texts[i] = condition(rules[i])
		}
		return "(" + strings.Join(texts, by) + ")"
	}
	switch {
	case c.And != nil:
		return join(c.And, " and ")
	case c.Or != nil:
		return join(c.Or, " or ")
	case c.IsPresent == nil:
		return path(c.Variable, input) + " = " + tree.Quoted(c.StringEquals)
	case *c.IsPresent:
		return "$exists(" + path(c.Variable, input) + ")"
	}
	return "$not($exists(" + path(c.Variable, input) + "))"
}
