package main

import (
	"bytes"
	"testing"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/internal/golden"
)

func TestOutput(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := run(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	golden.Check(t, "testdata/output.txt", out.String())
}

// A job that fits no instance is found before anything is registered.
func TestTooLarge(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, reason string
		size         size
		fits         bool
	}{
		{"as large as the largest", "the whole instance may go to one job", usable(instances[len(instances)-1]), true},
		{"one CPU more", "no instance has it", size{vcpus: 17, memory: 1024}, false},
		{"one MiB more", "the kernel keeps some of the memory that is advertised", size{vcpus: 1, memory: 64 * batchkit.GiB}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			err := fit(map[string]size{"job": row.size}, instances)
			if (err == nil) != row.fits {
				t.Errorf("%s: got %v", row.reason, err)
			}
		})
	}
}
