package source

import (
	"cmp"
	"slices"

	"github.com/batchkit/batchkit-go/internal/tree"
	"github.com/batchkit/batchkit-go/validate"
)

// Rules says which rules are applied, and what they may know.
type Rules struct {
	// Definition is what submissions are checked against; nil leaves out the rules that need it.
	Definition *Document
	// Strict also applies the rules of severity info and those that are uncertain.
	Strict bool
	// Disable are the ids of rules to leave out.
	Disable []string
}

// A Finding is a finding with its place in the file, both from 1.
type Finding struct {
	validate.Finding
	Line, Column int
}

// Judge applies the rules to the document. The findings are in the order of
// their places in the file; there are none for what is not known yet.
func (d *Document) Judge(rules Rules) []Finding {
	opts := []validate.Option{validate.Disable(rules.Disable...)}
	if rules.Strict {
		opts = append(opts, validate.Strict())
	}
	out := slices.Clone(d.found)
	if slices.Contains(rules.Disable, MemberRule.ID) {
		out = nil
	}
	// A value of a wrong type is not in the input, so rules may know as little of it as of an unknown one.
	unknown := slices.Concat(d.Unknown, d.mistyped)
	var found validate.Findings
	if d.Submission == nil {
		found = validate.JobDefinition(d.Definition, append(opts, validate.WithUnknown(unknown...))...)
	} else {
		if def := rules.Definition; def != nil && !slices.Contains(def.Unknown, "") {
			opts = append(opts, validate.WithDefinition(def.Definition))
			unknown = slices.Concat(unknown, def.Unknown, def.mistyped)
		}
		found = validate.SubmitJob(d.Submission, append(opts, validate.WithUnknown(unknown...))...)
	}
	for _, f := range found {
		at := d.Place(f.Path)
		out = append(out, Finding{f, at.Line, at.Column})
	}
	slices.SortStableFunc(out, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return out
}

// Place returns where a member stands in the file. Where it is missing, it is the place of what is around it.
func (d *Document) Place(path string) tree.Place { return d.root.Find(path) }
