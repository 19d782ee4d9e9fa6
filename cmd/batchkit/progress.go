package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchkit"
)

// A view shows a run while it goes on. The jobs of a run that stays attached are submitted while it is watched, so its
// methods are safe for concurrent use.
type view interface {
	// begun tells the id of a run that is going to be submitted, and how many jobs it has.
	begun(run string, jobs int)
	// submitted tells how many jobs have been submitted.
	submitted(jobs int)
	// see tells a change.
	see(batchkit.Event)
	// close ends the view. The terminal is then as it was before.
	close()
}

// silentView shows nothing.
type silentView struct{}

func (silentView) begun(string, int)  {}
func (silentView) submitted(int)      {}
func (silentView) see(batchkit.Event) {}
func (silentView) close()             {}

// states are those of a job, the last ones first. Those that AWS Batch does not have are at the end.
var states = []string{"FAILED", "SUCCEEDED", "RUNNING", "STARTING", "RUNNABLE", "PENDING", "SUBMITTED", "LOST", "SKIPPED"}

// statusOfEvent is one of the states.
func statusOfEvent(e *batchkit.Event) string {
	switch {
	case e.Lost:
		return "LOST"
	case e.Skipped:
		return "SKIPPED"
	}
	return string(e.To)
}

// countsOf says how many there are of each state, those of none left out.
func countsOf[N int | int32](counts map[string]N) string {
	var parts []string
	for _, s := range states {
		if n := counts[s]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, s))
		}
	}
	return strings.Join(parts, ", ")
}

// progress is how far a run has got.
type progress struct {
	run       string
	total     int // jobs of the run, as far as is known
	submitted int
	jobs      map[string]*jobProgress
	counts    map[string]int // of the jobs, by statusOfEvent
}

// jobProgress is the last event of a job.
type jobProgress struct {
	batchkit.Event
	since time.Time // when its status was first seen
}

func newProgress(run string) *progress {
	return &progress{run: run, jobs: map[string]*jobProgress{}, counts: map[string]int{}}
}

// see takes in a change.
func (p *progress) see(e batchkit.Event) {
	j := p.jobs[e.Job]
	if j == nil {
		j = &jobProgress{since: e.At}
		p.jobs[e.Job] = j
		p.total = max(p.total, len(p.jobs))
	} else {
		p.counts[statusOfEvent(&j.Event)]--
	}
	if j.To != e.To {
		j.since = e.At
	}
	j.Event = e
	p.counts[statusOfEvent(&e)]++
}

// ended is how many jobs have ended.
func (p *progress) ended() int { return p.counts["SUCCEEDED"] + p.counts["SKIPPED"] + p.bad() }

// bad is how many jobs have failed or were lost.
func (p *progress) bad() int { return p.counts["FAILED"] + p.counts["LOST"] }

// summary counts the jobs by state, those of no job left out.
func (p *progress) summary() string {
	text := countsOf(p.counts)
	if n := p.total - len(p.jobs); n > 0 {
		text += fmt.Sprintf(", %d not seen yet", n)
	}
	return strings.TrimPrefix(text, ", ")
}

// stuck are the jobs that wait for a reason, the longest first.
func (p *progress) stuck() []*jobProgress {
	return p.among(longest, (*jobProgress).stands)
}

// failed are the jobs that have failed or were lost, the latest first.
func (p *progress) failed() []*jobProgress {
	return p.among(latest, func(j *jobProgress) bool { return j.Lost || j.To == types.JobStatusFailed })
}

// underWay are the jobs of which something runs, the longest first.
func (p *progress) underWay() []*jobProgress {
	return p.among(longest, func(j *jobProgress) bool {
		return !j.Lost && (j.To == types.JobStatusRunning || j.To == types.JobStatusStarting || len(j.Children) > 0 && j.active())
	})
}

func longest(a, b *jobProgress) int { return a.since.Compare(b.since) }

func latest(a, b *jobProgress) int { return b.since.Compare(a.since) }

func (p *progress) among(order func(a, b *jobProgress) int, which func(*jobProgress) bool) []*jobProgress {
	var out []*jobProgress
	for _, j := range p.jobs {
		if which(j) {
			out = append(out, j)
		}
	}
	slices.SortFunc(out, func(a, b *jobProgress) int { return cmp.Or(order(a, b), strings.Compare(a.Job, b.Job)) })
	return out
}

// stands reports whether something keeps the job from starting.
func (j *jobProgress) stands() bool {
	return !j.Lost && (j.Stuck > 0 || j.To == types.JobStatusRunnable && j.Reason != "")
}

// active reports whether children of an array that has not ended do something.
func (j *jobProgress) active() bool {
	return j.To != types.JobStatusSucceeded && j.To != types.JobStatusFailed &&
		j.Children[string(types.JobStatusRunning)]+j.Children[string(types.JobStatusStarting)] > 0
}
