package batchkit_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/batchtest"
)

// busEvent is an event as EventBridge would deliver it, a number of seconds after the beginning.
func busEvent(id string, status types.JobStatus, second int, edit ...func(detail map[string]any)) []byte {
	detail := map[string]any{"jobId": id, "jobName": "n", "status": status, "attempts": []any{}}
	for _, e := range edit {
		e(detail)
	}
	raw, err := json.Marshal(map[string]any{
		"version": "0", "id": fmt.Sprint(id, second), "source": "aws.batch", "detail-type": "Batch Job State Change", "detail": detail,
		"time": time.Date(2000, 1, 1, 0, 0, second, 0, time.UTC),
	})
	if err != nil {
		panic(err)
	}
	return raw
}

func because(reason string) func(map[string]any) {
	return func(d map[string]any) { d["statusReason"] = reason }
}

// tried says how many attempts have ended.
func tried(n int) func(map[string]any) {
	return func(d map[string]any) {
		var all []any
		for range n {
			all = append(all, map[string]any{"stoppedAt": 1})
		}
		d["attempts"] = all
	}
}

func counted(size int, summary map[string]int32) func(map[string]any) {
	return func(d map[string]any) { d["arrayProperties"] = map[string]any{"size": size, "statusSummary": summary} }
}

func put(tb testing.TB, feed *batchkit.Feed, events ...[]byte) {
	tb.Helper()
	for _, e := range events {
		if err := feed.Put(e); err != nil {
			tb.Fatal(err)
		}
	}
}

