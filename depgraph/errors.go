package depgraph

import (
	"fmt"
	"strconv"
	"strings"
)

// maxListed is the most keys, or faults, that one message spells out. Only
// texts are cut; the fields of the errors hold everything.
const maxListed = 20

// ResolveError holds every fault of a graph. At least one list is not empty.
// [errors.As] finds the first fault of each type; range over the fields to see
// all. The text has one line a fault, at most 20, and then how many more.
type ResolveError[K comparable] struct {
	// Duplicates has one entry for each key added more than once, in the order
	// of Add.
	Duplicates []*DuplicateError[K]
	// Unknowns has one entry for each key mentioned but never added, in the
	// order of first mention.
	Unknowns []*UnknownError[K]
	// Cycles has at most MaxCycles entries, in the order in which their first
	// nodes were added.
	Cycles []*CycleError[K]
	// Uncovered is the number of dependencies that lie on a cycle but on none
	// in Cycles. It is 0 unless more than MaxCycles would be needed, or more
	// work than the package documentation allows.
	Uncovered int
}

// Error lists the faults: duplicates, then unknown keys, then cycles.
func (e *ResolveError[K]) Error() string {
	faults := e.Unwrap()
	var b strings.Builder
	for i, fault := range faults {
		if i > 0 {
			b.WriteByte('\n')
		}
		if i == maxListed {
			fmt.Fprintf(&b, "… and %d more faults", len(faults)-i)
			break
		}
		b.WriteString(fault.Error())
	}
	if e.Uncovered > 0 {
		fmt.Fprintf(&b, "\n… and %d dependencies on further cycles", e.Uncovered)
	}
	return b.String()
}

// Unwrap returns the faults in the order of the text, as a fresh slice.
func (e *ResolveError[K]) Unwrap() []error {
	faults := make([]error, 0, len(e.Duplicates)+len(e.Unknowns)+len(e.Cycles))
	for _, d := range e.Duplicates {
		faults = append(faults, d)
	}
	for _, u := range e.Unknowns {
		faults = append(faults, u)
	}
	for _, c := range e.Cycles {
		faults = append(faults, c)
	}
	return faults
}

func (e *ResolveError[K]) empty() bool {
	return len(e.Duplicates)+len(e.Unknowns)+len(e.Cycles) == 0
}

// DuplicateError says that a key was added more than once.
type DuplicateError[K comparable] struct {
	Key   K
	Count int // how many times it was added, at least 2
}

// Error reads "duplicate a: added 2 times, must be added once".
func (e *DuplicateError[K]) Error() string {
	return fmt.Sprintf("duplicate %s: added %d times, must be added once", text(e.Key), e.Count)
}

// UnknownError says that dependencies mention a key that was never added.
type UnknownError[K comparable] struct {
	Key K
	// Dependents are the nodes said to depend on Key, in the order in which
	// they were first mentioned; nil if there are none.
	Dependents []K
	// Dependencies are the nodes Key was said to depend on, in the order of
	// Depend; nil if there are none.
	Dependencies []K
}

// Error reads "unknown x: needed by a, b, but was never added".
func (e *UnknownError[K]) Error() string {
	var said []string
	if len(e.Dependents) > 0 {
		said = append(said, "needed by "+list(e.Dependents, ", "))
	}
	if len(e.Dependencies) > 0 {
		said = append(said, "depends on "+list(e.Dependencies, ", "))
	}
	return fmt.Sprintf("unknown %s: %s, but was never added", text(e.Key), strings.Join(said, ", "))
}

// CycleError is a set of nodes that depend on each other in a circle.
type CycleError[K comparable] struct {
	// Path has each node once. Each depends on the next, and the last on the
	// first. The first is the one that was added first. A node that depends on
	// itself is a path of one.
	Path []K
}

// Error reads "cycle: a → b → a", where the arrow means "depends on".
func (e *CycleError[K]) Error() string {
	if len(e.Path) == 0 {
		return "cycle"
	}
	return "cycle: " + list(e.Path, " → ") + " → " + text(e.Path[0])
}

// list joins the first keys and counts the others.
func list[K any](keys []K, separator string) string {
	shown := make([]string, 0, min(len(keys), maxListed+1))
	for i, k := range keys {
		if i == maxListed {
			shown = append(shown, fmt.Sprintf("… and %d more", len(keys)-i))
			break
		}
		shown = append(shown, text(k))
	}
	return strings.Join(shown, separator)
}

// text formats a key, and quotes one that would be invisible or break the line.
func text[K any](k K) string {
	s := fmt.Sprint(k)
	if quoted := strconv.Quote(s); s == "" || len(quoted) != len(s)+2 {
		return quoted
	}
	return s
}
