package batchjson_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchjson"
)

// TestCorpus reads the real documents under BATCHKIT_CORPUS, a folder of files
// {"kind": …, "input": {…}, "expect": …}. Those the service takes must decode,
// and survive the way back and forth.
func TestCorpus(t *testing.T) {
	t.Parallel()
	folder := os.Getenv("BATCHKIT_CORPUS")
	if folder == "" {
		t.Skip("BATCHKIT_CORPUS names no folder of real documents")
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no documents in %s: %v", folder, err)
	}
	read := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var doc struct {
			Kind, Expect string
			Input        json.RawMessage
		}
		if err := json.Unmarshal(data, &doc); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if doc.Expect != "accepted" {
			continue
		}
		switch doc.Kind {
		case "RegisterJobDefinition":
			checkDocument[batch.RegisterJobDefinitionInput](t, filepath.Base(file), doc.Input)
		case "SubmitJob":
			checkDocument[batch.SubmitJobInput](t, filepath.Base(file), doc.Input)
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
