package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/batchkit/batchkit-go/validate"
)

// areas are the first letters of ids, in the order of the document.
var areas = []struct{ id, title string }{
	{"JD", "Definitions"},
	{"CP", "Containers on Amazon ECS"},
	{"RR", "vCPUs, memory and GPUs"},
	{"FG", "Fargate"},
	{"MI", "Amazon ECS Managed Instances"},
	{"LNX", "Linux parameters"},
	{"LOG", "Logs"},
	{"SEC", "Secrets"},
	{"VOL", "Volumes"},
	{"ECS", "Several containers in a task"},
	{"EKS", "Pods on Amazon EKS"},
	{"MNP", "Multi-node jobs"},
	{"RTY", "Retries"},
	{"TMO", "Timeouts"},
	{"CR", "Consumable resources"},
	{"TAG", "Tags"},
	{"PRM", "Parameters"},
	{"SUB", "Submissions"},
	{"OVR", "Overrides"},
	{"ARR", "Arrays"},
	{"DEP", "Dependencies and workflows"},
	{"FS", "Fair share"},
	{"QTA", "Quotas"},
}

// areaOf is the letters that an id begins with.
func areaOf(id string) string { return strings.TrimRight(id, "0123456789") }

func render(rules []validate.Rule, left []validate.NotJudged, cases map[string]ruleCase) ([]byte, error) {
	var b strings.Builder
	preface(&b, len(rules), len(left))
	written := 0
	for _, area := range areas {
		in := slices.DeleteFunc(slices.Clone(rules), func(r validate.Rule) bool { return areaOf(r.ID) != area.id })
		out := slices.DeleteFunc(slices.Clone(left), func(n validate.NotJudged) bool { return areaOf(n.ID) != area.id })
		if len(in)+len(out) == 0 {
			continue
		}
		written += len(in) + len(out)
		fmt.Fprintf(&b, "\n## %s: %s\n", area.id, area.title)
		for i := range in {
			c, ok := cases[in[i].ID]
			if !ok {
				return nil, fmt.Errorf("%s has no case", in[i].ID)
			}
			if err := writeRule(&b, &in[i], c); err != nil {
				return nil, fmt.Errorf("%s: %w", in[i].ID, err)
			}
		}
		writeLeft(&b, out)
	}
	if all := len(rules) + len(left); written != all {
		return nil, fmt.Errorf("%d of %d ids are in an area that the document does not have", all-written, all)
	}
	return []byte(b.String()), nil
}

func preface(b *strings.Builder, rules, left int) {
	fmt.Fprintf(b, `<!-- Written by go generate ./validate. Do not edit. -->

# Rules

Package [validate](../validate) judges %d rules of AWS Batch. %d further ids of the catalogue are not judged, each for
the reason given at the end of its area. Ids are stable: one that goes is not used again.

An *error* is refused by the service, or makes a job that can never run. A *warning* is taken, and almost surely wrong.
An *info* breaks nothing. Infos, and the rules marked *strict*, on which the sources are silent or disagree, are judged
with `+"`validate.Strict()`"+` only. A rule that is an error finds a warning where it is not known that the service minds.

Each rule has an input that passes and one that fails, which its tests judge too. Both are one of the
[valid inputs](../validate/testdata/bases) with the members set that are shown.

| Area | |
|---|---|
`, rules, left)
	for _, a := range areas {
		fmt.Fprintf(b, "| [%s](#%s) | %s |\n", a.id, anchor(a.id+": "+a.title), a.title)
	}
}

// anchor is the fragment that a heading is reached by.
func anchor(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == ':' || r == ',':
			return -1
		default:
			return r
		}
	}, strings.ToLower(heading))
}

func writeRule(b *strings.Builder, r *validate.Rule, c ruleCase) error {
	// A title can begin with the name of a member, so its first letter stays as it is.
	fmt.Fprintf(b, "\n### %s\n\n**%s**\n\n", r.ID, r.Title)
	strict := ""
	if r.Uncertain {
		strict = ", strict"
	}
	fmt.Fprintf(b, "*%s%s*, platforms: %s. [Source](%s)\n", r.Severity, strict, r.Platforms, r.Source)
	if r.Service != "" {
		fmt.Fprintf(b, "\nAWS Batch answers: `%s`\n", r.Service)
	}
	for _, side := range []struct {
		word string
		variant
	}{{"Passes", c.Pass}, {"Fails", c.Fail}} {
		fmt.Fprintf(b, "\n%s ([%s](../validate/testdata/bases/%s.json)): %s.", side.word, c.On, c.On, side.Reason)
		if side.At != "" {
			fmt.Fprintf(b, " Found at `%s`.", side.At)
		}
		b.WriteString("\n")
		lines, err := side.lines()
		if err != nil {
			return err
		}
		if len(lines) > 0 {
			fmt.Fprintf(b, "\n```\n%s\n```\n", strings.Join(lines, "\n"))
		}
	}
	return nil
}

func writeLeft(b *strings.Builder, left []validate.NotJudged) {
	if len(left) == 0 {
		return
	}
	b.WriteString("\n### Not judged\n\n| Id | What | Why not |\n|---|---|---|\n")
	for _, n := range left {
		fmt.Fprintf(b, "| %s | %s | %s |\n", n.ID, cell(n.Title), cell(n.Reason))
	}
}

// cell keeps a text within a column.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }
