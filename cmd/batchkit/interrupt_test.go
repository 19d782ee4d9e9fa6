package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A trigger is a writer that does something when a text has been written.
type trigger struct {
	bytes.Buffer
	on   string
	then func()
}

func (w *trigger) Write(p []byte) (int, error) {
	n, err := w.Buffer.Write(p)
	if w.then != nil && strings.Contains(w.Buffer.String(), w.on) {
		w.then()
		w.then = nil
	}
	return n, err
}

// afterSubmission starts a service that says when a job was submitted, before the client hears of it.
func afterSubmission(t *testing.T, then func()) string {
	t.Helper()
	service, _ := startServe(t, "--run", "process")
	target, err := url.Parse(service)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.ErrorLog = log.New(io.Discard, "", 0) // a client that was interrupted takes no answer
	proxy.ModifyResponse = func(r *http.Response) error {
		if strings.HasSuffix(r.Request.URL.Path, "/submitjob") {
			then()
		}
		return nil
	}
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	return server.URL
}

// Whoever interrupts a command is told how to go on, by a command that does.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, reason string
		args         []string // but for the endpoint and the file
		jobs         string
		on           string   // what on standard output it is interrupted after; if empty, after the first submission
		want         []string // on standard error, with $URL and $FILE
	}{
		{
			"submitting", "the jobs that are missing are submitted by the next start",
			[]string{"submit", "--run-id", "r", "--first-start", "--rate", "1", "--grace", "10ms", "--wait"},
			"jobs: [{name: a, definition: step}, {name: b, definition: step, after: a}, {name: c, definition: step, after: b}]",
			"",
			[]string{
				"batchkit: interrupted: ", "To go on:   batchkit submit --run-id r --endpoint-url $URL --rate 1 --grace 10ms --wait $FILE",
				"To end it:  batchkit cancel --endpoint-url $URL r",
			},
		},
		{
			"watching", "the jobs go on, and can be watched again",
			[]string{"submit", "--run-id", "r", "--first-start", "--wait"},
			"jobs: [{name: a, definition: step, parameters: {script: sleep 1}}, {name: b, definition: step, after: a}]", "a RUNNING",
			[]string{"batchkit: interrupted: jobs that are submitted go on", "To go on:   batchkit watch --endpoint-url $URL r"},
		},
		{
			"gates", "gates are kept by a submission only",
			[]string{"submit", "--run-id", "r", "--first-start", "--grace", "10ms", "--wait"},
			"jobs: [{name: a, definition: step, parameters: {script: sleep 1}}, {name: b, definition: step, afterEnd: a}]", "a RUNNING",
			[]string{
				"batchkit: interrupted: jobs that are submitted go on",
				"To go on:   batchkit submit --run-id r --endpoint-url $URL --grace 10ms --wait $FILE",
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.name == "" || tt.reason == "" {
				t.Fatal("each row needs a name and a reason")
			}
			file := filepath.Join(t.TempDir(), "flow.yaml")
			text := fmt.Sprintf(`name: flow
queue: default
definitions:
  step:
    type: container
    containerProperties:
      image: acme/step:1
      command: [sh, -c, "Ref::script"]
      resourceRequirements: [{type: VCPU, value: "1"}, {type: MEMORY, value: "512"}]
    parameters: {script: "exit 0"}
%s
`, tt.jobs)
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			ctx, interrupt := context.WithCancel(t.Context())
			defer interrupt()
			out := &trigger{on: tt.on, then: interrupt}
			if tt.on == "" {
				out.then = nil
			}
			url := afterSubmission(t, func() {
				if tt.on == "" {
					interrupt()
				}
			})
			var errs bytes.Buffer
			args := append(tt.args, "--interval", "10ms", "--endpoint-url", url, file)
			if code := run(ctx, args, strings.NewReader(""), out, &errs); code != statusUnreadable {
				t.Fatalf("exit status %d, want %d\n%s%s", code, statusUnreadable, &out.Buffer, &errs)
			}
			lines := strings.Split(strings.TrimSuffix(errs.String(), "\n"), "\n")
			for i, want := range tt.want {
				want = strings.NewReplacer("$URL", url, "$FILE", file).Replace(want)
				if i >= len(lines) || !strings.HasPrefix(lines[i], want) {
					t.Fatalf("%s (-want +got):\n%s", tt.reason, cmp.Diff(tt.want, lines))
				}
			}
			_, next, _ := strings.Cut(lines[1], "batchkit ")
			var last bytes.Buffer
			if code := run(t.Context(), strings.Fields(next), strings.NewReader(""), &last, &errs); code != statusOK {
				t.Errorf("%s: going on: exit status %d\n%s%s", tt.reason, code, &last, &errs)
			}
			if !strings.Contains(last.String(), "run r succeeded in ") {
				t.Errorf("%s: got %s", tt.reason, &last)
			}
		})
	}
}
