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

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/spf13/cobra"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/internal/nearest"
)

type logsFlags struct {
	runFlags
	container      string
	index, attempt int
	follow, times  bool
	interval       time.Duration
}

func logsCommand() *cobra.Command {
	var flags logsFlags
	cmd := &cobra.Command{
		Use:   "logs [flags] RUN JOB",
		Short: "Print what a job of a run has written",
		Long: `Logs prints what the containers of a job have written to CloudWatch Logs, line by line in the order of
time; where there are several containers, each line begins with the container's name. Of an array --index
tells the child, and of a multi-node job the node, by default the main one. It shows the last attempt
unless --attempt names another. With --follow it goes on until the job has ended, over further attempts.

` + runHelp + `

With -o json each line is an object: {at, container, attempt, text}.

Exit status: 0 the logs were read, 2 the run, the job or its logs could not be found or read. What cannot
be read of one container is said, and the others are shown.`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, stop := untilSignal(cmd)
			defer stop()
			return runLogs(ctx, cmd, args[0], args[1], flags)
		},
	}
	flags.register(cmd.Flags())
	f := cmd.Flags()
	f.StringVar(&flags.container, "container", "", "container to show, all if not given")
	f.IntVar(&flags.index, "index", -1, "child of an array or node of a multi-node job, from 0")
	f.IntVar(&flags.attempt, "attempt", 0, "attempt to show, from 1; 0 is the last one")
	f.BoolVarP(&flags.follow, "follow", "f", false, "go on until the job has ended")
	f.BoolVarP(&flags.times, "timestamps", "t", false, "begin each line with its time")
	f.DurationVar(&flags.interval, "interval", 2*time.Second, "time between two looks, with --follow")
	return cmd
}

func (f *logsFlags) check() error {
	switch {
	case f.attempt < 0:
		return fmt.Errorf("--attempt must not be negative, found %d", f.attempt)
	case f.index < -1:
		return fmt.Errorf("--index must not be negative, found %d", f.index)
	case f.interval <= 0:
		return fmt.Errorf("--interval must be above 0, found %s", f.interval)
	}
	return nil
}

func runLogs(ctx context.Context, cmd *cobra.Command, id, name string, flags logsFlags) error {
	if err := flags.check(); err != nil {
		return err
	}
	services, run, err := flags.open(ctx, cmd.ErrOrStderr(), id)
	if err != nil {
		return err
	}
	jobID, err := flags.find(ctx, services.batch, run, name)
	if err != nil {
		return err
	}
	r := &logReader{
		services: services, job: jobID, container: flags.container, attempt: flags.attempt,
		out: newLogWriter(cmd.OutOrStdout(), flags.output, flags.times), errs: cmd.ErrOrStderr(),
	}
	err = r.read(ctx, flags.follow, flags.interval)
	if ctx.Err() != nil && flags.follow {
		return nil // which is how following ends, if not with the job
	}
	return err
}

// find returns the id of the job, child or node to look at.
func (f *logsFlags) find(ctx context.Context, api *batch.Client, run *batchkit.Run, name string) (string, error) {
	id, ok := run.ID(batchkit.Node(name))
	if !ok {
		return "", f.unknown(ctx, run, name)
	}
	d, err := describeJob(ctx, api, id)
	if err != nil {
		return "", err
	}
	switch {
	case d.ArrayProperties != nil && d.ArrayProperties.Size != nil:
		return f.part(name, "child", id, ":", int(*d.ArrayProperties.Size), func() string { return failedChildren(ctx, run, name) })
	case d.NodeProperties != nil:
		if f.index < 0 {
			f.index = int(aws.ToInt32(d.NodeProperties.MainNode))
		}
		return f.part(name, "node", id, "#", int(aws.ToInt32(d.NodeProperties.NumNodes)), nil)
	case f.index >= 0:
		return "", fmt.Errorf("job %q is no array and has no nodes: leave --index out", name)
	}
	return id, nil
}

// part returns the id of a child or node.
func (f *logsFlags) part(name, kind, id, mark string, size int, hint func() string) (string, error) {
	switch {
	case f.index < 0:
		return "", fmt.Errorf("job %q is an array of %d: --index tells which %s, 0 to %d%s", name, size, kind, size-1, hint())
	case f.index >= size:
		return "", fmt.Errorf("--index must be 0 to %d for job %q, found %d", size-1, name, f.index)
	}
	return id + mark + strconv.Itoa(f.index), nil
}

// failedChildren names the children of an array whose logs are the most likely to be asked for. It is no fault if they
// are not to be had.
func failedChildren(ctx context.Context, run *batchkit.Run, name string) string {
	const most = 10
	var text string
	n := 0
	for c, err := range run.Children(ctx, batchkit.Node(name), types.JobStatusFailed) {
		if err != nil {
			return ""
		}
		if n == most {
			return text + " and others"
		}
		if n == 0 {
			text = "; failed:"
		} else {
			text += ","
		}
		text += " " + strconv.Itoa(c.Index)
		n++
	}
	return text
}

// unknown says that the run has no such job, and which it may have been.
func (f *logsFlags) unknown(ctx context.Context, run *batchkit.Run, name string) error {
	err := &batchkit.UnknownJobError{RunID: run.RunID(), Job: name}
	result, lookErr := run.Look(ctx)
	if lookErr != nil {
		return err
	}
	names := map[string]bool{}
	for i := range result.Jobs {
		names[result.Jobs[i].Name] = true
	}
	sorted := slices.Sorted(maps.Keys(names))
	const most = 3
	made := slices.DeleteFunc(slices.Clone(sorted), func(o string) bool { return !strings.HasPrefix(o, name+"-") })
	if n := len(made); n > 1 { // parts of an array that was cut, or what each has made
		more := ""
		if n > most {
			more = fmt.Sprintf(" and %d more of that beginning", n-most)
		}
		return fmt.Errorf("%w; it has %s%s", err, strings.Join(made[:min(n, most)], ", "), more)
	}
	if near := nearest.Of(name, slices.Values(sorted)); near != "" {
		return fmt.Errorf("%w; did you mean %s?", err, near)
	}
	return fmt.Errorf("%w; AWS Batch forgets jobs some days after their end", err)
}

// errForgotten says that the service shows a job no more.
var errForgotten = errors.New("AWS Batch does not show the job: it forgets jobs some days after their end")

func describeJob(ctx context.Context, api *batch.Client, id string) (*types.JobDetail, error) {
	out, err := api.DescribeJobs(ctx, &batch.DescribeJobsInput{Jobs: []string{id}})
	if err != nil {
		return nil, fmt.Errorf("describing job %s: %w", id, err)
	}
	if len(out.Jobs) == 0 {
		return nil, fmt.Errorf("job %s: %w", id, errForgotten)
	}
	return &out.Jobs[0], nil
}
