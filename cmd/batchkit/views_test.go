package main

import (
	"bytes"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchkit"
)

var noon = time.Date(2026, time.November, 21, 12, 0, 0, 0, time.UTC)

// events are one of each kind.
func events() []batchkit.Event {
	advice, _ := batchkit.Explain("MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE")
	return []batchkit.Event{
		{Job: "a", ID: "1", To: types.JobStatusRunning, At: noon},
		{Job: "a", ID: "1", From: types.JobStatusRunning, To: types.JobStatusSucceeded, Reason: "Essential container in task exited", At: noon.Add(time.Second)},
		{Job: "b", ID: "2", To: types.JobStatusPending, Children: map[string]int32{"RUNNING": 2, "FAILED": 0, "SUCCEEDED": 7}, At: noon},
		{Job: "c", ID: "3", To: types.JobStatusRunnable, Reason: "no room", Advice: advice, Stuck: 90 * time.Minute, At: noon},
		{Job: "d", ID: "4", From: types.JobStatusRunning, To: types.JobStatusFailed, Reason: "two\nlines \x1b[31m", At: noon},
		{Job: "e", ID: "5", To: types.JobStatusRunning, Lost: true, At: noon},
		{Job: "f", Skipped: true, Reason: "skipped, because of a", At: noon},
	}
}

func TestLineView(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	now := noon
	v := &lineView{w: &out, now: func() time.Time { return now }}
	v.begun("r", 4)
	v.submitted(1)
	now = now.Add(submitEvery)
	v.submitted(2)
	v.submitted(3)
	v.submitted(4)
	for _, e := range events() {
		v.see(e)
	}
	v.close()
	advice, _ := batchkit.Explain("MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE")
	want := `12:00:00 submitting run r of 4 jobs
12:00:10 submitted 2 of 4
12:00:10 submitted 4 of 4
12:00:00 a RUNNING
12:00:01 a SUCCEEDED
12:00:00 b PENDING (7 SUCCEEDED, 2 RUNNING)
12:00:00 c RUNNABLE for 1h30m: no room → ` + advice.Mend + `
12:00:00 d FAILED: two lines ` + "\ufffd" + `[31m
12:00:00 e LOST: AWS Batch does not show it
12:00:00 f SKIPPED: because of a
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("a line for each change, and one in ten seconds for submissions (-want +got):\n%s", diff)
	}
}

func TestJSONView(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	v := newJSONView(&out)
	v.begun("r", 4)
	v.submitted(4)
	for _, e := range events()[:3] {
		v.see(e)
	}
	v.see(events()[6])
	v.close()
	want := `{"type":"begun","run":"r","jobs":4}
{"type":"event","at":"2026-11-21T12:00:00Z","job":"a","id":"1","from":"","to":"RUNNING"}
{"type":"event","at":"2026-11-21T12:00:01Z","job":"a","id":"1","from":"RUNNING","to":"SUCCEEDED","reason":"Essential container in task exited"}
{"type":"event","at":"2026-11-21T12:00:00Z","job":"b","id":"2","from":"","to":"PENDING","children":{"FAILED":0,"RUNNING":2,"SUCCEEDED":7}}
{"type":"event","at":"2026-11-21T12:00:00Z","job":"f","from":"","to":"","reason":"skipped, because of a","skipped":true}
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("an object a line, with what applies (-want +got):\n%s", diff)
	}
}

func TestTook(t *testing.T) {
	t.Parallel()
	at := func(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }
	tests := []struct {
		name, reason string
		jobs         []batchkit.JobResult
		want         string
	}{
		{"two", "from the first submission to the last end", []batchkit.JobResult{{Created: at(1), Stopped: at(9)}, {Created: at(0), Stopped: at(4)}}, " in 9m0s"},
		{"skipped", "it was never submitted", []batchkit.JobResult{{Created: at(1), Stopped: at(2)}, {Skipped: true}}, " in 1m0s"},
		{"no end", "AWS Batch does not tell of all", []batchkit.JobResult{{Created: at(1)}}, ""},
		{"nothing", "there is nothing to tell", nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.name == "" || tt.reason == "" {
				t.Fatal("each row needs a name and a reason")
			}
			if got := took(&batchkit.Result{Jobs: tt.jobs}); got != tt.want {
				t.Errorf("%s: got %q, want %q", tt.reason, got, tt.want)
			}
		})
	}
}
