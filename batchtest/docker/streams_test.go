package docker

import (
	"archive/tar"
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDemultiplex(t *testing.T) {
	t.Parallel()
	rows := []struct {
		name, reason, in, stdout, stderr string
		fails                            bool
	}{
		{"nothing", "a container may be silent", "", "", "", false},
		{"both", "each has its own", "\x01\x00\x00\x00\x00\x00\x00\x02hi\x02\x00\x00\x00\x00\x00\x00\x01!", "hi", "!", false},
		{"empty piece", "a length may be zero", "\x01\x00\x00\x00\x00\x00\x00\x00", "", "", false},
		{"half a header", "the connection was cut", "\x01\x00\x00", "", "", true},
		{"half a piece", "what came is kept", "\x01\x00\x00\x00\x00\x00\x00\x05hi", "hi", "", true},
		{"no stream", "there are two", "\x07\x00\x00\x00\x00\x00\x00\x00", "", "", true},
	}
	for _, r := range rows {
		if r.name == "" || r.reason == "" {
			t.Fatal("a row needs a name and a reason")
		}
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr strings.Builder
			err := demultiplex(strings.NewReader(r.in), &stdout, &stderr)
			if (err != nil) != r.fails || stdout.String() != r.stdout || stderr.String() != r.stderr {
				t.Errorf("%q, %q, %v: %s", stdout.String(), stderr.String(), err, r.reason)
			}
		})
	}
}

func FuzzDemultiplex(f *testing.F) {
	f.Add([]byte("\x01\x00\x00\x00\x00\x00\x00\x02hi"))
	f.Add([]byte("\x02\x00\x00\x00\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var stdout, stderr bytes.Buffer
		err := demultiplex(bytes.NewReader(data), &stdout, &stderr)
		// What is no content is headers.
		if left := len(data) - stdout.Len() - stderr.Len(); left < 0 || err == nil && left%8 != 0 {
			t.Errorf("%d bytes more than the content, %v", left, err)
		}
	})
}

func TestReference(t *testing.T) {
	t.Parallel()
	rows := []struct{ name, reason, in, image, tag string }{
		{"bare", "all tags would be too many", "app", "app", "latest"},
		{"tag", "as given", "app:1", "app", "1"},
		{"port", "that is no tag", "host:5000/app", "host:5000/app", "latest"},
		{"port and tag", "only the last is one", "host:5000/app:1", "host:5000/app", "1"},
		{"digest", "it stands for the tag", "app@sha256:00", "app", "sha256:00"},
	}
	for _, r := range rows {
		if r.name == "" || r.reason == "" {
			t.Fatal("a row needs a name and a reason")
		}
		if image, tag := reference(r.in); image != r.image || tag != r.tag {
			t.Errorf("%s: %q and %q, want %q and %q: %s", r.in, image, tag, r.image, r.tag, r.reason)
		}
	}
}

func archiveOf(t *testing.T, headers ...tar.Header) *bytes.Buffer {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, h := range headers {
		text := ""
		if h.Typeflag == tar.TypeReg {
			text, h.Size = "text", 4
		}
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return &b
}

func TestExtract(t *testing.T) {
	t.Parallel()
	dir := tar.Header{Name: "data/", Typeflag: tar.TypeDir, Mode: 0o755}
	rows := []struct {
		name, reason string
		entries      []tar.Header
		want         []string // what is there, with its mode
		fails        bool
	}{
		{"tree", "modes are kept, and folders can be written to", []tar.Header{
			dir, {Name: "data/bin", Typeflag: tar.TypeDir, Mode: 0o555}, {Name: "data/bin/tool", Typeflag: tar.TypeReg, Mode: 0o755},
			{Name: "data/link", Typeflag: tar.TypeSymlink, Linkname: "bin/tool"}, {Name: "data/same", Typeflag: tar.TypeLink, Linkname: "data/bin/tool"},
			{Name: "data/pipe", Typeflag: tar.TypeFifo},
		}, []string{"drwxr-xr-x bin", "-rwxr-xr-x bin/tool", "Lrwxrwxrwx link", "-rwxr-xr-x same"}, false},
		{"upwards", "nothing is written outside", []tar.Header{dir, {Name: "data/../../f", Typeflag: tar.TypeReg}}, nil, true},
		{"through a link", "nor through what was unpacked before", []tar.Header{
			dir, {Name: "data/out", Typeflag: tar.TypeSymlink, Linkname: "/tmp"}, {Name: "data/out/f", Typeflag: tar.TypeReg},
		}, []string{"Lrwxrwxrwx out"}, true},
		{"file", "the mount point must be a folder", []tar.Header{{Name: "data", Typeflag: tar.TypeReg}}, nil, true},
	}
	for _, r := range rows {
		if r.name == "" || r.reason == "" {
			t.Fatal("a row needs a name and a reason")
		}
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			to := t.TempDir()
			err := extract(to, archiveOf(t, r.entries...))
			var got []string
			_ = filepath.WalkDir(to, func(path string, d fs.DirEntry, _ error) error {
				if info, err := os.Lstat(path); err == nil && path != to {
					got = append(got, info.Mode().String()+" "+strings.TrimPrefix(path, to+"/"))
				}
				return nil
			})
			if diff := cmp.Diff(r.want, got); diff != "" || (err != nil) != r.fails {
				t.Errorf("%v: %s (-want +got):\n%s", err, r.reason, diff)
			}
		})
	}
}
