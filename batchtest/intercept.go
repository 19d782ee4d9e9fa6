package batchtest

import (
	"context"
	"net/http"
	"slices"
	"sync/atomic"
)

// Interceptor looks at a request before the operation does, and says what is to
// happen. ctx is the request's, and done when the client gives up.
//
// It may block, which delays the request. It may use all methods of the server.
type Interceptor func(ctx context.Context, r *Request) Action

// Intercept has f look at the requests that come in from now on.
//
//   - Interceptors look in the order in which they were added, each at the whole
//     request, until one answers or fails it; those after that one do not see it.
//     When none does, the operation is carried out.
//   - Functions of [After] and [Drop] run in the same order when there is an
//     answer, whoever gave it.
//   - f is used up by the first request for which it returns another [Action]
//     than the zero value. It is called for one request at a time until then, so
//     it must not wait for another request to s. With [Keep] or [Times] it lasts
//     longer.
//   - remove takes f away. It may be called at any time, again too, and leaves
//     requests alone at which f has already looked.
//
// Interceptors also see requests of no operation, those that cannot be decoded,
// and those to a closed server.
func (s *Server) Intercept(f Interceptor, opts ...InterceptOption) (remove func()) {
	i := &interception{look: f, turn: make(chan struct{}, 1), left: 1}
	for _, o := range opts {
		o(i)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	list := append(slices.Clone(s.intercepting()), i)
	s.interceptions.Store(&list)
	return func() { s.unhook(i) }
}

// InterceptOption changes how long an [Interceptor] lasts.
type InterceptOption func(*interception)

// Keep has an interceptor last until it is removed. It is then called for
// several requests at the same time.
func Keep() InterceptOption { return func(i *interception) { i.kept = true } }

// Times has an interceptor be used up by n requests instead of one. Less than 1
// counts as 1.
func Times(n int) InterceptOption { return func(i *interception) { i.left, i.kept = max(n, 1), false } }

// An interception is an interceptor that was added.
type interception struct {
	look Interceptor
	kept bool
	gone atomic.Bool
	turn chan struct{} // holds who has the turn to look; a channel, as f may block in a bubble
	left int           // uses; for who has the turn
}

func (s *Server) intercepting() []*interception {
	if list := s.interceptions.Load(); list != nil {
		return *list
	}
	return nil
}

func (s *Server) unhook(i *interception) {
	i.gone.Store(true)
	s.mu.Lock()
	defer s.mu.Unlock()
	list := slices.DeleteFunc(slices.Clone(s.intercepting()), func(other *interception) bool { return other == i })
	if len(list) == 0 {
		s.interceptions.Store(nil)
		return
	}
	s.interceptions.Store(&list)
}

// ask has an interceptor look at a request.
func (s *Server) ask(ctx context.Context, i *interception, r Request) Action {
	if i.kept {
		if i.gone.Load() {
			return Action{}
		}
		return i.look(ctx, &r)
	}
	select {
	case i.turn <- struct{}{}:
	case <-ctx.Done():
		return Action{}
	}
	defer func() { <-i.turn }()
	if i.gone.Load() {
		return Action{}
	}
	a := i.look(ctx, &r)
	if a.kind != untouched {
		if i.left--; i.left == 0 {
			s.unhook(i)
		}
	}
	return a
}

// intercepted answers a request that interceptors look at first.
func (s *Server) intercepted(asked *http.Request, r Request) answer {
	ctx := asked.Context()
	var after []func(context.Context, *Answer)
	out, given := answer{}, false
	for _, i := range s.intercepting() {
		a := s.ask(ctx, i, r)
		if a.after != nil {
			after = append(after, a.after)
		}
		if a.kind == settled {
			out, given = s.respond(a.out, a.err), true
			break
		}
	}
	switch {
	case ctx.Err() != nil: // the client has gone
		return answer{dropped: true}
	case !given:
		out = s.carryOut(asked, &r)
	}
	for _, f := range after {
		an := &Answer{server: s, request: r, answer: out}
		f(ctx, an)
		out = an.answer
	}
	return out
}
