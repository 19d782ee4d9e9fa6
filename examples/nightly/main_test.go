package main

import (
	"bytes"
	"testing"

	"github.com/batchkit/batchkit-go/internal/golden"
)

// With fewer reports than the program has, and for the rest the same.
func TestOutput(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := run(t.Context(), &out, 400); err != nil {
		t.Fatal(err)
	}
	golden.Check(t, "testdata/output.txt", out.String())
}

func TestPlanIsTheSameForTheSameEvent(t *testing.T) {
	t.Parallel()
	first, err := plan(event("2026-11-20", 50))
	if err != nil {
		t.Fatal(err)
	}
	again, err := plan(event("2026-11-20", 50))
	if err != nil {
		t.Fatal(err)
	}
	if first.Digest() != again.Digest() {
		t.Error("the plans of one event differ, so a second invocation could not go on with the first")
	}
}
