package batchtest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/batchtest"
)

func once(o *batch.Options) { o.RetryMaxAttempts = 1 }

func submitOnce(b *bench, name string) error {
	_, err := b.Client(once).SubmitJob(context.Background(), &batch.SubmitJobInput{JobName: &name, JobQueue: aws.String("default"), JobDefinition: aws.String("app")})
	return err
}

func TestActions(t *testing.T) {
	t.Parallel()
	type row struct {
		name, reason string
		action       batchtest.Action
		code         string // of the first answer
		jobs         int    // after two requests
	}
	rows := []row{
		{"nothing", "the request is carried out", batchtest.Action{}, "", 2},
		{"pass", "the request is carried out", batchtest.Pass(), "", 2},
		{"fail", "one request is not carried out", batchtest.Fail(500, "ServerException", "no"), "ServerException", 1},
		{"reply", "one request is answered without a job", batchtest.Reply(&batch.SubmitJobOutput{JobId: aws.String("x")}), "", 1},
		{"after", "the job is there all the same", batchtest.After(func(_ context.Context, a *batchtest.Answer) { a.Fail(500, "ServerException", "no") }), "ServerException", 2},
		{"drop", "the job is there all the same", batchtest.Drop(), "dropped", 2},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		t.Parallel()
		b := start(t)
		b.define("app", batchtest.Exit(0))
		b.Intercept(func(_ context.Context, q *batchtest.Request) batchtest.Action {
			if q.Operation != "SubmitJob" {
				return batchtest.Action{}
			}
			return r.action
		})
		err := submitOnce(b, "a")
		got, _ := code(err)
		if errors.Is(err, batchtest.ErrDropped) {
			got = "dropped"
		}
		if got != r.code {
			t.Errorf("first answer %v, want code %q", err, r.code)
		}
		if err := submitOnce(b, "b"); err != nil {
			t.Errorf("second answer %v: want the interceptor used up", err)
		}
		out, err := b.client.ListJobs(t.Context(), &batch.ListJobsInput{JobQueue: aws.String("default"), Filters: []types.KeyValuesPair{{Name: aws.String("AFTER_CREATED_AT"), Values: []string{"1"}}}})
		if err != nil || len(out.JobSummaryList) != r.jobs {
			t.Errorf("%s: %v, %v; want %d jobs", r.reason, out, err, r.jobs)
		}
		if in := batchtest.Inputs[batch.SubmitJobInput](b.Server); len(in) != 2 || *in[0].JobName != "a" || *in[1].JobName != "b" {
			t.Errorf("inputs %v, want those of a and b", in)
		}
	})
}

func TestDroppedOverSocket(t *testing.T) {
	t.Parallel()
	s := batchtest.Start(t)
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.Inject(batchtest.DropAnswer(1))
	resp, err := http.Post(server.URL+"/v1/describejobqueues", "application/json", strings.NewReader("{}"))
	if err == nil {
		resp.Body.Close()
		t.Errorf("status %d, want a closed connection", resp.StatusCode)
	}
}

// Every operation of the SDK's client is known, with its types.
func TestInputsOfAllOperations(t *testing.T) {
	t.Parallel()
	s := batchtest.Start(t)
	client := reflect.TypeFor[*batch.Client]()
	tagging := map[string]string{"ListTagsForResource": "GET", "TagResource": "POST", "UntagResource": "DELETE"}
	seen := 0
	for i := range client.NumMethod() {
		m := client.Method(i)
		if m.Type.NumIn() != 4 || m.Type.In(2).Kind() != reflect.Pointer {
			continue
		}
		method, path := "POST", "/v1/"+strings.ToLower(m.Name)
		if verb, ok := tagging[m.Name]; ok {
			method, path = verb, "/v1/tags/arn?tagKeys=k"
		}
		s.Intercept(func(_ context.Context, r *batchtest.Request) batchtest.Action {
			seen++
			if in, err := r.Input(); err != nil || r.Operation != m.Name || reflect.TypeOf(in) != m.Type.In(2) {
				t.Errorf("%s came as %q, input %T, %v", m.Name, r.Operation, in, err)
			}
			return batchtest.Fail(400, "ClientException", "seen")
		})
		req, err := http.NewRequestWithContext(t.Context(), method, "http://batch"+path, strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := s.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	}
	if seen < 30 {
		t.Errorf("%d operations, want all of AWS Batch", seen)
	}
}

func TestThrottledWorkflow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := batchtest.Start(t, batchtest.WithFallback(batchtest.Image{Run: batchtest.Exit(0)}))
		s.Inject(batchtest.Throttle(2, 2).On("SubmitJob"))
		def := batchkit.Define("app", batchkit.EC2("app").VCPU(1).Memory(512))
		wf := batchkit.NewWorkflow("w")
		want := map[string]int{}
		for i := range 20 {
			name := fmt.Sprintf("job-%d", i)
			wf.Add(batchkit.Job(name, "default", def))
			want[name] = 1
		}
		plan, err := wf.Plan()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := batchkit.NewClient(s.Client()).Submit(t.Context(), plan); err != nil {
			t.Fatal(err)
		}
		got, throttled := map[string]int{}, 0
		for _, r := range s.Requests() {
			in, ok := batchtest.InputOf[batch.SubmitJobInput](&r)
			switch {
			case !ok:
			case r.Status == 200:
				got[in.Tags[batchkit.TagJob]]++
			default:
				throttled++
			}
		}
		if diff := cmp.Diff(want, got); diff != "" || throttled == 0 {
			t.Errorf("%d throttled, jobs (-want +got):\n%s", throttled, diff)
		}
	})
}

