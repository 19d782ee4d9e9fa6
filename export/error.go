package export

import (
	"fmt"
	"strings"
)

// maxLines is how many refusals the text of an [Error] shows.
const maxLines = 20

// An Error says what a target cannot express. It holds every refusal, in the order of the resources and of their members.
type Error struct {
	// Target is the name of the target, such as CloudFormation.
	Target string
	// Refusals are never empty.
	Refusals []Refusal
}

// A Refusal is one thing that a target cannot express.
type Refusal struct {
	// Resource is the name of the resource in the output; empty for what concerns the whole.
	Resource string
	// Path leads to the member in the spelling of the AWS Batch API; empty for what concerns the whole resource.
	Path string
	// Message says what cannot be expressed, why, and how to mend it. It never holds a value of the input.
	Message string
}

// Error returns a line for each refusal, of which it shows at most twenty.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "cannot be expressed in %s:", e.Target)
	for i, r := range e.Refusals {
		if i == maxLines {
			fmt.Fprintf(&b, "\n  and %d more", len(e.Refusals)-maxLines)
			break
		}
		b.WriteString("\n  ")
		b.WriteString(r.String())
	}
	return b.String()
}

// String returns the resource, the path and the message, parted by colons.
func (r Refusal) String() string {
	var parts []string
	for _, part := range []string{r.Resource, r.Path, r.Message} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ": ")
}
