package main

import (
	"context"
	"time"

	"github.com/batchkit/batchkit-go/batchkit"
)

// Event is what the function is invoked with, by a schedule for instance.
type Event struct {
	// Date is the day to report on, such as 2026-11-20.
	Date string `json:"date"`
	// Tenants are whom to report to, a job for each.
	Tenants []string `json:"tenants"`
}

// Answer is what the function returns.
type Answer struct {
	Run  string `json:"run"`
	Jobs int    `json:"jobs"`
}

// A Handler is the Lambda function.
type Handler struct {
	client *batchkit.Client
	// reserve is what is kept of the function's time to return in.
	reserve time.Duration
	// journal opens the journal of a run, on a file system that outlives the function; nil if there is none.
	journal func(run string) (*batchkit.FileJournal, error)
}

var definition = batchkit.Define("report",
	batchkit.EC2("acme/report:1").VCPU(1).Memory(512*batchkit.MiB).Command("report", "Ref::tenant", "Ref::date")).
	Param("tenant", "none").Param("date", "today").
	Retry(3, batchkit.RetryOn(batchkit.SpotReclaim(), batchkit.ImagePullFailure())...).
	Timeout(30 * time.Minute)

// plan is a job for each tenant. It is the same for the same event, and so can be gone on with.
func plan(e Event) (*batchkit.Plan, error) {
	w := batchkit.NewWorkflow("nightly")
	batchkit.Each(w, batchkit.Job("report", "default", definition).Param("date", e.Date), e.Tenants,
		func(job batchkit.ContainerJob, tenant string) batchkit.ContainerJob {
			return job.Named("report-"+tenant).Param("tenant", tenant)
		})
	return w.Plan()
}

// Handle submits the jobs. If the function's time is over before all are submitted, it returns an error: Lambda invokes
// it again with the same event, and then it goes on where it stopped. No job is submitted twice.
func (h *Handler) Handle(ctx context.Context, e Event) (Answer, error) {
	if deadline, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-h.reserve))
		defer cancel()
	}
	p, err := plan(e)
	if err != nil {
		return Answer{}, err
	}
	opts := []batchkit.SubmitOption{batchkit.RunID("nightly-" + e.Date)}
	if h.journal != nil {
		journal, err := h.journal("nightly-" + e.Date)
		if err != nil {
			return Answer{}, err
		}
		defer journal.Close()
		opts = append(opts, batchkit.WithJournal(journal))
	}
	run, err := h.client.Submit(ctx, p, opts...)
	return Answer{Run: run.RunID(), Jobs: len(p.Steps)}, err
}
