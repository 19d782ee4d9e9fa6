package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchkit"
)

// patience is how long a test waits for what happens at once on an idle machine.
const patience = time.Minute

// startServe runs the command in this process on a free port. End ends it as a signal would, and returns its status.
func startServe(t *testing.T, flags ...string) (url string, end func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	done := make(chan int, 1)
	var errs bytes.Buffer
	go func() {
		status := run(ctx, append([]string{"serve", "--addr", "127.0.0.1:0"}, flags...), strings.NewReader(""), in, &errs)
		in.Close()
		done <- status
	}()
	lines := bufio.NewReader(out)
	line, err := lines.ReadString('\n')
	if err != nil {
		t.Fatalf("no line (%v), status %d: %s", err, <-done, errs.String())
	}
	ended := false
	end = func() int {
		ended = true
		cancel()
		rest, err := io.ReadAll(lines)
		if err != nil || len(rest) > 0 {
			t.Errorf("more output than a line: %q, %v", rest, err)
		}
		return <-done
	}
	t.Cleanup(func() {
		if !ended {
			end()
		}
	})
	return strings.TrimSuffix(strings.TrimPrefix(line, "batchkit: AWS Batch at "), "\n"), end
}

// submitted registers a definition whose command fails, and submits a job of it.
func submitted(t *testing.T, client *batch.Client) string {
	t.Helper()
	def, err := batchkit.Define("fails", batchkit.EC2("acme/none:1").VCPU(1).Memory(512).Command("false")).Build()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.RegisterJobDefinition(t.Context(), def); err != nil {
		t.Fatal(err)
	}
	out, err := client.SubmitJob(t.Context(), &batch.SubmitJobInput{
		JobName: aws.String("j"), JobQueue: aws.String("default"), JobDefinition: aws.String("fails"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToString(out.JobId)
}

func statusOfJob(ctx context.Context, t *testing.T, client *batch.Client, id string) types.JobStatus {
	t.Helper()
	out, err := client.DescribeJobs(ctx, &batch.DescribeJobsInput{Jobs: []string{id}})
	if err != nil || len(out.Jobs) != 1 {
		t.Fatalf("%v, %v", out, err)
	}
	return out.Jobs[0].Status
}

func TestServeRun(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, reason string
		flags        []string
		want         types.JobStatus
	}{
		{"default", "no command of a job runs unless it is asked for", nil, types.JobStatusSucceeded},
		{"succeed", "the same, said", []string{"--run", "succeed"}, types.JobStatusSucceeded},
		{"process", "the command false fails", []string{"--run", "process"}, types.JobStatusFailed},
		{"pace", "an hour has not passed", []string{"--pace", "1h"}, types.JobStatusSubmitted},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.name == "" || tt.reason == "" {
				t.Fatal("each row needs a name and a reason")
			}
			url, end := startServe(t, tt.flags...)
			client := clientOf(url)
			id := submitted(t, client)
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			got := statusOfJob(ctx, t, client, id)
			for tt.want != types.JobStatusSubmitted && got != types.JobStatusSucceeded && got != types.JobStatusFailed {
				got = statusOfJob(ctx, t, client, id)
			}
			if got != tt.want {
				t.Errorf("got %s, want %s: %s", got, tt.want, tt.reason)
			}
			if status := end(); status != statusOK {
				t.Errorf("exit status %d, want %d", status, statusOK)
			}
		})
	}
}

// Programs make ARNs of the region and the account they work in.
func TestServeRegion(t *testing.T) {
	t.Parallel()
	url, _ := startServe(t, "--region", "eu-central-1", "--account", "111122223333")
	queue := "arn:aws:batch:eu-central-1:111122223333:job-queue/default"
	out, err := clientOf(url).DescribeJobQueues(t.Context(), &batch.DescribeJobQueuesInput{JobQueues: []string{queue}})
	if err != nil || len(out.JobQueues) != 1 || aws.ToString(out.JobQueues[0].JobQueueArn) != queue {
		t.Errorf("%+v, %v; want %s", out, err, queue)
	}
}

