package report_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/batchtest"
	"github.com/batchkit/batchkit-go/report"
)

// What the service has forgotten is said to be missing, and the rest is told.
func TestExpired(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := batchtest.Start(t)
		run, result := broken(t, s)
		s.Inject(batchtest.ExpireFinished(7 * 24 * time.Hour))
		time.Sleep(8 * 24 * time.Hour)
		r := report.Collect(t.Context(), s.Client(), result)
		want := []string{"what failed within job many: AWS Batch shows 0 of 15 failed children, it forgets jobs some days after their end"}
		if diff := cmp.Diff(want, r.Missing); diff != "" || !strings.Contains(r.String(), "  and 15 more\n") {
			t.Errorf("children that have expired: missing (-want +got):\n%s\n%s", diff, r)
		}
		later, err := run.Look(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		r = report.Collect(t.Context(), s.Client(), later)
		if len(r.Missing) != r.Total || r.Total == 0 || !strings.Contains(r.String(), "could not be read\n  job heavy (") {
			t.Errorf("%d of %d jobs are missing, want all, as they have expired:\n%s", len(r.Missing), r.Total, r)
		}
	})
}

// failingLogs answers every call with an error.
type failingLogs struct {
	err   error
	calls *int
}

func (f failingLogs) GetLogEvents(context.Context, *cloudwatchlogs.GetLogEventsInput, ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.GetLogEventsOutput, error) {
	*f.calls++
	return nil, f.err
}

func TestMissing(t *testing.T) {
	t.Parallel()
	result := func() *batchkit.Result {
		r := &batchkit.Result{}
		for _, name := range []string{"a", "b"} {
			r.Jobs = append(r.Jobs, batchkit.JobResult{Name: name, ID: "id-" + name, Status: types.JobStatusFailed, Detail: types.JobDetail{
				JobId: aws.String("id-" + name), Status: types.JobStatusFailed, StartedAt: aws.Int64(1),
				Attempts: []types.AttemptDetail{{Container: &types.AttemptContainerDetail{LogStreamName: aws.String("stream-" + name), ExitCode: aws.Int32(1)}}},
			}})
		}
		return r
	}
	tests := []struct {
		name, reason string
		err          error
		lost         bool
		calls        int
		want         []string
	}{
		{
			name: "group", reason: "it is said and asked for once, however many streams it has", calls: 1,
			err:  &logtypes.ResourceNotFoundException{Message: aws.String("The specified log group does not exist.")},
			want: []string{"logs: the log group /aws/batch/job does not exist"},
		},
		{
			name: "stream", reason: "each is named", calls: 2,
			err: &logtypes.ResourceNotFoundException{Message: aws.String("The specified log stream does not exist.")},
			want: []string{
				"the log of a: the stream stream-a of /aws/batch/job does not exist, so nothing was written or it has expired",
				"the log of b: the stream stream-b of /aws/batch/job does not exist, so nothing was written or it has expired",
			},
		},
		{
			name: "may not read", reason: "credentials that may describe but not read are asked once only", calls: 1,
			err:  &smithy.GenericAPIError{Code: "AccessDeniedException", Message: "User is not authorized"},
			want: []string{"logs: these credentials may not read the log group /aws/batch/job (logs:GetLogEvents)"},
		},
		{
			name: "anything else", reason: "in the service's words, without those of the SDK", calls: 2,
			err:  fmt.Errorf("operation error: %w", &smithy.GenericAPIError{Code: "ServiceUnavailableException", Message: "later"}),
			want: []string{"the log of a: ServiceUnavailableException: later", "the log of b: ServiceUnavailableException: later"},
		},
		{
			name: "out of reach", reason: "the next call would take as long to fail", calls: 1,
			err:  fmt.Errorf("operation error: %w", &smithyhttp.RequestSendError{Err: errors.New("dial tcp: i/o timeout")}),
			want: []string{"logs: operation error: request send failed, dial tcp: i/o timeout"},
		},
		{
			name: "lost", reason: "a job that has expired from the service", lost: true,
			want: []string{"job a (id-a), which AWS Batch does not show", "job b (id-b), which AWS Batch does not show"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if test.name == "" || test.reason == "" {
				t.Fatal("a row needs a name and a reason")
			}
			calls := 0
			in := result()
			for i := range in.Jobs {
				in.Jobs[i].Lost = test.lost
			}
			r := report.Collect(t.Context(), nil, in, report.WithLogs(failingLogs{test.err, &calls}))
			if diff := cmp.Diff(test.want, r.Missing); diff != "" {
				t.Errorf("missing (-want +got):\n%s", diff)
			}
			if calls != test.calls {
				t.Errorf("%d calls, want %d", calls, test.calls)
			}
			if len(r.Failed) != 2 || !strings.Contains(r.String(), "could not be read") {
				t.Errorf("the report is not whole without it:\n%s", r)
			}
		})
	}
}

