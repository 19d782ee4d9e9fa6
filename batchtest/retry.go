package batchtest

import (
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// A retry is a strategy, with its defaults filled in.
type retry struct {
	attempts int
	rules    []types.EvaluateOnExit
}

func newRetry(in *types.RetryStrategy) retry {
	if in == nil || in.Attempts == nil {
		return retry{attempts: 1}
	}
	return retry{attempts: int(*in.Attempts), rules: in.EvaluateOnExit}
}

func (r retry) detail() *types.RetryStrategy {
	return &types.RetryStrategy{Attempts: aws.Int32(int32(r.attempts)), EvaluateOnExit: orEmpty(r.rules)}
}

// again reports whether another attempt follows after so many that failed. The
// first rule whose conditions all hold decides; when there is none, the
// service tries again.
func (r retry) again(made int, e ending, statusReason string) bool {
	if made >= r.attempts {
		return false
	}
	for _, rule := range r.rules {
		if rule.OnExitCode != nil && !(e.exited && matches(*rule.OnExitCode, strconv.Itoa(int(e.code)))) ||
			rule.OnReason != nil && !matches(*rule.OnReason, e.reason) ||
			rule.OnStatusReason != nil && !matches(*rule.OnStatusReason, statusReason) {
			continue
		}
		return strings.EqualFold(string(rule.Action), string(types.RetryActionRetry))
	}
	return true
}

// matches reports whether text is the pattern, or begins with it where the
// pattern ends in an asterisk.
func matches(pattern, text string) bool {
	if prefix, ok := strings.CutSuffix(pattern, "*"); ok {
		return strings.HasPrefix(text, prefix)
	}
	return pattern == text
}
