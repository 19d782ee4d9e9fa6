package batchkit

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchjson"
)

// EventError says what is wrong with an event that claims to be one of AWS Batch about a job.
type EventError struct {
	// ID is the event's, empty if it has none that could be read.
	ID string
	// Err says what is wrong. It repeats no value of the event.
	Err error
}

// Error names the event.
func (e *EventError) Error() string {
	return fmt.Sprintf("event %q of Amazon EventBridge: %v", e.ID, e.Err)
}

// Unwrap returns Err.
func (e *EventError) Unwrap() error { return e.Err }

// jobEvent is what an event says of a job, or of a child of an array.
type jobEvent struct {
	id     string // the job's, or that of the parent
	child  int    // index of the child, or noChild
	at     time.Time
	detail types.JobDetail
}

const noChild = -1

// parseEvent reads an event. It returns nil for one that is not about jobs, or about a node of a multi-node parallel job.
//
// The shape is that of https://docs.aws.amazon.com/batch/latest/userguide/batch_job_events.html, where members may come
// that are not known yet.
func parseEvent(raw []byte) (*jobEvent, error) {
	var e struct {
		ID         string          `json:"id"`
		DetailType string          `json:"detail-type"`
		Source     string          `json:"source"`
		Time       string          `json:"time"`
		Detail     json.RawMessage `json:"detail"`
	}
	if err := json.Unmarshal(raw, &e); err != nil {
		return nil, &EventError{Err: plainJSON(err)}
	}
	if e.Source != "aws.batch" || e.DetailType != "Batch Job State Change" && e.DetailType != "Batch Job Queue Blocked" {
		return nil, nil
	}
	out := &jobEvent{child: noChild}
	if err := out.read(e.Time, e.Detail); err != nil {
		return nil, &EventError{ID: e.ID, Err: err}
	}
	if strings.Contains(out.id, "#") {
		return nil, nil
	}
	return out, nil
}

// read takes in what the event says.
func (e *jobEvent) read(at string, detail json.RawMessage) (err error) {
	if e.at, err = time.Parse(time.RFC3339, at); err != nil {
		return errors.New("time must be one as in RFC 3339")
	}
	if len(detail) == 0 {
		return errors.New("detail must be given")
	}
	if err := batchjson.Unmarshal(detail, &e.detail, batchjson.IgnoreUnknown()); err != nil {
		return fmt.Errorf("detail: %w", err)
	}
	if !slices.Contains(e.detail.Status.Values(), e.detail.Status) {
		return errors.New("detail.status must be a status of a job")
	}
	id := aws.ToString(e.detail.JobId)
	if id == "" {
		return errors.New("detail.jobId must be given")
	}
	parent, index, isChild := strings.Cut(id, ":")
	if e.id = parent; !isChild {
		return nil
	}
	// The limit keeps a wrong index from taking memory; the service's is 10,000.
	if n, err := strconv.Atoi(index); err == nil && n >= 0 && n < 1_000_000 && parent != "" {
		e.child = n
		return nil
	}
	return errors.New("detail.jobId must be the id of a job, or of a child with its index")
}

// plainJSON is an error of encoding/json without what stands in the document.
func plainJSON(err error) error {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("no JSON at offset %d", syntax.Offset)
	}
	var mismatch *json.UnmarshalTypeError
	if errors.As(err, &mismatch) && mismatch.Field != "" {
		return fmt.Errorf("%s must be a %s", mismatch.Field, mismatch.Type)
	}
	return errors.New("must be one JSON object")
}
