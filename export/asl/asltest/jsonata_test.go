package asltest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
)

// An evaluation is an expression, what it was asked of, and its value; Value is nil where there is none.
type evaluation struct {
	Expression string           `json:"expression"`
	States     json.RawMessage  `json:"states"`
	Value      *json.RawMessage `json:"-"`
}

// Every expression that package asl writes has the value that npm's jsonata gives it, over what states hold when jobs
// succeed, fail with and without a reason, are refused, are throttled, and are submitted without an answer.
//
// Nothing is installed unasked: BATCHKIT_NODE_MODULES is a node_modules folder made by npm install jsonata@2.0.6, which is
// what Step Functions has: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html.
func TestJSONata(t *testing.T) {
	t.Parallel()
	modules := os.Getenv("BATCHKIT_NODE_MODULES")
	if _, err := os.Stat(filepath.Join(modules, "jsonata")); modules == "" || err != nil {
		t.Skip("BATCHKIT_NODE_MODULES names no folder of node modules with jsonata in it")
	}
	all := evaluations(t)
	var in bytes.Buffer
	for _, e := range all {
		in.Write(marshal(t, e))
		in.WriteByte('\n')
	}
	cmd := exec.CommandContext(t.Context(), "node", filepath.Join("testdata", "jsonata.cjs"))
	cmd.Env, cmd.Stdin = append(os.Environ(), "NODE_PATH="+modules), &in
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, said.String())
	}
	answers := bufio.NewScanner(bytes.NewReader(out))
	answers.Buffer(nil, len(out)+1)
	for _, e := range all {
		var answer struct {
			Value *json.RawMessage
			Error string
		}
		if !answers.Scan() {
			t.Fatal("fewer answers than expressions")
		}
		if err := json.Unmarshal(answers.Bytes(), &answer); err != nil {
			t.Fatal(err)
		}
		if answer.Error != "" {
			t.Errorf("%s: %s", e.Expression, answer.Error)
		}
		if diff := cmp.Diff(decoded(t, answer.Value), decoded(t, e.Value)); diff != "" {
			t.Errorf("%s of %s: -jsonata +asltest\n%s", e.Expression, e.States, diff)
		}
	}
	t.Logf("%d evaluations", len(all))
}

