package batchtest

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/validate"
)

// snapshot returns the state. The caller holds mu, as for all of this file.
func (s *Server) snapshot() (*state, error) {
	st := &state{
		Format: stateFormat, Version: stateVersion, SavedAt: s.Now().UTC(),
		Region: s.settings.region, Account: s.settings.account, Seed: s.settings.seed,
		Tags: maps.Clone(s.tags), Limits: maps.Clone(s.limits), Definitions: map[string][]savedDefinition{},
	}
	w := &stateWriter{}
	st.JobIDs, w.err = s.ids.jobs.MarshalBinary()
	if w.err == nil {
		st.RequestIDs, w.err = s.ids.requests.MarshalBinary()
	}
	for _, name := range sortedKeys(s.policies) {
		p := s.policies[name]
		st.Policies = append(st.Policies, w.json(&batch.CreateSchedulingPolicyInput{Name: p.Name, FairsharePolicy: p.FairsharePolicy, Tags: p.Tags}))
	}
	for _, name := range sortedKeys(s.environments) {
		e := s.environments[name]
		if e.runs == validate.All {
			st.Default, st.DefaultState = true, string(e.detail.State)
			continue
		}
		st.Environments = append(st.Environments, w.json(creationOf(&e.detail)))
		if p := e.detail.UpdatePolicy; p != nil {
			st.Updates = append(st.Updates, w.json(&batch.UpdateComputeEnvironmentInput{ComputeEnvironment: &name, UpdatePolicy: p}))
		}
	}
	for _, name := range sortedKeys(s.queues) {
		d := s.queues[name].detail
		st.Queues = append(st.Queues, w.json(&batch.CreateJobQueueInput{
			JobQueueName: d.JobQueueName, JobQueueType: d.JobQueueType, ComputeEnvironmentOrder: d.ComputeEnvironmentOrder,
			JobStateTimeLimitActions: d.JobStateTimeLimitActions, Priority: d.Priority, SchedulingPolicyArn: d.SchedulingPolicyArn,
			State: d.State, Tags: d.Tags,
		}))
	}
	for _, name := range sortedKeys(s.consumables) {
		st.Consumables = append(st.Consumables, w.consumable(s.consumables[name]))
	}
	for name, revisions := range s.definitions {
		for _, d := range revisions {
			st.Definitions[name] = append(st.Definitions[name], savedDefinition{w.json(d.input), !d.active})
		}
	}
	for _, j := range s.submitted {
		st.Jobs = append(st.Jobs, s.saveJob(w, j))
	}
	st.Reasons = slices.Clone(s.reasons.texts)
	return st, w.err
}

// creationOf returns the request that creates a compute environment as it is now.
func creationOf(d *types.ComputeEnvironmentDetail) *batch.CreateComputeEnvironmentInput {
	return &batch.CreateComputeEnvironmentInput{
		ComputeEnvironmentName: d.ComputeEnvironmentName, ComputeResources: d.ComputeResources, Context: d.Context,
		EksConfiguration: d.EksConfiguration, ServiceRole: d.ServiceRole, State: d.State, Tags: d.Tags, Type: d.Type, UnmanagedvCpus: d.UnmanagedvCpus,
	}
}

// A stateWriter encodes the SDK's structs, up to the first error.
type stateWriter struct{ err error }

func (w *stateWriter) json(in any) json.RawMessage {
	data, err := batchjson.Marshal(in)
	if err != nil && w.err == nil {
		w.err = err
	}
	return data
}

func (w *stateWriter) consumable(c *consumable) savedConsumable {
	out := savedConsumable{Created: c.created, Input: w.json(&batch.CreateConsumableResourceInput{
		ConsumableResourceName: &c.name, ResourceType: &c.kind, Tags: c.tags, TotalQuantity: &c.total,
	})}
	for ch, at := range c.changes {
		out.Changes = append(out.Changes, savedChange{ch.token, ch.operation, ch.quantity, at})
	}
	slices.SortFunc(out.Changes, func(a, b savedChange) int { return a.At.Compare(b.At) })
	return out
}

func (s *Server) saveJob(w *stateWriter, j *job) savedJob {
	q := j.work.queue
	now := s.queues[*q.detail.JobQueueName]
	out := savedJob{
		ID: j.work.id, Input: w.json(j.work.input), Definition: withRevision(j.work.definition.name(), int(*j.work.definition.detail.Revision)),
		Queue: *q.detail.JobQueueName, QueueDeleted: now == nil || now.line != q.line,
		Environment: aws.ToString(j.work.environment.detail.ComputeEnvironmentName),
		savedPart:   s.savePart(j),
	}
	if j.array != nil {
		out.Born, out.Changed = j.array.born, j.array.changed
		out.Children = s.saveParts(j.array.children)
	}
	if j.nodes != nil {
		out.Nodes = s.saveParts(j.nodes.members)
	}
	return out
}

func (s *Server) saveParts(parts []job) []savedPart {
	out := make([]savedPart, len(parts))
	for i := range parts {
		out[i] = s.savePart(&parts[i])
	}
	return out
}

func (s *Server) savePart(j *job) savedPart {
	out := savedPart{Canceled: j.canceled, Terminated: j.terminated}
	if j.live == nil && !j.status.terminal() {
		return out // nothing has happened to it
	}
	if j.live != nil {
		out.Verdict = j.live.verdict
	}
	r := s.record(j)
	out.History = make([]savedStep, len(r.history))
	for i, h := range r.history {
		out.History[i] = savedStep{h.at, string(statusNames[h.to]), h.reason}
	}
	for _, a := range r.attempts {
		saved := savedAttempt{Number: a.number, Started: a.started, Stopped: a.stopped, Reason: a.reason}
		for _, e := range a.endings {
			code, _ := e.detail()
			saved.Endings = append(saved.Endings, savedEnding{code, e.reason})
		}
		out.Attempts = append(out.Attempts, saved)
	}
	return out
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
