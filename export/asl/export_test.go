package asl_test

import (
	"slices"
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
	"github.com/batchkit/batchkit-go/export/asl"
	"github.com/batchkit/batchkit-go/export/asl/asltest"
	"github.com/batchkit/batchkit-go/internal/golden"
)

// service starts the embedded service and registers the definitions of a plan.
func service(t *testing.T, plan *batchkit.Plan) (*batchtest.Server, *batch.Client) {
	t.Helper()
	return serviceWith(t, plan, batchtest.Pace{Runnable: time.Minute})
}

func serviceWith(t *testing.T, plan *batchkit.Plan, pace batchtest.Pace) (*batchtest.Server, *batch.Client) {
	t.Helper()
	srv := batchtest.Start(t, batchtest.WithPace(pace))
	for image, code := range map[string]int{"ok": 0, "bad": 7} {
		srv.Image(image, batchtest.Image{Run: batchtest.Exit(code)})
	}
	client := srv.Client()
	for _, def := range plan.Definitions {
		if _, err := client.RegisterJobDefinition(t.Context(), def); err != nil {
			t.Fatal(err)
		}
	}
	return srv, client
}

func export(t *testing.T, w *batchkit.Workflow, opts asl.Options) (*batchkit.Plan, *asl.Machine) {
	t.Helper()
	plan, err := w.Plan()
	if err != nil {
		t.Fatal(err)
	}
	m, _, err := asl.Export(plan, opts)
	if err != nil {
		t.Fatal(err)
	}
	return plan, m
}

type run struct {
	name, reason string
	workflow     *batchkit.Workflow
	opts         asl.Options
	jobs         []string // all that were submitted, by the name of their step, sorted
	err, cause   string   // cause: a part of it
}

func runs() []run {
	return []run{
		{name: "kinds", reason: "every kind of job runs to its end, in its place", workflow: kinds(),
			jobs: []string{"multi", "nodes", "pod", "single"}},
		{name: "kinds-native", reason: "AWS Batch keeps the order", workflow: kinds(), opts: asl.Options{Native: true},
			jobs: []string{"multi", "nodes", "pod", "single"}},
		{name: "zigzag", reason: "no edge is lost where the order has no simple structure", workflow: zigzag(),
			jobs: []string{"b", "c", "d", "e"}},
		{name: "arrays", reason: "N_TO_N is native, and what stands between comes along", workflow: arrays(),
			jobs: []string{"a", "b", "between", "first", "last"}},
		{name: "arrays-keepgoing", reason: "jobs that are tied keep their outcomes apart", workflow: arrays(), opts: asl.Options{KeepGoing: true},
			jobs: []string{"a", "b", "between", "first", "last"}},
		{name: "arrays-failing", reason: "what is tied fails with it, and what waits for that does not start", workflow: arraysOf(single, multiBad), opts: asl.Options{KeepGoing: true},
			jobs: []string{"a", "b", "between", "first"}, err: "batchkit.JobsFailed", cause: `"last":{"Cause":"a job that it waits for did not succeed","Error":"batchkit.NotStarted"}`},
		{name: "arrays-not-started", reason: "jobs that are tied do not start after a failure", workflow: arraysOf(broken, multi), opts: asl.Options{KeepGoing: true},
			jobs: []string{"first"}, err: "batchkit.JobsFailed", cause: `"first":{"Error":"States.TaskFailed"}`},
		{name: "gated", reason: "gates open by what became of jobs, and the execution fails in the end", workflow: gated(),
			jobs: []string{"alarm", "clean-up", "other", "work"}, err: "batchkit.JobsFailed", cause: `"work":{"Cause":"Essential container in task exited"`},
		{name: "fallback", reason: "what was not needed has not failed", workflow: fallback(), jobs: []string{"first"}},
		{name: "failure", reason: "the first failure ends the execution, with the job's status reason", workflow: failing(),
			jobs: []string{"a"}, err: "batchkit.JobFailed", cause: "a: Essential container in task exited"},
		{name: "failure-sync", reason: "a .sync task fails with the job's description", workflow: failingSync(),
			jobs: []string{"a"}, err: "States.TaskFailed", cause: `"StatusReason":"Essential container in task exited"`},
		{name: "failure-native", reason: "what waits for a failed job fails, and the first failure is told", workflow: failing(), opts: asl.Options{Native: true},
			jobs: []string{"a", "b"}, err: "batchkit.JobFailed", cause: "a: Essential container in task exited"},
	}
}

