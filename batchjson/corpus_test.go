package batchjson_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/internal/corpus"
)

// TestCorpus reads real documents. Those the service takes must decode, and
// survive the way back and forth.
func TestCorpus(t *testing.T) {
	t.Parallel()
	read := 0
	for _, doc := range corpus.Read(t) {
		if doc.Expect != "accepted" {
			continue
		}
		switch doc.Kind {
		case "RegisterJobDefinition":
			checkDocument[batch.RegisterJobDefinitionInput](t, doc.Name, doc.Input)
		case "SubmitJob":
			checkDocument[batch.SubmitJobInput](t, doc.Name, doc.Input)
		default:
			continue
		}
		read++
	}
	t.Logf("%d documents read", read)
	if read == 0 {
		t.Error("no document was fit for reading")
	}
}

func checkDocument[T any](t *testing.T, name string, data []byte) {
	t.Helper()
	var in, again T
	if err := batchjson.Unmarshal(data, &in); err != nil {
		// The service skips what it does not know; documents may count on it.
		t.Logf("%s: %v", name, err)
		in = *new(T)
		if err := batchjson.Unmarshal(data, &in, batchjson.IgnoreUnknown()); err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
	}
	out, err := batchjson.Marshal(&in)
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	if err := batchjson.Unmarshal(out, &again); err != nil {
		t.Errorf("%s: on the way back: %v", name, err)
	}
	if diff := cmp.Diff(in, again, sdkValues); diff != "" {
		t.Errorf("%s (-before +after):\n%s", name, diff)
	}
}
