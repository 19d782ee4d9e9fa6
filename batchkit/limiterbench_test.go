package batchkit

import (
	"context"
	"math"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"golang.org/x/time/rate"

	"github.com/batchkit/batchkit-go/batchtest"
)

// BenchmarkRates submits thousands of jobs through the SDK's own client to a service that refuses what is too much, with
// the [Limiter] and with what else there is. It runs on fake time, so ns/op is the cost of computing only.
//
//	go test -run '^$' -bench Rates -benchtime 1x ./batchkit
//
// x-ideal is the time taken beside the least that is possible, refused-% the share of the calls, given-up the jobs that
// were never submitted: those make the time shorter.
func BenchmarkRates(b *testing.B) {
	for _, scene := range []struct {
		name    string
		jobs    int
		probing float64 // of the Limiter; the others have no such thing
		service service
	}{
		{"known", 2000, 0, service{rate: steady(50), burst: 100}},
		{"known-small-bucket", 2000, 0, service{rate: steady(50), burst: 25}},
		{"known-by-the-second", 2000, 0, service{rate: steady(50), window: true}},
		{"lower", 2000, 0, service{rate: steady(20), burst: 100}},
		{"lower-small-bucket", 2000, 0, service{rate: steady(20), burst: 10}},
		{"higher", 20000, 1000, service{rate: steady(500), burst: 500}},
		{"higher-small-bucket", 20000, 1000, service{rate: steady(500), burst: 50}},
		{"drops", 2000, 0, service{rate: step(50, 20, 20), burst: 50}},
		{"rises", 2000, 0, service{rate: step(20, 50, 50), burst: 50}},
		{"shared-on-off", 4000, 0, service{rate: steady(50), burst: 50, others: func(t float64) float64 {
			return 25 * math.Round(math.Mod(t/20, 1))
		}}},
		{"shared-varying", 4000, 0, service{rate: steady(50), burst: 50, others: func(t float64) float64 {
			return 15 + 15*math.Sin(t/4)
		}}},
	} {
		for _, client := range []struct {
			name string
			make func(s *batchtest.Server) submitter
		}{
			{"batchkit", func(s *batchtest.Server) submitter {
				api, l := s.Client(), NewLimiter(WithProbing(scene.probing))
				return func(ctx context.Context) error {
					return l.do(ctx, func(ctx context.Context) error { return submitted(ctx, api, once) })
				}
			}},
			{"sdk-standard", func(s *batchtest.Server) submitter {
				return withRetryer(s, retry.NewStandard())
			}},
			{"sdk-standard-10-attempts", func(s *batchtest.Server) submitter {
				return withRetryer(s, retry.NewStandard(func(o *retry.StandardOptions) { o.MaxAttempts = 10 }))
			}},
			{"sdk-adaptive", func(s *batchtest.Server) submitter {
				send := withRetryer(s, retry.NewAdaptiveMode())
				return func(ctx context.Context) error { return send(creeping{ctx}) }
			}},
			{"x-time-rate", func(s *batchtest.Server) submitter {
				send, l := withRetryer(s, retry.NewStandard()), rate.NewLimiter(SubmitRate, 2*SubmitRate)
				return func(ctx context.Context) error {
					if err := l.Wait(ctx); err != nil {
						return err
					}
					return send(ctx)
				}
			}},
		} {
			b.Run(scene.name+"/"+client.name, func(b *testing.B) {
				jobs := scene.jobs
				if testing.Short() {
					jobs /= 10
				}
				var ratio, refused, lost float64
				for b.Loop() {
					bubble(b, func(t *testing.T) {
						w := &world{service: scene.service, rng: rand.New(rand.NewPCG(1, 2)), start: time.Now()}
						w.service.level = w.service.burst
						seconds, lostNow := w.run(t, jobs, client.make)
						ratio += seconds / w.service.ideal(jobs)
						refused += 100 * float64(w.refused) / float64(w.calls)
						lost += float64(lostNow)
					})
				}
				n := float64(b.N)
				b.ReportMetric(ratio/n, "x-ideal")
				b.ReportMetric(refused/n, "refused-%")
				b.ReportMetric(lost/n, "given-up")
			})
		}
	}
}

// bubble runs f with fake time, which the testing package has for tests only.
func bubble(b *testing.B, f func(*testing.T)) {
	test := testing.InternalTest{Name: b.Name(), F: func(t *testing.T) { synctest.Test(t, f) }}
	if !testing.RunTests(func(string, string) (bool, error) { return true, nil }, []testing.InternalTest{test}) {
		b.Fatal("the bubble failed")
	}
}

type submitter func(context.Context) error

func submitted(ctx context.Context, api API, optFns ...func(*batch.Options)) error {
	_, err := api.SubmitJob(ctx, &batch.SubmitJobInput{
		JobName: aws.String("job"), JobQueue: aws.String("queue"), JobDefinition: aws.String("definition"),
	}, optFns...)
	return err
}

func withRetryer(s *batchtest.Server, r aws.Retryer) submitter {
	api := s.Client(func(o *batch.Options) { o.Retryer = r })
	return func(ctx context.Context) error { return submitted(ctx, api) }
}

// creeping lets a little time pass whenever somebody waits. The adaptive mode waits for times that round to nothing, over
// and over, and fake time stands still meanwhile.
type creeping struct{ context.Context }

func (c creeping) Done() <-chan struct{} {
	time.Sleep(time.Microsecond)
	return c.Context.Done()
}

// world is an embedded service that refuses calls by the model of the simulation, and a network.
type world struct {
	mu      sync.Mutex
	service service
	rng     *rand.Rand
	start   time.Time
	calls   int
	refused int
}

func (w *world) takes() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.service.takes(time.Since(w.start).Seconds())
}

func (w *world) random() float64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.rng.Float64()
}

// travel is half of 40 ms, give or take a third.
func (w *world) travel() {
	time.Sleep(time.Duration((13.3 + 13.3*w.random()) * float64(time.Millisecond)))
}

func (w *world) intercept(context.Context, *batchtest.Request) batchtest.Action {
	w.travel()
	defer w.travel()
	taken := w.takes()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls++
	if !taken {
		w.refused++
		return batchtest.Fail(429, "TooManyRequestsException", "Too Many Requests")
	}
	return batchtest.Reply(&batch.SubmitJobOutput{JobId: aws.String("id"), JobName: aws.String("job")})
}

// run submits the jobs from 32 goroutines, and returns the time until the last answer and how many were given up.
func (w *world) run(t *testing.T, jobs int, client func(*batchtest.Server) submitter) (seconds float64, lost int) {
	server := batchtest.Start(t, batchtest.WithoutRequests())
	server.Intercept(w.intercept, batchtest.Keep())
	submit := client(server)
	ctx, cancel := context.WithCancel(t.Context())
	var background sync.WaitGroup
	defer background.Wait()
	defer cancel()
	if w.service.others != nil {
		background.Go(func() { w.others(ctx) })
	}
	work := make(chan struct{})
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() {
			for range work {
				if submit(ctx) != nil {
					w.mu.Lock()
					lost++
					w.mu.Unlock()
				}
			}
		})
	}
	for range jobs {
		work <- struct{}{}
	}
	close(work)
	wg.Wait()
	return time.Since(w.start).Seconds(), lost
}

// others is a program that never slows down.
func (w *world) others(ctx context.Context) {
	for ctx.Err() == nil {
		rate := w.service.others(time.Since(w.start).Seconds())
		looks := max(rate, 10)
		if w.random() < rate/looks {
			w.takes()
		}
		time.Sleep(time.Duration((0.5 + w.random()) / looks * float64(time.Second)))
	}
}
