package validate

import "github.com/aws/aws-sdk-go-v2/service/batch/types"

// minTimeout is the shortest timeout in seconds. There is no longest.
const minTimeout = 60

// tmoRules are the rules of timeout, of a definition and of a submission.
var tmoRules = []Rule{
	{
		ID: "TMO001", Title: "attemptDurationSeconds is at least 60",
		Severity: Error, Platforms: All, Source: userGuide + "job_timeouts.html",
		Service: "AttemptDurationSeconds in Timeout must be at least 60 seconds.",
		check: onTimeout(func(p *pass, t *types.JobTimeout) {
			if t.AttemptDurationSeconds != nil && *t.AttemptDurationSeconds < minTimeout {
				p.fail(at("attemptDurationSeconds"), "must be at least %d seconds, found %d: leave timeout out to have none", minTimeout, *t.AttemptDurationSeconds)
			}
		}),
	},
}
