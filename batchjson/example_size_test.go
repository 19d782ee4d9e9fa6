package batchjson_test

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"

	"github.com/batchkit/batchkit-go/batchjson"
)

// The service takes submissions of at most 30 KiB.
func ExampleSize() {
	n, err := batchjson.Size(&batch.SubmitJobInput{JobName: aws.String("nightly"), Parameters: map[string]string{"day": "Monday"}})
	fmt.Println(n, err)
	// Output:
	// 51 <nil>
}
