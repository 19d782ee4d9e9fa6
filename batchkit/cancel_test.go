package batchkit_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/batchtest"
)

// building is a plan with work, a handler of failures, clean-ups in a row, and an alarm if those fail.
func building(w *batchkit.Workflow) {
	w.Add(job("a", hour))
	w.Add(job("b", hour).Array(3))
	w.Add(job("c", good), batchkit.After("a", "b"))
	w.Add(job("help", good), batchkit.AfterFailure("c"))
	w.Add(job("clean", hour), batchkit.AfterEnd("c"))
	w.Add(job("tell", good), batchkit.After("clean"))
	w.Add(job("alarm", good), batchkit.AfterFailure("clean"))
}

func TestCancelInEachPhase(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, reason string
		after        time.Duration
		want         string
	}{
		{"at once", "what waits gets the reason too, and the clean-up runs", 0, "ac bc cc helpC clean+ tell+ alarmC"},
		{"running", "the clean-up runs", 10 * time.Minute, "ac bc cc helpC clean+ tell+ alarmC"},
		{"cleaning up", "a clean-up that runs is spared, and so is what follows it", 90 * time.Minute, "a+ b+ c+ helps clean+ tell+ alarmC"},
		{"over", "nothing is left to end", 5 * time.Hour, "a+ b+ c+ helps clean+ tell+ alarms"},
	} {
		for _, how := range []string{"attached", "opened", "gone on with", "late to show"} {
			t.Run(row.name+", "+how, func(t *testing.T) {
				t.Parallel()
				if row.name == "cleaning up" && how == "opened" {
					return // it does not know which job is a clean-up
				}
				synctest.Test(t, func(t *testing.T) {
					srv := outcomes(t)
					defer srv.Close()
					if how == "late to show" {
						srv.Inject(batchtest.DelayVisibility(30 * time.Second))
					}
					run, err := start(srv, gatedPlan(t, building), forever)
					if err != nil {
						t.Fatal(err)
					}
					var result *batchkit.Result
					var ended error
					over := make(chan struct{})
					go func() {
						defer close(over)
						result, ended = run.Wait(context.Background())
					}()
					time.Sleep(row.after)
					canceller := run
					switch how {
					case "opened":
						canceller, err = batchkit.NewClient(srv.Client()).Open(t.Context(), run.RunID())
					case "gone on with":
						canceller, err = start(srv, gatedPlan(t, building), forever, batchkit.RunID(run.RunID()))
					}
					if err != nil {
						t.Fatal(err)
					}
					for range 2 { // which may be repeated
						if err := canceller.Cancel(t.Context(), "no more"); err != nil {
							t.Error(err)
						}
					}
					<-over
					want, byStates := row.want, strings.ReplaceAll(row.want, "C", "s")
					if how == "opened" || how == "gone on with" { // another program goes by the states of the jobs
						want = byStates
					}
					if got := ends(result); got != want {
						t.Errorf("got %s, want %s: %s", got, want, row.reason)
					}
					if c, _ := result.Job("c"); c.Cancelled && c.Reason != "batchkit: cancelled: no more" {
						t.Errorf("the reason of c is %q", c.Reason)
					}
					var failed *batchkit.FailedError
					if errors.As(ended, &failed) != (strings.Contains(want, "C") || strings.HasPrefix(want, "ac")) {
						t.Errorf("the error is %v", ended)
					}
					onceEach(t, srv, result)
					if got := ends(gone(t, srv, gatedPlan(t, building), run.RunID())); got != byStates {
						t.Errorf("gone on with: %s", got)
					}
					onceEach(t, srv, result)
				})
			})
		}
	}
}

func TestCancelJob(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, reason, job, want string }{
		{"in the middle", "what it waits for goes on", "c", "a+ b+ cc helpC clean+ tell+ alarms"},
		{"at the root", "all that waits for it ends", "a", "ac b+ cc helpC clean+ tell+ alarms"},
		{"a clean-up", "who asks for it gets it, and what waits for it is not submitted", "clean", "a+ b+ c+ helps cleanC tellC alarmC"},
		{"a handler", "the rest goes on", "help", "a+ b+ c+ helpC clean+ tell+ alarms"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv := outcomes(t)
				defer srv.Close()
				run, err := start(srv, gatedPlan(t, building), forever)
				if err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Minute)
				for range 2 {
					if err := run.CancelJob(t.Context(), batchkit.Node(row.job), "no more"); err != nil {
						t.Error(err)
					}
				}
				result, _ := run.Wait(t.Context())
				if got := ends(result); got != row.want {
					t.Errorf("got %s, want %s: %s", got, row.want, row.reason)
				}
				var unknown *batchkit.UnknownJobError
				if err := run.CancelJob(t.Context(), "nobody", ""); !errors.As(err, &unknown) {
					t.Errorf("got %v, want an *UnknownJobError", err)
				}
			})
		})
	}
}

