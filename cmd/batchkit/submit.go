package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/batchkit/batchkit-go/batchkit"
)

// defaultGrace is that of package batchkit.
const defaultGrace = 2 * time.Minute

type submitFlags struct {
	runFlags
	id, journal string
	rate        int
	first, wait bool
	look        lookFlags
	grace       time.Duration
	set         map[string]string
}

func submitCommand() *cobra.Command {
	var flags submitFlags
	cmd := &cobra.Command{
		Use:   "submit [flags] FILE",
		Short: "Submit a workflow file, each job once, and see it through",
		Long: `Submit reads a workflow file, or - for standard input, and checks it as validate does; if anything is wrong
nothing is sent. Then it registers the definitions that have changed, submits the jobs, and prints the
id of the run.

Each job is submitted once, whatever happens. A submission that was interrupted goes on where it stopped
when it is started again with the same --journal, or from any machine with the same --run-id. Without a
journal the jobs of an earlier start are looked for, and those that are missing once more after the time
of --grace; --first-start says that there was none. With neither flag it is another run.

With --wait it then watches the run as "batchkit watch" does, and prints a report if anything failed. A
workflow with gates (afterEnd, afterFailure) needs that: AWS Batch has no such dependencies, so batchkit
submits those jobs when their time has come, for as long as it runs. After an interruption the same
command with --run-id goes on with that too.

` + eventHelp + `
Without --wait it is one object, {run, jobs}, with the id of each job by its name.

` + whereHelp + `

Exit status: 0 all was submitted, with --wait all jobs succeeded; 1 AWS Batch would refuse something, or
a job failed; 2 something could not be read, sent or watched, or it was interrupted.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, stop := untilSignal(cmd)
			defer stop()
			return runSubmit(ctx, cmd, args[0], flags)
		},
	}
	f := cmd.Flags()
	flags.endpointFlag(f)
	flags.outputFlag(f)
	f.StringVar(&flags.id, "run-id", "", "id of the run, by which it can be gone on with; made from name, time and chance if not given")
	f.StringVar(&flags.journal, "journal", "", "`file` that keeps what was sent, so that a submission can be gone on with at once")
	f.BoolVar(&flags.first, "first-start", false, "the run was never begun before: look for no jobs of it, and wait for none")
	f.IntVar(&flags.rate, "rate", batchkit.SubmitRate, "submissions a second at the most")
	f.DurationVar(&flags.grace, "grace", defaultGrace, "how long AWS Batch may take to show a job; less may have jobs run twice")
	f.BoolVar(&flags.wait, "wait", false, "watch the run until all jobs have ended")
	flags.look.register(f)
	setFlag(f, &flags.set)
	return cmd
}

func runSubmit(ctx context.Context, cmd *cobra.Command, path string, flags submitFlags) (err error) {
	if err := flags.check(); err != nil {
		return err
	}
	opts, err := flags.options()
	if err != nil {
		return err
	}
	plan, err := loadPlan(cmd, path, flags.set)
	if err != nil {
		return err
	}
	if plan.Attached() && !flags.wait {
		return fmt.Errorf("%s: nothing was sent: gates (afterEnd, afterFailure), which AWS Batch does not keep, hold %s back: "+
			"give --wait, and batchkit submits what they hold when its time has come", path, number(len(plan.Deferred()), "job"))
	}
	services, client, err := flags.connect(ctx, opts...)
	if err != nil {
		return err
	}
	var kept *batchkit.FileJournal
	if flags.journal != "" {
		if kept, err = batchkit.OpenJournal(flags.journal); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, kept.Close()) }() // at the end: an attached run goes on to write
	}
	if flags.id != "" && flags.journal == "" && !flags.first {
		fmt.Fprintf(cmd.ErrOrStderr(), "batchkit: looking for jobs of an earlier start; those that are missing are sent after %s (--first-start if there was none)\n", flags.grace)
	}
	shown := flags.view(cmd)
	run, err := client.Submit(ctx, plan, flags.submitOptions(&shownJournal{kept: kept, view: shown, jobs: len(plan.Steps)})...)
	if err != nil {
		shown.close()
		return flags.stopped(ctx, cmd, path, run, err)
	}
	for _, d := range run.Duplicates() {
		fmt.Fprintf(cmd.ErrOrStderr(), "batchkit: job %q existed twice: %s was ended, the run goes on with %s\n", d.Job, d.ID, d.Kept)
	}
	if flags.wait {
		w := watching{services: services, look: flags.look, output: flags.output, again: flags.about("watch", run.RunID())}
		if plan.Attached() {
			w.again = flags.again(path, run.RunID())
		}
		return w.follow(ctx, cmd, run, shown)
	}
	shown.close()
	return flags.tell(cmd, plan, run)
}

// options are those of the client. What is wrong with the flags comes before anything is read.
func (s *submitFlags) options() ([]batchkit.ClientOption, error) {
	poll, err := s.look.polling()
	switch {
	case err != nil:
		return nil, err
	case s.rate < 1:
		return nil, fmt.Errorf("--rate must be at least 1, found %d", s.rate)
	case s.grace < 0:
		return nil, fmt.Errorf("--grace must not be negative, found %s", s.grace)
	case s.first && s.id == "":
		return nil, errors.New("--first-start goes with --run-id only: without it every start is the first")
	}
	return []batchkit.ClientOption{poll, batchkit.WithSubmitRate(s.rate), batchkit.WithGrace(s.grace)}, nil
}

// view shows the submission, on the way to waiting or else only on a terminal.
func (s *submitFlags) view(cmd *cobra.Command) view {
	switch {
	case s.wait:
		return newView(cmd.OutOrStdout(), s.output, "")
	case s.output == "json":
		return silentView{}
	}
	return newView(cmd.ErrOrStderr(), s.output, "") // standard output is for the id of the run
}

// submitOptions are those of the submission.
func (s *submitFlags) submitOptions(j batchkit.Journal) []batchkit.SubmitOption {
	opts := []batchkit.SubmitOption{batchkit.WithJournal(j)}
	if s.id != "" {
		opts = append(opts, batchkit.RunID(s.id))
	}
	if s.first {
		opts = append(opts, batchkit.FirstStart())
	}
	return opts
}

// stopped says why a submission stopped, and how to go on.
func (s *submitFlags) stopped(ctx context.Context, cmd *cobra.Command, path string, run *batchkit.Run, err error) error {
	errs := cmd.ErrOrStderr()
	var at *batchkit.SubmitError
	if !errors.As(err, &at) {
		return err
	}
	if ctx.Err() != nil {
		fmt.Fprintf(errs, "batchkit: interrupted: %d of %s submitted\n", len(at.Submitted), number(at.Total, "job"))
	} else {
		fmt.Fprintf(errs, "batchkit: %s\n", printable(err.Error()))
	}
	var other *batchkit.RunMismatchError
	var bad *batchkit.RunIDError
	if run.RunID() == "" || errors.As(err, &other) || errors.As(err, &bad) {
		return status(statusUnreadable)
	}
	fmt.Fprintf(errs, "To go on:   %s\n", s.again(path, run.RunID()))
	if len(at.Submitted)+len(at.Unknown) > 0 {
		fmt.Fprintf(errs, "To end it:  %s\n", s.about("cancel", run.RunID()))
	}
	return status(statusUnreadable)
}

// again is the command that goes on with a run.
func (s *submitFlags) again(path, run string) string {
	args := []string{"batchkit", "submit", "--run-id", run}
	if s.journal != "" {
		args = append(args, "--journal", s.journal)
	}
	if s.endpoint != "" {
		args = append(args, "--endpoint-url", s.endpoint)
	}
	if s.rate != batchkit.SubmitRate {
		args = append(args, "--rate", strconv.Itoa(s.rate))
	}
	if s.grace != defaultGrace {
		args = append(args, "--grace", s.grace.String())
	}
	if s.wait {
		args = append(args, "--wait")
	}
	if s.output != "text" {
		args = append(args, "-o", s.output)
	}
	for _, name := range slices.Sorted(maps.Keys(s.set)) {
		args = append(args, "--set", name+"="+s.set[name])
	}
	return shellLine(append(args, path))
}

// tell says what was submitted.
func (s *submitFlags) tell(cmd *cobra.Command, plan *batchkit.Plan, run *batchkit.Run) error {
	if s.output == "json" {
		ids := make(map[string]string, len(plan.Steps))
		for i := range plan.Steps {
			name := plan.Steps[i].Name
			ids[name], _ = run.ID(batchkit.Node(name))
		}
		return writeJSON(cmd.OutOrStdout(), struct {
			Run  string            `json:"run"`
			Jobs map[string]string `json:"jobs"`
		}{run.RunID(), ids})
	}
	if _, err := fmt.Fprintln(cmd.OutOrStdout(), run.RunID()); err != nil {
		return err
	}
	_, err := fmt.Fprintf(cmd.ErrOrStderr(), "To watch:   %s\n", s.about("watch", run.RunID()))
	return err
}

// about is a command about a run.
func (r *runFlags) about(command, run string) string {
	args := []string{"batchkit", command}
	if r.endpoint != "" {
		args = append(args, "--endpoint-url", r.endpoint)
	}
	for _, q := range r.queues {
		args = append(args, "--queue", q)
	}
	return shellLine(append(args, run))
}

// shellLine is a command as a shell takes it.
func shellLine(args []string) string {
	for i, a := range args {
		if a == "" || strings.ContainsFunc(a, special) {
			args[i] = "'" + strings.ReplaceAll(a, "'", `'\''`) + "'"
		}
	}
	return printable(strings.Join(args, " "))
}

// special reports whether a character may mean something to a shell.
func special(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:=,@%+", r))
}
