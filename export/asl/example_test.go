package asl_test

import (
	"fmt"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/export/asl"
)

// A job of one container becomes a .sync task, a job of several is submitted and looked at.
func ExampleExport() {
	w := batchkit.NewWorkflow("report")
	fetch := w.Add(batchkit.Job("fetch", "night", single))
	w.Add(batchkit.Job("report", "night", multi), batchkit.After(fetch))
	plan, err := w.Plan()
	if err != nil {
		fmt.Println(err)
		return
	}
	machine, _, err := asl.Export(plan, asl.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(machine.States["fetch"].Resource, "then", machine.States["fetch"].Next)
	fmt.Println(machine.States["report: submit"].Resource, "then", machine.States["report: submit"].Next)
	// Output:
	// arn:aws:states:::batch:submitJob.sync then report: find
	// arn:aws:states:::aws-sdk:batch:submitJob then report: look
}

func ExampleAnalyse() {
	const machine = `{"StartAt": "Run", "States": {"Run": {
		"Type": "Task", "Resource": "arn:aws:states:::batch:submitJob.sync",
		"Parameters": {"JobName": "a", "JobQueue": "night", "JobDefinition": "multi:3"}, "End": true}}}`
	for _, f := range asl.Analyse([]byte(machine), multi.Input()) {
		fmt.Println(f.Rule, f.Path, f.Service)
	}
	// Output: OVR001 States.Run.Resource Container overrides should not be set for ecsProperties jobs.
}
