package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"
)

const failingFlow = `name: flow
queue: default
definitions:
  step:
    type: container
    containerProperties:
      image: acme/step:1
      command: [sh, -c, "echo no such table; exit 3"]
      resourceRequirements: [{type: VCPU, value: "1"}, {type: MEMORY, value: "512"}]
jobs:
  - {name: one, definition: step}
  - {name: two, definition: step, after: one}
`

// withoutLogs passes requests on to a service, but for those for logs, which it refuses.
func withoutLogs(t *testing.T, service, code, message string) string {
	t.Helper()
	target, err := url.Parse(service)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.Header.Get("X-Amz-Target"), "Logs_") {
			proxy.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		w.Header().Set("X-Amzn-Errortype", code)
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, `{"__type": %q, "message": %q}`, code, message)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// What cannot be read is named, and the rest is told.
func TestLogsRefused(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, reason, code, message, said, missing string }{
		{
			"no group", "nobody has made it, or it was deleted", "ResourceNotFoundException", "The specified log group does not exist.",
			"batchkit: the log group /aws/batch/job does not exist\n", "logs: the log group /aws/batch/job does not exist",
		},
		{
			"no stream", "the container wrote nothing, or the retention time is over", "ResourceNotFoundException", "The specified log stream does not exist.",
			" of /aws/batch/job does not exist: nothing was written, or it has expired\n", "does not exist, so nothing was written or it has expired",
		},
		{
			"not allowed", "whoever may see jobs may not always see logs", "AccessDeniedException", "User is not authorized to perform: logs:GetLogEvents",
			"batchkit: these credentials may not read the log group /aws/batch/job (logs:GetLogEvents)\n", "logs: these credentials may not read the log group",
		},
		{
			"another", "it is told as it came", "InvalidParameterException", "no such thing", "InvalidParameterException: no such thing\n", "no such thing",
		},
	}
	flow := filepath.Join(t.TempDir(), "flow.yaml")
	if err := os.WriteFile(flow, []byte(failingFlow), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.name == "" || tt.reason == "" {
				t.Fatal("each row needs a name and a reason")
			}
			service, _ := startServe(t, "--run", "process")
			at := "--endpoint-url=" + withoutLogs(t, service, tt.code, tt.message)
			command := func(args ...string) (int, string, string) {
				var out, errs bytes.Buffer
				code := run(t.Context(), args, strings.NewReader(""), &out, &errs)
				return code, out.String(), errs.String()
			}
			page := func(code int, out, errs string) {
				t.Helper()
				if code != statusFound || !strings.Contains(out, "exit code 3") || !strings.Contains(out, tt.missing) || !strings.Contains(out, "two, because one failed") {
					t.Errorf("%s: exit status %d, %q is missing in\n%s%s", tt.reason, code, tt.missing, out, errs)
				}
			}
			page(command("submit", at, "--run-id", "r", "--first-start", "--wait", "--interval", "10ms", flow))
			page(command("report", at, "r"))
			if code, out, errs := command("logs", at, "r", "one"); code != statusUnreadable || out != "" || !strings.HasSuffix(errs, tt.said) {
				t.Errorf("%s: exit status %d, %q, %q, want %q at the end", tt.reason, code, out, errs, tt.said)
			}
		})
	}
}

// attempted is a job of one container after some attempts.
func attempted(n int) *types.JobDetail {
	d := &types.JobDetail{Status: types.JobStatusRunnable}
	for i := range n {
		d.Attempts = append(d.Attempts, types.AttemptDetail{
			Container: &types.AttemptContainerDetail{LogStreamName: aws.String(fmt.Sprint("stream-", i+1))},
		})
	}
	return d
}

func TestLogAttempts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, reason string
		attempt      int
		seen         []int // attempts at each look
		want         []string
	}{
		{"last", "what failed last matters most", 0, []int{3}, []string{"stream-3"}},
		{"followed", "attempts that come are added, former ones are not", 0, []int{2, 2, 3, 4}, []string{"stream-2", "stream-3", "stream-4"}},
		{"followed from the beginning", "a job that has not begun has no streams", 0, []int{0, 1, 2}, []string{"stream-1", "stream-2"}},
		{"chosen", "the others are not asked for", 2, []int{3, 4}, []string{"stream-2"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.name == "" || tt.reason == "" {
				t.Fatal("each row needs a name and a reason")
			}
			r := &logReader{attempt: tt.attempt, out: &logWriter{}}
			for i, n := range tt.seen {
				if err := r.choose(attempted(n), i == 0, true); err != nil {
					t.Fatal(err)
				}
			}
			var got []string
			for _, s := range r.streams {
				got = append(got, s.Name)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.reason, diff)
			}
		})
	}
}

// Where nothing can be read, whoever asks is told why.
func TestNoLogs(t *testing.T) {
	t.Parallel()
	pod := func(name, namespace string) *types.EksPropertiesDetail {
		return &types.EksPropertiesDetail{PodProperties: &types.EksPodPropertiesDetail{
			PodName: aws.String(name), Metadata: &types.EksMetadata{Namespace: aws.String(namespace)},
		}}
	}
	tests := []struct {
		name, reason string
		job          types.JobDetail
		want         string
	}{
		{"waits", "it has written nothing yet", types.JobDetail{Status: types.JobStatusRunnable, StatusReason: aws.String("no room")}, "job j has not started, it is RUNNABLE: no room"},
		{"pod that waits", "there is no pod yet", types.JobDetail{Status: types.JobStatusRunnable, EksProperties: pod("", "")}, "job j has not started, it is RUNNABLE"},
		{
			"pod", "its logs are found by its name", types.JobDetail{Status: types.JobStatusRunning, StartedAt: aws.Int64(1), EksProperties: pod("p", "jobs")},
			"job j runs in a pod jobs/p, of whose logs AWS Batch does not tell: look where the cluster sends them",
		},
		{
			"pod of an attempt", "each attempt has its own", types.JobDetail{
				Status: types.JobStatusFailed, EksProperties: pod("p", "jobs"),
				EksAttempts: []types.EksAttemptDetail{{PodName: aws.String("a")}, {PodName: aws.String("b")}},
			},
			"job j runs in a pod b, of whose logs AWS Batch does not tell: look where the cluster sends them",
		},
		{
			"elsewhere", "the driver is another", types.JobDetail{Status: types.JobStatusRunning, StartedAt: aws.Int64(1)},
			"job j has no logs in CloudWatch Logs: its log configuration sends them elsewhere",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.name == "" || tt.reason == "" {
				t.Fatal("each row needs a name and a reason")
			}
			r := &logReader{job: "j"}
			if err := r.verdict(&tt.job); err == nil || err.Error() != tt.want {
				t.Errorf("%s: got %v, want %s", tt.reason, err, tt.want)
			}
		})
	}
}
