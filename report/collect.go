package report

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	logtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/transport/http"

	"github.com/batchkit/batchkit-go/batchkit"
)

// Jobs is what is needed of AWS Batch. *batch.Client has it.
type Jobs interface {
	DescribeJobs(context.Context, *batch.DescribeJobsInput, ...func(*batch.Options)) (*batch.DescribeJobsOutput, error)
	ListJobs(context.Context, *batch.ListJobsInput, ...func(*batch.Options)) (*batch.ListJobsOutput, error)
}

var _ Jobs = (*batch.Client)(nil)

// Option changes what [Collect] looks up.
type Option func(*collector)

// WithLogs reads the last lines of the logs of the last attempts, for the first 50 jobs that failed, as long as CloudWatch
// Logs can be reached. Default: no logs are read.
func WithLogs(logs Logs) Option { return func(c *collector) { c.logs = logs } }

// WithLines sets how many lines are read of each log. Default: 20. Less than one reads none.
func WithLines(n int) Option { return func(c *collector) { c.lines = n } }

// WithParts sets how many failed children of an array, or failed nodes of a job, are looked at. Default: 10. The others
// are counted.
func WithParts(n int) Option { return func(c *collector) { c.parts = max(n, 0) } }

// WithRun gives the run's id, for the head of the report.
func WithRun(id string) Option { return func(c *collector) { c.report.Run = id } }

// Collect makes the report of a result. It always makes one: what cannot be read is named in its Missing. It takes a
// call for each thousand failed parts of an array or a multi-node job, one for each hundred of them that are looked at, and
// one for each log. A nil result is one of no jobs.
func Collect(ctx context.Context, jobs Jobs, result *batchkit.Result, opts ...Option) *Report {
	c := &collector{jobs: jobs, lines: 20, parts: 10, closed: map[string]bool{}, report: &Report{Failed: []Job{}, NeverStarted: []NeverStarted{}, Cancelled: []string{}, Missing: []string{}}}
	for _, o := range opts {
		o(c)
	}
	if result == nil {
		return c.report
	}
	c.report.Total = len(result.Jobs)
	for i := range result.Jobs {
		r := &result.Jobs[i]
		switch {
		case r.Cancelled:
			c.report.Cancelled = append(c.report.Cancelled, r.Name)
		case r.Lost, r.Status == types.JobStatusFailed && started(r):
			c.report.Failed = append(c.report.Failed, c.failed(ctx, r))
		case r.Status == types.JobStatusFailed:
			n := NeverStarted{Name: r.Name, Because: r.BlockedBy, Reason: r.Reason}
			if advice, ok := batchkit.Explain(r.Reason); ok {
				n.Hint = advice.Mend
			}
			c.report.NeverStarted = append(c.report.NeverStarted, n)
		case r.Status == types.JobStatusSucceeded, r.Skipped:
		case r.Status == "" && r.ID != "": // a look at what the service has forgotten
			c.unseen(r)
		default:
			c.report.Unfinished++
		}
	}
	return c.report
}

// started reports whether anything of a failed job ran. Of the parents of arrays and of multi-node jobs the service does
// not tell, so they count as started unless something kept them from it.
func started(r *batchkit.JobResult) bool {
	d := &r.Detail
	switch {
	case len(r.BlockedBy) > 0:
		return false
	case d.ArrayProperties != nil && d.ArrayProperties.Size != nil, d.NodeProperties != nil:
		return true
	}
	return d.StartedAt != nil || len(d.Attempts) > 0 || len(d.EksAttempts) > 0
}

// A collector makes one report.
type collector struct {
	jobs   Jobs
	logs   Logs
	lines  int
	parts  int
	closed map[string]bool // log groups, with their Region, that cannot be read
	report *Report
}

func (c *collector) missing(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(c.report.Missing, text) {
		c.report.Missing = append(c.report.Missing, text)
	}
}

func (c *collector) unseen(r *batchkit.JobResult) {
	c.missing("job %s (%s), which AWS Batch does not show", r.Name, r.ID)
}

// failed is what is to be told of a job of the run.
func (c *collector) failed(ctx context.Context, r *batchkit.JobResult) Job {
	if r.Lost {
		j := Job{Name: r.Name, ID: r.ID, Status: string(r.Status), Lost: true}
		j.Hint = "AWS Batch does not show the job: it forgets jobs some days after their end, and shows none of another account or Region"
		c.unseen(r)
		return j
	}
	j := newJob(r.Name, &r.Detail)
	in := &batch.ListJobsInput{JobStatus: types.JobStatusFailed}
	mark := func(index string) string { return r.Name + "[" + index + "]" }
	switch d := &r.Detail; {
	case d.ArrayProperties != nil && d.ArrayProperties.Size != nil:
		in.ArrayJobId = d.JobId
	case d.NodeProperties != nil:
		in.MultiNodeJobId = d.JobId
		mark = func(index string) string { return r.Name + "#" + index }
	default:
		c.readLast(ctx, &j)
		return j
	}
	failed := failedChildren(&r.Detail)
	if err := c.addParts(ctx, &j, in, mark); err != nil {
		c.missing("what failed within job %s: %v", r.Name, plain(err))
	} else if len(j.Parts)+j.More < failed {
		c.missing("what failed within job %s: AWS Batch shows %d of %d failed children, it forgets jobs some days after their end", r.Name, len(j.Parts)+j.More, failed)
	}
	j.More = max(j.More, failed-len(j.Parts))
	if len(j.Parts) > 0 {
		j.Attempts = nil // which are those of the main node
	}
	c.readLast(ctx, &j)
	return j
}