func TestFeedPut(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, reason, event, want string }{
		{"another service", "rules may be wide", `{"source":"aws.s3","detail-type":"Object Created","detail":[]}`, ""},
		{"another kind", "AWS Batch has more", `{"source":"aws.batch","detail-type":"Batch Job Definition Event","detail":{}}`, ""},
		{"a node", "it is counted nowhere", strings.ReplaceAll(string(busEvent("j#0", "RUNNING", 1)), " ", ""), ""},
		{"an empty object", "it is not about jobs", `{}`, ""},
		{"no JSON", "the transport has cut it", `{"source":"aws.ba`, `event "" of Amazon EventBridge: no JSON at offset 17`},
		{"no object", "something else was put", `["aws.batch"]`, `event "" of Amazon EventBridge: must be one JSON object`},
		{"wrong type", "a string stands for the kind", `{"source":"aws.batch","detail-type":7}`, `event "" of Amazon EventBridge: detail-type must be a string`},
		{"no time", "it could not be ordered", `{"id":"e","source":"aws.batch","detail-type":"Batch Job State Change","detail":{"jobId":"j","status":"RUNNING"}}`, `event "e" of Amazon EventBridge: time must be one as in RFC 3339`},
		{"no detail", "there is nothing in it", `{"id":"e","time":"2026-01-01T00:00:00Z","source":"aws.batch","detail-type":"Batch Job State Change"}`, `event "e" of Amazon EventBridge: detail must be given`},
		{"no id", "it is about nobody", `{"id":"e","time":"2026-01-01T00:00:00Z","source":"aws.batch","detail-type":"Batch Job State Change","detail":{"status":"RUNNING"}}`, `event "e" of Amazon EventBridge: detail.jobId must be given`},
		{"no status", "a change to what?", `{"id":"e","time":"2026-01-01T00:00:00Z","source":"aws.batch","detail-type":"Batch Job State Change","detail":{"jobId":"j"}}`, `event "e" of Amazon EventBridge: detail.status must be a status of a job`},
		{"bad child", "the index is no number", string(busEvent("j:x", "RUNNING", 1)), `event "j:x1" of Amazon EventBridge: detail.jobId must be the id of a job, or of a child with its index`},
		{"huge child", "no array is so large", string(busEvent("j:99999999", "RUNNING", 1)), `event "j:999999991" of Amazon EventBridge: detail.jobId must be the id of a job, or of a child with its index`},
		{"bad detail", "a number where a list should be", `{"id":"e","time":"2026-01-01T00:00:00Z","source":"aws.batch","detail-type":"Batch Job State Change","detail":{"jobId":"j","status":"RUNNING","attempts":7}}`, `event "e" of Amazon EventBridge: detail: `},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			var feed batchkit.Feed
			err := feed.Put([]byte(row.event))
			var damaged *batchkit.EventError
			switch {
			case row.want == "" && err != nil:
				t.Errorf("got %v, want the event to be ignored: %s", err, row.reason)
			case row.want != "" && (!errors.As(err, &damaged) || !strings.HasPrefix(err.Error(), row.want)):
				t.Errorf("got %v, want %s: %s", err, row.want, row.reason)
			}
		})
	}
	for _, file := range []string{"statechange", "blocked"} {
		raw, err := os.ReadFile("testdata/eventbridge/" + file + ".json")
		if err != nil {
			t.Fatal(err)
		}
		if err := batchkit.NewFeed().Put(raw); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// silent is a script that nobody may ask about jobs.
func silent(t *testing.T) *script {
	return newScript(func(name string, _ time.Duration) *types.JobDetail {
		t.Errorf("%s was looked at", name)
		return nil
	})
}

// heardOf follows a run by a feed that is given events, and returns what it yields.
func heardOf(t *testing.T, run *batchkit.Run, feed *batchkit.Feed, events ...[]byte) []string {
	t.Helper()
	go func() {
		for _, e := range events {
			synctest.Wait() // each is heard for itself
			put(t, feed, e)
		}
	}()
	var got []string
	for e, err := range run.Events(t.Context(), batchkit.From(feed)) {
		if err != nil {
			t.Fatal(err)
		}
		line := fmt.Sprintf("%s %s>%s", e.Job, e.From, e.To)
		if e.Children != nil {
			line += fmt.Sprint(" ", e.Children)
		}
		if e.Reason != "" {
			line += " " + e.Reason
		}
		if e.Advice.Code != "" {
			line += " !"
		}
		got = append(got, line)
	}
	return got
}

// A run is watched to its end with no call, whatever the order in which events come.
func TestEventsFromFeed(t *testing.T) {
	t.Parallel()
	ev := busEvent
	const capacity = "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - none"
	for _, row := range []struct {
		name, reason string
		size         int // of the array, 0 for a plain job
		events       [][]byte
		want         []string
	}{
		{"in order", "as most of the time", 0, [][]byte{
			ev("id-a", "RUNNABLE", 1), ev("id-a", "STARTING", 2), ev("id-a", "RUNNING", 3), ev("id-a", "SUCCEEDED", 4),
		}, []string{"a >RUNNABLE", "a RUNNABLE>STARTING", "a STARTING>RUNNING", "a RUNNING>SUCCEEDED"}},
		{"twice", "at least once is promised", 0, [][]byte{
			ev("id-a", "RUNNABLE", 1), ev("id-a", "RUNNABLE", 1), ev("id-a", "RUNNING", 2), ev("id-a", "RUNNABLE", 1), ev("id-a", "FAILED", 3),
		}, []string{"a >RUNNABLE", "a RUNNABLE>RUNNING", "a RUNNING>FAILED"}},
		{"late", "a job that runs was RUNNABLE before, whatever comes last", 0, [][]byte{
			ev("id-a", "RUNNING", 2), ev("id-a", "RUNNABLE", 2), ev("id-a", "STARTING", 2), ev("id-a", "SUCCEEDED", 3),
		}, []string{"a >RUNNING", "a RUNNING>SUCCEEDED"}},
		{"retry", "an attempt that ended makes RUNNABLE news again", 0, [][]byte{
			ev("id-a", "RUNNING", 1), ev("id-a", "RUNNABLE", 2, tried(1)), ev("id-a", "RUNNING", 1), ev("id-a", "RUNNING", 3, tried(1)), ev("id-a", "FAILED", 4, tried(2)),
		}, []string{"a >RUNNING", "a RUNNING>RUNNABLE", "a RUNNABLE>RUNNING", "a RUNNING>FAILED"}},
		{"blocked", "the reason is told when it comes, and an older event does not take it back", 0, [][]byte{
			ev("id-a", "RUNNABLE", 1), ev("id-a", "RUNNABLE", 9, because(capacity)), ev("id-a", "RUNNABLE", 5, because("")), ev("id-a", "SUCCEEDED", 10),
		}, []string{"a >RUNNABLE", "a RUNNABLE>RUNNABLE " + capacity + " !", "a RUNNABLE>SUCCEEDED"}},
		{"end only", "a rule may match no more", 0, [][]byte{ev("id-a", "SUCCEEDED", 4)}, []string{"a >SUCCEEDED"}},
		{"others' jobs", "a feed serves many", 0, [][]byte{ev("id-b", "FAILED", 1), ev("id-b:3", "FAILED", 1), ev("id-a", "SUCCEEDED", 4)}, []string{"a >SUCCEEDED"}},
		{"children", "they count into their parent", 3, [][]byte{
			ev("id-a:0", "RUNNING", 1), ev("id-a", "PENDING", 1), ev("id-a:1", "RUNNING", 1), ev("id-a:0", "SUCCEEDED", 2), ev("id-a:0", "RUNNING", 1),
			ev("id-a:2", "RUNNABLE", 2, because(capacity)), ev("id-a:2", "SUCCEEDED", 3), ev("id-a:1", "SUCCEEDED", 3), ev("id-a", "SUCCEEDED", 3),
		}, []string{
			"a >PENDING map[PENDING:2 RUNNING:1]", "a PENDING>PENDING map[PENDING:1 RUNNING:2]",
			"a PENDING>PENDING map[PENDING:1 RUNNING:1 SUCCEEDED:1]",
			"a PENDING>PENDING map[RUNNABLE:1 RUNNING:1 SUCCEEDED:1] " + capacity + " !",
			"a PENDING>PENDING map[RUNNING:1 SUCCEEDED:2]", "a PENDING>PENDING map[SUCCEEDED:3]", "a PENDING>SUCCEEDED map[SUCCEEDED:3]",
		}},
		{"children of whom not all is heard", "the parent knows better", 4, [][]byte{
			ev("id-a:0", "RUNNING", 1), ev("id-a", "PENDING", 1, counted(4, map[string]int32{"SUCCEEDED": 2, "RUNNING": 1, "PENDING": 1})),
			ev("id-a:3", "RUNNING", 2), ev("id-a", "SUCCEEDED", 3),
		}, []string{
			"a >PENDING map[PENDING:3 RUNNING:1]", "a PENDING>PENDING map[PENDING:1 RUNNING:1 SUCCEEDED:2]",
			"a PENDING>PENDING map[RUNNING:2 SUCCEEDED:2]", "a PENDING>SUCCEEDED map[SUCCEEDED:4]",
		}},
		{"an end that tells of no attempts", "it is the end all the same", 2, [][]byte{
			ev("id-a:0", "SUCCEEDED", 2), ev("id-a:0", "RUNNING", 1, tried(1)), ev("id-a", "SUCCEEDED", 3),
		}, []string{"a >PENDING map[PENDING:1 SUCCEEDED:1]", "a PENDING>SUCCEEDED map[SUCCEEDED:2]"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				wf := batchkit.NewWorkflow("test")
				job := batchkit.Job("a", "queue", batchkit.ContainerRef("d"))
				if row.size > 0 {
					job = job.Array(row.size)
				}
				wf.Add(job)
				feed := batchkit.NewFeed()
				got := heardOf(t, submittedPlan(t, silent(t), wf), feed, row.events...)
				if diff := cmp.Diff(row.want, got); diff != "" {
					t.Errorf("%s: -want +got\n%s", row.reason, diff)
				}
			})
		})
	}
}

