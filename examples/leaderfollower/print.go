package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchkit"
)

// describe says in a line what has changed.
func describe(e batchkit.Event) string {
	text := string(e.To)
	if e.Reason != "" {
		text += " (" + e.Reason + ")"
	}
	var children []string
	for _, status := range (types.JobStatus)("").Values() {
		if n := e.Children[string(status)]; n > 0 {
			children = append(children, fmt.Sprintf("%d %s", n, status))
		}
	}
	if len(children) > 0 {
		text += ": " + strings.Join(children, ", ")
	}
	return text
}

// times are when jobs started and ended, in seconds since the run was first looked at. An array has no times of its own:
// it starts with the first of its children that runs.
type times struct {
	zero           time.Time
	started, ended map[string]float64
}

func newTimes() *times {
	return &times{zero: time.Now(), started: map[string]float64{}, ended: map[string]float64{}}
}

// note takes in an event and returns when it was.
func (t *times) note(e batchkit.Event) float64 {
	at := e.At.Sub(t.zero).Seconds()
	running := e.To == types.JobStatusRunning || e.Children[string(types.JobStatusRunning)] > 0
	if _, ok := t.started[e.Job]; running && !ok {
		t.started[e.Job] = at
	}
	t.ended[e.Job] = at
	return at
}

// printTable prints the jobs with their states and times.
func printTable(out io.Writer, result *batchkit.Result, t *times) {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "JOB\tSTATE\tSTARTED\tENDED\tWHY")
	for _, j := range result.Jobs {
		started := "never"
		if at, ok := t.started[j.Name]; ok {
			started = fmt.Sprintf("%.1fs", at)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%.1fs\t%s\n", j.Name, j.Status, started, t.ended[j.Name], j.Why())
	}
	table.Flush()
}

// printResults prints what the followers have left in the store.
func printResults(out io.Writer, store string) error {
	files, err := filepath.Glob(filepath.Join(store, "result-*.txt"))
	if err != nil || len(files) == 0 {
		return fmt.Errorf("no results: %w", err)
	}
	last, err := os.ReadFile(files[len(files)-1])
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d results, the last: %s", len(files), last)
	return nil
}
