package task_test

import (
	"fmt"

	"github.com/batchkit/batchkit-go/task"
)

// A child of an array finds its share of the work. The variables would come from the environment, by task.Read.
func ExampleFrom() {
	t, err := task.From(env{
		"AWS_BATCH_JOB_ID":          "4f2d3c1a-0000-4000-8000-000000000000:3",
		"AWS_BATCH_JOB_ATTEMPT":     "1",
		"AWS_BATCH_JOB_ARRAY_INDEX": "3",
		"BATCHKIT_ARRAY_OFFSET":     "8334",
		"BATCHKIT_ARRAY_SIZE":       "25000",
	}.lookup)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("file %d of %d, attempt %d\n", t.Array.Index, t.Array.Size, t.Attempt)
	// Output: file 8337 of 25000, attempt 1
}

// Outside of a job the error says so.
func ExampleIndex() {
	index, err := task.Index()
	fmt.Println(index, err)
	// Output: 0 task: not in an array: AWS_BATCH_JOB_ARRAY_INDEX is not set
}
