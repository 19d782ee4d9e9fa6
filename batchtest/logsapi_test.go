package batchtest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchtest"
)

// logsOf is the SDK's client of Amazon CloudWatch Logs, with no socket between unless there is a URL.
func logsOf(s *batchtest.Server, url string) *cloudwatchlogs.Client {
	return cloudwatchlogs.New(cloudwatchlogs.Options{
		Region: "us-east-1",
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}, nil
		}),
	}, func(o *cloudwatchlogs.Options) {
		if url != "" {
			o.BaseEndpoint = aws.String(url)
			return
		}
		o.HTTPClient = &http.Client{Transport: s}
	})
}

// counts writes n numbered lines, one a second.
func counts(n int) batchtest.Runner {
	return batchtest.Func(func(ctx context.Context, c *batchtest.Container) int {
		for i := range n {
			if i > 0 && c.Sleep(ctx, time.Second) != nil {
				return 1
			}
			fmt.Fprintf(c.Stdout, "line %d of %s\n", i, c.Image())
		}
		return 0
	})
}

func inGroup(group, prefix string) func(*batch.RegisterJobDefinitionInput) {
	return func(in *batch.RegisterJobDefinitionInput) {
		in.ContainerProperties.LogConfiguration = &types.LogConfiguration{
			LogDriver: types.LogDriverAwslogs, Options: map[string]string{"awslogs-group": group, "awslogs-stream-prefix": prefix},
		}
	}
}

func messages(events []logtypes.OutputLogEvent) string {
	var out []string
	for _, e := range events {
		out = append(out, strings.TrimPrefix(strings.TrimSuffix(*e.Message, " of count"), "line "))
	}
	return strings.Join(out, " ")
}

// A reader that goes on with the token it is given sees each line once, and the same token at the end.
func TestGetLogEvents(t *testing.T) {
	t.Parallel()
	for _, over := range []string{"in-process", "HTTP"} {
		t.Run(over, func(t *testing.T) {
			t.Parallel()
			b := start(t, batchtest.WithVirtualClock(epoch))
			url := ""
			if over == "HTTP" {
				server := httptest.NewServer(b.Server)
				defer server.Close()
				url = server.URL
			}
			client := logsOf(b.Server, url)
			b.define("count", counts(10))
			id := b.submit("count")
			b.advance(6 * time.Second)
			d, _ := b.Job(id)
			stream := d.Container.LogStreamName
			get := func(edit func(*cloudwatchlogs.GetLogEventsInput)) *cloudwatchlogs.GetLogEventsOutput {
				t.Helper()
				in := &cloudwatchlogs.GetLogEventsInput{LogGroupName: aws.String("/aws/batch/job"), LogStreamName: stream}
				edit(in)
				out, err := client.GetLogEvents(t.Context(), in)
				if err != nil {
					t.Fatal(err)
				}
				return out
			}
			page := func(token *string, head bool) *cloudwatchlogs.GetLogEventsOutput {
				t.Helper()
				return get(func(in *cloudwatchlogs.GetLogEventsInput) {
					in.NextToken, in.StartFromHead, in.Limit = token, aws.Bool(head), aws.Int32(3)
				})
			}
			var forwards []string
			token := (*string)(nil)
			for {
				out := page(token, true)
				if token != nil && *token == *out.NextForwardToken {
					break
				}
				forwards, token = append(forwards, messages(out.Events)), out.NextForwardToken
			}
			if diff := cmp.Diff([]string{"0 1 2", "3 4 5", "6"}, forwards); diff != "" {
				t.Errorf("forwards (-want +got):\n%s", diff)
			}
			b.advance(2 * time.Second)
			if got := messages(page(token, true).Events); got != "7 8" {
				t.Errorf("under the last token then: %q, want what came meanwhile", got)
			}
			var backwards []string
			for token = nil; ; {
				out := page(token, false)
				if token != nil && *token == *out.NextBackwardToken {
					break
				}
				backwards, token = append(backwards, messages(out.Events)), out.NextBackwardToken
			}
			if diff := cmp.Diff([]string{"6 7 8", "3 4 5", "0 1 2"}, backwards); diff != "" {
				t.Errorf("backwards (-want +got):\n%s", diff)
			}
			out := get(func(in *cloudwatchlogs.GetLogEventsInput) {
				in.StartTime, in.EndTime = aws.Int64(epoch.Add(2*time.Second).UnixMilli()), aws.Int64(epoch.Add(5*time.Second).UnixMilli())
			})
			if got := messages(out.Events); got != "2 3 4" {
				t.Errorf("from 2 until before 5: %q", got)
			}
			if e := out.Events[0]; *e.Timestamp != epoch.Add(2*time.Second).UnixMilli() || *e.IngestionTime != *e.Timestamp {
				t.Errorf("times %d, %d", *e.Timestamp, *e.IngestionTime)
			}
		})
	}
}

