package batchtest

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// lastTask returns the task of the present or the last attempt, and how its
// containers have ended. The caller holds mu, as for all of this file.
func (s *Server) lastTask(j *job, attempts []attempt) (id string, endings []ending) {
	if j.live != nil && j.live.task != nil {
		return j.live.task.id, j.live.task.endings()
	}
	if n := len(attempts); n > 0 {
		return s.taskID(j, attempts[n-1].number), attempts[n-1].endings
	}
	return "", nil
}

// instance returns the ARN of the host of a job whose host has one.
func (s *Server) instance(j *job) *string {
	if !j.work.onInstance() {
		return nil
	}
	return aws.String(s.instanceARN(j.host()))
}

// taskDetail adds what the job runs, and how its last attempt went.
func (s *Server) taskDetail(j *job, attempts []attempt, d *types.JobDetail) {
	spec := j.spec()
	id, endings := s.lastTask(j, attempts)
	switch {
	case spec.pod != nil:
		d.EksProperties = s.podDetail(spec, j.host(), id, endings)
	case spec.container != nil:
		c := *spec.container
		if id != "" {
			c.ContainerInstanceArn, c.TaskArn = s.instance(j), aws.String(s.taskARN(id))
			c.LogStreamName = aws.String(j.work.logStream(spec, 0, id))
			c.ExitCode, c.Reason = endings[0].detail()
		}
		d.Container = &c
	default:
		t := *spec.task
		t.Containers = slices.Clone(t.Containers)
		if id != "" {
			t.ContainerInstanceArn, t.TaskArn = s.instance(j), aws.String(s.taskARN(id))
			for i := range t.Containers {
				c := &t.Containers[i]
				c.LogStreamName = aws.String(j.work.logStream(spec, i, id))
				c.ExitCode, c.Reason = endings[i].detail()
			}
		}
		d.EcsProperties = &types.EcsPropertiesDetail{TaskProperties: []types.EcsTaskDetails{t}}
	}
}

func (e ending) detail() (code *int32, reason *string) {
	if e.exited {
		code = aws.Int32(e.code)
	}
	if e.reason != "" {
		reason = aws.String(e.reason)
	}
	return code, reason
}

// attemptsDetail adds the attempts that have ended. Those of a multi-node
// parallel job are its main node's.
func (s *Server) attemptsDetail(j *job, attempts []attempt, d *types.JobDetail) {
	if j.nodes != nil {
		j = j.mainNode()
	}
	spec := j.spec()
	for i := range attempts {
		a := &attempts[i]
		if spec.pod != nil {
			d.EksAttempts = append(d.EksAttempts, s.podAttempt(j.work, spec, j.host(), a, s.taskID(j, a.number)))
		} else {
			d.Attempts = append(d.Attempts, s.taskAttempt(j, spec, a))
		}
	}
}

func (s *Server) taskAttempt(j *job, spec *taskSpec, a *attempt) types.AttemptDetail {
	out := types.AttemptDetail{StatusReason: aws.String(a.reason), StoppedAt: aws.Int64(a.stopped)}
	if a.started != 0 {
		out.StartedAt = aws.Int64(a.started)
	}
	id := s.taskID(j, a.number)
	if spec.container != nil {
		code, reason := a.endings[0].detail()
		out.Container = &types.AttemptContainerDetail{
			ContainerInstanceArn: s.instance(j), TaskArn: aws.String(s.taskARN(id)),
			ExitCode: code, Reason: reason, LogStreamName: aws.String(j.work.logStream(spec, 0, id)),
		}
		return out
	}
	t := types.AttemptEcsTaskDetails{ContainerInstanceArn: s.instance(j), TaskArn: aws.String(s.taskARN(id))}
	for i, e := range a.endings {
		code, reason := e.detail()
		t.Containers = append(t.Containers, types.AttemptTaskContainerDetails{
			Name: aws.String(spec.containers[i].name), ExitCode: code, Reason: reason, LogStreamName: aws.String(j.work.logStream(spec, i, id)),
		})
	}
	out.TaskProperties = []types.AttemptEcsTaskDetails{t}
	return out
}
