//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package batchkit

import (
	"errors"
	"os"
	"syscall"
)

var errLocked = errors.New("locked")

// fileWithLock is a file that is locked until it is closed.
type fileWithLock struct{ *os.File }

func lockFile(file *os.File) (journalFile, error) {
	for {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case err == nil:
			return fileWithLock{file}, nil
		case errors.Is(err, syscall.EWOULDBLOCK):
			return nil, errLocked
		case !errors.Is(err, syscall.EINTR):
			return nil, err
		}
	}
}

// Close gives the lock up by itself: a program that this one is just starting may have the file for a moment too, and
// with it the lock.
func (f fileWithLock) Close() error {
	return errors.Join(syscall.Flock(int(f.Fd()), syscall.LOCK_UN), f.File.Close())
}

// syncFolder has the name of a new file survive a crash.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
