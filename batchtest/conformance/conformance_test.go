package conformance_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchtest"
	"github.com/batchkit/batchkit-go/batchtest/conformance"
)

// box does what the default commands do.
var box = batchtest.Func(func(ctx context.Context, c *batchtest.Container) int {
	switch c.Command()[0] {
	case "false":
		return 1
	case "sleep":
		<-ctx.Done()
		return 143
	}
	return 0
})

func start(t *testing.T) *batchtest.Server {
	s := batchtest.Start(t)
	s.Image("busybox", batchtest.Image{Run: box})
	return s
}

func TestEmbedded(t *testing.T) {
	t.Parallel()
	conformance.Run(t, start(t).Client(), conformance.Config{Poll: time.Millisecond, Timeout: time.Minute})
}

// What a check has made is gone when it is over.
func TestCleanUp(t *testing.T) {
	t.Parallel()
	for _, c := range conformance.Checks() {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := start(t)
				if err := c.Run(t.Context(), s.Client(), conformance.Config{}); err != nil {
					t.Error(err)
				}
				synctest.Wait() // containers that were terminated end
				client := s.Client()
				for _, status := range []types.JobStatus{"SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING"} {
					out, err := client.ListJobs(t.Context(), &batch.ListJobsInput{JobQueue: aws.String("default"), JobStatus: status})
					if err != nil || len(out.JobSummaryList) > 0 {
						t.Errorf("%d jobs are %s, %v; want none", len(out.JobSummaryList), status, err)
					}
				}
				out, err := client.DescribeJobDefinitions(t.Context(), &batch.DescribeJobDefinitionsInput{Status: aws.String("ACTIVE")})
				if err != nil || len(out.JobDefinitions) > 0 {
					t.Errorf("%d definitions are ACTIVE, %v; want none", len(out.JobDefinitions), err)
				}
			})
		})
	}
}

// A defect is a service that does one thing wrong.
type defect func(*batchtest.Server)

// answers changes every answer of an operation.
func answers[Out any](operation string, change func(*Out)) defect {
	return on(operation, batchtest.After(func(_ context.Context, a *batchtest.Answer) {
		if out, err := a.Output(); err == nil {
			change(out.(*Out))
			a.Reply(out)
		}
	}))
}

// on has something happen to every request for an operation.
func on(operation string, action batchtest.Action) defect {
	return func(s *batchtest.Server) {
		s.Intercept(func(_ context.Context, r *batchtest.Request) batchtest.Action {
			if r.Operation != operation {
				return batchtest.Action{}
			}
			return action
		}, batchtest.Keep())
	}
}

// details changes each job that is described.
func details(change func(*types.JobDetail)) defect {
	return answers("DescribeJobs", func(out *batch.DescribeJobsOutput) {
		for i := range out.Jobs {
			change(&out.Jobs[i])
		}
	})
}

