package batchkit

import (
	"context"
	"errors"
	"math"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/google/go-cmp/cmp"
)

func refusal(status int, code string, header http.Header) error {
	return &smithy.OperationError{ServiceID: "Batch", OperationName: "SubmitJob", Err: &smithyhttp.ResponseError{
		Response: &smithyhttp.Response{Response: &http.Response{StatusCode: status, Header: header}},
		Err:      &smithy.GenericAPIError{Code: code},
	}}
}

func TestThrottled(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, reason string
		err          error
		throttled    bool
		after        time.Duration
	}{
		{"none", "a call that was taken is not repeated", nil, false, 0},
		{"Batch", "its own code", refusal(429, "TooManyRequestsException", nil), true, 0},
		{"generic", "the code that AWS's front door uses, with its status", refusal(400, "ThrottlingException", nil), true, 0},
		{"status alone", "a proxy has no codes", refusal(429, "", nil), true, 0},
		{"seconds", "the header of HTTP", refusal(429, "", http.Header{"Retry-After": {"3"}}), true, 3 * time.Second},
		{"milliseconds", "the header of AWS", refusal(429, "", http.Header{"X-Amz-Retry-After": {"1500"}}), true, 1500 * time.Millisecond},
		{"date", "clocks differ", refusal(429, "", http.Header{"Retry-After": {"Fri, 31 Dec 1999 23:59:59 GMT"}}), true, 0},
		{"negative", "nonsense is ignored", refusal(429, "", http.Header{"Retry-After": {"-1"}}), true, 0},
		{"client fault", "it would be refused again", refusal(400, "ClientException", nil), false, 0},
		{"server fault", "the job may exist", refusal(500, "ServerException", nil), false, 0},
		{"unavailable", "the job may exist", refusal(503, "ServiceUnavailable", nil), false, 0},
		{"lost", "the job may exist", errors.New("connection reset by peer"), false, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			if got := throttled(row.err); got != row.throttled {
				t.Errorf("throttled: %v, want %v: %s", got, row.throttled, row.reason)
			}
			if got := retryAfter(row.err); got != row.after {
				t.Errorf("wait %v, want %v: %s", got, row.after, row.reason)
			}
		})
	}
}

var tooMany = refusal(429, "TooManyRequestsException", nil)

// Calls leave in the order in which they came, also when one is refused: it goes before those that came after it.
func TestLimiterOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := NewLimiter(WithConcurrency(1))
		var got []int
		var wg sync.WaitGroup
		for i := range 5 {
			wg.Go(func() {
				err := l.do(t.Context(), func(context.Context) error {
					got = append(got, i)
					time.Sleep(50 * time.Millisecond)
					if i == 1 && len(got) < 4 {
						return tooMany
					}
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			})
			synctest.Wait()
		}
		wg.Wait()
		if diff := cmp.Diff([]int{0, 1, 1, 1, 2, 3, 4}, got); diff != "" {
			t.Error(diff)
		}
	})
}

// However many ask, no more calls are under way than allowed, and no more leave than the rate allows.
func TestLimiterBounds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const calls = 300
		l, start := NewLimiter(WithRate(20), WithConcurrency(7)), time.Now()
		var mu sync.Mutex
		var underway, most int
		var wg sync.WaitGroup
		for range calls {
			wg.Go(func() {
				err := l.do(t.Context(), func(context.Context) error {
					mu.Lock()
					underway++
					most = max(most, underway)
					mu.Unlock()
					time.Sleep(400 * time.Millisecond)
					mu.Lock()
					underway--
					mu.Unlock()
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if most != 7 {
			t.Errorf("%d calls were under way, want 7", most)
		}
		if took := time.Since(start).Seconds(); took < calls*0.4/7-0.4 || took > 1.05*calls*0.4/7 {
			t.Errorf("took %.1f s", took)
		}
	})
}

// What waits leaves nothing behind when its context ends, and a context that ends is no unknown outcome.
func TestLimiterContext(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, reason string
		answer       error
		calls        bool
	}{
		{"waiting", "the call before it never ends", nil, false},
		{"refused", "the service refuses everything", tooMany, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				l := NewLimiter(WithConcurrency(1))
				hang, release := context.WithCancel(t.Context())
				if !row.calls {
					go func() {
						_ = l.do(hang, func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
					}()
					synctest.Wait()
				}
				ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
				defer cancel()
				calls := 0
				err := l.do(ctx, func(context.Context) error { calls++; return row.answer })
				if !errors.Is(err, context.DeadlineExceeded) || !notTaken(err) {
					t.Errorf("got %v, want a known outcome: %s", err, row.reason)
				}
				if row.calls != (calls > 0) || calls > 2000 {
					t.Errorf("%d calls in an hour: %s", calls, row.reason)
				}
				if len(l.queue) != 0 || l.alarm != nil {
					t.Errorf("%d still wait, alarm %v", len(l.queue), l.alarm)
				}
				release()
				synctest.Wait()
				if err := l.do(t.Context(), func(context.Context) error { return nil }); err != nil || l.underway != 0 {
					t.Errorf("got %v with %d under way: the limiter is stuck", err, l.underway)
				}
			})
		})
	}
}

