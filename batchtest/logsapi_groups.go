package batchtest

import (
	"slices"
	"strings"
)

// maxLogPage is how many groups or streams a page has.
const maxLogPage = 50

type describeLogStreamsInput struct {
	groupReference
	LogStreamNamePrefix string  `json:"logStreamNamePrefix"`
	OrderBy             string  `json:"orderBy"`
	Descending          bool    `json:"descending"`
	NextToken           *string `json:"nextToken"`
	Limit               *int    `json:"limit"`
}

type describeLogStreamsOutput struct {
	LogStreams []logStreamDetail `json:"logStreams"`
	NextToken  string            `json:"nextToken,omitempty"`
}

type logStreamDetail struct {
	LogStreamName       string `json:"logStreamName"`
	Arn                 string `json:"arn"`
	CreationTime        int64  `json:"creationTime"`
	FirstEventTimestamp int64  `json:"firstEventTimestamp"`
	LastEventTimestamp  int64  `json:"lastEventTimestamp"`
	LastIngestionTime   int64  `json:"lastIngestionTime"`
	StoredBytes         int64  `json:"storedBytes"` // always 0, as in the service

	number int // of the last event
}

// describeLogStreams answers the streams of a group by name or, with LastEventTime,
// by their last event, in pages of at most 50.
func (s *Server) describeLogStreams(in *describeLogStreamsInput) (*describeLogStreamsOutput, error) {
	group, err := s.group(in.groupReference)
	if err != nil {
		return nil, err
	}
	byTime := in.OrderBy == "LastEventTime"
	switch {
	case !byTime && in.OrderBy != "" && in.OrderBy != "LogStreamName":
		return nil, refuseParameter("orderBy must be LogStreamName or LastEventTime, found %q", in.OrderBy)
	case byTime && in.LogStreamNamePrefix != "":
		return nil, refuseParameter("Cannot order by LastEventTime with a logStreamNamePrefix.")
	}
	streams := []logStreamDetail{}
	for _, of := range s.logs.streams {
		if of.group != group || !strings.HasPrefix(of.name, in.LogStreamNamePrefix) {
			continue
		}
		last := of.numbers[len(of.numbers)-1]
		from, to := s.logs.at(of.numbers[0]).At.UnixMilli(), s.logs.at(last).At.UnixMilli()
		streams = append(streams, logStreamDetail{
			LogStreamName: of.name, Arn: s.logARN(group + ":log-stream:" + of.name), CreationTime: from,
			FirstEventTimestamp: from, LastEventTimestamp: to, LastIngestionTime: to, number: last,
		})
	}
	slices.SortFunc(streams, func(a, b logStreamDetail) int {
		order := strings.Compare(a.LogStreamName, b.LogStreamName)
		if byTime {
			order = a.number - b.number
		}
		if in.Descending {
			return -order
		}
		return order
	})
	page, next, err := described(streams, func(d logStreamDetail) string { return d.LogStreamName }, in.NextToken, in.Limit)
	return &describeLogStreamsOutput{page, next}, err
}

type describeLogGroupsInput struct {
	LogGroupNamePrefix  string  `json:"logGroupNamePrefix"`
	LogGroupNamePattern string  `json:"logGroupNamePattern"`
	NextToken           *string `json:"nextToken"`
	Limit               *int    `json:"limit"`
}

type describeLogGroupsOutput struct {
	LogGroups []logGroupDetail `json:"logGroups"`
	NextToken string           `json:"nextToken,omitempty"`
}

type logGroupDetail struct {
	LogGroupName  string `json:"logGroupName"`
	LogGroupClass string `json:"logGroupClass"`
	Arn           string `json:"arn"`
	LogGroupArn   string `json:"logGroupArn"`
	CreationTime  int64  `json:"creationTime"`
}

// describeLogGroups answers the groups by name, in pages of at most 50.
func (s *Server) describeLogGroups(in *describeLogGroupsInput) (*describeLogGroupsOutput, error) {
	if in.LogGroupNamePrefix != "" && in.LogGroupNamePattern != "" {
		return nil, refuseParameter("Only one of logGroupNamePrefix and logGroupNamePattern can be given")
	}
	groups := []logGroupDetail{}
	for name, since := range s.logs.groups {
		if strings.HasPrefix(name, in.LogGroupNamePrefix) && strings.Contains(name, in.LogGroupNamePattern) {
			arn := s.logARN(name)
			groups = append(groups, logGroupDetail{LogGroupName: name, LogGroupClass: "STANDARD", Arn: arn + ":*", LogGroupArn: arn, CreationTime: since.UnixMilli()})
		}
	}
	slices.SortFunc(groups, func(a, b logGroupDetail) int { return strings.Compare(a.LogGroupName, b.LogGroupName) })
	page, next, err := described(groups, func(d logGroupDetail) string { return d.LogGroupName }, in.NextToken, in.Limit)
	return &describeLogGroupsOutput{page, next}, err
}

// described returns a page of sorted results. The token is the name of the last
// one on the page before.
func described[T any](all []T, name func(T) string, after *string, limit *int) (page []T, next string, err error) {
	size, err := pageSize(limit, maxLogPage)
	if err != nil {
		return nil, "", err
	}
	if after != nil {
		i := slices.IndexFunc(all, func(v T) bool { return name(v) == *after })
		if i < 0 {
			return nil, "", refuseParameter("The specified nextToken is invalid.")
		}
		all = all[i+1:]
	}
	if len(all) > size {
		all = all[:size]
		next = name(all[size-1])
	}
	return all, next, nil
}
