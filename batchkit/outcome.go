package batchkit

import (
	"errors"
	"net"

	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/transport/http"
)

// notSentError marks a failure before anything was sent.
type notSentError struct{ error }

func (e *notSentError) Unwrap() error { return e.error }

// notTaken reports whether a call that failed surely had no effect at the service: it was refused, or never got there.
// Of errors that come from elsewhere than the SDK nothing is known.
func notTaken(err error) bool {
	var early *notSentError
	if errors.As(err, &early) || throttled(err) {
		return true
	}
	var sending *http.RequestSendError
	if errors.As(err, &sending) {
		var dial *net.OpError
		return errors.As(err, &dial) && dial.Op == "dial"
	}
	var answer *http.ResponseError
	if errors.As(err, &answer) {
		status := answer.HTTPStatusCode()
		return status >= 400 && status < 500
	}
	var refusal smithy.APIError
	if errors.As(err, &refusal) {
		return refusal.ErrorFault() == smithy.FaultClient
	}
	// What else the SDK fails at, such as missing credentials, comes before the sending.
	var cancelled *smithy.CanceledError
	var operation *smithy.OperationError
	return errors.As(err, &operation) && !errors.As(err, &cancelled)
}
