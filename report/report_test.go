package report_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/batchtest"
	"github.com/batchkit/batchkit-go/ecsprops"
	"github.com/batchkit/batchkit-go/internal/golden"
	"github.com/batchkit/batchkit-go/report"
)

// logsOf is the SDK's client for the logs of an embedded service.
func logsOf(s *batchtest.Server) *cloudwatchlogs.Client {
	return cloudwatchlogs.New(cloudwatchlogs.Options{
		Region: "us-east-1", HTTPClient: &http.Client{Transport: s}, Credentials: aws.AnonymousCredentials{},
	})
}

// says is an image that takes some time, writes a few lines, the last of them with its index, and ends.
func says(after time.Duration, code func(index int) int) batchtest.Image {
	return batchtest.Image{Run: batchtest.Func(func(ctx context.Context, c *batchtest.Container) int {
		index, _ := c.ArrayIndex()
		for i := range 30 {
			fmt.Fprintf(c.Stdout, "line %d of %s %d\n", i, c.Name(), index)
		}
		if c.Sleep(ctx, after) != nil {
			return 143
		}
		return code(index)
	})}
}

func always(code int) func(int) int { return func(int) int { return code } }

func container(image string) batchkit.EC2Container {
	return batchkit.EC2(image).VCPU(1).Memory(512)
}

// broken is a run with one of everything that can be told.
func broken(t *testing.T, s *batchtest.Server) (*batchkit.Run, *batchkit.Result) {
	t.Helper()
	s.Image("oom", says(3*time.Second, always(137)))
	s.Image("odd", says(time.Second, func(i int) int { return i % 2 }))
	s.Image("fine", says(time.Second, always(0)))
	s.Image("bad", says(2*time.Second, always(3)))
	w := batchkit.NewWorkflow("nightly")
	heavy := w.Add(batchkit.Job("heavy", "default", batchkit.Define("heavy", container("oom")).Retry(2)))
	many := w.Add(batchkit.Job("many", "default", batchkit.Define("many", container("odd"))).Array(30))
	task := w.Add(batchkit.Job("task", "default", batchkit.Define("task", ecsprops.EC2(
		ecsprops.Essential("app", "bad").VCPU(1).Memory(512), ecsprops.NonEssential("side", "fine").VCPU(1).Memory(512)))))
	pull := w.Add(batchkit.Job("pull", "default", batchkit.Define("pull", container("nowhere"))))
	nodes := w.Add(batchkit.Job("nodes", "default", batchkit.Define("nodes", batchkit.Nodes(
		batchkit.Main(container("bad")), batchkit.Workers(2, container("fine"))))))
	fine := w.Add(batchkit.Job("fine", "default", batchkit.Define("fine", container("fine"))))
	after := w.Add(batchkit.Job("after", "default", batchkit.Define("fine", container("fine"))), batchkit.After(heavy, many, fine))
	w.Add(batchkit.Job("last", "default", batchkit.Define("fine", container("fine"))), batchkit.After(after, task, pull, nodes))
	plan, err := w.Plan()
	if err != nil {
		t.Fatal(err)
	}
	run, err := batchkit.NewClient(s.Client()).Submit(t.Context(), plan, batchkit.RunID("nightly-1"))
	if err != nil {
		t.Fatal(err)
	}
	result, err := run.Wait(t.Context())
	var failed *batchkit.FailedError
	if !errors.As(err, &failed) {
		t.Fatalf("the run ended with %v, want a *FailedError", err)
	}
	return run, result
}

