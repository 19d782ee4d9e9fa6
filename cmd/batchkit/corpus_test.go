package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/batchkit/batchkit-go/internal/corpus"
)

// excuses are the items whose verdict the command does not share, each with the reason.
var excuses = map[string]string{
	"217-hyp3-3041-overrides-9k.json": "the service takes the submission and then fails every job of it, which is an error too",
}

// TestCorpus holds the whole command to a corpus of real inputs: what is
// accepted gets no error, what is refused at least one.
func TestCorpus(t *testing.T) {
	t.Parallel()
	for _, item := range corpus.Read(t) {
		t.Run(item.Name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			args := []string{"validate", "-o", "json"}
			if definition, ok := item.Context(t); ok {
				args = append(args, "--definition", store(t, dir, "definition.json", definition))
			}
			got, status := validateJSON(t, append(args, store(t, dir, "input.json", item))...)
			failed := status != statusOK
			switch {
			case status == statusUnreadable:
				t.Errorf("could not be read: %+v", got.Files)
			case item.Expect == "accepted" && failed && excuses[item.Name] == "":
				t.Errorf("accepted (%s), but got %v", item.Why, errorsIn(got))
			case item.Expect == "rejected" && !failed && excuses[item.Name] == "":
				t.Errorf("refused (%s), but got no error", item.Why)
			case excuses[item.Name] != "":
				t.Logf("excused: %s", excuses[item.Name])
			}
		})
	}
}

// store writes the input of an item as its user has it: a resource stands in a template.
func store(tb testing.TB, dir, name string, item corpus.Item) string {
	tb.Helper()
	data := []byte(item.Input)
	if item.Kind == "CloudFormation" {
		data = append(append([]byte(`{"Resources": {"Definition": `), data...), "}}"...)
	}
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}

// readReport is a report as another program reads it.
type readReport struct {
	Files []struct {
		Path, Kind, Resource, Error string
		Findings                    []struct{ Rule, Severity, Path, Message, Source string }
	}
	Summary totals
}

// validateJSON runs the command and reads its report.
func validateJSON(tb testing.TB, args ...string) (readReport, int) {
	tb.Helper()
	var out, errs bytes.Buffer
	status := run(tb.Context(), args, bytes.NewReader(nil), &out, &errs)
	var got readReport
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		tb.Fatalf("no report (%v): %s", err, errs.String())
	}
	return got, status
}

func errorsIn(r readReport) []string {
	var out []string
	for _, file := range r.Files {
		for _, f := range file.Findings {
			if f.Severity == "error" {
				out = append(out, f.Path+": "+f.Message+" ("+f.Rule+")")
			}
		}
	}
	return out
}