// failedChildren is how many children of an array have failed; 0 for other jobs.
func failedChildren(d *types.JobDetail) int {
	if d.ArrayProperties == nil {
		return 0
	}
	return int(d.ArrayProperties.StatusSummary[string(types.JobStatusFailed)])
}

// newJob is what is to be told of what was described, without its logs.
func newJob(name string, d *types.JobDetail) Job {
	j := Job{Name: name, ID: aws.ToString(d.JobId), Status: string(d.Status), Reason: aws.ToString(d.StatusReason), Attempts: attempts(d)}
	j.Hint = j.hint()
	return j
}

// addParts looks up failed children or nodes, and the first of them by their index more closely.
func (c *collector) addParts(ctx context.Context, j *Job, in *batch.ListJobsInput, mark func(string) string) error {
	var ids []string
	defer func() { j.More = len(ids) - len(j.Parts) }()
	for {
		out, err := c.jobs.ListJobs(ctx, in)
		if err != nil {
			return err
		}
		for i := range out.JobSummaryList {
			ids = append(ids, aws.ToString(out.JobSummaryList[i].JobId))
		}
		if in.NextToken = out.NextToken; in.NextToken == nil {
			break
		}
	}
	slices.SortFunc(ids, func(a, b string) int { return indexOf(a) - indexOf(b) })
	shown := ids[:min(c.parts, len(ids))]
	for page := range slices.Chunk(shown, describeLimit) {
		out, err := c.jobs.DescribeJobs(ctx, &batch.DescribeJobsInput{Jobs: page})
		if err != nil {
			return err
		}
		slices.SortFunc(out.Jobs, func(a, b types.JobDetail) int {
			return indexOf(aws.ToString(a.JobId)) - indexOf(aws.ToString(b.JobId))
		})
		for i := range out.Jobs {
			d := &out.Jobs[i]
			part := newJob(mark(strconv.Itoa(indexOf(aws.ToString(d.JobId)))), d)
			c.readLast(ctx, &part)
			j.Parts = append(j.Parts, part)
		}
	}
	return nil
}

// describeLimit is how many ids one DescribeJobs call takes:
// https://docs.aws.amazon.com/batch/latest/APIReference/API_DescribeJobs.html.
const describeLimit = 100

// indexOf is the index at the end of the id of a child, id:7, or of a node, id#7.
func indexOf(id string) int {
	at := strings.LastIndexAny(id, ":#")
	n, err := strconv.Atoi(id[at+1:])
	if err != nil {
		return 0
	}
	return n
}

// readLast adds the last lines of the logs of the last attempt.
func (c *collector) readLast(ctx context.Context, j *Job) {
	n := len(j.Attempts)
	if n == 0 || c.lines < 1 || len(c.report.Failed) >= most {
		return
	}
	containers := j.Attempts[n-1].Containers
	for i := range containers {
		s := containers[i].Log
		if s == (Stream{}) || c.closed[s.Place()] || c.logs == nil {
			continue
		}
		lines, err := tail(ctx, c.logs, s, c.lines)
		containers[i].Lines = lines
		var absent *logtypes.ResourceNotFoundException
		var refusal smithy.APIError
		var unsent *http.RequestSendError
		switch {
		case err == nil:
		case ctx.Err() != nil, errors.As(err, &unsent): // the next one would take as long to fail
			c.missing("logs: %v", plain(err))
			c.logs = nil
		case errors.As(err, &absent) && strings.Contains(absent.ErrorMessage(), "group"):
			c.missing("logs: the log group %s does not exist", s.Place())
			c.closed[s.Place()] = true
		case errors.As(err, &absent) && containers[i].ExitCode == nil: // it never ran
		case errors.As(err, &absent):
			c.missing("the log of %s: the stream %s of %s does not exist, so nothing was written or it has expired", j.Name, s.Name, s.Place())
		case errors.As(err, &refusal) && strings.HasPrefix(refusal.ErrorCode(), "AccessDenied"):
			c.missing("logs: these credentials may not read the log group %s (logs:GetLogEvents)", s.Place())
			c.closed[s.Place()] = true
		default:
			c.missing("the log of %s: %v", j.Name, plain(err))
		}
	}
}

// plain is an error without what the SDK puts around the service's words.
func plain(err error) string {
	var refusal smithy.APIError
	if errors.As(err, &refusal) {
		return refusal.ErrorCode() + ": " + refusal.ErrorMessage()
	}
	return err.Error()
}
