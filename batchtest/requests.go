package batchtest

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch"

	"github.com/batchkit/batchkit-go/batchjson"
)

// Request is a request as it came in.
type Request struct {
	// Operation is the name in the API, such as SubmitJob. It is empty when the
	// path is that of no operation.
	Operation string
	// At is when the request came in.
	At time.Time
	// Status is the HTTP status of the answer. It is 0 as long as there is none,
	// and stays 0 when the answer was dropped.
	Status int
	// Code is the error code of the answer, such as ClientException. It is empty
	// as long as there is no answer, and when the answer is no error.
	Code string

	body  []byte
	fail  error // from reading the body
	arn   string
	query url.Values
}

// Input decodes the request into the input struct of the SDK, such as
// *[batch.SubmitJobInput]. Each call returns a value of its own. Members that
// the API does not have are skipped. The error says that the operation is
// unknown, or what is wrong with the body.
func (r *Request) Input() (any, error) {
	of, ok := shapes[strings.ToLower(r.Operation)]
	if !ok {
		return nil, fmt.Errorf("batchtest: no operation of AWS Batch has the name %q", r.Operation)
	}
	if r.fail != nil {
		return nil, fmt.Errorf("batchtest: reading the body: %w", r.fail)
	}
	in := reflect.New(of.in).Interface()
	if r.arn == "" || len(r.body) > 0 {
		if err := batchjson.Unmarshal(r.body, in, batchjson.IgnoreUnknown()); err != nil {
			return nil, fmt.Errorf("batchtest: input of %s: %w", r.Operation, err)
		}
	}
	switch in := in.(type) { // these travel in the path and the query
	case *batch.ListTagsForResourceInput:
		in.ResourceArn = &r.arn
	case *batch.TagResourceInput:
		in.ResourceArn = &r.arn
	case *batch.UntagResourceInput:
		in.ResourceArn, in.TagKeys = &r.arn, r.query["tagKeys"]
	}
	return in, nil
}

// InputOf decodes a request of one operation, as in
// InputOf[batch.SubmitJobInput](r). It is not ok when the request is of another
// operation, or cannot be decoded; see [Request.Input].
func InputOf[In any](r *Request) (in *In, ok bool) {
	if of, known := shapes[strings.ToLower(r.Operation)]; !known || of.in != reflect.TypeFor[In]() {
		return nil, false
	}
	decoded, err := r.Input()
	if err != nil {
		return nil, false
	}
	in, ok = decoded.(*In)
	return in, ok
}

// Requests returns all requests so far, in the order in which they came in:
// those that were refused, failed by a [Fault] or have no answer yet as well.
// It is empty with [WithoutRequests]. The values are the caller's.
func (s *Server) Requests() []Request { return s.requests.all() }

// Inputs returns the inputs of all requests of one operation so far, in the
// order in which they came in, as in Inputs[batch.SubmitJobInput](s). Whatever
// became of a request, its input is among them; see [Server.Requests] for those
// that were accepted. Requests that cannot be decoded are left out.
func Inputs[In any](s *Server) []*In {
	var out []*In
	for _, r := range s.Requests() {
		if in, ok := InputOf[In](&r); ok {
			out = append(out, in)
		}
	}
	return out
}

// WithoutRequests has the server not keep requests, so that one which serves
// for long needs less memory. By default [Server.Requests] has them all.
func WithoutRequests() Option { return func(s *settings) { s.forgetful = true } }

// newRequest reads a request. What is wrong with its body is told by the
// operation, so that errors are the same with and without interceptors.
func newRequest(at time.Time, r *http.Request, body io.Reader) Request {
	q := Request{At: at}
	q.body, q.fail = read(body, r.ContentLength)
	name, ok := strings.CutPrefix(r.URL.Path, "/v1/")
	if !ok {
		return q
	}
	if arn, ok := strings.CutPrefix(name, "tags/"); ok {
		q.Operation, q.arn, q.query = tagging[r.Method], arn, r.URL.Query()
		return q
	}
	q.Operation = shapes[name].name
	return q
}

var tagging = map[string]string{
	http.MethodGet:    "ListTagsForResource",
	http.MethodPost:   "TagResource",
	http.MethodDelete: "UntagResource",
}

// read reads a body, and one byte more than is allowed when it is too large.
func read(body io.Reader, size int64) ([]byte, error) {
	if size < 0 {
		size = 511 // not told
	}
	data := make([]byte, 0, min(size, presized)+1) // one more, to see the end
	for len(data) <= maxBody {
		if len(data) == cap(data) {
			data = slices.Grow(data, 1)
		}
		n, err := body.Read(data[len(data):min(cap(data), maxBody+1)])
		data = data[:len(data)+n]
		if err == io.EOF {
			return data, nil
		}
		if err != nil {
			return data, err
		}
	}
	return data, nil
}

// presized is how much room a body gets on the word of its client, in bytes.
const presized = 32 << 10

// requestLog is the requests that a server has seen. It has its own lock, as
// requests are not part of the state.
type requestLog struct {
	mu   sync.Mutex
	list []Request
}

func (l *requestLog) add(r *Request) (number int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = append(l.list, *r)
	return len(l.list) - 1
}

func (l *requestLog) answered(number int, a answer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list[number].Status, l.list[number].Code = a.status, a.code
}

func (l *requestLog) all() []Request {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]Request(nil), l.list...)
}
