package asltest

import (
	"bytes"
	"encoding/json"
	"fmt"
)

type machine struct {
	Comment, QueryLanguage, StartAt, Version string
	TimeoutSeconds                           int64
	States                                   map[string]*state
}

type state struct {
	Type, Comment, QueryLanguage, Resource string
	Parameters, Arguments, ResultSelector  any
	Result, Output                         any
	InputPath, OutputPath, ResultPath      json.RawMessage
	ItemsPath                              string
	Items                                  any
	ItemSelector                           any
	ItemProcessor, Iterator                *processor
	MaxConcurrency                         int
	Seconds                                int
	TimeoutSeconds                         int64
	Choices                                []choice
	Default                                string
	Branches                               []branch
	Retry                                  []retrier
	Catch                                  []catcher
	Error, ErrorPath, Cause, CausePath     string
	Next                                   string
	End                                    bool
}

type branch struct {
	Comment, StartAt string
	States           map[string]*state
}

type processor struct {
	ProcessorConfig map[string]string
	branch
}

type choice struct {
	Comment, Condition, Variable string
	IsPresent                    *bool
	StringEquals                 *string
	BooleanEquals                *bool
	And, Or                      []choice
	Not                          *choice
	Next                         string
}

type retrier struct {
	ErrorEquals                      []string
	Comment, JitterStrategy          string
	IntervalSeconds, MaxDelaySeconds *int
	MaxAttempts                      *int
	BackoffRate                      *float64
}

type catcher struct {
	ErrorEquals []string
	Comment     string
	ResultPath  json.RawMessage
	Output      any
	Next        string
}

// read reads a definition. A member that the structs above do not have is not supported.
func read(definition string) (*machine, error) {
	var m machine
	d := json.NewDecoder(bytes.NewReader([]byte(definition)))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return nil, fmt.Errorf("asltest: the definition: %w", err)
	}
	switch m.QueryLanguage {
	case "", "JSONPath", "JSONata":
		return &m, nil
	}
	return nil, &UnsupportedError{What: "the query language " + m.QueryLanguage}
}
