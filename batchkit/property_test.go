package batchkit_test

import (
	"errors"
	"flag"
	"reflect"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/batchtest"
	"github.com/batchkit/batchkit-go/internal/buildertest"
	"github.com/batchkit/batchkit-go/validate"
)

var (
	chains    = flag.Int("chains", 25, "how many random chains of each kind of payload are tested")
	firstSeed = flag.Uint64("seed", 0, "the first seed of the random chains")
)

// Whatever is built encodes, decodes and builds back to the same. What validation accepts the service accepts, and what
// it refuses the service refuses, with the words of the first finding. A definition that is registered is not registered
// again. To see one failure run it with its -seed and -chains=1.
func TestRandomChains(t *testing.T) {
	t.Parallel()
	for name, newSubject := range subjects {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newService(t)
			for seed := range uint64(*chains) {
				s.try(t, seed+*firstSeed, newSubject)
			}
			if *chains < 20 {
				return
			}
			for what, n := range map[string]int{
				"definitions accepted": s.accepted, "definitions refused": s.refused,
				"jobs accepted": s.jobsAccepted, "jobs refused": s.jobsRefused,
			} {
				if n == 0 {
					t.Errorf("no %s: the chains show nothing of them", what)
				}
			}
			t.Logf("definitions: %d accepted, %d refused; jobs: %d accepted, %d refused", s.accepted, s.refused, s.jobsAccepted, s.jobsRefused)
		})
	}
}

// service is the embedded service for the chains of one kind.
type service struct {
	api                                          *batch.Client
	client                                       *batchkit.Client
	job                                          string // the id of a job that others may wait for
	accepted, refused, jobsAccepted, jobsRefused int
}

