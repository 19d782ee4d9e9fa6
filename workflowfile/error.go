package workflowfile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/batchkit/batchkit-go/internal/source"
	"github.com/batchkit/batchkit-go/internal/tree"
)

// Problem is one fault of a file.
type Problem struct {
	// File is the path of the file at fault: the workflow file, or a definition file.
	File string
	// Line and Column are from 1; 0 where there is no place.
	Line, Column int
	// Path leads to the member, such as jobs[2].after; empty for the file as a whole.
	Path string
	// Rule is JD021 for a member that is not known and for a value of a wrong type, DEP011 and DEP012 for a cycle and
	// for a name that is no job's; else empty.
	Rule string
	// Message says what is wrong and how to mend it. It does not repeat the text of a value.
	Message string
}

// String returns file, place, path and message in one line.
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", p.Line, p.Column)
	}
	b.WriteString(": ")
	if p.Path != "" {
		b.WriteString(p.Path + " ")
	}
	b.WriteString(p.Message)
	return b.String()
}

// Error holds every problem of a workflow file and of the definition files that it names.
type Error struct {
	// Problems are in the order of their places, those of the workflow file first. There is at least one.
	Problems []Problem
	// Err is the cause, if one problem has a cause that can be told, such as fs.ErrNotExist.
	Err error
}

// Error returns a line for each problem.
func (e *Error) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// problem notes a fault of the workflow file.
func (r *reader) problem(at tree.Place, path, message string) {
	r.problems = append(r.problems, Problem{File: r.Path, Line: at.Line, Column: at.Column, Path: path, Message: message})
}

// misfit notes a member that is not known, or a value of a wrong type.
func (r *reader) misfit(at tree.Place, path, message string) {
	r.problem(at, path, message)
	r.problems[len(r.problems)-1].Rule = source.MemberRule.ID
}

// byPlace orders what is said about files: the workflow file comes first, the others by their names.
func byPlace(workflow, fileA, fileB string, a, b tree.Place) int {
	other := func(file string) int {
		if file == workflow {
			return 0
		}
		return 1
	}
	return cmp.Or(cmp.Compare(other(fileA), other(fileB)), cmp.Compare(fileA, fileB), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}

// err is nil when there are no problems.
func (r *reader) err() error {
	if len(r.problems) == 0 {
		return nil
	}
	slices.SortStableFunc(r.problems, func(a, b Problem) int {
		return byPlace(r.Path, a.File, b.File, tree.Place{Line: a.Line, Column: a.Column}, tree.Place{Line: b.Line, Column: b.Column})
	})
	return &Error{Problems: slices.Compact(r.problems), Err: r.cause}
}
