package batchjson

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Kind says what sort of mistake a [Problem] is. Its text is stable: programs
// may store it and compare it.
type Kind string

// The kinds of problem. [Syntax] and [TooDeep] end the reading; after any
// other the rest of the document is read too.
const (
	// Syntax: the data is no JSON. The empty document is one.
	Syntax Kind = "syntax"
	// UnknownMember: the API has no member of this name at this place. Names
	// are case-sensitive. Not reported under [IgnoreUnknown].
	UnknownMember Kind = "unknown-member"
	// DuplicateMember: a member, or a key of a map, occurs a second time in
	// its object. The first one counts.
	DuplicateMember Kind = "duplicate-member"
	// WrongType: the value is of another JSON type than the member wants, or
	// is null inside a list or a map, or has a fraction where the member wants
	// a whole number.
	WrongType Kind = "wrong-type"
	// OutOfRange: the number does not fit the member, such as 3000000000 for
	// a member of 32 bits.
	OutOfRange Kind = "out-of-range"
	// InvalidUnicode: the string holds bytes that are not UTF-8, or half of a
	// surrogate pair. It cannot be kept without loss, so it is not kept.
	InvalidUnicode Kind = "invalid-unicode"
	// TooDeep: objects and lists are nested deeper than [MaxDepth].
	TooDeep Kind = "too-deep"
	// TrailingData: something other than white space follows the value.
	TrailingData Kind = "trailing-data"
)

// maxLines is how many problems the text of an [Error] shows.
const maxLines = 20

// A Problem is one mistake in a document, with its place.
//
// Problem is an error itself and comparable, so [errors.As] finds the first
// one in an [Error].
type Problem struct {
	// Kind is the sort of mistake.
	Kind Kind

	// Path leads to the bad member in the spelling of the API's JSON, such as
	// ecsProperties.taskProperties[0].containers[1].dependsOn[0].condition.
	// A member or map key made only of letters, digits, "_" and "-" follows a
	// dot; any other stands quoted in brackets: tags["a.b"]. A name of more
	// than 128 code points is cut. Path is empty for the document as a whole.
	Path string

	// Line and Column are the place of the mistake, both from 1. Lines end
	// with a line feed. Column counts code points, not bytes. The place is
	// the first character of the name for an unknown or duplicate member, of
	// the value for a bad value, and of the unexpected text for bad syntax.
	Line, Column int

	// Offset is the same place in bytes from the start of the data, from 0.
	// It is the length of the data when the data ends too early.
	Offset int64

	// Message says what is wrong and what would be right, without the place.
	// It names members and kinds of value; it never holds the text of a
	// value, for that may be a secret.
	Message string

	// Nearest is the member that was probably meant, for an [UnknownMember];
	// empty if none is near.
	Nearest string
}

// Error returns "line:column: path: message", without the path if it is empty.
func (p Problem) Error() string {
	if p.Path == "" {
		return fmt.Sprintf("%d:%d: %s", p.Line, p.Column, p.Message)
	}
	return fmt.Sprintf("%d:%d: %s: %s", p.Line, p.Column, p.Path, p.Message)
}

// An Error holds every problem found in one document. [Unmarshal] returns it
// as *Error, never with an empty list.
type Error struct {
	// Problems are in the order of their place in the document. The list is
	// complete, however long.
	Problems []Problem
}

// Error lists the problems, one a line. It shows at most 20 and then says how
// many are left.
func (e *Error) Error() string {
	if len(e.Problems) == 1 {
		return "batchjson: " + e.Problems[0].Error()
	}
	var b strings.Builder
	fmt.Fprintf(&b, "batchjson: %d problems:", len(e.Problems))
	for i, p := range e.Problems {
		if i == maxLines {
			fmt.Fprintf(&b, "\n  and %d more", len(e.Problems)-i)
			break
		}
		b.WriteString("\n  ")
		b.WriteString(p.Error())
	}
	return b.String()
}

// Unwrap returns the problems, each a [Problem].
func (e *Error) Unwrap() []error {
	errs := make([]error, len(e.Problems))
	for i, p := range e.Problems {
		errs[i] = p
	}
	return errs
}

// locate sorts problems by place and turns offsets into lines and columns. It
// reads data once, however many problems there are.
func locate(data []byte, problems []Problem) {
	slices.SortStableFunc(problems, func(a, b Problem) int {
		return cmp.Compare(a.Offset, b.Offset)
	})
	line, column, at := 1, 1, 0
	for i := range problems {
		p := &problems[i]
		for ; at < int(p.Offset); column++ {
			if data[at] == '\n' {
				line, column = line+1, 0
			}
			_, size := utf8.DecodeRune(data[at:])
			at += size
		}
		p.Line, p.Column = line, column
	}
}
