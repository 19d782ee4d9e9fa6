package batchkit

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
)

// API is what a [Client] needs of AWS Batch. *batch.Client has it, and so may a wrapper or a fake of yours.
type API interface {
	RegisterJobDefinition(context.Context, *batch.RegisterJobDefinitionInput, ...func(*batch.Options)) (*batch.RegisterJobDefinitionOutput, error)
	DescribeJobDefinitions(context.Context, *batch.DescribeJobDefinitionsInput, ...func(*batch.Options)) (*batch.DescribeJobDefinitionsOutput, error)
	DeregisterJobDefinition(context.Context, *batch.DeregisterJobDefinitionInput, ...func(*batch.Options)) (*batch.DeregisterJobDefinitionOutput, error)
	SubmitJob(context.Context, *batch.SubmitJobInput, ...func(*batch.Options)) (*batch.SubmitJobOutput, error)
	ListJobs(context.Context, *batch.ListJobsInput, ...func(*batch.Options)) (*batch.ListJobsOutput, error)
	DescribeJobQueues(context.Context, *batch.DescribeJobQueuesInput, ...func(*batch.Options)) (*batch.DescribeJobQueuesOutput, error)
	DescribeJobs(context.Context, *batch.DescribeJobsInput, ...func(*batch.Options)) (*batch.DescribeJobsOutput, error)
	TerminateJob(context.Context, *batch.TerminateJobInput, ...func(*batch.Options)) (*batch.TerminateJobOutput, error)
}

var _ API = (*batch.Client)(nil)

// Client registers definitions, and submits, watches and cancels jobs. Make one with [NewClient]. It is safe for
// concurrent use, and its users share one rate limit.
type Client struct {
	api     API
	submits *Limiter
	looks   *Limiter
	ends    *Limiter
	polling polling
}

// polling says how jobs are watched.
type polling struct {
	least, most time.Duration
	grace       time.Duration
}

// ClientOption changes a [Client] at its making.
type ClientOption func(*Client)

// WithSubmitRate sets how many SubmitJob calls are made a second at the most, at least one. Default: [SubmitRate],
// the limit of an account in a Region. Give less when other programs submit too. It is short for [WithLimiter] with a
// limiter of that rate.
func WithSubmitRate(perSecond int) ClientOption {
	return WithLimiter(NewLimiter(WithRate(float64(max(perSecond, 1)))))
}

// WithLimiter has the client submit under a limiter, which other clients may share. Default, and what nil means: one of
// its own.
func WithLimiter(l *Limiter) ClientOption {
	return func(c *Client) {
		if l == nil {
			l = NewLimiter()
		}
		l.ready()
		c.submits = l
	}
}

// The intervals between two looks at the jobs, if nothing else is said.
const (
	leastPoll = 2 * time.Second
	mostPoll  = 30 * time.Second
)

// WithPollInterval sets how long a watcher waits between two looks at the jobs: the least while things happen, up to
// the most while nothing does. Default, and what zero or less means: 2 and 30 seconds.
func WithPollInterval(least, most time.Duration) ClientOption {
	if least <= 0 {
		least = leastPoll
	}
	if most <= 0 {
		most = mostPoll
	}
	return func(c *Client) { c.polling.least, c.polling.most = least, max(least, most) }
}

// WithGrace sets how long a job may be missing from the service's answers, right after its submission or later, before
// a watcher takes it for lost, and before a submission of which no answer came is made again. If the service shows a job
// later than that, the job may run twice; less makes a run go on sooner after a fault. Default: 2 minutes. Zero or less
// waits for nothing.
func WithGrace(d time.Duration) ClientOption { return func(c *Client) { c.polling.grace = d } }

// NewClient returns a client on top of the SDK's own, for instance batch.NewFromConfig(cfg).
func NewClient(api API, opts ...ClientOption) *Client {
	c := &Client{
		api:     api,
		submits: NewLimiter(),
		looks:   newLooks(),
		ends:    newEnds(),
		polling: polling{least: leastPoll, most: mostPoll, grace: 2 * time.Minute},
	}
	for _, o := range opts {
		o(c)
	}
	return c
}

// once turns the SDK's own retryer off for one call. SubmitJob has no client token: the retryer repeats a call whose
// answer was lost, and the job would run twice. The [Limiter] repeats what the service surely refused.
func once(o *batch.Options) { o.Retryer = aws.NopRetryer{} }
