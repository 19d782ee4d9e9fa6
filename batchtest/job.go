package batchtest

import (
	"strconv"
	"strings"
	"time"

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

// noIndex is the index of a job that is no child of an array.
const noIndex = -1

// A job is what moves through the states: a plain job, the parent of an array,
// or one of its children. What does not change is in its work, which children
// share; what is needed only until it has ended is in live.
type job struct {
	work       *work
	index      int32 // of a child, else noIndex
	status     status
	canceled   bool
	terminated bool // while starting or running
	reason     string
	attempts   []attempt
	history    []step
	array      *array // of a parent
	live       *live  // nil when the job is terminal
}

// live is what an unfinished job needs.
type live struct {
	waiting    int    // dependencies that have not succeeded
	admitted   bool   // the time in SUBMITTED is over
	doomed     bool   // a dependency has failed
	dependents []*job // jobs that wait for the whole of this one
	hold       *timer // the time that must pass in this state
	task       *task  // the attempt under way
	verdict    string // why the job fails, however its attempt ends
}

// An array is what a parent has and its children have not.
type array struct {
	children  []job
	counts    [statuses]int32 // of children by status
	open      bool            // children may start, as far as the parent is concerned
	followers []*job          // parents that depend N_TO_N on this one
	changed   int64           // when counts last changed, in Unix nanoseconds
}

// An attempt is one that has ended. Times are in Unix milliseconds, 0 for never.
type attempt struct {
	task             string
	started, stopped int64
	reason           string
	endings          []ending // by container
}

// An ending is how a container ended.
type ending struct {
	code   int32
	exited bool // there is an exit code
	reason string
}

// A step is a change of status. What it came from is the step before.
type step struct {
	at     int64 // Unix nanoseconds
	to     status
	reason string
}

func (j *job) id() string {
	if j.index == noIndex {
		return j.work.id
	}
	return j.work.id + ":" + strconv.Itoa(int(j.index))
}

// parent returns the parent of a child, else nil.
func (j *job) parent() *job {
	if j.index == noIndex {
		return nil
	}
	return j.work.job
}

func (j *job) createdAt() int64 { return j.history[0].at / int64(time.Millisecond) }

// stoppedAt returns when the job became terminal, in Unix milliseconds.
func (j *job) stoppedAt() (int64, bool) {
	return j.history[len(j.history)-1].at / int64(time.Millisecond), j.status.terminal()
}

// startedAt returns when the present or the last attempt began to run.
func (j *job) startedAt() (int64, bool) {
	if j.live != nil && j.live.task != nil {
		return j.live.task.started, j.live.task.started != 0
	}
	if n := len(j.attempts); n > 0 {
		return j.attempts[n-1].started, j.attempts[n-1].started != 0
	}
	return 0, false
}

// job returns the job with an id, which may be that of a child. The caller
// holds mu.
func (s *Server) job(id string) (*job, bool) {
	id, digits, child := strings.Cut(id, ":")
	j, ok := s.jobs[id]
	if !ok || !child {
		return j, ok
	}
	n, err := strconv.Atoi(digits)
	if err != nil || j.array == nil || n < 0 || n >= len(j.array.children) || strconv.Itoa(n) != digits {
		return nil, false
	}
	return &j.array.children[n], true
}
