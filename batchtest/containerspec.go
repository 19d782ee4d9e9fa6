package batchtest

import (
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// ContainerSpec is how a container is to run, beside its image and environment:
// what a [Runner] needs that has a container engine behind it.
type ContainerSpec struct {
	// Entrypoint and Cmd are what the definition, with overrides, puts in the
	// place of the image's own. Empty leaves the image's, but an Entrypoint also
	// does away with the image's Cmd.
	Entrypoint, Cmd []string
	// VCPUs is how many of them the container asks for, 0 when it does not say.
	VCPUs float64
	// MemoryMiB is its hard limit of memory in MiB, 0 for none.
	MemoryMiB int64
	// User is a name or a number, or two with a colon between for the group as
	// well. Empty is the image's.
	User string
	// Privileged is whether the container has the powers of its host's root.
	Privileged bool
	// ReadonlyRootFilesystem is whether it can write to its mounts only.
	ReadonlyRootFilesystem bool
	// StopTimeout is how long it may take to stop before it is killed. It is 30
	// seconds when the definition does not say.
	StopTimeout time.Duration
	// Mounts are the volumes that it sees, in the order of the definition.
	Mounts []Mount
}

// Mount is a volume, as a container sees it.
type Mount struct {
	// Path is where the container sees it, absolute.
	Path string
	// Folder is the real folder behind it, which other containers of the task
	// may share. It is there already.
	Folder string
	// ReadOnly is whether the container may only read. No [Process] is kept from
	// writing.
	ReadOnly bool
	// Fill says when an empty folder takes what the image holds at Path. What
	// [Image] has in Files is there already.
	Fill Fill
}

// Fill says when an empty volume takes what an image holds at its mount point.
type Fill uint8

// The values of [Mount]'s Fill.
const (
	FillNever    Fill = iota // of a folder of the host, a file system, a pod
	FillDeclared             // when the image declares that path as VOLUME, as on Fargate
	FillAlways               // as on EC2
)

// Spec returns how the container is to run. The slices are the caller's. A mount
// whose folder cannot be had is left out, with the reason in the log.
func (c *Container) Spec() ContainerSpec {
	out := ContainerSpec{StopTimeout: c.spec.stopTimeout}
	switch t := c.task.spec; {
	case t.pod != nil:
		out.Entrypoint, out.Cmd = c.Command(), c.Args()
		if n := len(t.pod.InitContainers); c.index < n {
			out.takePod(&t.pod.InitContainers[c.index])
		} else {
			out.takePod(&t.pod.Containers[c.index-n])
		}
	case t.task != nil:
		d := &t.task.Containers[c.index]
		out.Cmd = c.Command()
		out.take(required(d.ResourceRequirements), d.User, d.Privileged, d.ReadonlyRootFilesystem)
	default:
		d := t.container
		out.Cmd = c.Command()
		out.take(required(d.ResourceRequirements).most(legacyResources(d)), d.User, d.Privileged, d.ReadonlyRootFilesystem)
	}
	for _, m := range c.spec.mounts {
		v := c.task.spec.volumes[m.volume]
		dir, err := c.task.mountFolder(v, m)
		if err != nil {
			fmt.Fprintf(c.Stderr, "batchtest: the folder of volume %q: %v\n", v.name, err)
			continue
		}
		mount := Mount{Path: m.at, Folder: dir, ReadOnly: m.readOnly}
		switch {
		case !v.fill:
		case c.task.job.work.fargate():
			mount.Fill = FillDeclared
		default:
			mount.Fill = FillAlways
		}
		out.Mounts = append(out.Mounts, mount)
	}
	return out
}

func (s *ContainerSpec) take(r resources, user *string, privileged, readonly *bool) {
	s.VCPUs, s.MemoryMiB = vcpus(r.cpu), r.memory
	s.User, s.Privileged, s.ReadonlyRootFilesystem = aws.ToString(user), aws.ToBool(privileged), aws.ToBool(readonly)
}

// takePod is take for a container of a pod, whose limit of memory holds and not
// what it requests.
func (s *ContainerSpec) takePod(d *types.EksContainerDetail) {
	r := requested(d.Resources)
	if d.Resources != nil {
		r.memory = int64(quantity(d.Resources.Limits["memory"])) >> 20
	}
	security := d.SecurityContext
	if security == nil {
		security = &types.EksContainerSecurityContext{}
	}
	s.take(r, nil, security.Privileged, security.ReadOnlyRootFilesystem)
	if security.RunAsUser == nil {
		return // a group alone is not known to container engines
	}
	s.User = strconv.FormatInt(*security.RunAsUser, 10)
	if security.RunAsGroup != nil {
		s.User += ":" + strconv.FormatInt(*security.RunAsGroup, 10)
	}
}