// The service is not asked again before the time it names.
func TestLimiterRetryAfter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, start := NewLimiter(), time.Now()
		var second time.Duration
		err := l.do(t.Context(), func(context.Context) error {
			if time.Since(start) < time.Second {
				return refusal(429, "TooManyRequestsException", http.Header{"Retry-After": {"7"}})
			}
			second = time.Since(start)
			return nil
		})
		if err != nil || second < 7*time.Second || second > 8*time.Second {
			t.Errorf("got %v after %v, want the second call after 7 s", err, second)
		}
	})
}

// Two clients with one limiter keep its rate together, and a call that panics gives its place back.
func TestLimiterShared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := NewLimiter(WithRate(10), WithConcurrency(1))
		a, b := NewClient(nil, WithLimiter(l)), NewClient(nil, WithLimiter(l))
		func() {
			defer func() { _ = recover() }()
			_ = a.submits.do(t.Context(), func(context.Context) error { panic("a fault of the API") })
		}()
		start := time.Now()
		var wg sync.WaitGroup
		for _, c := range []*Client{a, b} {
			wg.Go(func() {
				for range 100 {
					if err := c.submits.do(t.Context(), func(context.Context) error { return nil }); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if took := time.Since(start).Seconds(); took < 17 || took > 20 {
			t.Errorf("200 calls at 10 a second took %.1f s", took)
		}
	})
}

// Whatever a limiter is made of, calls leave, at no more than the rate that was asked for.
func TestLimiterOfAnyRate(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, reason string
		limiter      *Limiter
		calls        int
		most         time.Duration
	}{
		{"zero value", "it has all defaults", &Limiter{}, 150, 4 * time.Second},
		{"nil", "so has none", nil, 150, 4 * time.Second},
		{"slow", "a rate below one in two seconds is a rate too", NewLimiter(WithRate(0.2)), 3, time.Minute},
		{"slowest", "no wait is longer than can be told", NewLimiter(WithRate(math.SmallestNonzeroFloat64)), 2, 2 * time.Hour},
		{"infinite", "as fast as can be", NewLimiter(WithRate(math.Inf(1))), 1000, time.Second},
		{"no numbers", "as if they were not given", NewLimiter(WithRate(math.NaN()), WithProbing(math.NaN()), WithConcurrency(-1)), 150, 4 * time.Second},
		{"infinite probing", "up to anything", NewLimiter(WithProbing(math.Inf(1))), 1000, 10 * time.Second},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				l := NewClient(nil, WithLimiter(row.limiter)).submits
				refusals := 1
				ctx, cancel := context.WithTimeout(t.Context(), row.most)
				defer cancel()
				for i := range row.calls {
					err := l.do(ctx, func(context.Context) error {
						if i == row.calls/2 && refusals > 0 {
							refusals--
							return refusal(429, "TooManyRequestsException", nil)
						}
						return nil
					})
					if err != nil {
						t.Fatalf("call %d of %d: %v: %s", i, row.calls, err, row.reason)
					}
				}
			})
		})
	}
}
