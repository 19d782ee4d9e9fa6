package batchtest

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// ErrClosed says that the server was closed.
var ErrClosed = errors.New("batchtest: server closed")

// Server is an AWS Batch of one account in one region. Make one with [New] or
// [Start]. All its methods may be called at the same time.
type Server struct {
	settings settings
	clock    clock
	ctx      context.Context // the parent of every container's; done when the server closes
	cancel   context.CancelCauseFunc
	closing  chan struct{}  // closed when the server closes
	running  sync.WaitGroup // containers, timers and clean-up
	folders  folders
	logs     logs
	requests requestLog

	// interceptions is nil when there are none. It is replaced under mu.
	interceptions atomic.Pointer[[]*interception]
	faults        atomic.Uint64 // injected so far
	advancing     chan struct{} // holds who moves a virtual clock

	// mu guards what follows, and the fields of jobs, tasks and containers. It
	// is never held while blocking, during I/O, or while user code runs.
	mu      sync.Mutex
	closed  bool
	ids     ids
	timers  map[*timer]struct{}
	changed chan struct{} // closed when the state changes, nil when nobody waits for it
	busy    int           // containers that do something, and hold a virtual clock up
	idle    sync.Cond     // none of them is, or the server was closed

	heir    **Container // takes a container that starts during an update, nil when a new goroutine has to
	bridge  bridge
	watches []*watch       // those who wait for a status
	gates   map[*job]*gate // of jobs that Manual runs
	store
	scheduler
}

var (
	_ http.Handler      = (*Server)(nil)
	_ http.RoundTripper = (*Server)(nil)
)

// New returns a running server. End it with [Server.Close].
func New(opts ...Option) *Server {
	s := &Server{
		settings:  newSettings(opts),
		closing:   make(chan struct{}),
		advancing: make(chan struct{}, 1),
		timers:    map[*timer]struct{}{},
		store:     newStore(),
	}
	s.clock, s.idle.L = s.settings.clock(s.settings.from), &s.mu
	s.logs = newLogs(s.clock)
	s.ctx, s.cancel = context.WithCancelCause(context.Background())
	s.ids = newIDs(s.settings.seed)
	s.launched, s.limits = map[string]int{}, map[string]int{}
	s.scheduler.waiters = map[*job]chan struct{}{}
	s.createDefaults()
	return s
}

// TB is what [Start] needs of a test or a benchmark.
type TB interface {
	Helper()
	Cleanup(func())
}

// Start returns a running server that closes itself when the test ends.
//
// Inside a testing/synctest bubble, pass the bubble's own T: a server must be
// closed in the bubble that made it.
func Start(tb TB, opts ...Option) *Server {
	tb.Helper()
	s := New(opts...)
	tb.Cleanup(s.Close)
	return s
}

// Close stops all containers, waits until they have ended, and removes the
// folders of their volumes. Jobs keep the state they have, and requests answer
// ServerException from then on. Closing again does nothing more.
//
// A [Runner] that does not return when its context is done holds Close up.
func (s *Server) Close() {
	s.mu.Lock()
	if !s.closed {
		s.closed = true
		close(s.closing)
		for t := range s.timers {
			s.stop(t)
		}
		s.idle.Broadcast()
	}
	s.mu.Unlock()
	s.cancel(ErrClosed)
	s.running.Wait()
	s.folders.remove()
}

// update changes the state by f, and then carries on whatever f set in motion.
// It does nothing once the server is closed, and reports whether it did.
func (s *Server) update(f func()) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	f()
	s.settle()
	s.heir = nil
	s.touch()
	if len(s.watches) > 0 {
		s.tell()
	}
	return true
}

// A timer is a pending update.
type timer struct {
	cancel func() bool
}

// after has f run as an update when d has passed, unless the timer is stopped
// before. The caller holds mu.
func (s *Server) after(d time.Duration, f func()) *timer {
	t := &timer{}
	s.timers[t] = struct{}{}
	s.running.Add(1)
	t.cancel = s.clock.after(d, func() {
		defer s.running.Done()
		s.update(func() {
			// It may have been stopped between firing and the lock.
			if _, pending := s.timers[t]; pending {
				delete(s.timers, t)
				f()
			}
		})
	})
	return t
}

// stop stops a timer, which may be nil. The caller holds mu.
func (s *Server) stop(t *timer) {
	if t == nil {
		return
	}
	if _, pending := s.timers[t]; !pending {
		return
	}
	delete(s.timers, t)
	if t.cancel() {
		s.running.Done()
	}
}