func TestFilterLogEvents(t *testing.T) {
	t.Parallel()
	b := start(t, batchtest.WithVirtualClock(epoch))
	client := logsOf(b.Server, "")
	b.define("a", counts(3))
	b.define("b", counts(3))
	b.define("elsewhere", counts(1), inGroup("/mine", "pre"))
	b.define("nowhere", counts(1), func(in *batch.RegisterJobDefinitionInput) {
		in.ContainerProperties.LogConfiguration = &types.LogConfiguration{LogDriver: types.LogDriverJsonFile}
	})
	var streams []string
	for _, name := range []string{"a", "b", "elsewhere", "nowhere"} {
		id := b.submit(name)
		b.advance(time.Millisecond)
		d, _ := b.Job(id)
		streams = append(streams, *d.Container.LogStreamName)
	}
	b.advance(time.Minute)
	if !strings.HasPrefix(streams[2], "pre/default/") {
		t.Errorf("stream %q, want it to begin with awslogs-stream-prefix", streams[2])
	}
	second := aws.Int64(epoch.Add(time.Second).UnixMilli())
	type input = cloudwatchlogs.FilterLogEventsInput
	each(t, []struct {
		name, reason string
		edit         func(*input)
		want         string
	}{
		{"all", "streams are interleaved in the order of time", func(*input) {}, "0a 0b 1a 1b 2a 2b"},
		{"group", "the group of a logConfiguration", func(in *input) { in.LogGroupName = aws.String("/mine") }, "0elsewhere"},
		{"identifier", "an ARN names a group too", func(in *input) {
			in.LogGroupName, in.LogGroupIdentifier = nil, aws.String("arn:aws:logs:us-east-1:123456789012:log-group:/mine")
		}, "0elsewhere"},
		{"stream", "only those named", func(in *input) { in.LogStreamNames = streams[1:2] }, "0b 1b 2b"},
		{"prefix", "only those that begin so", func(in *input) { in.LogStreamNamePrefix = aws.String("a/") }, "0a 1a 2a"},
		{"times", "both ends are included", func(in *input) { in.StartTime, in.EndTime = second, aws.Int64(*second+1) }, "1a 1b"},
		{"pattern", "a term of the line", func(in *input) { in.FilterPattern = aws.String(`"line 2" -b`) }, "2a"},
		{"newest first", "the other way round", func(in *input) { in.StartFromHead = aws.Bool(false) }, "2b 2a 1b 1a 0b 0a"},
		{"nothing", "no line has it", func(in *input) { in.FilterPattern = aws.String("nothing") }, ""},
	}, func(r struct {
		name, reason string
		edit         func(*input)
		want         string
	}) (string, string) {
		return r.name, r.reason
	}, func(t *testing.T, r struct {
		name, reason string
		edit         func(*input)
		want         string
	}) {
		for _, limit := range []int32{1, 2, 5, 10_000} {
			in := &input{LogGroupName: aws.String("/aws/batch/job"), Limit: aws.Int32(limit)}
			r.edit(in)
			var got []string
			pages := cloudwatchlogs.NewFilterLogEventsPaginator(client, in)
			for pages.HasMorePages() {
				out, err := pages.NextPage(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				for _, e := range out.Events {
					text := strings.Fields(*e.Message)
					got = append(got, text[1]+text[3])
				}
			}
			if text := strings.Join(got, " "); text != r.want {
				t.Errorf("limit %d: %q, want %q: %s", limit, text, r.want, r.reason)
			}
		}
	})
}

func TestDescribeLogs(t *testing.T) {
	t.Parallel()
	b := start(t, batchtest.WithVirtualClock(epoch))
	client := logsOf(b.Server, "")
	b.define("late", batchtest.Takes(time.Hour, counts(1)))
	b.define("many", counts(1))
	b.define("mine", counts(1), inGroup("/mine", "p"))
	b.submit("many", size(60))
	b.submit("mine")
	b.submit("late")
	b.advance(2 * time.Hour)
	ctx := t.Context()
	var names []string
	pages := cloudwatchlogs.NewDescribeLogStreamsPaginator(client, &cloudwatchlogs.DescribeLogStreamsInput{LogGroupName: aws.String("/aws/batch/job")})
	for pages.HasMorePages() {
		out, err := pages.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if len(out.LogStreams) > 50 {
			t.Errorf("a page of %d", len(out.LogStreams))
		}
		for _, s := range out.LogStreams {
			names = append(names, *s.LogStreamName)
		}
	}
	if len(names) != 61 || !strings.HasPrefix(names[0], "late/") {
		t.Errorf("%d streams, the first %q; want 61 by name", len(names), names[0])
	}
	last, err := client.DescribeLogStreams(ctx, &cloudwatchlogs.DescribeLogStreamsInput{
		LogGroupName: aws.String("/aws/batch/job"), OrderBy: logtypes.OrderByLastEventTime, Descending: aws.Bool(true), Limit: aws.Int32(1),
	})
	if err != nil {
		t.Fatal(err)
	}
	if s := last.LogStreams[0]; !strings.HasPrefix(*s.LogStreamName, "late/") || *s.LastEventTimestamp != epoch.Add(time.Hour).UnixMilli() {
		t.Errorf("last %q at %d", *s.LogStreamName, *s.LastEventTimestamp)
	}
	groups, err := client.DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, g := range groups.LogGroups {
		got = append(got, *g.LogGroupName+" "+*g.Arn)
	}
	want := []string{
		"/aws/batch/job arn:aws:logs:us-east-1:123456789012:log-group:/aws/batch/job:*",
		"/mine arn:aws:logs:us-east-1:123456789012:log-group:/mine:*",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
}

func TestLogErrors(t *testing.T) {
	t.Parallel()
	b := start(t)
	client := logsOf(b.Server, "")
	b.define("count", counts(1))
	d := b.ended(b.submit("count"))
	group := aws.String("/aws/batch/job")
	get := func(in cloudwatchlogs.GetLogEventsInput) error {
		_, err := client.GetLogEvents(t.Context(), &in)
		return err
	}
	filter := func(in cloudwatchlogs.FilterLogEventsInput) error {
		_, err := client.FilterLogEvents(t.Context(), &in)
		return err
	}
	streams := func(in cloudwatchlogs.DescribeLogStreamsInput) error {
		_, err := client.DescribeLogStreams(t.Context(), &in)
		return err
	}
	_, unknown := client.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: group})
	stream := d.Container.LogStreamName
	each(t, []struct {
		name, reason string
		err          error
		code, part   string
	}{
		{"group", "no such group", get(cloudwatchlogs.GetLogEventsInput{LogGroupName: aws.String("/no"), LogStreamName: stream}), "ResourceNotFoundException", "The specified log group does not exist."},
		{"stream", "no such stream", get(cloudwatchlogs.GetLogEventsInput{LogGroupName: group, LogStreamName: aws.String("no")}), "ResourceNotFoundException", "The specified log stream does not exist."},
		{"no group", "neither name nor identifier", get(cloudwatchlogs.GetLogEventsInput{LogStreamName: stream}), "InvalidParameterException", "Exactly one"},
		{"token", "made up", get(cloudwatchlogs.GetLogEventsInput{LogGroupName: group, LogStreamName: stream, NextToken: aws.String("f/1")}), "InvalidParameterException", "nextToken is invalid"},
		{"limit", "too many", get(cloudwatchlogs.GetLogEventsInput{LogGroupName: group, LogStreamName: stream, Limit: aws.Int32(10_001)}), "InvalidParameterException", "between 1 and 10000"},
		{"both", "names and prefix", filter(cloudwatchlogs.FilterLogEventsInput{LogGroupName: group, LogStreamNames: []string{*stream}, LogStreamNamePrefix: stream}), "InvalidParameterException", "Only one"},
		{"filtered stream", "no such stream", filter(cloudwatchlogs.FilterLogEventsInput{LogGroupName: group, LogStreamNames: []string{"no"}}), "ResourceNotFoundException", "stream"},
		{"JSON pattern", "not supported, and says so", filter(cloudwatchlogs.FilterLogEventsInput{LogGroupName: group, FilterPattern: aws.String("{ $.a = 1 }")}), "InvalidParameterException", "no patterns of JSON"},
		{"order", "by time with a prefix", streams(cloudwatchlogs.DescribeLogStreamsInput{LogGroupName: group, OrderBy: logtypes.OrderByLastEventTime, LogStreamNamePrefix: stream}), "InvalidParameterException", "Cannot order by LastEventTime"},
		{"page of streams", "at most fifty", streams(cloudwatchlogs.DescribeLogStreamsInput{LogGroupName: group, Limit: aws.Int32(51)}), "InvalidParameterException", "between 1 and 50"},
		{"operation", "not one of ours", unknown, "UnknownOperationException", "CreateLogGroup"},
	}, func(r struct {
		name, reason string
		err          error
		code, part   string
	}) (string, string) {
		return r.name, r.reason
	}, func(t *testing.T, r struct {
		name, reason string
		err          error
		code, part   string
	}) {
		if got, message := code(r.err); got != r.code || !strings.Contains(message, r.part) {
			t.Errorf("%v, want %s with %q: %s", r.err, r.code, r.part, r.reason)
		}
	})
	var missing *logtypes.ResourceNotFoundException
	if err := get(cloudwatchlogs.GetLogEventsInput{LogGroupName: group, LogStreamName: aws.String("no")}); !errors.As(err, &missing) {
		t.Errorf("%v, want the type of the SDK", err)
	}
}

