package batchtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
)

// Exit codes of containers that did not choose their own.
const (
	exitPanic    = 2
	exitNotFound = 127
	exitKilled   = 137
)

var errStopped = errors.New("batchtest: container stopped")

// A phase is how far a container has come.
type phase uint8

const (
	waiting  phase = iota
	launched       // its volumes are being prepared
	upright        // its runner runs
	gone
)

// Container is one container of one attempt, as its [Runner] sees it. It is
// good until the runner returns, and its methods may be called at the same time.
type Container struct {
	// Stdout and Stderr take the container's output, which becomes lines of its
	// log stream. They may be written to at the same time; they never fail.
	Stdout, Stderr io.Writer

	task  *task
	spec  *containerSpec
	index int
	image Image
	root  rootFolder

	// What follows is guarded by the server's mu.
	phase      phase
	busy       bool // a virtual clock stands still
	pauses     []*pause
	wasUp      bool // it got as far as running
	signalled  bool
	ending     ending
	reason     string // it will end for
	ctx        context.Context
	cancel     context.CancelCauseFunc
	script     *Outcome // nil when its runner has to run
	work       *timer   // until the script ends
	startTimer *timer
	stopTimer  *timer
}

func (c *Container) alive() bool { return c.phase == launched || c.phase == upright }

// Name returns the container's name in ecsProperties or eksProperties. It is
// "default" for containerProperties, and for a container of a pod without one.
func (c *Container) Name() string { return c.spec.name }

// Image returns the image as the definition has it.
func (c *Container) Image() string { return c.spec.image }

// JobID returns the id of the job: parent:index for a child of an array,
// job#index for a node of a multi-node parallel job.
func (c *Container) JobID() string { return c.task.job.id() }

// ArrayIndex returns the index of a child of an array, from 0. It is not ok
// for other jobs.
func (c *Container) ArrayIndex() (index int, ok bool) {
	if c.task.job.parent() == nil {
		return 0, false
	}
	return int(c.task.job.index), true
}

// NodeIndex returns the index of a node of a multi-node parallel job, from 0.
// It is not ok for other jobs.
func (c *Container) NodeIndex() (index int, ok bool) {
	return c.task.job.host(), c.task.job.isNode()
}

// Attempt returns the number of the attempt, from 1.
func (c *Container) Attempt() int { return c.task.number }

// LogStream returns the name of the container's log stream.
func (c *Container) LogStream() string {
	return c.task.job.work.logStream(c.task.spec, c.index, c.task.id)
}

// launch starts the container. The caller holds the server's mu.
func (c *Container) launch() {
	s := c.task.server
	img, ok := s.images[c.spec.image]
	if !ok && s.settings.fallback != nil {
		img, ok = *s.settings.fallback, true
	}
	if !ok {
		c.task.note(c, ending{reason: c.failure("CannotPullContainerError", "ErrImagePull") + fmt.Sprintf(
			": image %s is not registered: register it with Server.Image(%q, batchtest.Image{Run: …}), or give WithFallback", c.spec.image, c.spec.image)})
		return
	}
	c.image = img
	o, known := foretell(img.Run, c)
	if known && o.NoStart {
		c.task.note(c, ending{reason: o.Reason})
		return
	}
	c.phase = launched
	c.startTimer = c.watchStart()
	if known && len(c.spec.mounts) == 0 {
		c.script = &o
		s.scripted = append(s.scripted, c)
		return
	}
	c.ctx, c.cancel = context.WithCancelCause(s.ctx)
	c.count(true)
	if s.heir != nil {
		*s.heir, s.heir = c, nil
		return
	}
	s.running.Go(c.run)
}

// failure returns the word of Amazon ECS or of Kubernetes for what went wrong.
func (c *Container) failure(ecs, kubernetes string) string {
	if c.task.spec.pod != nil {
		return kubernetes
	}
	return ecs
}

// watchStart starts the clock for what others wait for, if there is a limit.
func (c *Container) watchStart() *timer {
	if c.spec.startTimeout <= 0 {
		return nil
	}
	return c.task.server.after(c.spec.startTimeout, func() { c.task.late(c) })
}

// run is the life of a container, and of one that starts when it ends, and so on:
// a goroutine that goes on has a stack that has grown.
func (c *Container) run() {
	for c != nil {
		c = c.live()
	}
}

// live is the life of a container. It returns the one that is to live next in
// its goroutine, if any.
func (c *Container) live() (next *Container) {
	s, t := c.task.server, c.task
	defer c.cancel(nil)
	if err := c.mount(); err != nil {
		s.update(func() {
			t.exited(c, ending{reason: c.failure("CannotCreateContainerError", "CreateContainerConfigError") + ": " + err.Error()})
		})
		return nil
	}
	out, errs := &logWriter{of: c}, &logWriter{of: c}
	c.Stdout, c.Stderr = out, errs
	if !s.update(func() { t.up(c) }) {
		return nil
	}
	code, returned := exitPanic, false
	// Deferred, because a runner can also end its goroutine.
	defer func() {
		out.flush()
		errs.flush()
		s.update(func() {
			if returned {
				s.heir = &next
			}
			t.exited(c, ending{code: int32(code), exited: true, reason: c.reason})
		})
	}()
	code = c.call()
	returned = true
	return nil
}

// call runs the runner and survives its panic.
func (c *Container) call() (code int) {
	code = exitPanic
	returned := false
	defer func() {
		if p := recover(); p != nil {
			fmt.Fprintf(c.Stderr, "panic: %v\n\n%s", p, debug.Stack())
		} else if !returned {
			fmt.Fprintln(c.Stderr, "the runner ended its goroutine (runtime.Goexit, or FailNow of a test) instead of returning")
		}
	}()
	run := c.image.Run
	if run == nil {
		run = Exit(0)
	}
	code = run.Run(c.ctx, c)
	returned = true
	return code
}
