package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// sarifOf runs the command with -o sarif and reads what it prints.
func sarifOf(t *testing.T, args ...string) any {
	t.Helper()
	var out, errs bytes.Buffer
	run(t.Context(), append([]string{"validate", "-o", "sarif"}, args...), bytes.NewReader(nil), &out, &errs)
	var log any
	if err := json.Unmarshal(out.Bytes(), &log); err != nil {
		t.Fatalf("no log (%v): %s", err, errs.String())
	}
	return log
}

// samples are files that between them fill every member that is ever written.
func samples(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"a b.json":    `{"jobDefinitionName": "a/", "type": "container", "imagee": 1}`,
		"good.json":   `{"jobName": "a", "jobQueue": "q", "jobDefinition": "d"}`,
		"broken.json": `{`,
		"empty.yaml":  ``,
		"bad.yaml":    "Resources:\n  A:\n    Type: AWS::Batch::JobDefinition\n    Properties: {Type: x, Parameters: {x: y}}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestSARIF checks what is printed against the schema that OASIS publishes with the standard.
func TestSARIF(t *testing.T) {
	t.Parallel()
	schema, err := jsonschema.NewCompiler().Compile("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	if schema.Validate(map[string]any{"version": "2.1.0"}) == nil {
		t.Fatal("the schema takes a log without runs, so it checks nothing")
	}
	dir := samples(t)
	for _, args := range [][]string{{dir, "missing.json"}, {filepath.Join(dir, "good.json")}, {"--strict", dir}} {
		if err := schema.Validate(sarifOf(t, args...)); err != nil {
			t.Errorf("%v: %v", args, err)
		}
	}
}

// The places and levels of a log are those of the findings.
func TestSARIFContent(t *testing.T) { // not parallel: it changes the folder
	dir := samples(t)
	t.Chdir(dir)
	log := sarifOf(t, "a b.json", "broken.json").(map[string]any)
	results := log["runs"].([]any)[0].(map[string]any)
	var got []string
	for _, r := range results["results"].([]any) {
		r := r.(map[string]any)
		at := r["locations"].([]any)[0].(map[string]any)["physicalLocation"].(map[string]any)
		region := at["region"].(map[string]any)
		got = append(got, fmt.Sprint(at["artifactLocation"].(map[string]any)["uri"], ":", region["startLine"], ":", region["startColumn"], " ", r["level"], " ", r["ruleId"]))
	}
	want := []string{
		"a%20b.json:1:1 error JD005", "a%20b.json:1:2 error JD002", "a%20b.json:1:50 error JD021",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}
	call := results["invocations"].([]any)[0].(map[string]any)
	if call["executionSuccessful"] != false || len(call["toolExecutionNotifications"].([]any)) != 1 {
		t.Errorf("got %v, want a failed call with one notification", call)
	}
}
