//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package batchkit_test

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"github.com/batchkit/batchkit-go/batchkit"
)

// A process that is being started has all files of this one until it is another program. A journal that is closed in that
// moment is free all the same.
func TestJournalClosedWhileAProcessStarts(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal")
	first, err := batchkit.OpenJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	held, err := duplicateOf(path)
	if err != nil {
		t.Skipf("the open files of this process cannot be listed: %v", err)
	}
	defer func() {
		if err := syscall.Close(held); err != nil {
			t.Error(err)
		}
	}()
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second, err := batchkit.OpenJournal(path)
	if err != nil {
		t.Fatalf("the journal was closed, and opening it again gives: %v", err)
	}
	if err := second.Close(); err != nil {
		t.Fatal(err)
	}
}

// A device may be read without end, and keeps nothing.
func TestJournalOnADevice(t *testing.T) {
	t.Parallel()
	for _, path := range []string{os.DevNull, "/dev/zero"} {
		_, err := batchkit.OpenJournal(path)
		var failed *batchkit.JournalError
		if !errors.As(err, &failed) || failed.Path != path || failed.Op != "open" {
			t.Errorf("%s: got %v, want a *JournalError", path, err)
		}
	}
}

// duplicateOf duplicates the descriptor by which this process has a file open, as starting a process does.
func duplicateOf(path string) (int, error) {
	const own = "/proc/self/fd"
	entries, err := os.ReadDir(own)
	if err != nil {
		return 0, err
	}
	for _, e := range entries {
		if target, err := os.Readlink(filepath.Join(own, e.Name())); err == nil && target == path {
			fd, err := strconv.Atoi(e.Name())
			if err != nil {
				return 0, err
			}
			return syscall.Dup(fd)
		}
	}
	return 0, os.ErrNotExist
}