func marshal(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func decoded(t *testing.T, text *json.RawMessage) any {
	t.Helper()
	if text == nil {
		return nothing{}
	}
	var v any
	if err := json.Unmarshal(*text, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// evaluations runs the machines that the tests of package asl agree on, and returns all that was evaluated, each once.
func evaluations(t *testing.T) []evaluation {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "testdata", "*.JSONata.json"))
	if err != nil || len(files) < 5 {
		t.Fatalf("machines of package asl: %d, %v", len(files), err)
	}
	var all []evaluation
	seen, forms, wanted := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, file := range files {
		definition, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for seed := range uint64(12) {
			service := &dice{roll: rand.New(rand.NewPCG(seed, 3)), bad: float64(seed) / 20}
			synctest.Test(t, func(t *testing.T) {
				var mu sync.Mutex
				_, err := Run(t.Context(), service, string(definition), map[string]any{"given": []any{"a"}}, func(r *runner) {
					r.observe = func(expression string, states map[string]any, value any) {
						mu.Lock()
						defer mu.Unlock()
						e := evaluation{Expression: expression, States: marshal(t, states)}
						forms[form(expression)] = true
						key := expression + string(e.States)
						if seen[key] {
							return
						}
						seen[key] = true
						if _, missing := value.(nothing); !missing {
							text := json.RawMessage(marshal(t, value))
							e.Value = &text
						}
						all = append(all, e)
					}
				})
				if err != nil {
					t.Fatal(file, err)
				}
			})
		}
		var tree any
		if err := json.Unmarshal(definition, &tree); err != nil {
			t.Fatal(err)
		}
		each(tree, func(expression string) { wanted[form(expression)] = true })
	}
	for expression := range wanted {
		if !forms[expression] {
			t.Errorf("nothing like %s was evaluated", expression)
		}
	}
	return all
}

var names = regexp.MustCompile(`"[^"]*"|[0-9]+`)

// form is an expression without the names and numbers that tell one job from another.
func form(expression string) string {
	return names.ReplaceAllString(strings.TrimSpace(expression), "_")
}

// each calls a function for each expression in a machine.
func each(v any, do func(expression string)) {
	switch v := v.(type) {
	case string:
		if inner, ok := strings.CutPrefix(v, "{%"); ok {
			do(strings.TrimSuffix(inner, "%}"))
		}
	case []any:
		for _, inner := range v {
			each(inner, do)
		}
	case map[string]any:
		for _, inner := range v {
			each(inner, do)
		}
	}
}

// dice is an AWS Batch in which things happen by chance.
type dice struct {
	bad float64 // how likely something bad is

	mu   sync.Mutex
	roll *rand.Rand
	jobs []types.JobDetail
}

func (d *dice) happens(chance float64) bool { return d.roll.Float64() < chance }

// trouble is an error of a call, or none.
func (d *dice) trouble() error {
	if !d.happens(d.bad) {
		return nil
	}
	return []error{
		&smithy.GenericAPIError{Code: "TooManyRequestsException", Message: "Too Many Requests"},
		&smithy.GenericAPIError{Code: "ServerException", Message: "try again"},
		errors.New("no answer"),
	}[d.roll.IntN(3)]
}

func (d *dice) SubmitJob(_ context.Context, in *batch.SubmitJobInput, _ ...func(*batch.Options)) (*batch.SubmitJobOutput, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.happens(d.bad / 2) {
		return nil, &smithy.GenericAPIError{Code: "ClientException", Message: `the "queue" is gone: 100 % 'sure'`}
	}
	err := d.trouble()
	if err != nil && d.happens(0.5) {
		return nil, err
	}
	job := types.JobDetail{
		JobId: aws.String("id-" + aws.ToString(in.JobName)), JobName: in.JobName, JobQueue: in.JobQueue, Tags: in.Tags,
		Status: types.JobStatusSucceeded, IsCancelled: aws.Bool(false),
		Container: &types.ContainerDetail{ExitCode: aws.Int32(0), Vcpus: aws.Int32(1), Environment: []types.KeyValuePair{{Name: aws.String("A"), Value: aws.String("ä")}}},
	}
	if d.happens(d.bad) {
		job.Status = types.JobStatusFailed
		if d.happens(0.5) {
			job.StatusReason = aws.String(`Essential container in "task" exited`)
		}
	}
	d.jobs = append(d.jobs, job)
	return &batch.SubmitJobOutput{JobId: job.JobId, JobName: job.JobName, JobArn: aws.String("arn:aws:batch:eu-west-1:123456789012:job/" + *job.JobId)}, err
}

func (d *dice) DescribeJobs(_ context.Context, in *batch.DescribeJobsInput, _ ...func(*batch.Options)) (*batch.DescribeJobsOutput, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.trouble(); err != nil {
		return nil, err
	}
	out := &batch.DescribeJobsOutput{Jobs: []types.JobDetail{}}
	for _, job := range d.jobs {
		if *job.JobId != in.Jobs[0] || d.happens(d.bad) { // not to be seen yet
			continue
		}
		if d.happens(0.5) {
			job.Status, job.StatusReason = types.JobStatusRunning, nil
		}
		out.Jobs = append(out.Jobs, job)
		break
	}
	return out, nil
}

func (d *dice) ListJobs(_ context.Context, in *batch.ListJobsInput, _ ...func(*batch.Options)) (*batch.ListJobsOutput, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.trouble(); err != nil {
		return nil, err
	}
	out := &batch.ListJobsOutput{JobSummaryList: []types.JobSummary{}}
	for _, job := range d.jobs {
		if *job.JobName == in.Filters[0].Values[0] {
			out.JobSummaryList = append(out.JobSummaryList, types.JobSummary{JobId: job.JobId, JobName: job.JobName, Status: job.Status})
			if d.happens(d.bad) { // two jobs of one name
				out.JobSummaryList = append(out.JobSummaryList, types.JobSummary{JobId: aws.String("other"), JobName: job.JobName, Status: job.Status})
			}
		}
	}
	return out, nil
}

func (d *dice) TerminateJob(context.Context, *batch.TerminateJobInput, ...func(*batch.Options)) (*batch.TerminateJobOutput, error) {
	return &batch.TerminateJobOutput{}, nil
}
