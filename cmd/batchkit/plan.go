package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

type planFlags struct {
	output string
	set    map[string]string
}

func planCommand() *cobra.Command {
	var flags planFlags
	cmd := &cobra.Command{
		Use:   "plan [flags] FILE",
		Short: "Tell what a workflow file would submit, and in which order",
		Long: `Plan reads a workflow file, or - for standard input, checks it as validate does, and prints what would be
sent to AWS Batch: the definitions, the jobs by wave, barriers, dependencies that others imply, the
critical path, and the time that the submissions take at the service's limit. Nothing is sent.
With -o json it prints the plan with all its requests.

A workflow file says which jobs there are, and what each waits for. Beside such members as these a job has
those of SubmitJob; docs/workflow-file.md in the repository of batchkit has them all:
  name: nightly
  queue: default
  values: {DAY: null}
  definitions: {report: definitions/report.json}
  jobs:
    - {name: prepare, definition: "prepare:3"}
    - {name: report, definition: report, after: prepare, array: 12, parameters: {day: "${{DAY}}"}}

Exit status: 0 there is a plan, 1 AWS Batch would refuse something, 2 something could not be read.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return runPlan(cmd, args[0], flags) },
	}
	f := cmd.Flags()
	f.StringVarP(&flags.output, "output", "o", "text", "form of the output: text or json")
	setFlag(f, &flags.set)
	return cmd
}

func runPlan(cmd *cobra.Command, path string, flags planFlags) error {
	if flags.output != "text" && flags.output != "json" {
		return fmt.Errorf("--output must be text or json, found %q", flags.output)
	}
	plan, err := loadPlan(cmd, path, flags.set)
	if err != nil {
		return err
	}
	if flags.output == "json" {
		return writeJSON(cmd.OutOrStdout(), plan)
	}
	plan.Warnings = nil // told already, with their places
	_, err = fmt.Fprint(cmd.OutOrStdout(), printable(plan.String()))
	return err
}
