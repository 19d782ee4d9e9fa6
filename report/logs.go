package report

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

// Logs is what is needed of CloudWatch Logs. *cloudwatchlogs.Client has it.
type Logs interface {
	GetLogEvents(context.Context, *cloudwatchlogs.GetLogEventsInput, ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.GetLogEventsOutput, error)
}

var _ Logs = (*cloudwatchlogs.Client)(nil)

// Line is a line of a log.
type Line struct {
	// At is when it was written.
	At time.Time `json:"at"`
	// Text is the line, without its end.
	Text string `json:"text"`
}

// where has a call go to the Region of the stream.
func (s Stream) where(o *cloudwatchlogs.Options) {
	o.Region = cmp.Or(s.Region, o.Region)
}

// String is the group of the stream, with its Region if that is told, and its name.
func (s Stream) String() string { return s.Place() + " " + s.Name }

// Place is the group, with its Region if that is told.
func (s Stream) Place() string {
	if s.Region == "" {
		return s.Group
	}
	return s.Group + " in " + s.Region
}

// Lines yields the lines of a stream from its beginning to its present end, as they are asked for. An error comes last,
// with a zero line; it wraps that of the SDK.
func Lines(ctx context.Context, logs Logs, s Stream) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		in := &cloudwatchlogs.GetLogEventsInput{LogGroupName: &s.Group, LogStreamName: &s.Name, StartFromHead: aws.Bool(true)}
		for {
			out, err := logs.GetLogEvents(ctx, in, s.where)
			if err != nil {
				yield(Line{}, fmt.Errorf("reading the log stream %s: %w", s, err))
				return
			}
			for i := range out.Events {
				if !yield(line(&out.Events[i]), nil) {
					return
				}
			}
			// At the end of the stream the service gives the token that it was given.
			if out.NextForwardToken == nil || aws.ToString(in.NextToken) == *out.NextForwardToken {
				return
			}
			in.NextToken = out.NextForwardToken
		}
	}
}

// tail returns the last lines of a stream. A page may be empty although there are more lines before it.
func tail(ctx context.Context, logs Logs, s Stream, n int) ([]string, error) {
	in := &cloudwatchlogs.GetLogEventsInput{LogGroupName: &s.Group, LogStreamName: &s.Name, Limit: aws.Int32(int32(min(n, maxPage)))}
	var lines []string // the last one first
	for len(lines) < n {
		out, err := logs.GetLogEvents(ctx, in, s.where)
		if err != nil {
			return nil, err
		}
		for i := range slices.Backward(out.Events) {
			lines = append(lines, line(&out.Events[i]).Text)
		}
		if out.NextBackwardToken == nil || aws.ToString(in.NextToken) == *out.NextBackwardToken {
			break
		}
		in.NextToken = out.NextBackwardToken
	}
	lines = lines[:min(n, len(lines))]
	slices.Reverse(lines)
	return lines, nil
}

// maxPage is the largest page of GetLogEvents:
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html.
const maxPage = 10_000

func line(e *types.OutputLogEvent) Line {
	return Line{At: millis(e.Timestamp), Text: aws.ToString(e.Message)}
}
