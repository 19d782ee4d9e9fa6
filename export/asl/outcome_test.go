package asl_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/batchtest"
	"github.com/batchkit/batchkit-go/export/asl"
	"github.com/batchkit/batchkit-go/export/asl/asltest"
	"github.com/batchkit/batchkit-go/internal/edit"
	"github.com/batchkit/batchkit-go/validate"
)

// unretried has the SDK repeat nothing, so that the machine sees each answer.
func unretried(o *batch.Options) { o.RetryMaxAttempts = 1 }

// Trouble with a call leads to one job of each name, never to two.
func TestTrouble(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, reason string
		definition   func() *batchkit.Workflow
		fault        func(*batchtest.Server) (remove func())
		err          string
		jobs         []string
	}{
		{"throttled", "a throttled call is repeated until it is taken", chain, func(s *batchtest.Server) func() {
			return s.Inject(batchtest.Throttle(0.1, 1))
		}, "", []string{"a", "b"}},
		{"throttled sync", "so it is by the optimised integration", chainSync, func(s *batchtest.Server) func() {
			return s.Inject(batchtest.Throttle(0.1, 1).On("SubmitJob"))
		}, "", []string{"a", "b"}},
		{"failed after", "a job that was submitted although the answer said otherwise is found by its name", chain, func(s *batchtest.Server) func() {
			return s.Inject(batchtest.FailAfter(1).On("SubmitJob"))
		}, "", []string{"a", "b"}},
		{"lost answer", "so is one whose answer was lost", chain, func(s *batchtest.Server) func() {
			return s.Inject(batchtest.DropAnswer(1).On("SubmitJob"))
		}, "", []string{"a", "b"}},
		{"failed before", "one that was not submitted is submitted again", chain, func(s *batchtest.Server) func() {
			return s.Inject(batchtest.FailBefore(0.5))
		}, "", []string{"a", "b"}},
		{"lost answer of sync", "the optimised integration cannot look, so the execution fails and there is one job", chainSync, func(s *batchtest.Server) func() {
			return s.Inject(batchtest.FailAfter(1).On("SubmitJob"))
		}, "Batch.ServerException", []string{"a"}},
		{"refused", "what the service refuses ends the execution", chain, func(s *batchtest.Server) func() {
			return s.Intercept(func(_ context.Context, r *batchtest.Request) batchtest.Action {
				if r.Operation != "SubmitJob" {
					return batchtest.Action{}
				}
				return batchtest.Fail(http.StatusBadRequest, "ClientException", "no")
			}, batchtest.Keep())
		}, "Batch.ClientException", []string{}},
	} {
		for _, opts := range []asl.Options{{}, {Language: asl.JSONata}, {Native: true}} {
			t.Run(fmt.Sprint(test.name, "/", opts.Language, opts.Native), func(t *testing.T) {
				t.Parallel()
				if strings.HasSuffix(test.name, "sync") && opts.Native {
					t.Skip("a native plan has no .sync tasks")
				}
				plan, m := export(t, test.definition(), opts)
				synctest.Test(t, func(t *testing.T) {
					srv, client := service(t, plan)
					remove := test.fault(srv)
					e, err := asltest.Run(t.Context(), srv.Client(unretried), m.JSON(), nil)
					if err != nil {
						t.Fatal(err)
					}
					remove()
					if e.Error != test.err {
						t.Errorf("%s: %s: %s", test.reason, e.Error, e.Cause)
					}
					if diff := cmp.Diff(test.jobs, names(submitted(t, client))); diff != "" {
						t.Errorf("%s: -want +got\n%s", test.reason, diff)
					}
				})
			})
		}
	}
}

func chain() *batchkit.Workflow {
	w := batchkit.NewWorkflow("chain")
	w.Add(batchkit.Job("b", queue, multi), batchkit.After(w.Add(batchkit.Job("a", queue, multi))))
	return w
}

func chainSync() *batchkit.Workflow {
	w := batchkit.NewWorkflow("chain")
	w.Add(batchkit.Job("b", queue, single), batchkit.After(w.Add(batchkit.Job("a", queue, single))))
	return w
}

// A second attempt of the same execution takes the jobs of the first for its own; another execution has its own.
func TestSecondAttempt(t *testing.T) {
	t.Parallel()
	plan, m := export(t, chain(), asl.Options{})
	synctest.Test(t, func(t *testing.T) {
		_, client := service(t, plan)
		for _, id := range []string{"one", "one", "other"} {
			e, err := asltest.Run(t.Context(), client, m.JSON(), nil, asltest.WithExecutionID(id))
			if err != nil || !e.Succeeded() {
				t.Fatal(e, err)
			}
		}
		if diff := cmp.Diff([]string{"a", "a", "b", "b"}, names(submitted(t, client))); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	})
}

