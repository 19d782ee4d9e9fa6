package batchtest

import (
	"context"
	"fmt"
	"reflect"
	"strings"

	"github.com/batchkit/batchkit-go/batchjson"
)

// Action is what an [Interceptor] wants to happen to a request. The zero value
// is nothing at all: the request was none of its business.
type Action struct {
	kind  effect
	out   []byte
	err   error
	after func(context.Context, *Answer)
}

type effect uint8

const (
	untouched effect = iota
	passed           // on to the next interceptor and the operation
	settled          // there is an answer
)

// Pass lets a request go on, as the zero Action does, but counts as a use of the
// interceptor.
func Pass() Action { return Action{kind: passed} }

// Reply answers a request with an output struct of the SDK, such as
// *[batch.SubmitJobOutput], and the operation is not carried out. What is not
// a pointer to a struct that can be encoded is answered with ServerException.
func Reply(out any) Action {
	data, err := batchjson.Marshal(out)
	return Action{kind: settled, out: data, err: err}
}

// Fail answers a request with an error, and the operation is not carried out.
// The status is that of HTTP: the SDK's client by default repeats a request
// after 500, 502, 503, 504 and throttling codes such as
// TooManyRequestsException.
func Fail(status int, code, message string) Action {
	return Action{kind: settled, err: &fault{status: status, code: code, message: message, plain: true}}
}

// After lets a request go on, and calls f when there is an answer.
func After(f func(ctx context.Context, a *Answer)) Action { return Action{kind: passed, after: f} }

// Drop lets a request go on, and then loses its answer; see [Answer.Drop].
func Drop() Action { return After(func(_ context.Context, a *Answer) { a.Drop() }) }

// Answer is what a client is about to get. It is good until the function given
// to [After] returns, and not safe for concurrent use.
type Answer struct {
	server  *Server
	request Request
	answer  answer
}

// Request returns the request that is answered.
func (a *Answer) Request() Request { return a.request }

// Status returns the HTTP status, 0 when the answer is dropped.
func (a *Answer) Status() int { return a.answer.status }

// Code returns the error code, empty when the answer is no error.
func (a *Answer) Code() string { return a.answer.code }

// Output decodes the answer into the output struct of the SDK, such as
// *[batch.SubmitJobOutput]. Each call returns a value of its own. The error says
// that the answer is an error or dropped.
func (a *Answer) Output() (any, error) {
	of, ok := shapes[strings.ToLower(a.request.Operation)]
	switch {
	case a.answer.dropped:
		return nil, fmt.Errorf("batchtest: the answer to %s is dropped", a.request.Operation)
	case !ok || a.answer.code != "":
		return nil, fmt.Errorf("batchtest: the answer to %s is the error %s", a.request.Operation, a.answer.code)
	}
	out := reflect.New(of.out).Interface()
	if err := batchjson.Unmarshal(a.answer.body, out); err != nil {
		return nil, fmt.Errorf("batchtest: output of %s: %w", a.request.Operation, err)
	}
	return out, nil
}

// Reply replaces the answer; see [Reply].
func (a *Answer) Reply(out any) { a.settle(Reply(out)) }

// Fail replaces the answer by an error; see [Fail]. What the operation did is
// not undone.
func (a *Answer) Fail(status int, code, message string) { a.settle(Fail(status, code, message)) }

// Drop loses the answer: the client of [Server.RoundTrip] gets an error that
// wraps [ErrDropped], as of a connection that was reset, and that of
// [Server.ServeHTTP] sees its connection closed. What the operation did is not
// undone. A dropped answer cannot be replaced any more.
func (a *Answer) Drop() { a.answer = answer{dropped: true} }

func (a *Answer) settle(by Action) {
	if !a.answer.dropped {
		a.answer = a.server.respond(by.out, by.err)
	}
}
