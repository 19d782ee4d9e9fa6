package batchtest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// copyTree copies what is below a path of an image into a folder. There may be
// nothing.
func copyTree(dir string, image fs.FS, at string) error {
	from := strings.TrimPrefix(at, "/")
	if from == "" {
		from = "."
	}
	err := fs.WalkDir(image, from, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rest, err := filepath.Rel(filepath.FromSlash(from), filepath.FromSlash(name))
		if err != nil {
			return err
		}
		return copyEntry(filepath.Join(dir, rest), image, name, from, entry)
	})
	if errors.Is(err, fs.ErrNotExist) {
		if _, missing := fs.Stat(image, from); missing != nil {
			return nil
		}
	}
	return err
}

func copyEntry(to string, image fs.FS, name, from string, entry fs.DirEntry) error {
	info, err := entry.Info()
	if err != nil {
		return err
	}
	switch mode := info.Mode(); {
	case mode.IsDir():
		// The owner can always write, or copying could not go on.
		if err := os.MkdirAll(to, 0o755); err != nil {
			return err
		}
		return os.Chmod(to, orPerm(mode, 0o755)|0o700)
	case mode.IsRegular():
		data, err := fs.ReadFile(image, name)
		if err != nil {
			return err
		}
		if err := os.WriteFile(to, data, 0o600); err != nil {
			return err
		}
		return os.Chmod(to, orPerm(mode, 0o644)) // after writing, as the umask spares it
	case mode&fs.ModeSymlink != 0:
		return copyLink(to, image, name, from)
	}
	return fmt.Errorf("%s: neither file, folder nor symbolic link", name)
}

// copyLink makes links relative, as absolute ones would lead to the real machine.
func copyLink(to string, image fs.FS, name, from string) error {
	target, err := fs.ReadLink(image, name)
	if err != nil {
		return err
	}
	absolute := target
	if !path.IsAbs(target) {
		absolute = path.Join("/", path.Dir(name), target)
	}
	base := path.Clean("/" + from)
	if base != "/" && absolute != base && !strings.HasPrefix(absolute, base+"/") {
		return fmt.Errorf("%s: symbolic link leads to %s, out of %s", name, absolute, base)
	}
	relative, err := filepath.Rel(filepath.FromSlash(path.Join("/", path.Dir(name))), filepath.FromSlash(path.Clean(absolute)))
	if err != nil {
		return err
	}
	return os.Symlink(relative, to)
}

func orPerm(mode, otherwise fs.FileMode) fs.FileMode {
	if mode.Perm() == 0 {
		return otherwise
	}
	return mode.Perm()
}
