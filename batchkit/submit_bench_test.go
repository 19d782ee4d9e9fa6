package batchkit_test

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/batchtest"
)

func manyJobs(tb testing.TB, n int) *batchkit.Plan {
	tb.Helper()
	wf := batchkit.NewWorkflow("many")
	def := batchkit.Define("d", batchkit.EC2("busybox").VCPU(1).Memory(128))
	for i := range n {
		wf.Add(batchkit.Job(fmt.Sprint("j", i), "default", def))
	}
	plan, err := wf.Plan()
	if err != nil {
		tb.Fatal(err)
	}
	return plan
}

// BenchmarkSubmit submits 5,000 jobs to the embedded service without a limit of the rate, beside the bare SDK client in
// as many goroutines.
func BenchmarkSubmit(b *testing.B) {
	const n = 5000
	plan := manyJobs(b, n)
	for _, row := range []struct {
		name string
		run  func(b *testing.B, api *batch.Client) error
	}{
		{"SDK", func(b *testing.B, api *batch.Client) error {
			out, err := api.RegisterJobDefinition(b.Context(), plan.Definitions[0])
			if err != nil {
				return err
			}
			work := make(chan int)
			var all sync.WaitGroup
			for range 64 {
				all.Go(func() {
					for i := range work {
						in := *plan.Steps[i].Input
						in.JobDefinition = out.JobDefinitionArn
						if _, err := api.SubmitJob(b.Context(), &in); err != nil {
							b.Error(err)
						}
					}
				})
			}
			for i := range plan.Steps {
				work <- i
			}
			close(work)
			all.Wait()
			return nil
		}},
		{"no journal", func(b *testing.B, api *batch.Client) error {
			_, err := unlimited(api).Submit(b.Context(), plan)
			return err
		}},
		{"journal", func(b *testing.B, api *batch.Client) error {
			j, err := batchkit.OpenJournal(filepath.Join(b.TempDir(), "journal"))
			if err != nil {
				return err
			}
			defer func() { _ = j.Close() }()
			_, err = unlimited(api).Submit(b.Context(), plan, batchkit.WithJournal(j))
			return err
		}},
	} {
		b.Run(row.name, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				srv := batchtest.New(batchtest.WithoutRequests(), batchtest.WithFallback(batchtest.Image{Run: batchtest.Exit(0)}))
				b.StartTimer()
				if err := row.run(b, srv.Client()); err != nil {
					b.Fatal(err)
				}
				b.StopTimer()
				srv.Close()
				b.StartTimer()
			}
			b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "jobs/s")
		})
	}
}

func unlimited(api batchkit.API) *batchkit.Client {
	return batchkit.NewClient(api, batchkit.WithLimiter(batchkit.NewLimiter(batchkit.WithRate(1e9))))
}

// BenchmarkSubmitMemory shows what a run of 100,000 jobs keeps beyond its plan.
func BenchmarkSubmitMemory(b *testing.B) {
	const n = 100_000
	plan := manyJobs(b, n)
	for b.Loop() {
		before := heap()
		run, err := unlimited(&instant{}).Submit(b.Context(), plan)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric((heap()-before)/n, "B/job")
		runtime.KeepAlive(run)
	}
}

func heap() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

// instant takes everything at once.
type instant struct {
	batchkit.API
	mu sync.Mutex
	n  int
}

func (a *instant) DescribeJobDefinitions(context.Context, *batch.DescribeJobDefinitionsInput, ...func(*batch.Options)) (*batch.DescribeJobDefinitionsOutput, error) {
	return &batch.DescribeJobDefinitionsOutput{}, nil
}

func (a *instant) RegisterJobDefinition(context.Context, *batch.RegisterJobDefinitionInput, ...func(*batch.Options)) (*batch.RegisterJobDefinitionOutput, error) {
	return &batch.RegisterJobDefinitionOutput{JobDefinitionArn: aws.String("arn:1"), Revision: aws.Int32(1)}, nil
}

func (a *instant) SubmitJob(context.Context, *batch.SubmitJobInput, ...func(*batch.Options)) (*batch.SubmitJobOutput, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.n++
	return &batch.SubmitJobOutput{JobId: aws.String(fmt.Sprintf("%036d", a.n))}, nil
}
