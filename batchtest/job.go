package batchtest

import (
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// A status is a state of a job, small enough to be kept a million times.
type status uint8

const (
	unborn status = iota
	submitted
	pending
	runnable
	starting
	running
	succeeded
	failed
	statuses
)

var statusNames = [statuses]types.JobStatus{
	submitted: types.JobStatusSubmitted,
	pending:   types.JobStatusPending,
	runnable:  types.JobStatusRunnable,
	starting:  types.JobStatusStarting,
	running:   types.JobStatusRunning,
	succeeded: types.JobStatusSucceeded,
	failed:    types.JobStatusFailed,
}

func (s status) terminal() bool { return s >= succeeded }

// noIndex is the index of a job that is no child of an array and no node.
const noIndex = -1

// A job is what moves through the states: a plain job, the parent of an array
// or one of its children, a multi-node parallel job or one of its nodes. What
// does not change is in its work, which children and nodes share. What happens
// to it is in live, and packed into past when nothing more can happen, as
// there may be millions of jobs that have ended.
type job struct {
	work       *work
	past       string // the record, packed; of a terminal job
	live       *live  // nil for a terminal job, and for a child to which nothing has happened yet
	array      *array // of a parent
	nodes      *nodes // of a multi-node parallel job
	index      int32  // of a child or a node, else noIndex
	waiting    uint16 // dependencies that have not succeeded
	status     status
	doomed     bool // a dependency has failed
	canceled   bool
	terminated bool // while starting or running
}

// live is what an unfinished job needs.
type live struct {
	record
	steps      [6]step // where the history begins
	admitted   bool    // the time in SUBMITTED is over
	dependents []*job  // jobs that wait for the whole of this one
	hold       *timer  // the time that must pass in this state
	task       *task   // the attempt under way
	verdict    string  // why the job fails, however its attempt ends

	environment *environment // of the attempt under way
	locks       []lock       // for the attempt under way
	seats       []seat       // on instances, for the attempt under way
}

// An array is what a parent has and its children have not.
type array struct {
	children  []job
	born      int64           // when the children came into being, in Unix nanoseconds
	counts    [statuses]int32 // of children by status
	open      bool            // children may start, as far as the parent is concerned
	followers []*job          // parents that depend N_TO_N on this one
	changed   int64           // when counts last changed, in Unix nanoseconds
}

func (j *job) id() string {
	switch {
	case j.index == noIndex:
		return j.work.id
	case j.isNode():
		return j.work.id + "#" + strconv.Itoa(int(j.index))
	}
	return j.work.id + ":" + strconv.Itoa(int(j.index))
}

// parent returns the parent of a child, else nil.
func (j *job) parent() *job {
	if j.index == noIndex || j.isNode() {
		return nil
	}
	return j.work.job
}

// isNode reports whether j is a node of a multi-node parallel job.
func (j *job) isNode() bool { return j.index != noIndex && j.work.nodes != nil }

// whole returns the job of a node, and any other job itself.
func (j *job) whole() *job {
	if j.isNode() {
		return j.work.job
	}
	return j
}

// parts returns the children of an array or the nodes of a multi-node parallel
// job, nil for any other.
func (j *job) parts() []job {
	switch {
	case j.array != nil:
		return j.array.children
	case j.nodes != nil:
		return j.nodes.members
	}
	return nil
}

// spec returns what the job runs, nil when it runs nothing itself.
func (j *job) spec() *taskSpec {
	if j.isNode() {
		return j.work.nodes.specs[j.index]
	}
	return j.work.spec
}

// host returns the number of the emulated host that the job runs on.
func (j *job) host() int {
	if j.isNode() {
		return int(j.index)
	}
	return 0
}

// wake returns what an unfinished job needs, and makes it when it is missing.
func (j *job) wake() *live {
	if j.live == nil {
		j.live = &live{}
		j.live.history = j.live.steps[:0]
		if p := j.parent(); p != nil {
			j.live.history = append(j.live.history, p.array.birth())
		}
	}
	return j.live
}

// birth is the first step of all children.
func (a *array) birth() step { return step{at: a.born, to: pending} }

// job returns the job with an id, which may be that of a child or a node. The
// caller holds mu.
func (s *Server) job(id string) (*job, bool) {
	at := strings.IndexAny(id, ":#")
	if at < 0 {
		j, ok := s.jobs[id]
		return j, ok
	}
	j, ok := s.jobs[id[:at]]
	if !ok {
		return nil, false
	}
	var parts []job
	switch {
	case id[at] == ':' && j.array != nil:
		parts = j.array.children
	case id[at] == '#' && j.nodes != nil:
		parts = j.nodes.members
	}
	digits := id[at+1:]
	n, err := strconv.Atoi(digits)
	if err != nil || n < 0 || n >= len(parts) || strconv.Itoa(n) != digits {
		return nil, false
	}
	return &parts[n], true
}
