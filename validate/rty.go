package validate

import (
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

const (
	evaluateOnExit = apiReference + "API_EvaluateOnExit.html"
	jobRetries     = userGuide + "job_retries.html"

	maxAttempts       = 10
	maxEvaluateOnExit = 5
	maxPattern        = 512

	// badPattern is the service's answer to a pattern with a character that has no place there.
	badPattern = "Evaluate on exit condition contains restricted characters."
)

// rtyRules are the rules of retryStrategy, of a definition and of a submission.
var rtyRules = []Rule{
	{
		ID: "RTY001", Title: "attempts is 1 to 10",
		Severity: Error, Platforms: All, Source: apiReference + "API_RetryStrategy.html",
		Service: "RetryAttempts must be between 1 and 10.",
		check: onRetry(func(p *pass, r *types.RetryStrategy) {
			if r.Attempts != nil && (*r.Attempts < 1 || *r.Attempts > maxAttempts) {
				p.fail(at("attempts"), "must be 1 to %d, found %d", maxAttempts, *r.Attempts)
			}
		}),
	},
	{
		ID: "RTY002", Title: "a retry strategy has attempts",
		Severity: Error, Platforms: All, Source: gitHub + "apache/airflow/issues/35789",
		Service: "RetryAttempts must be provided with retry strategy.",
		check: onRetry(func(p *pass, r *types.RetryStrategy) {
			if r.Attempts == nil {
				p.fail(at("attempts"), "must be set in a retry strategy: give 1 to %d, or leave retryStrategy out", maxAttempts)
			}
		}),
	},
	{
		ID: "RTY003", Title: "evaluateOnExit has at most 5 entries",
		Severity: Error, Platforms: All, Source: jobRetries,
		check: onRetry(func(p *pass, r *types.RetryStrategy) {
			if n := len(r.EvaluateOnExit); n > maxEvaluateOnExit {
				p.fail(at("evaluateOnExit"), "must be at most %d entries, found %d: join conditions with a pattern that ends in *", maxEvaluateOnExit, n)
			}
		}),
	},
	{
		ID: "RTY004", Title: "the action of an entry is RETRY or EXIT",
		Severity: Error, Platforms: All, Source: evaluateOnExit,
		check: onExit(func(p *pass, e *types.EvaluateOnExit) {
			// One that is absent is JD022's. Letter case does not matter.
			if e.Action != "" && !does(e, types.RetryActionRetry) && !does(e, types.RetryActionExit) {
				p.fail(at("action"), "must be RETRY or EXIT, found %s", excerpt(string(e.Action)))
			}
		}),
	},
	{
		ID: "RTY005", Title: "an entry has a condition",
		Severity: Error, Platforms: All, Source: cdkPreflight + "pf-batch-jd-evaluate-on-exit-condition-required",
		Service: "EvaluateOnExit should contain at least one of onExitCode, onReason or onStatusReason.",
		check: onExit(func(p *pass, e *types.EvaluateOnExit) {
			if str(e.OnExitCode) == "" && str(e.OnReason) == "" && str(e.OnStatusReason) == "" {
				p.fail(here, `must have onExitCode, onReason or onStatusReason: give "*" to match everything`)
			}
		}),
	},
	{
		ID: "RTY006", Title: "onExitCode is digits, and a * may end it",
		Severity: Error, Platforms: All, Source: cdkPreflight + "pf-batch-jd-evaluate-on-exit-exitcode-format",
		Service: badPattern,
		check: onPattern(func(p *pass, member, pattern string, allowed func(rune) bool) {
			if member == "onExitCode" && restricted(pattern, allowed) {
				p.fail(at(member), "must be digits, and a * may end them, found %s", excerpt(pattern))
			}
		}),
	},
	{
		ID: "RTY007", Title: "onReason and onStatusReason are letters, digits, periods, colons and white space, and a * may end them",
		Severity: Error, Platforms: All, Source: evaluateOnExit,
		Service: badPattern,
		check: onPattern(func(p *pass, member, pattern string, allowed func(rune) bool) {
			if member != "onExitCode" && restricted(pattern, allowed) {
				p.fail(at(member), "must be letters, digits, periods, colons and white space, and a * may end them, found %s: put * in place of the first other character and what follows", excerpt(pattern))
			}
		}),
	},
	{
		ID: "RTY008", Title: "a pattern is at most 512 characters",
		Severity: Error, Platforms: All, Source: cdkPreflight + "pf-batch-jd-evaluate-on-exit-pattern-length",
		Service: "Evaluate on exit condition cannot exceed 512 characters.",
		check: onPattern(func(p *pass, member, pattern string, _ func(rune) bool) {
			if n := utf8.RuneCountInString(pattern); n > maxPattern {
				p.fail(at(member), "must be at most %d characters, found %d: end it early with *", maxPattern, n)
			}
		}),
	},
	{
		ID: "RTY009", Title: "a * is the last character of a pattern",
		Severity: Error, Platforms: All, Source: evaluateOnExit,
		Service: badPattern,
		check: onPattern(func(p *pass, member, pattern string, allowed func(rune) bool) {
			if star := strings.IndexByte(pattern, '*'); star >= 0 && star < len(pattern)-1 && !restricted(pattern, allowed) {
				p.fail(at(member), "must have no * but as its last character, found %s: only the start of a text can be matched", excerpt(pattern))
			}
		}),
	},
	{
		// Entries that only say EXIT are no such mistake: their author knows that the rest is retried.
		ID: "RTY010", Title: "entries that say when to retry end with one that exits on everything else",
		Severity: Warning, Platforms: All, Source: jobRetries,
		reads: []string{"action", "attempts", "onExitCode", "onReason", "onStatusReason"},
		check: onRetry(func(p *pass, r *types.RetryStrategy) {
			retries := false
			for i := range r.EvaluateOnExit {
				if catchesAll(&r.EvaluateOnExit[i]) {
					return
				}
				retries = retries || does(&r.EvaluateOnExit[i], types.RetryActionRetry)
			}
			if retries && num(r.Attempts) > 1 {
				p.fail(at("evaluateOnExit"), `should end with {"action": "EXIT", "onReason": "*"}: an attempt that matches no entry is retried, so the entries that say RETRY change nothing`)
			}
		}),
	},
	{
		ID: "RTY011", Title: "an entry that says RETRY needs more than one attempt",
		Severity: Warning, Platforms: All, Source: jobRetries,
		reads: []string{"action", "evaluateOnExit"},
		check: onRetry(func(p *pass, r *types.RetryStrategy) {
			if num(r.Attempts) != 1 {
				return
			}
			for i := range r.EvaluateOnExit {
				if does(&r.EvaluateOnExit[i], types.RetryActionRetry) {
					p.fail(at("attempts"), "should be 2 or more where evaluateOnExit says RETRY, found 1: the first attempt is also the last")
					return
				}
			}
		}),
	},
	{
		ID: "RTY012", Title: "no entry follows one that matches everything",
		Severity: Warning, Platforms: All, Source: jobRetries,
		reads: []string{"evaluateOnExit", "onExitCode", "onReason", "onStatusReason"},
		check: onRetry(func(p *pass, r *types.RetryStrategy) {
			for i := range r.EvaluateOnExit {
				if i > 0 && catchesAll(&r.EvaluateOnExit[i-1]) {
					p.fail(at("evaluateOnExit", i), "is never reached, because entry %d matches everything: move that one to the end", i-1)
					return
				}
			}
		}),
	},
	{
		ID: "RTY014", Title: "the retry strategy of a submission replaces that of the definition as a whole",
		Severity: Warning, Platforms: All, Source: apiReference + "API_SubmitJob.html",
		reads: []string{"evaluateOnExit"},
		check: onSubmission(func(p *pass, s *submission) {
			if s.def == nil || s.def.RetryStrategy == nil || s.in.RetryStrategy == nil {
				return
			}
			if len(s.def.RetryStrategy.EvaluateOnExit) > 0 && len(s.in.RetryStrategy.EvaluateOnExit) == 0 {
				p.fail(at("retryStrategy", "evaluateOnExit"), "is not taken from the definition once retryStrategy is given: repeat the definition's entries, or leave retryStrategy out")
			}
		}),
	},
}

// onPattern sees each pattern of each entry, with what its characters may be apart from *.
func onPattern(check func(p *pass, member, pattern string, allowed func(rune) bool)) onExit {
	return func(p *pass, e *types.EvaluateOnExit) {
		check(p, "onExitCode", str(e.OnExitCode), inExitCode)
		check(p, "onReason", str(e.OnReason), inReason)
		check(p, "onStatusReason", str(e.OnStatusReason), inReason)
	}
}

func inExitCode(r rune) bool { return r >= '0' && r <= '9' }

func inReason(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune(".: \t\n\v\f\r", r)
}

// restricted reports whether a pattern has a character that it may not have, wherever a * stands.
func restricted(pattern string, allowed func(rune) bool) bool {
	return strings.ContainsFunc(pattern, func(r rune) bool { return r != '*' && !allowed(r) })
}

// does compares an entry's action as the service does.
func does(e *types.EvaluateOnExit, action types.RetryAction) bool {
	return strings.EqualFold(string(e.Action), string(action))
}

// catchesAll reports whether an entry matches every attempt.
func catchesAll(e *types.EvaluateOnExit) bool {
	given := false
	for _, pattern := range []*string{e.OnExitCode, e.OnReason, e.OnStatusReason} {
		if str(pattern) == "" {
			continue
		}
		if *pattern != "*" {
			return false
		}
		given = true
	}
	return given
}
