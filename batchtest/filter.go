package batchtest

import (
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// filter returns the test that a filter of ListJobs makes. The caller of the
// test holds mu.
func (s *Server) filter(f types.KeyValuesPair) (func(*job) bool, error) {
	name := aws.ToString(f.Name)
	value, err := onlyValue(f)
	if err != nil {
		return nil, err
	}
	switch name {
	case "JOB_NAME":
		pattern := strings.ToLower(value)
		return func(j *job) bool { return matches(pattern, strings.ToLower(j.work.name)) }, nil
	case "JOB_DEFINITION":
		if isARN(value) {
			return func(j *job) bool { return *j.work.definition.detail.JobDefinitionArn == value }, nil
		}
		return func(j *job) bool { return matches(value, j.work.definition.name()) }, nil
	case "SHARE_IDENTIFIER":
		return func(j *job) bool { return aws.ToString(j.work.input.ShareIdentifier) == value }, nil
	case "BEFORE_CREATED_AT", "AFTER_CREATED_AT":
		at, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return nil, refuse("filter %s must be a number of milliseconds, found %q", name, value)
		}
		if name == "BEFORE_CREATED_AT" {
			return func(j *job) bool { return s.createdAt(j) < at }, nil
		}
		return func(j *job) bool { return s.createdAt(j) > at }, nil
	}
	return nil, refuse("filter name must be JOB_NAME, JOB_DEFINITION, BEFORE_CREATED_AT, AFTER_CREATED_AT or SHARE_IDENTIFIER, found %q", name)
}

func onlyValue(f types.KeyValuesPair) (string, error) {
	if len(f.Values) != 1 {
		return "", refuse("filter %s must have one value, found %d", aws.ToString(f.Name), len(f.Values))
	}
	return f.Values[0], nil
}

func (s *Server) createdAt(j *job) int64 {
	r := s.record(j)
	return r.createdAt()
}
