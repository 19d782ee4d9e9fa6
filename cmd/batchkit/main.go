// Command batchkit checks definitions, submissions and workflows of AWS Batch
// jobs with no AWS account and without a network, compares definitions with what
// is registered, submits workflows and sees them through, and is AWS Batch for
// other programs on this machine.
//
//	batchkit validate [-o text|json|sarif] [--kind K] [--definition FILE] [--strict] [--disable ID,…] [--set N=V] FILE…
//	batchkit explain ID
//	batchkit diff [-o text|json] [--endpoint-url URL] FILE…
//	batchkit convert --to api|asl|cloudformation|terraform [-o json|yaml] FILE…
//	batchkit plan [-o text|json] [--set N=V] FILE
//	batchkit graph [-o dot|mermaid|svg] [--set N=V] FILE
//	batchkit submit [--run-id ID] [--journal FILE] [--wait] [-o text|json] [--set N=V] [--endpoint-url URL] FILE
//	batchkit watch [-o text|json] [--queue Q] [--endpoint-url URL] RUN
//	batchkit report [-o text|json] [--lines N] [--queue Q] [--endpoint-url URL] RUN
//	batchkit logs [--follow] [--container C] [--index N] [--attempt N] [-o text|json] [--queue Q] [--endpoint-url URL] RUN JOB
//	batchkit cancel [--reason TEXT] [-o text|json] [--queue Q] [--endpoint-url URL] RUN
//	batchkit serve [--addr 127.0.0.1:4580] [--run succeed|process|manual] [--duration D] [--pace D] [--capacity N]
//	               [--time-scale F | --virtual-clock[=TIME]] [--state FILE] [--region R] [--account N]
//
// The exit status is 0 if nothing of severity error, no difference, or no failed
// job was found, 1 if something was, and 2 if something could not be read,
// compared, submitted, watched or served, or the command line is wrong.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
)

func main() { os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// The exit status of the command.
const (
	statusOK         = 0 // no finding of severity error, no difference, no failed job
	statusFound      = 1 // at least one
	statusUnreadable = 2 // something could not be read, compared, submitted, watched or served, or the command line is wrong
)

// A status ends the command with an exit status, after all has been said.
type status int

func (s status) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// run is the whole program but for what belongs to the process.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := &cobra.Command{
		Use:           "batchkit",
		Short:         "Check, compare, run and try out AWS Batch jobs",
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.AddCommand(validateCommand(), explainCommand(), diffCommand(), convertCommand(), planCommand(), graphCommand(),
		submitCommand(), watchCommand(), reportCommand(), logsCommand(), cancelCommand(), serveCommand())
	for _, command := range root.Commands() {
		command.Args = showUse(command.Args)
	}
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	var s status
	switch {
	case err == nil:
		return statusOK
	case errors.As(err, &s):
		return int(s)
	}
	fmt.Fprintf(stderr, "batchkit: %v\n", err)
	return statusUnreadable
}

// showUse has a wrong number of arguments told by what they should be.
func showUse(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if check == nil || check(cmd, args) == nil {
			return nil
		}
		return fmt.Errorf("%s given; use: %s", number(len(args), "argument"), cmd.UseLine())
	}
}
