package validate_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/validate"
)

// FuzzJobDefinition judges whatever can be read as a definition: no rule panics, the findings are in order,
// none is there twice, and a second run finds the same.
func FuzzJobDefinition(f *testing.F) {
	bases, err := filepath.Glob("testdata/bases/*.json")
	if err != nil || len(bases) == 0 {
		f.Fatalf("no bases: %v", err)
	}
	for _, base := range bases {
		data, err := os.ReadFile(base)
		if err != nil {
			f.Fatal(err)
		}
		var parts map[string]json.RawMessage
		if err := json.Unmarshal(data, &parts); err != nil {
			f.Fatalf("%s: %v", base, err)
		}
		if def, ok := parts["definition"]; ok {
			f.Add([]byte(def))
		}
	}
	f.Add([]byte(`{}`))
	f.Add([]byte(`{"type":"multinode","nodeProperties":{"nodeRangeProperties":[{},{"container":{"vcpus":-1}}]}}`))
	f.Add([]byte(`{"platformCapabilities":["FARGATE"],"ecsProperties":{"taskProperties":[{"containers":[{"dependsOn":[{}]},{}]},{}]}}`))
	f.Add([]byte(`{"eksProperties":{}}`))
	f.Add([]byte(`{"eksProperties":{"podProperties":{"containers":[{},{"resources":{"limits":{"cpu":"-","":""},"requests":{"memory":"Mi"}},"env":[{}],"volumeMounts":[{}],"securityContext":{}}],"initContainers":[{}],"imagePullSecrets":[{}],"volumes":[{},{"emptyDir":{},"hostPath":{},"secret":{},"persistentVolumeClaim":{}}],"metadata":{"labels":{"":"","/":"/","a01":"-","a1":"-"},"annotations":{"k8s.io/":""},"namespace":""}}}}`))
	f.Add([]byte(`{"type":"multinode","nodeProperties":{"numNodes":4,"mainNode":-1,"nodeRangeProperties":[{"targetNodes":"3:0","container":{}},{"targetNodes":":99999999999999999999","ecsProperties":{}},{"targetNodes":"","eksProperties":{}},{"targetNodes":"2:","container":{},"eksProperties":{},"instanceTypes":["a","b"]},{"targetNodes":":"},{"targetNodes":"0:1:2"}]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var def batch.RegisterJobDefinitionInput
		if batchjson.Unmarshal(data, &def, batchjson.IgnoreUnknown()) != nil {
			t.Skip("not a definition")
		}
		findings := validate.JobDefinition(&def, validate.Strict())
		for i, f := range findings {
			if _, ok := validate.Lookup(f.Rule); !ok || f.Message == "" {
				t.Errorf("finding without a rule or a message: %+v", f)
			}
			if i > 0 && order(findings[i-1]) > order(f) {
				t.Errorf("%v comes before %v", findings[i-1], f)
			}
			if i > 0 && findings[i-1] == f {
				t.Errorf("found twice: %v", f)
			}
		}
		if diff := cmp.Diff(findings, validate.JobDefinition(&def, validate.Strict())); diff != "" {
			t.Errorf("the second run differs (-first +second):\n%s", diff)
		}
	})
}

var indices = regexp.MustCompile(`\d+`)

// order is a text that sorts as findings do: by path with indices as numbers, then by rule.
func order(f validate.Finding) string {
	path := indices.ReplaceAllStringFunc(f.Path, func(n string) string { return fmt.Sprintf("%010d%s", len(n), n) })
	return path + "\x00" + f.Rule
}
