package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/batchkit/batchkit-go/export/asl"
	"github.com/batchkit/batchkit-go/internal/source"
	"github.com/batchkit/batchkit-go/validate"
)

// A printer writes results in one form.
type printer func(w io.Writer, results []source.Result) error

var printers = map[string]printer{"text": printText, "json": printJSON, "sarif": printSARIF}

type validateFlags struct {
	output, kind, definition string
	strict                   bool
	disable                  []string
	set                      map[string]string
}

func validateCommand() *cobra.Command {
	var flags validateFlags
	cmd := &cobra.Command{
		Use:   "validate [flags] FILE…",
		Short: "Tell what AWS Batch would refuse, and what it takes and then breaks on",
		Long: `Validate reads files, folders (` + strings.Join(source.Extensions, ", ") + ` in them), or - for standard input.
They hold the input of RegisterJobDefinition or of SubmitJob as JSON or YAML, a template of
CloudFormation or CDK, what "terraform show -json" writes, a workflow of batchkit, or a state
machine of Step Functions. Values that are not known before something is deployed are skipped.

Files are judged one by one. What depends on the definition of a submission is judged where --definition
gives that; it then counts for all submissions, whatever they name. A state machine also knows the
definitions in its own file, and a workflow its own.

A file may have up to 16 MiB, or 1 MiB if it is YAML.

Exit status: 0 no finding of severity error, 1 at least one, 2 something could not be read.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return runValidate(cmd, args, flags) },
	}
	f := cmd.Flags()
	f.StringVarP(&flags.output, "output", "o", "text", "form of the output: text, json or sarif")
	f.StringVar(&flags.kind, "kind", "", "what the files hold, found by looking if not given: "+kindNames())
	f.StringVar(&flags.definition, "definition", "", "file with the one definition that submissions are checked against")
	f.BoolVar(&flags.strict, "strict", false, "also apply rules of severity info, and those whose sources disagree")
	f.StringSliceVar(&flags.disable, "disable", nil, "ids of rules to leave out, separated by commas")
	setFlag(f, &flags.set)
	return cmd
}

func kindNames() string {
	var names []string
	for _, k := range source.Kinds() {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}

// kindOf returns the kind that a flag names, the empty one if it is not given.
func kindOf(flag string) (source.Kind, error) {
	kind := source.Kind(flag)
	if kind != "" && !slices.Contains(source.Kinds(), kind) {
		return "", fmt.Errorf("--kind must be one of %s, found %q", kindNames(), flag)
	}
	return kind, nil
}

func runValidate(cmd *cobra.Command, args []string, flags validateFlags) error {
	printResults, ok := printers[flags.output]
	if !ok {
		return fmt.Errorf("--output must be text, json or sarif, found %q", flags.output)
	}
	kind, err := kindOf(flags.kind)
	if err != nil {
		return err
	}
	for i, id := range flags.disable {
		e, ok := describe(id)
		if !ok {
			return fmt.Errorf("--disable: no rule has the id %q", id)
		}
		flags.disable[i] = e.rule.ID // the id may have been given in small letters
	}
	results, err := validateAll(cmd, args, kind, flags)
	if err != nil {
		return err
	}
	if err := printResults(cmd.OutOrStdout(), results); err != nil {
		return err
	}
	if flags.output == "text" {
		printErrors(cmd.ErrOrStderr(), results)
	}
	return statusOf(results)
}

// validateAll judges all arguments, or says why the definition cannot be read.
func validateAll(cmd *cobra.Command, args []string, kind source.Kind, flags validateFlags) ([]source.Result, error) {
	o := source.Options{Kind: kind, Stdin: cmd.InOrStdin()}
	o.Strict, o.Disable = flags.strict, flags.disable
	if flags.definition != "" {
		def, err := source.LoadDefinition(flags.definition, o.Stdin)
		if err != nil {
			return []source.Result{{Path: flags.definition, Err: err}}, nil
		}
		o.Definition = def
	}
	o.Workflow = workflowJudge(flags.set, o.Rules)
	o.Analyse = asl.AnalyseFunc
	return source.Run(cmd.Context(), args, o)
}

// statusOf is the exit status as an error, nil for success.
func statusOf(results []source.Result) error {
	code := statusOK
	for _, r := range results {
		if r.Err != nil {
			return status(statusUnreadable)
		}
		for _, f := range r.Findings {
			if f.Severity == validate.Error {
				code = statusFound
			}
		}
	}
	if code != statusOK {
		return status(code)
	}
	return nil
}

// count returns how many findings there are of each severity.
func count(results []source.Result) (errors, warnings, infos int) {
	for _, r := range results {
		for _, f := range r.Findings {
			switch f.Severity {
			case validate.Error:
				errors++
			case validate.Warning:
				warnings++
			default:
				infos++
			}
		}
	}
	return errors, warnings, infos
}

// colourful reports whether a writer is a terminal whose user has not asked for plain text.
func colourful(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && os.Getenv("NO_COLOR") == "" && isTerminal(file)
}

// isTerminal reports whether a file is a terminal that can do more than a printer.
func isTerminal(file *os.File) bool {
	return os.Getenv("TERM") != "dumb" && term.IsTerminal(int(file.Fd()))
}
