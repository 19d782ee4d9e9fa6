package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// A corpusItem is a request or a resource found in public, with what AWS, or a client of it, says to it.
type corpusItem struct {
	Kind   string          `json:"kind"`
	Expect string          `json:"expect"`
	Why    string          `json:"why"`
	Note   string          `json:"note"`
	Input  json.RawMessage `json:"input"`
}

// excuses are the items whose verdict the command does not share, each with the reason.
var excuses = map[string]string{
	"217-hyp3-3041-overrides-9k.json": "the service takes the submission and then fails every job of it, which is an error too",
}

var contextFile = regexp.MustCompile(`CONTEXT: .*?(\d{3}-[a-z0-9-]+\.json)`)

// TestCorpus holds the whole command to a corpus of real inputs: what is
// accepted gets no error, what is refused at least one.
func TestCorpus(t *testing.T) {
	t.Parallel()
	corpus := os.Getenv("BATCHKIT_CORPUS")
	if corpus == "" {
		t.Skip("BATCHKIT_CORPUS is not set: it names a folder of inputs with their known outcome")
	}
	files, err := filepath.Glob(filepath.Join(corpus, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no corpus in %s: %v", corpus, err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			item := readItem(t, file)
			dir := t.TempDir()
			args := []string{"validate", "-o", "json"}
			if m := contextFile.FindStringSubmatch(item.Note); m != nil {
				definition := readItem(t, filepath.Join(corpus, m[1]))
				args = append(args, "--definition", store(t, dir, "definition.json", definition))
			}
			got, status := validateJSON(t, append(args, store(t, dir, "input.json", item))...)
			failed := status != statusOK
			switch {
			case status == statusUnreadable:
				t.Errorf("could not be read: %+v", got.Files)
			case item.Expect == "accepted" && failed && excuses[name] == "":
				t.Errorf("accepted (%s), but got %v", item.Why, errorsIn(got))
			case item.Expect == "rejected" && !failed && excuses[name] == "":
				t.Errorf("refused (%s), but got no error", item.Why)
			case excuses[name] != "":
				t.Logf("excused: %s", excuses[name])
			}
		})
	}
}

func readItem(tb testing.TB, file string) corpusItem {
	tb.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	var item corpusItem
	if err := json.Unmarshal(data, &item); err != nil {
		tb.Fatalf("%s: %v", file, err)
	}
	return item
}

// store writes the input of an item as its user has it: a resource stands in a template.
func store(tb testing.TB, dir, name string, item corpusItem) string {
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