// The parts of an array that was cut are one job, for gates and for who cancels.
func TestGatesOfCutArrays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := newScript(func(name string, age time.Duration) *types.JobDetail {
			switch {
			case name == "big-part-2" && age > time.Minute:
				return &types.JobDetail{Status: types.JobStatusFailed}
			case age > time.Hour:
				return &types.JobDetail{Status: types.JobStatusSucceeded}
			default:
				return &types.JobDetail{Status: types.JobStatusRunning}
			}
		})
		w := batchkit.NewWorkflow("cut")
		w.Add(batchkit.Job("big", "queue", batchkit.ContainerRef("d")).Array(20_001))
		w.Add(batchkit.Job("help", "queue", batchkit.ContainerRef("d")).Array(10_001), batchkit.AfterFailure("big"))
		w.Add(batchkit.Job("fine", "queue", batchkit.ContainerRef("d")).Array(10_001), batchkit.When("fine", func(r batchkit.JobResult) bool {
			return r.Status == types.JobStatusSucceeded
		}, "big"))
		w.Add(batchkit.Job("last", "queue", batchkit.ContainerRef("d")), batchkit.AfterEnd("fine"))
		plan, err := w.Plan()
		if err != nil {
			t.Fatal(err)
		}
		run, err := batchkit.NewClient(api).Submit(t.Context(), plan)
		if err != nil {
			t.Fatal(err)
		}
		result, _ := run.Wait(t.Context())
		want := "big-part-1+ big-part-2- big-part-3+ help-part-1+ help-part-2+ fine-part-1s fine-part-2s last+"
		if got := ends(result); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if err := run.CancelJob(t.Context(), "big", ""); err != nil || len(api.terminated) > 0 {
			t.Errorf("ended jobs were terminated: %v, %v", api.terminated, err)
		}
	})
}

// obstinate is a service that has trouble with the ending of jobs.
type obstinate struct {
	*script
	order []string
	fault func(call int, name string) error
}

func (o *obstinate) TerminateJob(_ context.Context, in *batch.TerminateJobInput, _ ...func(*batch.Options)) (*batch.TerminateJobOutput, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.order = append(o.order, o.names[*in.JobId])
	if o.fault == nil {
		return &batch.TerminateJobOutput{}, nil
	}
	if err := o.fault(len(o.order), o.names[*in.JobId]); err != nil {
		return nil, err
	}
	return &batch.TerminateJobOutput{}, nil
}

// answeredWith is an error of the SDK for an answer of that status.
func answeredWith(status int, err error) error {
	return &smithyhttp.ResponseError{Response: &smithyhttp.Response{Response: &http.Response{StatusCode: status}}, Err: err}
}

func running(string, time.Duration) *types.JobDetail {
	return &types.JobDetail{Status: types.JobStatusRunning}
}

func TestCancelTrouble(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, reason string
		fault        func(call int, name string) error
		failed       []string // of the errors
		calls        int
	}{
		{"none", "a call each", nil, nil, 3},
		{"server", "what passes is tried again", func(call int, _ string) error {
			if call < 10 {
				return answeredWith(http.StatusInternalServerError, &types.ServerException{})
			}
			return nil
		}, nil, 12},
		{"throttled", "the limiter slows down", func(call int, _ string) error {
			if call < 10 {
				return answeredWith(http.StatusTooManyRequests, &smithy.GenericAPIError{Code: "TooManyRequestsException"})
			}
			return nil
		}, nil, 12},
		{"refused", "the others are ended all the same", func(_ int, name string) error {
			if name != "b" {
				return answeredWith(http.StatusBadRequest, &types.ClientException{})
			}
			return nil
		}, []string{"a", "c"}, 3},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := &obstinate{script: newScript(running), fault: row.fault}
				err := submitted(t, api, "a", "b", "c").Cancel(t.Context(), "")
				var failed []string
				for _, e := range leaves(err) {
					var one *batchkit.CancelError
					if !errors.As(e, &one) {
						t.Errorf("got %v, want a *CancelError", e)
						continue
					}
					failed = append(failed, one.Job)
				}
				if diff := cmp.Diff(row.failed, failed); diff != "" {
					t.Errorf("%s: -want +got\n%s", row.reason, diff)
				}
				if len(api.order) != row.calls {
					t.Errorf("%d calls, want %d: %s", len(api.order), row.calls, row.reason)
				}
			})
		})
	}
}

