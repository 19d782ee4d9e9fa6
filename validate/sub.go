package validate

import (
	"slices"
	"strconv"
	"strings"

	"github.com/batchkit/batchkit-go/batchjson"
)

const submitJob = apiReference + "API_SubmitJob.html"

// subRules are the rules of a submission by itself. Whether its queue and its definition exist shows at the service.
// Those of what it makes AWS Batch hand to Amazon ECS are in suboverrides.go, those of the state of its queue in contextrules.go.
var subRules = slices.Concat(subOverrideRules, []Rule{
	{
		ID: "SUB001", Title: "a job's name begins with a letter or digit and has 1 to 128 letters, digits, hyphens and underscores",
		Severity: Error, Platforms: All, Source: submitJob,
		Service: "Job name should match valid pattern",
		check: onSubmission(func(p *pass, s *submission) {
			if name := s.in.JobName; name != nil && !isJobName(*name) {
				p.fail(at("jobName"), "must begin with a letter or digit and be 1 to 128 letters, digits, hyphens and underscores, found %s", excerpt(*name))
			}
		}),
	},
	{
		ID: "SUB002", Title: "a submission has a job name, a queue and a definition",
		Severity: Error, Platforms: All, Source: submitJob,
		check: onSubmission(func(p *pass, s *submission) {
			for _, m := range []struct {
				member string
				value  *string
				mend   string
			}{
				{"jobName", s.in.JobName, "name the job"},
				{"jobQueue", s.in.JobQueue, "give the name or the ARN of a queue"},
				{"jobDefinition", s.in.JobDefinition, "give a name, name:revision or an ARN"},
			} {
				if m.value == nil {
					p.fail(at(m.member), "must be set: %s", m.mend)
				}
			}
		}),
	},
	{
		ID: "SUB003", Title: "a definition is named by name, name:revision or ARN",
		Severity: Error, Platforms: All, Source: submitJob,
		Service: "Provided name X is not supported pattern[a-zA-Z_0-9-]{1,128}",
		check: onSubmission(func(p *pass, s *submission) {
			if def := s.in.JobDefinition; def != nil && !named(*def, "job-definition/", isDefinitionInUse) {
				p.fail(at("jobDefinition"), "must be a name, name:revision with a number, or the ARN of a definition, found %s", excerpt(*def)).saying(excerpt(*def))
			}
		}),
	},
	{
		ID: "SUB004", Title: "a queue is named by name or ARN",
		Severity: Error, Platforms: All, Source: submitJob,
		Service: "JobQueue X not found.",
		check: onSubmission(func(p *pass, s *submission) {
			if queue := s.in.JobQueue; queue != nil && !named(*queue, "job-queue/", isResourceName) {
				p.fail(at("jobQueue"), "must be the name (1 to 128 letters, digits, hyphens and underscores) or the ARN of a queue, found %s", excerpt(*queue)).saying(excerpt(*queue))
			}
		}),
	},
	{
		ID: "SUB008", Title: "a submission has at most 30 KiB",
		Severity: Error, Platforms: All, Source: serviceLimits,
		Service: "Job size must be less than 30 KiB, got X KiB",
		check: onSubmission(func(p *pass, s *submission) {
			in := *s.in
			in.DependsOn = in.DependsOn[:min(len(in.DependsOn), maxDependencies)] // more of them are DEP001's
			if n, err := batchjson.Size(&in); err == nil && n > maxSubmissionBytes {
				p.fail(here, "must be at most %d bytes as JSON, found %d: keep large parameters in a file that the job reads", maxSubmissionBytes, n).
					saying(strconv.Itoa((n + 1023) / 1024))
			}
		}),
	},
	{
		ID: "SUB013", Title: "propagateTags of a submission takes the place of that of its definition",
		Severity: Info, Platforms: ECS | MultiNode, Source: submitJob,
		check: onSubmission(func(p *pass, s *submission) {
			if s.def != nil && s.in.PropagateTags != nil && *s.in.PropagateTags != isTrue(s.def.PropagateTags) {
				p.fail(at("propagateTags"), "is %t and takes the place of the definition's, which is %t", *s.in.PropagateTags, isTrue(s.def.PropagateTags))
			}
		}),
	},
	{
		ID: "SUB015", Title: "the priority of a job is 0 to 9999",
		Severity: Error, Platforms: All, Source: submitJob,
		Service: "Scheduling priority must be between 0 and 9999.",
		check: onSubmission(func(p *pass, s *submission) {
			if n := s.in.SchedulingPriorityOverride; n != nil && (*n < 0 || *n > 9999) {
				p.fail(at("schedulingPriorityOverride"), "must be 0 to 9999, found %d", *n)
			}
		}),
	},
})

var notJudgedSUB = []NotJudged{
	{"SUB006", "the definition exists and is active", "needs the state of the account: not decidable offline"},
	{"SUB011", "retries, timeout, tags and consumable resources of a submission are sound", "covered by the areas RTY, TMO, TAG and CR, which judge submissions too"},
	{"SUB012", "propagated tags, those of the job and those of its definition, are at most 50", "covered by JD015"},
	{"SUB014", "a submission has no client token, so that one sent again is another job", ofService},
	{"SUB016", "logs and metrics go by the name of the definition", ofService},
}

// named reports whether s is a name of the given form, or the ARN of such a resource.
func named(s, kind string, name func(string) bool) bool {
	if resource, ok := strings.CutPrefix(s, "arn:"); ok {
		_, s, ok = strings.Cut(resource, ":"+kind)
		if !ok || !strings.Contains(resource, ":batch:") {
			return false
		}
	}
	return name(s)
}

// The forms of names are looked at letter by letter: with regular expressions they took a quarter of the time that judging a plain
// submission takes.

func isJobName(s string) bool { return isResourceName(s) && s[0] != '_' && s[0] != '-' }

func isDefinitionInUse(s string) bool {
	name, revision, given := strings.Cut(s, ":")
	return isResourceName(name) && (!given || revision != "" && strings.Trim(revision, "0123456789") == "")
}

func isResourceName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-') {
			return false
		}
	}
	return 1 <= len(s) && len(s) <= 128
}
