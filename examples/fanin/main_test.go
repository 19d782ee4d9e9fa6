package main

import (
	"bytes"
	"testing"

	"github.com/batchkit/batchkit-go/internal/golden"
)

func TestOutput(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := run(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	golden.Check(t, "testdata/output.txt", out.String())
}
