package docker

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"sync"

	"github.com/batchkit/batchkit-go/batchtest"
)

// DefaultHost is where the engine is looked for when neither [WithHost] nor the
// environment variable DOCKER_HOST says.
const DefaultHost = "unix:///var/run/docker.sock"

// A Pull says when an image is pulled.
type Pull uint8

// The values of [WithPull].
const (
	PullMissing Pull = iota // when the engine does not have it
	PullAlways              // before every container
	PullNever
)

// An Option changes how a [Runner] behaves.
type Option func(*Runner)

// WithHost sets the address of the engine: unix:///path or tcp://host:port. By
// default it is that of DOCKER_HOST, and else [DefaultHost].
func WithHost(host string) Option { return func(r *Runner) { r.host = host } }

// WithPull says when images are pulled. By default, when they are missing. No
// credentials are sent: pull an image of a private registry beforehand.
func WithPull(p Pull) Option { return func(r *Runner) { r.pull = p } }

// WithNetwork sets the network of containers: the name of one, or a mode of the
// engine such as host or none. By default, or when empty, it is the engine's own
// default.
func WithNetwork(network string) Option { return func(r *Runner) { r.network = network } }

// Runner runs containers on a Docker Engine. Make one with [New]; it may run
// many at the same time.
type Runner struct {
	host    string
	pull    Pull
	network string
	engine  *engine
	filling sync.Mutex // held while volumes are filled: containers may share one
}

var _ batchtest.Runner = (*Runner)(nil)

// New returns a Runner. The error says that the address of the engine is none;
// whether there is an engine shows with [Runner.Ping].
func New(opts ...Option) (*Runner, error) {
	r := &Runner{host: cmp.Or(os.Getenv("DOCKER_HOST"), DefaultHost)}
	for _, o := range opts {
		o(r)
	}
	var err error
	r.engine, err = dial(r.host)
	return r, err
}

// Ping returns nil when the engine answers.
func (r *Runner) Ping(ctx context.Context) error {
	if _, err := r.engine.version(ctx); err != nil {
		return fmt.Errorf("batchtest/docker: no answer from the engine at %s: %w", r.host, err)
	}
	return nil
}

// Close closes the idle connections to the engine. Containers that run go on.
func (r *Runner) Close() { r.engine.http.CloseIdleConnections() }

// Exit codes of containers that the engine cannot run; those of docker run.
const (
	exitEngine    = 125
	exitNoExecute = 126
	exitNoCommand = 127
)

// exitCodes are those of what the engine says when it cannot start a container.
var exitCodes = []struct {
	message string
	code    int
}{
	{"executable file not found", exitNoCommand},
	{"no such file or directory", exitNoCommand},
	{"permission denied", exitNoExecute},
	{"is a directory", exitNoExecute},
}

// Run runs a container of the image that the definition names. The exit code is
// the container's, or 125 when the engine cannot run it, 126 when the command
// cannot be executed and 127 when there is none of that name, with the reason in
// the log. See [batchtest.Runner].
func (r *Runner) Run(ctx context.Context, c *batchtest.Container) int {
	code, err := r.run(ctx, c)
	if err == nil {
		return code
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		err = context.Cause(ctx) // it had to stop before it ran
	}
	fmt.Fprintln(c.Stderr, "batchtest/docker:", err)
	var refusal *Error
	if !errors.As(err, &refusal) || refusal.during != starting {
		return exitEngine
	}
	for _, known := range exitCodes {
		if strings.Contains(refusal.Message, known.message) {
			return known.code
		}
	}
	return exitEngine
}

