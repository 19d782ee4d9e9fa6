package batchkit_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/batchtest"
)

// Whatever is put, the feed takes it or says that it is damaged, and the same again is taken alike.
func FuzzFeedPut(f *testing.F) {
	for _, file := range []string{"statechange", "blocked"} {
		raw, err := os.ReadFile("testdata/eventbridge/" + file + ".json")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add(busEvent("j:3", "RUNNING", 1, counted(4, map[string]int32{"RUNNING": 9})))
	f.Add(busEvent("j", "FAILED", 1, tried(3)))
	f.Add([]byte(`{"source":"aws.batch","detail-type":"Batch Job State Change","time":"x","detail":null}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		feed := batchkit.NewFeed()
		first := feed.Put(raw)
		var damaged *batchkit.EventError
		if first != nil && !errors.As(first, &damaged) {
			t.Fatalf("got %v, want an *EventError", first)
		}
		if again := feed.Put(raw); (again == nil) != (first == nil) {
			t.Fatalf("first %v, then %v", first, again)
		}
	})
}

// Events that are repeated, shuffled and lost, as long as the last of the job itself comes, lead to the same end, and nobody
// sees a job or a child go back.
func TestFeedInAnyOrder(t *testing.T) {
	t.Parallel()
	life := []types.JobStatus{"RUNNABLE", "STARTING", "RUNNING"}
	for seed := range uint64(50) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := rand.New(rand.NewPCG(seed, 1))
				const children = 5
				var events [][]byte
				for i := range children {
					id := fmt.Sprintf("id-a:%d", i)
					for attempt := range 1 + r.IntN(2) {
						for s, status := range life {
							events = append(events, busEvent(id, status, 10*attempt+s, tried(attempt)))
						}
					}
					events = append(events, busEvent(id, "SUCCEEDED", 30, tried(2)))
				}
				events = append(events, busEvent("id-a", "PENDING", 1, counted(children, map[string]int32{"PENDING": children})))
				for range 10 {
					events = append(events, events[r.IntN(len(events))])
				}
				r.Shuffle(len(events), func(i, k int) { events[i], events[k] = events[k], events[i] })
				events = append(events[:len(events)-r.IntN(5)], busEvent("id-a", "SUCCEEDED", 31))

				wf := batchkit.NewWorkflow("test")
				wf.Add(batchkit.Job("a", "queue", batchkit.ContainerRef("d")).Array(children))
				run, feed := submittedPlan(t, silent(t), wf), batchkit.NewFeed()
				go func() {
					for _, e := range events {
						synctest.Wait()
						put(t, feed, e)
					}
				}()
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				var last batchkit.Event
				for e, err := range run.Events(ctx, batchkit.From(feed)) {
					if err != nil {
						t.Fatal(err)
					}
					sum := int32(0)
					for _, n := range e.Children {
						sum += n
					}
					if sum != children || e.Children["SUCCEEDED"] < last.Children["SUCCEEDED"] || last.To == "PENDING" && e.To == "" {
						t.Errorf("%v %v after %v %v", e.To, e.Children, last.To, last.Children)
					}
					last = e
				}
				if diff := cmp.Diff(map[string]int32{"SUCCEEDED": children}, last.Children); diff != "" || last.To != "SUCCEEDED" {
					t.Errorf("%s -want +got\n%s", last.To, diff)
				}
			})
		})
	}
}

// A feed that hears of each event up to three times, late, in any order, or not at all, tells of the same ends as looking
// does, of each job once and step by step.
func TestFeedOfRandomRuns(t *testing.T) {
	t.Parallel()
	for seed := range uint64(40) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				random, feed := rand.New(rand.NewPCG(seed, 3)), batchkit.NewFeed()
				var late sync.WaitGroup
				srv := batchtest.Start(t, batchtest.WithSeed(seed), batchtest.WithEventBridge(func(event []byte) { // one after another
					for range random.IntN(4) {
						delay := time.Duration(random.Int64N(int64(5 * time.Minute)))
						late.Go(func() {
							time.Sleep(delay)
							if err := feed.Put(event); err != nil {
								t.Error(err)
							}
						})
					}
				}))
				defer late.Wait()
				defer srv.Close()
				wf, codes := randomWorkflow(srv, rand.New(rand.NewPCG(seed, 4)))
				plan, err := wf.Plan()
				if err != nil {
					t.Fatal(err)
				}
				run, err := start(srv, plan, forever)
				if err != nil {
					t.Fatal(err)
				}
				life := []types.JobStatus{"", "SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED", "FAILED"}
				state, over := map[string]types.JobStatus{}, map[string]bool{}
				result, err := run.Wait(t.Context(), batchkit.From(feed), batchkit.OnEvent(func(e batchkit.Event) {
					back := slices.Index(life, e.To) < slices.Index(life, e.From) // no job is tried again
					if back || over[e.Job] || e.ID != "" && e.From != state[e.Job] {
						t.Errorf("%s goes from %s to %s, and was %s", e.Job, e.From, e.To, state[e.Job])
					}
					state[e.Job] = e.To
					over[e.Job] = e.Skipped || e.To == types.JobStatusSucceeded || e.To == types.JobStatusFailed
				}))
				var failed *batchkit.FailedError
				if err != nil && !errors.As(err, &failed) {
					t.Error(err)
				}
				if got, want := strings.ReplaceAll(ends(result), "!", "-"), howItEnds(plan, codes); got != want {
					t.Errorf("got %s, want %s\n%v", got, want, plan)
				}
				onceEach(t, srv, result)
			})
		})
	}
}
