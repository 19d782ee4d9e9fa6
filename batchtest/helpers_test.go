package batchtest_test

import (
	"context"
	"errors"
	"io"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/aws/smithy-go"

	"github.com/batchkit/batchkit-go/batchtest"
)

// bench is a server with its client and what tests do with them all the time.
type bench struct {
	tb testing.TB
	*batchtest.Server
	client *batch.Client
}

func start(tb testing.TB, opts ...batchtest.Option) *bench {
	tb.Helper()
	s := batchtest.Start(tb, opts...)
	return &bench{tb, s, s.Client(modelled(tb, s))}
}

// define registers a definition of one container, for an image of that name.
func (b *bench) define(name string, run batchtest.Runner, edit ...func(*batch.RegisterJobDefinitionInput)) {
	b.tb.Helper()
	b.Image(name, batchtest.Image{Run: run})
	in := &batch.RegisterJobDefinitionInput{
		JobDefinitionName: aws.String(name),
		Type:              types.JobDefinitionTypeContainer,
		ContainerProperties: &types.ContainerProperties{
			Image:                aws.String(name),
			ResourceRequirements: resources(),
		},
	}
	for _, e := range edit {
		e(in)
	}
	if _, err := b.client.RegisterJobDefinition(context.Background(), in); err != nil {
		b.tb.Fatalf("RegisterJobDefinition: %v", err)
	}
}

func resources() []types.ResourceRequirement {
	return []types.ResourceRequirement{
		{Type: types.ResourceTypeVcpu, Value: aws.String("1")},
		{Type: types.ResourceTypeMemory, Value: aws.String("2048")},
	}
}

func (b *bench) submit(definition string, edit ...func(*batch.SubmitJobInput)) string {
	b.tb.Helper()
	in := &batch.SubmitJobInput{JobName: aws.String("job"), JobQueue: aws.String("default"), JobDefinition: aws.String(definition)}
	for _, e := range edit {
		e(in)
	}
	out, err := b.client.SubmitJob(context.Background(), in)
	if err != nil {
		b.tb.Fatalf("SubmitJob: %v", err)
	}
	return *out.JobId
}

// ended waits for a job and returns it.
func (b *bench) ended(id string) types.JobDetail {
	b.tb.Helper()
	if err := b.Wait(context.Background(), id); err != nil {
		b.tb.Fatalf("Wait: %v", err)
	}
	return b.described(id)
}

func (b *bench) described(id string) types.JobDetail {
	b.tb.Helper()
	out, err := b.client.DescribeJobs(context.Background(), &batch.DescribeJobsInput{Jobs: []string{id}})
	if err != nil {
		b.tb.Fatalf("DescribeJobs: %v", err)
	}
	if len(out.Jobs) != 1 {
		b.tb.Fatalf("DescribeJobs(%s): %d jobs, want 1", id, len(out.Jobs))
	}
	return out.Jobs[0]
}

// path returns the statuses a job went through.
func (b *bench) path(id string) (out []types.JobStatus) {
	for _, t := range b.History(id) {
		out = append(out, t.To)
	}
	return out
}

func after(ids ...string) func(*batch.SubmitJobInput) {
	return func(in *batch.SubmitJobInput) {
		for _, id := range ids {
			in.DependsOn = append(in.DependsOn, types.JobDependency{JobId: aws.String(id)})
		}
	}
}

func afterEach(id string) func(*batch.SubmitJobInput) {
	return func(in *batch.SubmitJobInput) {
		in.DependsOn = append(in.DependsOn, types.JobDependency{JobId: aws.String(id), Type: types.ArrayJobDependencyNToN})
	}
}

func sequential(in *batch.SubmitJobInput) {
	in.DependsOn = append(in.DependsOn, types.JobDependency{Type: types.ArrayJobDependencySequential})
}

func size(n int) func(*batch.SubmitJobInput) {
	return func(in *batch.SubmitJobInput) { in.ArrayProperties = &types.ArrayProperties{Size: aws.Int32(int32(n))} }
}

func attempts(n int, rules ...types.EvaluateOnExit) func(*batch.SubmitJobInput) {
	return func(in *batch.SubmitJobInput) {
		in.RetryStrategy = &types.RetryStrategy{Attempts: aws.Int32(int32(n)), EvaluateOnExit: rules}
	}
}

func timeout(seconds int32) func(*batch.SubmitJobInput) {
	return func(in *batch.SubmitJobInput) {
		in.Timeout = &types.JobTimeout{AttemptDurationSeconds: aws.Int32(seconds)}
	}
}

// block is a container that runs until it is stopped.
var block = batchtest.Func(func(ctx context.Context, _ *batchtest.Container) int {
	<-ctx.Done()
	return 143
})

// meeting returns a function that returns when it has been called so many times.
func meeting(size int) func() {
	var all sync.WaitGroup
	all.Add(size)
	return func() {
		all.Done()
		all.Wait()
	}
}

// announced runs the command as a process and closes ready when it writes.
func announced(ready chan struct{}) batchtest.Runner {
	return batchtest.Func(func(ctx context.Context, c *batchtest.Container) int {
		c.Stdout = &announcer{Writer: c.Stdout, ready: ready}
		return batchtest.Process().Run(ctx, c)
	})
}

type announcer struct {
	io.Writer
	once  sync.Once
	ready chan struct{}
}

func (a *announcer) Write(p []byte) (int, error) {
	a.once.Do(func() { close(a.ready) })
	return a.Writer.Write(p)
}

// code returns the code of an API error, and its message.
func code(err error) (string, string) {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return "", ""
	}
	return api.ErrorCode(), api.ErrorMessage()
}

// each runs the rows of a table, which all need a name and a reason.
func each[R any](t *testing.T, rows []R, meta func(R) (name, reason string), run func(*testing.T, R)) {
	t.Helper()
	seen := map[string]bool{}
	for _, r := range rows {
		name, reason := meta(r)
		if name == "" || reason == "" || seen[name] {
			t.Fatalf("row %q: needs a name of its own and a reason", name)
		}
		seen[name] = true
		t.Run(name, func(t *testing.T) { run(t, r) })
	}
}
