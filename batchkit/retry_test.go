package batchkit_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/batchtest"
	"github.com/batchkit/batchkit-go/internal/buildertest"
)

func entry(action types.RetryAction, exitCode, reason, statusReason string) types.EvaluateOnExit {
	e := types.EvaluateOnExit{Action: action}
	for _, m := range []struct {
		to   **string
		text string
	}{{&e.OnExitCode, exitCode}, {&e.OnReason, reason}, {&e.OnStatusReason, statusReason}} {
		if m.text != "" {
			*m.to = aws.String(m.text)
		}
	}
	return e
}

var catchAll = entry(types.RetryActionExit, "", "*", "")

// What the causes become. Each list must also pass validation, without a warning.
func TestRetryRules(t *testing.T) {
	t.Parallel()
	retry := func(exitCode, reason, statusReason string) types.EvaluateOnExit {
		return entry(types.RetryActionRetry, exitCode, reason, statusReason)
	}
	for _, row := range []struct {
		name, reason string
		rules        []types.EvaluateOnExit
		want         []types.EvaluateOnExit
		refused      string
	}{
		{"nothing", "without a cause nothing is retried", batchkit.RetryOn(), []types.EvaluateOnExit{catchAll}, ""},
		{
			"Spot", "EC2 and Fargate have each a wording of their own", batchkit.RetryOn(batchkit.SpotReclaim()),
			[]types.EvaluateOnExit{retry("", "", "Host EC2*"), retry("", "", "Your Spot Task was interrupted.*"), catchAll}, "",
		},
		{
			"overlap", "a lost host is also a Spot reclaim on EC2, and is written once",
			batchkit.RetryOn(batchkit.HostLost(), batchkit.SpotReclaim()),
			[]types.EvaluateOnExit{retry("", "", "Host EC2*"), retry("", "", "Your Spot Task was interrupted.*"), catchAll}, "",
		},
		{
			"all of the infrastructure", "the service takes five entries, and these are five",
			batchkit.RetryOn(batchkit.SpotReclaim(), batchkit.StartFailure(), batchkit.AgentFailure()),
			[]types.EvaluateOnExit{
				retry("", "", "Host EC2*"), retry("", "", "Your Spot Task was interrupted.*"),
				retry("", "", "Task failed to start*"), retry("", "AGENT", ""), catchAll,
			}, "",
		},
		{
			"memory", "the reason of the container and the exit code are different entries",
			batchkit.RetryOn(batchkit.OutOfMemory(), batchkit.Killed()),
			[]types.EvaluateOnExit{retry("", "OutOfMemoryError*", ""), retry("137", "", ""), catchAll}, "",
		},
		{
			"exit codes", "a rule for each, and one for a prefix",
			batchkit.RetryOn(batchkit.ExitCode(75, 111), batchkit.ExitCodePrefix("13"), batchkit.ImagePullFailure()),
			[]types.EvaluateOnExit{
				retry("75", "", ""), retry("111", "", ""), retry("13*", "", ""), retry("", "CannotPullContainerError*", ""), catchAll,
			}, "",
		},
		{
			"six", "one more than fits is for validation to refuse",
			batchkit.RetryOn(batchkit.ExitCode(1, 2, 3, 4, 5)),
			[]types.EvaluateOnExit{
				retry("1", "", ""), retry("2", "", ""), retry("3", "", ""), retry("4", "", ""), retry("5", "", ""), catchAll,
			}, "RTY003",
		},
		{
			"text as it was seen", "a pattern cannot hold a parenthesis",
			batchkit.RetryOn(batchkit.StatusReason("Host EC2 (instance i-0abc) terminated."), batchkit.Reason("DockerTimeoutError: x-y")),
			[]types.EvaluateOnExit{retry("", "", "Host EC2 *"), retry("", "DockerTimeoutError: x*", ""), catchAll}, "",
		},
		{
			"nothing left of a text", "a * alone would match everything, so the text stays and is refused",
			batchkit.RetryOn(batchkit.Reason("(core dumped)")),
			[]types.EvaluateOnExit{retry("", "(core dumped)", ""), catchAll}, "RTY007",
		},
		{
			"exit first", "all that is not named is retried anyway", batchkit.ExitOn(batchkit.ExitCode(2)),
			[]types.EvaluateOnExit{entry(types.RetryActionExit, "2", "", "")}, "",
		},
		{
			"exceptions", "the first match decides, so the exception comes first",
			append(batchkit.ExitOn(batchkit.ExitCode(2)), batchkit.RetryOn(batchkit.ExitCodePrefix("2"))...),
			[]types.EvaluateOnExit{entry(types.RetryActionExit, "2", "", ""), retry("2*", "", ""), catchAll}, "",
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(row.want, row.rules, buildertest.Ignore); diff != "" {
				t.Errorf("%s: -want +got\n%s", row.reason, diff)
			}
			findings := small.Retry(3, row.rules...).Check()
			if row.refused == "" && len(findings) > 0 {
				t.Errorf("%s: %v", row.reason, findings)
			}
			if row.refused != "" && (len(findings) != 1 || findings[0].Rule != row.refused) {
				t.Errorf("%s: got %v, want %s alone", row.reason, findings, row.refused)
			}
		})
	}
}

