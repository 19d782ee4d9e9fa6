package batchtest

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
)

// Bounds of a page of events.
const (
	maxEvents   = 10_000
	maxPageSize = 1 << 20 // bytes of text
)

// A token says where a page begins or ends: before the event with a number, and
// in which direction the reading goes.
type token struct {
	direction string // forward or backward
	number    int
}

// What tokens begin with.
const (
	forward  = "f/"
	backward = "b/"
)

func (t token) String() string { return fmt.Sprintf("%s%056d", t.direction, t.number) }

// parseToken reads a token. That of another server is refused, or is a place in
// this one's events.
func (l *logs) parseToken(text string) (token, error) {
	for _, direction := range []string{forward, backward} {
		digits, ok := strings.CutPrefix(text, direction)
		if !ok || len(digits) != 56 {
			continue
		}
		if n, err := strconv.ParseUint(digits, 10, 63); err == nil {
			return token{direction, min(max(int(n), l.first), l.end())}, nil
		}
	}
	return token{}, refuseParameter("The specified nextToken is invalid.")
}

// begin returns where a page begins: where the token of a request says, if there
// is one.
func (l *logs) begin(next *string, otherwise token) (token, error) {
	if next == nil {
		return otherwise, nil
	}
	return l.parseToken(*next)
}

// A window is the times of interest, in Unix milliseconds.
type window struct {
	StartTime *int64 `json:"startTime"` // included
	EndTime   *int64 `json:"endTime"`
}

// A logEvent is an event as the service gives it out.
type logEvent struct {
	LogStreamName string `json:"logStreamName,omitempty"`
	Timestamp     int64  `json:"timestamp"`
	Message       string `json:"message"`
	IngestionTime int64  `json:"ingestionTime"`
	EventID       string `json:"eventId,omitempty"`
}

func newLogEvent(e event) logEvent {
	at := e.At.UnixMilli()
	return logEvent{Timestamp: at, Message: e.Line, IngestionTime: at}
}

type getLogEventsInput struct {
	groupReference
	window
	LogStreamName *string `json:"logStreamName"`
	NextToken     *string `json:"nextToken"`
	Limit         *int    `json:"limit"`
	StartFromHead bool    `json:"startFromHead"`
}

type getLogEventsOutput struct {
	Events            []logEvent `json:"events"`
	NextForwardToken  string     `json:"nextForwardToken"`
	NextBackwardToken string     `json:"nextBackwardToken"`
}

// getLogEvents answers the events of a stream from startTime until before
// endTime, a page at a time: the newest page, unless startFromHead or a token
// says otherwise, the oldest event of each first. A token that comes back
// unchanged says that there is nothing more that way; new events follow under it.
func (s *Server) getLogEvents(in *getLogEventsInput) (*getLogEventsOutput, error) {
	group, err := s.group(in.groupReference)
	if err != nil {
		return nil, err
	}
	limit, err := pageSize(in.Limit, maxEvents)
	if err != nil {
		return nil, err
	}
	if in.LogStreamName == nil {
		return nil, refuseParameter("logStreamName must be given")
	}
	if !s.hasStream(group, *in.LogStreamName) {
		return nil, notFound("stream")
	}
	var numbers []int // of the events of the stream
	if stream, ok := s.logs.streams[*in.LogStreamName]; ok {
		numbers = stream.numbers
	}
	first := token{backward, s.logs.end()}
	if in.StartFromHead {
		first = token{forward, s.logs.first}
	}
	at, err := s.logs.begin(in.NextToken, first)
	if err != nil {
		return nil, err
	}
	place, _ := slices.BinarySearch(numbers, at.number)
	read := slices.Values(numbers[place:])
	if at.direction == backward {
		read = reversed(numbers[:place])
	}
	page, _ := s.logs.page(read, limit, func(e event) bool {
		ms := e.At.UnixMilli()
		return (in.StartTime == nil || ms >= *in.StartTime) && (in.EndTime == nil || ms < *in.EndTime)
	})
	out := &getLogEventsOutput{Events: []logEvent{}, NextForwardToken: token{forward, at.number}.String(), NextBackwardToken: token{backward, at.number}.String()}
	if len(page) == 0 {
		return out, nil
	}
	if at.direction == backward {
		slices.Reverse(page)
	}
	for _, n := range page {
		out.Events = append(out.Events, newLogEvent(s.logs.at(n)))
	}
	out.NextForwardToken = token{forward, page[len(page)-1] + 1}.String()
	out.NextBackwardToken = token{backward, page[0]}.String()
	return out, nil
}

