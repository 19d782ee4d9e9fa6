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

// What a submission does when a call fails: it repeats what was surely refused, and nothing else.
func TestSubmitFailures(t *testing.T) {
	t.Parallel()
	lost := errors.New("connection reset by peer")
	for _, row := range []struct {
		name, reason string
		second       func(attempt int) (*http.Response, error) // the answer to the second job's call
		calls        int
		unknown      bool
		fails        bool
	}{
		{
			name: "refused", reason: "a client error is final, and says that the job does not exist",
			second: func(int) (*http.Response, error) {
				return answer(400, "ClientException", `{"message":"JobQueue queue not found."}`)
			},
			calls: 1, fails: true,
		},
		{
			name: "lost answer", reason: "the SDK would send it again, and the job might run twice",
			second: func(int) (*http.Response, error) { return nil, lost },
			calls:  1, fails: true, unknown: true,
		},
		{
			name: "no connection", reason: "nothing was sent to a host that cannot be reached",
			second: func(int) (*http.Response, error) {
				return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
			},
			calls: 1, fails: true,
		},
		{
			name: "server fault", reason: "nobody knows whether the job was taken before the fault",
			second: func(int) (*http.Response, error) { return answer(500, "ServerException", `{"message":"oops"}`) },
			calls:  1, fails: true, unknown: true,
		},
		{
			name: "throttled", reason: "a throttled call was not taken and may be repeated",
			second: func(attempt int) (*http.Response, error) {
				if attempt < 5 {
					return answer(429, "TooManyRequestsException", `{"message":"Too Many Requests"}`)
				}
				return answer(200, "", `{"jobId":"id-2","jobName":"b"}`)
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
					if strings.Contains(string(body), `"jobName":"a"`) {
						return answer(200, "", `{"jobId":"id-1","jobName":"a"}`)
					}
					if !strings.Contains(string(body), `"dependsOn":[{"jobId":"id-1"}]`) {
						t.Errorf("the second job does not wait for the id of the first: %s", body)
					}
					seconds++
					return row.second(seconds)
				}))
				wf := batchkit.NewWorkflow("two")
				wf.Add(batchkit.Job("b", "queue", batchkit.ContainerRef("d")), batchkit.After("a"))
				wf.Add(batchkit.Job("a", "queue", batchkit.ContainerRef("d")))
				plan, err := wf.Plan()
				if err != nil {
					t.Fatal(err)
				}
				run, err := client.Submit(t.Context(), plan)
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
				if failed.Job != "b" || failed.Unknown != row.unknown || cmp.Diff([]string{"a"}, failed.Submitted) != "" {
					t.Errorf("got %+v: %s", failed, row.reason)
				}
				if id, ok := run.ID("a"); !ok || id != "id-1" {
					t.Errorf("the run does not hold what was submitted: %q", id)
				}
			})
		})
	}
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
	if !errors.As(err, &failed) || failed.Unknown || !errors.Is(err, context.Canceled) {
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
	if !errors.As(err, &failed) || failed.Unknown {
		t.Errorf("got %v, want a *SubmitError with a known outcome", err)
	}
}

// A definition that is refused stops everything before the first job.
func TestSubmitDefinitionRefused(t *testing.T) {
	t.Parallel()
	client := batchkit.NewClient(sdk(func(r *http.Request) (*http.Response, error) {
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
