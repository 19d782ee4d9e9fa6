package pascal

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchjson"
)

// The keys of maps are the user's, whatever case they have; every member begins with a capital.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	const api = `{"jobDefinition":"d","jobName":"n","jobQueue":"q","arrayProperties":{"size":3},"dependsOn":[],` +
		`"ecsPropertiesOverride":{"taskProperties":[{"containers":[{"environment":[{"name":"lower","value":"x"}],"name":"app"}]}]},` +
		`"parameters":{"Upper":"1","lower":"2"},"propagateTags":false,"tags":{"team:a":"b"}}`
	const want = `{"ArrayProperties":{"Size":3},"DependsOn":[],"EcsPropertiesOverride":{"TaskProperties":[{"Containers":[` +
		`{"Environment":[{"Name":"lower","Value":"x"}],"Name":"app"}]}]},"JobDefinition":"d","JobName":"n","JobQueue":"q",` +
		`"Parameters":{"Upper":"1","lower":"2"},"PropagateTags":false,"Tags":{"team:a":"b"}}`
	var in batch.SubmitJobInput
	if err := batchjson.Unmarshal([]byte(api), &in); err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(Value(&in))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("written: -want +got\n%s", diff)
	}
	var tree any
	if err := json.Unmarshal(got, &tree); err != nil {
		t.Fatal(err)
	}
	var back batch.SubmitJobInput
	if err := Read(tree, &back); err != nil {
		t.Fatal(err)
	}
	again, err := batchjson.Marshal(&back)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(api, string(again)); diff != "" {
		t.Errorf("read: -want +got\n%s", diff)
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, reason string
		tree         any
		kind         batchjson.Kind
	}{
		{"lower", "the API's own spelling is not that of Step Functions", map[string]any{"jobName": "n"}, batchjson.UnknownMember},
		{"deep", "at any depth", map[string]any{"ContainerOverrides": map[string]any{"command": []any{"a"}}}, batchjson.UnknownMember},
		{"unknown", "a member that there is not", map[string]any{"JobNames": "n"}, batchjson.UnknownMember},
		{"empty", "a name with no letter at all", map[string]any{"": "n"}, batchjson.UnknownMember},
		{"type", "a list is no name", map[string]any{"JobName": []any{"n"}}, batchjson.WrongType},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			err := Read(test.tree, &batch.SubmitJobInput{})
			var e *batchjson.Error
			if !errors.As(err, &e) || e.Problems[0].Kind != test.kind {
				t.Errorf("%s: %s, not %v", test.reason, test.kind, err)
			}
		})
	}
}

func TestValueOfOutput(t *testing.T) {
	t.Parallel()
	out := &batch.DescribeJobsOutput{Jobs: []types.JobDetail{{Status: types.JobStatusFailed, IsTerminated: nil}}}
	want := map[string]any{"Jobs": []any{map[string]any{"Status": "FAILED"}}}
	if diff := cmp.Diff(want, Value(out)); diff != "" {
		t.Errorf("without metadata: -want +got\n%s", diff)
	}
}
