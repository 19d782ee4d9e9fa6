package batchtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// ErrState says that a saved state cannot be restored.
var ErrState = errors.New("batchtest: not a saved state that can be restored")

// What a saved state begins with. The version counts up when an older package
// could not read it.
const (
	stateFormat  = "batchkit-state"
	stateVersion = 1
)

// A state is a server at a moment, as JSON. What the API creates is kept as the
// request that creates it, so that restoring passes the same checks.
type state struct {
	Format       string                       `json:"format"`
	Version      int                          `json:"version"`
	SavedAt      time.Time                    `json:"savedAt"` // on the server's clock
	Region       string                       `json:"region"`
	Account      string                       `json:"account"`
	Seed         uint64                       `json:"seed"`
	JobIDs       []byte                       `json:"jobIds"` // where the source of ids has got to
	RequestIDs   []byte                       `json:"requestIds"`
	Policies     []json.RawMessage            `json:"policies"`
	Environments []json.RawMessage            `json:"environments"`
	Updates      []json.RawMessage            `json:"updates,omitempty"`  // of environments, with what none is created with
	Default      bool                         `json:"defaultEnvironment"` // is the one that is there from the start
	DefaultState string                       `json:"defaultState,omitempty"`
	Queues       []json.RawMessage            `json:"queues"`
	Consumables  []savedConsumable            `json:"consumables"`
	Limits       map[string]int               `json:"limits,omitempty"` // of instances, by type
	Definitions  map[string][]savedDefinition `json:"definitions"`      // revisions from 1 on, by name
	Tags         map[string]map[string]string `json:"tags"`             // that were changed, by ARN
	Reasons      []string                     `json:"reasons"`          // of steps, which number them from 1
	Jobs         []savedJob                   `json:"jobs"`             // in the order of submission
}

type savedDefinition struct {
	Input    json.RawMessage `json:"input"`
	Inactive bool            `json:"inactive,omitempty"`
}

type savedConsumable struct {
	Input   json.RawMessage `json:"input"`
	Created int64           `json:"created"` // Unix milliseconds
	Changes []savedChange   `json:"changes,omitempty"`
}

type savedChange struct {
	Token     string    `json:"token"`
	Operation string    `json:"operation"`
	Quantity  int64     `json:"quantity"`
	At        time.Time `json:"at"`
}

type savedJob struct {
	ID           string          `json:"id"`
	Input        json.RawMessage `json:"input"`
	Definition   string          `json:"definition"` // name:revision
	Queue        string          `json:"queue"`
	QueueDeleted bool            `json:"queueDeleted,omitempty"`
	Environment  string          `json:"environment"` // it was submitted for
	savedPart
	Born     int64       `json:"born,omitempty"`    // of children, in Unix nanoseconds
	Changed  int64       `json:"changed,omitempty"` // when the last of them did
	Children []savedPart `json:"children,omitempty"`
	Nodes    []savedPart `json:"nodes,omitempty"`
}

// A savedPart is what has happened to a job, to a child or to a node. Its status
// is that of the last step; a child without any is PENDING.
type savedPart struct {
	History    []savedStep    `json:"history,omitempty"`
	Attempts   []savedAttempt `json:"attempts,omitempty"`
	Verdict    string         `json:"verdict,omitempty"` // why it will fail
	Canceled   bool           `json:"canceled,omitempty"`
	Terminated bool           `json:"terminated,omitempty"`
}

type savedStep struct {
	At     int64  `json:"at"` // Unix nanoseconds
	To     string `json:"to"`
	Reason reason `json:"reason,omitempty"`
}

type savedAttempt struct {
	Number  int           `json:"number"`
	Started int64         `json:"started,omitempty"` // Unix milliseconds
	Stopped int64         `json:"stopped"`
	Reason  string        `json:"reason,omitempty"`
	Endings []savedEnding `json:"endings"` // by container
}

type savedEnding struct {
	Code   *int32 `json:"code,omitempty"` // nil when it has none
	Reason string `json:"reason,omitempty"`
}

// Save writes the state as JSON: what was created over the API, tags, all jobs
// with their histories, and what [Server.LimitInstances] has said, so that
// [Restore] can go on with it. Options, images, interceptors, requests, logs and
// the folders of volumes are not part of it, nor are instances, what fair shares
// have used and what [Server.Utilization] tells.
func (s *Server) Save(w io.Writer) error {
	s.mu.Lock()
	st, err := s.snapshot()
	s.mu.Unlock()
	if err == nil {
		err = json.NewEncoder(w).Encode(st)
	}
	if err != nil {
		return fmt.Errorf("batchtest: saving the state: %w", err)
	}
	return nil
}

// Changed returns a channel that is closed when something that [Server.Save]
// writes changes next, or may have.
func (s *Server) Changed() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.changed == nil {
		s.changed = make(chan struct{})
	}
	return s.changed
}

// touch tells that something has changed. The caller holds mu.
func (s *Server) touch() {
	if s.changed != nil {
		close(s.changed)
		s.changed = nil
	}
}

// Restore returns a running server in a state that [Server.Save] has written.
// Region, account and seed are those of the saved server, whatever opts say. A
// virtual clock for which no start is given goes on from where it stood, and one
// that is scaled does not begin before that.
//
// Jobs that had ended are as they were, and those that waited wait on. What ran
// them is gone: an attempt that was STARTING or RUNNING ends as if its host had
// failed, see [Server.LoseHost], and is tried again where the job's retry
// strategy says so.
//
// It returns an error that wraps [ErrState] when the text is not a whole saved
// state of a version it knows, or holds what the service would refuse.
func Restore(r io.Reader, opts ...Option) (*Server, error) {
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	var st state
	err := d.Decode(&st)
	switch {
	case st.Format != stateFormat && err == nil:
		return nil, fmt.Errorf("%w: it must begin with the format %q", ErrState, stateFormat)
	case st.Version > stateVersion:
		return nil, fmt.Errorf("%w: it has version %d, and this package knows versions up to %d", ErrState, st.Version, stateVersion)
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrState, err)
	case st.Version != stateVersion:
		return nil, fmt.Errorf("%w: it has no version", ErrState)
	case d.More():
		return nil, fmt.Errorf("%w: something follows its end", ErrState)
	}
	s := New(append(opts[:len(opts):len(opts)], func(o *settings) {
		o.region, o.account, o.seed, o.from = st.Region, st.Account, st.Seed, st.SavedAt
	})...)
	if err := s.restore(&st); err != nil {
		s.Close()
		return nil, fmt.Errorf("%w: %w", ErrState, err)
	}
	return s, nil
}
