package batchtest_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/batchtest"
)

// canned answers every request alike: what the SDK costs by itself.
type canned []byte

func (c canned) Do(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(c)), Request: r}, nil
}

// against reports what a call costs as a multiple of what its floor costs. They
// take turns, so that the noise of the machine hits both.
func against(b *testing.B, unit string, call, floor func()) {
	const turn = 16
	timed := func(n int, f func()) time.Duration {
		began := time.Now()
		for range n {
			f()
		}
		return time.Since(began)
	}
	var calls, floors time.Duration
	b.ReportAllocs()
	b.ResetTimer()
	for left := b.N; left > 0; left -= turn {
		n := min(left, turn)
		calls += timed(n, call)
		b.StopTimer()
		floors += timed(n, floor)
		b.StartTimer()
	}
	b.StopTimer()
	b.ReportMetric(float64(calls)/float64(floors), unit)
}

// loads are what becomes of the jobs of a benchmark while more come in: they
// queue up, or each runs to its end at once, without a function of the user's or
// with one, which has a goroutine.
var loads = []struct {
	name  string
	start func(testing.TB) *bench
}{
	{"queued", func(tb testing.TB) *bench {
		b := start(tb, batchtest.WithCapacity(1))
		b.define("first", block)
		b.submit("first")
		b.define("app", batchtest.Exit(0))
		return b
	}},
	{"run", func(tb testing.TB) *bench {
		b := start(tb)
		b.define("app", batchtest.Exit(0))
		return b
	}},
	{"function", func(tb testing.TB) *bench {
		b := start(tb)
		b.define("app", batchtest.Func(func(context.Context, *batchtest.Container) int { return 0 }))
		return b
	}},
}

// BenchmarkSubmitJob reports the cost of a call as a multiple of what the SDK's
// own side of it costs.
func BenchmarkSubmitJob(b *testing.B) {
	for _, l := range loads {
		b.Run(l.name, func(b *testing.B) {
			s := l.start(b)
			in := &batch.SubmitJobInput{JobName: aws.String("j"), JobQueue: aws.String("default"), JobDefinition: aws.String("app")}
			submit := func(client *batch.Client) func() {
				return func() {
					if _, err := client.SubmitJob(context.Background(), in); err != nil {
						b.Fatal(err)
					}
				}
			}
			const body = `{"jobArn":"arn:aws:batch:us-east-1:123456789012:job/67a1d0f6-4b3b-4a0c-9e9c-1df8b5d9a5a4","jobId":"67a1d0f6-4b3b-4a0c-9e9c-1df8b5d9a5a4","jobName":"j"}`
			against(b, "x-canned", submit(s.client), submit(s.Client(func(o *batch.Options) { o.HTTPClient = canned(body) })))
		})
	}
}

// hundred returns the ids of a hundred jobs that have ended.
func hundred(s *bench) []string {
	s.define("app", batchtest.Exit(0))
	ids := make([]string, 100)
	for i := range ids {
		ids[i] = s.submit("app")
	}
	for _, id := range ids {
		s.ended(id)
	}
	return ids
}

// BenchmarkDescribeJobs is of a hundred jobs; see BenchmarkSubmitJob.
func BenchmarkDescribeJobs(b *testing.B) {
	s := start(b)
	in := &batch.DescribeJobsInput{Jobs: hundred(s)}
	describe := func(client *batch.Client) func() {
		return func() {
			if out, err := client.DescribeJobs(context.Background(), in); err != nil || len(out.Jobs) != len(in.Jobs) {
				b.Fatal(err)
			}
		}
	}
	out, err := s.client.DescribeJobs(context.Background(), in)
	if err != nil {
		b.Fatal(err)
	}
	body, err := batchjson.Marshal(out)
	if err != nil {
		b.Fatal(err)
	}
	against(b, "x-canned", describe(s.client), describe(s.Client(func(o *batch.Options) { o.HTTPClient = canned(body) })))
}

// handled returns a function that has the bare handler answer one request again
// and again.
func handled(b *testing.B, s *bench, path string, body []byte) func() {
	var reader replay
	r, err := http.NewRequest("POST", "http://batch"+path, &reader)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.ContentLength = int64(len(body))
	w := &recorder{header: http.Header{}}
	return func() {
		reader.Reset(body)
		if s.ServeHTTP(w, r); w.status != 200 {
			b.Fatal(w.status)
		}
	}
}

