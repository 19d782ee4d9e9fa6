package workflowfile

import (
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/internal/tree"
	"github.com/batchkit/batchkit-go/validate"
)

// Finding is what a rule of package validate says, with its place.
type Finding struct {
	validate.Finding
	// File is the workflow file, or the definition file at fault.
	File string
	// Line and Column are from 1. A member that is missing has the place of what is around it.
	Line, Column int
}

// Check judges the definitions, the jobs and the graph by all rules that package validate knows, warnings included.
// Paths are those of [batchkit.Workflow.Check]: they begin with definitions[name] or jobs[name]. Findings are in the
// order of their places, those of the workflow file first.
func (f *File) Check(opts ...validate.Option) []Finding {
	var out []Finding
	groups := f.groups()
	for _, finding := range f.Workflow().Check(opts...) {
		file, at := f.place(finding.Path, groups)
		out = append(out, Finding{finding, file, at.Line, at.Column})
	}
	slices.SortStableFunc(out, func(a, b Finding) int {
		return byPlace(f.Path, a.File, b.File, tree.Place{Line: a.Line, Column: a.Column}, tree.Place{Line: b.Line, Column: b.Column})
	})
	return out
}

// place is the file and the place to which the path of a finding leads.
func (f *File) place(path string, groups map[string][]batchkit.Node) (string, tree.Place) {
	if name, rest, ok := cutNamed(path, "definitions["); ok {
		for _, d := range sorted(f.Definitions) {
			if d.Input != nil && aws.ToString(d.Input.JobDefinitionName) == name {
				return d.document.Path, d.document.Place(rest)
			}
		}
	}
	if name, rest, ok := cutNamed(path, "jobs["); ok {
		at := f.root.Place
		for i := range f.Jobs {
			if j := &f.Jobs[i]; j.Name == name {
				// Of several jobs of a name the last is one too many, and a member is that of the first that has it.
				if at = j.place(rest, groups); at != j.node.Place {
					break
				}
			}
		}
		return f.Path, at
	}
	return f.Path, f.root.Place
}

// cutNamed takes a name in brackets off a path.
func cutNamed(path, prefix string) (name, rest string, ok bool) {
	rest, ok = strings.CutPrefix(path, prefix)
	if !ok {
		return "", "", false
	}
	name, rest, ok = strings.Cut(rest, "]")
	return name, strings.TrimPrefix(rest, "."), ok
}

// place is where a member of the submission stands in the file.
func (j *Job) place(path string, groups map[string][]batchkit.Node) tree.Place {
	if i, ok := indexOf(path, "dependsOn["); ok {
		i -= len(j.Submit.DependsOn) // which come first in the submission
		if edges := append(places(j.After, j.edges[0], groups), places(j.NToN, j.edges[3], groups)...); i >= 0 && i < len(edges) {
			return edges[i]
		}
		if i >= 0 && j.Sequential {
			return j.node.Find("sequential")
		}
	}
	if i, ok := indexOf(path, "gates["); ok {
		if edges := append(places(j.AfterEnd, j.edges[1], groups), places(j.AfterFailure, j.edges[2], groups)...); i < len(edges) {
			return edges[i]
		}
	}
	for wire, own := range renamed {
		if strings.HasPrefix(path, wire) {
			return j.node.Find(own)
		}
	}
	if strings.HasPrefix(path, "arrayProperties") && j.Array != 0 {
		return j.node.Find("array")
	}
	return j.node.Find(path)
}

// places are those of the edges that some names make. The name of a group makes one for each of its jobs.
func places(names []string, at []tree.Place, groups map[string][]batchkit.Node) []tree.Place {
	var out []tree.Place
	for i, name := range names {
		for range max(1, len(groups[name])) {
			out = append(out, at[i])
		}
	}
	return out
}

// indexOf is the index behind the beginning of a path, such as dependsOn[.
func indexOf(path, beginning string) (int, bool) {
	rest, ok := strings.CutPrefix(path, beginning)
	if !ok {
		return 0, false
	}
	index, _, _ := strings.Cut(rest, "]")
	i, err := strconv.Atoi(index)
	return i, err == nil && i >= 0
}
