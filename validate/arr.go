package validate

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// arrayIndex is set in the children of an array, and nowhere else.
const arrayIndex = "AWS_BATCH_JOB_ARRAY_INDEX"

// arrRules are the rules of array jobs.
var arrRules = []Rule{
	{
		ID: "ARR001", Title: "the size of an array is 2 to 10000",
		Severity: Error, Platforms: All, Source: userGuide + "array_jobs.html",
		check: onSubmission(func(p *pass, s *submission) {
			if s.in.ArrayProperties == nil || s.in.ArrayProperties.Size == nil {
				return // The service takes an empty arrayProperties, and runs a plain job.
			}
			switch size := *s.in.ArrayProperties.Size; {
			case size == 1:
				p.fail(at("arrayProperties", "size"), "must be %d to %d, found 1: submit a plain job instead, without arrayProperties", minArraySize, maxArraySize)
			case size < minArraySize:
				p.fail(at("arrayProperties", "size"), "must be %d to %d, found %d", minArraySize, maxArraySize, size)
			case size > maxArraySize:
				p.fail(at("arrayProperties", "size"), "must be %d to %d, found %d: submit several arrays", minArraySize, maxArraySize, size)
			}
		}),
	},
	{
		// No document says that the service takes such a job, or that it refuses it.
		ID: "ARR002", Title: "an array is not made of multi-node jobs",
		Severity: Warning, Platforms: MultiNode, Source: userGuide + "array_jobs.html", Uncertain: true,
		reads: []string{"nodeProperties", "type"},
		check: onSubmission(func(p *pass, s *submission) {
			if s.payload == nodePayload && isArray(s.in) {
				p.fail(at("arrayProperties"), "should be absent for a multi-node definition: no document says that the two go together, submit the jobs one by one")
			}
		}),
	},
	{
		ID: "ARR003", Title: "a command that reads AWS_BATCH_JOB_ARRAY_INDEX runs in an array",
		Severity: Warning, Platforms: All, Source: userGuide + "job_env_vars.html",
		reads: []string{"arrayProperties", "command", "containerOverrides", "ecsPropertiesOverride"},
		check: onSubmission(func(p *pass, s *submission) {
			if !isArray(s.in) && readsIndex(s) {
				p.fail(at("arrayProperties"), "should be set, because the command reads "+arrayIndex+", which only the children of an array have: give a size, or a default in the command as in ${"+arrayIndex+":-0}")
			}
		}),
	},
	{
		ID: "ARR004", Title: "the children of an array differ by their index only",
		Severity: Info, Platforms: All, Source: userGuide + "array_jobs.html",
		check: onSubmission(func(p *pass, s *submission) {
			if n := arraySize(s.in); n >= minArraySize && n <= maxArraySize {
				p.fail(at("arrayProperties", "size"), "makes %d children, numbered 0 to %d, with the same definition, overrides, timeout and retries: each finds its share of the work by "+arrayIndex, n, n-1)
			}
		}),
	},
	{
		ID: "ARR005", Title: "the children of an array make at most size times attempts runs",
		Severity: Info, Platforms: All, Source: userGuide + "job_retries.html",
		reads: []string{"attempts", "retryStrategy"},
		check: onSubmission(func(p *pass, s *submission) {
			if n, attempts := arraySize(s.in), attemptsOf(s); n >= minArraySize && attempts > 1 {
				p.fail(at("arrayProperties", "size"), "makes up to %d attempts in all, %d for each of %d children", int64(n)*int64(attempts), attempts, n)
			}
		}),
	},
}

// attemptsOf is how often a job is tried; 0 when neither the submission nor a known definition says it.
func attemptsOf(s *submission) int32 {
	if s.in.RetryStrategy != nil {
		return num(s.in.RetryStrategy.Attempts)
	}
	if s.def != nil && s.def.RetryStrategy != nil {
		return num(s.def.RetryStrategy.Attempts)
	}
	return 0
}

// isArray reports whether a submission asks for an array, be its size right or wrong.
func isArray(in *batch.SubmitJobInput) bool {
	return in.ArrayProperties != nil && in.ArrayProperties.Size != nil
}

// arraySize is the size of the array that a submission, which may be nil, asks for; 0 for a plain job.
func arraySize(in *batch.SubmitJobInput) int32 {
	if in == nil || in.ArrayProperties == nil {
		return 0
	}
	return num(in.ArrayProperties.Size)
}

// readsIndex reports whether a command that the job will run reads the index of an array's child.
// The containers of an ECS task and of nodes are judged only where the submission gives the command.
func readsIndex(s *submission) bool {
	if o := s.in.ContainerOverrides; o != nil && len(o.Command) > 0 {
		return commandReadsIndex(o.Command)
	}
	if s.payload == containerPayload && commandReadsIndex(s.def.ContainerProperties.Command) {
		return true
	}
	return s.in.EcsPropertiesOverride != nil && overrideReadsIndex(s.in.EcsPropertiesOverride)
}

func overrideReadsIndex(o *types.EcsPropertiesOverride) bool {
	for i := range o.TaskProperties {
		for j := range o.TaskProperties[i].Containers {
			if commandReadsIndex(o.TaskProperties[i].Containers[j].Command) {
				return true
			}
		}
	}
	return false
}

// commandReadsIndex reports whether a shell would find the variable in the command, with no default beside it.
func commandReadsIndex(command []string) bool {
	return slices.ContainsFunc(command, func(arg string) bool {
		return strings.Contains(arg, "$"+arrayIndex) || strings.Contains(arg, "${"+arrayIndex+"}")
	})
}
