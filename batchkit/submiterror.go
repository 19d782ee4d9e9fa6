package batchkit

import (
	"fmt"
	"slices"
	"strings"
)

// SubmitError says at what a submission stopped, and which jobs exist. To go on, submit the same plan again with the
// same journal, or with the [RunID] of the run.
type SubmitError struct {
	// RunID is the run's id.
	RunID string
	// Job is the name of the first job, in the order of the plan, that could not be submitted; empty if it was none.
	Job string
	// Definition is the name of the definition that could not be registered; empty if it was none.
	Definition string
	// Submitted are the names of the jobs that exist, in the order of the plan.
	Submitted []string
	// Unknown are those that may or may not exist: they were sent, no answer came or none that tells, and the submission
	// ended before they could be looked up. Going on looks them up.
	Unknown []string
	// NotSubmitted are those that surely do not exist, as far as the run was known. Where it could not be made out, since
	// the service could not be asked or the journal not be read, what former starts submitted is not counted.
	NotSubmitted []string
	// Total is the number of jobs of the plan.
	Total int
	// Err is what went wrong.
	Err error
}

// Error says what failed, of which run, why, and how much had been submitted.
func (e *SubmitError) Error() string {
	var b strings.Builder
	run := "a plan"
	if e.RunID != "" {
		run = fmt.Sprintf("run %q", e.RunID) // who wants to go on needs it, and a log is often all there is
	}
	switch {
	case e.Definition != "":
		fmt.Fprintf(&b, "submitting %s: registering definition %q", run, e.Definition)
	case e.Job != "":
		fmt.Fprintf(&b, "submitting %s: job %q", run, e.Job)
	default:
		b.WriteString("submitting " + run)
	}
	fmt.Fprintf(&b, ": %v (%d of %d jobs submitted", e.Err, len(e.Submitted), e.Total)
	switch n := len(e.Unknown); {
	case n == 1 && slices.Contains(e.Unknown, e.Job):
		fmt.Fprintf(&b, "; whether %q was is not known", e.Job)
	case n > 0:
		fmt.Fprintf(&b, "; of %d it is not known", n)
	}
	b.WriteString(")")
	return b.String()
}

// Unwrap returns what went wrong.
func (e *SubmitError) Unwrap() error { return e.Err }
