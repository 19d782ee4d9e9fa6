package batchtest_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchtest"
)

// canned answers every SubmitJob alike: what the SDK costs by itself.
type canned struct{}

func (canned) Do(r *http.Request) (*http.Response, error) {
	const body = `{"jobArn":"arn:aws:batch:us-east-1:123456789012:job/x","jobId":"x","jobName":"j"}`
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader([]byte(body))), Request: r}, nil
}

func submitting(b *testing.B, client *batch.Client, n int) time.Duration {
	in := &batch.SubmitJobInput{JobName: aws.String("j"), JobQueue: aws.String("default"), JobDefinition: aws.String("app")}
	began := time.Now()
	for range n {
		if _, err := client.SubmitJob(context.Background(), in); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(began)
}

// BenchmarkSubmitJob also runs the job, and reports its cost as a multiple of
// what the SDK's own side of the call costs.
func BenchmarkSubmitJob(b *testing.B) {
	s := start(b)
	s.define("app", batchtest.Exit(0))
	bare := s.Client(func(o *batch.Options) { o.HTTPClient = canned{} })
	b.ReportAllocs()
	b.ResetTimer()
	whole := submitting(b, s.client, b.N)
	b.StopTimer()
	b.ReportMetric(float64(whole)/float64(submitting(b, bare, b.N)), "x-canned")
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

// BenchmarkNight simulates 100 arrays of 10,000 children in ten chains: half of
// the arrays wait N_TO_N, and half for the whole of the one before.
func BenchmarkNight(b *testing.B) {
	const arrays, chains = 100, 10
	for b.Loop() {
		s := start(b)
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
		}
		for _, id := range last {
			if d := s.ended(id); d.Status != types.JobStatusSucceeded {
				b.Fatalf("%s: %s", id, d.Status)
			}
		}
		b.ReportMetric(float64(heap())/(1<<20), "MiB-kept")
		s.Close()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.Sys)/(1<<20), "MiB-of-the-system")
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/night")
}
