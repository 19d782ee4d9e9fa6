package batchtest

import (
	"context"
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"

	"github.com/batchkit/batchkit-go/batchjson"
)

// Fault is trouble that a [Server] can make, for all operations or some; see
// [Server.Inject]. It is a value that may be shared between servers. The zero
// value is no trouble.
type Fault struct {
	make       func(s *Server, d *dice) Interceptor
	operations []string
}

// On confines the fault to some operations, by their names in the API, such as
// SubmitJob. Names that no operation has match nothing.
func (f Fault) On(operations ...string) Fault {
	f.operations = slices.Clone(operations)
	return f
}

// Inject has the server make trouble until remove is called. Faults are kept
// interceptors: they stand in one line with those of [Server.Intercept].
//
// Where chance decides, it depends on the seed of [WithSeed], the fault's number
// on this server, and what is asked for the how manieth time, but not on the
// order in which goroutines ask. So a run that fails does so again.
func (s *Server) Inject(faults ...Fault) (remove func()) {
	var undo []func()
	for _, f := range faults {
		if f.make == nil {
			continue
		}
		look := f.make(s, &dice{seed: s.settings.seed, fault: s.faults.Add(1), thrown: map[uint64]uint64{}})
		undo = append(undo, s.Intercept(func(ctx context.Context, r *Request) Action {
			if len(f.operations) > 0 && !slices.Contains(f.operations, r.Operation) {
				return Action{}
			}
			return look(ctx, r)
		}, Keep()))
	}
	return func() {
		for _, u := range undo {
			u()
		}
	}
}

// Throttle refuses requests beyond a rate with TooManyRequestsException, status
// 429: there is room for burst requests at once (less than 1 counts as 1), and
// room for perSecond more comes back each second, none when it is 0 or less.
// The operations share the room.
func Throttle(perSecond float64, burst int) Fault {
	return Fault{make: func(s *Server, _ *dice) Interceptor {
		var mu sync.Mutex
		most := float64(max(burst, 1))
		room, at := most, s.Now()
		return func(context.Context, *Request) Action {
			mu.Lock()
			defer mu.Unlock()
			now := s.Now()
			room, at = min(most, room+max(perSecond, 0)*now.Sub(at).Seconds()), now
			if room < 1 {
				return Fail(http.StatusTooManyRequests, "TooManyRequestsException", "Too Many Requests")
			}
			room--
			return Action{}
		}
	}}
}

// FailBefore answers a share of the requests with ServerException, status 500,
// and does not carry them out. The probability is from 0, never, to 1, always.
func FailBefore(probability float64) Fault {
	return Fault{make: func(_ *Server, d *dice) Interceptor {
		return func(_ context.Context, r *Request) Action {
			if !d.hit(probability, r) {
				return Action{}
			}
			return Fail(http.StatusInternalServerError, "ServerException", "injected before the operation")
		}
	}}
}

// FailAfter carries a share of the requests out and answers ServerException,
// status 500, nevertheless. The probability is from 0, never, to 1, always.
func FailAfter(probability float64) Fault {
	return sometimes(probability, func(a *Answer) {
		a.Fail(http.StatusInternalServerError, "ServerException", "injected after the operation")
	})
}

// DropAnswer carries a share of the requests out and loses their answers; see
// [Answer.Drop]. The probability is from 0, never, to 1, always.
func DropAnswer(probability float64) Fault { return sometimes(probability, (*Answer).Drop) }

func sometimes(probability float64, f func(*Answer)) Fault {
	return Fault{make: func(_ *Server, d *dice) Interceptor {
		return func(_ context.Context, r *Request) Action {
			if !d.hit(probability, r) {
				return Action{}
			}
			return After(func(_ context.Context, a *Answer) { f(a) })
		}
	}}
}

// dice decide by chance, the same way in each run.
type dice struct {
	seed, fault uint64

	mu     sync.Mutex
	thrown map[uint64]uint64 // how often, by request
}

// source returns the random numbers for a request.
func (d *dice) source(r *Request) *rand.Rand {
	h := fnv.New64a()
	text := r.body
	// The SDK writes maps in any order.
	if in, err := r.Input(); err == nil {
		if canonical, err := batchjson.Marshal(in); err == nil {
			text = canonical
		}
	}
	_, _ = h.Write([]byte(r.Operation)) // a hash takes everything
	_, _ = h.Write([]byte(r.arn))
	_, _ = h.Write(text)
	of := h.Sum64()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.thrown[of]++
	return rand.New(rand.NewPCG(d.seed^d.fault<<48, of+d.thrown[of]))
}

func (d *dice) hit(probability float64, r *Request) bool {
	return d.source(r).Float64() < probability
}
