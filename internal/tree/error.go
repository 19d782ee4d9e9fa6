package tree

import "fmt"

// An Error says why a file, or a part of it, cannot be read. All errors of this package are of this type.
type Error struct {
	// Path is the name of the file as it was given; "-" for standard input.
	Path string
	// Line and Column are the place of the fault, both from 1; 0 where there is none.
	Line, Column int
	// Message says what is wrong and how to mend it. It never holds a value of the file.
	Message string
	// Err is the cause, where another package reported it.
	Err error
}

// Error returns the path, the place if there is one, and the message.
func (e *Error) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", e.Path, e.Message)
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.Path, e.Line, e.Column, e.Message)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }
