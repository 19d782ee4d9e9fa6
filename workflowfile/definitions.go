package workflowfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/batchkit/batchkit-go/internal/source"
	"github.com/batchkit/batchkit-go/internal/tree"
)

// definitions reads the list of definitions: each a path, or an object in the spelling of the API.
func (r *reader) definitions(n *tree.Node, values scope) map[string]Definition {
	if !n.Is(tree.Object) {
		r.misfit(n.Place, "definitions", "must be an object of definitions by their names, found "+n.Kind.Noun())
		return nil
	}
	out := make(map[string]Definition, len(n.Members))
	for i := range n.Members {
		m := &n.Members[i]
		path := join("definitions", m.Name)
		var d Definition
		switch m.Value.Kind {
		case tree.String:
			d = r.definitionFile(r.fill(m.Value, path, values), path, values)
		case tree.Object:
			if m.Value.Get("file") != nil {
				r.misfit(m.Value.Find("file"), join(path, "file"), "is no member of a definition: write the path in place of the object")
				break
			}
			d = r.definition(r.Path, r.fill(m.Value, path, values), source.JobDefinition, path)
		default:
			r.misfit(m.Value.Place, path, "must be the path of a file or a definition, found "+m.Value.Kind.Noun())
		}
		if d.Input != nil && d.Input.JobDefinitionName == nil {
			d.Input.JobDefinitionName = aws.String(m.Name)
		}
		out[m.Name] = d
	}
	return out
}

// definitionFile reads a definition that stands in a file of its own.
func (r *reader) definitionFile(n *tree.Node, path string, values scope) Definition {
	name := n.Text()
	shown, data, err := r.readFile(name)
	if err != nil {
		message := "names a file that cannot be read: " + cause(err)
		if errors.Is(err, fs.ErrNotExist) {
			message = "names a file that does not exist: paths are relative to the workflow file"
		}
		r.problem(n.Place, path, message)
		r.cause = err
		return Definition{}
	}
	inner := reader{Reader: tree.Reader{Path: shown}, options: r.options, whole: map[*tree.Node]bool{}, filled: r.filled}
	root, err := inner.document(data)
	if err == nil {
		filled := inner.fill(root, "", values)
		r.filled = inner.filled
		d := inner.definition(shown, filled, "", "")
		d.File = name
		r.problems = append(r.problems, inner.problems...)
		return d
	}
	var all *Error
	if errors.As(err, &all) {
		r.problems = append(r.problems, all.Problems...)
	}
	return Definition{}
}

// readFile reads a file by the path in the workflow file, and returns the path by which a person finds it.
func (r *reader) readFile(name string) (shown string, data []byte, err error) {
	if r.options.FS != nil {
		data, err = fs.ReadFile(r.options.FS, name)
		return name, data, err
	}
	shown = name
	if !filepath.IsAbs(name) {
		shown = filepath.Join(r.folder(), name)
	}
	data, err = os.ReadFile(shown)
	return shown, data, err
}

// definition makes the input of a tree. What the API does not know is a problem: it would be lost.
func (r *reader) definition(file string, root *tree.Node, kind source.Kind, path string) Definition {
	docs, err := source.Documents(file, root, kind)
	var fault *tree.Error
	switch {
	case errors.As(err, &fault):
		r.problems = append(r.problems, Problem{File: file, Line: fault.Line, Column: fault.Column, Path: path, Message: fault.Message})
		return Definition{}
	case err != nil:
		r.problem(root.Place, path, err.Error())
		return Definition{}
	case len(docs) != 1:
		r.problem(root.Place, path, "must hold one definition, holds "+strconv.Itoa(len(docs)))
		return Definition{}
	case docs[0].Definition == nil:
		r.problem(root.Place, path, "must hold a definition, holds a submission")
		return Definition{}
	}
	d := docs[0]
	findings := d.Judge(source.Rules{})
	again := false
	for _, f := range findings {
		again = f.Rule == source.MemberRule.ID && r.retyped(root.Lead(f.Path)) || again
	}
	if again {
		return r.definition(file, root, kind, path)
	}
	for _, f := range findings {
		if f.Rule == source.MemberRule.ID {
			r.problems = append(r.problems, Problem{
				File: file, Line: f.Line, Column: f.Column, Path: beneath(path, f.Path), Rule: f.Rule, Message: f.Message,
			})
		}
	}
	for _, unknown := range d.Unknown {
		at := root.Find(unknown)
		if unknown != "jobDefinitionName" { // which the workflow file gives
			r.problems = append(r.problems, Problem{
				File: file, Line: at.Line, Column: at.Column, Path: beneath(path, unknown),
				Message: "is not known before something is deployed: give the value itself, or ${{NAME}} with the value in the workflow file",
			})
		}
	}
	return Definition{Input: d.Definition, document: d}
}

// beneath joins two paths.
func beneath(path, rest string) string {
	if path == "" || rest == "" || rest[0] == '[' {
		return path + rest
	}
	return path + "." + rest
}
