package asl_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchtest"
)

// nodeModule skips the test unless the module of npm is in the folder of node modules that BATCHKIT_NODE_MODULES names, and
// returns that folder. Nothing is installed unasked.
func nodeModule(t *testing.T, name string) string {
	t.Helper()
	modules := os.Getenv("BATCHKIT_NODE_MODULES")
	if _, err := os.Stat(filepath.Join(modules, name)); modules == "" || err != nil {
		t.Skipf("BATCHKIT_NODE_MODULES names no folder made by npm install %s", name)
	}
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("Node.js is not installed")
	}
	return modules
}

// Machines in JSONPath come to the same end in somebody else's interpreter, with the same jobs, also when calls are throttled.
func TestInterpreter(t *testing.T) {
	t.Parallel()
	modules := nodeModule(t, "aws-local-stepfunctions")
	for _, test := range runs() {
		for _, throttled := range []bool{false, true} {
			t.Run(fmt.Sprint(test.name, "/throttled=", throttled), func(t *testing.T) {
				t.Parallel()
				plan, m := export(t, test.workflow, test.opts)
				srv, client := serviceWith(t, plan, batchtest.Pace{})
				endpoint := httptest.NewServer(srv)
				t.Cleanup(endpoint.Close)
				remove := func() {}
				if throttled {
					remove = srv.Inject(batchtest.Throttle(20, 1))
				}
				cmd := exec.CommandContext(t.Context(), "node", filepath.Join("testdata", "interpret.cjs"), endpoint.URL)
				cmd.Env, cmd.Stdin = append(os.Environ(), "NODE_PATH="+modules), strings.NewReader(m.JSON())
				var said bytes.Buffer
				cmd.Stderr = &said
				out, err := cmd.Output()
				if err != nil {
					t.Fatalf("%v\n%s", err, said.String())
				}
				remove()
				var end struct{ Error, Cause string }
				if err := json.Unmarshal(out, &end); err != nil {
					t.Fatalf("%v\n%s", err, out)
				}
				if end.Error != test.err || !strings.Contains(end.Cause, test.cause) {
					t.Errorf("%s: ended with %s: %s", test.reason, end.Error, end.Cause)
				}
				jobs := submitted(t, client)
				if diff := cmp.Diff(test.jobs, names(jobs)); diff != "" {
					t.Errorf("%s: jobs: -want +got\n%s", test.reason, diff)
				}
				ordered(t, plan, jobs)
			})
		}
	}
}

// Every machine passes npm's asl-validator.
func TestValidator(t *testing.T) {
	t.Parallel()
	script := filepath.Join(nodeModule(t, "asl-validator"), "asl-validator", "dist", "bin", "asl-validator.js")
	for _, test := range runs() {
		for _, language := range languages {
			t.Run(test.name+"/"+string(language), func(t *testing.T) {
				t.Parallel()
				opts := test.opts
				opts.Language = language
				_, m := export(t, test.workflow, opts)
				file := filepath.Join(t.TempDir(), "machine.asl.json")
				if err := os.WriteFile(file, []byte(m.JSON()), 0o600); err != nil {
					t.Fatal(err)
				}
				if out, err := exec.CommandContext(t.Context(), "node", script, "--json-path", file).CombinedOutput(); err != nil {
					t.Errorf("%v\n%s", err, out)
				}
			})
		}
	}
}
