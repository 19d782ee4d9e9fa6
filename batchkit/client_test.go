package batchkit_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchkit"
)

// transport answers the SDK's client without a network.
type transport func(*http.Request) (*http.Response, error)

func (f transport) Do(r *http.Request) (*http.Response, error) { return f(r) }

func answer(status int, code, body string) (*http.Response, error) {
	h := http.Header{"Content-Type": {"application/json"}}
	if code != "" {
		h.Set("X-Amzn-ErrorType", code)
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body))}, nil
}

func sdk(t transport) *batch.Client {
	return batch.New(batch.Options{
		Region: "eu-west-1", HTTPClient: t, BaseEndpoint: aws.String("http://127.0.0.1:1"),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "dummy", SecretAccessKey: "dummy"}, nil
		}),
	})
}

// What a submission does when a call fails: it repeats what was surely refused or is surely absent, and nothing else.
func TestSubmitFailures(t *testing.T) {
	t.Parallel()
	lost := errors.New("connection reset by peer")
	accepted := func() (*http.Response, error) { return answer(200, "", `{"jobId":"id-2","jobName":"r-b"}`) }
	for _, row := range []struct {
		name, reason string
		second       func(attempt int) (*http.Response, error) // the answer to the second job's call
		found        bool                                      // the service shows the second job
		calls        int
		fails        bool
	}{
		{
			name: "refused", reason: "a client error is final, and says that the job does not exist",
			second: func(int) (*http.Response, error) {
				return answer(400, "ClientException", `{"message":"no"}`)
			},
			calls: 1, fails: true,
		},
		{
			name: "lost answer, taken", reason: "the job is adopted",
			second: func(int) (*http.Response, error) { return nil, lost }, found: true, calls: 1,
		},
		{
			name: "lost once, not taken", reason: "it is sent again when it is surely absent",
			second: func(attempt int) (*http.Response, error) {
				if attempt == 1 {
					return nil, lost
				}
				return accepted()
			},
			calls: 2,
		},
		{
			name: "lost always", reason: "the attempts are bounded, and the job is known to be absent",
			second: func(int) (*http.Response, error) { return nil, lost }, calls: 5, fails: true,
		},
		{
			name: "no connection", reason: "nothing was sent to a host that cannot be reached",
			second: func(int) (*http.Response, error) {
				return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
			},
			calls: 1, fails: true,
		},
		{
			name: "server fault, taken", reason: "nobody knows whether the job was taken before the fault",
			second: func(int) (*http.Response, error) { return answer(500, "ServerException", `{"message":"oops"}`) },
			found:  true, calls: 1,
		},
		{
			name: "no id in the answer", reason: "the job can be found",
			second: func(int) (*http.Response, error) { return answer(200, "", `{}`) }, found: true, calls: 1,
		},
		{
			name: "throttled", reason: "a throttled call was not taken and may be repeated",
			second: func(attempt int) (*http.Response, error) {
				if attempt < 5 {
					return answer(429, "TooManyRequestsException", `{"message":"Too Many Requests"}`)
				}
				return accepted()
			},
			calls: 5,
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				seconds := 0
				client := batchkit.NewClient(sdk(func(r *http.Request) (*http.Response, error) {
					body, err := io.ReadAll(r.Body)
					if err != nil {
						return nil, err
					}
					switch {
					case strings.HasSuffix(r.URL.Path, "/listjobs") && row.found:
						return answer(200, "", `{"jobSummaryList":[{"jobId":"id-2","jobName":"r-b"}]}`)
					case strings.HasSuffix(r.URL.Path, "/describejobs"):
						return answer(200, "", `{"jobs":[{"jobId":"id-2","jobName":"r-b","tags":{"batchkit:run":"r","batchkit:job":"b","batchkit:plan":"`+two(t).Digest()+`"}}]}`)
					case !strings.HasSuffix(r.URL.Path, "/submitjob"):
						return answer(200, "", `{}`)
					case strings.Contains(string(body), `"jobName":"r-a"`):
						return answer(200, "", `{"jobId":"id-1","jobName":"r-a"}`)
					case !strings.Contains(string(body), `"dependsOn":[{"jobId":"id-1"}]`):
						t.Errorf("the second job does not wait for the id of the first: %s", body)
					}
					seconds++
					return row.second(seconds)
				}))
				run, err := client.Submit(t.Context(), two(t), batchkit.RunID("r"), batchkit.FirstStart())
				if seconds != row.calls {
					t.Errorf("%d calls, want %d: %s", seconds, row.calls, row.reason)
				}
				if !row.fails {
					if id, ok := run.ID("b"); err != nil || !ok || id != "id-2" {
						t.Errorf("got %q, %v: %s", id, err, row.reason)
					}
					return
				}
				var failed *batchkit.SubmitError
				if !errors.As(err, &failed) {
					t.Fatalf("got %v, want a *SubmitError", err)
				}
				if failed.Job != "b" || len(failed.Unknown) != 0 || cmp.Diff([]string{"a"}, failed.Submitted) != "" || cmp.Diff([]string{"b"}, failed.NotSubmitted) != "" {
					t.Errorf("got %+v: %s", failed, row.reason)
				}
				if id, ok := run.ID("a"); !ok || id != "id-1" {
					t.Errorf("the run does not hold what was submitted: %q", id)
				}
			})
		})
	}
}

