package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/batchkit/batchkit-go/batchtest"
)

// saveDelay is how long after a change the state is saved, so that changes that
// come together are saved together. When saving takes long it is longer, so that
// it costs a tenth of the time at most.
const saveDelay = 100 * time.Millisecond

var errLocked = errors.New("locked")

// A stateLockedError says that another process keeps its state in a file.
type stateLockedError struct{ file, lock string }

func (e *stateLockedError) Error() string {
	return fmt.Sprintf("--state: another batchkit serve keeps its state in %s: end that one or name another file (the lock is %s)", e.file, e.lock)
}

// reserve keeps others from using the file, until it is closed.
func reserve(file string) (io.Closer, error) {
	name := file + ".lock"
	held, err := lock(name)
	switch {
	case errors.Is(err, errLocked):
		return nil, &stateLockedError{file, name}
	case err != nil:
		return nil, fmt.Errorf("--state: %w", err)
	}
	return held, nil
}

// open returns the service, in the state that the file holds if there is one.
func open(file string, opts []batchtest.Option) (*batchtest.Server, error) {
	if file == "" {
		return batchtest.New(opts...), nil
	}
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return batchtest.New(opts...), nil
	}
	if err != nil {
		return nil, fmt.Errorf("--state: %w", err)
	}
	defer f.Close()
	s, err := batchtest.Restore(f, opts...)
	if err != nil {
		return nil, fmt.Errorf("--state: %s was left as it is: %w", file, err)
	}
	return s, nil
}

// keep saves the state after each change, until the context ends; changed tells
// of the first. Errors are reported, and the next change is another chance.
func keep(ctx context.Context, s *batchtest.Server, changed <-chan struct{}, save func() error, report func(error)) {
	delay := saveDelay
	for {
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
		select {
		case <-time.After(delay):
		case <-ctx.Done():
			return
		}
		changed = s.Changed() // before saving: what changes meanwhile may not be in the file
		began := time.Now()
		if err := save(); err != nil {
			report(err)
		}
		delay = max(saveDelay, 9*time.Since(began))
	}
}

// save replaces a file as a whole: whenever the program or the machine stops,
// there is the old one or the new one.
func save(file string, write func(io.Writer) error) error {
	next := file + ".tmp"
	f, err := os.OpenFile(next, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("--state: %w", err)
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(next, file)
	}
	if err != nil {
		return fmt.Errorf("--state: %w", errors.Join(err, os.Remove(next)))
	}
	if folder, err := os.Open(filepath.Dir(file)); err == nil {
		_ = folder.Sync() // not all systems can; the rename is as it is
		_ = folder.Close()
	}
	return nil
}

// keeping keeps the state from now on. What it returns ends the service, and
// saves the state for the last time.
func keeping(ctx context.Context, s *batchtest.Server, file string, errs io.Writer) (finish func() error) {
	ctx, stop := context.WithCancel(ctx)
	done, changed := make(chan struct{}), s.Changed()
	go func() {
		defer close(done)
		keep(ctx, s, changed, func() error { return save(file, s.Save) }, func(err error) { fmt.Fprintln(errs, "batchkit:", err) })
	}()
	return func() error {
		stop()
		<-done
		s.Close()
		return save(file, s.Save)
	}
}
