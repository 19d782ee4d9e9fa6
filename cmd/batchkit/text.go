package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/batchkit/batchkit-go/internal/source"
	"github.com/batchkit/batchkit-go/validate"
)

// The colours of a terminal.
const (
	red    = "\x1b[31;1m"
	yellow = "\x1b[33;1m"
	blue   = "\x1b[34;1m"
	faint  = "\x1b[2m"
	reset  = "\x1b[0m"
)

// A palette puts text in a colour; the plain one leaves it as it is.
type palette bool

func (p palette) paint(colour, text string) string {
	if !p || text == "" {
		return text
	}
	return colour + text + reset
}

func (p palette) severity(s validate.Severity) string {
	colour := blue
	switch s {
	case validate.Error:
		colour = red
	case validate.Warning:
		colour = yellow
	}
	return p.paint(colour, s.String())
}

// printText writes a line for each finding, and one that sums up.
func printText(w io.Writer, results []source.Result) error {
	return writeText(w, results, palette(colourful(w)))
}

func writeText(w io.Writer, results []source.Result, p palette) error {
	b := bufio.NewWriter(w)
	for _, r := range results {
		writeFindings(b, r, p)
	}
	fmt.Fprintln(b, summary(results))
	return b.Flush()
}

// writeFindings writes a line for each finding.
func writeFindings(w io.Writer, r source.Result, p palette) {
	for _, f := range r.Findings {
		fmt.Fprintf(w, "%s:%d:%d: %s: ", printable(r.Path), f.Line, f.Column, p.severity(f.Severity))
		if r.Resource != "" {
			fmt.Fprintf(w, "%s: ", printable(r.Resource))
		}
		if f.Path != "" {
			fmt.Fprintf(w, "%s: ", printable(f.Path))
		}
		fmt.Fprintf(w, "%s %s\n", printable(f.Message), p.paint(faint, "("+f.Rule+")"))
	}
}

// printErrors writes why files could not be read.
func printErrors(w io.Writer, results []source.Result) {
	for _, r := range results {
		if r.Err == nil {
			continue
		}
		for line := range strings.SplitSeq(r.Err.Error(), "\n") {
			fmt.Fprintf(w, "batchkit: %s\n", printable(line))
		}
	}
}

// summary is one line on all results.
func summary(results []source.Result) string {
	judged, unread := 0, 0
	for _, r := range results {
		if r.Err != nil {
			unread++
		} else {
			judged++
		}
	}
	errors, warnings, infos := count(results)
	parts := []string{number(errors, "error"), number(warnings, "warning")}
	if infos > 0 {
		parts = append(parts, number(infos, "info"))
	}
	if unread > 0 {
		parts = append(parts, fmt.Sprintf("%d could not be read", unread))
	}
	return fmt.Sprintf("%d checked: %s", judged, strings.Join(parts, ", "))
}

func number(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// printable keeps what a file says from steering the terminal.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 {
			return '\ufffd'
		}
		return r
	}, text)
}
