package main

import (
	"bytes"
	"flag"
	"os"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden output")

// requestID depends on how often the service was asked, and so on the speed of the machine.
var requestID = regexp.MustCompile(`RequestId: [-0-9a-f]+`)

// The output is the same at each run: ids are made from a seed, and processes are waited for.
func TestOutput(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := run(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	got := requestID.ReplaceAllString(out.String(), "RequestId: …")
	const golden = "testdata/output.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("-want +got (rewrite with -update)\n%s", diff)
	}
}
