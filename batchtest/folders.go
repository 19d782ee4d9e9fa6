package batchtest

import (
	"os"
	"path/filepath"
	"sync"
)

// folders is where volumes are real. It has its own lock, as it does I/O.
type folders struct {
	mu     sync.Mutex
	root   string // made when first needed
	closed bool
}

// in makes and returns a folder below the root.
func (f *folders) in(elements ...string) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return "", ErrClosed
	}
	if f.root == "" {
		root, err := os.MkdirTemp("", "batchtest-")
		if err != nil {
			return "", err
		}
		f.root = root
	}
	dir := filepath.Join(append([]string{f.root}, elements...)...)
	return dir, os.MkdirAll(dir, 0o755)
}

func (f *folders) remove() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	if f.root != "" {
		_ = os.RemoveAll(f.root) // a temporary folder; the system removes what is left
	}
}

// discard removes the folders of a task that is over, if it has any. The
// caller holds the server's mu, so the removing is done elsewhere.
func (s *Server) discard(t *task) {
	if dir := t.dir.Load(); dir != nil {
		s.running.Go(func() { _ = os.RemoveAll(*dir) })
	}
}

// ownFolder makes and returns a folder that goes with the task.
func (t *task) ownFolder(elements ...string) (string, error) {
	dir, err := t.server.folders.in("task", t.id)
	if err != nil {
		return "", err
	}
	t.dir.Store(&dir)
	return t.server.folders.in(append([]string{"task", t.id}, elements...)...)
}
