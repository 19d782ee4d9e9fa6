package batchjson_test

import (
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchjson"
)

func TestMarshalText(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		reason string
		value  any
		want   string
	}{{
		name:   "zero value",
		reason: "what is not set is not written",
		value:  batch.SubmitJobInput{},
		want:   `{}`,
	}, {
		name:   "empty is not absent",
		reason: "the service tells an empty list or text from none",
		value: &batch.SubmitJobInput{
			JobName: aws.String(""), DependsOn: []types.JobDependency{}, Tags: map[string]string{},
			Timeout: &types.JobTimeout{}, SchedulingPriorityOverride: aws.Int32(0), PropagateTags: aws.Bool(false),
		},
		want: `{"jobName":"","dependsOn":[],"propagateTags":false,"schedulingPriorityOverride":0,"tags":{},"timeout":{}}`,
	}, {
		name:   "sorted keys",
		reason: "equal values give equal bytes",
		value:  types.LogConfiguration{LogDriver: "awslogs", Options: map[string]string{"b": "2", "a.x": "1", "A": "0"}},
		want:   `{"logDriver":"awslogs","options":{"A":"0","a.x":"1","b":"2"}}`,
	}, {
		name:   "escapes",
		reason: "only what JSON demands is escaped; nothing is done for HTML",
		value:  &types.KeyValuePair{Value: aws.String("<a>&\u2028\"\\\n\r\t\x00\x1f\x7fé")},
		want:   `{"value":"<a>&` + "\u2028" + `\"\\\n\r\t\u0000\u001f` + "\x7fé" + `"}`,
	}, {
		name:   "not UTF-8",
		reason: "JSON cannot hold it; the SDK sends U+FFFD as well",
		value:  types.KeyValuePair{Value: aws.String("a\xff\xfeb\xc3")},
		want:   "{\"value\":\"a\ufffd\ufffdb\ufffd\"}",
	}, {
		name:   "floats",
		reason: "the shortest text that reads back the same, for each size",
		value:  types.ShareAttributes{WeightFactor: aws.Float32(0.1)},
		want:   `{"weightFactor":0.1}`,
	}, {
		name:   "not a number",
		reason: "as the SDK writes it",
		value:  types.ShareAttributes{WeightFactor: aws.Float32(float32(math.NaN()))},
		want:   `{"weightFactor":"NaN"}`,
	}}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if test.name == "" || test.reason == "" {
				t.Fatal("a row needs a name and a reason")
			}
			got, err := batchjson.Marshal(test.value)
			if err != nil || string(got) != test.want {
				t.Errorf("got  %s, %v\nwant %s", got, err, test.want)
			}
		})
	}
}

// Floats that are no numbers, and bytes that are no text, travel as the SDK
// sends them.
func TestMarshalOddValuesAsTheSDK(t *testing.T) {
	t.Parallel()
	op := operation{name: "CreateSchedulingPolicy", input: reflect.TypeFor[batch.CreateSchedulingPolicyInput]()}
	for _, f := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), math.MaxFloat32, math.SmallestNonzeroFloat32} {
		input := &batch.CreateSchedulingPolicyInput{FairsharePolicy: &types.FairsharePolicy{
			ShareDistribution: []types.ShareAttributes{{WeightFactor: aws.Float32(float32(f))}},
		}}
		compareInput(t, op, reflect.ValueOf(input))
	}
	input := &batch.CreateSchedulingPolicyInput{Name: aws.String("\xff\u2028\xc3")}
	ours, err := batchjson.Marshal(input)
	if err != nil {
		t.Fatal(err)
	}
	sent, _ := call(t, op, reflect.ValueOf(input), []byte("{}"))
	if diff := cmp.Diff(jsonValue(t, sent), jsonValue(t, ours)); diff != "" {
		t.Errorf("-SDK +Marshal:\n%s", diff)
	}
}

// An entry with a nil list is the one thing besides odd text that is lost.
func TestMarshalNilListInMap(t *testing.T) {
	t.Parallel()
	got, err := batchjson.Marshal(types.FrontOfQuotaSharesDetail{
		QuotaShares: map[string][]types.FrontOfQuotaShareJobSummary{"b": nil, "a": {}},
	})
	if want := `{"quotaShares":{"a":[]}}`; err != nil || string(got) != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
}

func TestMarshalIndent(t *testing.T) {
	t.Parallel()
	in := &batch.SubmitJobInput{JobName: aws.String("{a}"), Tags: map[string]string{}, Timeout: &types.JobTimeout{AttemptDurationSeconds: aws.Int32(60)}}
	want := "{\n\t\"jobName\": \"{a}\",\n\t\"tags\": {},\n\t\"timeout\": {\n\t\t\"attemptDurationSeconds\": 60\n\t}\n}"
	if got, err := batchjson.MarshalIndent(in, "\t"); err != nil || string(got) != want {
		t.Errorf("got %s, %v\nwant %s", got, err, want)
	}
	if got, err := batchjson.MarshalIndent(in, "--"); err == nil {
		t.Errorf("an indent that is no white space was taken: %s", got)
	}
	if _, err := batchjson.MarshalIndent(1, ""); !errors.Is(err, batchjson.ErrType) {
		t.Errorf("got %v, want ErrType", err)
	}
}

func TestMarshalWantsAStruct(t *testing.T) {
	t.Parallel()
	var none *batch.SubmitJobInput
	for _, v := range []any{nil, none, 1, "x", []string{}, struct{ F func() }{}, struct{ P **int32 }{}, struct{ L []*string }{}} {
		if got, err := batchjson.Marshal(v); !errors.Is(err, batchjson.ErrType) {
			t.Errorf("%T: got %s, %v, want ErrType", v, got, err)
		}
	}
	if _, err := batchjson.Marshal(struct{ Inner struct{ F func() } }{}); err == nil || !strings.Contains(err.Error(), "Inner") {
		t.Errorf("the error does not say where: %v", err)
	}
}

// The callers of a result may change it: it must not be a buffer in use.
func TestMarshalResultsAreIndependent(t *testing.T) {
	t.Parallel()
	a, err := batchjson.Marshal(types.KeyValuePair{Name: aws.String("first")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := batchjson.Marshal(types.KeyValuePair{Name: aws.String("OTHER")}); err != nil {
		t.Fatal(err)
	}
	if string(a) != `{"name":"first"}` {
		t.Errorf("the first result became %s", a)
	}
}
