package batchkit

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"golang.org/x/time/rate"
)

// API is what a [Client] needs of AWS Batch. *batch.Client has it, and so may a wrapper or a fake of yours.
type API interface {
	RegisterJobDefinition(context.Context, *batch.RegisterJobDefinitionInput, ...func(*batch.Options)) (*batch.RegisterJobDefinitionOutput, error)
	DescribeJobDefinitions(context.Context, *batch.DescribeJobDefinitionsInput, ...func(*batch.Options)) (*batch.DescribeJobDefinitionsOutput, error)
	DeregisterJobDefinition(context.Context, *batch.DeregisterJobDefinitionInput, ...func(*batch.Options)) (*batch.DeregisterJobDefinitionOutput, error)
	SubmitJob(context.Context, *batch.SubmitJobInput, ...func(*batch.Options)) (*batch.SubmitJobOutput, error)
	DescribeJobs(context.Context, *batch.DescribeJobsInput, ...func(*batch.Options)) (*batch.DescribeJobsOutput, error)
	TerminateJob(context.Context, *batch.TerminateJobInput, ...func(*batch.Options)) (*batch.TerminateJobOutput, error)
}

var _ API = (*batch.Client)(nil)

// Client registers definitions, and submits, watches and cancels jobs. Make one with [NewClient]. It is safe for
// concurrent use, and its users share one rate limit.
type Client struct {
	api     API
	submits *rate.Limiter
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
// the limit of an account in a Region. Give less when other programs submit too.
func WithSubmitRate(perSecond int) ClientOption {
	return func(c *Client) { c.submits = limiter(perSecond) }
}

// WithPollInterval sets how long a watcher waits between two looks at the jobs: the least while things happen, up to
// the most while nothing does. Default: 2 and 30 seconds.
func WithPollInterval(least, most time.Duration) ClientOption {
	return func(c *Client) { c.polling.least, c.polling.most = least, max(least, most) }
}

// WithGrace sets how long a job may be missing from the service's answers, right after its submission or later, before
// a watcher takes it for lost. Default: 2 minutes.
func WithGrace(d time.Duration) ClientOption { return func(c *Client) { c.polling.grace = d } }

// NewClient returns a client on top of the SDK's own, for instance batch.NewFromConfig(cfg).
func NewClient(api API, opts ...ClientOption) *Client {
	c := &Client{
		api:     api,
		submits: limiter(SubmitRate),
		polling: polling{least: 2 * time.Second, most: 30 * time.Second, grace: 2 * time.Minute},
	}
	for _, o := range opts {
		o(c)
	}
	return c
}

// limiter lets a second's worth of calls through at once, and then keeps the pace.
func limiter(perSecond int) *rate.Limiter {
	n := max(perSecond, 1)
	return rate.NewLimiter(rate.Limit(n), n)
}

// onlyRefused replaces the SDK's retryer for one call. SubmitJob has no client token: the SDK's own retryer repeats a
// call whose answer was lost, and the job would run twice. This one repeats only what the service surely refused.
func onlyRefused(o *batch.Options) {
	o.Retryer = retry.NewStandard(func(s *retry.StandardOptions) {
		s.Retryables = []retry.IsErrorRetryable{retry.RetryableErrorCode{Codes: retry.DefaultThrottleErrorCodes}}
		s.MaxAttempts = throttledAttempts
		s.RateLimiter = ratelimit.None
	})
}

// throttledAttempts is how often a throttled submission is tried. With the SDK's backoff, which grows to 20 seconds,
// that is about three minutes.
const throttledAttempts = 15
