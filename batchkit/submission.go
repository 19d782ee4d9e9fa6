package batchkit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/validate"
)

// submission hands the steps of a plan over to AWS Batch, each once. Steps are meant by their index in the plan.
type submission struct {
	client  *Client
	plan    *Plan
	id      identity
	journal Journal        // nil for none
	index   map[string]int // of the steps, by name

	mu         sync.Mutex
	settled    *sync.Cond        // a step has become a job, or failed
	arns       map[int]string    // of the definitions
	ids        []string          // of the jobs; empty for those that are not known to exist
	doubts     map[int]time.Time // when steps were sent of which it is not known what became
	sent       map[int]time.Time // when this submission sent steps
	cancelled  map[int]string    // why steps are not to be submitted, or were ended
	duplicates []Duplicate
	failure    *stepError // of the first step in the order of the plan that failed
}

// stepError says which step failed.
type stepError struct {
	step int
	err  error
}

func (e *stepError) Error() string { return e.err.Error() }
func (e *stepError) Unwrap() error { return e.err }

func newSubmission(c *Client, plan *Plan) *submission {
	s := &submission{
		client: c, plan: plan, id: identity{plan: plan.Digest()},
		index: make(map[string]int, len(plan.Steps)),
		arns:  map[int]string{}, ids: make([]string, len(plan.Steps)), doubts: map[int]time.Time{},
		sent: map[int]time.Time{}, cancelled: map[int]string{},
	}
	s.settled = sync.NewCond(&s.mu)
	for i := range plan.Steps {
		s.index[plan.Steps[i].Name] = i
	}
	return s
}

// submit hands steps over that are not jobs yet, several at a time, each after those that it depends on. They are in
// the order of the plan, and what they depend on is among them or has been submitted. It may be called again, for other
// steps or after a failure, but not while it runs. When a step fails no other is begun.
func (s *submission) submit(ctx context.Context, steps []int) error {
	s.failure = nil
	if err := s.complete(steps); err != nil {
		return err
	}
	if err := s.register(ctx, steps); err != nil {
		return err
	}
	work := make(chan int)
	var workers sync.WaitGroup
	for range min(s.client.submits.concurrency, len(steps)) {
		workers.Go(func() {
			for i := range work {
				if !s.ready(i) {
					continue
				}
				if err := s.step(ctx, i); err != nil {
					s.fail(i, err)
				}
			}
		})
	}
	for _, i := range steps {
		work <- i
	}
	close(work)
	workers.Wait()
	if s.failure != nil {
		return s.failure
	}
	return nil
}

// complete checks that no step would wait for ever.
func (s *submission) complete(steps []int) error {
	begun := make([]bool, len(s.ids))
	for _, i := range steps {
		for _, d := range s.plan.Steps[i].DependsOn {
			if on, ok := s.index[d.On]; d.On != "" && (!ok || s.ids[on] == "" && !begun[on]) {
				return &stepError{i, fmt.Errorf("waits for %q, which does not come before it", d.On)}
			}
		}
		begun[i] = true
	}
	return nil
}

// ready waits until all that a step depends on are jobs. It returns false when a step has failed.
func (s *submission) ready(i int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.plan.Steps[i].DependsOn {
		for d.On != "" && s.ids[s.index[d.On]] == "" && s.failure == nil {
			s.settled.Wait()
		}
	}
	return s.failure == nil
}

func (s *submission) fail(i int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failure == nil || i < s.failure.step {
		s.failure = &stepError{i, err}
	}
	s.settled.Broadcast()
}

// maxSends bounds how often a step is sent whose calls are never answered.
const maxSends = 5

// step has a step become a job.
func (s *submission) step(ctx context.Context, i int) error {
	s.mu.Lock()
	known := s.ids[i] != ""
	sent, doubtful := s.doubts[i]
	s.mu.Unlock()
	if known {
		return nil
	}
	in := s.input(i)
	var last error
	for sends := 0; ; sends++ {
		if doubtful {
			switch found, err := s.find(ctx, i, in, sent); {
			case err != nil:
				return err
			case found:
				return nil
			}
		}
		if sends == maxSends {
			return fmt.Errorf("sent %d times, and no job came of it: %w", sends, last)
		}
		id, err := s.send(ctx, i, in)
		switch {
		case err == nil:
			return s.submitted(ctx, i, id)
		case notTaken(err):
			return errors.Join(s.client.explain(ctx, in, err), s.absent(ctx, i))
		case ctx.Err() != nil:
			return err
		}
		last, sent, doubtful = err, time.Now(), true
	}
}

