package main

import (
	"bufio"
	"fmt"
	"io"

	"github.com/batchkit/batchkit-go/internal/source"
)

// printDiffText writes the changes of each definition below the revision and the file that were compared, nothing where
// there are none, and what could not be compared to errs.
func printDiffText(w, errs io.Writer, all []comparison) error {
	b := bufio.NewWriter(w)
	for _, c := range all {
		writeFindings(errs, c.Result, palette(colourful(errs)))
		printErrors(errs, []source.Result{c.Result})
		if len(c.changes) == 0 {
			continue
		}
		old, file := c.revision, c.Path
		if old == "" {
			old = "no ACTIVE revision of " + c.name
		}
		if c.Resource != "" {
			file += " " + c.Resource
		}
		fmt.Fprintf(b, "--- %s\n+++ %s\n", printable(old), printable(file))
		for _, change := range c.changes {
			fmt.Fprintln(b, printable(change.String()))
		}
	}
	return b.Flush()
}

// diffReport is the JSON that the command promises to other programs.
type diffReport struct {
	Files   []diffFile `json:"files"`
	Summary diffTotals `json:"summary"`
}

// diffFile is one definition, or a file that could not be read.
type diffFile struct {
	fileReport
	Name     string       `json:"name"`
	Revision string       `json:"revision"`
	Changes  []diffChange `json:"changes"`
}

type diffChange struct {
	Path string `json:"path"`
	Old  string `json:"old"`
	New  string `json:"new"`
}

type diffTotals struct {
	Files     int `json:"files"`
	Different int `json:"different"`
	Failed    int `json:"failed"`
}

// printDiffJSON writes one object.
func printDiffJSON(w io.Writer, all []comparison) error {
	out := diffReport{Files: []diffFile{}}
	for _, c := range all {
		file := diffFile{fileReport: reportOf(c.Result), Name: c.name, Revision: c.revision, Changes: []diffChange{}}
		for _, change := range c.changes {
			file.Changes = append(file.Changes, diffChange(change))
		}
		out.Files = append(out.Files, file)
		switch {
		case c.failed():
			out.Summary.Failed++
		case len(c.changes) > 0:
			out.Summary.Different++
		}
	}
	out.Summary.Files = len(out.Files)
	return writeJSON(w, out)
}