// two is a plan of a job and one that waits for it.
func two(t *testing.T) *batchkit.Plan {
	t.Helper()
	wf := batchkit.NewWorkflow("two")
	wf.Add(batchkit.Job("b", "queue", batchkit.ContainerRef("d")), batchkit.After("a"))
	wf.Add(batchkit.Job("a", "queue", batchkit.ContainerRef("d")))
	plan, err := wf.Plan()
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// A call that never went out is no unknown outcome.
func TestSubmitCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	client := batchkit.NewClient(sdk(func(*http.Request) (*http.Response, error) {
		t.Error("a call went out after the context had ended")
		return answer(500, "ServerException", "{}")
	}))
	plan, err := batchkit.Job("a", "queue", batchkit.ContainerRef("d")).Plan()
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.Submit(ctx, plan)
	var failed *batchkit.SubmitError
	if !errors.As(err, &failed) || len(failed.Unknown) > 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want a *SubmitError with a known outcome", err)
	}
}

// Without credentials nothing is sent, and the error must not make anyone look for a job.
func TestSubmitWithoutCredentials(t *testing.T) {
	t.Parallel()
	api := batch.New(batch.Options{
		Region: "eu-west-1", BaseEndpoint: aws.String("http://127.0.0.1:1"),
		HTTPClient: transport(func(*http.Request) (*http.Response, error) {
			t.Error("a call went out without credentials")
			return answer(500, "ServerException", "{}")
		}),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{}, errors.New("none here")
		}),
	})
	plan, err := batchkit.Job("a", "queue", batchkit.ContainerRef("d")).Plan()
	if err != nil {
		t.Fatal(err)
	}
	_, err = batchkit.NewClient(api).Submit(t.Context(), plan)
	var failed *batchkit.SubmitError
	if !errors.As(err, &failed) || len(failed.Unknown) > 0 {
		t.Errorf("got %v, want a *SubmitError with a known outcome", err)
	}
}

// A definition that is refused stops everything before the first job.
func TestSubmitDefinitionRefused(t *testing.T) {
	t.Parallel()
	client := batchkit.NewClient(sdk(func(r *http.Request) (*http.Response, error) {
		if strings.HasSuffix(r.URL.Path, "/describejobdefinitions") {
			return answer(200, "", `{}`)
		}
		if !strings.HasSuffix(r.URL.Path, "/registerjobdefinition") {
			t.Errorf("%s was called after the refusal", r.URL.Path)
		}
		return answer(400, "ClientException", `{"message":"no"}`)
	}))
	plan, err := batchkit.Job("a", "queue", small).Plan()
	if err != nil {
		t.Fatal(err)
	}
	run, err := client.Submit(t.Context(), plan)
	var failed *batchkit.SubmitError
	if !errors.As(err, &failed) || failed.Definition != "small" || failed.Job != "" || len(failed.Submitted) != 0 {
		t.Errorf("got %v", err)
	}
	if _, ok := run.ID("a"); ok {
		t.Error("the run holds a job that was not submitted")
	}
}
