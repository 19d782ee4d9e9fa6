package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fiveHundred writes a workflow of five hundred jobs. The value SCRIPT is what the job work-250 does, FIRST the first job.
func fiveHundred(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(`name: big
queue: default
values: {SCRIPT: "exit 0", FIRST: "exit 0"}
definitions:
  step:
    type: container
    containerProperties:
      image: acme/step:1
      command: [sh, -c, "Ref::script"]
      resourceRequirements: [{type: VCPU, value: "1"}, {type: MEMORY, value: "512"}]
    parameters: {script: "exit 0"}
barrier: {definition: step}
jobs:
  - {name: prepare, definition: step, parameters: {script: "${{FIRST}}"}}
  - name: work-${{N}}
    definition: step
    after: prepare
    parameters: {script: "${{DO}}"}
    each:
`)
	for n := range 497 {
		do := "exit 0"
		if n == 250 {
			do = "${{SCRIPT}}"
		}
		fmt.Fprintf(&b, "      - {N: \"%d\", DO: \"%s\"}\n", n, do)
	}
	b.WriteString(`  - {name: check, definition: step, after: "work-${{N}}"}
  - {name: mail, definition: step, after: check}
`)
	path := filepath.Join(t.TempDir(), "big.yaml")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestFiveHundredJobs takes a workflow through all that the commands do with it, and with nothing but the commands.
func TestFiveHundredJobs(t *testing.T) {
	t.Parallel()
	file := fiveHundred(t)
	url, _ := startServe(t, "--run", "process", "--capacity", "8")
	command := func(want int, args ...string) string {
		t.Helper()
		var out, errs bytes.Buffer
		if got := run(t.Context(), args, strings.NewReader(""), &out, &errs); got != want {
			t.Fatalf("batchkit %s: exit status %d, want %d\n%.2000s%.2000s", strings.Join(args, " "), got, want, &out, &errs)
		}
		return out.String()
	}
	at := func(name string, args ...string) []string {
		return append([]string{name, "--endpoint-url", url}, args...)
	}
	holds := func(text string, all ...string) {
		t.Helper()
		for _, want := range all {
			if !strings.Contains(text, want) {
				t.Errorf("%q is missing in\n%.1500s", want, text)
			}
		}
	}
	holds(command(statusOK, "plan", file), `plan "big": `, "barrier")
	holds(command(statusOK, "graph", file), `"prepare" -> "work-496"`)
	holds(command(statusOK, "graph", "-o", "svg", file), "<svg ")

	// It goes well.
	good := command(statusOK, at("submit", "--run-id", "good", "--first-start", "--rate", "5000", "--wait", "--interval", "20ms", file)...)
	holds(good, "prepare SUCCEEDED", "work-496 SUCCEEDED", "mail SUCCEEDED", "run good succeeded in ")

	// One job is broken on purpose, and explained.
	command(statusOK, at("submit", "--run-id", "bad", "--first-start", "--rate", "5000", "--set", "SCRIPT=echo no such table; exit 3", file)...)
	bad := command(statusFound, at("watch", "--interval", "20ms", "bad")...)
	holds(bad, "work-250 FAILED: ", "mail FAILED: ")
	for _, page := range []string{bad, command(statusFound, at("report", "bad")...)} {
		holds(page, "jobs failed", "work-250 (", "exit code 3", "| no such table", "\nnever started\n", "mail, because check failed")
	}
	holds(command(statusOK, at("logs", "bad", "work-250")...), "no such table\n")

	// One that hangs is cancelled.
	command(statusOK, at("submit", "--run-id", "long", "--first-start", "--rate", "5000", "--set", "FIRST=sleep 600", file)...)
	holds(command(statusOK, at("report", "long")...), "run long: 0 of ")
	holds(command(statusOK, at("cancel", "--reason", "wrong day", "long")...), "run long: ", " cancelled, 0 had ended before")
	holds(command(statusFound, at("watch", "--interval", "20ms", "long")...), "prepare FAILED: batchkit: cancelled: wrong day", "mail FAILED: batchkit: cancelled: wrong day")
	holds(command(statusOK, at("cancel", "long")...), "had ended before")
}
