package batchtest_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/batch"

	"github.com/batchkit/batchkit-go/batchtest"
)

func TestLoopback(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(batchtest.Start(t))
	t.Cleanup(server.Close)
	type row struct {
		name, reason       string
		method, path, body string
		status             int
		code               string
	}
	rows := []row{
		{"good", "an empty object describes all queues", "POST", "/v1/describejobqueues", "{}", 200, ""},
		{"unknown member", "the service skips it", "POST", "/v1/describejobqueues", `{"x":1}`, 200, ""},
		{"no json", "the body must be JSON", "POST", "/v1/describejobqueues", "{", 400, "SerializationException"},
		{"empty body", "there must be a body", "POST", "/v1/describejobqueues", "", 400, "SerializationException"},
		{"wrong type", "names are strings", "POST", "/v1/submitjob", `{"jobName":1}`, 400, "SerializationException"},
		{"missing member", "jobs are required", "POST", "/v1/describejobs", `{}`, 400, "ClientException"},
		{"wrong method", "operations are posted", "GET", "/v1/describejobqueues", "", 405, "UnknownOperationException"},
		{"unknown path", "there is no such operation", "POST", "/v1/nope", "{}", 404, "UnknownOperationException"},
		{"no version", "paths begin with /v1/", "POST", "/", "{}", 404, "UnknownOperationException"},
		{"left out", "said clearly", "POST", "/v1/submitservicejob", "{}", 501, "NotImplementedException"},
		{"too large", "bodies are bounded", "POST", "/v1/submitjob", strings.Repeat(" ", 1<<20+1), 413, "RequestEntityTooLargeException"},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		t.Parallel()
		req, err := http.NewRequestWithContext(t.Context(), r.method, server.URL+r.path, strings.NewReader(r.body))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		data, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		var body map[string]any
		if err := json.Unmarshal(data, &body); err != nil {
			t.Errorf("body %q: %v", data, err)
		}
		if resp.StatusCode != r.status || resp.Header.Get("X-Amzn-ErrorType") != r.code || resp.Header.Get("x-amzn-requestid") == "" {
			t.Errorf("%s: %d, headers %v; want %d %q and a request id", r.reason, resp.StatusCode, resp.Header, r.status, r.code)
		}
		m, err := loadModel()
		if err != nil {
			t.Fatal(err)
		}
		name, _ := m.operation(r.method, r.path) // an error of the protocol needs none
		for _, w := range m.checkAnswer(name, resp.StatusCode, resp.Header.Get("X-Amzn-ErrorType"), data) {
			t.Error(w)
		}
	})
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	s := batchtest.Start(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	body := &watched{Reader: strings.NewReader("{}")}
	req, err := http.NewRequestWithContext(ctx, "POST", "http://batch/v1/describejobqueues", body)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := s.RoundTrip(req)
	if resp != nil {
		resp.Body.Close()
	}
	if !errors.Is(err, context.Canceled) || !body.closed {
		t.Errorf("%v, body closed %v; want context.Canceled and a closed body", err, body.closed)
	}
}

type watched struct {
	io.Reader
	closed bool
}

func (w *watched) Close() error { w.closed = true; return nil }

func TestAWSCommandLine(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("runs the AWS CLI, which is slow")
	}
	if _, err := exec.LookPath("aws"); err != nil {
		t.Skip("the AWS CLI is not installed")
	}
	b := start(t)
	b.Image("app", batchtest.Image{Run: batchtest.Exit(0)})
	server := httptest.NewServer(b.Server)
	t.Cleanup(server.Close)
	home := t.TempDir()
	cli := func(args ...string) map[string]any {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), "aws", append([]string{"--endpoint-url", server.URL, "--region", "us-east-1", "--output", "json", "batch"}, args...)...)
		cmd.Env = append(os.Environ(), "AWS_ACCESS_KEY_ID=dummy", "AWS_SECRET_ACCESS_KEY=dummy", "AWS_EC2_METADATA_DISABLED=true",
			"AWS_CONFIG_FILE="+home+"/config", "AWS_SHARED_CREDENTIALS_FILE="+home+"/credentials", "AWS_PAGER=")
		var stderr strings.Builder
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("aws batch %v: %v\n%s", args, err, stderr.String())
		}
		var v map[string]any
		if err := json.Unmarshal(out, &v); err != nil {
			t.Fatalf("aws batch %v: %v\n%s", args, err, out)
		}
		return v
	}
	cli("register-job-definition", "--job-definition-name", "app", "--type", "container", "--container-properties",
		`{"image":"app","command":["true"],"resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"2048"}]}`)
	id, _ := cli("submit-job", "--job-name", "j", "--job-queue", "default", "--job-definition", "app")["jobId"].(string)
	b.ended(id)
	jobs, _ := cli("describe-jobs", "--jobs", id)["jobs"].([]any)
	if len(jobs) != 1 || jobs[0].(map[string]any)["status"] != "SUCCEEDED" {
		t.Errorf("describe-jobs: %v, want one job that SUCCEEDED", jobs)
	}
}

func TestClosedServer(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.Close()
	client := b.Client(func(o *batch.Options) { o.RetryMaxAttempts = 1 })
	_, err := client.DescribeJobQueues(t.Context(), &batch.DescribeJobQueuesInput{})
	if c, _ := code(err); c != "ServerException" {
		t.Errorf("after Close: %v, want ServerException", err)
	}
}
