package layers

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/batchkit/batchkit-go/"

// allowed maps each package to those of ours that it may import, with the reason for the limit.
// Packages below cmd and examples may import anything.
var allowed = map[string]struct {
	imports []string
	reason  string
}{
	"depgraph":              {nil, "a graph of anything, with no AWS in it"},
	"batchjson":             {[]string{"internal/nearest"}, "JSON of the SDK's types, for anyone"},
	"validate":              {[]string{"depgraph", "batchjson"}, "judges plain SDK inputs from any source, so it knows no builder"},
	"parts":                 {[]string{"internal/edit", "internal/member", "internal/size"}, "structs of the SDK, for any builder and for none"},
	"ecsprops":              {[]string{"batchjson", "internal/edit", "internal/member", "internal/size", "validate"}, "usable without batchkit"},
	"eksprops":              {[]string{"internal/edit", "internal/member", "internal/size", "validate"}, "usable without batchkit"},
	"batchkit":              {[]string{"depgraph", "batchjson", "validate", "ecsprops", "eksprops", "internal/edit", "internal/member", "internal/size"}, "the product; it must not link the embedded service"},
	"batchtest":             {[]string{"batchjson", "validate", "depgraph"}, "a service knows nothing of the client's builders"},
	"batchtest/batchcmp":    {nil, "compares the SDK's types, in tests"},
	"internal/nearest":      {nil, "a guess"},
	"task":                  {nil, "for programs in containers: the standard library only"},
	"report":                {[]string{"batchkit"}, "explains a run; batchkit must not link the client of CloudWatch Logs"},
	"export":                {nil, "what a target cannot express"},
	"export/asl":            {[]string{"batchjson", "batchkit", "export", "internal/edit", "internal/ordered", "internal/pascal", "internal/tree", "validate"}, "state machines"},
	"export/asl/asltest":    {[]string{"batchjson", "internal/pascal"}, "runs state machines, in tests and examples"},
	"export/cloudformation": {[]string{"depgraph", "export", "export/iam", "export/schedule", "internal/edit", "internal/ordered", "validate"}, "templates"},
	"export/graph":          {[]string{"batchkit"}, "drawings"},
	"export/iam":            {[]string{"batchkit", "validate"}, "policies"},
	"export/schedule":       {[]string{"internal/ordered", "internal/pascal", "validate"}, "targets of schedules and rules"},
	"export/terraform":      {[]string{"export", "internal/edit", "internal/ordered"}, "configurations"},
	"internal/ordered":      {nil, "values in order, as JSON and YAML"},
	"internal/pascal":       {[]string{"batchjson", "internal/ordered"}, "another spelling of the API's names"},
	"internal/exporttest":   {[]string{"batchjson", "internal/corpus", "internal/source"}, "for tests of exporters"},
	"internal/corpus":       {nil, "for tests"},
	"batchtest/conformance": {nil, "judges any service, so it imports none of ours"},
	"workflowfile":          {[]string{"batchjson", "batchkit", "internal/nearest", "internal/source", "internal/tree", "validate"}, "reads workflows from files; batchkit must not link YAML"},
	"internal/tree":         {[]string{"batchjson"}, "values with places, whatever the format"},
	"internal/source":       {[]string{"batchjson", "internal/tree", "validate"}, "finds and judges what is in files, for the command line"},
	"internal/edit":         {nil, "a mechanism"},
	"internal/size":         {nil, "a unit"},
	"internal/member":       {[]string{"internal/size"}, "changes to the SDK's lists"},
	"internal/buildertest":  {nil, "for tests of builders"},
	"internal/golden":       {nil, "for tests"},
	"internal/compiletest":  {nil, "for tests"},
	"internal/layers":       {nil, "this test"},
	"internal/ruledoc":      {[]string{"validate"}, "writes docs/rules.md"},
	"internal/workflowdoc":  {[]string{"workflowfile"}, "writes docs/workflow.schema.json"},
	"internal/readme":       {nil, "a test of the README"},
}

// forTests are packages that only tests import, so they may use go-cmp.
var forTests = []string{"internal/buildertest", "internal/golden", "batchtest/batchcmp"}

func TestImports(t *testing.T) {
	t.Parallel()
	for _, line := range list(t, "{{.ImportPath}} {{join .Imports \" \"}}", "./...") {
		fields := strings.Fields(line)
		name, ok := strings.CutPrefix(fields[0], module)
		if !ok || strings.HasPrefix(name, "cmd/") || strings.HasPrefix(name, "examples/") {
			continue
		}
		layer, ok := allowed[name]
		if !ok {
			t.Errorf("%s is in no layer: give it a line in this test and in ARCHITECTURE.md", name)
			continue
		}
		for _, path := range fields[1:] {
			ours, ok := strings.CutPrefix(path, module)
			if ok && !slices.Contains(layer.imports, ours) {
				t.Errorf("%s imports %s, and may not: %s", name, ours, layer.reason)
			}
			if strings.HasPrefix(path, "github.com/google/go-cmp") && !slices.Contains(forTests, name) {
				t.Errorf("%s imports %s outside its tests: it defeats dead-code elimination", name, path)
			}
		}
	}
}

// What a user links with a small package must stay small.
func TestLightPackages(t *testing.T) {
	t.Parallel()
	heavy := map[string]string{
		"yaml":                                "a YAML parser",
		"github.com/spf13/cobra":              "the command line",
		"github.com/aws/aws-sdk-go-v2/config": "the loader of AWS configuration",
	}
	for _, pkg := range []string{"depgraph", "validate", "parts", "ecsprops", "eksprops"} {
		deps := list(t, "{{.ImportPath}}", "-deps", "./"+pkg)
		if len(deps) < 2 {
			t.Errorf("go list knows %d dependencies of %s, which cannot be", len(deps), pkg)
		}
		for _, dep := range deps {
			for part, what := range heavy {
				if strings.Contains(dep, part) {
					t.Errorf("%s links %s, %s", pkg, dep, what)
				}
			}
			if pkg == "depgraph" && strings.Contains(dep, "aws") {
				t.Errorf("depgraph links %s, and there is no AWS in a graph", dep)
			}
		}
	}
}

func list(t *testing.T, format string, args ...string) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"list", "-f", format}, args...)...)
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}
