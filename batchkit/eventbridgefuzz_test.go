package batchkit_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchkit"
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
