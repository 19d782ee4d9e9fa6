package report

import (
	"cmp"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// defaultGroup is where the awslogs driver writes unless it is told otherwise:
// https://docs.aws.amazon.com/batch/latest/userguide/using_awslogs.html.
const defaultGroup = "/aws/batch/job"

// Streams returns the log streams of a job, a child or a node as DescribeJobs shows it, those of each attempt in the
// order of its containers. There are none for the parent of an array and for a multi-node job as a whole, whose children
// and nodes have them, none for containers that write elsewhere than to CloudWatch Logs, and none for pods, of whose
// logs AWS Batch does not tell.
func Streams(d types.JobDetail) []Stream {
	var out []Stream
	for _, a := range attempts(&d) {
		for _, c := range a.Containers {
			if c.Log != (Stream{}) {
				out = append(out, c.Log)
			}
		}
	}
	return out
}

// attempts are those of a job, with the running one, of which the service tells apart from the others.
func attempts(d *types.JobDetail) []Attempt {
	var out []Attempt
	for i := range d.Attempts {
		out = append(out, attempt(d, &d.Attempts[i], i+1))
	}
	for i := range d.EksAttempts {
		out = append(out, podAttempt(&d.EksAttempts[i], i+1))
	}
	if d.Status == types.JobStatusStarting || d.Status == types.JobStatusRunning {
		if a := present(d, len(out)+1); len(a.Containers) > 0 {
			out = append(out, a)
		}
	}
	return out
}

func attempt(d *types.JobDetail, a *types.AttemptDetail, number int) Attempt {
	out := Attempt{Number: number, Reason: aws.ToString(a.StatusReason), Started: millis(a.StartedAt), Stopped: millis(a.StoppedAt)}
	if c := a.Container; c != nil {
		out.Containers = append(out.Containers, Container{
			ExitCode: c.ExitCode, Reason: aws.ToString(c.Reason), Log: stream(logsOf(d.Container), "", c.LogStreamName, number),
		})
	}
	for t := range a.TaskProperties {
		for _, c := range a.TaskProperties[t].Containers {
			name := aws.ToString(c.Name)
			out.Containers = append(out.Containers, Container{
				Name: name, ExitCode: c.ExitCode, Reason: aws.ToString(c.Reason),
				Log: stream(taskLogs(d, t, name), name, c.LogStreamName, number),
			})
		}
	}
	return out
}

func podAttempt(a *types.EksAttemptDetail, number int) Attempt {
	out := Attempt{Number: number, Reason: aws.ToString(a.StatusReason), Started: millis(a.StartedAt), Stopped: millis(a.StoppedAt)}
	if out.Pod = aws.ToString(a.PodName); a.PodNamespace != nil && out.Pod != "" {
		out.Pod = *a.PodNamespace + "/" + out.Pod
	}
	for _, list := range [][]types.EksAttemptContainerDetail{a.InitContainers, a.Containers} {
		for _, c := range list {
			out.Containers = append(out.Containers, Container{Name: aws.ToString(c.Name), ExitCode: c.ExitCode, Reason: aws.ToString(c.Reason)})
		}
	}
	return out
}

// present is the attempt that is under way.
func present(d *types.JobDetail, number int) Attempt {
	out := Attempt{Number: number, Started: millis(d.StartedAt)}
	if c := d.Container; c != nil && c.LogStreamName != nil {
		out.Containers = append(out.Containers, Container{Log: stream(logsOf(c), "", c.LogStreamName, number)})
	}
	if d.EcsProperties == nil {
		return out
	}
	for t := range d.EcsProperties.TaskProperties {
		for _, c := range d.EcsProperties.TaskProperties[t].Containers {
			if c.LogStreamName != nil {
				name := aws.ToString(c.Name)
				out.Containers = append(out.Containers, Container{Name: name, Log: stream(taskLogs(d, t, name), name, c.LogStreamName, number)})
			}
		}
	}
	return out
}

// stream is a stream of where a container writes, zero if that is not in CloudWatch Logs.
func stream(in Stream, container string, name *string, attempt int) Stream {
	if in.Group == "" || aws.ToString(name) == "" {
		return Stream{}
	}
	in.Name, in.Container, in.Attempt = *name, container, attempt
	return in
}

// logsOf is where the container of containerProperties writes, without the name of a stream.
func logsOf(c *types.ContainerDetail) Stream {
	if c == nil {
		return Stream{Group: defaultGroup}
	}
	return configured(c.LogConfiguration)
}

// taskLogs is the same for a container of a task.
func taskLogs(d *types.JobDetail, task int, name string) Stream {
	if d.EcsProperties == nil || task >= len(d.EcsProperties.TaskProperties) {
		return Stream{Group: defaultGroup}
	}
	for _, c := range d.EcsProperties.TaskProperties[task].Containers {
		if aws.ToString(c.Name) == name {
			return configured(c.LogConfiguration)
		}
	}
	return Stream{Group: defaultGroup}
}

// configured is the group and the Region of a log configuration, zero for another driver.
func configured(c *types.LogConfiguration) Stream {
	switch {
	case c == nil:
		return Stream{Group: defaultGroup}
	case c.LogDriver != types.LogDriverAwslogs:
		return Stream{}
	}
	return Stream{Group: cmp.Or(c.Options["awslogs-group"], defaultGroup), Region: c.Options["awslogs-region"]}
}

// millis is a time as the service gives it.
func millis(ms *int64) time.Time {
	if ms == nil {
		return time.Time{}
	}
	return time.UnixMilli(*ms).UTC()
}
