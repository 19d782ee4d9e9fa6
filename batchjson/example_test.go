package batchjson_test

import (
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchjson"
)

func ExampleMarshal() {
	in := &batch.SubmitJobInput{
		JobName:       aws.String("thumbnails"),
		JobQueue:      aws.String("default"),
		JobDefinition: aws.String("thumbnails:3"),
		DependsOn:     []types.JobDependency{{Type: types.ArrayJobDependencySequential}},
		Tags:          map[string]string{},
	}
	data, err := batchjson.Marshal(in)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(data))
	// Output:
	// {"jobDefinition":"thumbnails:3","jobName":"thumbnails","jobQueue":"default","dependsOn":[{"type":"SEQUENTIAL"}],"tags":{}}
}

func ExampleMarshalIndent() {
	data, err := batchjson.MarshalIndent(types.JobTimeout{AttemptDurationSeconds: aws.Int32(60)}, "  ")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(data))
	// Output:
	// {
	//   "attemptDurationSeconds": 60
	// }
}

// Three mistakes are found at once, each with its place, and what is right is
// there all the same.
func ExampleUnmarshal() {
	const document = `{
  "jobDefinitionName": "thumbnails",
  "type": "container",
  "containerProperties": {
    "image": "public.ecr.aws/acme/thumbs:1",
    "command": "make-thumbs",
    "Vcpus": 1
  },
  "timeout": {"attemptDurationSeconds": "600"}
}`
	var in batch.RegisterJobDefinitionInput
	err := batchjson.Unmarshal([]byte(document), &in)

	var list *batchjson.Error
	if errors.As(err, &list) {
		for _, p := range list.Problems {
			fmt.Printf("line %d, column %d: %s (%s)\n\t%s\n", p.Line, p.Column, p.Path, p.Kind, p.Message)
		}
	}
	fmt.Println(*in.ContainerProperties.Image)
	// Output:
	// line 6, column 16: containerProperties.command (wrong-type)
	// 	must be a list of strings, found a string
	// line 7, column 5: containerProperties.Vcpus (unknown-member)
	// 	the API has no member of this name here; did you mean vcpus?
	// line 9, column 41: timeout.attemptDurationSeconds (wrong-type)
	// 	must be a whole number, found a string
	// public.ecr.aws/acme/thumbs:1
}

func ExampleIgnoreUnknown() {
	var in batch.SubmitJobInput
	err := batchjson.Unmarshal([]byte(`{"jobName":"a","newerThanThisSDK":true}`), &in, batchjson.IgnoreUnknown())
	fmt.Println(*in.JobName, err)
	// Output:
	// a <nil>
}
