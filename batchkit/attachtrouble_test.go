package batchkit_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/batchtest"
)

// A plan from a file has no functions: nothing is sent until they are given.
func TestConditionsOfStoredPlans(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := outcomes(t)
		defer srv.Close()
		stored, err := json.Marshal(gatedPlan(t, func(w *batchkit.Workflow) {
			w.Add(job("a", bad))
			w.Add(job("b", good), batchkit.When("exit 3", exited(4), "a"))
		}))
		if err != nil {
			t.Fatal(err)
		}
		var plan batchkit.Plan
		if err := json.Unmarshal(stored, &plan); err != nil {
			t.Fatal(err)
		}
		run, err := start(srv, &plan, forever)
		var unbound *batchkit.ConditionError
		if !errors.As(err, &unbound) || unbound.Job != "b" || unbound.Condition != "exit 3" {
			t.Errorf("got %v, want a *ConditionError", err)
		}
		if _, sent := run.ID("a"); sent {
			t.Error("a job was sent all the same")
		}
		run, err = start(srv, &plan, forever, batchkit.Condition("exit 3", exited(3)), batchkit.Condition("other", nil))
		if err != nil {
			t.Fatal(err)
		}
		result, _ := run.Wait(t.Context())
		if got := ends(result); got != "a- b+" {
			t.Errorf("got %s", got)
		}
	})
}

// A job that the service forgets has ended, and not succeeded.
func TestGatesOfLostJobs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := newScript(func(name string, age time.Duration) *types.JobDetail {
			switch {
			case name == "a" && age > time.Minute:
				return nil
			case age > time.Hour:
				return &types.JobDetail{Status: types.JobStatusSucceeded}
			default:
				return &types.JobDetail{Status: types.JobStatusRunning}
			}
		})
		ref := func(name string) batchkit.JobRequest[batchkit.ContainerOverride] {
			return batchkit.Job(name, "queue", batchkit.ContainerRef("d"))
		}
		plan := gatedPlan(t, func(w *batchkit.Workflow) {
			w.Add(ref("a"))
			w.Add(ref("b"))
			w.Add(ref("c"), batchkit.After("a"), batchkit.AfterEnd("b"))
			w.Add(ref("help"), batchkit.AfterFailure("a"))
			w.Add(ref("clean"), batchkit.AfterEnd("c"))
		})
		run, err := batchkit.NewClient(api).Submit(t.Context(), plan)
		if err != nil {
			t.Fatal(err)
		}
		result, _ := run.Wait(t.Context())
		if got := ends(result); got != "a? b+ c! help+ clean+" {
			t.Errorf("got %s", got)
		}
	})
}

// Who stops waiting stops the submitting, and nothing else; who waits again goes on.
func TestGatesWaitForSomebody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := outcomes(t)
		defer srv.Close()
		run, err := start(srv, gatedPlan(t, building), forever)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := run.Wait(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want the context's error", err)
		}
		time.Sleep(5 * time.Hour)
		if _, sent := run.ID("clean"); sent {
			t.Error("a clean-up was submitted and nobody waits")
		}
		for e, err := range run.Events(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			if e.Job == "tell" {
				break
			}
		}
		result, err := run.Wait(t.Context())
		if got := ends(result); got != "a+ b+ c+ helps clean+ tell+ alarms" || err != nil {
			t.Errorf("got %s, %v", got, err)
		}
		onceEach(t, srv, result)
	})
}

// A step that cannot be submitted ends the waiting, until it can be, or is cancelled.
func TestGatesOpenInVain(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, reason string
		mend         func(*testing.T, *batchkit.Run, func())
		want         string
	}{
		{"mended", "the next one goes on", func(_ *testing.T, _ *batchkit.Run, mend func()) { mend() }, "a- help+ clean+"},
		{"cancelled", "the clean-up runs all the same", func(t *testing.T, run *batchkit.Run, mend func()) {
			if err := run.CancelJob(t.Context(), "help", "does not work"); err != nil {
				t.Error(err)
			}
			mend()
		}, "a- helpC clean+"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv := outcomes(t)
				defer srv.Close()
				run, err := start(srv, gatedPlan(t, func(w *batchkit.Workflow) {
					w.Add(job("a", bad))
					w.Add(job("help", good), batchkit.AfterFailure("a"))
					w.Add(job("clean", good), batchkit.AfterEnd("help"))
				}), forever)
				if err != nil {
					t.Fatal(err)
				}
				mend := srv.Intercept(func(_ context.Context, r *batchtest.Request) batchtest.Action {
					if r.Operation != "SubmitJob" {
						return batchtest.Action{}
					}
					return batchtest.Fail(403, "AccessDeniedException", "no")
				}, batchtest.Keep())
				var refused *batchkit.SubmitError
				if _, err := run.Wait(t.Context()); !errors.As(err, &refused) || refused.Job != "help" {
					t.Errorf("got %v, want a *SubmitError", err)
				}
				row.mend(t, run, mend)
				result, _ := run.Wait(t.Context())
				if got := ends(result); got != row.want {
					t.Errorf("got %s, want %s: %s", got, row.want, row.reason)
				}
				onceEach(t, srv, result)
			})
		})
	}
}

