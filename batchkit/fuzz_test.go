package batchkit_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/internal/buildertest"
)

// Whatever two definitions hold: a definition does not differ from itself, a difference is the same from both sides, what
// makes two differ is a path, and a variable is never shown. What FromJSON takes, it gives back.
func FuzzDiff(f *testing.F) {
	for _, text := range existing {
		f.Add([]byte(text), []byte(existing["container"]))
	}
	f.Add([]byte(`{"containerProperties":{"environment":[{"name":"A","value":"hush"},{"name":"A"}]}}`), []byte(`{"tags":{"":""}}`))
	f.Fuzz(func(t *testing.T, a, b []byte) {
		var one, two batch.RegisterJobDefinitionInput
		if batchjson.Unmarshal(a, &one) != nil || batchjson.Unmarshal(b, &two) != nil {
			return
		}
		if changes := batchkit.Diff(&one, &one); changes != nil {
			t.Errorf("a definition differs from itself in %v", changes)
		}
		there, back := batchkit.Diff(&one, &two), batchkit.Diff(&two, &one)
		if len(there) != len(back) {
			t.Fatalf("%v\nand back\n%v", there, back)
		}
		for i, c := range there {
			if back[i] != (batchkit.Change{Path: c.Path, Old: c.New, New: c.Old}) {
				t.Errorf("%v, and back %v", c, back[i])
			}
			if c.Path == "" || c.Old == c.New && c.Old != batchkit.Hidden {
				t.Errorf("%q is no change", c)
			}
			if strings.Contains(c.Path, ".environment[") && !strings.Contains(c.String(), batchkit.Hidden) {
				t.Errorf("%v shows a variable", c)
			}
		}
		def := batchkit.FromInput(&one)
		if diff := cmp.Diff(&one, def.Input(), buildertest.Ignore); diff != "" {
			t.Errorf("FromInput: -want +got\n%s", diff)
		}
	})
}
