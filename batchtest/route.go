package batchtest

import (
	"fmt"
	"io"
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
func (s *Server) serve(r *http.Request, body io.Reader) ([]byte, error) {
	path := r.URL.Path
	name, ok := strings.CutPrefix(path, "/v1/")
	if !ok {
		return nil, unknownOperation(http.StatusNotFound, "no operation has the path %q", path)
	}
	if arn, ok := strings.CutPrefix(name, "tags/"); ok {
		op, err := tagOperation(r, arn)
		if err != nil {
			return nil, err
		}
		return s.run(op, body)
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
	return s.run(op, body)
}

// run has an operation answer, unless the body is too large.
func (s *Server) run(op operation, body io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(body, maxBody+1))
	if err != nil {
		return nil, malformed(fmt.Errorf("reading the body: %w", err))
	}
	if len(data) > maxBody {
		return nil, &fault{status: http.StatusRequestEntityTooLarge, code: "RequestEntityTooLargeException", message: fmt.Sprintf("a body may have %d bytes", maxBody), plain: true}
	}
	if s.ctx.Err() != nil {
		return nil, ErrClosed
	}
	return op(s, data)
}

func unknownOperation(status int, format string, args ...any) error {
	return &fault{status: status, code: "UnknownOperationException", message: fmt.Sprintf(format, args...), plain: true}
}
