package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/spf13/cobra"

	"github.com/batchkit/batchkit-go/batchkit"
)

type cancelFlags struct {
	runFlags
	reason string
}

func cancelCommand() *cobra.Command {
	var flags cancelFlags
	cmd := &cobra.Command{
		Use:   "cancel [flags] RUN",
		Short: "End all jobs of a run",
		Long: `Cancel ends all jobs of a run that have not ended, whatever their state. Jobs that run are stopped by
AWS Batch some seconds later; "batchkit watch" sees the end of it. A "batchkit submit --wait" of the run
that still goes on then submits its clean-ups (afterEnd), which are not cancelled.

` + runHelp + `

With -o json it prints one object, {run, jobs, ended, cancelled}: how many jobs there are, how many had
ended before, and how many AWS Batch was told to end.

Exit status: 0 all have ended or were told to, 2 the run could not be found, or not all of it be ended.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, stop := untilSignal(cmd)
			defer stop()
			return runCancel(ctx, cmd, args[0], flags)
		},
	}
	flags.register(cmd.Flags())
	cmd.Flags().StringVar(&flags.reason, "reason", "by hand", "why, for the status reason of the jobs; at most 1,003 characters of it are kept")
	return cmd
}

func runCancel(ctx context.Context, cmd *cobra.Command, id string, flags cancelFlags) error {
	_, run, err := flags.open(ctx, cmd.ErrOrStderr(), id)
	if err != nil {
		return err
	}
	result, err := run.Look(ctx)
	if err != nil {
		return err
	}
	ended := endedJobs(result)
	total := len(result.Jobs)
	if ended < total {
		if err := run.Cancel(ctx, flags.reason); err != nil {
			if ctx.Err() != nil {
				return errors.New("interrupted: some jobs may not have been ended; give the same command again")
			}
			return err
		}
	}
	if flags.output == "json" {
		return writeJSON(cmd.OutOrStdout(), struct {
			Run       string `json:"run"`
			Jobs      int    `json:"jobs"`
			Ended     int    `json:"ended"`
			Cancelled int    `json:"cancelled"`
		}{id, total, ended, total - ended})
	}
	text := fmt.Sprintf("run %s: %s cancelled, %d had ended before", id, number(total-ended, "job"), ended)
	if ended == total {
		text = fmt.Sprintf("run %s: all of its %s had ended before", id, number(total, "job"))
	}
	_, err = fmt.Fprintln(cmd.OutOrStdout(), text)
	return err
}

// endedJobs counts the jobs of which nothing more is to be expected.
func endedJobs(r *batchkit.Result) int {
	n := 0
	for i := range r.Jobs {
		if j := &r.Jobs[i]; j.Status == types.JobStatusSucceeded || j.Status == types.JobStatusFailed {
			n++
		}
	}
	return n
}
