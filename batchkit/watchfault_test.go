package batchkit_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// faulty is a script some of whose DescribeJobs calls fail.
type faulty struct {
	*script
	began time.Time
	calls int
	fault func(call int, age time.Duration) error
}

func (f *faulty) DescribeJobs(ctx context.Context, in *batch.DescribeJobsInput, opts ...func(*batch.Options)) (*batch.DescribeJobsOutput, error) {
	f.calls++
	if err := f.fault(f.calls, time.Since(f.began)); err != nil {
		return nil, err
	}
	return f.script.DescribeJobs(ctx, in, opts...)
}

func answered(status int) error {
	return &smithyhttp.ResponseError{
		Response: &smithyhttp.Response{Response: &http.Response{StatusCode: status, Header: http.Header{}}},
		Err:      &smithy.GenericAPIError{Code: "ServerException"},
	}
}

// What passes is waited for, and what does not ends the watch.
func TestWaitFaults(t *testing.T) {
	t.Parallel()
	busy, refused := &smithy.GenericAPIError{Code: "TooManyRequestsException"}, &smithy.GenericAPIError{Code: "AccessDeniedException"}
	for _, row := range []struct {
		name, reason string
		fault        func(call int, age time.Duration) error
		want         string // of the error
		most         time.Duration
		calls        int // at most
	}{
		{"throttled for hours", "it is nobody's fault, and slows the watch down", func(_ int, age time.Duration) error {
			if age < 3*time.Hour {
				return busy
			}
			return nil
		}, "", 4 * time.Hour, 4000},
		{"server faults", "they pass", func(call int, _ time.Duration) error {
			if call%3 > 0 {
				return answered(503)
			}
			return nil
		}, "", 5 * time.Minute, 40},
		{"lost answers", "looking again does no harm", func(call int, _ time.Duration) error {
			if call%2 > 0 {
				return &smithyhttp.RequestSendError{Err: errors.New("connection reset by peer")}
			}
			return nil
		}, "", 5 * time.Minute, 40},
		{"down for good", "there is an end to patience", func(int, time.Duration) error { return answered(500) }, "describing 1 jobs", 15 * time.Minute, 26},
		{"refused", "asking again will not help", func(int, time.Duration) error { return refused }, "describing 1 jobs", time.Second, 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := &faulty{script: newScript(phases(types.JobStatusSucceeded)), began: time.Now(), fault: row.fault}
				run := submitted(t, api, "a")
				result, err := run.Wait(t.Context())
				switch {
				case row.want == "" && (err != nil || result.Jobs[0].Status != types.JobStatusSucceeded):
					t.Errorf("got %v: %s", err, row.reason)
				case row.want != "" && (err == nil || err.Error()[:len(row.want)] != row.want):
					t.Errorf("got %v, want %q: %s", err, row.want, row.reason)
				}
				if age := time.Since(api.began); age > row.most || api.calls > row.calls {
					t.Errorf("took %s and %d calls, want at most %s and %d", age, api.calls, row.most, row.calls)
				}
			})
		})
	}
}

// A context ends a watch at once, also while a call is throttled or is about to be repeated.
func TestWaitFaultsEndWithTheContext(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]error{"throttled": &smithy.GenericAPIError{Code: "TooManyRequestsException"}, "down": answered(500)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := &faulty{script: newScript(phases(types.JobStatusSucceeded)), began: time.Now(), fault: func(int, time.Duration) error { return fault }}
				run := submitted(t, api, "a")
				ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
				defer cancel()
				_, err := run.Wait(ctx)
				if age := time.Since(api.began); !errors.Is(err, context.DeadlineExceeded) || age != 90*time.Second {
					t.Errorf("got %v after %s", err, age)
				}
			})
		})
	}
}
