package batchkit

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
)

// Register registers a definition, checked before by [Definition.Build], and returns its ARN with the new revision.
// Every call makes a revision, also when nothing has changed; [Client.EnsureDefinition] does not.
func (c *Client) Register(ctx context.Context, definition Builder) (arn string, err error) {
	in, err := built(definition)
	if err != nil {
		return "", err
	}
	return c.register(ctx, in)
}

func (c *Client) register(ctx context.Context, in *batch.RegisterJobDefinitionInput) (string, error) {
	out, err := c.api.RegisterJobDefinition(ctx, in)
	if err != nil {
		return "", err
	}
	return aws.ToString(out.JobDefinitionArn), nil
}

// SubmitOption changes what [Client.Submit] does.
type SubmitOption func(*submitSettings)

type submitSettings struct {
	run        string
	journal    Journal
	fresh      bool
	conditions map[string]func(JobResult) bool
}

// RunID names the run: 1 to 64 letters, digits, hyphens and underscores, the first a letter or a digit; ids that differ
// in letter case only, or begin with each other, are found together and told apart by their tags, which takes calls. A run
// of that id that was begun before is gone on with. Default: that of the journal, or else a new one: the plan's name, the
// time, and some characters by chance.
func RunID(id string) SubmitOption { return func(s *submitSettings) { s.run = id } }

// WithJournal has the submission write down what it does, so that it can be gone on with from there after a crash.
// Default: none.
func WithJournal(j Journal) SubmitOption { return func(s *submitSettings) { s.journal = j } }

// FirstStart says that nobody has begun the run of that [RunID] before: nothing is looked for, and nothing waited for.
// If that is not so, jobs run twice, unless a [Journal] tells of them.
func FirstStart() SubmitOption { return func(s *submitSettings) { s.fresh = true } }

// Condition gives the function of the conditions of that name, in place of the one that was given to [When], if any. A
// plan that was read from JSON has none.
func Condition(name string, condition func(JobResult) bool) SubmitOption {
	return func(s *submitSettings) {
		if s.conditions == nil {
			s.conditions = map[string]func(JobResult) bool{}
		}
		s.conditions[name] = condition
	}
}

// Submit hands the jobs of a plan over to AWS Batch, each once, with the real ids of the jobs it waits for; several at a
// time, within the client's [Limiter]. A definition of which an equal revision is ACTIVE is not registered again.
//
// At the service a job is named by the run's id, a hyphen and its name in the plan; a name that gets too long is cut and
// ends in a hash. It bears the tags [TagRun], [TagJob] and [TagPlan]. Run.Events and results have the names of the plan.
//
// SubmitJob has no client token, so no call is repeated whose outcome is unknown. After a lost answer, a fault of the
// server or a timeout the job is looked up by name and tags. If it is found it is adopted; if the service does not show it
// within the time of [WithGrace], it is sent again.
//
// If Submit stops before its end, because of an error, of ctx, or of a crash, the same call goes on where it stopped:
//
//   - With the journal, by what that tells. Only jobs that were being sent are looked up. A journal that is new to a run of
//     a given [RunID] says nothing of former starts: those are looked for as without one, once, over as many starts as that
//     takes.
//   - Without it but with the same [RunID], from any machine, by names and tags: it lists the jobs of the plan's queues,
//     with two calls for each hundred, so 2,000 for 100,000 jobs, or up to 4,000 where some are missing. It then also waits
//     for the grace time before it sends those, and so each start needs more time than that. A first start cannot be told
//     from that, and waits too, unless [FirstStart] says so. The service forgets jobs some days after their end: a run is
//     not to be gone on with later.
//   - With neither, it is another run.
//
// Processes that submit the same run at the same time are kept apart by the lock of a [FileJournal]. Where they share no
// journal, nothing can keep them from submitting a job at the same moment, as there is no client token: each job then
// exists at least once, and jobs that the others had submitted longer ago than the grace time are not submitted again.
// When they have ended, Submit with the same RunID and no journal leaves one of each: the oldest that waits for none of
// the duplicates, which it ends. [Run.Duplicates] tells which they were. What those did meanwhile is done twice.
//
// Steps that wait behind a [Gate] are left to a run that stays attached; see [Run]. The journal must stay open until
// nobody watches the run any more. Where the plan asks a condition that has no function, nothing is submitted; see
// [Condition].
//
// Before anything is sent all jobs are judged once more, with the name and the three tags that they get. So a job may
// have 47 tags of its own, and must leave some hundred bytes of its 30 KiB.
//
// On failure the run, which is never nil, holds the jobs that exist: they can be waited for, or cancelled. The error is a
// [*SubmitError], and wraps what the SDK returned or one of [*validate.InvalidError], [*QueueError], [*DefinitionError],
// [*ConflictError], [*RunMismatchError], [*RunIDError], [*JournalError], [*JournalLockedError], [*ConditionError].
func (c *Client) Submit(ctx context.Context, plan *Plan, opts ...SubmitOption) (*Run, error) {
	var settings submitSettings
	for _, o := range opts {
		o(&settings)
	}
	if plan == nil {
		return &Run{client: c}, &SubmitError{Err: errors.New("there is no plan")}
	}
	bound, unbound := plan.bind(settings.conditions)
	s := newSubmission(c, bound)
	release, err := claim(settings.journal)
	if err == nil {
		defer release()
		err = errors.Join(unbound, s.check())
	}
	if err == nil {
		err = s.begin(ctx, settings)
	}
	if err == nil {
		err = s.submit(ctx, s.ungated())
	}
	if err != nil {
		err = s.failed(err)
	}
	return s.run(err), err
}

// ungated returns the steps that AWS Batch can have at once, but for those that were cancelled.
func (s *submission) ungated() []int {
	later := s.plan.Deferred() // in the order of the plan
	now := make([]int, 0, len(s.ids)-len(later))
	for i := range s.plan.Steps {
		if len(later) > 0 && s.plan.Steps[i].Name == later[0] {
			later = later[1:]
		} else if s.ids[i] != "" || s.cancelled[i] == "" {
			now = append(now, i)
		}
	}
	return now
}

// run is what has been submitted, by a submission that ended with an error, if any.
func (s *submission) run(stopped error) *Run {
	r := &Run{client: s.client, id: s.id.run, plan: s.plan, ids: make(map[string]string, len(s.ids))}
	r.catchUp(s)
	r.gates = newAttachment(r, s, stopped)
	return r
}

// failed tells at what the submission stopped.
func (s *submission) failed(err error) *SubmitError {
	e := &SubmitError{RunID: s.id.run, Total: len(s.ids), Err: err}
	var step *stepError
	var def *definitionError
	switch {
	case errors.As(err, &step):
		e.Job, e.Err = s.plan.Steps[step.step].Name, step.err
	case errors.As(err, &def):
		e.Definition, e.Err = def.name, def.err
	}
	for i := range s.plan.Steps {
		name := s.plan.Steps[i].Name
		_, doubtful := s.doubts[i]
		switch {
		case s.ids[i] != "":
			e.Submitted = append(e.Submitted, name)
		case doubtful:
			e.Unknown = append(e.Unknown, name)
		default:
			e.NotSubmitted = append(e.NotSubmitted, name)
		}
	}
	return e
}
