//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package batchkit

import (
	"errors"
	"io/fs"
	"os"
)

var errLocked = errors.New("locked")

// fileWithLock is a file with another beside it, whose being there is the lock.
type fileWithLock struct {
	*os.File
	lock string
}

// lockFile locks the file until it is closed.
func lockFile(file *os.File) (journalFile, error) {
	lock := file.Name() + ".lock"
	l, err := os.OpenFile(lock, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, errLocked
	}
	if err != nil {
		return nil, err
	}
	return fileWithLock{file, lock}, l.Close()
}

func (f fileWithLock) Close() error { return errors.Join(f.File.Close(), os.Remove(f.lock)) }

// syncFolder does nothing: these systems have no such call.
func syncFolder(string) error { return nil }