// Events that come before anybody watches are kept for a while.
func TestFeedRemembers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		feed := batchkit.NewFeed()
		run := submitted(t, silent(t), "a")
		put(t, feed, busEvent("id-a", "RUNNING", 1), busEvent("id-a", "SUCCEEDED", 2))
		time.Sleep(9 * time.Minute)
		if got := heardOf(t, run, feed); len(got) != 1 || got[0] != "a >SUCCEEDED" {
			t.Errorf("got %v", got)
		}
	})
}

// What nobody has asked for is forgotten, so that a service may run for months.
func TestFeedForgets(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		feed := batchkit.NewFeed()
		run := submitted(t, silent(t), "a")
		put(t, feed, busEvent("id-a", "SUCCEEDED", 2))
		time.Sleep(11 * time.Minute)
		put(t, feed, busEvent("id-b", "RUNNING", 3)) // of another, which has it look around
		ctx, cancel := timeoutContext(t, time.Minute)
		defer cancel()
		if _, err := run.Wait(ctx, batchkit.From(feed), batchkit.ReconcileAfter(0)); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want the event to be forgotten", err)
		}
	})
}

// What was missed is looked up: after some silence, and of a run that was found again at once.
func TestFeedReconciles(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, reason string
		opts         []batchkit.WatchOption
		least, most  time.Duration
		err          bool
	}{
		{"default", "the last event was lost", nil, 10 * time.Minute, 11 * time.Minute, false},
		{"set", "somebody is in a hurry", []batchkit.WatchOption{batchkit.ReconcileAfter(time.Minute)}, time.Minute, 2 * time.Minute, false},
		{"never", "somebody wants no call at all", []batchkit.WatchOption{batchkit.ReconcileAfter(0)}, time.Hour, time.Hour, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := newScript(phases(types.JobStatusSucceeded))
				run, feed := submitted(t, api, "a"), batchkit.NewFeed()
				put(t, feed, busEvent("id-a", "RUNNING", 1))
				began := time.Now()
				ctx, cancel := timeoutContext(t, time.Hour)
				defer cancel()
				_, err := run.Wait(ctx, append(row.opts, batchkit.From(feed))...)
				if took := time.Since(began); (err != nil) != row.err || took < row.least || took > row.most {
					t.Errorf("%s: %v after %s, want between %s and %s", row.reason, err, took, row.least, row.most)
				}
				if want := map[bool]int{false: 1, true: 0}[row.err]; len(api.describes) != want {
					t.Errorf("%d calls, want %d", len(api.describes), want)
				}
			})
		})
	}
}

