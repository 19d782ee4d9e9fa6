package source

import (
	"encoding/json"
	"errors"
	"path"
	"regexp"
	"strconv"

	"github.com/batchkit/batchkit-go/internal/tree"
)

// ErrNothing is wrapped by the error for a file that can be read, but holds nothing of AWS Batch.
var ErrNothing = errors.New("nothing of AWS Batch in it")

// errWorkflow is wrapped by the error for a workflow file, and errStateMachine by that for a state machine.
var (
	errWorkflow     = errors.New("workflow file")
	errStateMachine = errors.New("state machine")
)

// Read returns the documents in the text of a file. The name is used in
// messages, and its extension tells JSON from YAML; without one, text that
// begins with a bracket is JSON. An empty kind is found by looking.
//
// All errors are of type [*tree.Error]. One that wraps [ErrNothing] says that the
// text, or one of the documents in it, has nothing to judge. Documents that
// come with an error are sound. Workflow files are not read here.
func Read(name string, data []byte, kind Kind) ([]*Document, error) {
	roots, err := read(name, data)
	if err != nil {
		return nil, err
	}
	if len(roots) == 0 {
		return nil, &tree.Error{Path: name, Message: "is empty", Err: ErrNothing}
	}
	var docs []*Document
	var first error
	for _, root := range roots {
		more, err := Documents(name, root, kind)
		docs = append(docs, more...)
		if first == nil || errors.Is(first, ErrNothing) && err != nil {
			first = err
		}
	}
	return docs, first
}

// read reads a text into trees. The JSON of a state machine may have gaps that a deployment fills in, also where no text
// stands, as SAM and Terraform let people write it.
func read(name string, data []byte) ([]*tree.Node, error) {
	b := &tree.Reader{Path: name}
	if path.Ext(name) == ".tf" {
		return nil, &tree.Error{Path: name, Message: "is in Terraform's own language; give the output of terraform show -json", Err: ErrNothing}
	}
	roots, err := b.Read(data)
	if err != nil {
		if quoted := quoteGaps(data); json.Valid(quoted) {
			if filled, err := b.Read(quoted); err == nil && len(filled) == 1 && kindOf(filled[0]) == StateMachine {
				return filled, nil
			}
		}
	}
	return roots, err
}

// gap is a text of JSON, or what a deployment puts in the place of another value.
var gap = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|\$\{[^{}"]*\}`)

// quoteGaps makes texts of the gaps in JSON.
func quoteGaps(data []byte) []byte {
	return gap.ReplaceAllFunc(data, func(found []byte) []byte {
		if found[0] == '"' {
			return found
		}
		return []byte(`"` + string(found) + `"`)
	})
}

// A reader finds documents in a tree, and reads the texts within.
type reader struct{ tree.Reader }

// Documents is [Read] for one document of a file that has been read into a tree.
func Documents(name string, root *tree.Node, kind Kind) ([]*Document, error) {
	b := &reader{tree.Reader{Path: name}}
	if kind == "" {
		kind = kindOf(root)
	}
	switch {
	case kind == "":
		return nil, &tree.Error{Path: b.Path, Line: root.Line, Column: root.Column, Message: hint(root), Err: ErrNothing}
	case kind == Workflow:
		return nil, &tree.Error{Path: b.Path, Line: root.Line, Column: root.Column, Message: "is a workflow file, not a definition or a submission", Err: errWorkflow}
	case kind == StateMachine:
		return nil, &tree.Error{Path: b.Path, Line: root.Line, Column: root.Column, Message: "is a state machine, not a definition or a submission", Err: errStateMachine}
	case root.Kind != tree.Object:
		return nil, b.Fail(root.Place, "must be an object, found "+root.Kind.Noun())
	}
	switch kind {
	case CloudFormation:
		return b.template(root)
	case Terraform:
		return b.show(root)
	case JobDefinition, SubmitJob:
		d := &Document{Path: b.Path, Kind: kind}
		if err := d.decode(root, api); err != nil {
			return nil, err
		}
		return []*Document{d}, nil
	}
	return nil, b.Fail(tree.Place{}, "no kind is called "+strconv.Quote(string(kind)))
}
