package main

import (
	"bytes"
	"regexp"
	"testing"

	"github.com/batchkit/batchkit-go/internal/golden"
)

// requestID depends on how often the service was asked, and so on the speed of the machine.
var requestID = regexp.MustCompile(`RequestId: [-0-9a-f]+`)

// The output is the same at each run: ids are made from a seed, and processes are waited for.
func TestOutput(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := run(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	golden.Check(t, "testdata/output.txt", requestID.ReplaceAllString(out.String(), "RequestId: …"))
}