// made are what the service makes up: the ids of jobs, and those of tasks in the names of streams.
var made = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}`)

// numbered replaces them by their order, for jobs that do not wait for each other are submitted side by side.
func numbered(text string) string {
	seen := map[string]int{}
	return made.ReplaceAllStringFunc(text, func(id string) string {
		if seen[id] == 0 {
			seen[id] = len(seen) + 1
		}
		return fmt.Sprintf("id-%d", seen[id])
	})
}

func TestReport(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := batchtest.Start(t)
		run, result := broken(t, s)
		r := report.Collect(t.Context(), s.Client(), result,
			report.WithRun(run.RunID()), report.WithLogs(logsOf(s)), report.WithLines(2), report.WithParts(3))
		golden.Check(t, "testdata/report.txt", numbered(r.String()))
	})
}

// What events have told of a run makes the same report as what was looked up.
func TestReportOfAFeed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var feed batchkit.Feed
		s := batchtest.Start(t, batchtest.WithEventBridge(func(event []byte) {
			if err := feed.Put(event); err != nil {
				t.Error(err)
			}
		}))
		run, polled := broken(t, s)
		heard, err := run.Wait(t.Context(), batchkit.From(&feed), batchkit.ReconcileAfter(0))
		var failed *batchkit.FailedError
		if !errors.As(err, &failed) {
			t.Fatalf("the run ended with %v, want a *FailedError", err)
		}
		want, got := report.Collect(t.Context(), s.Client(), polled), report.Collect(t.Context(), s.Client(), heard)
		if diff := cmp.Diff(want.String(), got.String()); diff != "" {
			t.Errorf("report (-want +got):\n%s", diff)
		}
	})
}

// However many children or nodes there are, what failed is found with few calls.
func TestCalls(t *testing.T) {
	t.Parallel()
	def := batchkit.Define("some", container("some"))
	for _, row := range []struct {
		name, reason string
		job          batchkit.Request
		want         map[string]int
		logs         int
	}{
		{
			"array", "3 of 10,000 children have failed, which one page lists",
			batchkit.Job("a", "default", def).Array(10_000), map[string]int{"ListJobs": 1, "DescribeJobs": 1}, 3,
		},
		{
			"nodes", "the main node is one of them, and its log is read once",
			batchkit.Job("a", "default", batchkit.Define("nodes", batchkit.Nodes(batchkit.Main(container("bad")), batchkit.Workers(3, container("bad"))))),
			map[string]int{"ListJobs": 1, "DescribeJobs": 1}, 4,
		},
		{"retried", "the last attempt tells most", batchkit.Job("a", "default", batchkit.Define("bad", container("bad")).Retry(3)), map[string]int{}, 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := batchtest.Start(t, batchtest.WithCapacity(10_000))
				s.Image("bad", says(time.Second, always(3)))
				s.Image("some", says(time.Second, func(index int) int { return max(0, index-9_996) }))
				w := batchkit.NewWorkflow("w")
				w.Add(row.job)
				plan, err := w.Plan()
				if err != nil {
					t.Fatal(err)
				}
				run, err := batchkit.NewClient(s.Client()).Submit(t.Context(), plan)
				if err != nil {
					t.Fatal(err)
				}
				result, _ := run.Wait(t.Context())
				before, logs := len(s.Requests()), 0
				failing := failingLogs{&smithy.GenericAPIError{Code: "ServiceUnavailableException", Message: "later"}, &logs}
				r := report.Collect(t.Context(), s.Client(), result, report.WithLogs(failing))
				got := map[string]int{}
				for _, request := range s.Requests()[before:] {
					got[request.Operation]++
				}
				if diff := cmp.Diff(row.want, got); diff != "" || logs != row.logs {
					t.Errorf("%d logs, want %d, calls (-want +got): %s\n%s\n%s", logs, row.logs, row.reason, diff, r)
				}
			})
		})
	}
}

// Without logs and without the children, what the result says stands all the same.
func TestReportWithoutMore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := batchtest.Start(t)
		_, result := broken(t, s)
		before := len(s.Requests())
		r := report.Collect(t.Context(), s.Client(), result, report.WithParts(0))
		if got, want := len(s.Requests())-before, 2; got != want {
			t.Errorf("%d calls for an array and a multi-node job, want %d", got, want)
		}
		for _, j := range r.Failed {
			if j.Name == "many" && (j.More != 15 || len(j.Parts) != 0) {
				t.Errorf("the array has %d parts and %d more, want 0 and 15", len(j.Parts), j.More)
			}
			for _, a := range j.Attempts {
				for _, c := range a.Containers {
					if len(c.Lines) > 0 {
						t.Errorf("%s has lines of a log that nobody may read", j.Name)
					}
				}
			}
		}
	})
}

// A job that a time limit of its queue has ended could not be placed, and the report says what to do about that.
func TestNeverPlaced(t *testing.T) {
	t.Parallel()
	reason := "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - The job definition specified for this job contains resource requirements that can't be met."
	advice, ok := batchkit.Explain(reason)
	if !ok {
		t.Fatal("the reason is not known")
	}
	r := report.Collect(t.Context(), nil, &batchkit.Result{Jobs: []batchkit.JobResult{{Name: "a", Status: types.JobStatusFailed, Reason: reason}}})
	want := []report.NeverStarted{{Name: "a", Reason: reason, Hint: advice.Mend}}
	if diff := cmp.Diff(want, r.NeverStarted); diff != "" || !strings.Contains(r.String(), "→ "+advice.Mend) {
		t.Errorf("never started (-want +got):\n%s\n%s", diff, r)
	}
}

// A page is no page if thousands of jobs are on it, and nobody waits for thousands of logs.
func TestManyFailures(t *testing.T) {
	t.Parallel()
	result := &batchkit.Result{}
	for i := range 200 {
		result.Jobs = append(result.Jobs, batchkit.JobResult{
			Name: fmt.Sprint("j", i), Status: types.JobStatusFailed, Detail: types.JobDetail{
				Attempts: []types.AttemptDetail{{Container: &types.AttemptContainerDetail{LogStreamName: aws.String(fmt.Sprint("s", i)), ExitCode: aws.Int32(1)}}},
			},
		})
	}
	calls := 0
	logs := failingLogs{&smithy.GenericAPIError{Code: "ServiceUnavailableException", Message: "later"}, &calls}
	r := report.Collect(t.Context(), nil, result, report.WithLogs(logs))
	if len(r.Failed) != 200 || calls != 50 {
		t.Errorf("%d jobs and %d calls, want all 200 and 50", len(r.Failed), calls)
	}
	if page := r.String(); !strings.Contains(page, "j49 ") || strings.Contains(page, "j50 ") || !strings.Contains(page, "\nand 150 more\n") {
		t.Errorf("the page does not end with the 50th:\n%s", page)
	}
}

// A page stays one, however many jobs did not run.
func TestManyThatDidNotRun(t *testing.T) {
	t.Parallel()
	result := &batchkit.Result{}
	for i := range 200 {
		result.Jobs = append(result.Jobs, batchkit.JobResult{
			Name: fmt.Sprint("j", i), Status: types.JobStatusFailed, Cancelled: i%2 == 0, BlockedBy: []string{"first"},
		})
	}
	r := report.Collect(t.Context(), nil, result)
	page := r.String()
	if len(r.NeverStarted) != 100 || len(r.Cancelled) != 100 {
		t.Errorf("%d never started, %d cancelled, want all 100 of each", len(r.NeverStarted), len(r.Cancelled))
	}
	for _, want := range []string{"  j99, because first failed\n  and 50 more\n", ", j96, j98 and 50 more\n"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in\n%s", want, page)
		}
	}
}

// What somebody ended has not failed by itself.
func TestCancelled(t *testing.T) {
	t.Parallel()
	r := report.Collect(t.Context(), nil, &batchkit.Result{Jobs: []batchkit.JobResult{
		{Name: "a", Status: types.JobStatusFailed, Cancelled: true, Detail: types.JobDetail{StartedAt: aws.Int64(1)}},
		{Name: "b", Status: types.JobStatusFailed, Cancelled: true, BlockedBy: []string{"a"}},
		{Name: "c", Skipped: true},
	}})
	want := "0 of 3 jobs failed, 2 cancelled\n\ncancelled\n  a, b\n"
	if diff := cmp.Diff(want, r.String()); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
}

// Of a run that goes on, what is still to come is no failure, and is not passed over in silence.
func TestUnfinished(t *testing.T) {
	t.Parallel()
	r := report.Collect(t.Context(), nil, &batchkit.Result{Jobs: []batchkit.JobResult{
		{Name: "a", ID: "1", Status: types.JobStatusSucceeded},
		{Name: "b", ID: "2", Status: types.JobStatusRunning},
		{Name: "c", ID: "3", Status: types.JobStatusPending},
	}})
	if want := "0 of 3 jobs failed, 2 not ended yet\n"; r.String() != want || r.Unfinished != 2 {
		t.Errorf("%d unfinished, report %q, want %q", r.Unfinished, r, want)
	}
}

// AWS Batch tells of no logs of pods, but by the pod's name they can be looked for elsewhere.
func TestPodOfAnAttempt(t *testing.T) {
	t.Parallel()
	r := report.Collect(t.Context(), nil, &batchkit.Result{Jobs: []batchkit.JobResult{{
		Name: "a", ID: "1", Status: types.JobStatusFailed, Detail: types.JobDetail{
			JobId: aws.String("1"), Status: types.JobStatusFailed, EksProperties: &types.EksPropertiesDetail{},
			EksAttempts: []types.EksAttemptDetail{{
				PodName: aws.String("aws-batch.x"), PodNamespace: aws.String("jobs"), StatusReason: aws.String("no"),
				InitContainers: []types.EksAttemptContainerDetail{{Name: aws.String("fetch"), ExitCode: aws.Int32(0)}},
				Containers:     []types.EksAttemptContainerDetail{{Name: aws.String("app"), ExitCode: aws.Int32(3)}},
			}},
		},
	}}})
	want := "1 of 1 jobs failed\n\na (1) FAILED\n  attempt 1, pod jobs/aws-batch.x: no\n    fetch exit code 0\n    app exit code 3\n"
	if diff := cmp.Diff(want, r.String()); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
}

func TestContainersThatNeverRan(t *testing.T) {
	t.Parallel()
	calls := 0
	absent := &logtypes.ResourceNotFoundException{Message: aws.String("The specified log stream does not exist.")}
	r := report.Collect(t.Context(), nil, &batchkit.Result{Jobs: []batchkit.JobResult{{
		Name: "a", Status: types.JobStatusFailed, Detail: types.JobDetail{Attempts: []types.AttemptDetail{
			{Container: &types.AttemptContainerDetail{LogStreamName: aws.String("s"), Reason: aws.String("CannotPullContainerError: no")}},
		}},
	}}}, report.WithLogs(failingLogs{absent, &calls}))
	if len(r.Missing) > 0 || calls != 1 {
		t.Errorf("after %d calls it is missed that a container that never ran wrote nothing: %v", calls, r.Missing)
	}
}

func TestLines(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := batchtest.Start(t)
		_, result := broken(t, s)
		heavy, _ := result.Job("heavy")
		streams := report.Streams(heavy.Detail)
		if len(streams) != 2 || streams[0].Attempt != 1 || streams[1].Attempt != 2 {
			t.Fatalf("streams %v, want one for each of two attempts", streams)
		}
		n := 0
		for line, err := range report.Lines(t.Context(), logsOf(s), streams[1]) {
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(line.Text, fmt.Sprintf("line %d of ", n)) || line.At.IsZero() {
				t.Fatalf("line %d is %q at %v", n, line.Text, line.At)
			}
			n++
		}
		if n != 30 {
			t.Errorf("%d lines, want 30", n)
		}
		for _, err := range report.Lines(t.Context(), logsOf(s), report.Stream{Group: "none", Name: "none"}) {
			var absent *logtypes.ResourceNotFoundException
			if !errors.As(err, &absent) {
				t.Errorf("a group that does not exist gives %v, want a *ResourceNotFoundException", err)
			}
		}
	})
}

// Where a container writes elsewhere, there is no stream to read.
func TestStreams(t *testing.T) {
	t.Parallel()
	to := func(driver types.LogDriver, options map[string]string) *types.LogConfiguration {
		return &types.LogConfiguration{LogDriver: driver, Options: options}
	}
	tests := []struct {
		name, reason string
		config       *types.LogConfiguration
		want         []report.Stream
	}{
		{"no configuration", "the service's default", nil, []report.Stream{{Group: "/aws/batch/job", Name: "s", Attempt: 1}}},
		{"another group", "as the options say", to(types.LogDriverAwslogs, map[string]string{"awslogs-group": "mine"}), []report.Stream{{Group: "mine", Name: "s", Attempt: 1}}},
		{"another Region", "logs of several Regions may be kept in one", to(types.LogDriverAwslogs, map[string]string{"awslogs-region": "eu-west-1"}), []report.Stream{{Group: "/aws/batch/job", Region: "eu-west-1", Name: "s", Attempt: 1}}},
		{"another driver", "that is not in CloudWatch Logs", to(types.LogDriverFluentd, nil), nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if test.name == "" || test.reason == "" {
				t.Fatal("a row needs a name and a reason")
			}
			got := report.Streams(types.JobDetail{
				Container: &types.ContainerDetail{LogConfiguration: test.config},
				Attempts:  []types.AttemptDetail{{Container: &types.AttemptContainerDetail{LogStreamName: aws.String("s")}}},
			})
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("streams (-want +got):\n%s", diff)
			}
		})
	}
}
