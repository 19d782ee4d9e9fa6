package export_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/batchkit/batchkit-go/export"
)

// All refusals are in the error, and each says where it is.
func ExampleError() {
	err := &export.Error{Target: "CloudFormation", Refusals: []export.Refusal{
		{Resource: "Report", Path: "timeout", Message: "is empty; leave it out"},
		{Message: "a template has at least one resource"},
	}}
	fmt.Println(err)
	// Output:
	// cannot be expressed in CloudFormation:
	//   Report: timeout: is empty; leave it out
	//   a template has at least one resource
}

func TestErrorIsShort(t *testing.T) {
	t.Parallel()
	err := &export.Error{Target: "Terraform", Refusals: make([]export.Refusal, 23)}
	if text := err.Error(); strings.Count(text, "\n") != 21 || !strings.HasSuffix(text, "\n  and 3 more") {
		t.Errorf("twenty lines and the number of the others, not\n%s", text)
	}
}
