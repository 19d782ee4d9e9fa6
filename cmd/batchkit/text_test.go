package main

import (
	"bytes"
	"errors"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/internal/source"
	"github.com/batchkit/batchkit-go/validate"
)

func TestColours(t *testing.T) {
	t.Parallel()
	results := []source.Result{
		{Path: "a.json", Findings: []source.Finding{
			{Finding: validate.Finding{Rule: "X1", Severity: validate.Error, Path: "p", Message: "m"}, Line: 1, Column: 2},
			{Finding: validate.Finding{Rule: "X2", Severity: validate.Warning, Message: "m"}, Line: 1, Column: 2},
			{Finding: validate.Finding{Rule: "X3", Severity: validate.Info, Message: "\x1b[2J"}, Line: 1, Column: 2},
		}},
		{Path: "b.json", Err: errors.New("broken")},
	}
	tests := []struct {
		name, reason string
		colours      palette
		want         string
	}{
		{
			"plain", "a file or a pipe holds text and nothing else", false,
			"a.json:1:2: error: p: m (X1)\na.json:1:2: warning: m (X2)\na.json:1:2: info: \ufffd[2J (X3)\n" +
				"1 checked: 1 error, 1 warning, 1 info, 1 could not be read\n",
		},
		{
			"colours", "on a terminal the severity stands out, and the text of a file cannot steer it", true,
			"a.json:1:2: \x1b[31;1merror\x1b[0m: p: m \x1b[2m(X1)\x1b[0m\na.json:1:2: \x1b[33;1mwarning\x1b[0m: m \x1b[2m(X2)\x1b[0m\n" +
				"a.json:1:2: \x1b[34;1minfo\x1b[0m: \ufffd[2J \x1b[2m(X3)\x1b[0m\n1 checked: 1 error, 1 warning, 1 info, 1 could not be read\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.name == "" || tt.reason == "" {
				t.Fatal("each row needs a name and a reason")
			}
			var out bytes.Buffer
			if err := writeText(&out, results, tt.colours); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, out.String()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.reason, diff)
			}
		})
	}
}

// Only a terminal is painted; a file is none.
func TestColourful(t *testing.T) {
	t.Parallel()
	file, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if colourful(file) || colourful(&bytes.Buffer{}) {
		t.Error("a file or a buffer passes for a terminal")
	}
}
