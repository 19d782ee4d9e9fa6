package batchtest

// Amazon CloudWatch Logs
//
// A Server also answers GetLogEvents, FilterLogEvents, DescribeLogStreams and
// DescribeLogGroups for what its containers wrote. The group is /aws/batch/job,
// which is there from the start, or the awslogs-group of a logConfiguration;
// streams have the names that DescribeJobs shows, and are there once their
// container has begun, but are listed only once they have a line. Lines that go
// to another log driver, empty ones, and those of pods are not served. The time
// of ingestion is that of the line. Interceptors and faults do not see these
// requests, nor does Server.Requests.

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

const logsTarget = "Logs_20140328."

// logOperations are those implemented, by their names in the API.
var logOperations = map[string]operation{
	"DescribeLogGroups":  logOperation((*Server).describeLogGroups),
	"DescribeLogStreams": logOperation((*Server).describeLogStreams),
	"FilterLogEvents":    logOperation((*Server).filterLogEvents),
	"GetLogEvents":       logOperation((*Server).getLogEvents),
}

// logOperation makes an operation of a method. Members that it does not know
// are skipped.
func logOperation[In, Out any](method func(*Server, *In) (*Out, error)) operation {
	return func(s *Server, body []byte) ([]byte, error) {
		in := new(In)
		if err := json.Unmarshal(body, in); err != nil {
			return nil, malformed(err)
		}
		s.logs.mu.Lock()
		out, err := method(s, in)
		s.logs.mu.Unlock()
		if err != nil {
			return nil, err
		}
		return json.Marshal(out)
	}
}

// answerLogs answers a request that names an operation of Amazon CloudWatch
// Logs. It is not ok for any other request.
func (s *Server) answerLogs(r *http.Request, body io.Reader) (a answer, ok bool) {
	name, ok := strings.CutPrefix(r.Header.Get("X-Amz-Target"), logsTarget)
	if !ok {
		return answer{}, false
	}
	var out []byte
	var err error
	switch op, known := logOperations[name]; {
	case r.Method != http.MethodPost:
		err = unknownOperation(http.StatusMethodNotAllowed, "%s must be sent with POST, not %s", name, r.Method)
	case !known:
		err = unknownOperation(http.StatusBadRequest, "batchtest does not have the operation %s of Amazon CloudWatch Logs", name)
	default:
		q := newRequest(s.Now(), r, body)
		out, err = s.run(op, &q)
	}
	if err == nil {
		return s.respond(out, nil), true
	}
	a = s.respond(nil, err)
	var f *fault
	if errors.As(err, &f) {
		text, err := json.Marshal(map[string]string{"__type": f.code, "message": f.message})
		if err == nil {
			a.body = text
		}
	}
	return a, true
}

func refuseParameter(format string, args ...any) error {
	return &fault{status: http.StatusBadRequest, code: "InvalidParameterException", message: fmt.Sprintf(format, args...), plain: true}
}

func notFound(what string) error {
	return &fault{status: http.StatusBadRequest, code: "ResourceNotFoundException", message: "The specified log " + what + " does not exist.", plain: true}
}

// A groupReference names a group in one of two ways.
type groupReference struct {
	LogGroupName       *string `json:"logGroupName"`
	LogGroupIdentifier *string `json:"logGroupIdentifier"`
}

// group returns the name of the group, which is known.
func (s *Server) group(r groupReference) (string, error) {
	if (r.LogGroupName == nil) == (r.LogGroupIdentifier == nil) {
		return "", refuseParameter("Exactly one of logGroupName and logGroupIdentifier must be given")
	}
	name := ""
	if r.LogGroupName != nil {
		name = *r.LogGroupName
	} else {
		name = strings.TrimSuffix(strings.TrimPrefix(*r.LogGroupIdentifier, s.logARN("")), ":*")
	}
	if _, known := s.logs.groups[name]; !known {
		return "", notFound("group")
	}
	return name, nil
}

// logARN is the ARN of a group, or of a stream of it.
func (s *Server) logARN(resource string) string {
	return s.settings.arnsOf("logs") + "log-group:" + resource
}

// pageSize returns how many results are wanted, at most most of them.
func pageSize(limit *int, most int) (int, error) {
	switch {
	case limit == nil:
		return most, nil
	case *limit < 1 || *limit > most:
		return 0, refuseParameter("1 validation error detected: Value '%d' at 'limit' failed to satisfy constraint: Member must have value between 1 and %d", *limit, most)
	}
	return *limit, nil
}
