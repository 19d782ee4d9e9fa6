package source

import (
	"context"
	"errors"
	"io"
	"runtime"
	"strconv"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"github.com/batchkit/batchkit-go/internal/tree"
)

// inFlight bounds the bytes of all files that are read at the same time.
const inFlight = 2 * tree.MaxSize

// Options says what [Run] reads and how it judges.
type Options struct {
	Rules
	// Kind is what every file holds; empty to find out by looking.
	Kind Kind
	// Stdin is what the name "-" stands for.
	Stdin io.Reader
	// Workflow judges a workflow file; nil if there is nobody to do it.
	Workflow func(path string, data []byte) []Result
	// Analyse judges state machines, those in templates too; nil if there is nobody to do it.
	Analyse Analyse
}

// A Result is what came of one document, or of a file that cannot be read.
type Result struct {
	Path     string
	Kind     Kind // empty when it could not be told
	Resource string
	// Err says why there is nothing to judge: a [*tree.Error], or nil.
	Err      error
	Findings []Finding
}

// Run reads files, folders and standard input, and judges all that they hold,
// as many files side by side as there are processors. The results are in the
// order of the arguments, and within a file in that of its documents. An error
// comes only from a context that ends.
func Run(ctx context.Context, args []string, o Options) ([]Result, error) {
	files := expand(args)
	results := make([][]Result, len(files))
	budget := semaphore.NewWeighted(inFlight)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, f := range files {
		group.Go(func() error {
			weight := min(max(f.size, 1), tree.MaxSize)
			if err := budget.Acquire(ctx, weight); err != nil {
				return err
			}
			defer budget.Release(weight)
			results[i] = judge(f, o)
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return gather(files, results), nil
}

// judge reads one file and judges what is in it.
func judge(f file, o Options) []Result {
	docs, data, err := f.read(o.Stdin, o.Kind)
	if errors.Is(err, errWorkflow) && o.Workflow != nil {
		return o.Workflow(f.path, data)
	}
	machines := o.machines(f.path, data, docs)
	if len(machines) > 0 && (errors.Is(err, errStateMachine) || errors.Is(err, ErrNothing)) {
		err = nil
	}
	var results []Result
	for _, d := range docs {
		results = append(results, Result{Path: d.Path, Kind: d.Kind, Resource: d.Resource, Findings: d.Judge(o.Rules)})
	}
	results = append(results, machines...)
	if err != nil {
		results = append(results, Result{Path: f.path, Kind: o.Kind, Err: err})
	}
	return results
}

// gather puts the results in a row, with an error for each folder in which nothing was found.
func gather(files []file, results [][]Result) []Result {
	var all []Result
	for i := 0; i < len(files); {
		end, before := i+1, len(all)
		for end < len(files) && files[i].folder != "" && files[end].folder == files[i].folder {
			end++
		}
		for _, r := range results[i:end] {
			all = append(all, r...)
		}
		if folder := files[i].folder; folder != "" && len(all) == before {
			all = append(all, Result{Path: folder, Err: nothingIn(folder)})
		}
		i = end
	}
	return all
}

// A Loaded is what one file holds: documents, or why they cannot be read, or both.
type Loaded struct {
	Path      string
	Documents []*Document
	// Workflow is the text of a workflow file, which has no documents; Err says so.
	Workflow []byte
	Err      error
}

// Load reads files, folders and standard input, as [Run] does, and judges nothing. A folder with nothing of AWS Batch in
// it is an error.
func Load(args []string, kind Kind, stdin io.Reader) []Loaded {
	var all []Loaded
	found := map[string]bool{}
	files := expand(args)
	for i, f := range files {
		docs, data, err := f.read(stdin, kind)
		if len(docs) > 0 || err != nil {
			if !errors.Is(err, errWorkflow) {
				data = nil
			}
			all = append(all, Loaded{f.path, docs, data, err})
			found[f.folder] = true
		}
		if last := i+1 == len(files) || files[i+1].folder != f.folder; last && f.folder != "" && !found[f.folder] {
			all = append(all, Loaded{Path: f.folder, Err: nothingIn(f.folder)})
		}
	}
	return all
}

func nothingIn(folder string) error {
	return &tree.Error{Path: folder, Message: "nothing of AWS Batch in any file of the folder", Err: ErrNothing}
}

// LoadDefinition reads the file that holds the definition for submissions. It
// must hold one definition and nothing else.
func LoadDefinition(path string, stdin io.Reader) (*Document, error) {
	files := expand([]string{path})
	if files[0].folder != "" {
		return nil, &tree.Error{Path: path, Message: "is a folder; give the file with the definition"}
	}
	docs, _, err := files[0].read(stdin, "")
	switch {
	case err != nil:
		return nil, err
	case len(docs) != 1:
		return nil, &tree.Error{Path: path, Message: "must hold one definition, holds " + strconv.Itoa(len(docs))}
	case docs[0].Definition == nil:
		return nil, &tree.Error{Path: path, Message: "must hold a definition, holds a submission"}
	}
	return docs[0], nil
}

// Place returns the line and column of the fault, 0 if there is none, and the message without them.
func (r Result) Place() (line, column int, message string) {
	var e *tree.Error
	if !errors.As(r.Err, &e) {
		return 0, 0, ""
	}
	return e.Line, e.Column, e.Message
}
