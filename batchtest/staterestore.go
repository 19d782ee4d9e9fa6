package batchtest

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/validate"
)

// restore brings a new server into a state.
func (s *Server) restore(st *state) error {
	if err := s.ids.jobs.UnmarshalBinary(st.JobIDs); err != nil {
		return fmt.Errorf("jobIds: %w", err)
	}
	if err := s.ids.requests.UnmarshalBinary(st.RequestIDs); err != nil {
		return fmt.Errorf("requestIds: %w", err)
	}
	for _, step := range []func(*state) error{s.removeDefaults, s.restoreResources, s.restoreDefinitions} {
		if err := step(st); err != nil {
			return err
		}
	}
	for arn, tags := range st.Tags {
		s.tags[arn] = tags
	}
	var err error
	s.update(func() {
		for i := range st.Jobs {
			if err = s.restoreJob(st, &st.Jobs[i]); err != nil {
				err = fmt.Errorf("jobs[%d]: %w", i, err)
				return
			}
		}
		s.resume()
	})
	return err
}

// removeDefaults takes away what is there from the start and was not, or was
// another one, when the state was saved.
func (s *Server) removeDefaults(st *state) error {
	name := aws.String(defaultName)
	if _, err := s.updateJobQueue(&batch.UpdateJobQueueInput{JobQueue: name, State: types.JQStateDisabled}); err != nil {
		return err
	}
	if _, err := s.deleteJobQueue(&batch.DeleteJobQueueInput{JobQueue: name}); err != nil {
		return err
	}
	if st.Default && st.DefaultState == string(types.CEStateEnabled) {
		return nil
	}
	if _, err := s.updateComputeEnvironment(&batch.UpdateComputeEnvironmentInput{ComputeEnvironment: name, State: types.CEStateDisabled}); err != nil || st.Default {
		return err
	}
	_, err := s.deleteComputeEnvironment(&batch.DeleteComputeEnvironmentInput{ComputeEnvironment: name})
	return err
}

// create carries out saved requests.
func create[In, Out any](what string, saved []json.RawMessage, op func(*In) (*Out, error)) error {
	for i, data := range saved {
		in := new(In)
		err := batchjson.Unmarshal(data, in)
		if err == nil {
			_, err = op(in)
		}
		if err != nil {
			return fmt.Errorf("%s[%d]: %w", what, i, err)
		}
	}
	return nil
}

func (s *Server) restoreResources(st *state) error {
	if err := create("policies", st.Policies, s.createSchedulingPolicy); err != nil {
		return err
	}
	for instanceType, n := range st.Limits { // before any is launched
		s.LimitInstances(instanceType, n)
	}
	if err := create("environments", st.Environments, s.restoreEnvironment); err != nil {
		return err
	}
	if err := create("updates", st.Updates, s.updateComputeEnvironment); err != nil {
		return err
	}
	if err := create("queues", st.Queues, s.createJobQueue); err != nil {
		return err
	}
	for i := range st.Consumables {
		saved := &st.Consumables[i]
		if err := create("consumables", []json.RawMessage{saved.Input}, func(in *batch.CreateConsumableResourceInput) (*batch.CreateConsumableResourceOutput, error) {
			out, err := s.createConsumableResource(in)
			if err == nil {
				c := s.consumables[*in.ConsumableResourceName]
				c.created = saved.Created
				for _, ch := range saved.Changes {
					c.changes[change{ch.Token, ch.Operation, ch.Quantity}] = ch.At
				}
			}
			return out, err
		}); err != nil {
			return err
		}
	}
	return nil
}

// restoreEnvironment creates a compute environment, which may have been DISABLED
// since it was created.
func (s *Server) restoreEnvironment(in *batch.CreateComputeEnvironmentInput) (*batch.CreateComputeEnvironmentOutput, error) {
	state := in.State
	in.State = ""
	out, err := s.createComputeEnvironment(in)
	if err == nil && state != "" {
		_, err = s.updateComputeEnvironment(&batch.UpdateComputeEnvironmentInput{ComputeEnvironment: out.ComputeEnvironmentArn, State: state})
	}
	return out, err
}

func (s *Server) restoreDefinitions(st *state) error {
	for _, name := range sortedKeys(st.Definitions) {
		for i, saved := range st.Definitions[name] {
			what := "definitions." + name
			if err := create(what, []json.RawMessage{saved.Input}, s.registerJobDefinition); err != nil {
				return err
			}
			d, ok := s.revision(name, i+1)
			if !ok {
				return fmt.Errorf("%s[%d]: it has another name", what, i)
			}
			d.active = !saved.Inactive
		}
	}
	return nil
}