// What is kept of the output is bounded: the oldest lines go first.
func TestLogsAreBounded(t *testing.T) {
	t.Parallel()
	b := start(t, batchtest.WithVirtualClock(epoch))
	client := logsOf(b.Server, "")
	text := strings.Repeat("x", 300<<10)
	b.define("small", counts(1))
	b.define("large", batchtest.Func(func(_ context.Context, c *batchtest.Container) int {
		for range 300 {
			fmt.Fprintln(c.Stdout, text)
		}
		return 0
	}))
	small := b.submit("small")
	b.advance(0)
	first, _ := b.Job(small)
	if got := b.Log(*first.Container.LogStreamName); len(got) != 1 {
		t.Fatalf("%d lines", len(got))
	}
	id := b.submit("large")
	b.advance(0)
	if got := b.Log(*first.Container.LogStreamName); got != nil {
		t.Errorf("%d lines of the oldest stream are kept", len(got))
	}
	d, _ := b.Job(id)
	lines := b.Log(*d.Container.LogStreamName)
	total := 0
	for _, line := range lines {
		total += len(line) + 96
	}
	if total > 64<<20 || total < 63<<20 || len(lines[len(lines)-1]) != 44<<10 {
		t.Errorf("%d bytes, the last line of %d; want up to 64 MiB, and lines cut at 256 KiB", total, len(lines[len(lines)-1]))
	}
	if got := b.LogStreams(); len(got) != 1 {
		t.Errorf("streams %q, want the one that has lines", got)
	}
	out, err := client.GetLogEvents(t.Context(), &cloudwatchlogs.GetLogEventsInput{
		LogGroupName: aws.String("/aws/batch/job"), LogStreamName: d.Container.LogStreamName, StartFromHead: aws.Bool(true),
	})
	if err != nil {
		t.Fatal(err)
	}
	size := 0
	for _, e := range out.Events {
		size += len(*e.Message)
	}
	if size > 1<<20 || size == 0 {
		t.Errorf("a page of %d bytes, want up to 1 MiB", size)
	}
}

