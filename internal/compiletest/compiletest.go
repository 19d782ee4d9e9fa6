// Package compiletest runs the compiler on small programs that must not compile. Only tests import it.
package compiletest

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// Run builds each folder of testdata, a program each. A program holds comments of the form
//
//	// want: a part of the compiler's error for this line
//
// and every one of them must come true at its line. A program without such a comment must compile.
func Run(t *testing.T) {
	t.Helper()
	programs, err := filepath.Glob("testdata/*/main.go")
	if err != nil || len(programs) == 0 {
		t.Fatalf("no programs: %v", err)
	}
	for _, program := range programs {
		dir := filepath.Dir(program)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			wanted := wants(t, program)
			out, err := exec.CommandContext(t.Context(), "go", "build", "-gcflags=-e", "-o", os.DevNull, "./"+filepath.ToSlash(dir)).CombinedOutput()
			if (err != nil) != (len(wanted) > 0) {
				t.Fatalf("wanted %d errors of the compiler, which said (%v):\n%s", len(wanted), err, out)
			}
			for place, text := range wanted {
				if !contains(string(out), place, text) {
					t.Errorf("no error at %s with %q, the compiler said:\n%s", place, text, out)
				}
			}
		})
	}
}

// wants maps "main.go:line:" to a part of the error.
func wants(t *testing.T, program string) map[string]string {
	t.Helper()
	f, err := os.Open(program)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out := map[string]string{}
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		if _, text, ok := strings.Cut(lines.Text(), "// want: "); ok {
			out["main.go:"+strconv.Itoa(n)+":"] = text
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func contains(output, place, text string) bool {
	for line := range strings.Lines(output) {
		if strings.Contains(line, place) && strings.Contains(line, text) {
			return true
		}
	}
	return false
}