// Submit stops, at a job of which no answer came. Cancel finds it, and the clean-up runs for what there was.
func TestCancelWhatMayExist(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, reason string
		taken        bool
		want         string
	}{
		{"taken", "it is found and ended", true, "ac bc restC helpC clean+"},
		{"lost", "it is not sent any more", false, "ac bC restC helpC clean+"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv := outcomes(t)
				defer srv.Close()
				plan := gatedPlan(t, func(w *batchkit.Workflow) {
					w.Add(job("a", hour))
					w.Add(job("b", hour), batchkit.After("a"))
					w.Add(job("rest", good), batchkit.After("b"))
					w.Add(job("help", good), batchkit.AfterFailure("rest"))
					w.Add(job("clean", good), batchkit.AfterEnd("rest"))
				})
				ctx, cancel := context.WithCancel(t.Context())
				calls := 0
				srv.Intercept(func(_ context.Context, r *batchtest.Request) batchtest.Action {
					if r.Operation != "SubmitJob" {
						return batchtest.Action{}
					}
					if calls++; calls != 2 {
						return batchtest.Action{}
					}
					if !row.taken {
						cancel()
						return batchtest.Fail(500, "ServerException", "out of order")
					}
					return batchtest.After(func(_ context.Context, a *batchtest.Answer) { a.Drop(); cancel() })
				}, batchtest.Keep())
				journal := &memory{}
				run, err := batchkit.NewClient(srv.Client(), batchkit.WithGrace(grace)).Submit(ctx, plan, batchkit.WithJournal(journal))
				var stopped *batchkit.SubmitError
				if !errors.As(err, &stopped) || len(stopped.Unknown) != 1 {
					t.Fatalf("got %v, want a *SubmitError with a job of which nobody knows", err)
				}
				time.Sleep(time.Second)
				if err := run.Cancel(t.Context(), "trouble"); err != nil {
					t.Error(err)
				}
				if again, err := start(srv, plan, forever, batchkit.WithJournal(journal)); err != nil { // the next process
					t.Error(err)
				} else {
					run = again
				}
				result, _ := run.Wait(t.Context())
				if got := ends(result); got != row.want {
					t.Errorf("got %s, want %s: %s", got, row.want, row.reason)
				}
				if b, _ := result.Job("b"); b.Reason != "batchkit: cancelled: trouble" {
					t.Errorf("b has ended by %q, want the reason of the Cancel", b.Reason)
				}
				onceEach(t, srv, result)
			})
		})
	}
}

// A run whose submission failed is waited for as far as it goes, and nobody takes it for complete.
func TestWaitAfterFailedSubmit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := outcomes(t)
		defer srv.Close()
		run, err := start(srv, gatedPlan(t, func(w *batchkit.Workflow) {
			w.Add(job("a", good))
			w.Add(batchkit.Job("b", "nowhere", good), batchkit.After("a"))
			w.Add(job("clean", good), batchkit.AfterEnd("a"))
		}), forever)
		var stopped *batchkit.SubmitError
		if !errors.As(err, &stopped) {
			t.Fatalf("got %v, want a *SubmitError", err)
		}
		result, err := run.Wait(t.Context())
		if got := ends(result); got != "a+" || !errors.As(err, &stopped) {
			t.Errorf("got %s, %v", got, err)
		}
		if err := run.Cancel(t.Context(), "trouble"); err != nil {
			t.Error(err)
		}
		result, err = run.Wait(t.Context())
		if got := ends(result); got != "a+ bC clean+" || errors.As(err, &stopped) {
			t.Errorf("got %s, %v", got, err)
		}
	})
}

// Cancel comes while steps whose gate has opened are being submitted: those that were are ended, the others are not sent.
func TestCancelWhileSubmitting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := outcomes(t)
		defer srv.Close()
		const many = 300
		plan := gatedPlan(t, func(w *batchkit.Workflow) {
			w.Add(job("a", bad))
			for i := range many {
				w.Add(job(fmt.Sprint("help", i), hour), batchkit.AfterFailure("a"))
			}
			w.Add(job("clean", good), batchkit.AfterEnd("help0", "help299"))
		})
		run, err := batchkit.NewClient(srv.Client(), batchkit.WithGrace(grace), batchkit.WithSubmitRate(5)).Submit(t.Context(), plan)
		if err != nil {
			t.Fatal(err)
		}
		var result *batchkit.Result
		over := make(chan struct{})
		go func() {
			defer close(over)
			result, err = run.Wait(context.Background())
		}()
		for jobsAt(t, srv)["help50"] == 0 {
			time.Sleep(time.Second)
		}
		if err := run.Cancel(t.Context(), "enough"); err != nil {
			t.Error(err)
		}
		<-over
		var failed *batchkit.FailedError
		if !errors.As(err, &failed) {
			t.Errorf("got %v, want a *FailedError", err)
		}
		ended, unsent := 0, 0
		for _, j := range result.Jobs[1 : many+1] {
			switch {
			case !j.Cancelled || j.Status != types.JobStatusFailed:
				t.Errorf("%s is %s", j.Name, j.Status)
			case j.ID == "":
				unsent++
			default:
				ended++
			}
		}
		if ended < 50 || unsent < 50 {
			t.Errorf("%d were ended and %d not sent", ended, unsent)
		}
		if clean := result.Jobs[many+1]; clean.Status != types.JobStatusSucceeded {
			t.Errorf("the clean-up is %s", clean.Status)
		}
		onceEach(t, srv, result)
	})
}

// A run that is watched by events keeps its gates too, here with a feed that hears nothing, so that it has to look.
func TestGatesByFeed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := outcomes(t)
		defer srv.Close()
		run, err := start(srv, gatedPlan(t, building), forever)
		if err != nil {
			t.Fatal(err)
		}
		result, err := run.Wait(t.Context(), batchkit.From(batchkit.NewFeed()), batchkit.ReconcileAfter(time.Minute))
		if got := ends(result); got != "a+ b+ c+ helps clean+ tell+ alarms" || err != nil {
			t.Errorf("got %s, %v", got, err)
		}
	})
}
