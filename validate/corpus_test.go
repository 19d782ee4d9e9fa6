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
	"006-docs-gromacs-describe-output.json":             {"JD021", "members of the output of DescribeJobDefinitions, found where JSON is read"},
	"025-docs-efs-rootdir-with-accesspoint.json":        {"VOL", "a root directory beside an access point"},
	"099-cdkunit-eks-no-resources.json":                 {"EKS", "a pod without resources"},
	"100-cdkunit-eks-cpu-only.json":                     {"EKS", "a pod without memory"},
	"101-cdkunit-eks-memory-limit-request-differ.json":  {"EKS", "limit and request of memory differ"},
	"104-airflow-empty-retrystrategy.json":              {"RTY", "a retry strategy without attempts"},
	"152-snakemake-timeout59.json":                      {"TMO", "a timeout of 59 seconds"},
	"173-cdk-29415-numnodes-closed-range.json":          {"OVR", "numNodes with a closed range"},
	"182-nextflow-5817-container-overrides-on-eks.json": {"OVR", "container overrides for a pod"},
	"202-exawsbatch-name-with-blanks.json":              {"SUB", "a job name with blanks"},
	"209-aegea-49-empty-command-string.json":            {"OVR", "a command with an empty string"},
	"210-boto3-3612-trailing-empty-argument.json":       {"OVR", "a command with an empty string"},
	"216-hyp3-3041-job-too-large.json":                  {"SUB", "a submission over 30 KiB"},
	"224-jssdk-4280-revision-latest.json":               {"SUB", "a revision that is no number"},
	"237-moto-eks-no-resources.json":                    {"EKS", "a pod without resources"},
	"238-moto-eks-empty-containers.json":                {"EKS", "a pod without containers"},
	"242-moto-submit-dot-in-name.json":                  {"SUB", "a job name with a dot"},
	"244-moto-submit-name-129.json":                     {"SUB", "a job name of 129 characters"},
	"262-mutants-runtimeplatform-misplaced.json":        {"JD021", "a member in the wrong place, found where JSON is read"},
	"287-ecs-override-image-field.json":                 {"JD021", "an override of the image, found where JSON is read"},
	"294-eks-cpu-millicores.json":                       {"EKS", "CPU in thousandths"},
	"295-eks-gpu-limit-request-differ.json":             {"EKS", "limit and request of GPUs differ"},
	"296-eks-cpu-request-over-limit.json":               {"EKS", "the request of CPU is above the limit"},
	"304-eks-override-with-ecs-override.json":           {"OVR", "overrides for a pod and for a task"},
	"328-tags-51.json":                                  {"TAG", "51 tags"},
	"356-swappiness-101.json":                           {"LNX", "swappiness of 101"},
	"357-device-permission-unknown.json":                {"LNX", "a device permission that is not there"},
	"358-efs-iam-without-encryption.json":               {"VOL", "IAM without encryption"},
	"359-efs-port-70000.json":                           {"VOL", "a port above 65535"},
	"368-mnp-gap.json":                                  {"MNP", "a gap between the ranges"},
	"369-mnp-not-covered.json":                          {"MNP", "ranges that end too soon"},
	"372-mnp-reversed-range.json":                       {"MNP", "a range from 3 to 0"},
	"375-submit-array-10001.json":                       {"ARR", "an array of 10,001"},
	"377-submit-missing-queue.json":                     {"SUB", "no queue"},
	"378-submit-dependency-type-unknown.json":           {"DEP", "a type of dependency that is not there"},
	"381-submit-priority-override-10000.json":           {"SUB", "a priority of 10,000"},
	"383-submit-image-override.json":                    {"JD021", "an override of the image, found where JSON is read"},
	"384-submit-fargate-odd-memory.json":                {"OVR", "an override that is no size of Fargate"},
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
