package validate

import (
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// rtyInfoRules and tmoInfoRules are judged with [Strict] only.
var rtyInfoRules = []Rule{
	{
		ID: "RTY013", Title: "some entry of evaluateOnExit exits",
		Severity: Info, Platforms: All, Source: jobRetries,
		reads: []string{"action", "attempts"},
		check: onRetry(func(p *pass, r *types.RetryStrategy) {
			all := false
			for i := range r.EvaluateOnExit {
				if !does(&r.EvaluateOnExit[i], types.RetryActionRetry) {
					return
				}
				all = all || catchesAll(&r.EvaluateOnExit[i])
			}
			// Without an entry for everything else RTY010 says the same.
			if all && num(r.Attempts) > 1 {
				p.fail(at("evaluateOnExit"), "says RETRY for everything, which is what happens without it: leave it out, or say when to EXIT")
			}
		}),
	},
	{
		ID: "RTY016", Title: "an entry for the exit code of a signal does not catch a timeout",
		Severity: Info, Platforms: All, Source: userGuide + "job_timeouts.html",
		reads: []string{"action"},
		check: onExit(func(p *pass, e *types.EvaluateOnExit) {
			switch code := str(e.OnExitCode); {
			case !does(e, types.RetryActionRetry):
			case code == "137":
				p.fail(at("onExitCode"), "is that of a container killed by force, most often for its memory: the next attempt has no more of it, and a timeout is not retried whatever the entry says")
			case code == "143":
				p.fail(at("onExitCode"), "is that of a container told to end: a timeout is not retried whatever the entry says")
			}
		}),
	},
}

var tmoInfoRules = []Rule{
	{
		ID: "TMO002", Title: "a definition has a timeout",
		Severity: Info, Platforms: All, Source: userGuide + "job_timeouts.html",
		check: onDefinition(func(p *pass, in *batch.RegisterJobDefinitionInput) {
			if in.Timeout == nil || in.Timeout.AttemptDurationSeconds == nil {
				p.fail(at("timeout"), "is not set: an attempt that hangs runs, and costs, until somebody ends it")
			}
		}),
	},
	{
		ID: "TMO004", Title: "the timeout of a submission replaces that of the definition",
		Severity: Info, Platforms: All, Source: submitJob,
		reads: []string{"attemptDurationSeconds"},
		check: onSubmission(func(p *pass, s *submission) {
			if s.in.Timeout == nil || s.def == nil || s.def.Timeout == nil {
				return
			}
			mine, theirs := num(s.in.Timeout.AttemptDurationSeconds), num(s.def.Timeout.AttemptDurationSeconds)
			if mine > 0 && theirs > 0 && mine != theirs {
				p.fail(at("timeout", "attemptDurationSeconds"), "replaces that of the definition: %d seconds in place of %d", mine, theirs)
			}
		}),
	},
	{
		ID: "TMO005", Title: "a timeout is for one attempt, and one that it ends is not retried",
		Severity: Info, Platforms: All, Source: userGuide + "job_timeouts.html",
		reads: []string{"attempts", "retryStrategy"},
		check: onDefinition(func(p *pass, in *batch.RegisterJobDefinitionInput) {
			if in.Timeout == nil || in.RetryStrategy == nil {
				return
			}
			if seconds, n := num(in.Timeout.AttemptDurationSeconds), num(in.RetryStrategy.Attempts); seconds > 0 && n > 1 {
				p.fail(at("timeout", "attemptDurationSeconds"), "is for one attempt: %d attempts can take %d seconds in all, and one that times out is the last", n, int64(n)*int64(seconds))
			}
		}),
	},
}