// onlyLogs are those of one group in one Region. Others may not be read.
type onlyLogs string

func (group onlyLogs) GetLogEvents(_ context.Context, in *cloudwatchlogs.GetLogEventsInput, opts ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.GetLogEventsOutput, error) {
	o := cloudwatchlogs.Options{Region: "us-east-1"}
	for _, opt := range opts {
		opt(&o)
	}
	if name := *in.LogGroupName + "@" + o.Region; name != string(group) {
		return nil, &smithy.GenericAPIError{Code: "AccessDeniedException", Message: "User is not authorized"}
	}
	return &cloudwatchlogs.GetLogEventsOutput{Events: []logtypes.OutputLogEvent{{Message: aws.String("from " + string(group))}}}, nil
}

// Policies name groups: each that may not be read is told of, and the others are read.
func TestMissingGroups(t *testing.T) {
	t.Parallel()
	in := &batchkit.Result{}
	for _, group := range []string{"secret", "open", "private", "secret", "open"} {
		options := map[string]string{"awslogs-group": group}
		if len(in.Jobs) == 4 {
			options["awslogs-region"] = "eu-west-1"
		}
		in.Jobs = append(in.Jobs, batchkit.JobResult{Name: group, Status: types.JobStatusFailed, Detail: types.JobDetail{
			Status: types.JobStatusFailed, StartedAt: aws.Int64(1),
			Container: &types.ContainerDetail{LogConfiguration: &types.LogConfiguration{
				LogDriver: types.LogDriverAwslogs, Options: options,
			}},
			Attempts: []types.AttemptDetail{{Container: &types.AttemptContainerDetail{LogStreamName: aws.String("stream"), ExitCode: aws.Int32(1)}}},
		}})
	}
	r := report.Collect(t.Context(), nil, in, report.WithLogs(onlyLogs("open@eu-west-1")))
	want := []string{
		"logs: these credentials may not read the log group secret (logs:GetLogEvents)",
		"logs: these credentials may not read the log group open (logs:GetLogEvents)",
		"logs: these credentials may not read the log group private (logs:GetLogEvents)",
	}
	if diff := cmp.Diff(want, r.Missing); diff != "" || !strings.Contains(r.String(), "(open in eu-west-1 stream)\n    | from open@eu-west-1\n") {
		t.Errorf("missing (-want +got):\n%s\n%s", diff, r)
	}
}

// Parts that cannot be listed are told of and counted, and the job stands in the report.
func TestPartsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	jobs := refusing{}
	r := report.Collect(t.Context(), jobs, &batchkit.Result{Jobs: []batchkit.JobResult{{
		Name: "many", ID: "id", Status: types.JobStatusFailed,
		Detail: types.JobDetail{JobId: aws.String("id"), Status: types.JobStatusFailed, ArrayProperties: &types.ArrayPropertiesDetail{
			Size: aws.Int32(4), StatusSummary: map[string]int32{"FAILED": 3, "SUCCEEDED": 1},
		}},
	}}})
	want := []string{"what failed within job many: AccessDenied: no"}
	if diff := cmp.Diff(want, r.Missing); diff != "" || len(r.Failed) != 1 || r.Failed[0].More != 3 {
		t.Errorf("failed %+v, missing (-want +got):\n%s", r.Failed, diff)
	}
}

type refusing struct{ report.Jobs }

func (refusing) ListJobs(context.Context, *batch.ListJobsInput, ...func(*batch.Options)) (*batch.ListJobsOutput, error) {
	return nil, &smithy.GenericAPIError{Code: "AccessDenied", Message: "no"}
}

// A report is made of whatever there is: a program that explains a failure must not fail itself.
func TestNoResult(t *testing.T) {
	t.Parallel()
	want := &report.Report{Run: "r", Failed: []report.Job{}, NeverStarted: []report.NeverStarted{}, Cancelled: []string{}, Missing: []string{}}
	if diff := cmp.Diff(want, report.Collect(t.Context(), nil, nil, report.WithRun("r"))); diff != "" {
		t.Errorf("report of nothing (-want +got):\n%s", diff)
	}
}
