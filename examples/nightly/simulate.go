package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/batchtest"
)

// simulate invokes the function for one night, again and again until it succeeds, and counts what AWS Batch got.
func simulate(ctx context.Context, out io.Writer, e Event, journal func(string) (*batchkit.FileJournal, error)) error {
	srv := batchtest.New(batchtest.WithFallback(batchtest.Image{Run: batchtest.Exit(0)}), batchtest.WithoutRequests())
	defer srv.Close()
	h := &Handler{
		// AWS Batch takes 50 submissions a second, which is the default; here nobody wants to wait for that.
		client: batchkit.NewClient(srv.Client(),
			batchkit.WithLimiter(batchkit.NewLimiter(batchkit.WithRate(100_000))), batchkit.WithGrace(200*time.Millisecond)),
		journal: journal,
	}
	calls := count(srv)
	for invocation := 1; ; invocation++ {
		limited, cancel := context.WithCancel(ctx)
		if invocation == 1 { // whose time is over when half of the jobs are submitted
			calls.then(len(e.Tenants)/2, cancel)
		}
		answer, err := h.Handle(limited, e)
		cancel()
		switch {
		case err == nil:
			fmt.Fprintf(out, "invocation %d: run %s, all %d jobs are submitted\n", invocation, answer.Run, answer.Jobs)
			return report(ctx, out, srv)
		case errors.Is(err, context.Canceled):
			fmt.Fprintf(out, "invocation %d: out of time\n", invocation)
		default:
			return err
		}
	}
}

// A counter sees every submission that reaches the service.
type counter struct {
	calls   atomic.Int64
	at      int64
	reached func()
}

func count(srv *batchtest.Server) *counter {
	c := &counter{}
	srv.Intercept(func(_ context.Context, r *batchtest.Request) batchtest.Action {
		if r.Operation == "SubmitJob" && c.calls.Add(1) == c.at {
			c.reached()
		}
		return batchtest.Action{}
	}, batchtest.Keep())
	return c
}

// then has f called at the nth submission.
func (c *counter) then(n int, f func()) { c.at, c.reached = int64(n), f }

// report says how many jobs there are, and how many of them are there besides another of their name.
func report(ctx context.Context, out io.Writer, srv *batchtest.Server) error {
	jobs, names := 0, map[string]bool{}
	pages := batch.NewListJobsPaginator(srv.Client(), &batch.ListJobsInput{
		JobQueue: aws.String("default"),
		Filters:  []types.KeyValuesPair{{Name: aws.String("JOB_NAME"), Values: []string{"nightly-*"}}},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, j := range page.JobSummaryList {
			jobs++
			names[aws.ToString(j.JobName)] = true
		}
	}
	fmt.Fprintf(out, "AWS Batch has %d jobs, %d of them twice\n", jobs, jobs-len(names))
	return nil
}
