package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/batchkit/batchkit-go/batchtest"
)

const helloDefinition = `{"jobDefinitionName": "hello", "type": "container", "containerProperties": {"image": "busybox:1.36",
 "resourceRequirements": [{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "512"}]}}`

// What the service refuses is an error, said once, and never a difference.
func TestDiffRefused(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(deny("not you"))
	t.Cleanup(server.Close)
	var out, errs bytes.Buffer
	got := run(t.Context(), []string{"diff", "--endpoint-url", server.URL, "-"}, strings.NewReader(helloDefinition), &out, &errs)
	if got != statusUnreadable || out.Len() > 0 {
		t.Errorf("status %d, output %q; want %d and none", got, out.String(), statusUnreadable)
	}
	text := errs.String()
	if !strings.HasPrefix(text, "batchkit: -: listing the revisions of \"hello\"") || !strings.Contains(text, "AccessDeniedException: not you") {
		t.Errorf("got %q, want the definition and what the service said", text)
	}
}

// Comparing asks for the revisions of the name, and changes nothing.
func TestDiffOnlyReads(t *testing.T) {
	t.Parallel()
	service := batchtest.Start(t)
	paths := make(chan string, 10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		paths <- r.URL.Path
		service.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	got := run(t.Context(), []string{"diff", "--endpoint-url", server.URL, "-"}, strings.NewReader(helloDefinition), io.Discard, io.Discard)
	close(paths)
	if got != statusFound {
		t.Errorf("status %d, want %d", got, statusFound)
	}
	for path := range paths {
		if path != "/v1/describejobdefinitions" {
			t.Errorf("asked for %s", path)
		}
	}
}

// A failing reader is told like a file that cannot be read, and the JSON is one object all the same.
func TestDiffUnreadable(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	args := []string{"diff", "--endpoint-url", "http://127.0.0.1:1", "-o", "json", "-"}
	got := run(t.Context(), args, io.MultiReader(strings.NewReader("{"), failing{}), &out, io.Discard)
	var report diffReport
	if err := json.Unmarshal(out.Bytes(), &report); err != nil {
		t.Fatal(err)
	}
	want := diffTotals{Files: 1, Failed: 1}
	if got != statusUnreadable || report.Summary != want || report.Files[0].Error != "-: unexpected EOF" {
		t.Errorf("status %d, report %+v", got, report)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
