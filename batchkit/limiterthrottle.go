package batchkit

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// throttled reports whether a call was refused for nothing but coming too fast. Such a call had no effect.
func throttled(err error) bool {
	if err == nil {
		return false
	}
	var refusal smithy.APIError
	if errors.As(err, &refusal) {
		if _, ok := retry.DefaultThrottleErrorCodes[refusal.ErrorCode()]; ok {
			return true
		}
	}
	var answer *smithyhttp.ResponseError
	return errors.As(err, &answer) && answer.HTTPStatusCode() == http.StatusTooManyRequests
}

// retryAfter is how long the service asks to wait, 0 if it does not say. A date is no use without the service's clock.
func retryAfter(err error) time.Duration {
	var answer *smithyhttp.ResponseError
	if !errors.As(err, &answer) || answer.Response == nil || answer.Response.Response == nil {
		return 0
	}
	for header, unit := range map[string]time.Duration{"Retry-After": time.Second, "X-Amz-Retry-After": time.Millisecond} {
		if n, err := strconv.ParseUint(answer.Response.Header.Get(header), 10, 16); err == nil {
			return time.Duration(n) * unit
		}
	}
	return 0
}