// What ended is told job by job where the machine keeps going.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	plan, m := export(t, chain(), asl.Options{KeepGoing: true})
	synctest.Test(t, func(t *testing.T) {
		_, client := service(t, plan)
		e, err := asltest.Run(t.Context(), client, m.JSON(), nil)
		if err != nil {
			t.Fatal(err)
		}
		got := e.Output.(map[string]any)["outcomes"]
		want := map[string]any{"a": map[string]any{"Status": "SUCCEEDED"}, "b": map[string]any{"Status": "SUCCEEDED"}}
		if diff := cmp.Diff(any(want), got); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	})
}

// An execution that is stopped terminates the job of a .sync task, as Step Functions does.
func TestStopped(t *testing.T) {
	t.Parallel()
	plan, m := export(t, chainSync(), asl.Options{})
	synctest.Test(t, func(t *testing.T) {
		srv, client := service(t, plan)
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			synctest.Wait()
			cancel()
		}()
		if _, err := asltest.Run(ctx, client, m.JSON(), nil); !errors.Is(err, context.Canceled) {
			t.Fatalf("the context's error, not %v", err)
		}
		jobs := submitted(t, client)
		if err := srv.Wait(t.Context(), aws.ToString(jobs["a"][0].JobId)); err != nil {
			t.Fatal(err)
		}
		if status := submitted(t, client)["a"][0].Status; status != types.JobStatusFailed {
			t.Errorf("the job is %s", status)
		}
	})
}

func TestExportRefuses(t *testing.T) {
	t.Parallel()
	step := func(change func(*batchkit.Step)) *batchkit.Plan {
		plan := &batchkit.Plan{Steps: []batchkit.Step{
			{Name: "a", Job: "a", Definition: -1, Input: &batch.SubmitJobInput{JobName: aws.String("a"), JobQueue: aws.String(queue), JobDefinition: aws.String("d")}},
		}}
		second := plan.Steps[0]
		second.Name, second.Job = "b", "b"
		second.Input = edit.Clone(second.Input)
		change(&second)
		plan.Steps = append(plan.Steps, second)
		return plan
	}
	tags := map[string]string{}
	for _, c := range "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVW" {
		tags[string(c)] = ""
	}
	gate := func(kind batchkit.GateKind) func(*batchkit.Step) {
		return func(s *batchkit.Step) { s.Gates = []batchkit.Gate{{On: "a", When: kind, Condition: "cheap"}} }
	}
	for _, test := range []struct {
		name, reason string
		plan         *batchkit.Plan
		opts         asl.Options
		rule, path   string
	}{
		{"nil", "nothing makes no machine", nil, asl.Options{}, asl.EmptyPlan, ""},
		{"condition", "a Go function cannot be called", step(gate(batchkit.GateCondition)), asl.Options{}, asl.Condition, "steps[b].gates[0]"},
		{"unknown kind", "a gate of a later version", step(gate("LATER")), asl.Options{}, asl.Condition, "steps[b].gates[0]"},
		{"native gate", "AWS Batch has no such dependency", step(gate(batchkit.GateEnded)), asl.Options{Native: true}, asl.GateInUnit, "steps[b].gates[0]"},
		{"unknown dependency", "an edge is never dropped", step(func(s *batchkit.Step) { s.DependsOn = []validate.Dependency{{On: "c"}} }), asl.Options{}, asl.UnknownStep, "steps[b].dependsOn[0]"},
		{"unknown gate", "nor is a gate", step(func(s *batchkit.Step) { s.Gates = []batchkit.Gate{{On: "c", When: batchkit.GateEnded}} }), asl.Options{}, asl.UnknownStep, "steps[b].gates[0]"},
		{"no queue", "nobody would take the job", step(func(s *batchkit.Step) { s.Input.JobQueue = nil }), asl.Options{}, asl.UnknownStep, "steps[b].input.jobQueue"},
		{"no definition", "there is nothing to run", step(func(s *batchkit.Step) { s.Input.JobDefinition = nil }), asl.Options{}, asl.UnknownStep, "steps[b].input.jobDefinition"},
		{"no input", "there is nothing to submit", step(func(s *batchkit.Step) { s.Input = nil }), asl.Options{}, asl.UnknownStep, "steps[b].input"},
		{"tags", "there is no room for two more", step(func(s *batchkit.Step) { s.Input.Tags = tags }), asl.Options{}, asl.TooManyTags, "steps[b].input.tags"},
		{"quote", "a name that would end a literal", step(func(s *batchkit.Step) { s.Name = "a'b" }), asl.Options{}, asl.BadName, "steps[a'b]"},
		{"case", "ListJobs does not tell them apart", step(func(s *batchkit.Step) { s.Name = "A" }), asl.Options{}, asl.BadName, "steps[A]"},
		{"deep expression", "so would one of a label", step(func(s *batchkit.Step) {
			s.Input.EksPropertiesOverride = &types.EksPropertiesOverride{PodProperties: &types.EksPodPropertiesOverride{
				Metadata: &types.EksMetadata{Annotations: map[string]string{"a.$": "$.b"}},
			}}
		}), asl.Options{}, asl.Evaluated, "steps[b].input.eksPropertiesOverride.podProperties.metadata.annotations"},
		{"expression", "a key would be evaluated", step(func(s *batchkit.Step) { s.Input.Parameters = map[string]string{"a.$": "$.b"} }), asl.Options{}, asl.Evaluated, "steps[b].input.parameters"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			m, _, err := asl.Export(test.plan, test.opts)
			var invalid *validate.InvalidError
			if !errors.As(err, &invalid) || m != nil {
				t.Fatalf("%s: %v %v", test.reason, m, err)
			}
			if f := invalid.Findings[0]; len(invalid.Findings) != 1 || f.Rule != test.rule || f.Path != test.path || f.Source == "" {
				t.Errorf("%s: %+v", test.reason, invalid.Findings)
			}
		})
	}
}

