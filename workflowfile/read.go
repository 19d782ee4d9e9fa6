package workflowfile

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/batchkit/batchkit-go/internal/tree"
)

// Options says how a file is read.
type Options struct {
	// Values are the values of ${{NAME}}, in place of the defaults of the file.
	Values map[string]string
	// FS is where definition files are looked up, by the path that the file gives, which must then be one of package
	// fs. Nil is the disk: paths are relative to the folder of the workflow file.
	FS fs.FS
}

// Read reads a workflow file and the definition files that it names. Every problem is in the error, an [*Error].
func Read(path string, o Options) (*File, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, &Error{Problems: []Problem{{File: path, Message: cause(err)}}, Err: err}
	}
	return Parse(path, data, o)
}

// Parse is [Read] for a file that is in memory. The extension of the path tells JSON from YAML; without one, text that
// begins with a bracket is JSON.
func Parse(path string, data []byte, o Options) (*File, error) {
	r := &reader{Reader: tree.Reader{Path: path}, options: o, whole: map[*tree.Node]bool{}}
	root, err := r.document(data)
	if err != nil {
		return nil, err
	}
	f := r.file(root)
	if len(r.problems) == 0 {
		return f, nil
	}
	r.graph(f)
	return nil, r.err()
}

// A reader reads one workflow file.
type reader struct {
	tree.Reader
	options  Options
	whole    map[*tree.Node]bool // texts that were nothing but one value
	groups   map[string]bool     // names of jobs with each, as they are written
	filled   int                 // the length of the values that were filled in, so far
	later    map[string]bool     // values that have not been read yet, while they are
	problems []Problem
	cause    error // of one of the problems
}

// document returns the one document of a text.
func (r *reader) document(data []byte) (*tree.Node, error) {
	roots, err := r.Read(data)
	var syntax *tree.Error
	switch {
	case errors.As(err, &syntax):
		return nil, &Error{Problems: []Problem{{File: r.Path, Line: syntax.Line, Column: syntax.Column, Message: syntax.Message}}, Err: err}
	case err != nil:
		return nil, &Error{Problems: []Problem{{File: r.Path, Message: err.Error()}}, Err: err}
	case len(roots) != 1:
		r.problem(tree.Place{}, "", "must hold one document, holds "+strconv.Itoa(len(roots)))
	case roots[0].Kind != tree.Object:
		r.misfit(roots[0].Place, "", "must be an object with name and jobs, found "+roots[0].Kind.Noun())
	default:
		return roots[0], nil
	}
	return nil, r.err()
}

// file reads the whole of it, going on after each fault.
func (r *reader) file(root *tree.Node) *File {
	f := &File{Path: r.Path}
	values := r.values(root.Get("values"))
	top := r.open(root, "")
	f.Name = top.text("name", values)
	f.Queue = top.text("queue", values)
	top.skip("values")
	top.skip("$schema") // which is for editors
	if n := top.take("definitions"); n != nil {
		f.Definitions = r.definitions(n, values)
	}
	if n := top.take("barrier"); n != nil {
		f.Barrier = r.barrier(n, values, f.Queue)
	}
	jobs := &tree.Node{Place: root.Place, Kind: tree.List}
	if n := top.take("jobs"); n != nil {
		jobs.Place = n.Place
		r.jobs(f, n, jobs, values)
	}
	top.close()
	f.root = withJobs(root, jobs)
	r.check(f)
	r.ids(f)
	return f
}

// withJobs is the root with the jobs that each has made, so that paths with their indexes lead to places.
func withJobs(root, jobs *tree.Node) *tree.Node {
	out := *root
	out.Members = slices.Clone(root.Members)
	for i := range out.Members {
		if out.Members[i].Name == "jobs" {
			out.Members[i].Value = jobs
		}
	}
	return &out
}

// values reads the defaults, in which the values before them are filled in, and what the caller gives in place of them.
func (r *reader) values(n *tree.Node) scope {
	values := scope{}
	if n != nil && n.Is(tree.Object) {
		r.later = make(map[string]bool, len(n.Members))
		for i := range n.Members {
			r.later[n.Members[i].Name] = true
		}
		for i := range n.Members {
			m := &n.Members[i]
			path := join("values", m.Name)
			if !valueName.MatchString(m.Name) {
				r.problem(m.Place, path, "is no name of a value: it has letters, digits and underscores, and begins with no digit")
			}
			if given, ok := r.options.Values[m.Name]; ok {
				values[m.Name] = &given
			} else {
				values[m.Name] = r.scalar(r.fill(m.Value, path, values), path)
			}
			delete(r.later, m.Name)
		}
	} else if n != nil && !n.Is(tree.Null) {
		r.misfit(n.Place, "values", "must be an object of values, found "+n.Kind.Noun())
	}
	for name := range keys(r.options.Values) {
		if _, declared := values[name]; !declared {
			at := tree.Place{}
			if n != nil {
				at = n.Place
			}
			r.problem(at, join("values", name), "was given, but the file has no such value: add it to values"+orDidYouMean(name, keys(values)))
		}
	}
	return values
}

// scalar is the text of a value, nil for null.
func (r *reader) scalar(n *tree.Node, path string) *string {
	var text string
	switch n.Kind {
	case tree.String:
		text = n.Text()
	case tree.Number:
		text = cmp.Or(n.Written, n.Literal) // an account id that begins with a zero is no octal number
	case tree.Bool:
		text = n.Literal
	case tree.Null:
		return nil
	default:
		r.misfit(n.Place, path, "must be a text, a number or a boolean, found "+n.Kind.Noun())
	}
	return &text
}

// cause is the reason of an error, without the path.
func cause(err error) string {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err.Error()
	}
	return err.Error()
}

// folder is where relative paths begin.
func (r *reader) folder() string { return filepath.Dir(r.Path) }
