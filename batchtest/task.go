package batchtest

import (
	"sync"
	"sync/atomic"
	"time"
)

// A task is one attempt: its containers, and how far each has come. The state
// is guarded by the server's mu, which callers of all methods hold.
type task struct {
	server      *Server
	job         *job
	spec        *taskSpec
	environment *environment
	id          string
	number      int // of the attempt, from 1
	containers  []*Container
	started     int64 // when the job became RUNNING, in Unix milliseconds
	timeout     *timer
	stopping    bool // no container starts any more
	over        bool
	reason      string
	cause       *ending // what kept the task from starting

	// These are not guarded by mu.
	dir     atomic.Pointer[string] // the folder of its own, if there is one
	filling sync.Mutex             // held while an empty volume is filled
}

func newTask(s *Server, j *job) *task {
	number := len(j.whole().live.attempts) + 1
	t := &task{server: s, job: j, spec: j.spec(), environment: j.whole().live.environment, id: s.taskID(j, number), number: number}
	t.containers = make([]*Container, len(t.spec.containers))
	for i := range t.containers {
		t.containers[i] = &Container{task: t, spec: &t.spec.containers[i], index: i}
	}
	return t
}

// step starts and stops what can be, and ends the task when nothing is left.
func (t *task) step() {
	for t.startReady() {
	}
	alive := false
	for _, c := range t.containers {
		alive = alive || c.alive()
		if t.stopping && c.alive() && !c.signalled && !t.needed(c) {
			c.stop()
		}
	}
	if alive || t.over {
		return
	}
	t.over = true
	t.server.attemptEnded(t.job, t.outcome())
	t.server.discard(t)
}

// outcome judges a task whose containers have all ended.
func (t *task) outcome() outcome {
	o := outcome{success: true, reason: t.reason}
	for _, c := range t.containers {
		if o.success && c.spec.essential && !c.ending.success() {
			o.success, o.cause = false, c.ending
		}
	}
	if t.cause != nil {
		o.success, o.cause = false, *t.cause
	}
	switch {
	case o.reason != "" || t.spec.pod == nil:
	case o.success:
		o.reason = reasonPodSucceeded
	default:
		o.reason = reasonPodFailed
	}
	return o
}

// startReady starts the containers whose dependencies are met, and reports
// whether there were any.
func (t *task) startReady() (started bool) {
	for _, c := range t.containers {
		if t.stopping {
			return false
		}
		if c.phase != waiting {
			continue
		}
		switch obstacle, ok := t.obstacle(c); {
		case ok:
			c.launch()
			started = true
		case obstacle != nil:
			t.block(c, obstacle)
		}
	}
	return started
}

// obstacle reports whether the dependencies of c are met. If one never can be,
// it returns the container that c depends on.
func (t *task) obstacle(c *Container) (never *Container, ok bool) {
	ok = true
	for _, e := range c.spec.dependsOn {
		on := t.containers[e.on]
		met := on.meets(e.condition)
		if !met && on.phase == gone {
			return on, false
		}
		ok = ok && met
	}
	return nil, ok
}

// Conditions on a container that another depends on; any other is START.
const (
	conditionComplete = "COMPLETE"
	conditionSuccess  = "SUCCESS"
)

// meets reports whether c has come as far as a condition asks.
func (c *Container) meets(condition string) bool {
	switch condition {
	case conditionComplete:
		return c.phase == gone && c.ending.exited
	case conditionSuccess:
		return c.phase == gone && c.ending.success()
	}
	return c.wasUp // START
}

// block ends the task because c can never start.
func (t *task) block(c, on *Container) {
	c.ending.reason = "dependency on container " + on.spec.name + " not met"
	cause := on.ending
	t.cause = &cause
	t.noStart()
}

// late ends the task because c took longer than its start timeout to reach
// what others wait for.
func (t *task) late(c *Container) {
	for _, other := range t.containers {
		for _, e := range other.spec.dependsOn {
			if other.phase == waiting && t.containers[e.on] == c && !c.meets(e.condition) {
				t.block(other, c)
			}
		}
	}
	t.step()
}

// needed reports whether a container that depends on c is alive. Those that
// depend on others stop first.
func (t *task) needed(c *Container) bool {
	for _, other := range t.containers {
		for _, e := range other.spec.dependsOn {
			if other.alive() && t.containers[e.on] == c {
				return true
			}
		}
	}
	return false
}

// up notes that a container runs, and with it perhaps the job.
func (t *task) up(c *Container) {
	if c.phase == gone {
		return
	}
	c.phase, c.wasUp = upright, true
	for _, other := range t.containers {
		if other.spec.essential && !other.wasUp {
			t.step()
			return
		}
	}
	if t.job.status == starting {
		t.server.up(t.job)
	}
	t.step()
}

// exited notes the end of a container and what follows from it.
func (t *task) exited(c *Container, e ending) {
	if c.phase != gone {
		if t.spec.pod != nil && e.reason == "" {
			e.reason = podCompleted
			if !e.success() {
				e.reason = podError
			}
		}
		t.note(c, e)
		t.step()
	}
}

func (t *task) note(c *Container, e ending) {
	c.phase, c.ending = gone, e
	c.count(false)
	t.server.stop(c.startTimer)
	t.server.stop(c.stopTimer)
	if !c.spec.essential || t.stopping {
		return
	}
	switch {
	case !c.wasUp:
		t.noStart()
	case t.spec.pod == nil: // the others of a pod go on
		t.halt(reasonExited)
	}
}

// end stops all containers.
func (t *task) end(reason string) {
	t.halt(reason)
	t.step()
}

func (t *task) halt(reason string) {
	if !t.stopping {
		t.stopping, t.reason = true, reason
	}
}

// noStart ends a task of which something could not start.
func (t *task) noStart() {
	if t.spec.pod != nil {
		t.halt(reasonPodNoStart)
		return
	}
	t.halt(reasonNoStart)
}

func (t *task) endings() []ending {
	out := make([]ending, len(t.containers))
	for i, c := range t.containers {
		out[i] = c.ending
	}
	return out
}

// stop asks a container to end, and gives it up when its stop timeout passes.
func (c *Container) stop() {
	c.signalled = true
	c.interrupt()
	c.stopTimer = c.task.server.after(max(c.spec.stopTimeout, time.Nanosecond), func() {
		c.task.exited(c, ending{code: exitKilled, exited: true})
	})
}
