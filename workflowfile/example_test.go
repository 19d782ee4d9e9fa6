package workflowfile_test

import (
	"fmt"

	"github.com/batchkit/batchkit-go/workflowfile"
)

func Example() {
	file, err := workflowfile.Parse("nightly.yaml", []byte(`
name: nightly
queue: default
values: {DAY: null}
jobs:
  - name: prepare
    definition: prepare:3
    parameters: {day: "${{DAY}}"}
  - name: report
    definition: report:7
    after: prepare
    array: 12
`), workflowfile.Options{Values: map[string]string{"DAY": "monday"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	plan, err := file.Workflow().Plan()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(plan.Name, plan.Calls(), plan.Waves())
	// Output: nightly 2 [[prepare] [report]]
}

func ExampleError() {
	_, err := workflowfile.Parse("nightly.yaml", []byte(`
name: nightly
jobs:
  - name: report
    definition: report:7
    quue: default
    array: ten
`), workflowfile.Options{})
	fmt.Println(err)
	// Output:
	// nightly.yaml:4:5: jobs[0].queue is missing: name a queue here, or for all jobs at the top of the file
	// nightly.yaml:6:5: jobs[0].quue is no member of a job, nor of SubmitJob; did you mean queue?
	// nightly.yaml:7:12: jobs[0].array must be a number, found a string
}
