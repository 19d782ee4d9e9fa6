package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchkit"
)

// submitEvery is how often a long submission says how far it has got.
const submitEvery = 10 * time.Second

// lineView writes a line for each change, for files and logs.
type lineView struct {
	w   io.Writer
	now func() time.Time

	mu    sync.Mutex // guards what follows, and writing
	jobs  int
	spoke time.Time
}

func (v *lineView) begun(run string, jobs int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.jobs, v.spoke = jobs, v.now()
	v.line(v.spoke, fmt.Sprintf("submitting run %s of %s", run, number(jobs, "job")))
}

func (v *lineView) submitted(jobs int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if now := v.now(); jobs == v.jobs || now.Sub(v.spoke) >= submitEvery {
		v.spoke = now
		v.line(now, fmt.Sprintf("submitted %d of %d", jobs, v.jobs))
	}
}

func (v *lineView) see(e batchkit.Event) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.line(e.At, eventLine(&e))
}

func (v *lineView) close() {}

// line writes a line. The caller holds mu.
func (v *lineView) line(at time.Time, text string) {
	fmt.Fprintf(v.w, "%s %s\n", at.Format(time.TimeOnly), oneLine(text))
}

// eventLine is a change in a line.
func eventLine(e *batchkit.Event) string {
	var b strings.Builder
	b.WriteString(e.Job + " " + statusWord(e))
	if c := countsOf(e.Children); c != "" {
		b.WriteString(" (" + c + ")")
	}
	if why := reason(e); why != "" {
		b.WriteString(": " + why)
	}
	return b.String()
}

// statusWord is the state of a job.
func statusWord(e *batchkit.Event) string {
	if e.Stuck > 0 {
		return fmt.Sprintf("%s for %s", e.To, rounded(e.Stuck))
	}
	return statusOfEvent(e)
}

// reason is why a job is as it is, where that is worth telling.
func reason(e *batchkit.Event) string {
	switch {
	case e.Lost:
		return "AWS Batch does not show it"
	case e.Skipped:
		return strings.TrimPrefix(e.Reason, "skipped, ") // which is said already
	case e.To == types.JobStatusSucceeded: // "Essential container in task exited" tells nothing
		return ""
	case e.Reason != "" && e.Advice.Mend != "":
		return e.Reason + " → " + e.Advice.Mend
	case e.Advice.Mend != "":
		return e.Advice.Mend
	}
	return e.Reason
}

// oneLine keeps what the service says from steering the terminal, and in its line.
func oneLine(text string) string { return strings.ReplaceAll(printable(text), "\n", " ") }

// rounded is a time as people want it.
func rounded(d time.Duration) string {
	switch {
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	case d < time.Hour:
		return d.Truncate(time.Second).String()
	}
	return strings.TrimSuffix(d.Truncate(time.Minute).String(), "0s")
}
