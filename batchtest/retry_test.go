package batchtest_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchtest"
)

func TestEvaluateOnExit(t *testing.T) {
	t.Parallel()
	rule := func(action, code, reason, status string) types.EvaluateOnExit {
		e := types.EvaluateOnExit{Action: types.RetryAction(action)}
		for _, m := range []struct {
			to    **string
			value string
		}{{&e.OnExitCode, code}, {&e.OnReason, reason}, {&e.OnStatusReason, status}} {
			if m.value != "" {
				*m.to = aws.String(m.value)
			}
		}
		return e
	}
	type row struct {
		name, reason string
		image        string // "lost" cannot be pulled; others exit with 12
		rules        []types.EvaluateOnExit
		attempts     int // of 3
	}
	rows := []row{
		{"none", "any failure is retried", "app", nil, 3},
		{"no match", "what no rule matches is retried", "app", []types.EvaluateOnExit{rule("EXIT", "13", "", "")}, 3},
		{"first match", "the first rule that matches decides", "app", []types.EvaluateOnExit{rule("EXIT", "12", "", ""), rule("RETRY", "1*", "", "")}, 1},
		{"order", "a rule before it would decide otherwise", "app", []types.EvaluateOnExit{rule("RETRY", "1*", "", ""), rule("EXIT", "12", "", "")}, 3},
		{"prefix", "an asterisk at the end", "app", []types.EvaluateOnExit{rule("exit", "1*", "", "")}, 1},
		{"exact", "without an asterisk the whole must match", "app", []types.EvaluateOnExit{rule("EXIT", "1", "", "")}, 3},
		{"all conditions", "one that fails is enough for no match", "app", []types.EvaluateOnExit{rule("EXIT", "12", "OutOfMemory*", "")}, 3},
		{"status reason", "that of the attempt", "app", []types.EvaluateOnExit{rule("EXIT", "12", "", "Essential container*")}, 1},
		{"container reason", "that of the container", "lost", []types.EvaluateOnExit{rule("EXIT", "", "CannotPullContainerError:*", "Task failed to start")}, 1},
		{"no exit code", "a condition on it cannot match", "lost", []types.EvaluateOnExit{rule("EXIT", "*", "", "")}, 3},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		t.Parallel()
		b := start(t)
		b.define("app", batchtest.Exit(12), func(in *batch.RegisterJobDefinitionInput) { in.ContainerProperties.Image = aws.String(r.image) })
		d := b.ended(b.submit("app", attempts(3, r.rules...)))
		if d.Status != types.JobStatusFailed || len(d.Attempts) != r.attempts {
			t.Errorf("%s: %s after %d attempts, want FAILED after %d", r.reason, d.Status, len(d.Attempts), r.attempts)
		}
	})
}

func TestFallback(t *testing.T) {
	t.Parallel()
	b := start(t, batchtest.WithFallback(batchtest.Image{Run: batchtest.Exit(0)}))
	b.define("app", batchtest.Exit(1), func(in *batch.RegisterJobDefinitionInput) { in.ContainerProperties.Image = aws.String("unknown") })
	if d := b.ended(b.submit("app")); d.Status != types.JobStatusSucceeded {
		t.Errorf("%s, want the fallback to succeed", d.Status)
	}
}