// Of jobs that another program has submitted the events have passed.
func TestFeedOfARunThatWasBegun(t *testing.T) {
	t.Parallel()
	journal := &memory{}
	plan, err := singles(3).Plan()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name, reason string
		again        func(context.Context, *batchkit.Client) (*batchkit.Run, error)
	}{
		{"opened", "it was found by names and tags", func(ctx context.Context, c *batchkit.Client) (*batchkit.Run, error) {
			return c.Open(ctx, "r")
		}},
		{"journal", "a service that was started anew goes on", func(ctx context.Context, c *batchkit.Client) (*batchkit.Run, error) {
			return c.Submit(ctx, plan, batchkit.WithJournal(journal))
		}},
		{"no journal", "another machine goes on", func(ctx context.Context, c *batchkit.Client) (*batchkit.Run, error) {
			return c.Submit(ctx, plan, batchkit.RunID("r"))
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				*journal = memory{}
				srv := batchtest.Start(t)
				srv.Image("app", batchtest.Image{Run: batchtest.Exit(0)})
				client := func() *batchkit.Client { return batchkit.NewClient(srv.Client()) }
				if _, err := client().Submit(t.Context(), plan, batchkit.RunID("r"), batchkit.WithJournal(journal)); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Hour)
				run, err := row.again(t.Context(), client())
				if err != nil {
					t.Fatal(err)
				}
				before, began := len(batchtest.Inputs[batch.DescribeJobsInput](srv)), time.Now()
				result, err := run.Wait(t.Context(), batchkit.From(&batchkit.Feed{}))
				if err != nil || len(result.Jobs) != 3 {
					t.Fatalf("%d jobs, %v", len(result.Jobs), err)
				}
				if calls, took := len(batchtest.Inputs[batch.DescribeJobsInput](srv))-before, time.Since(began); calls != 1 || took > time.Second {
					t.Errorf("%d calls and %s, want one call at once: %s", calls, took, row.reason)
				}
			})
		})
	}
}