// Who may end jobs and not look at them ends them all the same.
func TestCancelBlindly(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, reason string
		fault        error
		most         time.Duration
	}{
		{"refused", "asking again will not help", &smithy.GenericAPIError{Code: "AccessDeniedException"}, time.Second},
		{"down", "there is an end to patience", answered(500), 15 * time.Minute},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := &faulty{script: newScript(running), began: time.Now(), fault: func(int, time.Duration) error { return row.fault }}
				run := submitted(t, api, "a", "c")
				if err := run.Cancel(t.Context(), "no more"); err != nil {
					t.Error(err)
				}
				if got := slices.Sorted(slices.Values(api.terminated)); !slices.Equal(got, []string{"a", "c"}) || time.Since(api.began) > row.most {
					t.Errorf("ended %v after %s, want a and c: %s", got, time.Since(api.began), row.reason)
				}
				ctx, cancel := context.WithCancel(t.Context())
				cancel()
				if err := run.Cancel(ctx, "no more"); !errors.Is(err, context.Canceled) || len(api.terminated) != 2 {
					t.Errorf("got %v, want the error of the context, and %v", err, api.terminated)
				}
			})
		})
	}
}

// A refusal is no fault of a job that has ended meanwhile, or that the service has forgotten.
func TestCancelEndedMeanwhile(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, reason string
		after        *types.JobDetail // what a look shows after the refusal
		least, most  time.Duration
	}{
		{"ended", "it ended between the look and the call", &types.JobDetail{Status: types.JobStatusSucceeded}, 0, time.Second},
		{"forgotten", "it may just not be shown yet, so it is tried again for the time of grace", nil, time.Minute, 3 * time.Minute},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				refused := false // both functions are called under the script's mutex
				api := &obstinate{
					script: newScript(func(string, time.Duration) *types.JobDetail {
						if refused {
							return row.after
						}
						return &types.JobDetail{Status: types.JobStatusRunning}
					}),
					fault: func(int, string) error {
						refused = true
						return answeredWith(http.StatusBadRequest, &types.ClientException{})
					},
				}
				run, began := submitted(t, api, "a"), time.Now()
				if err := run.Cancel(t.Context(), ""); err != nil || !refused {
					t.Errorf("got %v, want none: %s", err, row.reason)
				}
				if took := time.Since(began); took < row.least || took > row.most {
					t.Errorf("took %s, want between %s and %s: %s", took, row.least, row.most, row.reason)
				}
			})
		})
	}
}

// leaves returns the errors that were joined.
func leaves(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		if err == nil {
			return nil
		}
		return []error{err}
	}
	var all []error
	for _, e := range joined.Unwrap() {
		all = append(all, leaves(e)...)
	}
	return all
}

// Jobs that wait are ended before those that they wait for, as many at a time as the limit allows.
func TestCancelMany(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const n = 10_000
		api := &obstinate{script: newScript(running)}
		w := batchkit.NewWorkflow("many")
		for i := range n {
			var after []batchkit.Node
			if i >= n/2 {
				after = append(after, batchkit.Node(fmt.Sprint("j", i-n/2)))
			}
			w.Add(batchkit.Job(fmt.Sprint("j", i), "queue", batchkit.ContainerRef("d")), batchkit.After(after...))
		}
		plan, err := w.Plan()
		if err != nil {
			t.Fatal(err)
		}
		run, err := batchkit.NewClient(api, batchkit.WithSubmitRate(100_000)).Submit(t.Context(), plan)
		if err != nil {
			t.Fatal(err)
		}
		api.describes = nil
		began := time.Now()
		if err := run.Cancel(t.Context(), "too many"); err != nil {
			t.Fatal(err)
		}
		took := time.Since(began)
		if len(api.order) != n || len(api.describes) != n/100 {
			t.Errorf("%d and %d calls for %d jobs", len(api.order), len(api.describes), n)
		}
		if least, most := n/batchkit.SubmitRate*time.Second, n*11/10/batchkit.SubmitRate*time.Second; took < least-5*time.Second || took > most {
			t.Errorf("took %v, want about %v", took, least)
		}
		place := map[string]int{}
		for i, name := range api.order {
			place[name] = i
		}
		for i := range n / 2 {
			if place[fmt.Sprint("j", i)] < place[fmt.Sprint("j", i+n/2)] {
				t.Fatalf("j%d was ended before the job that waits for it", i)
			}
		}
	})
}
