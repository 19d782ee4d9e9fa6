package docker

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
)

// extract unpacks what the engine packs for a path: entries below one folder,
// which has the name of the last part of that path and becomes dir. Nothing is
// written outside of dir, whatever is in the file.
func extract(dir string, from io.Reader) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	for r := tar.NewReader(from); ; {
		h, err := r.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		clean := path.Clean(h.Name)
		if !fs.ValidPath(clean) {
			return fmt.Errorf("%q is no path in an archive", h.Name)
		}
		_, name, below := strings.Cut(clean, "/")
		if !below {
			if h.Typeflag == tar.TypeDir {
				continue // dir itself
			}
			return fmt.Errorf("%s is no folder", h.Name)
		}
		if err := unpack(root, name, h, r); err != nil {
			return err
		}
	}
}

func unpack(root *os.Root, name string, h *tar.Header, content io.Reader) error {
	mode := fs.FileMode(h.Mode) & fs.ModePerm
	switch h.Typeflag {
	case tar.TypeDir:
		// The owner can always write, or what is below could not be made.
		if err := root.Mkdir(name, mode|0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
		return root.Chmod(name, mode|0o700)
	case tar.TypeReg:
		f, err := root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		_, err = io.Copy(f, content)
		return errors.Join(err, f.Chmod(mode), f.Close()) // the mode after opening, as the umask spares it
	case tar.TypeSymlink:
		return root.Symlink(h.Linkname, name) // containers see it, and nothing here follows it
	case tar.TypeLink:
		_, target, _ := strings.Cut(path.Clean(h.Linkname), "/")
		return root.Link(target, name)
	}
	return nil // devices and the like are not copied
}
