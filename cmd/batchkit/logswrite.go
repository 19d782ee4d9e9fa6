package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/batchkit/batchkit-go/report"
)

// logWriter writes lines of logs in one form.
type logWriter struct {
	w     io.Writer
	enc   *json.Encoder // nil for text
	times bool
	names []string // of the containers
	width int      // of the longest name
}

func newLogWriter(w io.Writer, output string, times bool) *logWriter {
	l := &logWriter{w: w, times: times}
	if output == "json" {
		l.enc = json.NewEncoder(w)
		l.enc.SetEscapeHTML(false)
	}
	return l
}

// prefix tells of a container. Where there are several, their names stand before their lines.
func (l *logWriter) prefix(container string) {
	if !slices.Contains(l.names, container) {
		l.names = append(l.names, container)
		l.width = max(l.width, len(container))
	}
}

func (l *logWriter) write(s report.Stream, line report.Line) error {
	if l.enc != nil {
		return l.enc.Encode(struct {
			At        time.Time `json:"at"`
			Container string    `json:"container,omitempty"`
			Attempt   int       `json:"attempt"`
			Text      string    `json:"text"`
		}{line.At, s.Container, s.Attempt, line.Text})
	}
	var b strings.Builder
	if l.times {
		b.WriteString(line.At.Format("2006-01-02T15:04:05.000Z "))
	}
	if len(l.names) > 1 {
		fmt.Fprintf(&b, "%-*s | ", l.width, s.Container)
	}
	_, err := fmt.Fprintf(l.w, "%s%s\n", b.String(), oneLine(line.Text))
	return err
}
