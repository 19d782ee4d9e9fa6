package batchtest

import (
	"errors"
	"fmt"
)

// ErrNotRunning says that a job is neither STARTING nor RUNNING, or has no
// attempt of its own, as the parent of an array.
var ErrNotRunning = errors.New("batchtest: no attempt under way")

const reasonSpotTask = "Your Spot Task was interrupted."

// instanceID is the id of an emulated host, in the form of Amazon EC2.
func instanceID(host int) string { return fmt.Sprintf("i-%017x", host+1) }

func reasonHostLost(host int) string {
	return "Host EC2 (instance " + instanceID(host) + ") terminated."
}

// SpotLoss takes away what a job runs on, as when a Spot instance is reclaimed.
// On EC2 and on Amazon EKS the attempt ends at once, its containers without an
// exit code, with the status reason "Host EC2 (instance i-…) terminated."; on
// Fargate containers are stopped, with the time that their stop timeout gives,
// and the reason is "Your Spot Task was interrupted.". The attempt counts, and
// retries follow as after any failure. Other jobs are not touched. Of a
// multi-node parallel job id means the main node; other nodes are job#index.
//
// It returns an error that wraps [ErrUnknownJob] or [ErrNotRunning].
func (s *Server) SpotLoss(id string) error {
	err := ErrClosed
	s.update(func() {
		var j *job
		if j, err = s.attempting(id); err == nil {
			s.lose(j)
		}
	})
	return err
}

// lossOf is the status reason when what runs a job is gone.
func lossOf(w *work, host int) string {
	if w.fargate() {
		return reasonSpotTask
	}
	return reasonHostLost(host)
}

// LoseHost ends what runs on the same host as a job, all at once, as when an
// instance fails; see [Server.SpotLoss] for how attempts end. The host is the
// job's instance, which is gone then. In compute environments that have none, such
// as "default", all jobs share one host, with the first nodes of multi-node
// parallel jobs; node n of all of these share another. On Fargate a job has a host
// of its own. What is in volumes of hosts is kept.
//
// It returns an error that wraps [ErrUnknownJob] or [ErrNotRunning].
func (s *Server) LoseHost(id string) error {
	err := ErrClosed
	s.update(func() {
		var j *job
		if j, err = s.attempting(id); err != nil {
			return
		}
		if j.work.fargate() {
			s.lose(j)
			return
		}
		var lost []*job // before any of them is tried again
		on := j.instance()
		s.eachAttempt(func(other *job) {
			if other.instance() == on && (on != nil || other.host() == j.host() && !other.work.fargate()) {
				lost = append(lost, other)
			}
		})
		if on != nil {
			on.drained = true // it ends when those on it have ended
		}
		for _, other := range lost {
			if other.live != nil && other.live.task != nil {
				s.lose(other)
			}
		}
	})
	return err
}

// attempting returns the job whose attempt an id means. The caller holds mu, as
// for all below.
func (s *Server) attempting(id string) (*job, error) {
	j, ok := s.job(id)
	if !ok {
		return nil, fmt.Errorf("%w: %s", ErrUnknownJob, id)
	}
	if j.nodes != nil {
		j = j.mainNode()
	}
	if j.live == nil || j.live.task == nil {
		return nil, fmt.Errorf("%w: %s is %s", ErrNotRunning, id, statusNames[j.status])
	}
	return j, nil
}

// eachAttempt visits all that have an attempt under way.
func (s *Server) eachAttempt(visit func(*job)) {
	for _, whole := range s.submitted {
		if whole.live != nil && whole.live.task != nil {
			visit(whole)
		}
		parts := whole.parts()
		for i := range parts {
			if p := &parts[i]; p.live != nil && p.live.task != nil {
				visit(p)
			}
		}
	}
}

// lose ends the attempt of a job by the loss of its host.
func (s *Server) lose(j *job) {
	t, reason := j.live.task, lossOf(j.work, j.host())
	if j.live.hold != nil { // no container has started
		s.endTask(j, reason)
		return
	}
	if t.stopping { // it ends already, for another reason
		return
	}
	t.cause = &ending{}
	if !j.work.fargate() {
		for _, c := range t.containers {
			s.vanish(c)
		}
	}
	t.end(reason)
}

// vanish ends a container without an exit code.
func (s *Server) vanish(c *Container) {
	if !c.alive() {
		return
	}
	c.phase = gone
	c.count(false)
	c.interrupt()
	s.stop(c.startTimer)
	s.stop(c.stopTimer)
}
