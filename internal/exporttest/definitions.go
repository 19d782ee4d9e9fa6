// Package exporttest has the definitions on which the tests of exporters agree. Only tests import it.
package exporttest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/internal/source"
)

// A Named definition says where it is from.
type Named struct {
	Name  string
	Input *batch.RegisterJobDefinitionInput
}

// Bases returns the sound definitions, one of each kind, from which the cases of the rules are made. The root is the
// folder of the module.
func Bases(tb testing.TB, root string) []Named {
	tb.Helper()
	all := read(tb, filepath.Join(root, "validate", "testdata", "bases", "*.json"))
	if len(all) < 10 {
		tb.Fatalf("only %d bases", len(all))
	}
	return all
}

// Corpus returns the definitions of the folder that BATCHKIT_CORPUS names, and skips the test if it names none.
func Corpus(tb testing.TB) []Named {
	tb.Helper()
	folder := os.Getenv("BATCHKIT_CORPUS")
	if folder == "" {
		tb.Skip("BATCHKIT_CORPUS is not set: it names a folder of inputs")
	}
	return read(tb, filepath.Join(folder, "*.json"))
}

// read returns the definitions of which every value is known, and every member one of the SDK.
func read(tb testing.TB, pattern string) []Named {
	tb.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil {
		tb.Fatal(err)
	}
	var all []Named
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		var item struct{ Definition, Input json.RawMessage } // of the bases, of the corpus
		if err := json.Unmarshal(data, &item); err != nil {
			tb.Fatalf("%s: %v", file, err)
		}
		docs, err := source.Read(filepath.Base(file), append(item.Definition, item.Input...), "")
		if err != nil {
			continue // no definition
		}
		for _, d := range docs {
			if known(d) {
				canonical(d.Definition)
				all = append(all, Named{filepath.Base(file), d.Definition})
			}
		}
	}
	return all
}

func known(d *source.Document) bool {
	if d.Definition == nil || len(d.Unknown) > 0 {
		return false
	}
	for _, f := range d.Judge(source.Rules{}) {
		if f.Rule == source.MemberRule.ID {
			return false
		}
	}
	return true
}

// canonical writes actions as the SDK does. The service takes them in small letters too, and templates in any.
func canonical(in *batch.RegisterJobDefinitionInput) {
	if in.RetryStrategy == nil {
		return
	}
	for i := range in.RetryStrategy.EvaluateOnExit {
		e := &in.RetryStrategy.EvaluateOnExit[i]
		e.Action = types.RetryAction(strings.ToUpper(string(e.Action)))
	}
}

// Wire returns what the SDK sends, one member a line, for comparing without loss.
func Wire(tb testing.TB, in any) string {
	tb.Helper()
	text, err := batchjson.MarshalIndent(in, " ")
	if err != nil {
		tb.Fatal(err)
	}
	return string(text)
}