func (r *Runner) run(ctx context.Context, c *batchtest.Container) (code int, err error) {
	if err := r.provide(ctx, c.Image()); err != nil {
		return 0, err
	}
	spec := c.Spec()
	if err := r.fill(ctx, c.Image(), spec.Mounts); err != nil {
		return 0, err
	}
	id, err := r.engine.create(ctx, r.container(c, spec))
	if err != nil {
		return 0, err
	}
	// What follows must be done also when the context is over.
	always := context.WithoutCancel(ctx)
	defer func() { err = errors.Join(err, r.engine.remove(always, id)) }()
	if err := r.engine.start(ctx, id); err != nil {
		return 0, err
	}
	stopped := make(chan struct{})
	release := context.AfterFunc(ctx, func() {
		defer close(stopped)
		grace := spec.StopTimeout
		if errors.Is(context.Cause(ctx), batchtest.ErrClosed) {
			grace = 0
		}
		if r.engine.stop(always, id, int(math.Ceil(grace.Seconds()))) != nil {
			_ = r.engine.remove(always, id) // which kills it; if that fails as well there is no more to do
		}
	})
	defer func() {
		if !release() {
			<-stopped
		}
	}()
	logs := make(chan error, 1)
	go func() { logs <- r.engine.logs(always, id, c.Stdout, c.Stderr) }()
	code, err = r.engine.wait(always, id)
	return code, errors.Join(err, <-logs)
}

// provide has the engine have an image.
func (r *Runner) provide(ctx context.Context, image string) error {
	if r.pull != PullAlways {
		switch _, err := r.engine.image(ctx, image); {
		case err == nil:
			return nil
		case r.pull == PullNever || !isNotFound(err):
			return err
		}
	}
	return r.engine.pull(ctx, image)
}

// fill does for empty volumes what the engine does for its own, and cannot do for
// bind mounts.
func (r *Runner) fill(ctx context.Context, image string, mounts []batchtest.Mount) error {
	r.filling.Lock()
	defer r.filling.Unlock()
	var declared map[string]struct{}
	for _, m := range mounts {
		if m.Fill == batchtest.FillDeclared && declared == nil {
			found, err := r.engine.image(ctx, image)
			if err != nil {
				return err
			}
			declared = found.Config.Volumes
		}
		if _, ok := declared[m.Path]; m.Fill == batchtest.FillNever || m.Fill == batchtest.FillDeclared && !ok {
			continue
		}
		if entries, err := os.ReadDir(m.Folder); err != nil || len(entries) > 0 {
			continue // it has something, or is a file
		}
		if err := r.copyOut(ctx, image, m); err != nil {
			return fmt.Errorf("filling the volume at %s: %w", m.Path, err)
		}
	}
	return nil
}

// copyOut copies what an image holds at a mount point into the folder. A
// container that never starts gives access to the image; it has a command, as
// the image may have none and the engine insists.
func (r *Runner) copyOut(ctx context.Context, image string, m batchtest.Mount) (err error) {
	id, err := r.engine.create(ctx, container{Image: image, Labels: labels, Cmd: []string{"/"}})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.engine.remove(context.WithoutCancel(ctx), id)) }()
	return r.engine.archive(ctx, id, m.Path, func(tar io.Reader) error { return extract(m.Folder, tar) })
}

// labels are on every container, so that they can be found.
var labels = map[string]string{"com.github.batchkit.batchtest": ""}

// container returns how the engine is to run c.
func (r *Runner) container(c *batchtest.Container, spec batchtest.ContainerSpec) container {
	out := container{
		Image: c.Image(), Entrypoint: spec.Entrypoint, Cmd: spec.Cmd, Env: c.Environ(), User: spec.User, Labels: labels,
		HostConfig: hostConfig{
			CPUShares:      int64(math.Round(spec.VCPUs * 1024)), // as AWS Batch has it
			Memory:         spec.MemoryMiB << 20,
			Privileged:     spec.Privileged,
			ReadonlyRootfs: spec.ReadonlyRootFilesystem,
			NetworkMode:    r.network,
			LogConfig:      logConfig{Type: "json-file"}, // the engine's own default may be one that cannot be read
		},
	}
	for _, m := range spec.Mounts {
		out.HostConfig.Mounts = append(out.HostConfig.Mounts, mount{Type: "bind", Source: m.Folder, Target: m.Path, ReadOnly: m.ReadOnly})
	}
	return out
}
