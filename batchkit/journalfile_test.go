package batchkit_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchkit"
)

// disk is a file in memory whose disk can be full, or broken.
type disk struct {
	mu    sync.Mutex
	data  []byte
	limit int // bytes that there is room for
	syncs int
	fails error // of Sync
}

func (d *disk) ReadAt(p []byte, off int64) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return bytes.NewReader(d.data).ReadAt(p, off)
}

func (d *disk) WriteAt(p []byte, off int64) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := min(len(p), max(d.limit-int(off), 0))
	d.data = append(d.data[:off], p[:n]...)
	if n < len(p) {
		return n, syscall.ENOSPC
	}
	return n, nil
}

func (d *disk) Truncate(size int64) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.data = d.data[:size]
	return nil
}

func (d *disk) Sync() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.syncs++
	return d.fails
}

func (d *disk) Close() error { return nil }

func mounted(t *testing.T, d *disk) *batchkit.FileJournal {
	t.Helper()
	j, err := batchkit.OpenJournalOn("disk", d)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func records(t *testing.T, j batchkit.Journal) []batchkit.Record {
	t.Helper()
	var all []batchkit.Record
	for r, err := range j.Records(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

var begun = batchkit.Record{Kind: batchkit.RecordBegun, Version: 1, Run: "r", Plan: "p"}

func sending(i int) batchkit.Record {
	return batchkit.Record{Kind: batchkit.RecordSending, Step: fmt.Sprint("step ", i), At: time.Unix(int64(i), 0).UTC()}
}

// written is a journal of n records besides the first.
func written(t *testing.T, n int) (*disk, []batchkit.Record) {
	t.Helper()
	d := &disk{limit: 1 << 20}
	j, all := mounted(t, d), []batchkit.Record{begun}
	for i := range n {
		all = append(all, sending(i))
	}
	for _, r := range all {
		if err := j.Append(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	return d, all
}

// However a file is cut off, what was whole is read, and what is appended then follows on it.
func TestJournalTorn(t *testing.T) {
	t.Parallel()
	whole, all := written(t, 3)
	for n := range whole.data {
		for _, tail := range [][]byte{nil, make([]byte, 20), []byte("#\n")} {
			d := &disk{limit: 1 << 20, data: append(bytes.Clone(whole.data[:n]), tail...)}
			lines := bytes.Count(whole.data[:n], []byte("\n"))
			j, err := batchkit.OpenJournalOn("disk", d)
			if lines == 0 && err != nil && string(tail) == "#\n" {
				continue // it may be a file of another kind
			}
			if err != nil {
				t.Fatalf("cut after %d bytes: %v", n, err)
			}
			got := records(t, j)
			torn := n+len(tail) > 0 && lines > 0 && (len(tail) > 0 || whole.data[n-1] != '\n')
			if torn {
				if last := got[len(got)-1]; last.Kind != batchkit.RecordRepaired {
					t.Fatalf("cut after %d bytes: the repair is not told of, but %v", n, last)
				}
				got = got[:len(got)-1]
			}
			if diff := cmp.Diff(all[:lines], append([]batchkit.Record{}, got...)); diff != "" {
				t.Fatalf("cut after %d bytes: -want +got\n%s", n, diff)
			}
			if err := j.Append(t.Context(), sending(9)); err != nil {
				t.Fatal(err)
			}
			if got := records(t, mounted(t, d)); got[len(got)-1].Step != "step 9" {
				t.Fatalf("cut after %d bytes: the next record is lost", n)
			}
		}
	}
}

// Damage before the last line loses nothing: the file is left alone.
func TestJournalCorrupt(t *testing.T) {
	t.Parallel()
	whole, _ := written(t, 3)
	last := bytes.LastIndexByte(whole.data[:len(whole.data)-1], '\n') + 1
	for i := range last - 1 { // without the end of the last line but one, there are no two lines any more
		d := &disk{limit: 1 << 20, data: bytes.Clone(whole.data)}
		d.data[i] ^= 4
		damaged := bytes.Clone(d.data)
		_, err := batchkit.OpenJournalOn("disk", d)
		var corrupt *batchkit.JournalCorruptError
		if !errors.As(err, &corrupt) || !bytes.Equal(d.data, damaged) {
			t.Fatalf("byte %d: got %v", i, err)
		}
		if corrupt.Offset > int64(i) || corrupt.Line < 1 {
			t.Errorf("byte %d: got %+v", i, corrupt)
		}
	}
}

// Files of another kind are not taken for journals that a crash has cut off.
func TestJournalForeign(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, reason, data string }{
		{"text", "a file of the user's", "important"},
		{"line", "a file of the user's", "important\n"},
		{"JSON", "the journal of another program", `{"run": "r"}`},
		{"hexadecimal", "a list of checksums", "0123abcd  file\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			d := &disk{data: []byte(row.data)}
			_, err := batchkit.OpenJournalOn("disk", d)
			var corrupt *batchkit.JournalCorruptError
			if !errors.As(err, &corrupt) || string(d.data) != row.data {
				t.Errorf("got %v and %q: %s", err, d.data, row.reason)
			}
		})
	}
}

func FuzzJournal(f *testing.F) {
	f.Add([]byte(nil))
	f.Add([]byte("3d9e5e4f [{\"kind\":\"begun\"}]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		whole, all := written(t, 2)
		at := len(whole.data)
		d := &disk{limit: 1 << 20, data: append(whole.data, data...)}
		before := bytes.Clone(d.data)
		j, err := batchkit.OpenJournalOn("disk", d)
		if err != nil {
			if !bytes.Equal(before, d.data) {
				t.Error("a journal that cannot be read was changed")
			}
		} else if got := records(t, j); len(got) < len(all) || cmp.Diff(all, got[:len(all)]) != "" || !bytes.Equal(before[:at], d.data[:at]) {
			t.Error("what was whole is lost")
		}
		alone := &disk{limit: 1 << 20, data: bytes.Clone(data)}
		if j, err := batchkit.OpenJournalOn("disk", alone); err == nil {
			records(t, j)
		} else if !bytes.Equal(alone.data, data) {
			t.Error("a file that is no journal was changed")
		}
	})
}

// A full disk takes nothing of a record, and takes records again when there is room.
func TestJournalFull(t *testing.T) {
	t.Parallel()
	d := &disk{limit: 1 << 20}
	j := mounted(t, d)
	if err := j.Append(t.Context(), begun); err != nil {
		t.Fatal(err)
	}
	d.limit = len(d.data) + 10
	var failed *batchkit.JournalError
	if err := j.Append(t.Context(), sending(1)); !errors.As(err, &failed) || failed.Op != "write" || !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("got %v, want a *JournalError of ENOSPC", err)
	}
	d.limit = 1 << 20
	if err := j.Append(t.Context(), sending(2)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]batchkit.Record{begun, sending(2)}, records(t, mounted(t, d))); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// After a failed sync nobody knows what is on the disk.
func TestJournalSync(t *testing.T) {
	t.Parallel()
	d := &disk{limit: 1 << 20, fails: io.ErrUnexpectedEOF}
	j := mounted(t, d)
	for range 2 {
		d.mu.Lock()
		first := d.fails
		d.mu.Unlock()
		var failed *batchkit.JournalError
		if err := j.Append(t.Context(), begun); !errors.As(err, &failed) || failed.Op != "sync" {
			t.Errorf("got %v after %v", err, first)
		}
		d.fails = nil
	}
}

func TestJournalLock(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal")
	first, err := batchkit.OpenJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = batchkit.OpenJournal(path)
	var locked *batchkit.JournalLockedError
	if !errors.As(err, &locked) || locked.Path != path {
		t.Errorf("got %v, want a *JournalLockedError", err)
	}
	for range 2 {
		if err := first.Close(); err != nil {
			t.Errorf("closing: %v", err)
		}
	}
	if err := first.Append(t.Context(), begun); !errors.Is(err, os.ErrClosed) {
		t.Errorf("a closed journal took a record: %v", err)
	}
	again, err := batchkit.OpenJournal(path)
	if err != nil {
		t.Fatalf("the lock outlived its journal: %v", err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
	if _, err := batchkit.OpenJournal(filepath.Join(path, "below")); err == nil {
		t.Error("a journal below a file was opened")
	}
}

// Goroutines that append at the same time share syncs, and each record is there.
func TestJournalTogether(t *testing.T) {
	t.Parallel()
	d := &disk{limit: 1 << 20}
	j := mounted(t, d)
	var all sync.WaitGroup
	for i := range 64 {
		all.Go(func() {
			for k := range 5 {
				if err := j.Append(t.Context(), sending(i*5+k)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	seen := map[string]bool{}
	for _, r := range records(t, mounted(t, d)) {
		seen[r.Step] = true
	}
	if len(seen) != 64*5 {
		t.Errorf("%d records, want %d", len(seen), 64*5)
	}
}
