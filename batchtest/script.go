package batchtest

import (
	"context"
	"maps"
	"slices"
	"time"
)

// Outcome is how an attempt of a container goes; see [Script]. The zero value
// exits with 0 at once.
type Outcome struct {
	// Takes is how long the container runs on the server's clock. One that must
	// stop meanwhile ends with 143.
	Takes time.Duration
	// ExitCode is what it ends with.
	ExitCode int
	// Reason is why, as the container's reason in the job's detail, such as
	// "OutOfMemoryError: Container killed due to memory usage". Empty means none.
	Reason string
	// NoStart keeps the container from starting, as when its image cannot be
	// pulled: it has the Reason, such as "CannotPullContainerError: …", no exit
	// code, and takes no time.
	NoStart bool
	// HostLost takes the host away after Takes, as [Server.SpotLoss] does, instead
	// of an exit code.
	HostLost bool
}

// Script returns a Runner that does attempt n of a job as the nth outcome says,
// and those beyond as the last one. Without any it exits with 0 at once. All
// containers of such an image do so, each for itself. For scripts that differ by
// index see [ByIndex].
func Script(attempts ...Outcome) Runner { return script(slices.Clone(attempts)) }

type script []Outcome

var _ Runner = script(nil)

func (s script) outcome(c *Container) Outcome {
	if len(s) == 0 {
		return Outcome{}
	}
	return s[min(c.Attempt(), len(s))-1]
}

// Run follows the script.
func (s script) Run(ctx context.Context, c *Container) int {
	o := s.outcome(c)
	if c.Sleep(ctx, o.Takes) != nil {
		return exitTerminated
	}
	if o.HostLost {
		c.loseHost()
		return exitTerminated
	}
	c.SetReason(o.Reason)
	return o.ExitCode
}

// loseHost takes the host of the container's attempt away, unless that is over.
func (c *Container) loseHost() {
	s := c.task.server
	s.update(func() {
		if c.alive() && !c.task.over {
			s.lose(c.task.job)
		}
	})
}

// ByIndex returns a Runner that does what the runner for the index of its child
// of an array, or of its node, does, and what others does where there is none and
// in other jobs; nil exits with 0.
func ByIndex(runners map[int]Runner, others Runner) Runner {
	return byIndex{maps.Clone(runners), others}
}

type byIndex struct {
	runners map[int]Runner
	others  Runner
}

var _ Runner = byIndex{}

func (b byIndex) of(c *Container) Runner {
	r := b.others
	if own, ok := b.runners[int(c.task.job.index)]; ok {
		r = own
	}
	if r == nil {
		r = Exit(0)
	}
	return r
}

// Run does what the runner for the index does.
func (b byIndex) Run(ctx context.Context, c *Container) int { return b.of(c).Run(ctx, c) }

// SetReason says why the container is about to end, which onReason of
// evaluateOnExit sees and the job's detail tells. Empty, as at first, means that
// there is no reason to tell but what a pod always has. It has no effect once the
// container is given up.
func (c *Container) SetReason(reason string) {
	s := c.task.server
	s.mu.Lock()
	defer s.mu.Unlock()
	c.reason = reason
}
