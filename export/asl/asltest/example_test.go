package asltest_test

import (
	"context"
	"fmt"

	"github.com/batchkit/batchkit-go/batchtest"
	"github.com/batchkit/batchkit-go/export/asl/asltest"
)

// A request that AWS Batch refuses fails the execution, in the service's words.
func ExampleRun() {
	srv := batchtest.New()
	defer srv.Close()
	const machine = `{"StartAt": "Run", "States": {"Run": {
		"Type": "Task", "Resource": "arn:aws:states:::batch:submitJob.sync",
		"Parameters": {"JobName": "a", "JobQueue": "default", "JobDefinition": "unknown"},
		"Catch": [{"ErrorEquals": ["Batch.ClientException"], "ResultPath": "$.error", "Next": "Done"}], "End": true},
		"Done": {"Type": "Succeed"}}}`
	execution, err := asltest.Run(context.Background(), srv.Client(), machine, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(execution.States, execution.Succeeded())
	// Output: [Run Done] true
}
