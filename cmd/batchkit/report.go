package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/batchkit/batchkit-go/report"
)

type reportFlags struct {
	runFlags
	lines int
}

func reportCommand() *cobra.Command {
	var flags reportFlags
	cmd := &cobra.Command{
		Use:   "report [flags] RUN",
		Short: "Say why a run failed: attempts, exit codes, reasons, the last lines of the logs",
		Long: `Report prints on one page what has failed in a run, and what never started because of it: the attempts
and containers of each failed job, child and node with exit codes and reasons, the last lines that they
wrote, and what to do where the cause is known. The run may still be under way. What cannot be read, such
as logs that the credentials do not allow, is named, and the rest is told.

` + runHelp + `

Exit status: 0 nothing has failed, 1 something has, 2 the run could not be found or read.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, stop := untilSignal(cmd)
			defer stop()
			return runReport(ctx, cmd, args[0], flags)
		},
	}
	flags.register(cmd.Flags())
	linesFlag(cmd.Flags(), &flags.lines)
	return cmd
}

func linesFlag(f *pflag.FlagSet, lines *int) {
	f.IntVar(lines, "lines", 20, "lines of each log that a report shows, 0 for none")
}

func runReport(ctx context.Context, cmd *cobra.Command, id string, flags reportFlags) error {
	services, run, err := flags.open(ctx, cmd.ErrOrStderr(), id)
	if err != nil {
		return err
	}
	result, err := run.Look(ctx)
	if err != nil {
		return err
	}
	found := report.Collect(ctx, services.batch, result, report.WithLogs(services.logs), report.WithLines(flags.lines), report.WithRun(id))
	if flags.output == "json" {
		err = writeJSON(cmd.OutOrStdout(), found)
	} else {
		_, err = fmt.Fprint(cmd.OutOrStdout(), found)
	}
	if err == nil && len(found.Failed)+len(found.NeverStarted) > 0 {
		err = status(statusFound)
	}
	return err
}
