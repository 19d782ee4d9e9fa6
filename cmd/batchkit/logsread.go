package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/smithy-go"

	"github.com/batchkit/batchkit-go/report"
)

// logReader prints the logs of a job.
type logReader struct {
	services  services
	job       string
	container string
	attempt   int // 0 is the last, and those that come
	from      int // the last one at the beginning
	out       *logWriter
	errs      io.Writer
	streams   []*logStream
	said      []string // what could not be read
	some      bool     // something could be read
}

// read prints what there is, and goes on until the job has ended if it is told to follow.
func (r *logReader) read(ctx context.Context, follow bool, interval time.Duration) error {
	for first := true; ; first = false {
		d, err := describeJob(ctx, r.services.batch, r.job)
		if err != nil {
			return err
		}
		ended := d.Status == types.JobStatusSucceeded || d.Status == types.JobStatusFailed
		if err := r.choose(d, first, follow); err != nil {
			return err
		}
		last := !follow || ended
		if err := r.drain(ctx, last); err != nil {
			return err
		}
		if last {
			return r.verdict(d)
		}
		timer := time.NewTimer(interval)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-timer.C:
		}
	}
}

// choose finds the streams to read. While a job is followed, further attempts add theirs.
func (r *logReader) choose(d *types.JobDetail, first, follow bool) error {
	all := report.Streams(*d)
	var containers []string
	attempts := 0
	for _, s := range all {
		attempts = max(attempts, s.Attempt)
		if !slices.Contains(containers, s.Container) {
			containers = append(containers, s.Container)
		}
	}
	switch {
	case r.attempt > attempts && !follow:
		return fmt.Errorf("job %s has %s with logs, found --attempt %d", r.job, number(attempts, "attempt"), r.attempt)
	case r.container != "" && len(containers) > 0 && !slices.Contains(containers, r.container):
		return fmt.Errorf("job %s has no logs of a container %q: it has %s", r.job, r.container, containerNames(containers))
	}
	if first {
		r.from = attempts
	}
	for _, s := range all {
		wanted := s.Attempt == r.attempt || r.attempt == 0 && s.Attempt >= r.from
		known := func(o *logStream) bool { return o.Stream == s }
		if wanted && (r.container == "" || r.container == s.Container) && !slices.ContainsFunc(r.streams, known) {
			r.streams = append(r.streams, &logStream{Stream: s})
		}
	}
	for _, s := range r.streams {
		r.out.prefix(s.Container)
	}
	return nil
}

func containerNames(names []string) string {
	if slices.Equal(names, []string{""}) {
		return "one container without a name"
	}
	return strings.Join(names, ", ")
}

// drain prints what is new in all streams, in the order of time.
func (r *logReader) drain(ctx context.Context, last bool) error {
	var heads []*logHead
	for _, s := range r.streams {
		if s.broken {
			continue
		}
		next, stop := iter.Pull2(s.lines(ctx, r.services.logs))
		defer stop()
		heads = append(heads, &logHead{stream: s, next: next})
	}
	advance := func(h *logHead) bool {
		line, err, ok := h.next()
		if ok && err != nil {
			r.failed(h.stream, err, last)
			return false
		}
		h.line = line
		r.some = true
		return ok
	}
	heads = slices.DeleteFunc(heads, func(h *logHead) bool { return !advance(h) })
	for len(heads) > 0 {
		h := slices.MinFunc(heads, func(a, b *logHead) int { return a.line.At.Compare(b.line.At) })
		if err := r.out.write(h.stream.Stream, h.line); err != nil {
			return err
		}
		if !advance(h) {
			heads = slices.DeleteFunc(heads, func(o *logHead) bool { return o == h })
		}
	}
	return ctx.Err()
}

// logHead is the next line of a stream.
type logHead struct {
	stream *logStream
	next   func() (report.Line, error, bool)
	line   report.Line
}

