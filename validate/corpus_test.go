package validate_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/validate"
)

// A corpusItem is a request found in public, with what AWS Batch, or a client of it, says to it.
type corpusItem struct {
	Kind   string          `json:"kind"`
	Expect string          `json:"expect"`
	Why    string          `json:"why"`
	Note   string          `json:"note"`
	Input  json.RawMessage `json:"input"`
}

// readElsewhere are the refused requests whose only fault is a member that the API does not have: JD021 is judged where
// JSON is read, and the inputs of this test are read without it.
var readElsewhere = map[string]string{
	"006-docs-gromacs-describe-output.json":      "members of the output of DescribeJobDefinitions",
	"262-mutants-runtimeplatform-misplaced.json": "a member in the wrong place",
	"287-ecs-override-image-field.json":          "an override of the image",
	"383-submit-image-override.json":             "an override of the image",
}

// doomed are the requests that the service accepts although the job is bound to fail, with the rule that says so.
var doomed = map[string]string{
	"217-hyp3-3041-overrides-9k.json": "SUB009",
}

var contextFile = regexp.MustCompile(`CONTEXT: .*?(\d{3}-[a-z0-9-]+\.json)`)

// TestCorpus holds the rules to a corpus of requests: what is accepted gets no error, what is refused at least one.
func TestCorpus(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("BATCHKIT_CORPUS")
	if dir == "" {
		t.Skip("BATCHKIT_CORPUS is not set: it names a folder of requests with their known outcome")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no corpus in %s: %v", dir, err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			item := readItem(t, file)
			findings, ok := judgeItem(t, dir, item)
			if !ok {
				t.Skipf("kind %s is not read here", item.Kind)
			}
			errs := findings.Errors()
			switch {
			case doomed[name] != "":
				if diff := cmp.Diff([]string{doomed[name]}, errs.Rules()); diff != "" {
					t.Errorf("accepted, and the job fails (%s): rules of the errors (-want +got):\n%s", item.Why, diff)
				}
			case item.Expect == "accepted" && len(errs) > 0:
				t.Errorf("accepted (%s), but got %v", item.Why, errs)
			case item.Expect == "rejected" && len(errs) == 0 && readElsewhere[name] == "":
				t.Errorf("refused (%s), but got no error", item.Why)
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

// judgeItem judges a request, a submission with the definition that its note names. An input that cannot be read
// is as good as refused. It reports false for a kind of input that it does not know.
func judgeItem(tb testing.TB, dir string, item corpusItem) (validate.Findings, bool) {
	tb.Helper()
	switch item.Kind {
	case "RegisterJobDefinition":
		var def batch.RegisterJobDefinitionInput
		if err := batchjson.Unmarshal(item.Input, &def, batchjson.IgnoreUnknown()); err != nil {
			return unreadable(err), true
		}
		return validate.JobDefinition(&def), true
	case "SubmitJob":
		var in batch.SubmitJobInput
		if err := batchjson.Unmarshal(item.Input, &in, batchjson.IgnoreUnknown()); err != nil {
			return unreadable(err), true
		}
		var opts []validate.Option
		if m := contextFile.FindStringSubmatch(item.Note); m != nil {
			var def batch.RegisterJobDefinitionInput
			if err := batchjson.Unmarshal(readItem(tb, filepath.Join(dir, m[1])).Input, &def, batchjson.IgnoreUnknown()); err != nil {
				tb.Fatalf("%s: %v", m[1], err)
			}
			opts = append(opts, validate.WithDefinition(&def))
		}
		return validate.SubmitJob(&in, opts...), true
	default:
		return nil, false
	}
}

func unreadable(err error) validate.Findings {
	return validate.Findings{{Rule: "unreadable", Severity: validate.Error, Message: err.Error()}}
}
