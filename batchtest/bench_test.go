package batchtest_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"

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
