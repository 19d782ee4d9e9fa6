package batchtest

import (
	"fmt"
	"mime"
	"net/http"
	"strings"

	"github.com/batchkit/batchkit-go/batchjson"
)

// An operation answers one kind of request: the body in, the body out.
type operation func(s *Server, body []byte) ([]byte, error)

// operations are those implemented, by their names in paths.
var operations = map[string]operation{
	"canceljob":                    typed((*Server).cancelJob),
	"createcomputeenvironment":     typed((*Server).createComputeEnvironment),
	"createconsumableresource":     typed((*Server).createConsumableResource),
	"createjobqueue":               typed((*Server).createJobQueue),
	"createschedulingpolicy":       typed((*Server).createSchedulingPolicy),
	"deletecomputeenvironment":     typed((*Server).deleteComputeEnvironment),
	"deleteconsumableresource":     typed((*Server).deleteConsumableResource),
	"deletejobqueue":               typed((*Server).deleteJobQueue),
	"deleteschedulingpolicy":       typed((*Server).deleteSchedulingPolicy),
	"deregisterjobdefinition":      typed((*Server).deregisterJobDefinition),
	"describecomputeenvironments":  typed((*Server).describeComputeEnvironments),
	"describeconsumableresource":   typed((*Server).describeConsumableResource),
	"describejobdefinitions":       typed((*Server).describeJobDefinitions),
	"describejobqueues":            typed((*Server).describeJobQueues),
	"describejobs":                 typed((*Server).describeJobs),
	"describeschedulingpolicies":   typed((*Server).describeSchedulingPolicies),
	"getjobqueuesnapshot":          typed((*Server).getJobQueueSnapshot),
	"listconsumableresources":      typed((*Server).listConsumableResources),
	"listjobs":                     typed((*Server).listJobs),
	"listjobsbyconsumableresource": typed((*Server).listJobsByConsumableResource),
	"listschedulingpolicies":       typed((*Server).listSchedulingPolicies),
	"registerjobdefinition":        typed((*Server).registerJobDefinition),
	"submitjob":                    typed((*Server).submitJob),
	"terminatejob":                 typed((*Server).terminateJob),
	"updatecomputeenvironment":     typed((*Server).updateComputeEnvironment),
	"updateconsumableresource":     typed((*Server).updateConsumableResource),
	"updatejobqueue":               typed((*Server).updateJobQueue),
	"updateschedulingpolicy":       typed((*Server).updateSchedulingPolicy),
}

// typed makes an operation of a method on the SDK's types. Members that the
// API does not have are skipped, as the service does.
func typed[In, Out any](method func(*Server, *In) (*Out, error)) operation {
	return func(s *Server, body []byte) ([]byte, error) {
		in := new(In)
		if err := batchjson.Unmarshal(body, in, batchjson.IgnoreUnknown()); err != nil {
			return nil, malformed(err)
		}
		out, err := method(s, in)
		if err != nil {
			return nil, err
		}
		return batchjson.Marshal(out)
	}
}

// serve finds the operation of a request and has it answer.
func (s *Server) serve(r *http.Request, q *Request) ([]byte, error) {
	op, err := find(r)
	if err != nil {
		return nil, err
	}
	if len(q.body) > 0 && !isJSON(r.Header) {
		return nil, &fault{status: http.StatusUnsupportedMediaType, code: "UnsupportedMediaTypeException", message: "a body must be of the type application/json", plain: true}
	}
	out, err := s.run(op, q)
	if changes(r) {
		s.mu.Lock()
		s.touch()
		s.mu.Unlock()
	}
	return out, err
}

// changes reports whether a request may change the state.
func changes(r *http.Request) bool {
	name := strings.TrimPrefix(r.URL.Path, "/v1/")
	return !strings.HasPrefix(name, "describe") && !strings.HasPrefix(name, "list") && !strings.HasPrefix(name, "get") && r.Method != http.MethodGet
}

// find returns the operation that a request asks for.
func find(r *http.Request) (operation, error) {
	path := r.URL.Path
	name, ok := strings.CutPrefix(path, "/v1/")
	if !ok {
		return nil, unknownOperation(http.StatusNotFound, "no operation has the path %q", path)
	}
	if arn, ok := strings.CutPrefix(name, "tags/"); ok {
		return tagOperation(r, arn)
	}
	op, implemented := operations[name]
	title, left := notImplementedOperations[name]
	switch {
	case !implemented && !left:
		return nil, unknownOperation(http.StatusNotFound, "no operation has the path %q", path)
	case r.Method != http.MethodPost:
		return nil, unknownOperation(http.StatusMethodNotAllowed, "%s must be sent with POST, not %s", path, r.Method)
	case left:
		return nil, notImplemented(title)
	}
	return op, nil
}

// run has an operation answer, unless the body is not what it takes.
func (s *Server) run(op operation, q *Request) ([]byte, error) {
	switch {
	case len(q.body) > maxBody:
		return nil, &fault{status: http.StatusRequestEntityTooLarge, code: "RequestEntityTooLargeException", message: fmt.Sprintf("a body may have %d bytes", maxBody), plain: true}
	case q.fail != nil:
		return nil, malformed(fmt.Errorf("reading the body: %w", q.fail))
	case s.ctx.Err() != nil:
		return nil, ErrClosed
	}
	return op(s, q.body)
}

// isJSON reports whether a body is said to be JSON, or not said to be anything.
func isJSON(h http.Header) bool {
	given := h["Content-Type"]
	if len(given) == 0 || given[0] == "application/json" {
		return true
	}
	kind, _, err := mime.ParseMediaType(given[0])
	return err == nil && kind == "application/json"
}

func unknownOperation(status int, format string, args ...any) error {
	return &fault{status: status, code: "UnknownOperationException", message: fmt.Sprintf(format, args...), plain: true}
}
