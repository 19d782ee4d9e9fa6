// Command batchkit checks definitions and submissions of AWS Batch jobs with no
// AWS account and without a network, compares definitions with what is
// registered, and is AWS Batch for other programs on this machine.
//
//	batchkit validate [-o text|json|sarif] [--kind K] [--definition FILE] [--strict] [--disable ID,…] FILE…
//	batchkit explain ID
//	batchkit diff [-o text|json] [--endpoint-url URL] FILE…
//	batchkit serve [--addr 127.0.0.1:4580] [--run succeed|process] [--pace DURATION]
//
// The exit status is 0 if nothing of severity error, or no difference, was
// found, 1 if something was, and 2 if something could not be read, compared or
// served, or the command line is wrong.
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
	statusOK         = 0 // no finding of severity error, no difference
	statusFound      = 1 // at least one
	statusUnreadable = 2 // something could not be read, compared or served, or the command line is wrong
)

// A status ends the command with an exit status, after all has been said.
type status int

func (s status) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// run is the whole program but for what belongs to the process.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := &cobra.Command{
		Use:           "batchkit",
		Short:         "Check, compare and try out AWS Batch jobs",
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.AddCommand(validateCommand(), explainCommand(), diffCommand(), serveCommand())
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
