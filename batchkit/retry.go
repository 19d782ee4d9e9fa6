package batchkit

import (
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// Cause is a reason for which an attempt fails, for [RetryOn] and [ExitOn]. It stands for one entry of evaluateOnExit,
// or for several where the service has several wordings. The zero value stands for none.
type Cause struct{ patterns []pattern }

// pattern is one entry without its action; exactly one member is set.
type pattern struct{ exitCode, reason, statusReason string }

// RetryOn returns rules for [Definition.Retry] that retry an attempt that failed for one of these causes, and end the
// job for any other: the last rule is the catch-all EXIT, without which the service retries what matches nothing.
//
// The first rule that matches decides. There is room for five, the catch-all included; [Definition.Build] refuses more
// (RTY003). See https://docs.aws.amazon.com/batch/latest/userguide/job_retries.html.
func RetryOn(causes ...Cause) []types.EvaluateOnExit {
	return append(rules(types.RetryActionRetry, causes), pattern{reason: "*"}.entry(types.RetryActionExit))
}

// ExitOn returns rules for [Definition.Retry] that end the job when an attempt failed for one of these causes. Any other
// failure is retried, which is what the service does when no rule matches; so there is no catch-all.
//
// Put them before those of [RetryOn] to make exceptions:
//
//	Retry(5, append(batchkit.ExitOn(batchkit.ExitCode(2)), batchkit.RetryOn(batchkit.ExitCodePrefix("2"))...)...)
func ExitOn(causes ...Cause) []types.EvaluateOnExit {
	return rules(types.RetryActionExit, causes)
}

// SpotReclaim is the loss of Spot capacity, on EC2 as on Fargate. It takes two rules: those of [HostLost] and of
// [FargateSpotReclaim]. Where all compute environments of the queue are of one platform, that one's rule is enough.
func SpotReclaim() Cause { return join(HostLost(), FargateSpotReclaim()) }

// HostLost is the loss of the EC2 instance, to a Spot reclaim or otherwise. It matches the status reason
// "Host EC2 (instance i-0123456789abcdef0) terminated." by "Host EC2*", because patterns cannot hold parentheses.
// See https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_batch.Reason.html.
func HostLost() Cause { return one(pattern{statusReason: "Host EC2*"}) }

// FargateSpotReclaim is the loss of Fargate Spot capacity. It matches the status reason
// "Your Spot Task was interrupted.". See https://github.com/nextflow-io/nextflow/issues/5786.
func FargateSpotReclaim() Cause {
	return one(pattern{statusReason: "Your Spot Task was interrupted.*"})
}

// ImagePullFailure is an image that could not be pulled. It matches the container's reason
// "CannotPullContainerError: …"; the status reason is then "Task failed to start".
// See https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html and
// https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_batch.Reason.html.
func ImagePullFailure() Cause { return one(pattern{reason: "CannotPullContainerError*"}) }

// StartFailure is a task that ended before its containers ran, for whatever reason, a failed pull of the image included.
// It matches the status reason "Task failed to start".
// See https://docs.aws.amazon.com/batch/latest/userguide/job_retries.html.
func StartFailure() Cause { return one(pattern{statusReason: "Task failed to start*"}) }

// AgentFailure is a fault of the container agent on the instance. It matches the container's reason "AGENT".
// See https://docs.aws.amazon.com/batch/latest/userguide/job_retries.html.
func AgentFailure() Cause { return one(pattern{reason: "AGENT"}) }

// OutOfMemory is a container that took more memory than it may. It matches the container's reason
// "OutOfMemoryError: Container killed due to memory usage". If only a child process was killed, the container has
// that reason no more; its exit code is often 137 all the same: see [Killed].
// See https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html.
func OutOfMemory() Cause { return one(pattern{reason: "OutOfMemoryError*"}) }

// Killed is a container that ended by SIGKILL, with exit code 137: for want of memory, or because it did not stop when
// asked. An attempt that ran into its timeout is never retried, whatever the rules.
// See https://docs.aws.amazon.com/batch/latest/userguide/job_timeouts.html.
func Killed() Cause { return ExitCode(137) }

// ExitCode is a container that ended with one of these exit codes. It takes one rule for each. In a job of several
// containers it is the code of one that is essential.
func ExitCode(codes ...int) Cause {
	c := Cause{}
	for _, code := range codes {
		c.patterns = append(c.patterns, pattern{exitCode: strconv.Itoa(code)})
	}
	return c
}

// ExitCodePrefix is a container whose exit code begins with these digits: "13" is 13 and 130 to 139. It takes one rule.
// An empty prefix is every exit code, but not an attempt that has none, because its host was lost for instance.
func ExitCodePrefix(digits string) Cause { return one(pattern{exitCode: digits + "*"}) }

// Reason is a container whose reason is this text, as DescribeJobs shows it in container.reason. A * at the end stands
// for anything. Patterns are letters, digits, periods, colons and white space: a text that holds another character is
// cut before it, and a * takes the place of the rest.
// See https://docs.aws.amazon.com/batch/latest/APIReference/API_EvaluateOnExit.html.
func Reason(text string) Cause { return one(pattern{reason: fit(text)}) }

// StatusReason is an attempt whose status reason is this text, as DescribeJobs shows it in statusReason. For the pattern
// see [Reason].
func StatusReason(text string) Cause { return one(pattern{statusReason: fit(text)}) }

func one(p pattern) Cause { return Cause{[]pattern{p}} }

func join(causes ...Cause) Cause {
	all := Cause{}
	for _, c := range causes {
		all.patterns = append(all.patterns, c.patterns...)
	}
	return all
}

// rules writes each pattern once: two causes may have one in common, and room is short.
func rules(action types.RetryAction, causes []Cause) []types.EvaluateOnExit {
	var seen []pattern
	var out []types.EvaluateOnExit
	for _, p := range join(causes...).patterns {
		if !slices.Contains(seen, p) {
			seen = append(seen, p)
			out = append(out, p.entry(action))
		}
	}
	return out
}

func (p pattern) entry(action types.RetryAction) types.EvaluateOnExit {
	e := types.EvaluateOnExit{Action: action}
	switch {
	case p.exitCode != "":
		e.OnExitCode = &p.exitCode
	case p.reason != "":
		e.OnReason = &p.reason
	default:
		e.OnStatusReason = &p.statusReason
	}
	return e
}

// fit cuts a text at the first character that a pattern cannot hold. A text that begins with one stays as it is, for
// validation to refuse: cut, it would match everything.
func fit(text string) string {
	bad := strings.IndexFunc(text, func(r rune) bool {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		return !letter && (r < '0' || r > '9') && !strings.ContainsRune(".: \t\n\v\f\r", r)
	})
	if bad <= 0 {
		return text
	}
	return text[:bad] + "*"
}
