package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/report"
)

// lookFlags are those of the commands that watch.
type lookFlags struct {
	interval, stuck time.Duration
	lines           int
}

func (l *lookFlags) register(f *pflag.FlagSet) {
	f.DurationVar(&l.interval, "interval", 2*time.Second, "time between two looks at the jobs while things happen; up to 15 times that while nothing does")
	f.DurationVar(&l.stuck, "stuck-after", 10*time.Minute, "how long a job may be RUNNABLE before it is said to be stuck; 0 never says so")
	linesFlag(f, &l.lines)
}

// polling is the option for the interval.
func (l *lookFlags) polling() (batchkit.ClientOption, error) {
	if l.interval <= 0 {
		return nil, fmt.Errorf("--interval must be above 0, found %s", l.interval)
	}
	return batchkit.WithPollInterval(l.interval, 15*l.interval), nil
}

type watchFlags struct {
	runFlags
	look lookFlags
}

func watchCommand() *cobra.Command {
	var flags watchFlags
	cmd := &cobra.Command{
		Use:   "watch [flags] RUN",
		Short: "Watch a run until all of its jobs have ended",
		Long: `Watch shows how a run goes on: on a terminal a picture that is drawn anew, elsewhere a line for each
change. It says which jobs are stuck in RUNNABLE, and what may be done about it. At the end of a run that
failed it prints what "batchkit report" does. Jobs that gates (afterEnd, afterFailure) hold back are seen
once a "batchkit submit --wait" of the run has submitted them.

` + runHelp + `

` + eventHelp + `

Exit status: 0 all jobs succeeded, 1 a job failed, 2 the run could not be found or watched, or it was
interrupted; the jobs then go on.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, stop := untilSignal(cmd)
			defer stop()
			return runWatch(ctx, cmd, args[0], flags)
		},
	}
	flags.register(cmd.Flags())
	flags.look.register(cmd.Flags())
	return cmd
}

func runWatch(ctx context.Context, cmd *cobra.Command, id string, flags watchFlags) error {
	poll, err := flags.look.polling()
	if err != nil {
		return err
	}
	services, run, err := flags.open(ctx, cmd.ErrOrStderr(), id, poll)
	if err != nil {
		return err
	}
	w := watching{services: services, look: flags.look, output: flags.output, again: flags.about("watch", id)}
	return w.follow(ctx, cmd, run, newView(cmd.OutOrStdout(), flags.output, id))
}

// newView is the view for a form of output and where it goes.
func newView(w io.Writer, output, run string) view {
	file, isFile := w.(*os.File)
	switch {
	case output == "json":
		return newJSONView(w)
	case isFile && isTerminal(file):
		return newTerminalView(w, run, terminalSize(file), palette(colourful(w)))
	}
	return &lineView{w: w, now: time.Now}
}

// watching is a run that is being watched to its end.
type watching struct {
	services services
	look     lookFlags
	output   string
	again    string // the command that goes on with it
}

// follow shows all that happens, and then what came of it.
func (w *watching) follow(ctx context.Context, cmd *cobra.Command, run *batchkit.Run, shown view) error {
	result, err := run.Wait(ctx, batchkit.StuckAfter(w.look.stuck), batchkit.OnEvent(shown.see))
	shown.close()
	var failed *batchkit.FailedError
	switch {
	case ctx.Err() != nil:
		errs := cmd.ErrOrStderr()
		fmt.Fprintln(errs, "batchkit: interrupted: jobs that are submitted go on")
		fmt.Fprintf(errs, "To go on:   %s\n", w.again)
		return status(statusUnreadable)
	case err != nil && !errors.As(err, &failed):
		return err
	}
	return w.conclude(ctx, cmd, run, result, failed == nil)
}

// conclude tells what came of a run.
func (w *watching) conclude(ctx context.Context, cmd *cobra.Command, run *batchkit.Run, result *batchkit.Result, good bool) error {
	out := cmd.OutOrStdout()
	counts := countStatus(result)
	if good {
		if w.output == "json" {
			newJSONView(out).write(resultLine{Type: "result", Run: run.RunID(), Status: "succeeded", Jobs: counts})
			return nil
		}
		_, err := fmt.Fprintf(out, "run %s succeeded%s: %s\n", run.RunID(), took(result), countsOf(counts))
		return err
	}
	found := report.Collect(ctx, w.services.batch, result, report.WithLogs(w.services.logs), report.WithLines(w.look.lines), report.WithRun(run.RunID()))
	if w.output == "json" {
		newJSONView(out).write(resultLine{Type: "result", Run: run.RunID(), Status: "failed", Jobs: counts, Report: found})
	} else if _, err := fmt.Fprintf(out, "\n%s", found); err != nil {
		return err
	}
	return status(statusFound)
}

// took says how long the jobs took, from the first submission to the last end, as far as AWS Batch tells. They may have been
// under way for long before somebody watched.
func took(r *batchkit.Result) string {
	var begin, end time.Time
	for i := range r.Jobs {
		j := &r.Jobs[i]
		if !j.Created.IsZero() && (begin.IsZero() || j.Created.Before(begin)) {
			begin = j.Created
		}
		if j.Stopped.After(end) {
			end = j.Stopped
		}
	}
	if begin.IsZero() || end.Before(begin) {
		return ""
	}
	return " in " + rounded(end.Sub(begin))
}