// A request that is on its way when the signal comes is answered; a new connection is refused by then.
func TestServeEndsCleanly(t *testing.T) {
	t.Parallel()
	url, end := startServe(t)
	host := strings.TrimPrefix(url, "http://")
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	answers := bufio.NewReader(conn)
	fmt.Fprintf(conn, "POST /v1/describejobqueues HTTP/1.1\r\nHost: %s\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n", host)
	if line, err := answers.ReadString('\n'); err != nil || !strings.HasPrefix(line, "HTTP/1.1 100 ") {
		t.Fatalf("got %q, %v; the server asks for the body once it is at work", line, err)
	}
	if _, err := answers.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	status := make(chan int, 1)
	go func() { status <- end() }()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for ctx.Err() == nil {
		other, err := new(net.Dialer).DialContext(ctx, "tcp", host)
		if err != nil {
			break
		}
		other.Close()
	}
	if _, err := io.WriteString(conn, "{}"); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(answers, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK || !bytes.Contains(body, []byte(`"jobQueueName":"default"`)) {
		t.Errorf("%s: %s, %v; want the queues", resp.Status, body, err)
	}
	if got := <-status; got != statusOK {
		t.Errorf("exit status %d, want %d", got, statusOK)
	}
}

// Whoever starts the service and does not read its line would wait for ever, so it ends.
func TestServeUnheard(t *testing.T) {
	t.Parallel()
	var errs bytes.Buffer
	status := run(t.Context(), []string{"serve", "--addr", "127.0.0.1:0"}, strings.NewReader(""), deaf{}, &errs)
	if status != statusUnreadable || errs.String() != "batchkit: nobody listens\n" {
		t.Errorf("status %d, %q", status, errs.String())
	}
}

type deaf struct{}

func (deaf) Write([]byte) (int, error) { return 0, errors.New("nobody listens") }

func TestServeKeepsWebPagesOut(t *testing.T) {
	t.Parallel()
	url, _ := startServe(t)
	port := url[strings.LastIndex(url, ":"):]
	tests := []struct {
		name, reason, host string
		headers            map[string]string
		status             int
	}{
		{"program", "SDKs send no Origin", "127.0.0.1" + port, nil, http.StatusOK},
		{"by name", "localhost is this machine", "localhost" + port, nil, http.StatusOK},
		{"IPv6", "an address in brackets, without a port", "[::1]", nil, http.StatusOK},
		{
			"page of another site", "a browser sends such a request without asking", "127.0.0.1" + port,
			map[string]string{"Sec-Fetch-Site": "cross-site", "Content-Type": "text/plain"}, http.StatusForbidden,
		},
		{
			"page in an old browser", "it says the origin only", "127.0.0.1" + port,
			map[string]string{"Origin": "https://evil.example"}, http.StatusForbidden,
		},
		{
			"page whose name leads here", "for the browser it is the same origin; the host gives it away", "evil.example" + port,
			map[string]string{"Sec-Fetch-Site": "same-origin"}, http.StatusForbidden,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.name == "" || tt.reason == "" {
				t.Fatal("each row needs a name and a reason")
			}
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/v1/describejobqueues", strings.NewReader("{}"))
			if err != nil {
				t.Fatal(err)
			}
			req.Host = tt.host
			for name, value := range tt.headers {
				req.Header.Set(name, value)
			}
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			body, err := io.ReadAll(resp.Body)
			if err != nil || resp.StatusCode != tt.status {
				t.Errorf("%s: %s (%v), want %d: %s", resp.Status, body, err, tt.status, tt.reason)
			}
			if tt.status == http.StatusForbidden && resp.Header.Get("X-Amzn-Errortype") != "AccessDeniedException" {
				t.Errorf("headers %v; want an error in the form of the service", resp.Header)
			}
		})
	}
}

func TestListenAddress(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, reason string
		ok           bool
	}{
		{"127.0.0.1:0", "the usual address, any port", true},
		{"localhost:0", "the name of this machine", true},
		{":0", "every interface", false},
		{"0.0.0.0:0", "every interface", false},
		{"[::]:0", "every interface", false},
		{"192.0.2.1:0", "another machine can reach it", false},
		{"example.com:80", "a name is not looked up", false},
		{"127.0.0.1", "no port", false},
		{"127.0.0.1:99999", "no such port", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.reason == "" {
				t.Fatal("each row needs a reason")
			}
			listener, err := listen(t.Context(), tt.name)
			if (err == nil) != tt.ok {
				t.Fatalf("got %v: %s", err, tt.reason)
			}
			if err != nil {
				if !strings.Contains(err.Error(), "--addr") {
					t.Errorf("got %q, want it to say what to change", err)
				}
				return
			}
			defer listener.Close()
			if !listener.Addr().(*net.TCPAddr).IP.IsLoopback() {
				t.Errorf("listens on %s", listener.Addr())
			}
		})
	}
}
