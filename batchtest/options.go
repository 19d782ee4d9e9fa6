package batchtest

import "time"

// Option changes how a [Server] behaves.
type Option func(*settings)

type settings struct {
	region, account string
	// How ARNs begin, which follows from both.
	batchARNs, ecsARNs string
	pace               Pace
	capacity           int
	fallback           *Image
	seed               uint64
	instances          map[string]resources // of instance types
	forgetful          bool                 // requests are not kept
	put                func(event []byte)   // nil for nobody
	clock              func(from time.Time) clock
	from               time.Time // the time on the clock of the server that is restored
}

const defaultCapacity = 256

func newSettings(opts []Option) settings {
	s := settings{region: "us-east-1", account: "123456789012", capacity: defaultCapacity, seed: 1, clock: func(time.Time) clock { return realClock{} }}
	for _, o := range opts {
		o(&s)
	}
	s.batchARNs, s.ecsARNs = s.arnsOf("batch"), s.arnsOf("ecs")
	return s
}

// WithRegion sets the region in names and in the client. Default us-east-1. The
// partition of ARNs is that of the region, such as aws-cn for cn-north-1.
func WithRegion(region string) Option { return func(s *settings) { s.region = region } }

// WithAccount sets the account number in names. Default 123456789012.
func WithAccount(account string) Option { return func(s *settings) { s.account = account } }

// Pace says how long a job stays in the states that the service needs for
// itself. Zero means that the job moves on at once; less counts as zero.
type Pace struct {
	// Submitted is the time from SubmitJob until dependencies are looked at.
	// Of an array, its parent spends it, while the children are PENDING.
	Submitted time.Duration
	// Runnable is the least time in RUNNABLE before each attempt. Where
	// capacity is short a job stays longer.
	Runnable time.Duration
	// Starting is the time in STARTING before the first container of an
	// attempt starts.
	Starting time.Duration
}

// WithPace sets the pace of all jobs. Default zero: only what jobs do takes time.
func WithPace(p Pace) Option { return func(s *settings) { s.pace = p } }

// WithCapacity sets how many jobs, counting each child of an array and each node
// of a multi-node parallel job, may be STARTING or RUNNING at once in the compute
// environment "default", whatever vCPUs and memory they ask for. The others wait
// in RUNNABLE, first come first served in each queue. All nodes of a job are
// placed together, and held until the job's attempt has ended; a job with more
// nodes than the capacity stays RUNNABLE, with a status reason that says so, and
// holds nobody up. Zero or less means 256, the default. Compute environments that
// are created have the capacity they are created with.
func WithCapacity(n int) Option {
	return func(s *settings) {
		s.capacity = n
		if n <= 0 {
			s.capacity = defaultCapacity
		}
	}
}

// WithFallback says what an image does that was not registered with
// [Server.Image]. Without it, an attempt that needs such an image fails with
// the reason CannotPullContainerError, which says what to register.
func WithFallback(img Image) Option { return func(s *settings) { s.fallback = &img } }

// WithSeed sets what ids are derived from. The same requests in the same order
// give the same ids. Default 1.
func WithSeed(seed uint64) Option { return func(s *settings) { s.seed = seed } }
