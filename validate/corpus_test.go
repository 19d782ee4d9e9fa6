package validate_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
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

// notJudged are the refused requests whose fault is the matter of an area of rules, or of a single rule, that may not
// be in the catalogue. The excuse holds as long as it is not.
var notJudged = map[string]struct{ area, reason string }{
	"006-docs-gromacs-describe-output.json":      {"JD021", "members of the output of DescribeJobDefinitions, found where JSON is read"},
	"025-docs-efs-rootdir-with-accesspoint.json": {"VOL", "a root directory beside an access point"},
	"104-airflow-empty-retrystrategy.json":       {"RTY", "a retry strategy without attempts"},
	"152-snakemake-timeout59.json":               {"TMO", "a timeout of 59 seconds"},
	"262-mutants-runtimeplatform-misplaced.json": {"JD021", "a member in the wrong place, found where JSON is read"},
	"287-ecs-override-image-field.json":          {"JD021", "an override of the image, found where JSON is read"},
	"358-efs-iam-without-encryption.json":        {"VOL", "IAM without encryption"},
	"359-efs-port-70000.json":                    {"VOL", "a port above 65535"},
	"383-submit-image-override.json":             {"JD021", "an override of the image, found where JSON is read"},
}

// doomed are the requests that the service accepts although the job is bound to fail, with the rule that says so.
var doomed = map[string]string{
	"217-hyp3-3041-overrides-9k.json": "SUB009",
}

// excused reports whether nothing in the catalogue can find the fault of a request.
func excused(name string) bool {
	entry, ok := notJudged[name]
	return ok && !slices.ContainsFunc(validate.Rules(), func(r validate.Rule) bool { return strings.HasPrefix(r.ID, entry.area) })
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
			case item.Expect == "rejected" && len(errs) == 0 && !excused(name):
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
