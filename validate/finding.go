package validate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Finding is one rule broken at one place.
type Finding struct {
	// Rule is the stable id of the rule, such as ECS008. Match on it, never on the message.
	Rule string `json:"rule"`
	// Severity is the rule's own, unless an option changed it.
	Severity Severity `json:"severity"`
	// Path leads to the fault in the API's JSON spelling, such as
	// ecsProperties.taskProperties[0].containers[1].dependsOn[0].condition.
	// It is empty when the fault lies with the whole document.
	Path string `json:"path"`
	// Message says what must hold, what was found, and how to mend it.
	// It never holds the value of an environment variable, a parameter or a secret.
	Message string `json:"message"`
	// Source is the address of the public document that states the rule.
	Source string `json:"source"`
	// Service is what AWS Batch itself answers, where that is known; else empty.
	Service string `json:"-"`
}

// Error returns the path, the message and the id of the rule.
func (f Finding) Error() string {
	if f.Path == "" {
		return fmt.Sprintf("%s (%s)", f.Message, f.Rule)
	}
	return fmt.Sprintf("%s: %s (%s)", f.Path, f.Message, f.Rule)
}

// Findings are all faults of one input, ordered by path and rule, none twice.
// An empty list means that nothing was found.
type Findings []Finding

// Errors returns the findings of severity [Error].
func (fs Findings) Errors() Findings { return fs.of(Error) }

// Warnings returns the findings of severity [Warning].
func (fs Findings) Warnings() Findings { return fs.of(Warning) }

func (fs Findings) of(s Severity) Findings {
	var out Findings
	for _, f := range fs {
		if f.Severity == s {
			out = append(out, f)
		}
	}
	return out
}

// Rules returns the ids of the rules found broken, sorted, each once.
func (fs Findings) Rules() []string {
	ids := make([]string, 0, len(fs))
	for _, f := range fs {
		ids = append(ids, f.Rule)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Under returns the findings with prefix put before each path, as a larger document needs it.
func (fs Findings) Under(prefix string) Findings {
	out := slices.Clone(fs)
	for i, f := range out {
		if f.Path == "" {
			out[i].Path = prefix
		} else {
			out[i].Path = prefix + "." + f.Path
		}
	}
	return out
}

// Err returns nil when no finding is an [Error], and else an [*InvalidError] with those that are.
func (fs Findings) Err() error {
	errs := fs.Errors()
	if len(errs) == 0 {
		return nil
	}
	return &InvalidError{Findings: errs}
}

// InvalidError says that AWS Batch would refuse the input. It holds every finding of severity [Error].
type InvalidError struct{ Findings Findings }

// maxLines bounds the text of an InvalidError; its Findings are never cut.
const maxLines = 20

// Error lists the findings, one a line, and at most twenty of them.
func (e *InvalidError) Error() string {
	if len(e.Findings) == 1 {
		return e.Findings[0].Error()
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d errors:", len(e.Findings))
	for i, f := range e.Findings {
		if i == maxLines {
			fmt.Fprintf(&b, "\n  … and %d more", len(e.Findings)-maxLines)
			break
		}
		b.WriteString("\n  ")
		b.WriteString(f.Error())
	}
	return b.String()
}

// Unwrap gives each finding to errors.As.
func (e *InvalidError) Unwrap() []error {
	out := make([]error, len(e.Findings))
	for i, f := range e.Findings {
		out[i] = f
	}
	return out
}

// tidy sorts the findings and drops what is there twice.
func (fs Findings) tidy() Findings {
	if len(fs) < 2 {
		return fs
	}
	slices.SortStableFunc(fs, func(a, b Finding) int {
		return cmp.Or(comparePaths(a.Path, b.Path), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(fs)
}

// comparePaths orders paths with their indices as numbers, so that [2] comes before [10].
func comparePaths(a, b string) int {
	for a != "" && b != "" {
		if digit(a[0]) && digit(b[0]) {
			na, nb := digits(a), digits(b)
			if c := cmp.Or(cmp.Compare(len(na), len(nb)), cmp.Compare(na, nb)); c != 0 {
				return c
			}
			a, b = a[len(na):], b[len(nb):]
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func digits(s string) string {
	n := 0
	for n < len(s) && digit(s[n]) {
		n++
	}
	return s[:n]
}
