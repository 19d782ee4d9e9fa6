package batchtest

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
	"unsafe"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"
)

var compareRecords = cmp.AllowUnexported(record{}, step{}, attempt{}, ending{})

func TestPackKeepsEverything(t *testing.T) {
	t.Parallel()
	s := New()
	t.Cleanup(s.Close)
	words := []string{"", "Essential container in task exited", "Error", "stopped by hand"}
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 0))
		at := r.Int64N(math.MaxInt64 / 2)
		var want record
		for range 1 + r.IntN(20) {
			want.history = append(want.history, step{at: at, to: status(1 + r.IntN(int(statuses)-1)), reason: s.reasons.number(words[r.IntN(4)])})
			at += r.Int64N(1e15) - 1e6 // clocks are set back now and then
		}
		created := want.createdAt()
		for n := range r.IntN(4) {
			a := attempt{number: n + 1, stopped: created + r.Int64N(1e9), reason: words[r.IntN(4)]}
			if r.IntN(2) == 0 {
				a.started = created + r.Int64N(3) - 1
			}
			for range r.IntN(4) {
				a.endings = append(a.endings, ending{code: int32(r.Uint32()), exited: r.IntN(2) == 0, reason: words[r.IntN(4)]})
			}
			want.attempts = append(want.attempts, a)
		}
		if diff := cmp.Diff(want, s.unpack(s.pack(&want)), compareRecords); diff != "" {
			t.Fatalf("seed %d (-want +got):\n%s", seed, diff)
		}
	}
}

// A child of an array that has ended is a job and its packed record. Together
// they stay below 200 bytes, also when it took days.
func TestFinishedChildIsSmall(t *testing.T) {
	t.Parallel()
	s := New()
	t.Cleanup(s.Close)
	day, at := int64(24*time.Hour), int64(2e18)
	var r record
	for i, to := range []status{pending, runnable, starting, running, succeeded} {
		r.history = append(r.history, step{at: at + int64(i)*day, to: to})
	}
	ms := at / 1e6
	r.attempts = []attempt{{number: 1, started: ms + 3*day/1e6, stopped: ms + 4*day/1e6, reason: reasonExited, endings: []ending{{exited: true}}}}
	const rounding = 16 // of the allocator, for texts of this size
	if got := int(unsafe.Sizeof(job{})) + len(s.pack(&r)) + rounding; got >= 200 {
		t.Errorf("%d bytes, want less than 200", got)
	}
}

// What a server keeps of a job beside its record is gone when the job has ended.
func TestNothingElseIsKept(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s := New(WithFallback(Image{Run: Manual()}))
	t.Cleanup(s.Close)
	client := s.Client()
	container := &types.ContainerProperties{Image: aws.String("app"), ResourceRequirements: []types.ResourceRequirement{
		{Type: types.ResourceTypeVcpu, Value: aws.String("1")}, {Type: types.ResourceTypeMemory, Value: aws.String("64")},
	}}
	for _, in := range []*batch.RegisterJobDefinitionInput{
		{JobDefinitionName: aws.String("plain"), Type: types.JobDefinitionTypeContainer, ContainerProperties: container, Timeout: &types.JobTimeout{AttemptDurationSeconds: aws.Int32(3600)}},
		{JobDefinitionName: aws.String("nodes"), Type: types.JobDefinitionTypeMultinode, NodeProperties: &types.NodeProperties{
			MainNode: aws.Int32(0), NumNodes: aws.Int32(2), NodeRangeProperties: []types.NodeRangeProperty{{TargetNodes: aws.String("0:"), Container: container}},
		}},
	} {
		if _, err := client.RegisterJobDefinition(ctx, in); err != nil {
			t.Fatal(err)
		}
	}
	for _, in := range []*batch.SubmitJobInput{
		{JobDefinition: aws.String("plain")},
		{JobDefinition: aws.String("plain"), ArrayProperties: &types.ArrayProperties{Size: aws.Int32(3)}},
		{JobDefinition: aws.String("nodes")},
	} {
		in.JobName, in.JobQueue = aws.String("job"), aws.String("default")
		out, err := client.SubmitJob(ctx, in)
		if err == nil {
			err = s.Finish(*out.JobId, 0)
		}
		if err == nil {
			err = s.Wait(ctx, *out.JobId)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if g, w, n, l := len(s.gates), len(s.scheduler.waiters), len(s.timers), len(s.logs.events); g+w+n+l != 0 {
		t.Errorf("%d gates, %d who wait, %d timers and %d lines are left", g, w, n, l)
	}
}
