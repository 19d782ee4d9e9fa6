package asl

import (
	"encoding/json"
	"strings"
)

// Machine is a state machine in the Amazon States Language: https://states-language.net. Its JSON, as [Machine.JSON] or
// json.Marshal write it, is the definition that CreateStateMachine takes; the same plan always gives the same bytes.
type Machine struct {
	// Comment is for people.
	Comment string `json:"Comment,omitempty"`
	// QueryLanguage is "JSONata", or empty for JSONPath.
	QueryLanguage string `json:"QueryLanguage,omitempty"`
	// TimeoutSeconds ends an execution with States.Timeout; 0 means that nothing does.
	TimeoutSeconds int64 `json:"TimeoutSeconds,omitempty"`
	// StartAt is the name of the first state.
	StartAt string `json:"StartAt"`
	// States are the states by name. Names have at most 80 characters and are unique, branches included.
	States map[string]*State `json:"States"`
}

// State is a state of a [Machine]. Only the members of its type are set.
type State struct {
	// Type is Task, Wait, Choice, Parallel, Pass, Succeed or Fail.
	Type string `json:"Type"`
	// Comment is for people.
	Comment string `json:"Comment,omitempty"`
	// Resource is what a Task calls.
	Resource string `json:"Resource,omitempty"`
	// Parameters (JSONPath) and Arguments (JSONata) are what a Task sends, and the input of the branches of a Parallel.
	Parameters any `json:"Parameters,omitempty"`
	Arguments  any `json:"Arguments,omitempty"`
	// ResultSelector and ResultPath (JSONPath) say what of a result is kept, and where; null drops it.
	ResultSelector any             `json:"ResultSelector,omitempty"`
	ResultPath     json.RawMessage `json:"ResultPath,omitempty"`
	// Result is what a Pass puts at ResultPath (JSONPath).
	Result any `json:"Result,omitempty"`
	// Output is a state's output (JSONata).
	Output any `json:"Output,omitempty"`
	// Seconds is how long a Wait waits.
	Seconds int `json:"Seconds,omitempty"`
	// Choices and Default are where a Choice goes.
	Choices []Choice `json:"Choices,omitempty"`
	Default string   `json:"Default,omitempty"`
	// Branches are run at the same time by a Parallel.
	Branches []Branch `json:"Branches,omitempty"`
	// Retry and Catch are what happens on errors.
	Retry []Retrier `json:"Retry,omitempty"`
	Catch []Catcher `json:"Catch,omitempty"`
	// Error, Cause and CausePath are what a Fail says.
	Error     string `json:"Error,omitempty"`
	Cause     string `json:"Cause,omitempty"`
	CausePath string `json:"CausePath,omitempty"`
	// Next is the name of the state that follows; End says that none does.
	Next string `json:"Next,omitempty"`
	End  bool   `json:"End,omitempty"`
}

// Branch is a part of a Parallel.
type Branch struct {
	// StartAt is the name of the first state.
	StartAt string `json:"StartAt"`
	// States are the states by name.
	States map[string]*State `json:"States"`
}

// Choice is a rule of a Choice state. In JSONPath it tests a variable, or all or any of several rules; in JSONata it has a
// condition.
type Choice struct {
	Condition    string   `json:"Condition,omitempty"`
	Variable     string   `json:"Variable,omitempty"`
	IsPresent    *bool    `json:"IsPresent,omitempty"`
	StringEquals string   `json:"StringEquals,omitempty"`
	And          []Choice `json:"And,omitempty"`
	Or           []Choice `json:"Or,omitempty"`
	// Next is where the execution goes on if the rule holds; empty for a rule within another.
	Next string `json:"Next,omitempty"`
}

// Retrier repeats a Task after some errors.
type Retrier struct {
	ErrorEquals     []string `json:"ErrorEquals"`
	IntervalSeconds int      `json:"IntervalSeconds"`
	MaxAttempts     int      `json:"MaxAttempts"`
	BackoffRate     float64  `json:"BackoffRate"`
	MaxDelaySeconds int      `json:"MaxDelaySeconds,omitempty"`
	JitterStrategy  string   `json:"JitterStrategy,omitempty"`
}

// Catcher goes on elsewhere after some errors.
type Catcher struct {
	ErrorEquals []string        `json:"ErrorEquals"`
	ResultPath  json.RawMessage `json:"ResultPath,omitempty"`
	Output      any             `json:"Output,omitempty"`
	Next        string          `json:"Next"`
}

// JSON returns the definition with a line feed at its end: indented by two spaces, unless it would have more than 1 MiB
// then, which CreateStateMachine refuses.
func (m *Machine) JSON() string {
	if text := m.encode("  "); len(text) <= maxDefinition {
		return text
	}
	return m.encode("")
}

// encode writes the definition. The encoder of encoding/json would escape the & of JSONata.
func (m *Machine) encode(indent string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", indent)
	if err := e.Encode(m); err != nil { // strings, numbers, lists and maps can always be written
		return ""
	}
	return b.String()
}

// at is a ResultPath; the empty path is null.
func at(path string) json.RawMessage {
	if path == "" {
		return json.RawMessage("null")
	}
	return json.RawMessage(`"` + path + `"`)
}
