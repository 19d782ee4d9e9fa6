package batchtest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"

	"github.com/batchkit/batchkit-go/validate"
)

// maxBody bounds what is read of a request, in bytes. The service takes 30 KiB
// for its largest request; there is room to say so.
const maxBody = 1 << 20

// A fault is an error answer.
type fault struct {
	status  int // of HTTP
	code    string
	message string
	plain   bool // the message travels without the envelope of the service
}

func (f *fault) Error() string { return f.code + ": " + f.message }

// refuse is the answer to a request that is at fault.
func refuse(format string, args ...any) error {
	return &fault{status: http.StatusBadRequest, code: "ClientException", message: fmt.Sprintf(format, args...)}
}

func notImplemented(what string) error {
	return &fault{status: http.StatusNotImplemented, code: "NotImplementedException", message: what + " is not implemented in batchtest", plain: true}
}

func malformed(err error) error {
	message := strings.TrimPrefix(err.Error(), "batchjson: ") // which says nothing to who does not use Go
	return &fault{status: http.StatusBadRequest, code: "SerializationException", message: message, plain: true}
}

// late are the rules that the service does not look at before it starts a job,
// which then fails, and the status reason where the rule has no words of the
// service. Those here are made up.
var late = map[string]string{"SUB009": "", "SUB010": "", "JD015": "Propagated tags must be at most 50"}

// lateFault returns why a job will fail that is accepted, empty if nothing is
// known.
func lateFault(findings validate.Findings) string {
	for _, f := range findings {
		if why, ok := late[f.Rule]; ok && f.Severity == validate.Error {
			return cmp.Or(f.Service, why)
		}
	}
	return ""
}

// refuseFindings returns nil when no finding is an error that the service looks
// at, and else the refusal of the first one that is.
func refuseFindings(findings validate.Findings) error {
	for _, f := range findings {
		_, later := late[f.Rule]
		switch {
		case f.Severity != validate.Error || later:
		case f.Service != "":
			return refuse("%s", f.Service)
		case f.Path == "":
			return refuse("%s", f.Message)
		default:
			return refuse("%s: %s", f.Path, f.Message)
		}
	}
	return nil
}

// An answer is what a request gets, whatever carries it.
type answer struct {
	status    int
	requestID string
	code      string // of an error
	body      []byte
	dropped   bool // the client gets none
}

// ErrDropped is the end of a connection whose answer was dropped; see
// [Answer.Drop]. The AWS SDK takes it for a reset connection.
var ErrDropped = errors.New("batchtest: answer dropped: connection reset by peer")

func (s *Server) answer(r *http.Request, body io.Reader) answer {
	if a, ok := s.answerLogs(r, body); ok {
		return a
	}
	q, number := newRequest(s.Now(), r, body), 0
	if !s.settings.forgetful {
		number = s.requests.add(&q)
	}
	var a answer
	if s.interceptions.Load() == nil {
		a = s.carryOut(r, &q)
	} else {
		a = s.intercepted(r, q)
	}
	if !s.settings.forgetful {
		s.requests.answered(number, a)
	}
	return a
}

// carryOut has the operation answer that a request asks for.
func (s *Server) carryOut(r *http.Request, q *Request) answer { return s.respond(s.serve(r, q)) }

// respond makes an answer of a body or an error.
func (s *Server) respond(out []byte, err error) answer {
	s.mu.Lock()
	id := uuid(s.ids.requests)
	s.mu.Unlock()
	if err == nil {
		return answer{status: http.StatusOK, requestID: id, body: out}
	}
	var f *fault
	if !errors.As(err, &f) {
		f = &fault{status: http.StatusInternalServerError, code: "ServerException", message: err.Error()}
	}
	message := f.message
	if !f.plain {
		message = "Error executing request, Exception : " + message + ", RequestId: " + id
	}
	text, err := json.Marshal(map[string]string{"message": message})
	if err != nil {
		text = []byte("{}")
	}
	return answer{status: f.status, requestID: id, code: f.code, body: text}
}

// fill sets the headers. Their values share one piece of memory, as a header of
// its own for each would be a tenth of all that an answer allocates.
func (a answer) fill(h http.Header) {
	values := []string{"application/json", strconv.Itoa(len(a.body)), a.requestID, a.code}
	h["Content-Type"] = values[0:1:1]
	h["Content-Length"] = values[1:2:2]
	h["X-Amzn-Requestid"] = values[2:3:3]
	if a.code != "" {
		h["X-Amzn-Errortype"] = values[3:4:4]
	}
}

// ServeHTTP answers a request of the AWS Batch API, for clients that come over
// a socket. Signatures are not checked. To drop an answer it closes the
// connection, or where that cannot be done answers 502 with nothing else.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a := s.answer(r, r.Body)
	if a.dropped {
		hangUp(w)
		return
	}
	a.fill(w.Header())
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // a client that has gone needs no answer
}

// hangUp ends a request without an answer.
func hangUp(w http.ResponseWriter) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	_ = connection.Close() // which is all that was asked for
}

// RoundTrip answers a request of the AWS Batch API with no socket between. It
// returns the error of the request's context if that is done before the
// request is looked at, or an interceptor holds it up until then, and an error
// that wraps [ErrDropped] when the answer is dropped. It closes the request's
// body.
func (s *Server) RoundTrip(r *http.Request) (*http.Response, error) {
	body := r.Body
	if body == nil {
		body = http.NoBody
	}
	defer body.Close()
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	a := s.answer(r, body)
	if a.dropped {
		if err := r.Context().Err(); err != nil {
			return nil, err
		}
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: ErrDropped}
	}
	h := make(http.Header, 4)
	a.fill(h)
	return &http.Response{
		Status:        strconv.Itoa(a.status) + " " + http.StatusText(a.status),
		StatusCode:    a.status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        h,
		Body:          io.NopCloser(bytes.NewReader(a.body)),
		ContentLength: int64(len(a.body)),
		Request:       r,
	}, nil
}
