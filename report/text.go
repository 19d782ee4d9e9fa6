package report

import (
	"fmt"
	"strings"
	"time"
)

// most is how many jobs of a kind a page names, and of how many failed jobs the logs are read.
const most = 50

// String returns the report as a page for people. Lines of logs stand behind a bar, as they were written but for control
// characters, which could steer a terminal. Of what failed, never started, was cancelled and could not be read it names
// 50 each and counts the others.
func (r *Report) String() string {
	var b strings.Builder
	if r.Run != "" {
		fmt.Fprintf(&b, "run %s: ", r.Run)
	}
	fmt.Fprintf(&b, "%d of %d jobs failed", len(r.Failed), r.Total)
	if n := len(r.NeverStarted); n > 0 {
		fmt.Fprintf(&b, ", %d never started because of it", n)
	}
	if n := len(r.Cancelled); n > 0 {
		fmt.Fprintf(&b, ", %d cancelled", n)
	}
	if r.Unfinished > 0 {
		fmt.Fprintf(&b, ", %d not ended yet", r.Unfinished)
	}
	b.WriteString("\n")
	for i := range r.Failed[:min(most, len(r.Failed))] {
		b.WriteString("\n")
		r.Failed[i].write(&b, "")
	}
	more(&b, "\n", len(r.Failed))
	if len(r.NeverStarted) > 0 {
		b.WriteString("\nnever started\n")
	}
	for _, n := range r.NeverStarted[:min(most, len(r.NeverStarted))] {
		fmt.Fprintf(&b, "  %s%s\n", n.Name, n.why())
		if n.Hint != "" {
			fmt.Fprintf(&b, "    → %s\n", n.Hint)
		}
	}
	more(&b, "  ", len(r.NeverStarted))
	if len(r.Cancelled) > 0 {
		fmt.Fprintf(&b, "\ncancelled\n  %s", strings.Join(r.Cancelled[:min(most, len(r.Cancelled))], ", "))
		if more := len(r.Cancelled) - most; more > 0 {
			fmt.Fprintf(&b, " and %d more", more)
		}
		b.WriteString("\n")
	}
	if len(r.Missing) > 0 {
		b.WriteString("\ncould not be read\n")
	}
	for _, m := range r.Missing[:min(most, len(r.Missing))] {
		fmt.Fprintf(&b, "  %s\n", m)
	}
	more(&b, "  ", len(r.Missing))
	return printable(b.String())
}

// more counts what is not named.
func more(b *strings.Builder, indent string, n int) {
	if n > most {
		fmt.Fprintf(b, "%sand %d more\n", indent, n-most)
	}
}

func (n NeverStarted) why() string {
	switch {
	case len(n.Because) > 0:
		return ", because " + strings.Join(n.Because, ", ") + " failed"
	case n.Reason != "":
		return ": " + n.Reason
	}
	return ""
}

func (j *Job) write(b *strings.Builder, indent string) {
	fmt.Fprintf(b, "%s%s (%s)", indent, j.Name, j.ID)
	switch {
	case j.Lost:
		b.WriteString(" is lost")
	case j.Reason != "":
		fmt.Fprintf(b, " %s: %s", j.Status, j.Reason)
	default:
		fmt.Fprintf(b, " %s", j.Status)
	}
	b.WriteString("\n")
	if j.Hint != "" {
		fmt.Fprintf(b, "%s  → %s\n", indent, j.Hint)
	}
	for i := range j.Attempts {
		j.Attempts[i].write(b, indent+"  ")
	}
	for i := range j.Parts {
		j.Parts[i].write(b, indent+"  ")
	}
	if j.More > 0 {
		fmt.Fprintf(b, "%s  and %d more\n", indent, j.More)
	}
}

func (a *Attempt) write(b *strings.Builder, indent string) {
	fmt.Fprintf(b, "%sattempt %d", indent, a.Number)
	if !a.Started.IsZero() && !a.Stopped.IsZero() {
		fmt.Fprintf(b, ", %s", a.Stopped.Sub(a.Started).Round(time.Millisecond))
	}
	if a.Pod != "" {
		fmt.Fprintf(b, ", pod %s", a.Pod)
	}
	if a.Reason != "" {
		fmt.Fprintf(b, ": %s", a.Reason)
	}
	b.WriteString("\n")
	for i := range a.Containers {
		a.Containers[i].write(b, indent+"  ")
	}
}

func (c *Container) write(b *strings.Builder, indent string) {
	b.WriteString(indent)
	if c.Name != "" {
		b.WriteString(c.Name + " ")
	}
	switch {
	case c.ExitCode != nil:
		fmt.Fprintf(b, "exit code %d", *c.ExitCode)
	default:
		b.WriteString("no exit code")
	}
	if c.Reason != "" {
		fmt.Fprintf(b, ": %s", c.Reason)
	}
	if c.Log != (Stream{}) {
		fmt.Fprintf(b, "  (%s)", c.Log)
	}
	b.WriteString("\n")
	for _, line := range c.Lines {
		fmt.Fprintf(b, "%s| %s\n", indent, strings.ReplaceAll(line, "\n", " "))
	}
}

// printable replaces control characters.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 {
			return '\ufffd'
		}
		return r
	}, text)
}
