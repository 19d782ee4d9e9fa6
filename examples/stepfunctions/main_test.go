package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
	"testing/synctest"

	"github.com/batchkit/batchkit-go/batchtest"
	"github.com/batchkit/batchkit-go/internal/golden"
)

// The output is the same at each run of the bubble's clock.
func TestOutput(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		if err := run(t.Context(), &out); err != nil {
			t.Fatal(err)
		}
		golden.Check(t, "testdata/output.txt", out.String())
	})
}

// The function drops nothing that somebody asked for.
func TestLambdaRefuses(t *testing.T) {
	t.Parallel()
	srv := batchtest.Start(t)
	client := srv.Client()
	if _, err := client.RegisterJobDefinition(t.Context(), leader.Input()); err != nil {
		t.Fatal(err)
	}
	const head = `{"jobName":"a","jobQueue":"default","jobDefinition":"leader"`
	for _, test := range []struct {
		name, reason, event string
		want                error
	}{
		{"command", "a command would be lost", head + `,"containerOverrides":{"command":["x"]}}`, errOverrides},
		{"variable", "so would a variable", head + `,"containerOverrides":{"environment":[{"name":"A","value":"b"}]}}`, errOverrides},
		{"memory", "so would memory, spelled as of old", head + `,"containerOverrides":{"memory":64}}`, errOverrides},
		{"revision", "a revision and an ARN are found as well", `{"jobName":"a","jobQueue":"default","jobDefinition":"leader:1","containerOverrides":{"command":["x"]}}`, errOverrides},
		{"managed", "what Step Functions adds is dropped", head + `,"containerOverrides":{"environment":[{"name":"MANAGED_BY_AWS","value":"STARTED_BY_STEP_FUNCTIONS"}]}}`, nil},
		{"nothing", "there is nothing to drop", head + `}`, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if _, err := (&submitter{client}).handle(t.Context(), json.RawMessage(test.event)); !errors.Is(err, test.want) {
				t.Errorf("%s: %v", test.reason, err)
			}
		})
	}
	if _, err := (&submitter{client}).handle(t.Context(), json.RawMessage(`{"JobName":"a"}`)); err == nil {
		t.Error("another spelling is refused")
	}
}
