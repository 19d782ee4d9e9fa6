package batchtest

import (
	"slices"
	"time"
)

// A record is what has happened to a job.
type record struct {
	history  []step
	attempts []attempt
}

// A step is a change of status. What it came from is the step before.
type step struct {
	at     int64 // Unix nanoseconds
	reason reason
	to     status
}

// An attempt is one that has ended. Times are in Unix milliseconds, 0 for never.
type attempt struct {
	number           int // from 1
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

func (e ending) success() bool { return e.exited && e.code == 0 }

// record returns what has happened to a job. The caller holds mu.
func (s *Server) record(j *job) record {
	switch {
	case j.live != nil:
		return j.live.record
	case j.status.terminal():
		return s.unpack(j.past)
	}
	return record{history: []step{j.parent().array.birth()}}
}

func (r *record) last() *step { return &r.history[len(r.history)-1] }

// createdAt returns when the job came into being, in Unix milliseconds.
func (r *record) createdAt() int64 { return r.history[0].at / int64(time.Millisecond) }

// startedAt returns when the present or the last attempt began to run.
func (r *record) startedAt() (int64, bool) {
	for _, h := range slices.Backward(r.history) {
		switch h.to {
		case running:
			return h.at / int64(time.Millisecond), true
		case starting:
			return 0, false
		}
	}
	return 0, false
}

// stoppedAt returns when the job became terminal.
func (r *record) stoppedAt() (int64, bool) {
	return r.last().at / int64(time.Millisecond), r.last().to.terminal()
}

// A reason is a status reason, or a container's, as a number. 0 is none.
type reason uint32

// reasons are those that were given. There are few, and many jobs share them.
type reasons struct {
	texts   []string // without the empty one
	numbers map[string]reason
}

func (r *reasons) number(text string) reason {
	if text == "" {
		return 0
	}
	n, ok := r.numbers[text]
	if !ok {
		if r.numbers == nil {
			r.numbers = map[string]reason{}
		}
		r.texts = append(r.texts, text)
		n = reason(len(r.texts))
		r.numbers[text] = n
	}
	return n
}

func (r *reasons) text(n reason) string {
	if n == 0 {
		return ""
	}
	return r.texts[n-1]
}
