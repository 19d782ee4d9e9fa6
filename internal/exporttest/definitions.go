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
	"github.com/batchkit/batchkit-go/internal/corpus"
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
	files, err := filepath.Glob(filepath.Join(root, "validate", "testdata", "bases", "*.json"))
	if err != nil {
		tb.Fatal(err)
	}
	var all []Named
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		var base struct{ Definition json.RawMessage }
		if err := json.Unmarshal(data, &base); err != nil {
			tb.Fatalf("%s: %v", file, err)
		}
		all = append(all, definitions(filepath.Base(file), base.Definition)...)
	}
	if len(all) < 10 {
		tb.Fatalf("only %d bases", len(all))
	}
	return all
}

// Corpus returns the definitions of the corpus, and skips the test if there is none.
func Corpus(tb testing.TB) []Named {
	tb.Helper()
	var all []Named
	for _, item := range corpus.Read(tb) {
		all = append(all, definitions(item.Name, item.Input)...)
	}
	return all
}

// definitions returns those of a text of which every value is known, and every member one of the SDK.
func definitions(name string, text []byte) []Named {
	docs, err := source.Read(name, text, "")
	if err != nil {
		return nil // no definition
	}
	var all []Named
	for _, d := range docs {
		if known(d) {
			canonical(d.Definition)
			all = append(all, Named{name, d.Definition})
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
