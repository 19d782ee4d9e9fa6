package batchtest

import (
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
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

// safe makes one element of a path out of any text.
func safe(text string) string { return "_" + url.PathEscape(text) }

// folder returns the real folder of a volume, and whether the volume belongs
// to the task alone.
func (t *task) folder(v types.Volume) (dir string, own bool, err error) {
	f := &t.server.folders
	switch {
	case v.EfsVolumeConfiguration != nil:
		e := v.EfsVolumeConfiguration
		dir, err = f.in("efs", safe(aws.ToString(e.FileSystemId)), filepath.FromSlash(path.Clean("/"+aws.ToString(e.RootDirectory))))
	case v.S3filesVolumeConfiguration != nil:
		e := v.S3filesVolumeConfiguration
		dir, err = f.in("s3", safe(aws.ToString(e.FileSystemArn)), filepath.FromSlash(path.Clean("/"+aws.ToString(e.RootDirectory))))
	case v.Host != nil && aws.ToString(v.Host.SourcePath) != "":
		dir, err = f.in("host", filepath.FromSlash(path.Clean("/"+*v.Host.SourcePath)))
	default:
		own = true
		dir, err = t.ownFolder("volumes", safe(aws.ToString(v.Name)))
	}
	return dir, own, err
}

// mount prepares the volumes of a container that is about to start.
func (c *Container) mount() error {
	for _, m := range c.spec.mounts {
		v, ok := c.task.job.work.volumes[aws.ToString(m.SourceVolume)]
		if !ok {
			return fmt.Errorf("unknown volume %q", aws.ToString(m.SourceVolume))
		}
		dir, own, err := c.task.folder(v)
		if err != nil {
			return fmt.Errorf("volume %q: %w", aws.ToString(v.Name), err)
		}
		at := path.Clean("/" + aws.ToString(m.ContainerPath))
		if !own || c.image.Files == nil || c.task.job.work.fargate() && !slices.Contains(c.image.Volumes, at) {
			continue
		}
		if err := c.task.populate(dir, c.image.Files, at); err != nil {
			return fmt.Errorf("filling volume %q with the image's %s: %w", aws.ToString(v.Name), at, err)
		}
	}
	return nil
}

// populate copies what an image holds at a path into a volume that is empty.
// Containers of a task that start together take turns.
func (t *task) populate(dir string, image fs.FS, at string) error {
	t.filling.Lock()
	defer t.filling.Unlock()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) > 0 {
		return err
	}
	return copyTree(dir, image, at)
}

// mounted returns the real path of a path at or below a mount point.
func (c *Container) mounted(containerPath string) (string, bool) {
	if !path.IsAbs(containerPath) {
		return "", false
	}
	clean, longest, real := path.Clean(containerPath), -1, ""
	for _, m := range c.spec.mounts {
		at := path.Clean("/" + aws.ToString(m.ContainerPath))
		rest, below := strings.CutPrefix(clean, strings.TrimSuffix(at, "/")+"/")
		if clean == at {
			rest, below = "", true
		}
		if !below || len(at) <= longest {
			continue
		}
		dir, _, err := c.task.folder(c.task.job.work.volumes[aws.ToString(m.SourceVolume)])
		if err != nil {
			continue
		}
		longest, real = len(at), filepath.Join(dir, filepath.FromSlash(rest))
	}
	return real, longest >= 0
}

// rootFolder is what a container has outside of its volumes.
type rootFolder struct {
	once sync.Once
	dir  string
}

// Path returns the real path of the file or folder that the container knows by
// an absolute path. At or below a mount point that is in the folder of the
// volume. Elsewhere it is in a folder of the container's own, which begins as
// a copy of the image's Files and is made when Path first needs it. Nothing
// says that there is a file of that name. Both folders are removed when the
// task has ended.
//
// It returns the empty string when the folder cannot be made, with the reason
// in the log.
func (c *Container) Path(containerPath string) string {
	clean := path.Clean("/" + containerPath)
	if real, ok := c.mounted(clean); ok {
		return real
	}
	c.root.once.Do(func() {
		dir, err := c.task.ownFolder("containers", strconv.Itoa(c.index))
		if err == nil && c.image.Files != nil {
			err = copyTree(dir, c.image.Files, "/")
		}
		if err != nil {
			fmt.Fprintln(c.Stderr, "batchtest: making the folder of the container:", err)
			return
		}
		c.root.dir = dir
	})
	if c.root.dir == "" {
		return ""
	}
	return filepath.Join(c.root.dir, filepath.FromSlash(clean))
}
