package validate_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/internal/corpus"
	"github.com/batchkit/batchkit-go/validate"
)

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

// TestCorpus holds the rules to a corpus of requests: what is accepted gets no error, what is refused at least one.
func TestCorpus(t *testing.T) {
	t.Parallel()
	for _, item := range corpus.Read(t) {
		t.Run(item.Name, func(t *testing.T) {
			t.Parallel()
			findings, ok := judgeItem(t, item)
			if !ok {
				t.Skipf("kind %s is not read here", item.Kind)
			}
			errs := findings.Errors()
			switch {
			case doomed[item.Name] != "":
				if diff := cmp.Diff([]string{doomed[item.Name]}, errs.Rules()); diff != "" {
					t.Errorf("accepted, and the job fails (%s): rules of the errors (-want +got):\n%s", item.Why, diff)
				}
			case item.Expect == "accepted" && len(errs) > 0:
				t.Errorf("accepted (%s), but got %v", item.Why, errs)
			case item.Expect == "rejected" && len(errs) == 0 && readElsewhere[item.Name] == "":
				t.Errorf("refused (%s), but got no error", item.Why)
			}
		})
	}
}

// judgeItem judges a request, a submission with the definition that its note names. An input that cannot be read
// is as good as refused. It reports false for a kind of input that it does not know.
func judgeItem(tb testing.TB, item corpus.Item) (validate.Findings, bool) {
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
		if definition, ok := item.Context(tb); ok {
			var def batch.RegisterJobDefinitionInput
			if err := batchjson.Unmarshal(definition.Input, &def, batchjson.IgnoreUnknown()); err != nil {
				tb.Fatalf("%s: %v", definition.Name, err)
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
