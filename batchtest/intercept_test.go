package batchtest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchtest"
)

// refuse fails submissions and leaves all else alone.
func refuse(message string) batchtest.Interceptor {
	return func(_ context.Context, r *batchtest.Request) batchtest.Action {
		if r.Operation != "SubmitJob" {
			return batchtest.Action{}
		}
		return batchtest.Fail(400, "ClientException", message)
	}
}

// How long interceptors last, and which of several comes first.
func TestInterceptorsLast(t *testing.T) {
	t.Parallel()
	type row struct {
		name, reason string
		add          func(s *batchtest.Server)
		answers      string // of five submissions: the message of the failure, or a hyphen
	}
	rows := []row{
		{"once", "one request uses it up", func(s *batchtest.Server) { s.Intercept(refuse("a")) }, "a - - - -"},
		{"times", "three requests use it up", func(s *batchtest.Server) { s.Intercept(refuse("a"), batchtest.Times(3)) }, "a a a - -"},
		{"no times", "less than one counts as one", func(s *batchtest.Server) { s.Intercept(refuse("a"), batchtest.Times(-1)) }, "a - - - -"},
		{"kept", "it lasts until it is removed", func(s *batchtest.Server) { s.Intercept(refuse("a"), batchtest.Keep()) }, "a a a a a"},
		{"removed", "what was removed looks at nothing", func(s *batchtest.Server) { s.Intercept(refuse("a"), batchtest.Keep())() }, "- - - - -"},
		{"in order", "the first that was added answers first", func(s *batchtest.Server) {
			s.Intercept(refuse("a"))
			s.Intercept(refuse("b"), batchtest.Times(2))
		}, "a b b - -"},
		{"behind one that is kept", "the second never sees a request that the first has answered", func(s *batchtest.Server) {
			s.Intercept(refuse("a"), batchtest.Keep())
			s.Intercept(refuse("b"), batchtest.Keep())
		}, "a a a a a"},
		{"the first removed", "removal leaves the others in their places", func(s *batchtest.Server) {
			remove := s.Intercept(refuse("a"), batchtest.Keep())
			s.Intercept(refuse("b"), batchtest.Times(2))
			remove()
			remove()
		}, "b b - - -"},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		t.Parallel()
		b := start(t)
		b.define("app", batchtest.Exit(0))
		r.add(b.Server)
		var got []string
		for i := range 5 {
			got = append(got, message(submitOnce(b, fmt.Sprintf("j%d", i))))
		}
		if answers := strings.Join(got, " "); answers != r.answers {
			t.Errorf("answers %q, want %q: %s", answers, r.answers, r.reason)
		}
	})
}

// message is what an interceptor of these tests said, and a hyphen for success.
func message(err error) string {
	var refusal *types.ClientException
	switch {
	case err == nil:
		return "-"
	case errors.As(err, &refusal):
		return refusal.ErrorMessage()
	default:
		return err.Error()
	}
}

// However many requests come at once, as many are failed as were asked for.
func TestInterceptorsAtOnce(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.define("app", batchtest.Exit(0))
	b.Intercept(refuse("a"), batchtest.Times(7))
	var failed atomic.Int32
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			if submitOnce(b, fmt.Sprintf("j%d", i)) != nil {
				failed.Add(1)
			}
		})
	}
	all.Wait()
	if n := failed.Load(); n != 7 {
		t.Errorf("%d requests failed, want 7", n)
	}
}

// What a loss of capacity takes with it.
func TestWhatIsLost(t *testing.T) {
	t.Parallel()
	type row struct {
		name, reason string
		lose         func(s *batchtest.Server, id string) error
		others       types.JobStatus // of the job beside it
	}
	rows := []row{
		{"spot", "the reclaimed capacity is one job's", (*batchtest.Server).SpotLoss, types.JobStatusRunning},
		{"host", "both jobs run on the one emulated host", (*batchtest.Server).LoseHost, types.JobStatusFailed},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			b := start(t)
			b.define("app", batchtest.Manual())
			first, second := b.submit("app"), b.submit("app")
			for _, id := range []string{first, second} {
				if err := b.WaitFor(t.Context(), id, types.JobStatusRunning); err != nil {
					t.Fatal(err)
				}
			}
			if err := r.lose(b.Server, first); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			lost, _ := b.Job(first)
			if lost.Status != types.JobStatusFailed || lost.StatusReason == nil || !strings.HasPrefix(*lost.StatusReason, "Host EC2") {
				t.Errorf("the job is %s: %v", lost.Status, lost.StatusReason)
			}
			if other, _ := b.Job(second); other.Status != r.others {
				t.Errorf("the other job is %s, want %s: %s", other.Status, r.others, r.reason)
			}
		})
	})
}

// WaitFor ends when there is nothing more to wait for.
func TestWaitForEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := start(t)
		b.define("app", batchtest.Manual())
		id := b.submit("app")

		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := b.WaitFor(ctx, id, types.JobStatusSucceeded); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want the context's error", err)
		}
		if err := b.Finish(id, 1); err != nil {
			t.Fatal(err)
		}
		if err := b.WaitFor(t.Context(), id, types.JobStatusSucceeded); !errors.Is(err, batchtest.ErrMissed) {
			t.Errorf("got %v, want ErrMissed: the job has failed", err)
		}
		other := b.submit("app")
		done := make(chan error, 1)
		go func() { done <- b.WaitFor(t.Context(), other, types.JobStatusSucceeded) }()
		synctest.Wait()
		b.Close()
		if err := <-done; !errors.Is(err, batchtest.ErrClosed) {
			t.Errorf("got %v, want ErrClosed", err)
		}
	})
}

// Every finished request is there, and one can be turned into an input.
func ExampleInputs() {
	s := batchtest.New()
	defer s.Close()
	name, queue := "nightly", "default"
	if _, err := s.Client(once).SubmitJob(context.Background(), &batch.SubmitJobInput{JobName: &name, JobQueue: &queue, JobDefinition: &name}); err != nil {
		fmt.Println("refused")
	}
	for _, in := range batchtest.Inputs[batch.SubmitJobInput](s) {
		fmt.Println(*in.JobName, "to", *in.JobQueue)
	}
	// Output:
	// refused
	// nightly to default
}