// failed notes that a stream cannot be read. One that is not there yet may come.
func (r *logReader) failed(s *logStream, err error, last bool) {
	var absent *logtypes.ResourceNotFoundException
	var refusal smithy.APIError
	var text string
	switch {
	case errors.Is(err, context.Canceled):
		return
	case errors.As(err, &absent) && strings.Contains(absent.ErrorMessage(), "group"):
		text = fmt.Sprintf("the log group %s does not exist", s.Place())
	case errors.As(err, &absent):
		if !last {
			return
		}
		text = fmt.Sprintf("the log stream %s of %s does not exist: nothing was written, or it has expired", s.Name, s.Place())
	case errors.As(err, &refusal) && strings.HasPrefix(refusal.ErrorCode(), "AccessDenied"):
		text = fmt.Sprintf("these credentials may not read the log group %s (logs:GetLogEvents)", s.Place())
	default:
		text = err.Error()
	}
	s.broken = true
	if !slices.Contains(r.said, text) {
		r.said = append(r.said, text)
		fmt.Fprintf(r.errs, "batchkit: %s\n", printable(text))
	}
}

// verdict is an error if nothing could be read.
func (r *logReader) verdict(d *types.JobDetail) error {
	switch {
	case r.some || len(r.streams) > 0 && len(r.said) == 0:
		return nil
	case len(r.said) > 0:
		return status(statusUnreadable)
	case len(d.EksAttempts) > 0 || d.EksProperties != nil && d.StartedAt != nil:
		return fmt.Errorf("job %s runs in a pod%s, of whose logs AWS Batch does not tell: look where the cluster sends them", r.job, podOf(d))
	case d.StartedAt == nil && len(d.Attempts) == 0:
		why := ""
		if d.StatusReason != nil {
			why = ": " + printable(*d.StatusReason)
		}
		return fmt.Errorf("job %s has not started, it is %s%s", r.job, d.Status, why)
	}
	return fmt.Errorf("job %s has no logs in CloudWatch Logs: its log configuration sends them elsewhere", r.job)
}

// podOf is the namespace and the name of the last pod of a job, as far as they are told, behind a space.
func podOf(d *types.JobDetail) string {
	var namespace, name *string
	if n := len(d.EksAttempts); n > 0 {
		namespace, name = d.EksAttempts[n-1].PodNamespace, d.EksAttempts[n-1].PodName
	} else if p := d.EksProperties.PodProperties; p != nil {
		name = p.PodName
		if p.Metadata != nil {
			namespace = p.Metadata.Namespace
		}
	}
	switch {
	case name == nil:
		return ""
	case namespace == nil:
		return " " + printable(*name)
	}
	return " " + printable(*namespace+"/"+*name)
}

// logStream is a stream, and how far it was read.
type logStream struct {
	report.Stream
	token  *string
	broken bool // it cannot be read
}

// lines yields what is new. An error comes last.
func (s *logStream) lines(ctx context.Context, api report.Logs) iter.Seq2[report.Line, error] {
	return func(yield func(report.Line, error) bool) {
		for {
			out, err := api.GetLogEvents(ctx, &cloudwatchlogs.GetLogEventsInput{
				LogGroupName: &s.Group, LogStreamName: &s.Name, StartFromHead: aws.Bool(true), NextToken: s.token,
			}, func(o *cloudwatchlogs.Options) { o.Region = cmp.Or(s.Region, o.Region) })
			if err != nil {
				yield(report.Line{}, fmt.Errorf("reading the log stream %s: %w", s, err))
				return
			}
			for _, e := range out.Events {
				if !yield(report.Line{At: time.UnixMilli(aws.ToInt64(e.Timestamp)).UTC(), Text: aws.ToString(e.Message)}, nil) {
					return
				}
			}
			// At the end of the stream the service gives the token that it was given.
			if out.NextForwardToken == nil || aws.ToString(s.token) == *out.NextForwardToken {
				return
			}
			s.token = out.NextForwardToken
		}
	}
}
