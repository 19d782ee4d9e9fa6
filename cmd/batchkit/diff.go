package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/spf13/cobra"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/internal/source"
	"github.com/batchkit/batchkit-go/internal/tree"
	"github.com/batchkit/batchkit-go/validate"
)

type diffFlags struct{ output, endpoint string }

func diffCommand() *cobra.Command {
	var flags diffFlags
	cmd := &cobra.Command{
		Use:   "diff [flags] FILE…",
		Short: "Tell what registering definitions would change",
		Long: `Diff reads files, or - for standard input, and compares each job definition in them with the newest
ACTIVE revision of its name. It registers nothing. What AWS Batch fills in by itself is no difference.
The files are those that "batchkit validate" reads; a definition of a template or a plan is compared
if all of its values are known, its name included.
Each change is a line: + new, - gone, ~ another value. The values of environment variables, secrets
and parameters are hidden.
Configuration and credentials are those that the AWS SDKs find. With --endpoint-url on a loopback
address and no credentials in the environment, made-up ones are used, and none are looked for.
Exit status: 0 no difference, 1 at least one, 2 something could not be read or compared.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return runDiff(cmd, args, flags) },
	}
	f := cmd.Flags()
	f.StringVarP(&flags.output, "output", "o", "text", "form of the output: text or json")
	f.StringVar(&flags.endpoint, "endpoint-url", "", "URL of AWS Batch, found by the AWS SDK if not given")
	return cmd
}

func runDiff(cmd *cobra.Command, args []string, flags diffFlags) error {
	if flags.output != "text" && flags.output != "json" {
		return fmt.Errorf("--output must be text or json, found %q", flags.output)
	}
	api, _, err := newClients(cmd.Context(), flags.endpoint)
	if err != nil {
		return err
	}
	client := batchkit.NewClient(api)
	var all []comparison
	for _, path := range args {
		all = append(all, compareFile(cmd.Context(), client, path, cmd.InOrStdin())...)
	}
	if flags.output == "json" {
		err = printDiffJSON(cmd.OutOrStdout(), all)
	} else {
		err = printDiffText(cmd.OutOrStdout(), cmd.ErrOrStderr(), all)
	}
	if err != nil {
		return err
	}
	return statusOfDiff(all)
}

// A comparison is what came of one definition, or of a file that cannot be read.
type comparison struct {
	// Result has the findings that keep the definition from being compared, or members of it.
	source.Result
	name     string
	revision string // the ARN of what it was compared with; empty if there is no active revision
	changes  []batchkit.Change
}

// compareFile compares every definition of a file.
func compareFile(ctx context.Context, client *batchkit.Client, path string, stdin io.Reader) []comparison {
	docs, err := readFile(path, stdin)
	var all []comparison
	for _, d := range docs {
		c := comparison{Result: source.Result{Path: d.Path, Kind: d.Kind, Resource: d.Resource}}
		c.compare(ctx, client, d)
		all = append(all, c)
	}
	if err != nil {
		all = append(all, comparison{Result: source.Result{Path: path, Err: err}})
	}
	return all
}

// readFile returns the documents of a file, those before a fault too.
func readFile(path string, stdin io.Reader) ([]*source.Document, error) {
	data, err := readArgument(path, stdin)
	if err != nil {
		return nil, err
	}
	return source.Read(path, data, "")
}

func (c *comparison) compare(ctx context.Context, client *batchkit.Client, d *source.Document) {
	if d.Definition == nil {
		c.fail("holds a submission, and only definitions are compared", nil)
		return
	}
	c.name = aws.ToString(d.Definition.JobDefinitionName)
	if len(d.Unknown) > 0 {
		c.fail("cannot be compared, because values of it are not known yet: "+listed(d.Unknown), nil)
		return
	}
	for _, f := range d.Judge(source.Rules{}) {
		// A member that the SDK does not have is not compared, and that is worth a word.
		if f.Severity == validate.Error || f.Rule == source.MemberRule.ID {
			c.Findings = append(c.Findings, f)
		}
	}
	if c.failed() {
		return
	}
	revision, changes, err := client.DiffDefinition(ctx, batchkit.FromInput(d.Definition))
	if err != nil {
		c.fail(err.Error(), err)
		return
	}
	c.revision, c.changes = revision, changes
}

func (c *comparison) fail(message string, cause error) {
	if c.Resource != "" {
		message = c.Resource + ": " + message
	}
	c.Err = &tree.Error{Path: c.Path, Message: message, Err: cause}
}

// failed reports whether there is nothing to say about changes.
func (c *comparison) failed() bool {
	errors, _, _ := count([]source.Result{c.Result})
	return c.Err != nil || errors > 0
}

// listed names the first few paths.
func listed(paths []string) string {
	const most = 5
	var named []string
	for _, p := range paths[:min(len(paths), most)] {
		if p == "" {
			p = "all of it"
		}
		named = append(named, p)
	}
	if more := len(paths) - most; more > 0 {
		named = append(named, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(named, ", ")
}

// statusOfDiff is the exit status as an error, nil for no difference.
func statusOfDiff(all []comparison) error {
	code := statusOK
	for _, c := range all {
		switch {
		case c.failed():
			return status(statusUnreadable)
		case len(c.changes) > 0:
			code = statusFound
		}
	}
	if code != statusOK {
		return status(code)
	}
	return nil
}
