package source_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/internal/source"
)

// mustSay fails for a row of a table without a name or a reason.
func mustSay(t *testing.T, name, reason string) {
	t.Helper()
	if name == "" || reason == "" {
		t.Errorf("row %q has the reason %q: each row needs both", name, reason)
	}
}

func placeText(line, column int) string { return strconv.Itoa(line) + ":" + strconv.Itoa(column) }

const definition = `{"jobDefinitionName": "a", "type": "container", "containerProperties": {"image": "busybox:1.36",
 "resourceRequirements": [{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "512"}]}}`

// folderOf makes a folder of n definitions.
func folderOf(tb testing.TB, n int) string {
	tb.Helper()
	dir := tb.TempDir()
	for i := range n {
		text := strings.Replace(definition, `"a"`, fmt.Sprintf(`"a%04d"`, i), 1)
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%04d.json", i)), []byte(text), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	return dir
}

// Files are read side by side, and reported in their order.
func TestRunOrder(t *testing.T) {
	t.Parallel()
	dir := folderOf(t, 200)
	last := filepath.Join(dir, "0199.json")
	results, err := source.Run(t.Context(), []string{last, dir, "missing.json", source.Stdin}, source.Options{Stdin: strings.NewReader(definition)})
	if err != nil {
		t.Fatal(err)
	}
	if len(results) != 203 {
		t.Fatalf("got %d results, want 203", len(results))
	}
	for i, r := range results[1:201] {
		if want := filepath.Join(dir, fmt.Sprintf("%04d.json", i)); r.Path != want || r.Err != nil || len(r.Findings) > 0 {
			t.Errorf("result %d: got %+v, want a sound %s", i, r, want)
		}
	}
	if results[0].Path != last || !errors.Is(results[201].Err, os.ErrNotExist) || results[202].Path != source.Stdin {
		t.Errorf("got %+v, %+v and %+v out of order", results[0], results[201], results[202])
	}
}

func TestRunEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := source.Run(ctx, []string{folderOf(t, 50)}, source.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the error of the context", err)
	}
}

// A file of 50 MB is refused by its size, before it is read; standard input as soon as the limit is passed.
func TestRunLarge(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "large.json")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 50_000_000); err != nil {
		t.Fatal(err)
	}
	results, err := source.Run(t.Context(), []string{path, source.Stdin}, source.Options{Stdin: endless{}})
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{path, source.Stdin} {
		want := name + ": is too large: a file may have at most 16 MiB"
		if results[i].Err == nil || results[i].Err.Error() != want {
			t.Errorf("got %v, want %s", results[i].Err, want)
		}
	}
}

// endless is an input without end.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// BenchmarkFolder judges a folder of 1,000 definitions.
func BenchmarkFolder(b *testing.B) {
	dir := folderOf(b, 1000)
	for b.Loop() {
		results, err := source.Run(b.Context(), []string{dir}, source.Options{})
		if err != nil || len(results) != 1000 {
			b.Fatalf("%d results, %v", len(results), err)
		}
	}
}

// canonical reads a JSON text, so that the order of members does not count.
func canonical(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// A link to a folder that is named is read like the folder; one in the folder is not followed, be it round in a circle.
func TestRunLinkedFolder(t *testing.T) {
	t.Parallel()
	dir := folderOf(t, 2)
	link := filepath.Join(t.TempDir(), "link")
	for from, to := range map[string]string{link: dir, filepath.Join(dir, "circle"): dir} {
		if err := os.Symlink(to, from); err != nil {
			t.Skipf("no links here: %v", err)
		}
	}
	results, err := source.Run(t.Context(), []string{link}, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range results {
		got = append(got, fmt.Sprintf("%s %v", r.Path, r.Err))
	}
	want := []string{filepath.Join(link, "0000.json") + " <nil>", filepath.Join(link, "0001.json") + " <nil>"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}