// restoreJob puts a job into its place, without carrying on with it. The caller
// holds mu, as for the rest of this file.
func (s *Server) restoreJob(st *state, saved *savedJob) error {
	w, err := s.restoreWork(saved)
	if err != nil {
		return err
	}
	if _, taken := s.jobs[saved.ID]; taken || saved.ID == "" {
		return fmt.Errorf("id: must be one of its own, found %q", saved.ID)
	}
	j := s.newJob(w, saved.ID)
	parts, of := saved.Children, j.parts()
	if j.array != nil {
		j.array.born, j.array.changed = saved.Born, saved.Changed
	}
	if j.nodes != nil {
		parts = saved.Nodes
	}
	if len(parts) != len(of) {
		return fmt.Errorf("it has %d parts, and %d are saved", len(of), len(parts))
	}
	if err := s.restorePart(st, j, &saved.savedPart, nil); err != nil {
		return err
	}
	for i := range of {
		if err := s.restorePart(st, &of[i], &parts[i], j); err != nil {
			return fmt.Errorf("part %d: %w", i, err)
		}
		if j.array != nil {
			j.array.counts[of[i].status]++
		}
	}
	s.depend(j)
	if w.sequential {
		resumeSequence(of)
	}
	return nil
}

// restoreWork submits a saved job anew, so that it passes the same checks.
func (s *Server) restoreWork(saved *savedJob) (*work, error) {
	in := &batch.SubmitJobInput{}
	if err := batchjson.Unmarshal(saved.Input, in); err != nil {
		return nil, fmt.Errorf("input: %w", err)
	}
	name, number, ok := splitRevision(saved.Definition)
	d, known := s.revision(name, number)
	if !ok || number == 0 || !known {
		return nil, fmt.Errorf("definition: %q is not there", saved.Definition)
	}
	fault, err := checkSubmission(in, d)
	if err != nil {
		return nil, err
	}
	w, err := newWork(in, d, s.queueOf(saved), s.environmentNamed(saved.Environment))
	if err != nil {
		return nil, err
	}
	w.fault = fault
	return w, nil
}

// resumeSequence tells the children of a SEQUENTIAL array of those before them
// that have ended.
func resumeSequence(children []job) {
	for i := range children[:max(len(children)-1, 0)] {
		switch next := &children[i+1]; children[i].status {
		case succeeded:
			next.waiting--
		case failed:
			next.doomed = true
		}
	}
}

// queueOf returns the queue of a saved job. One that is gone is stood in for.
func (s *Server) queueOf(saved *savedJob) *queue {
	if q, ok := s.queues[saved.Queue]; ok && !saved.QueueDeleted {
		return q
	}
	gone := &queue{line: &line{}, detail: types.JobQueueDetail{JobQueueName: aws.String(saved.Queue), JobQueueArn: aws.String(s.arn(kindQueue, saved.Queue))}}
	gone.line.queue = gone
	return gone
}

// environmentNamed returns a compute environment. One that is gone is stood in
// for.
func (s *Server) environmentNamed(name string) *environment {
	if e, ok := s.environments[name]; ok {
		return e
	}
	return &environment{detail: types.ComputeEnvironmentDetail{
		ComputeEnvironmentName: aws.String(name), ComputeEnvironmentArn: aws.String(s.arn(kindEnvironment, name)),
	}}
}

// restorePart gives a job, or a child or node of one, its record.
func (s *Server) restorePart(st *state, j *job, saved *savedPart, whole *job) error {
	j.canceled, j.terminated = saved.Canceled, saved.Terminated
	if len(saved.History) == 0 && whole != nil && whole.array != nil {
		j.status = pending
		return checkStatus(j, whole)
	}
	r, err := s.restoreRecord(st, saved, j)
	if err != nil {
		return err
	}
	j.status = r.last().to
	if err := checkStatus(j, whole); err != nil {
		return err
	}
	if j.status.terminal() && (whole == nil || whole.array != nil || whole.status.terminal()) {
		j.past = s.pack(&r)
		return nil
	}
	j.live = &live{record: r, verdict: saved.Verdict}
	return nil
}

// checkStatus refuses a status that a job cannot have, or not beside that of its
// whole.
func checkStatus(j, whole *job) error {
	ok := true
	switch {
	case whole == nil:
		ok = j.array == nil || j.status <= pending || j.status.terminal()
	case whole.status.terminal():
		ok = j.status.terminal()
	case whole.array != nil:
		ok = j.status >= pending
	case whole.status < starting:
		ok = j.status == whole.status || whole.status == submitted && j.status == pending
	}
	if !ok {
		return fmt.Errorf("history: it cannot end with %s", statusNames[j.status])
	}
	return nil
}

