package main

import (
	"bytes"
	"flag"
	"os"
	"regexp"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden output")

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
		got := trailing.ReplaceAll(out.Bytes(), nil)
		const golden = "testdata/output.txt"
		if *update {
			if err := os.WriteFile(golden, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("-want +got (rewrite with -update)\n%s", diff)
		}
	})
}