type replay struct{ bytes.Reader }

func (*replay) Close() error { return nil }

// A recorder drops all of an answer but its status.
type recorder struct {
	header http.Header
	status int
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(p []byte) (int, error) { return len(p), nil }

// BenchmarkHandlerSubmitJob is without the SDK's side of the call. Run it with
// -cpu 1 for what one core does.
func BenchmarkHandlerSubmitJob(b *testing.B) {
	for _, l := range loads {
		b.Run(l.name, func(b *testing.B) {
			submit := handled(b, l.start(b), "/v1/submitjob", []byte(`{"jobDefinition":"app","jobName":"j","jobQueue":"default"}`))
			b.ReportAllocs()
			for b.Loop() {
				submit()
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "jobs/s")
		})
	}
}

// BenchmarkHandlerDescribeJobs is of a hundred jobs, and as a multiple of the
// encoding of its answer.
func BenchmarkHandlerDescribeJobs(b *testing.B) {
	s := start(b)
	in := &batch.DescribeJobsInput{Jobs: hundred(s)}
	body, err := batchjson.Marshal(in)
	if err != nil {
		b.Fatal(err)
	}
	out, err := s.client.DescribeJobs(context.Background(), in)
	if err != nil {
		b.Fatal(err)
	}
	against(b, "x-encoding", handled(b, s, "/v1/describejobs", body), func() {
		if _, err := batchjson.Marshal(out); err != nil {
			b.Fatal(err)
		}
	})
}

// BenchmarkArray runs an array of 10,000 children.
func BenchmarkArray(b *testing.B) {
	s := start(b)
	s.define("app", batchtest.Exit(0))
	for b.Loop() {
		s.ended(s.submit("app", size(10_000)))
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/10_000, "ns/child")
}

// heap returns the bytes in use after a collection.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkFinishedChild reports what a child of an array keeps of memory when
// it has ended, with one attempt and with three.
func BenchmarkFinishedChild(b *testing.B) {
	const children = 10_000
	for _, made := range []int{1, 3} {
		b.Run(fmt.Sprint("attempts=", made), func(b *testing.B) {
			s := start(b)
			s.define("app", failing(made-1))
			s.ended(s.submit("app", size(2))) // what is made once
			before := heap()
			for b.Loop() {
				s.ended(s.submit("app", size(children), attempts(made)))
			}
			b.ReportMetric(float64(heap()-before)/float64(b.N)/children, "bytes/child")
		})
	}
}

// taken returns the bytes that the process has of the system.
func taken() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Sys - m.HeapReleased
}

// BenchmarkNight simulates 100 arrays of 10,000 children in ten chains: half of
// the arrays wait N_TO_N, and half for the whole of the one before. It reports
// what the server keeps of it, and the most that the process has of the system
// meanwhile, whatever has run in it before.
func BenchmarkNight(b *testing.B) {
	const arrays, chains = 100, 10
	debug.FreeOSMemory() // of other benchmarks
	most := taken()
	for b.Loop() {
		srv := batchtest.New() // not Start, which keeps it until all nights are over
		s := &bench{b, srv, srv.Client()}
		s.define("app", batchtest.Exit(0))
		var last [chains]string
		for i := range arrays {
			chain := i % chains
			edits := []func(*batch.SubmitJobInput){size(10_000)}
			switch {
			case last[chain] == "":
			case chain%2 == 0:
				edits = append(edits, afterEach(last[chain]))
			default:
				edits = append(edits, after(last[chain]))
			}
			last[chain] = s.submit("app", edits...)
			most = max(most, taken())
		}
		for _, id := range last {
			if d := s.ended(id); d.Status != types.JobStatusSucceeded {
				b.Fatalf("%s: %s", id, d.Status)
			}
			most = max(most, taken())
		}
		b.ReportMetric(float64(heap())/(1<<20), "MiB-kept")
		s.Close()
	}
	b.ReportMetric(float64(most)/(1<<20), "MiB-at-most")
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/night")
}