// Jobs that wait for others are silent for good reason.
func TestFeedReconcilesNoWaitingJobs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		seen := map[string]int{}
		api := newScript(func(name string, _ time.Duration) *types.JobDetail {
			seen[name]++
			return &types.JobDetail{Status: types.JobStatusRunning}
		})
		wf, feed := batchkit.NewWorkflow("test"), batchkit.NewFeed()
		first := wf.Add(batchkit.Job("first", "queue", batchkit.ContainerRef("d")))
		wf.Add(batchkit.Job("second", "queue", batchkit.ContainerRef("d")), batchkit.After(first))
		run := submittedPlan(t, api, wf)
		put(t, feed, busEvent("id-first", "RUNNING", 1), busEvent("id-second", "PENDING", 1))
		ctx, cancel := timeoutContext(t, time.Hour)
		defer cancel()
		if _, err := run.Wait(ctx, batchkit.From(feed)); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[string]int{"first": 5}, seen); diff != "" {
			t.Errorf("looks in an hour, one after ten minutes without an event: -want +got\n%s", diff)
		}
	})
}

// Gates open by what the feed tells, without a look at a job.
func TestFeedOfAGatedRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		feed := batchkit.NewFeed()
		srv := outcomes(t, batchtest.WithEventBridge(func(event []byte) { put(t, feed, event) }))
		defer srv.Close()
		run, err := start(srv, gatedPlan(t, func(w *batchkit.Workflow) {
			w.Add(job("work", bad))
			w.Add(job("mend", hour), batchkit.AfterFailure("work"))
			w.Add(job("tell", good), batchkit.When("exit 4", exited(4), "work"))
			w.Add(job("clean", good), batchkit.AfterEnd("mend"))
			w.Add(job("last", good), batchkit.After("clean"))
		}), forever, batchkit.FirstStart())
		if err != nil {
			t.Fatal(err)
		}
		result, err := run.Wait(t.Context(), batchkit.From(feed), batchkit.ReconcileAfter(0))
		var failed *batchkit.FailedError
		if !errors.As(err, &failed) {
			t.Errorf("got %v, want a *FailedError", err)
		}
		if got, want := ends(result), "work- mend+ tells clean+ last+"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if n := len(batchtest.Inputs[batch.DescribeJobsInput](srv)); n != 0 {
			t.Errorf("%d looks, want none", n)
		}
		onceEach(t, srv, result)
	})
}

// A look does not make older events news.
func TestFeedAfterALook(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := newScript(func(string, time.Duration) *types.JobDetail {
			return &types.JobDetail{Status: types.JobStatusRunning}
		})
		run, feed := submitted(t, api, "a"), batchkit.NewFeed()
		go func() {
			time.Sleep(15 * time.Minute) // by when it was looked at
			put(t, feed, busEvent("id-a", "RUNNABLE", 1))
			synctest.Wait()
			put(t, feed, busEvent("id-a", "FAILED", 1))
		}()
		if diff := cmp.Diff([]string{"a >RUNNING", "a RUNNING>FAILED"}, heardOf(t, run, feed)); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	})
}

// A job that stays RUNNABLE is told of without a call, too.
func TestFeedStuck(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		run, feed := submitted(t, silent(t), "a"), batchkit.NewFeed()
		put(t, feed, busEvent("id-a", "RUNNABLE", 0)) // which is when the bubble begins
		for e, err := range run.Events(t.Context(), batchkit.From(feed), batchkit.StuckAfter(5*time.Minute)) {
			if err != nil {
				t.Fatal(err)
			}
			if e.Stuck > 0 {
				if e.Stuck > 6*time.Minute || e.Advice.Mend == "" {
					t.Errorf("got %+v", e)
				}
				return
			}
		}
		t.Error("it was not told of")
	})
}

func timeoutContext(t *testing.T, d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(t.Context(), d)
}