// A container that writes nothing has a stream all the same, as soon as it has begun.
func TestSilentStreams(t *testing.T) {
	t.Parallel()
	b := start(t, batchtest.WithVirtualClock(epoch), batchtest.WithPace(batchtest.Pace{Starting: time.Minute}))
	client := logsOf(b.Server, "")
	b.define("app", batchtest.Script(batchtest.Outcome{Takes: time.Hour, ExitCode: 1}, batchtest.Outcome{}))
	b.define("unreadable", nil, func(in *batch.RegisterJobDefinitionInput) { in.ContainerProperties.Image = aws.String("nowhere") })
	b.Image("side", batchtest.Image{})
	b.defineTask("task", nil, part("side", false), part("app", true))
	b.defineNodes("nodes", 2, containerRange("0:", "app"))
	stream := func(id string) string {
		d, _ := b.Job(id)
		if d.EcsProperties != nil {
			return *d.EcsProperties.TaskProperties[0].Containers[1].LogStreamName
		}
		return *d.Container.LogStreamName
	}
	check := func(id string, want bool) {
		t.Helper()
		name := stream(id)
		got, err := client.GetLogEvents(t.Context(), &cloudwatchlogs.GetLogEventsInput{LogGroupName: aws.String("/aws/batch/job"), LogStreamName: &name})
		var missing *logtypes.ResourceNotFoundException
		if want && (err != nil || len(got.Events) != 0 || got.NextForwardToken == nil) || !want && !errors.As(err, &missing) {
			t.Errorf("%s: %+v, %v; that there is a stream is %v", name, got, err, want)
		}
		_, err = client.FilterLogEvents(t.Context(), &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String("/aws/batch/job"), LogStreamNames: []string{name}})
		if want != (err == nil) {
			t.Errorf("%s: %v from FilterLogEvents; that there is a stream is %v", name, err, want)
		}
		_, err = client.GetLogEvents(t.Context(), &cloudwatchlogs.GetLogEventsInput{LogGroupName: aws.String("/aws/batch/job"), LogStreamName: aws.String(name + "0")})
		if !errors.As(err, &missing) {
			t.Errorf("%s0: %v, want that there is none", name, err)
		}
	}
	plain, task, array, nodes := b.submit("app", attempts(2)), b.submit("task"), b.submit("app", size(2)), b.submit("nodes")
	lost := b.submit("unreadable")
	all := []string{plain, task, array + ":1", nodes + "#1"}
	b.advance(30 * time.Second)
	check(plain, false) // it is STARTING
	b.advance(2 * time.Minute)
	for _, id := range all {
		check(id, true)
	}
	first := stream(plain)
	b.advance(3 * time.Hour)
	for _, id := range all {
		check(id, true)
	}
	check(lost, false)
	if stream(plain) == first {
		t.Error("both attempts have one stream")
	}
	if _, err := client.GetLogEvents(t.Context(), &cloudwatchlogs.GetLogEventsInput{LogGroupName: aws.String("/aws/batch/job"), LogStreamName: &first}); err != nil {
		t.Errorf("the stream of the first attempt: %v", err)
	}
}
