package main

import (
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/spf13/cobra"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/export/asl"
	"github.com/batchkit/batchkit-go/internal/source"
)

// writeASL writes a state machine that submits the jobs side by side.
func writeASL(items []*item, _ string) ([]byte, error) {
	w := batchkit.NewWorkflow(aws.ToString(items[0].Submission.JobName))
	for _, i := range items {
		w.AddInput(i.Submission)
	}
	plan, err := w.Plan()
	if err != nil {
		return nil, err
	}
	return machine(plan)
}

func machine(plan *batchkit.Plan) ([]byte, error) {
	m, _, err := asl.Export(plan, asl.Options{}) // what it does beyond the plan is said in the machine
	if err != nil {
		return nil, err
	}
	return []byte(m.JSON()), nil
}

// convertWorkflow writes a workflow file as a state machine.
func convertWorkflow(cmd *cobra.Command, files []source.Loaded, set map[string]string) error {
	if len(files) > 1 {
		return errors.New("--to asl writes one machine: give one workflow file, or files with submissions")
	}
	plan, err := planText(cmd, files[0].Path, files[0].Workflow, set)
	if err != nil {
		return err
	}
	text, err := machine(plan)
	if err != nil {
		return fmt.Errorf("%s: %w", files[0].Path, err)
	}
	_, err = cmd.OutOrStdout().Write(text)
	return err
}
