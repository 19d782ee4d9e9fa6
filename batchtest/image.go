package batchtest

import (
	"context"
	"io/fs"
	"slices"
)

// Image is what a container image is here: what it does and what it holds.
type Image struct {
	// Run is what a container of the image does. Nil exits with 0 at once.
	Run Runner
	// Entrypoint comes before the command when [Process] runs the image, as the
	// ENTRYPOINT of its Dockerfile would. The command of a container of a pod
	// replaces it. Other runners decide for themselves.
	Entrypoint []string
	// Cmd is what [Process] runs after Entrypoint when the definition has no
	// command, as the CMD of the Dockerfile would be.
	Cmd []string
	// Files is what the image holds, rooted at /, so that usr/bin/tool is
	// /usr/bin/tool. Nil means nothing. Permissions are kept; a file or folder
	// without any gets 0644 or 0755. Symbolic links must stay inside. It must
	// be safe to read from several goroutines.
	Files fs.FS
	// Volumes are the absolute paths that the image declares as VOLUME. On
	// Fargate, a task volume mounted at exactly such a path starts with the
	// image's files; mounted elsewhere it starts empty. On EC2 it starts with
	// the image's files anywhere, and Volumes has no effect.
	Volumes []string
}

// Image registers what containers of an image do. The name is compared as a
// whole, with registry and tag. Registering again replaces the image for
// containers that start later. An attempt with an image that is not registered
// fails, as if that could not be pulled; see [WithFallback].
func (s *Server) Image(name string, img Image) {
	img.Entrypoint, img.Cmd, img.Volumes = slices.Clone(img.Entrypoint), slices.Clone(img.Cmd), slices.Clone(img.Volumes)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.images[name] = img
}

// Runner is what a container does.
type Runner interface {
	// Run does the work of c and returns its exit code, 0 for success. ctx is
	// done when the container must stop: the job was terminated or ran into
	// its timeout, an essential container of the task ended, or the server
	// closes. A runner that has not returned when the stop timeout has passed
	// since (30 seconds by default) is left behind with exit code 137.
	//
	// A panic ends the container with exit code 2 and its text in the log.
	Run(ctx context.Context, c *Container) (exitCode int)
}

// Func is a function as a Runner.
type Func func(ctx context.Context, c *Container) (exitCode int)

var _ Runner = Func(nil)

// Run calls f.
func (f Func) Run(ctx context.Context, c *Container) int { return f(ctx, c) }

// Exit returns a Runner that ends at once with an exit code.
func Exit(code int) Runner { return exit(code) }

type exit int

// Run ends with the exit code.
func (e exit) Run(context.Context, *Container) int { return int(e) }
