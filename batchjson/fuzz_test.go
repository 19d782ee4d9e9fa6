package batchjson_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchjson"
)

func FuzzUnmarshal(f *testing.F) {
	for _, seed := range []string{
		`{}`, ``, `null`, `[1,2]`, `{"jobName":"a","tags":{"a.b":"\u0000"},"dependsOn":[{"jobId":"x","type":"N_TO_N"}]}`,
		`{"arrayProperties":{"size":1e1},"timeout":{"attemptDurationSeconds":-0.0}}`,
		`{"jobName":"\ud83d\ude80\ud800","JobName":1}`, `{"parameters":{"a":"1","a":"2"},}`, "{\"jobName\":\"\xff\"} x",
		`{"containerOverrides":{"environment":[{"name":"A","value":"b"},null],"vcpus":99999999999}}`, "\ufeff{}",
		`[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]`,
	} {
		f.Add([]byte(seed), true)
		f.Add([]byte(seed), false)
	}
	f.Fuzz(func(t *testing.T, data []byte, lenient bool) {
		var opts []batchjson.Option
		if lenient {
			opts = append(opts, batchjson.IgnoreUnknown())
		}
		var in batch.SubmitJobInput
		err := batchjson.Unmarshal(data, &in, opts...)
		checkSyntax(t, data, err)
		out, merr := batchjson.Marshal(&in)
		if merr != nil {
			t.Fatalf("what was read cannot be written: %v", merr)
		}
		if !json.Valid(out) {
			t.Fatalf("Marshal wrote bad JSON: %s", out)
		}
		if err != nil {
			return
		}
		var again batch.SubmitJobInput
		if err := batchjson.Unmarshal(out, &again); err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, out)
		}
		if diff := cmp.Diff(in, again, sdkValues); diff != "" {
			t.Fatalf("the value changed on its way (-before +after):\n%s", diff)
		}
	})
}

// checkSyntax holds the scanner against encoding/json, which takes the same
// documents except for the depth, and checks the places of the problems.
func checkSyntax(t *testing.T, data []byte, err error) {
	t.Helper()
	var list *batchjson.Error
	if err != nil && (!errors.As(err, &list) || len(list.Problems) == 0) {
		t.Fatalf("%v is not an *Error with problems", err)
	}
	bad, deep := false, false
	if list != nil {
		for _, p := range list.Problems {
			bad = bad || p.Kind == batchjson.Syntax || p.Kind == batchjson.TrailingData
			deep = deep || p.Kind == batchjson.TooDeep
			if p.Line < 1 || p.Column < 1 || p.Offset < 0 || p.Offset > int64(len(data)) || p.Message == "" {
				t.Fatalf("odd problem %+v", p)
			}
		}
		if !slices.IsSortedFunc(list.Problems, func(a, b batchjson.Problem) int { return int(a.Offset - b.Offset) }) {
			t.Fatalf("not in the order of the document: %v", err)
		}
	}
	if valid := json.Valid(data); !deep && valid == bad {
		t.Fatalf("json.Valid says %t, Unmarshal %v", valid, err)
	}
}