func TestDefects(t *testing.T) {
	t.Parallel()
	rows := []struct {
		name, reason, check string
		defect              defect
		want                string
	}{
		{"one revision", "the second is 2", "revisions",
			answers("RegisterJobDefinition", func(out *batch.RegisterJobDefinitionOutput) { out.Revision = aws.Int32(1) }), "made revision 1"},
		{"always active", "a deregistered one is not", "revisions",
			answers("DescribeJobDefinitions", func(out *batch.DescribeJobDefinitionsOutput) {
				for i := range out.JobDefinitions {
					out.JobDefinitions[i].Status = aws.String("ACTIVE")
				}
			}), "revision 1 is ACTIVE after"},
		{"all registered", "nothing is refused", "registration-refused",
			on("RegisterJobDefinition", batchtest.Reply(&batch.RegisterJobDefinitionOutput{JobDefinitionName: aws.String("x"), JobDefinitionArn: aws.String("arn:aws:batch:us-east-1:123456789012:job-definition/x:1"), Revision: aws.Int32(1)})),
			"11 attempts was accepted"},
		{"another code", "clients look at the code", "registration-refused",
			on("RegisterJobDefinition", batchtest.Fail(400, "ValidationException", "no")), "want ClientException"},
		{"all submitted", "nothing is refused", "submission-refused",
			on("SubmitJob", batchtest.Reply(&batch.SubmitJobOutput{JobId: aws.String("x"), JobName: aws.String("x")})), "21 dependencies was accepted"},
		{"a name for an ARN", "jobQueue is an ARN", "success", details(func(d *types.JobDetail) { d.JobQueue = aws.String("default") }), "want an ARN"},
		{"seconds", "times are milliseconds, in order", "success", details(func(d *types.JobDetail) { d.CreatedAt = aws.Int64(1 << 60) }), "created, started and stopped"},
		{"no such job", "it failed", "success", details(func(d *types.JobDetail) { d.Status = types.JobStatusFailed }), "want SUCCEEDED"},
		{"own words", "programs compare the reason", "failure", details(func(d *types.JobDetail) { d.StatusReason = aws.String("boom") }), `the status reason is "boom"`},
		{"no exit code", "it is 1", "failure", details(func(d *types.JobDetail) {
			if d.Container != nil {
				d.Container.ExitCode = nil
			}
		}), "has no exit code"},
		{"refused", "it is accepted", "late-failure", on("SubmitJob", batchtest.Fail(400, "ClientException", "too long")), "too long"},
		{"other words", "programs compare the reason", "late-failure", details(func(d *types.JobDetail) { d.StatusReason = aws.String("boom") }), `the status reason is "boom"`},
		{"no overrides", "the job's variables count", "overrides", details(func(d *types.JobDetail) { d.Container.Environment = nil }), "variable ADDED"},
		{"no substitution", "references become values", "parameters", details(func(d *types.JobDetail) { d.Container.Command = []string{"true", "Ref::first"} }), "references in the command"},
		{"one attempt", "both are kept", "retry", details(func(d *types.JobDetail) { d.Attempts = d.Attempts[:min(len(d.Attempts), 1)] }), "has 1 attempts, want 2"},
		{"retried all the same", "EXIT ends it", "evaluate-on-exit", details(func(d *types.JobDetail) { d.Attempts = append(d.Attempts, d.Attempts...) }), "has 2 attempts, want 1"},
		{"no summary", "watchers count by it", "array", details(func(d *types.JobDetail) {
			if d.ArrayProperties != nil {
				d.ArrayProperties.StatusSummary = nil
			}
		}), "the summary of array"},
		{"forgotten dependency", "it is shown", "dependency", details(func(d *types.JobDetail) { d.DependsOn = nil }), "dependsOn does not name"},
		{"too early", "it starts afterwards", "dependency", details(func(d *types.JobDetail) { d.StartedAt = aws.Int64(1) }), "before the one it depends on"},
		{"ran all the same", "it must not", "failed-dependency", details(func(d *types.JobDetail) { d.StartedAt = aws.Int64(1) }), "it ran"},
		{"children too early", "each waits for its counterpart", "n-to-n", details(func(d *types.JobDetail) { d.StartedAt = aws.Int64(1) }), "before its counterpart"},
		{"not cancelled", "CancelJob does something", "cancel", on("CancelJob", batchtest.Reply(&batch.CancelJobOutput{})), "not after 15m0s"},
		{"not terminated", "it is told from a failure", "terminate", details(func(d *types.JobDetail) { d.IsTerminated = nil }), "isTerminated is not true"},
		{"empty lists", "the job is in them", "list", answers("ListJobs", func(out *batch.ListJobsOutput) { out.JobSummaryList = nil }), "the list by RUNNING: not after"},
		{"filter without effect", "others are not in it", "list", func(s *batchtest.Server) {
			var all *batch.ListJobsOutput
			answers("ListJobs", func(out *batch.ListJobsOutput) {
				if len(out.JobSummaryList) > 0 {
					all = out
				}
				*out = *all
			})(s)
		}, "the list by FAILED: not after"},
		{"one page", "the others are lost", "pages", answers("ListJobs", func(out *batch.ListJobsOutput) { out.NextToken = nil }), "found 1 of 3"},
		{"twice the same", "each is there once", "pages", answers("ListJobs", func(out *batch.ListJobsOutput) {
			for i := range out.JobSummaryList {
				out.JobSummaryList[i].JobId = aws.String("x")
			}
		}), "the pages have [x x x]"},
		{"tags stay", "UntagResource does something", "tags", on("UntagResource", batchtest.Reply(&batch.UntagResourceOutput{})), "the tags that were changed: not after"},
		{"an error for none", "the list is empty", "unknown", on("DescribeJobs", batchtest.Fail(400, "ClientException", "no such job")), "no such job"},
	}
	found := map[string]bool{}
	for _, r := range rows {
		if r.name == "" || r.reason == "" {
			t.Fatal("a row needs a name and a reason")
		}
		found[r.check] = true
		t.Run(r.check+"/"+r.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := start(t)
				r.defect(s)
				i := slices.IndexFunc(conformance.Checks(), func(c conformance.Check) bool { return c.Name == r.check })
				if i < 0 {
					t.Fatalf("there is no check %q", r.check)
				}
				err := conformance.Checks()[i].Run(t.Context(), s.Client(), conformance.Config{})
				if err == nil || !strings.Contains(err.Error(), r.want) {
					t.Errorf("the check says %v, want %q: %s", err, r.want, r.reason)
				}
			})
		})
	}
	for _, c := range conformance.Checks() {
		if !found[c.Name] {
			t.Errorf("no row shows that the check %q can fail", c.Name)
		}
	}
}

func TestContext(t *testing.T) {
	t.Parallel()
	s := start(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range conformance.Checks() {
		if err := c.Run(ctx, s.Client(), conformance.Config{}); err == nil {
			t.Errorf("%s: no error although its context is over", c.Name)
		}
	}
}
