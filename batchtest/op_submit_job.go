package batchtest

// SubmitJob
//
// The queue and the definition are looked up, and the request is judged by
// validate.SubmitJob together with the definition; the first finding of
// severity error refuses it, in the service's words where they are known. Overrides
// that are too long for Amazon ECS, and too many tags to propagate, are accepted, as
// in the service, and the job fails when its turn in the queue comes.
//
// The queue must be ENABLED and have a compute environment for the platform of the
// definition, which may be DISABLED: the job waits until one is ENABLED. Every
// job depended on must be known; it may have ended long ago. A queue with a
// fair-share policy has at most 500 active share identifiers.
//
// Overrides are merged: commands as a whole, environment by name, resources by
// type, pods and tasks by the names of their containers. A word Ref::name of a
// command becomes the value of the parameter, of the request or else of the
// definition; one without a value is refused.
//
// Of a pod, command and args are each replaced as a whole, environment and
// resources are merged, and the image is replaced. The overrides of a range of
// nodes are for the range of the definition with the same nodes.
//
// Arrays of multi-node parallel jobs, of which the service's documents say
// nothing, are refused, and so are dependencies on a single node.
//
// There is no client token, as in the service: sending a request twice submits
// two jobs.

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"

	"github.com/batchkit/batchkit-go/validate"
)

func (s *Server) submitJob(in *batch.SubmitJobInput) (*batch.SubmitJobOutput, error) {
	if err := requireSubmission(in); err != nil {
		return nil, err
	}
	s.mu.Lock()
	d, err := s.definitionToRun(*in.JobDefinition)
	q, found := s.queue(*in.JobQueue)
	var e *environment
	if err == nil && found {
		e, err = s.accept(q, in, d)
	}
	s.mu.Unlock()
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, refuse("JobQueue %s not found.", *in.JobQueue)
	}
	findings := validate.SubmitJob(in, validate.WithDefinition(d.input), validate.WithQueue(q.scheduling()))
	if err := refuseFindings(findings); err != nil {
		return nil, err
	}
	w, err := newWork(in, d, q, e)
	if err != nil {
		return nil, err
	}
	w.fault = lateFault(findings)
	if !s.update(func() { err = s.submit(w) }) {
		return nil, ErrClosed
	}
	if err != nil {
		return nil, err
	}
	return &batch.SubmitJobOutput{JobArn: aws.String(s.arn(kindJob, w.id)), JobId: &w.id, JobName: in.JobName}, nil
}

// submit brings the job into the world. The caller holds mu.
func (s *Server) submit(w *work) error {
	if q, ok := s.queue(*w.input.JobQueue); !ok || !q.enabled() {
		return refuse("JobQueue %s is not in ENABLED state", *w.input.JobQueue) // changed since it was looked at
	}
	if err := s.checkDependencies(w.dependsOn); err != nil {
		return err
	}
	if err := s.enroll(w); err != nil {
		return err
	}
	s.admit(s.newJob(w, uuid(s.ids.jobs)))
	return nil
}

// newJob makes the job of a work, with its children or nodes. The caller holds
// mu.
func (s *Server) newJob(w *work, id string) *job {
	w.id, w.serial = id, len(s.submitted)
	j := &job{work: w, index: noIndex}
	w.job = j
	if a := w.input.ArrayProperties; a != nil && aws.ToInt32(a.Size) > 0 {
		j.array = &array{children: make([]job, *a.Size)}
		for i := range j.array.children {
			j.array.children[i] = job{work: w, index: int32(i)}
		}
	}
	if w.nodes != nil {
		j.nodes = newNodes(w)
	}
	s.jobs[w.id] = j
	s.submitted = append(s.submitted, j)
	return j
}

func requireSubmission(in *batch.SubmitJobInput) error {
	for _, m := range []struct {
		name  string
		value *string
	}{{"jobName", in.JobName}, {"jobQueue", in.JobQueue}, {"jobDefinition", in.JobDefinition}} {
		if aws.ToString(m.value) == "" {
			return refuse("%s must be provided", m.name)
		}
	}
	return nil
}

// scheduling is what the rules on shares need to know of a queue.
func (q *queue) scheduling() validate.Queue {
	if q.detail.SchedulingPolicyArn != nil {
		return validate.Queue{Scheduling: validate.FairShare}
	}
	return validate.Queue{Scheduling: validate.FIFO}
}

// accept returns the compute environment a job is submitted for. The caller
// holds mu.
func (s *Server) accept(q *queue, in *batch.SubmitJobInput, d *definition) (*environment, error) {
	if !q.enabled() {
		return nil, refuse("JobQueue %s is not in ENABLED state", *in.JobQueue)
	}
	if e, ok := q.environmentOf(d.platform); ok {
		return e, nil
	}
	if d.platform&validate.MultiNode != 0 {
		return nil, refuse("Job Queue is attached to Compute Environment that can not run multi-node parallel Jobs: it must be a managed one of type EC2, on Amazon EKS for pods")
	}
	return nil, refuse("Job Queue is attached to Compute Environment that can not run Jobs with capability %s.", d.platform)
}
