package validate_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/validate"
)

// FuzzSubmitJob judges whatever can be read as a submission and a definition, together and alone: no rule panics,
// the findings are in order, none is there twice, and a second run finds the same.
func FuzzSubmitJob(f *testing.F) {
	bases, err := filepath.Glob("testdata/bases/submit*.json")
	if err != nil || len(bases) == 0 {
		f.Fatalf("no bases: %v", err)
	}
	for _, base := range bases {
		data, err := os.ReadFile(base)
		if err != nil {
			f.Fatal(err)
		}
		var parts struct{ Submission, Definition json.RawMessage }
		if err := json.Unmarshal(data, &parts); err != nil {
			f.Fatalf("%s: %v", base, err)
		}
		f.Add([]byte(parts.Submission), []byte(parts.Definition))
		f.Add([]byte(`{"nodeOverrides":{"numNodes":-1,"nodePropertyOverrides":[{"targetNodes":"9:","containerOverrides":{"vcpus":1}}]}}`), []byte(parts.Definition))
		f.Add([]byte(`{"ecsPropertiesOverride":{"taskProperties":[{"containers":[{},{"resourceRequirements":[{"type":"VCPU","value":"-"}]}]}]}}`), []byte(parts.Definition))
		f.Add([]byte(`{"containerOverrides":{},"eksPropertiesOverride":{"podProperties":{"containers":[{}],"initContainers":[{}]}}}`), []byte(parts.Definition))
	}
	f.Add([]byte(`{"retryStrategy":{"attempts":1,"evaluateOnExit":[{"onReason":"*"},{"action":"x"}]},"dependsOn":[{"type":"SEQUENTIAL"},{"type":"N_TO_N"}]}`), []byte(`{}`))
	f.Add([]byte(`{"nodeOverrides":{"numNodes":1}}`), []byte(`{"type":"multinode"}`))
	f.Add([]byte(`{"nodeOverrides":{"nodePropertyOverrides":[{"targetNodes":":","eksPropertiesOverride":{"podProperties":{"containers":[{"resources":{"limits":{"cpu":"1"},"requests":{"memory":"1Mi"}}}],"metadata":{"labels":{"":""}}}}}]}}`),
		[]byte(`{"type":"multinode","nodeProperties":{"numNodes":2,"nodeRangeProperties":[{"targetNodes":"0:","eksProperties":{"podProperties":{"containers":[{"resources":{"limits":{"memory":"2Mi"},"requests":{"cpu":"2"}}}]}}}]}}`))
	f.Fuzz(func(t *testing.T, submission, definition []byte) {
		var in batch.SubmitJobInput
		if batchjson.Unmarshal(submission, &in, batchjson.IgnoreUnknown()) != nil {
			t.Skip("not a submission")
		}
		opts := []validate.Option{validate.Strict()}
		sound(t, func() validate.Findings { return validate.SubmitJob(&in, opts...) })
		var def batch.RegisterJobDefinitionInput
		if batchjson.Unmarshal(definition, &def, batchjson.IgnoreUnknown()) == nil {
			opts = append(opts, validate.WithDefinition(&def))
			sound(t, func() validate.Findings { return validate.SubmitJob(&in, opts...) })
		}
	})
}

// TestWorkflowOnRandomGraphs judges graphs with unknown names, names given twice, circles and types of every kind.
func TestWorkflowOnRandomGraphs(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	seen := map[string]bool{}
	for range 500 {
		jobs := make([]validate.Job, r.IntN(12))
		for i := range jobs {
			jobs[i].Name = fmt.Sprint(r.IntN(2 * len(jobs)))
			if r.IntN(4) > 0 {
				jobs[i].Input = &batch.SubmitJobInput{ArrayProperties: &types.ArrayProperties{Size: new(int32)}}
				*jobs[i].Input.ArrayProperties.Size = r.Int32N(4)
			}
			for range r.IntN(4) {
				kinds := []types.ArrayJobDependency{"", "", types.ArrayJobDependencyNToN, types.ArrayJobDependencySequential, "X"}
				on := fmt.Sprint(r.IntN(2*len(jobs) + 1))
				if r.IntN(8) == 0 {
					on = ""
				}
				jobs[i].DependsOn = append(jobs[i].DependsOn, validate.Dependency{On: on, Type: kinds[r.IntN(len(kinds))]})
			}
		}
		for _, f := range sound(t, func() validate.Findings { return validate.Workflow(jobs, validate.Strict()) }) {
			seen[f.Rule] = true
		}
	}
	for _, id := range []string{"ARR001", "DEP002", "DEP003", "DEP004", "DEP006", "DEP007", "DEP010", "DEP011", "DEP012"} {
		if !seen[id] {
			t.Errorf("no graph breaks %s: the test is too tame", id)
		}
	}
}

// sound holds a run to what is promised of every list of findings, and returns the list.
func sound(tb testing.TB, run func() validate.Findings) validate.Findings {
	tb.Helper()
	findings := run()
	for i, f := range findings {
		if _, ok := validate.Lookup(f.Rule); !ok || f.Message == "" || f.Source == "" {
			tb.Errorf("finding without a rule, a message or a source: %+v", f)
		}
		if i > 0 && order(findings[i-1]) > order(f) {
			tb.Errorf("%v comes before %v", findings[i-1], f)
		}
		if i > 0 && findings[i-1] == f {
			tb.Errorf("found twice: %v", f)
		}
	}
	if diff := cmp.Diff(findings, run()); diff != "" {
		tb.Errorf("the second run differs (-first +second):\n%s", diff)
	}
	return findings
}