func (s *Server) restoreRecord(st *state, saved *savedPart, j *job) (r record, err error) {
	if len(saved.History) == 0 {
		return r, fmt.Errorf("history: must not be empty")
	}
	for _, h := range saved.History {
		to := slices.Index(statusNames[:], types.JobStatus(h.To))
		if to <= int(unborn) || int(h.Reason) > len(st.Reasons) {
			return r, fmt.Errorf("history: must hold statuses and numbers of reasons, found %q and %d", h.To, h.Reason)
		}
		text := ""
		if h.Reason > 0 {
			text = st.Reasons[h.Reason-1]
		}
		r.history = append(r.history, step{at: h.At, to: status(to), reason: s.reasons.number(text)})
	}
	for i, a := range saved.Attempts {
		spec := j.spec()
		if j.nodes != nil {
			spec = j.mainNode().spec()
		}
		if a.Number != i+1 || j.array != nil || len(a.Endings) != len(spec.containers) {
			return r, fmt.Errorf("attempts[%d]: must be attempt %d, with an ending for each container", i, i+1)
		}
		out := attempt{number: a.Number, started: a.Started, stopped: a.Stopped, reason: a.Reason}
		for _, e := range a.Endings {
			out.endings = append(out.endings, ending{code: aws.ToInt32(e.Code), exited: e.Code != nil, reason: e.Reason})
		}
		r.attempts = append(r.attempts, out)
	}
	return r, nil
}

// resume carries on with the jobs that have not ended.
func (s *Server) resume() {
	var lines []*job
	for _, j := range s.submitted {
		if j.status.terminal() {
			continue
		}
		parts := []job(nil)
		if j.array != nil {
			parts = j.array.children
		}
		if w := j.work; s.queues[*w.queue.detail.JobQueueName] == nil || s.queues[*w.queue.detail.JobQueueName].line != w.queue.line {
			s.abandon(j, parts)
			continue
		}
		if err := s.enroll(j.work); err != nil {
			s.abandon(j, parts)
			continue
		}
		j.live.admitted = j.status > submitted
		lines = append(lines, j)
		for i := range parts {
			lines = append(lines, &parts[i])
		}
	}
	// Those that waited stand in line as before, and then those that lost what ran them.
	slices.SortStableFunc(lines, compareSince)
	for _, j := range lines {
		if j.status == runnable {
			s.stand(j)
		}
	}
	for _, j := range lines {
		switch {
		case j.status == starting || j.status == running:
			s.lost(j)
		case j.status == submitted:
			s.arrive(j)
		case !j.status.terminal() && j.status < runnable:
			s.advance(j)
		}
	}
}

// compareSince orders jobs by when they came into their status.
func compareSince(a, b *job) int {
	at := func(j *job) int64 {
		if j.live == nil {
			return 0
		}
		return j.live.last().at
	}
	return int(min(max(at(a)-at(b), -1), 1))
}

// abandon ends a job, with its children, whose queue is gone.
func (s *Server) abandon(j *job, parts []job) {
	for i := range parts {
		if c := &parts[i]; !c.status.terminal() {
			s.finish(c, failed, reasonQueueDeleted)
		}
	}
	if len(parts) == 0 {
		s.finish(j, failed, reasonQueueDeleted)
	}
}

// lost ends the attempt of a job that nothing runs any more.
func (s *Server) lost(j *job) {
	s.lock(j)
	s.unlock(j) // what is used up by an attempt is used up by this one
	reason := lossOf(j.work, j.host())
	if j.nodes != nil {
		main := j.mainNode()
		reason = lossOf(j.work, main.host())
		for i := range j.nodes.members {
			if m := &j.nodes.members[i]; m.status == starting || m.status == running {
				s.loseAttempt(m, reason)
				s.enter(m, failed, reason)
			}
		}
	}
	s.loseAttempt(j, reason)
	switch {
	case j.live.verdict != "":
		s.finish(j, failed, j.live.verdict)
	case j.work.retry.again(len(j.live.attempts), ending{}, reason):
		s.ready(j)
	default:
		s.finish(j, failed, reason)
	}
}

// loseAttempt records an attempt whose containers have no exit code.
func (s *Server) loseAttempt(j *job, reason string) {
	spec := j.spec()
	if j.nodes != nil {
		spec = j.mainNode().spec()
	}
	started, _ := j.live.startedAt()
	j.live.attempts = append(j.live.attempts, attempt{
		number: len(j.live.attempts) + 1, started: started, stopped: s.Now().UnixMilli(),
		reason: reason, endings: make([]ending, len(spec.containers)),
	})
}

// checkSubmission refuses what the service would refuse, whatever the queue, and
// returns why the job will fail if it has not.
func checkSubmission(in *batch.SubmitJobInput, d *definition) (fault string, err error) {
	if err := requireSubmission(in); err != nil {
		return "", err
	}
	findings := validate.SubmitJob(in, validate.WithDefinition(d.input))
	return lateFault(findings), refuseFindings(findings)
}
