package batchkit_test

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"

	"github.com/batchkit/batchkit-go/batchkit"
)

// A program that makes the SDK's own structs needs no builder to have them checked, ordered and submitted.
func ExampleWorkflow_AddInput() {
	job := func(name string) *batch.SubmitJobInput {
		return &batch.SubmitJobInput{JobName: aws.String(name), JobQueue: aws.String("default"), JobDefinition: aws.String("resize:3")}
	}
	w := batchkit.NewWorkflow("pictures")
	w.AddInput(job("album"), batchkit.After("left", "right")) // jobs that come later may be named
	w.AddInput(job("left"))
	w.AddInput(job("right"))

	plan, err := w.Plan()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, step := range plan.Steps {
		fmt.Println(step.Wave, step.Name, step.DependsOn)
	}
	// Output:
	// 0 left []
	// 0 right []
	// 1 album [{left } {right }]
}