// send makes the call.
func (s *submission) send(ctx context.Context, i int, in *batch.SubmitJobInput) (id string, err error) {
	err = s.client.submits.do(ctx, func(ctx context.Context) error {
		if s.whyCancelled(i) != "" {
			return &notSentError{errCancelled}
		}
		at := now()
		if err := s.note(ctx, Record{Kind: RecordSending, Step: s.plan.Steps[i].Name, At: at}); err != nil {
			return &notSentError{err}
		}
		s.mu.Lock()
		s.doubts[i], s.sent[i] = at, at
		s.mu.Unlock()
		out, err := s.client.api.SubmitJob(ctx, in, once)
		if err != nil {
			return err
		}
		if id = aws.ToString(out.JobId); id == "" {
			return errors.New("the answer holds no id of a job")
		}
		return nil
	})
	return id, err
}

// submitted takes down that a step is a job.
func (s *submission) submitted(ctx context.Context, i int, id string) error {
	s.mu.Lock()
	s.ids[i] = id
	delete(s.doubts, i)
	s.settled.Broadcast()
	s.mu.Unlock()
	return s.note(ctx, Record{Kind: RecordSubmitted, Step: s.plan.Steps[i].Name, ID: id, At: now()})
}

// absent takes down that a step is no job.
func (s *submission) absent(ctx context.Context, i int) error {
	s.mu.Lock()
	_, sent := s.doubts[i]
	delete(s.doubts, i)
	s.mu.Unlock()
	if !sent {
		return nil
	}
	return s.note(ctx, Record{Kind: RecordAbsent, Step: s.plan.Steps[i].Name, At: now()})
}

// note writes to the journal, also after ctx has ended.
func (s *submission) note(ctx context.Context, records ...Record) error {
	if s.journal == nil || len(records) == 0 {
		return nil
	}
	return s.journal.Append(context.WithoutCancel(ctx), records...)
}

// input is what is sent for a step. All that it depends on are jobs.
func (s *submission) input(i int) *batch.SubmitJobInput {
	s.mu.Lock()
	defer s.mu.Unlock()
	step := &s.plan.Steps[i]
	in := *step.Input
	if step.Definition >= 0 {
		in.JobDefinition = aws.String(s.arns[step.Definition])
	}
	in.DependsOn = slices.Grow(slices.Clone(step.Input.DependsOn), len(step.DependsOn))
	for _, d := range step.DependsOn {
		in.DependsOn = append(in.DependsOn, s.withID(d))
	}
	s.id.sign(&in, step.Name)
	return &in
}

func (s *submission) withID(d validate.Dependency) types.JobDependency {
	dep := types.JobDependency{Type: d.Type}
	if d.On != "" {
		dep.JobId = aws.String(s.ids[s.index[d.On]])
	}
	return dep
}

// register makes sure that the definitions of the steps have revisions. A run keeps to one revision of each, as far as
// its journal tells; without one, an equal revision that is there is used again.
func (s *submission) register(ctx context.Context, steps []int) error {
	for _, i := range steps {
		n := s.plan.Steps[i].Definition
		if n < 0 || s.ids[i] != "" || s.arns[n] != "" {
			continue
		}
		def := s.plan.Definitions[n]
		ensured, err := s.client.EnsureDefinition(ctx, asIs{def})
		if ensured == nil || ensured.ARN == "" {
			return &definitionError{aws.ToString(def.JobDefinitionName), err}
		}
		// What could not be deregistered beside it is no reason to stop.
		if err := s.note(ctx, Record{Kind: RecordRegistered, Definition: n, ID: ensured.ARN, At: now()}); err != nil {
			return err
		}
		s.arns[n] = ensured.ARN
	}
	return nil
}

// asIs is a definition that has been built.
type asIs struct {
	in *batch.RegisterJobDefinitionInput
}

func (d asIs) Build() (*batch.RegisterJobDefinitionInput, error) { return d.in, nil }

// definitionError says which definition could not be registered.
type definitionError struct {
	name string
	err  error
}

func (e *definitionError) Error() string { return e.err.Error() }
func (e *definitionError) Unwrap() error { return e.err }
