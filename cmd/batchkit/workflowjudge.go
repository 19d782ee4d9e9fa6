package main

import (
	"errors"
	"strings"

	"github.com/spf13/pflag"

	"github.com/batchkit/batchkit-go/internal/source"
	"github.com/batchkit/batchkit-go/internal/tree"
	"github.com/batchkit/batchkit-go/validate"
	"github.com/batchkit/batchkit-go/workflowfile"
)

// workflowJudge returns what judges workflow files: their members, and all rules for what they describe.
func workflowJudge(values map[string]string, rules source.Rules) func(path string, data []byte) []source.Result {
	opts := []validate.Option{validate.Disable(rules.Disable...)}
	if rules.Strict {
		opts = append(opts, validate.Strict())
	}
	return func(path string, data []byte) []source.Result {
		_, results := judgeWorkflow(path, data, values, opts...)
		return results
	}
}

// judgeWorkflow reads a workflow file and judges it. The file is nil if it cannot be read.
func judgeWorkflow(path string, data []byte, values map[string]string, opts ...validate.Option) (*workflowfile.File, []source.Result) {
	file, err := workflowfile.Parse(path, data, workflowfile.Options{Values: values})
	if err != nil {
		return nil, problemResults(path, err)
	}
	results := []source.Result{{Path: path, Kind: source.Workflow}}
	for _, f := range file.Check(opts...) {
		if last := &results[len(results)-1]; f.File != last.Path {
			results = append(results, source.Result{Path: f.File, Kind: source.JobDefinition})
		}
		last := &results[len(results)-1]
		last.Findings = append(last.Findings, source.Finding{Finding: f.Finding, Line: f.Line, Column: f.Column})
	}
	return file, results
}

// problemResults tells what is wrong with a workflow file: members that nobody knows are findings, as they are in
// files of other kinds; the rest keeps the file from being read.
func problemResults(path string, err error) []source.Result {
	var all *workflowfile.Error
	if !errors.As(err, &all) {
		return []source.Result{{Path: path, Kind: source.Workflow, Err: err}}
	}
	var results []source.Result
	for _, p := range all.Problems {
		if len(results) == 0 || results[len(results)-1].Path != p.File {
			results = append(results, source.Result{Path: p.File, Kind: source.Workflow})
		}
		r := &results[len(results)-1]
		if p.Rule == "" {
			message := p.Message
			if p.Path != "" {
				message = p.Path + " " + message
			}
			r.Err = errors.Join(r.Err, &tree.Error{Path: p.File, Line: p.Line, Column: p.Column, Message: message})
			continue
		}
		r.Findings = append(r.Findings, source.Finding{
			Finding: validate.Finding{
				Rule: p.Rule, Severity: validate.Error, Path: p.Path, Message: p.Message, Source: sourceOf(p.Rule),
			},
			Line: p.Line, Column: p.Column,
		})
	}
	return results
}

// sourceOf is the document behind a rule.
func sourceOf(id string) string {
	e, _ := describe(id)
	return e.rule.Source
}

// setFlag adds the flag for the values of a workflow file.
func setFlag(f *pflag.FlagSet, set *map[string]string) {
	f.Var((*valuesFlag)(set), "set", "value for ${{NAME}} in workflow files, the value taken as it stands; may be given several times")
}

// valuesFlag takes a value each time that it is given. Unlike pflag's own flag for a map it leaves commas and quotes alone.
type valuesFlag map[string]string

func (v *valuesFlag) Set(text string) error {
	name, value, ok := strings.Cut(text, "=")
	if !ok || name == "" {
		return errors.New("must be NAME=VALUE")
	}
	if *v == nil {
		*v = valuesFlag{}
	}
	(*v)[name] = value
	return nil
}

func (*valuesFlag) String() string { return "" }

func (*valuesFlag) Type() string { return "NAME=VALUE" }
