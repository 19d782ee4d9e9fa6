package batchtest_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchtest"
)

// FuzzHandler sends any request to a server that has a job of each kind. Whatever
// it is, the answer has the form of the protocol, and the state still holds
// together.
func FuzzHandler(f *testing.F) {
	const json = "application/json"
	m, err := loadModel()
	if err != nil {
		f.Fatal(err)
	}
	for _, op := range m.Operations {
		f.Add(op.Method, op.URI, json, []byte("{}"))
	}
	for path, body := range map[string]string{
		"submitjob":             `{"jobName":"j","jobQueue":"default","jobDefinition":"app","arrayProperties":{"size":3},"dependsOn":[{"type":"SEQUENTIAL"}],"retryStrategy":{"attempts":2}}`,
		"registerjobdefinition": `{"jobDefinitionName":"d","type":"container","containerProperties":{"image":"app","command":["Ref::x"],"resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"1"}]}}`,
		"describejobs":          `{"jobs":["` + firstJob + `","` + firstJob + `:0","` + firstJob + `#0",""]}`,
		"listjobs":              `{"jobQueue":"default","jobStatus":"SUCCEEDED","maxResults":1,"nextToken":"x","filters":[{"name":"JOB_NAME","values":["*"]}]}`,
		"terminatejob":          `{"jobId":"` + firstJob + `","reason":"r"}`,
		"updatejobqueue":        `{"jobQueue":"default","state":"DISABLED"}`,
		"createjobqueue":        `{"jobQueueName":"q","priority":1,"computeEnvironmentOrder":[{"order":1,"computeEnvironment":"default"}]}`,
		"deletejobqueue":        `{"jobQueue":"default"}`,
	} {
		f.Add("POST", "/v1/"+path, json, []byte(body))
	}
	f.Add("DELETE", "/v1/tags/arn:aws:batch:us-east-1:123456789012:job/"+firstJob+"?tagKeys=a", "", []byte(nil))
	f.Add("POST", "/v1/tags/arn:aws:batch:us-east-1:123456789012:job-queue/default", json, []byte(`{"tags":{"a":"b"}}`))
	f.Add("BREW", "/../v1/submitjob", "text/plain", []byte("\x00\xff"))
	f.Add("POST", "/", "application/x-amz-json-1.1", []byte(`{"x":`))
	f.Fuzz(func(t *testing.T, method, path, contentType string, body []byte) {
		s := batchtest.New()
		defer s.Close()
		b := &bench{tb: t, Server: s, client: s.Client()}
		b.define("app", batchtest.Exit(0))
		if d := b.ended(b.submit("app", attempts(2), size(2))); *d.JobId != firstJob {
			t.Fatalf("the first job is %s, so the seeds do not reach it", *d.JobId)
		}
		path, query, _ := strings.Cut(path, "?")
		r := &http.Request{
			Method: method, URL: &url.URL{Path: path, RawQuery: query}, Header: http.Header{"Content-Type": {contentType}},
			Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)),
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		name, _ := m.operation(method, path)
		if w.Header().Get("X-Amzn-Requestid") == "" {
			t.Error("there is no request id")
		}
		for _, wrong := range m.checkAnswer(name, w.Code, w.Header().Get("X-Amzn-Errortype"), w.Body.Bytes()) {
			t.Errorf("%s %s answers %d %s: %s", method, path, w.Code, w.Body, wrong)
		}
		if code := w.Header().Get("X-Amzn-Errortype"); code == "ServerException" {
			t.Errorf("%s %s: %s", method, path, w.Body)
		}
		b.consistent()
	})
}

// firstJob is the id of the first job of a server with the default seed.
const firstJob = "b84fb46b-9fe3-4aff-8b5a-111c601e3d1a"

// consistent has the test fail when lists and details contradict each other.
func (b *bench) consistent() {
	b.tb.Helper()
	for _, status := range types.JobStatus("").Values() {
		list := batch.NewListJobsPaginator(b.client, &batch.ListJobsInput{JobQueue: aws.String("default"), JobStatus: status})
		for list.HasMorePages() {
			out, err := list.NextPage(b.tb.Context())
			if c, message := code(err); c == "ClientException" && strings.Contains(message, "default") {
				return // the request deleted the queue
			}
			if err != nil {
				b.tb.Fatal(err)
			}
			for _, listed := range out.JobSummaryList {
				b.consistentJob(listed)
			}
		}
	}
}

func (b *bench) consistentJob(listed types.JobSummary) {
	b.tb.Helper()
	d := b.described(*listed.JobId)
	if ended := d.Status == types.JobStatusSucceeded || d.Status == types.JobStatusFailed; ended != (d.StoppedAt != nil) {
		b.tb.Errorf("job %s is %s, stopped at %d", *d.JobId, d.Status, aws.ToInt64(d.StoppedAt))
	}
	if d.ArrayProperties == nil {
		return
	}
	children := int32(0)
	for _, n := range d.ArrayProperties.StatusSummary {
		children += n
	}
	if children != aws.ToInt32(d.ArrayProperties.Size) {
		b.tb.Errorf("the summary of array %s counts %d children of %d", *d.JobId, children, aws.ToInt32(d.ArrayProperties.Size))
	}
}
