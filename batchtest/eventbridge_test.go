package batchtest_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/batchtest"
	"github.com/batchkit/batchkit-go/batchtest/batchcmp"
)

type busEvent struct {
	ID         string          `json:"id"`
	DetailType string          `json:"detail-type"`
	Source     string          `json:"source"`
	Time       time.Time       `json:"time"`
	Resources  []string        `json:"resources"`
	Detail     json.RawMessage `json:"detail"`

	job types.JobDetail
}

// bus keeps the events of a server.
type bus struct {
	mu     sync.Mutex
	events []busEvent
	errs   []error
}

func (b *bus) put(raw []byte) {
	var e busEvent
	err := json.Unmarshal(raw, &e)
	if err == nil {
		err = batchjson.Unmarshal(e.Detail, &e.job)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if err != nil {
		b.errs = append(b.errs, err)
	}
	b.events = append(b.events, e)
}

func (b *bus) all(t *testing.T) []busEvent {
	t.Helper()
	synctest.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.errs) > 0 {
		t.Fatal(b.errs)
	}
	return b.events
}

func TestEventBridge(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var seen bus
		b := start(t, batchtest.WithEventBridge(seen.put))
		b.define("flaky", batchtest.Exit(1))
		b.define("fine", batchtest.Exit(0))
		tags := func(in *batch.SubmitJobInput) { in.Tags = map[string]string{"team": "a"} }
		flaky, array := b.submit("flaky", attempts(2), tags), b.submit("fine", size(2))
		want := []types.JobDetail{b.ended(flaky), b.ended(array)}

		paths, ids, last := map[string][]string{}, map[string]bool{}, map[string]busEvent{}
		for _, e := range seen.all(t) {
			id := *e.job.JobId
			paths[id] = append(paths[id], string(e.job.Status))
			last[id] = e
			ids[e.ID] = true
			if e.DetailType != "Batch Job State Change" || e.Source != "aws.batch" || e.Resources[0] != *e.job.JobArn || e.job.Tags["resourceArn"] != *e.job.JobArn {
				t.Errorf("got %s of %s about %v", e.DetailType, e.Source, e.Resources)
			}
		}
		attempt := []string{"RUNNABLE", "STARTING", "RUNNING"}
		wantPaths := map[string][]string{
			flaky:        append(append(append([]string{}, attempt...), attempt...), "FAILED"),
			array:        {"PENDING", "SUCCEEDED"},
			array + ":0": append(append([]string{}, attempt...), "SUCCEEDED"),
			array + ":1": append(append([]string{}, attempt...), "SUCCEEDED"),
		}
		if diff := cmp.Diff(wantPaths, paths); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
		if len(ids) != 17 {
			t.Errorf("%d ids, want one for each of 17 events", len(ids))
		}
		for _, d := range want {
			got := last[*d.JobId].job
			delete(got.Tags, "resourceArn")
			if diff := cmp.Diff(d, got, batchcmp.CompareOptions()...); diff != "" {
				t.Errorf("the last event is not what DescribeJobs shows: -want +got\n%s", diff)
			}
		}
	})
}

func TestEventBridgeBlocked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var seen bus
		b := start(t, batchtest.WithEventBridge(seen.put))
		b.define("app", batchtest.Exit(0))
		b.environment(instances("small", 64, types.CRAllocationStrategyBestFit, "c5.large"))
		if err := b.queue("narrow", "small"); err != nil {
			t.Fatal(err)
		}
		id := b.submit("app", needing(4, 1024, 0), to("narrow"))
		b.submit("app", to("narrow")) // which has the server look again
		time.Sleep(time.Minute)
		var got []string
		for _, e := range seen.all(t) {
			if e.DetailType != "Batch Job State Change" {
				code, _, _ := strings.Cut(aws.ToString(e.job.StatusReason), " - ")
				got = append(got, fmt.Sprint(e.DetailType, " ", *e.job.JobId == id, " ", e.job.Status, " ", code, " ", strings.HasSuffix(e.Resources[1], ":job-queue/narrow")))
			}
		}
		want := []string{"Batch Job Queue Blocked true RUNNABLE MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT true"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	})
}
