package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/batchkit/batchkit-go/export"
	"github.com/batchkit/batchkit-go/internal/source"
	"github.com/batchkit/batchkit-go/validate"
)

type convertFlags struct {
	to, output, kind string
	set              map[string]string
}

func convertCommand() *cobra.Command {
	var flags convertFlags
	cmd := &cobra.Command{
		Use:   "convert --to TARGET [flags] FILE…",
		Short: "Write definitions in the language of another tool",
		Long: `Convert reads files, folders (` + strings.Join(source.Extensions, ", ") + ` in them), or - for standard input,
and writes what they hold for another tool:

  api             the input of RegisterJobDefinition or of SubmitJob, as the AWS CLI takes it
  asl             a state machine of AWS Step Functions that runs a workflow file, or submissions side by side
  cloudformation  a template with all definitions
  terraform       a configuration of Terraform with all definitions, for a file named *.tf.json

The files are those that "batchkit validate" reads. Nothing is written with a part missing: what is
not known yet, what the API does not have, and what the target cannot express, is refused, all of it
at once. What AWS Batch would refuse is not; "batchkit validate" tells that.

Exit status: 0 all was written, 2 nothing was.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return runConvert(cmd, args, flags) },
	}
	f := cmd.Flags()
	f.StringVar(&flags.to, "to", "", "what to write: "+strings.Join(targetNames(), ", "))
	f.StringVarP(&flags.output, "output", "o", "json", "form of the output: json or yaml")
	f.StringVar(&flags.kind, "kind", "", "what the files hold, found by looking if not given: "+kindNames())
	setFlag(f, &flags.set)
	return cmd
}

// A target is what definitions and submissions are converted to.
type target struct {
	// write returns the text. Its errors that are of type *export.Error name resources by the ids of the items.
	write func(items []*item, output string) ([]byte, error)
	// id proposes an id for a document. Nil: the target has none.
	id func(d *source.Document) string
	// yaml reports whether the target has a form in YAML; definitions and submissions whether it takes them.
	yaml, definitions, submissions bool
	// nameless reports whether the target makes up the name of a definition that has none.
	nameless bool
}

var targets = map[string]target{
	"api":            {write: writeAPI, yaml: true, definitions: true, submissions: true},
	"asl":            {write: writeASL, submissions: true},
	"cloudformation": {write: writeCloudFormation, id: logicalID, yaml: true, definitions: true, nameless: true},
	"terraform":      {write: writeTerraform, id: terraformID, definitions: true},
}

func targetNames() []string { return slices.Sorted(maps.Keys(targets)) }

// An item is a document that is converted, with its id in the target.
type item struct {
	*source.Document
	id string
}

func runConvert(cmd *cobra.Command, args []string, flags convertFlags) error {
	to, ok := targets[flags.to]
	switch {
	case !ok:
		return fmt.Errorf("--to must be one of %s, found %q", strings.Join(targetNames(), ", "), flags.to)
	case flags.output != "json" && flags.output != "yaml":
		return fmt.Errorf("--output must be json or yaml, found %q", flags.output)
	case flags.output == "yaml" && !to.yaml:
		return fmt.Errorf("--output must be json for %s, which has no form in YAML", flags.to)
	}
	kind, err := kindOf(flags.kind)
	if err != nil {
		return err
	}
	files := source.Load(args, kind, cmd.InOrStdin())
	if flags.to == "asl" && slices.ContainsFunc(files, func(f source.Loaded) bool { return f.Workflow != nil }) {
		return convertWorkflow(cmd, files, flags.set)
	}
	items, problems := readItems(files, to)
	var text []byte
	if len(items) > 0 { // also when some file is no good, so that all is said in one go
		text, err = to.write(items, flags.output)
		var refused *export.Error
		switch {
		case errors.As(err, &refused):
			for _, r := range refused.Refusals {
				problems = append(problems, located(items, r))
			}
		case err != nil:
			return err
		}
	}
	if len(problems) == 0 {
		_, err := cmd.OutOrStdout().Write(text)
		return err
	}
	for _, p := range problems {
		fmt.Fprintln(cmd.ErrOrStderr(), p)
	}
	return status(statusUnreadable)
}

// readItems gives every document its id, and says what of them cannot be converted.
func readItems(files []source.Loaded, to target) (items []*item, problems []string) {
	taken := map[string]bool{}
	for _, f := range files {
		for _, d := range f.Documents {
			if found := obstacles(d, to); len(found) > 0 {
				problems = append(problems, found...)
				continue
			}
			i := &item{Document: d}
			if to.id != nil {
				i.id = unused(to.id(d), taken)
			}
			items = append(items, i)
		}
		switch {
		case f.Workflow != nil:
			problems = append(problems, f.Path+": is a workflow, and the target takes definitions or submissions; asl takes workflows")
		case f.Err != nil:
			problems = append(problems, f.Err.Error())
		}
	}
	return items, problems
}

// obstacles are what keeps a document from being converted without loss.
func obstacles(d *source.Document, to target) []string {
	var problems []string
	switch {
	case d.Submission != nil && !to.submissions:
		return append(problems, at(d, "", "holds a submission, and the target takes definitions only"))
	case d.Definition != nil && !to.definitions:
		return append(problems, at(d, "", "holds a definition, and the target takes jobs only"))
	}
	for _, path := range d.Unknown {
		switch {
		case path != "jobDefinitionName" || d.Has(path):
			problems = append(problems, at(d, path, "is not known before something is deployed, so it cannot be converted; write the value itself"))
		case !to.nameless:
			problems = append(problems, at(d, path, "is made up when something is deployed, so there is none; write one"))
		}
	}
	for _, f := range d.Judge(source.Rules{}) {
		// What Terraform leaves out is no part of the definition.
		if f.Rule == source.MemberRule.ID && (f.Severity == validate.Error || d.Kind != source.Terraform) {
			problems = append(problems, at(d, f.Path, f.Message))
		}
	}
	return problems
}

// at is a line about a place of a document.
func at(d *source.Document, path, message string) string {
	place := d.Place(path)
	parts := []string{fmt.Sprintf("%s:%d:%d", d.Path, place.Line, place.Column)}
	for _, part := range []string{d.Resource, path, message} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ": ")
}

// located finds the place of a refusal in the file that it comes from.
func located(items []*item, r export.Refusal) string {
	_, id, qualified := strings.Cut(r.Resource, ".") // Terraform has the type before the id
	for _, i := range items {
		if i.id == r.Resource || qualified && i.id == id {
			return at(i.Document, r.Path, r.Message)
		}
	}
	return r.String()
}

// unused returns the id, with a number if it is taken, and takes it.
func unused(id string, taken map[string]bool) string {
	free := id
	for n := 2; taken[free]; n++ {
		free = fmt.Sprintf("%s%d", id, n)
	}
	taken[free] = true
	return free
}
