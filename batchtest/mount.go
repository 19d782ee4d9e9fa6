package batchtest

import (
	"fmt"
	"io/fs"
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

// A mountSpec is a place where a container sees a volume.
type mountSpec struct {
	volume   string
	at       string // in the container, cleaned
	sub      string // what of the volume, "" for all of it
	readOnly bool
}

func ecsMounts(points []types.MountPoint) (out []mountSpec) {
	for _, m := range points {
		out = append(out, mountSpec{volume: aws.ToString(m.SourceVolume), at: path.Clean("/" + aws.ToString(m.ContainerPath)), readOnly: aws.ToBool(m.ReadOnly)})
	}
	return out
}

func podMounts(mounts []types.EksContainerVolumeMount) (out []mountSpec) {
	for _, m := range mounts {
		out = append(out, mountSpec{volume: aws.ToString(m.Name), at: path.Clean("/" + aws.ToString(m.MountPath)), sub: aws.ToString(m.SubPath), readOnly: aws.ToBool(m.ReadOnly)})
	}
	return out
}

// mount prepares the volumes of a container that is about to start.
func (c *Container) mount() error {
	for _, m := range c.spec.mounts {
		v, ok := c.task.spec.volumes[m.volume]
		if !ok {
			return fmt.Errorf("unknown volume %q", m.volume)
		}
		dir, err := c.task.mountFolder(v, m)
		if err != nil {
			return fmt.Errorf("volume %q: %w", v.name, err)
		}
		if !v.fill || c.image.Files == nil || c.task.job.work.fargate() && !slices.Contains(c.image.Volumes, m.at) {
			continue
		}
		if err := c.task.populate(dir, c.image.Files, m.at); err != nil {
			return fmt.Errorf("filling volume %q with the image's %s: %w", v.name, m.at, err)
		}
	}
	return nil
}

// mountFolder makes and returns the real folder of what a mount shows. As in
// Kubernetes a sub-path is made when it is missing, and may not lead upwards.
func (t *task) mountFolder(v volumeSpec, m mountSpec) (string, error) {
	dir, err := t.folder(v)
	if err != nil || m.sub == "" {
		return dir, err
	}
	if path.IsAbs(m.sub) || slices.Contains(strings.Split(m.sub, "/"), "..") {
		return "", fmt.Errorf("subPath %q must be relative and have no \"..\"", m.sub)
	}
	dir = filepath.Join(dir, filepath.FromSlash(m.sub))
	if _, err := os.Stat(dir); err == nil {
		return dir, nil // it may be a file
	}
	return dir, os.MkdirAll(dir, 0o755)
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
		rest, under := strings.CutPrefix(clean, strings.TrimSuffix(m.at, "/")+"/")
		if clean == m.at {
			rest, under = "", true
		}
		if !under || len(m.at) <= longest {
			continue
		}
		dir, err := c.task.mountFolder(c.task.spec.volumes[m.volume], m)
		if err != nil {
			continue
		}
		longest, real = len(m.at), filepath.Join(dir, filepath.FromSlash(rest))
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
