package batchcmp_test

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchtest/batchcmp"
)

func ExampleCompareOptions() {
	want := &batch.SubmitJobInput{JobName: aws.String("a"), DependsOn: []types.JobDependency{}}
	got := &batch.SubmitJobInput{JobName: aws.String("a")}
	fmt.Println(cmp.Equal(want, got, batchcmp.CompareOptions()...))
	// Output: true
}

func TestCompareOptions(t *testing.T) {
	t.Parallel()
	rows := []struct {
		name, reason string
		a, b         any
		equal        bool
	}{
		{"names", "values count", &batch.SubmitJobInput{JobName: aws.String("a")}, &batch.SubmitJobInput{JobName: aws.String("b")}, false},
		{"pointers", "addresses do not", &batch.SubmitJobInput{JobName: aws.String("a")}, &batch.SubmitJobInput{JobName: aws.String("a")}, true},
		{"zero", "a zero that is sent is not one left out", &types.ArrayProperties{Size: aws.Int32(0)}, &types.ArrayProperties{}, false},
		{"outputs", "metadata of the call is ignored", &batch.DescribeJobsOutput{}, &batch.DescribeJobsOutput{Jobs: []types.JobDetail{}}, true},
		{"order", "the order of dependencies is kept", []types.JobDependency{{JobId: aws.String("a")}, {}}, []types.JobDependency{{}, {JobId: aws.String("a")}}, false},
	}
	for _, r := range rows {
		if r.name == "" || r.reason == "" {
			t.Fatalf("row %q: needs a name and a reason", r.name)
		}
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			if got := cmp.Equal(r.a, r.b, batchcmp.CompareOptions()...); got != r.equal {
				t.Errorf("equal is %v: %s", got, r.reason)
			}
		})
	}
}