func TestViews(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := start(t)
		b.define("app", batchtest.Exit(0))
		b.Inject(batchtest.DelayVisibility(time.Minute), batchtest.ExpireFinished(time.Hour), batchtest.ReorderPages())
		id := b.submit("app")
		visible := func() int {
			out, err := b.client.DescribeJobs(t.Context(), &batch.DescribeJobsInput{Jobs: []string{id}})
			if err != nil {
				t.Fatal(err)
			}
			return len(out.Jobs)
		}
		var got []int
		for _, d := range []time.Duration{0, time.Minute, time.Hour} {
			<-time.After(d)
			got = append(got, visible())
		}
		if diff := cmp.Diff([]int{0, 1, 0}, got); diff != "" {
			t.Errorf("not there yet, there, and gone (-want +got):\n%s", diff)
		}
	})
}

func TestFaultsRepeat(t *testing.T) {
	t.Parallel()
	fates := func(seed uint64) (out string) {
		b := start(t, batchtest.WithSeed(seed))
		b.define("app", batchtest.Exit(0))
		b.Inject(batchtest.FailBefore(0.4), batchtest.FailAfter(0.4))
		for range 64 {
			_, message := code(submitOnce(b, "a"))
			out += fmt.Sprint(len(message), " ")
		}
		return out
	}
	if first, again, other := fates(1), fates(1), fates(2); first != again || first == other {
		t.Errorf("%s\n%s\n%s\nwant the same for a seed, and something else for another", first, again, other)
	}
}

func TestLosses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := start(t)
		b.define("app", batchtest.Manual())
		lost, other := b.submit("app", attempts(2)), b.submit("app")
		for _, id := range []string{lost, other} {
			if err := b.WaitFor(t.Context(), id, types.JobStatusRunning); err != nil {
				t.Fatal(err)
			}
		}
		if err := b.SpotLoss(lost); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if err := b.Finish(lost, 0); err != nil {
			t.Fatal(err)
		}
		d := b.ended(lost)
		if len(d.Attempts) != 2 || d.Status != types.JobStatusSucceeded || *d.Attempts[0].StatusReason != "Host EC2 (instance i-00000000000000001) terminated." || d.Attempts[0].Container.ExitCode != nil {
			t.Errorf("%s after %+v, want an attempt without exit code and a success", d.Status, d.Attempts)
		}
		if err := b.LoseHost(other); err != nil {
			t.Fatal(err)
		}
		if d := b.ended(other); d.Status != types.JobStatusFailed {
			t.Errorf("%s after the loss of the host", d.Status)
		}
		if err := b.SpotLoss(other); !errors.Is(err, batchtest.ErrNotRunning) {
			t.Errorf("%v, want ErrNotRunning", err)
		}
		if err := b.Finish(other, 0); !errors.Is(err, batchtest.ErrEnded) {
			t.Errorf("%v, want ErrEnded", err)
		}
	})
}

func TestFinishAndWaitFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := start(t)
		b.define("app", batchtest.Manual())
		id := b.submit("app", size(3))
		if err := b.Finish(id+":1", 7); err != nil {
			t.Fatal(err)
		}
		if err := b.WaitFor(t.Context(), id+":1", types.JobStatusFailed); err != nil {
			t.Fatal(err)
		}
		if err := b.WaitFor(t.Context(), id+":1", types.JobStatusSucceeded); !errors.Is(err, batchtest.ErrMissed) {
			t.Errorf("%v, want ErrMissed", err)
		}
		if err := b.Finish(id, 0); err != nil {
			t.Fatal(err)
		}
		d := b.ended(id)
		if d.ArrayProperties.StatusSummary["SUCCEEDED"] != 2 || d.ArrayProperties.StatusSummary["FAILED"] != 1 {
			t.Errorf("%v, want two children that succeeded and one that failed", d.ArrayProperties.StatusSummary)
		}
	})
}