func failing() *batchkit.Workflow {
	w := batchkit.NewWorkflow("failing")
	a := w.Add(batchkit.Job("a", queue, multiBad))
	w.Add(batchkit.Job("b", queue, multi), batchkit.After(a))
	return w
}

func failingSync() *batchkit.Workflow {
	w := batchkit.NewWorkflow("failing")
	a := w.Add(batchkit.Job("a", queue, broken))
	w.Add(batchkit.Job("b", queue, single), batchkit.After(a))
	return w
}

var languages = []asl.Language{asl.JSONPath, asl.JSONata}

// What is exported runs: in the right order, each job once, and with the right end.
func TestRuns(t *testing.T) {
	t.Parallel()
	for _, test := range runs() {
		for _, language := range languages {
			t.Run(test.name+"/"+string(language), func(t *testing.T) {
				t.Parallel()
				opts := test.opts
				opts.Language = language
				plan, m := export(t, test.workflow, opts)
				golden.Check(t, "testdata/"+test.name+"."+string(language)+".json", m.JSON())
				synctest.Test(t, func(t *testing.T) {
					_, client := service(t, plan)
					e, err := asltest.Run(t.Context(), client, m.JSON(), nil)
					if err != nil {
						t.Fatal(err)
					}
					if e.Error != test.err || !strings.Contains(e.Cause, test.cause) {
						t.Errorf("%s: ended with %s: %s", test.reason, e.Error, e.Cause)
					}
					jobs := submitted(t, client)
					if diff := cmp.Diff(test.jobs, names(jobs)); diff != "" {
						t.Errorf("%s: jobs: -want +got\n%s", test.reason, diff)
					}
					ordered(t, plan, jobs)
				})
			})
		}
	}
}

// submitted returns the jobs that were submitted, each as often as it was, by the names of their steps.
func submitted(t *testing.T, client *batch.Client) map[string][]types.JobDetail {
	t.Helper()
	listed, err := client.ListJobs(t.Context(), &batch.ListJobsInput{
		JobQueue: aws.String(queue), Filters: []types.KeyValuesPair{{Name: aws.String("JOB_NAME"), Values: []string{"*"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	jobs := map[string][]types.JobDetail{}
	for _, l := range listed.JobSummaryList {
		out, err := client.DescribeJobs(t.Context(), &batch.DescribeJobsInput{Jobs: []string{aws.ToString(l.JobId)}})
		if err != nil {
			t.Fatal(err)
		}
		name := out.Jobs[0].Tags["batchkit:job"]
		if run := out.Jobs[0].Tags["batchkit:run"]; aws.ToString(l.JobName) != run+"-"+name {
			t.Errorf("the job %s is called %s in the run %s", name, aws.ToString(l.JobName), run)
		}
		jobs[name] = append(jobs[name], out.Jobs[0])
	}
	return jobs
}

// names are the names of jobs, each as often as it was submitted.
func names(jobs map[string][]types.JobDetail) []string {
	out := []string{}
	for name, list := range jobs {
		for range list {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// ordered fails the test if a job started before one that it waits for had ended.
func ordered(t *testing.T, plan *batchkit.Plan, jobs map[string][]types.JobDetail) {
	t.Helper()
	for _, s := range plan.Steps {
		for _, own := range jobs[s.Name] {
			if own.StartedAt == nil {
				continue
			}
			for _, d := range s.DependsOn {
				if d.On == "" || d.Type != "" {
					continue
				}
				on := jobs[d.On]
				if len(on) == 0 || on[0].StoppedAt == nil || *on[0].StoppedAt > *own.StartedAt {
					t.Errorf("%s started before %s had ended", s.Name, d.On)
				}
			}
		}
	}
}
