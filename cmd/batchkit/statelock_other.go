//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
)

// unlocking removes a file when it is closed.
type unlocking struct{ *os.File }

func (u unlocking) Close() error { return errors.Join(u.File.Close(), os.Remove(u.Name())) }

// lock makes a file, whose being there is the lock.
func lock(file string) (io.Closer, error) {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, errLocked
	}
	if err != nil {
		return nil, err
	}
	return unlocking{f}, nil
}
