package main

import (
	"bytes"
	"regexp"
	"testing"
	"testing/synctest"

	"github.com/batchkit/batchkit-go/internal/golden"
)

// trailing is the space that a table leaves at the end of a line.
var trailing = regexp.MustCompile(`(?m)[ ]+$`)

// The output, and so every state and time in it, is the same at each run of the bubble's clock.
func TestOutput(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		if err := run(t.Context(), &out); err != nil {
			t.Fatal(err)
		}
		golden.Check(t, "testdata/output.txt", string(trailing.ReplaceAll(out.Bytes(), nil)))
	})
}