// The rules on the embedded service, which matches them as the service does.
func TestRetriesOnTheService(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, reason string
		exitCode     int    // of the container, when its image is there
		image        string // default "app"
		rules        []types.EvaluateOnExit
		attempts     int
	}{
		{name: "pull failure", reason: "the reason of the container matches", image: "lost", rules: batchkit.RetryOn(batchkit.ImagePullFailure()), attempts: 3},
		{name: "start failure", reason: "a failed pull is a task that failed to start", image: "lost", rules: batchkit.RetryOn(batchkit.StartFailure()), attempts: 3},
		{name: "no exit code", reason: "where nothing ran, no exit code matches", image: "lost", rules: batchkit.RetryOn(batchkit.ExitCodePrefix("")), attempts: 1},
		{name: "other cause", reason: "the catch-all ends what matches nothing", exitCode: 1, rules: batchkit.RetryOn(batchkit.SpotReclaim(), batchkit.ImagePullFailure()), attempts: 1},
		{name: "exit code", reason: "one of those given", exitCode: 75, rules: batchkit.RetryOn(batchkit.ExitCode(111, 75)), attempts: 3},
		{name: "killed", reason: "exit code 137", exitCode: 137, rules: batchkit.RetryOn(batchkit.Killed()), attempts: 3},
		{name: "prefix", reason: "131 begins with 13", exitCode: 131, rules: batchkit.RetryOn(batchkit.ExitCodePrefix("13")), attempts: 3},
		{name: "exit on it", reason: "the job ends with the first attempt", exitCode: 2, rules: batchkit.ExitOn(batchkit.ExitCode(2)), attempts: 1},
		{name: "exit on another", reason: "what matches nothing is retried", exitCode: 3, rules: batchkit.ExitOn(batchkit.ExitCode(2)), attempts: 3},
		{name: "status reason", reason: "the text as DescribeJobs shows it", exitCode: 1, rules: batchkit.RetryOn(batchkit.StatusReason("Essential container in task exited")), attempts: 3},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv := batchtest.Start(t)
				srv.Image("app", batchtest.Image{Run: batchtest.Exit(row.exitCode)})
				image := "app"
				if row.image != "" {
					image = row.image
				}
				def := batchkit.Define("retried", batchkit.EC2(image).VCPU(1).Memory(128)).Retry(3, row.rules...)
				if got := attempts(t, srv, def); got != row.attempts {
					t.Errorf("%d attempts, want %d: %s", got, row.attempts, row.reason)
				}
			})
		})
	}
}

// attempts runs a job that fails, and counts its attempts.
func attempts(t *testing.T, srv *batchtest.Server, def batchkit.Definition[batchkit.ContainerOverride]) int {
	t.Helper()
	plan, err := batchkit.Job("job", "default", def).Plan()
	if err != nil {
		t.Fatal(err)
	}
	run, err := batchkit.NewClient(srv.Client()).Submit(t.Context(), plan)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := run.Wait(t.Context()); err == nil {
		t.Fatal("the job succeeded")
	}
	id, _ := run.ID("job")
	out, err := srv.Client().DescribeJobs(context.WithoutCancel(t.Context()), &batch.DescribeJobsInput{Jobs: []string{id}})
	if err != nil {
		t.Fatal(err)
	}
	return len(out.Jobs[0].Attempts)
}

// A job that survives the loss of its machine, and gives up on its own mistakes.
func ExampleRetryOn() {
	def := batchkit.Define("render", batchkit.EC2("acme/render:1").VCPU(4).Memory(8*batchkit.GiB)).
		Retry(5, batchkit.RetryOn(batchkit.SpotReclaim(), batchkit.ImagePullFailure())...)

	in, err := def.Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range in.RetryStrategy.EvaluateOnExit {
		json, err := batchjson.Marshal(e)
		fmt.Println(string(json), err)
	}
	// Output:
	// {"action":"RETRY","onStatusReason":"Host EC2*"} <nil>
	// {"action":"RETRY","onStatusReason":"Your Spot Task was interrupted.*"} <nil>
	// {"action":"RETRY","onReason":"CannotPullContainerError*"} <nil>
	// {"action":"EXIT","onReason":"*"} <nil>
}