// reversed yields numbers from the last to the first.
func reversed(numbers []int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for _, n := range slices.Backward(numbers) {
			if !yield(n) {
				return
			}
		}
	}
}

// page returns the numbers of the wanted events that fit into a page, and
// whether it has looked at all of them.
func (l *logs) page(numbers iter.Seq[int], limit int, wanted func(event) bool) (page []int, all bool) {
	size := 0
	for n := range numbers {
		e := l.at(n)
		if e.Line == "" || !wanted(e) {
			continue
		}
		if size += len(e.Line); len(page) == limit || size > maxPageSize {
			return page, false
		}
		page = append(page, n)
	}
	return page, true
}

type filterLogEventsInput struct {
	groupReference
	window
	LogStreamNames      []string `json:"logStreamNames"`
	LogStreamNamePrefix *string  `json:"logStreamNamePrefix"`
	FilterPattern       string   `json:"filterPattern"`
	NextToken           *string  `json:"nextToken"`
	Limit               *int     `json:"limit"`
	StartFromHead       *bool    `json:"startFromHead"`
}

type filterLogEventsOutput struct {
	Events             []logEvent `json:"events"`
	SearchedLogStreams []struct{} `json:"searchedLogStreams"` // always empty, as in the service
	NextToken          string     `json:"nextToken,omitempty"`
}

const maxStreamNames = 100

// filterLogEvents answers the events of a group that match, from startTime to
// endTime, of all its streams, of some or of those with a prefix, always
// interleaved: in the order of their times, or the other way round with
// startFromHead false. There is a token as long as there may be more.
func (s *Server) filterLogEvents(in *filterLogEventsInput) (*filterLogEventsOutput, error) {
	group, err := s.group(in.groupReference)
	if err != nil {
		return nil, err
	}
	limit, err := pageSize(in.Limit, maxEvents)
	if err != nil {
		return nil, err
	}
	filter, err := parseLogFilter(in.FilterPattern)
	if err != nil {
		return nil, err
	}
	switch {
	case len(in.LogStreamNames) > 0 && in.LogStreamNamePrefix != nil:
		return nil, refuseParameter("Only one of logStreamNames and logStreamNamePrefix can be given")
	case len(in.LogStreamNames) > maxStreamNames:
		return nil, refuseParameter("logStreamNames can hold at most %d names, found %d", maxStreamNames, len(in.LogStreamNames))
	}
	for _, name := range in.LogStreamNames {
		if !s.hasStream(group, name) {
			return nil, notFound("stream")
		}
	}
	first := token{forward, s.logs.first}
	if in.StartFromHead != nil && !*in.StartFromHead {
		first = token{backward, s.logs.end()}
	}
	at, err := s.logs.begin(in.NextToken, first)
	if err != nil {
		return nil, err
	}
	page, all := s.logs.page(s.logs.from(at), limit, func(e event) bool {
		ms, name := e.At.UnixMilli(), e.stream.name
		return e.stream.group == group &&
			(in.StartTime == nil || ms >= *in.StartTime) && (in.EndTime == nil || ms <= *in.EndTime) &&
			(len(in.LogStreamNames) == 0 || slices.Contains(in.LogStreamNames, name)) &&
			(in.LogStreamNamePrefix == nil || strings.HasPrefix(name, *in.LogStreamNamePrefix)) &&
			filter.matches(e.Line)
	})
	out := &filterLogEventsOutput{Events: []logEvent{}, SearchedLogStreams: []struct{}{}}
	for _, n := range page {
		e := s.logs.at(n)
		shown := newLogEvent(e)
		shown.LogStreamName, shown.EventID = e.stream.name, fmt.Sprintf("%056d", n)
		out.Events = append(out.Events, shown)
	}
	if !all {
		at.number = page[len(page)-1]
		if at.direction == forward {
			at.number++
		}
		out.NextToken = at.String()
	}
	return out, nil
}

// from yields the numbers of all events from a token on.
func (l *logs) from(at token) iter.Seq[int] {
	return func(yield func(int) bool) {
		for n := at.number; at.direction == forward && n < l.end() && yield(n); n++ {
		}
		for n := at.number - 1; at.direction == backward && n >= l.first && yield(n); n-- {
		}
	}
}
