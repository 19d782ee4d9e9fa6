package main

import (
	"encoding/json"
	"io"

	"github.com/batchkit/batchkit-go/internal/source"
	"github.com/batchkit/batchkit-go/validate"
)

// fileReports is the JSON that validate promises to other programs.
type fileReports struct {
	Files   []fileReport `json:"files"`
	Summary totals       `json:"summary"`
}

// fileReport is one definition or submission, or a file that could not be read.
type fileReport struct {
	Path     string             `json:"path"`
	Kind     source.Kind        `json:"kind"`
	Resource string             `json:"resource"`
	Error    string             `json:"error"`
	Findings []validate.Finding `json:"findings"`
}

type totals struct {
	Files    int `json:"files"`
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
	Infos    int `json:"infos"`
}

// printJSON writes one object.
func printJSON(w io.Writer, results []source.Result) error {
	out := fileReports{Files: []fileReport{}}
	for _, r := range results {
		out.Files = append(out.Files, reportOf(r))
	}
	out.Summary.Files = len(out.Files)
	out.Summary.Errors, out.Summary.Warnings, out.Summary.Infos = count(results)
	return writeJSON(w, out)
}

func reportOf(r source.Result) fileReport {
	file := fileReport{Path: r.Path, Kind: r.Kind, Resource: r.Resource, Findings: []validate.Finding{}}
	if r.Err != nil {
		file.Error = r.Err.Error()
	}
	for _, f := range r.Findings {
		file.Findings = append(file.Findings, f.Finding)
	}
	return file
}

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