// A plan of far too many jobs is refused like one that is a little too large, and no state is smaller than
// what that goes by.
func TestFarTooLarge(t *testing.T) {
	t.Parallel()
	plan := &batchkit.Plan{Definitions: []*batch.RegisterJobDefinitionInput{single.Input()}}
	for i := range 20_000 {
		step := batchkit.Step{Name: strconv.Itoa(i), Input: &batch.SubmitJobInput{JobQueue: aws.String("q"), JobDefinition: aws.String("single")}}
		if i > 0 {
			step.DependsOn = []validate.Dependency{{On: strconv.Itoa(i - 1)}}
		}
		plan.Steps = append(plan.Steps, step)
	}
	_, _, err := asl.Export(plan, asl.Options{})
	var invalid *validate.InvalidError
	if !errors.As(err, &invalid) || invalid.Findings[0].Rule != asl.TooLarge {
		t.Errorf("more than 1 MiB is refused, not %v", err)
	}
	plan.Steps = plan.Steps[:2]
	for _, language := range languages {
		m, _, err := asl.Export(plan, asl.Options{Language: language})
		if err != nil {
			t.Fatal(err)
		}
		if state, err := json.Marshal(m.States["0"]); err != nil || len(state) < 512 {
			t.Errorf("%s: a state of %d bytes: %v", language, len(state), err)
		}
	}
}

func TestTooLarge(t *testing.T) {
	t.Parallel()
	w := batchkit.NewWorkflow("large")
	for i := range 600 {
		w.Add(batchkit.Job("job-"+string(rune('a'+i%26))+"-"+string(rune('a'+i/26)), queue, multi))
	}
	plan, err := w.Plan()
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = asl.Export(plan, asl.Options{})
	var invalid *validate.InvalidError
	if !errors.As(err, &invalid) || invalid.Findings[0].Rule != asl.TooLarge {
		t.Errorf("more than 1 MiB is refused, not %v", err)
	}
}

func TestNotes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, reason string
		workflow     *batchkit.Workflow
		opts         asl.Options
		want         []string
	}{
		{"zigzag", "e waits for b as well", zigzag(), asl.Options{}, []string{asl.StrongerOrder}},
		{"native", "AWS Batch keeps the order exactly", zigzag(), asl.Options{Native: true}, []string{}},
		{"simple", "the structure is the order", kinds(), asl.Options{}, []string{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			plan, err := test.workflow.Plan()
			if err != nil {
				t.Fatal(err)
			}
			_, notes, err := asl.Export(plan, test.opts)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, notes.Rules()); diff != "" {
				t.Errorf("%s: -want +got\n%s", test.reason, diff)
			}
		})
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	_, m := export(t, kinds(), asl.Options{
		Poll: 1500 * time.Millisecond, Timeout: time.Hour, Partition: "aws-cn",
		Definitions: map[string]string{"single": "arn:aws-cn:batch:cn-north-1:123456789012:job-definition/single:4"},
	})
	task := m.States["single"]
	got := []any{m.TimeoutSeconds, m.States["nodes: wait"].Seconds, task.Resource, task.Parameters.(map[string]any)["JobDefinition"]}
	want := []any{int64(3600), 2, "arn:aws-cn:states:::batch:submitJob.sync", "arn:aws-cn:batch:cn-north-1:123456789012:job-definition/single:4"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// The jobs of an execution are a run of package batchkit's client.
func TestIsARun(t *testing.T) {
	t.Parallel()
	plan, m := export(t, kinds(), asl.Options{})
	synctest.Test(t, func(t *testing.T) {
		_, client := service(t, plan)
		if _, err := asltest.Run(t.Context(), client, m.JSON(), nil); err != nil {
			t.Fatal(err)
		}
		id := submitted(t, client)["single"][0].Tags[batchkit.TagRun]
		run, err := batchkit.NewClient(client).Open(t.Context(), id, queue)
		if err != nil {
			t.Fatal(err)
		}
		result, err := run.Wait(t.Context())
		if err != nil || len(result.Jobs) != 4 {
			t.Errorf("%v %v", result, err)
		}
	})
}