func newService(t *testing.T) *service {
	t.Helper()
	// Jobs stay SUBMITTED: what becomes of them is not the question.
	srv := batchtest.Start(t, batchtest.WithPace(batchtest.Pace{Submitted: time.Hour}))
	s := &service{api: srv.Client(), client: batchkit.NewClient(srv.Client())}
	policy, err := s.api.CreateSchedulingPolicy(t.Context(), &batch.CreateSchedulingPolicyInput{Name: aws.String("fair")})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.api.CreateJobQueue(t.Context(), &batch.CreateJobQueueInput{
		JobQueueName: aws.String("fair"), Priority: aws.Int32(1), SchedulingPolicyArn: policy.Arn,
		ComputeEnvironmentOrder: []types.ComputeEnvironmentOrder{{ComputeEnvironment: aws.String("default"), Order: aws.Int32(1)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	registered, err := s.client.EnsureDefinition(t.Context(), batchkit.Define("first", batchkit.EC2("busybox").VCPU(1).Memory(128)))
	if err != nil {
		t.Fatal(err)
	}
	submitted, err := s.api.SubmitJob(t.Context(), &batch.SubmitJobInput{
		JobName: aws.String("first"), JobQueue: aws.String("default"), JobDefinition: &registered.ARN,
	})
	if err != nil {
		t.Fatal(err)
	}
	s.job = *submitted.JobId
	return s
}

// try makes a definition and a job of a seed and holds them against what must be true of all.
func (s *service) try(t *testing.T, seed uint64, newSubject func(*testing.T, *chance) subject) {
	t.Helper()
	c := buildertest.NewChance(seed)
	c.Slip = pick(c, 0, 0, 15) // a chain is long: most of them are to be sound
	defer func() {
		p := recover()
		if p != nil {
			t.Errorf("panic: %v\n%s", p, debug.Stack())
		}
		if p != nil || t.Failed() {
			t.Fatalf("-seed=%d:\n%s", seed, strings.Join(c.Calls, "\n"))
		}
	}()
	sub := newSubject(t, c)
	in := sub.definition.Input()
	definitionComesBack(t, sub, in)
	jobComesBack(t, sub)
	if arn, ok := s.register(t, c, sub.definition, in); ok {
		s.submit(t, sub, in, arn)
	}
}

func definitionComesBack(t *testing.T, sub subject, in *batch.RegisterJobDefinitionInput) {
	t.Helper()
	text, err := batchjson.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	back, err := batchkit.FromJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "from JSON", in, back.Input())
	typed, ok := sub.as(batchkit.FromInput(in))
	if !ok {
		t.Error("As does not know the kind of the payload")
	}
	same(t, "from the input, with its kind of override", in, typed)
	switch built, err := sub.definition.Build(); {
	case err == nil:
		same(t, "built", in, built)
	case built != nil || !errors.As(err, new(*validate.InvalidError)):
		t.Errorf("Build returns a definition besides the error, or another error: %v", err)
	}
}

func jobComesBack(t *testing.T, sub subject) {
	t.Helper()
	in := sub.job.Input()
	text, err := batchjson.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	var decoded batch.SubmitJobInput
	if err := batchjson.Unmarshal(text, &decoded); err != nil {
		t.Fatal(err)
	}
	same(t, "the job decoded", in, &decoded)
	if built, err := sub.job.Build(); err == nil {
		same(t, "the job built", in, built)
	}
}

// same fails if two are not equal.
func same[T any](t *testing.T, what string, want, got T) {
	t.Helper()
	if !reflect.DeepEqual(want, got) { // which is fast
		diff := cmp.Diff(want, got, buildertest.Ignore)
		t.Errorf("%s, it is another: -want +got\n%s", what, diff)
	}
}

// register has the service judge a definition. If it is accepted, asking for it again changes nothing, as it is or in
// the form in which the service describes it.
func (s *service) register(t *testing.T, c *chance, def batchkit.Builder, in *batch.RegisterJobDefinitionInput) (arn string, ok bool) {
	t.Helper()
	if findings := validate.JobDefinition(in).Errors(); len(findings) > 0 {
		s.refused++
		_, err := s.api.RegisterJobDefinition(t.Context(), in)
		sameRule(t, findings, err)
		return "", false
	}
	s.accepted++
	first, err := s.client.EnsureDefinition(t.Context(), def, batchkit.KeepRevisions(1))
	if err != nil {
		t.Fatal(err)
	}
	again := def
	if c.IntN(2) == 0 {
		out, err := s.api.DescribeJobDefinitions(t.Context(), &batch.DescribeJobDefinitionsInput{JobDefinitions: []string{first.ARN}})
		if err != nil {
			t.Fatal(err)
		}
		again = batchkit.FromDescription(out.JobDefinitions[0])
	}
	second, err := s.client.EnsureDefinition(t.Context(), again)
	if err != nil {
		t.Fatal(err)
	}
	if second.Registered || second.ARN != first.ARN || len(second.Changes) > 0 {
		t.Errorf("asked for again, it is another: %v", second.Changes)
	}
	return first.ARN, true
}

// submit has the service judge a job of a registered definition.
func (s *service) submit(t *testing.T, sub subject, def *batch.RegisterJobDefinitionInput, arn string) {
	t.Helper()
	in := sub.job.Input()
	in.JobDefinition = &arn
	for i := range in.DependsOn {
		in.DependsOn[i].JobId = &s.job
	}
	scheduling := map[string]validate.Scheduling{"default": validate.FIFO, "fair": validate.FairShare}[*in.JobQueue]
	findings := validate.SubmitJob(in, validate.WithDefinition(def),
		validate.WithQueue(validate.Queue{State: types.JQStateEnabled, Scheduling: scheduling})).Errors()
	_, err := s.api.SubmitJob(t.Context(), in)
	if len(findings) > 0 {
		s.jobsRefused++
		sameRule(t, findings, err)
		return
	}
	s.jobsAccepted++
	if err != nil {
		t.Errorf("validation accepts the job, the service says %v", err)
	}
}

// sameRule fails if the service did not refuse by the first finding.
func sameRule(t *testing.T, findings validate.Findings, err error) {
	t.Helper()
	first := findings[0]
	words := first.Service
	if words == "" {
		words = strings.TrimPrefix(first.Path+": "+first.Message, ": ")
	}
	var refusal *types.ClientException
	if !errors.As(err, &refusal) || !strings.Contains(refusal.ErrorMessage(), words) {
		t.Errorf("validation says %v, the service %v", first, err)
	}
}
