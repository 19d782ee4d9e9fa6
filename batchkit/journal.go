package batchkit

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"time"
)

// Journal keeps what a submission is about to do and has done, so that it can be gone on with after a crash.
// [FileJournal] is one; another may stand on a database. A journal is for one run, and for one Submit at a time: a
// journal of your own must see to that, as the lock of a FileJournal does.
type Journal interface {
	// Records returns all records in the order in which they were appended. An error comes last.
	Records(ctx context.Context) iter.Seq2[Record, error]
	// Append returns after the records are safe from a crash of the machine, and all or none are kept of each call.
	// It is called by many goroutines at the same time, and does not give up because ctx ended after it began to write.
	Append(ctx context.Context, records ...Record) error
}

// Record is an entry of a [Journal].
type Record struct {
	// Kind says what happened.
	Kind RecordKind `json:"kind"`
	// Version is that of the records, 1, in a record of RecordBegun; else 0.
	Version int `json:"version,omitempty"`
	// Run and Plan are the run's id and the digest of its plan, in a record of RecordBegun; else empty.
	Run  string `json:"run,omitempty"`
	Plan string `json:"plan,omitempty"`
	// Step is the name of the step of the plan that the record is about; else empty.
	Step string `json:"step,omitempty"`
	// Definition is the index in Plan.Definitions, in a record of RecordRegistered; else 0.
	Definition int `json:"definition,omitempty"`
	// ID is the id of a job, or the ARN of a definition; else empty.
	ID string `json:"id,omitempty"`
	// Reason is that of Run.Cancel, in a record of RecordCancelled; else empty.
	Reason string `json:"reason,omitempty"`
	// At is when it happened.
	At time.Time `json:"at,omitzero"`
}

// RecordKind says what a [Record] tells.
type RecordKind string

const (
	// RecordBegun comes first.
	RecordBegun RecordKind = "begun"
	// RecordSurveyed says that the service was asked for jobs of the run that the journal does not know, long enough
	// that none can have escaped.
	RecordSurveyed RecordKind = "surveyed"
	// RecordRegistered says which ARN a definition of the plan has.
	RecordRegistered RecordKind = "registered"
	// RecordSending says that a step is going to be submitted now.
	RecordSending RecordKind = "sending"
	// RecordAbsent says that the step was surely not submitted.
	RecordAbsent RecordKind = "absent"
	// RecordSubmitted says that the step is the job with that id.
	RecordSubmitted RecordKind = "submitted"
	// RecordCancelled says that the step was cancelled before it was submitted, and never will be.
	RecordCancelled RecordKind = "cancelled"
	// RecordRepaired says that records may have been lost just before it. What was not submitted by then is looked for
	// at the service.
	RecordRepaired RecordKind = "repaired"
)

const recordVersion = 1

// JournalError says that a journal cannot be read or written. A full disk is one, with ENOSPC in its chain.
type JournalError struct {
	// Path is the file's; empty for a journal that is none.
	Path string
	// Op is what failed: open, lock, read, write, sync or close.
	Op string
	// Err is why.
	Err error
}

// Error says what failed.
func (e *JournalError) Error() string {
	err := e.Err
	var named *fs.PathError // which says path and operation again
	if errors.As(err, &named) {
		err = named.Err
	}
	return fmt.Sprintf("journal %s: %s: %v", e.Path, e.Op, err)
}

// Unwrap returns why.
func (e *JournalError) Unwrap() error { return e.Err }

// JournalLockedError says that another process, or another part of this one, has the journal open, or submits with it.
type JournalLockedError struct{ Path string }

// Error names the file.
func (e *JournalLockedError) Error() string {
	return fmt.Sprintf("journal %s is in use: somebody else submits its run", e.Path)
}

// JournalCorruptError says that a record before the last one was damaged, or that the file is no journal. The file was
// left as it is. To go on, move it away and submit with the same [RunID]: the run is then found by names and tags.
type JournalCorruptError struct {
	// Path is the file's.
	Path string
	// Line counts from 1, and Offset is where the line begins, in bytes.
	Line   int
	Offset int64
}

// Error says where.
func (e *JournalCorruptError) Error() string {
	return fmt.Sprintf("journal %s is damaged in line %d, at byte %d: move it away and submit with the same run id", e.Path, e.Line, e.Offset)
}

// history is what a journal tells.
type history struct {
	run, plan string    // empty for a journal that is empty
	doubtful  bool      // there may be jobs that the journal does not tell of
	since     time.Time // if so, they were sent before that
	ids       map[string]string
	sending   map[string]time.Time
	cancelled map[string]string // reasons
	arns      map[int]string
}

func readHistory(ctx context.Context, j Journal) (*history, error) {
	h := &history{ids: map[string]string{}, sending: map[string]time.Time{}, cancelled: map[string]string{}, arns: map[int]string{}}
	for r, err := range j.Records(ctx) {
		if err != nil {
			return nil, err
		}
		if err := h.add(r); err != nil {
			return nil, &JournalError{Path: pathOf(j), Op: "read", Err: err}
		}
	}
	return h, nil
}

func (h *history) add(r Record) error {
	if (h.run == "") != (r.Kind == RecordBegun) {
		return fmt.Errorf("a record %q where none can be", r.Kind)
	}
	switch r.Kind {
	case RecordBegun:
		if r.Version != recordVersion || r.Run == "" {
			return fmt.Errorf("records of version %d, where this release knows %d", r.Version, recordVersion)
		}
		h.run, h.plan, h.doubtful, h.since = r.Run, r.Plan, true, r.At
	case RecordRepaired:
		h.doubtful, h.since = true, r.At
	case RecordSurveyed:
		h.doubtful = false
		clear(h.sending)
	case RecordRegistered:
		h.arns[r.Definition] = r.ID
	case RecordSending:
		h.sending[r.Step] = r.At
	case RecordAbsent:
		delete(h.sending, r.Step)
	case RecordCancelled:
		h.cancelled[r.Step] = r.Reason
	case RecordSubmitted:
		delete(h.sending, r.Step)
		h.ids[r.Step] = r.ID
	default:
		return fmt.Errorf("a record of the unknown kind %q", r.Kind)
	}
	return nil
}

func pathOf(j Journal) string {
	if f, ok := j.(interface{ Path() string }); ok {
		return f.Path()
	}
	return ""
}
