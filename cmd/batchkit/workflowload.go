package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/internal/source"
	"github.com/batchkit/batchkit-go/internal/tree"
)

// loadPlan reads a workflow file and plans it. What is wrong with it goes to standard error, all of it, in the form of
// validate's text; the error is then the exit status.
func loadPlan(cmd *cobra.Command, path string, set map[string]string) (*batchkit.Plan, error) {
	data, err := readArgument(path, cmd.InOrStdin())
	if err != nil {
		return nil, err
	}
	return planText(cmd, path, data, set)
}

// planText is loadPlan for the text of a file.
func planText(cmd *cobra.Command, path string, data []byte, set map[string]string) (*batchkit.Plan, error) {
	file, results := judgeWorkflow(path, data, set)
	errs := cmd.ErrOrStderr()
	for _, r := range results {
		writeFindings(errs, r, palette(colourful(errs)))
	}
	printErrors(errs, results)
	if err := statusOf(results); err != nil {
		return nil, err
	}
	plan, err := file.Workflow().Plan()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return plan, nil
}

// readArgument reads a file, or standard input for "-".
func readArgument(path string, stdin io.Reader) ([]byte, error) {
	from := stdin
	if path != source.Stdin {
		file, err := os.Open(path)
		if err != nil {
			return nil, source.Unreadable(path, err)
		}
		defer file.Close()
		from = file
	}
	data, err := io.ReadAll(io.LimitReader(from, tree.MaxSize+1))
	if err != nil {
		return nil, source.Unreadable(path, err)
	}
	return data, nil
}
