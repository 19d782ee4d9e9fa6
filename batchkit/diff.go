package batchkit

import (
	"cmp"
	"fmt"

	"slices"

	"github.com/aws/aws-sdk-go-v2/service/batch"
)

// Hidden stands in a [Change] for a value that may be a secret.
const Hidden = "(hidden)"

// Change is one thing in which two definitions differ.
type Change struct {
	// Path leads to it in the spelling of the API. An element of a list that has no order stands under its name:
	// containerProperties.environment[MODE].
	Path string
	// Old and New are the values, strings in quotes, and empty where there is none. The values of environment variables,
	// secrets and parameters, and of log options that sound like secrets, are [Hidden]. Commands are not.
	Old, New string
}

// String writes the change in one line.
func (c Change) String() string {
	switch {
	case c.Old == "":
		return fmt.Sprintf("+ %s: %s", c.Path, c.New)
	case c.New == "":
		return fmt.Sprintf("- %s: %s", c.Path, c.Old)
	}
	return fmt.Sprintf("~ %s: %s -> %s", c.Path, c.Old, c.New)
}

// Diff returns in what two definitions differ, by path; nothing if they mean the same to AWS Batch. What the service
// fills in or drops by itself is no difference: empty lists and variables, defaults such as platformVersion LATEST or
// propagateTags false, the order of environment variables, and tags of AWS's own. Nil counts as an empty definition.
func Diff(old, changed *batch.RegisterJobDefinitionInput) []Change {
	return canonicalForm(old).diff(canonicalForm(changed))
}

func (c canonical) diff(other canonical) []Change {
	var changes []Change
	for path, was := range c {
		if is := other[path]; is != was {
			changes = append(changes, Change{path, was.show(), is.show()})
		}
	}
	for path, is := range other {
		if _, ok := c[path]; !ok {
			changes = append(changes, Change{Path: path, New: is.show()})
		}
	}
	slices.SortFunc(changes, func(a, b Change) int { return cmp.Compare(a.Path, b.Path) })
	return changes
}

func (l leaf) show() string {
	if l.hidden {
		return Hidden
	}
	return l.text
}
