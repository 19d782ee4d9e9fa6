package validate

import "strings"

const maxShareIdentifier = 255

var shareLetters = alphabetOf(letters + digitLetters + "_-")

// fsRules are the rules of fair share that hold whatever the queue. Those that depend on it are in context.go.
var fsRules = []Rule{
	{
		ID: "FS003", Title: "a job with a share identifier has a priority, in its definition or of its own",
		Severity: Error, Platforms: All, Source: gitHub + "nextflow-io/nextflow/issues/3505",
		Service: "Either schedulingPriority in job definition or schedulingPriorityOverride should be specified.",
		reads:   []string{"schedulingPriority", "shareIdentifier"},
		check: onSubmission(func(p *pass, s *submission) {
			if p.queueOf(s).Scheduling == FIFO {
				return // which refuses the share identifier
			}
			if s.in.ShareIdentifier != nil && s.in.SchedulingPriorityOverride == nil && s.def != nil && s.def.SchedulingPriority == nil {
				p.fail(at("schedulingPriorityOverride"), "must be set, because there is a shareIdentifier and the definition has no schedulingPriority: give a number from 0 to %d", maxSchedulingPriority)
			}
		}),
	},
	{
		// The documents allow letters and digits only. The service also takes hyphens and underscores.
		ID: "FS004", Title: "a share identifier is 1 to 255 letters, digits, hyphens and underscores, and may end in an asterisk",
		Severity: Error, Platforms: All, Source: submitJob,
		Service: "ShareIdentifier name should match a valid pattern.",
		check: onSubmission(func(p *pass, s *submission) {
			if id := s.in.ShareIdentifier; id != nil && !validShare(*id) {
				p.fail(at("shareIdentifier"), "must be 1 to %d letters, digits, hyphens and underscores, found %s", maxShareIdentifier, excerpt(*id))
			}
		}),
	},
	{
		ID: "FS005", Title: "the share identifier of a job does not end in an asterisk",
		Severity: Warning, Platforms: All, Source: userGuide + "scheduling-policies.html",
		check: onSubmission(func(p *pass, s *submission) {
			if id := str(s.in.ShareIdentifier); validShare(id) && strings.HasSuffix(id, "*") {
				p.fail(at("shareIdentifier"), "should not end in an asterisk, which stands for many identifiers in a policy, found %s: name one share", excerpt(id))
			}
		}),
	},
	{
		ID: "FS007", Title: "schedulingPriorityOverride goes with a share identifier",
		Severity: Warning, Platforms: All, Source: submitJob,
		reads: []string{"shareIdentifier"},
		check: onSubmission(func(p *pass, s *submission) {
			if s.in.SchedulingPriorityOverride != nil && s.in.ShareIdentifier == nil {
				p.fail(at("schedulingPriorityOverride"), "has no effect without a shareIdentifier, because it orders the jobs of one share: set shareIdentifier or remove it")
			}
		}),
	},
}

var notJudgedFS = []NotJudged{
	{"FS006", "a queue has at most 500 active share identifiers", countsNoJobs},
	{"FS008", "the first use of a share identifier can fail when jobs are submitted at the same time", ofService},
}

func validShare(id string) bool {
	name := strings.TrimSuffix(id, "*")
	return name != "" && len(id) <= maxShareIdentifier && shareLetters.writes(name)
}
