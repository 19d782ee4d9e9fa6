package batchkit_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/batchtest"
)

func TestPollInterval(t *testing.T) {
	tests := []struct {
		name        string
		least, most time.Duration
		feed        bool
		atMost      int // DescribeJobs calls in ten minutes
		reason      string
	}{
		{name: "zero", atMost: 40, reason: "the zero value is the default, and no flood of calls"},
		{name: "negative", least: -1, most: -time.Hour, atMost: 40, reason: "so is less"},
		{name: "only the least", least: time.Minute, atMost: 12, reason: "the most is never below the least"},
		{name: "only the most", most: time.Minute, atMost: 25, reason: "the least is the default"},
		{name: "zero, with a feed", feed: true, atMost: 1, reason: "a feed ticks at the same interval"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				feed := batchkit.NewFeed()
				srv := batchtest.Start(t, batchtest.WithEventBridge(func(event []byte) {
					if err := feed.Put(event); err != nil {
						t.Error(err)
					}
				}))
				srv.Image("app", batchtest.Image{Run: batchtest.Takes(10*time.Minute, batchtest.Exit(0))})
				plan, err := batchkit.Job("j", "default", batchkit.Define("d", batchkit.EC2("app").VCPU(1).Memory(64))).Plan()
				if err != nil {
					t.Fatal(err)
				}
				run, err := batchkit.NewClient(srv.Client(), batchkit.WithPollInterval(tt.least, tt.most)).Submit(t.Context(), plan)
				if err != nil {
					t.Fatal(err)
				}
				var opts []batchkit.WatchOption
				if tt.feed {
					opts = append(opts, batchkit.From(feed))
				}
				if _, err := run.Wait(t.Context(), opts...); err != nil {
					t.Fatal(err)
				}
				if calls := len(batchtest.Inputs[batch.DescribeJobsInput](srv)); calls > tt.atMost {
					t.Errorf("%s: %d calls in ten minutes, want at most %d", tt.reason, calls, tt.atMost)
				}
			})
		})
	}
}
