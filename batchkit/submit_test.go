package batchkit_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/batchtest"
)

var forever = &fuse{left: -1}

// At the service a job has the name and the tags by which anyone finds it.
func TestIdentity(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 120)
	for _, row := range []struct {
		name, reason string
		run          string
		steps        []string
		names        []string // at the service; empty for one that is cut
		fails        bool
	}{
		{name: "plain", reason: "prefixed by the run", run: "r1", steps: []string{"a", "b"}, names: []string{"r1-a", "r1-b"}},
		{name: "longest", reason: "128 characters", run: "r123456", steps: []string{long}, names: []string{"r123456-" + long}},
		{name: "too long", reason: "names that begin alike stay apart", run: "r1234567", steps: []string{long, long + "1"}, names: []string{"", ""}},
		{name: "empty", reason: "an id by chance", run: "", steps: []string{"a"}, names: []string{""}},
		{name: "bad start", reason: "names of jobs begin with a letter or a digit", run: "-r", steps: []string{"a"}, fails: true},
		{name: "bad letter", reason: "names of jobs are plain", run: "r:1", steps: []string{"a"}, fails: true},
		{name: "too long a run", reason: "the names must keep the run's id", run: strings.Repeat("r", 65), steps: []string{"a"}, fails: true},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv := embedded(t)
				defer srv.Close()
				wf := batchkit.NewWorkflow("a workflow of people")
				for _, s := range row.steps {
					wf.Add(batchkit.Job(s, "default", batchkit.Define("d", batchkit.EC2("busybox").VCPU(1).Memory(128))).Tag("own", "1"))
				}
				plan, err := wf.Plan()
				if err != nil {
					t.Fatal(err)
				}
				run, err := start(srv, plan, forever, batchkit.RunID(row.run), batchkit.FirstStart())
				var bad *batchkit.RunIDError
				if row.fails {
					if !errors.As(err, &bad) {
						t.Errorf("got %v, want a *RunIDError: %s", err, row.reason)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				seen := map[string]bool{}
				for i, s := range row.steps {
					id, _ := run.ID(batchkit.Node(s))
					d, _ := srv.Job(id)
					if row.names[i] != "" && *d.JobName != row.names[i] {
						t.Errorf("got %q, want %q: %s", *d.JobName, row.names[i], row.reason)
					}
					if len(*d.JobName) > 128 || !strings.HasPrefix(*d.JobName, run.RunID()+"-") || seen[*d.JobName] {
						t.Errorf("got %q: %s", *d.JobName, row.reason)
					}
					seen[*d.JobName] = true
					want := map[string]string{"own": "1", batchkit.TagRun: run.RunID(), batchkit.TagJob: s, batchkit.TagPlan: plan.Digest()}
					if diff := cmp.Diff(want, d.Tags); diff != "" {
						t.Errorf("tags: -want +got\n%s", diff)
					}
				}
			})
		})
	}
}

// What is wrong comes as a typed error, with every job in one of three lists.
func TestSubmitErrors(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, reason string
		prepare      func(t *testing.T, srv *batchtest.Server, plan *batchkit.Plan) []batchkit.SubmitOption
		want         any // a pointer to a pointer to the error
		submitted    []string
		unknown      []string
	}{
		{
			name: "no queue", reason: "one of the plan's queues does not exist", want: new(*batchkit.QueueError), submitted: []string{"a"},
			prepare: func(_ *testing.T, _ *batchtest.Server, plan *batchkit.Plan) []batchkit.SubmitOption {
				plan.Steps[1].Input.JobQueue = aws.String("ghost")
				return nil
			},
		},
		{
			name: "no queue to look at", reason: "the run cannot be looked for", want: new(*batchkit.QueueError),
			prepare: func(_ *testing.T, _ *batchtest.Server, plan *batchkit.Plan) []batchkit.SubmitOption {
				plan.Steps[1].Input.JobQueue = aws.String("ghost")
				return []batchkit.SubmitOption{batchkit.RunID("r")}
			},
		},
		{
			name: "deregistered", reason: "a definition went away between plan and submission", want: new(*batchkit.DefinitionError), submitted: []string{"a"},
			prepare: func(t *testing.T, srv *batchtest.Server, plan *batchkit.Plan) []batchkit.SubmitOption {
				client := batchkit.NewClient(srv.Client())
				arn, err := client.Register(t.Context(), batchkit.Define("gone", batchkit.EC2("busybox").VCPU(1).Memory(128)))
				if err != nil {
					t.Fatal(err)
				}
				if _, err := srv.Client().DeregisterJobDefinition(t.Context(), &batch.DeregisterJobDefinitionInput{JobDefinition: &arn}); err != nil {
					t.Fatal(err)
				}
				plan.Steps[1].Definition, plan.Steps[1].Input.JobDefinition = -1, &arn
				return nil
			},
		},
		{
			name: "no definition", reason: "a name that was never registered", want: new(*batchkit.DefinitionError), submitted: []string{"a"},
			prepare: func(_ *testing.T, _ *batchtest.Server, plan *batchkit.Plan) []batchkit.SubmitOption {
				plan.Steps[1].Definition, plan.Steps[1].Input.JobDefinition = -1, aws.String("nobody")
				return nil
			},
		},
		{
			name: "journal of another plan", reason: "its jobs are others", want: new(*batchkit.RunMismatchError),
			prepare: func(*testing.T, *batchtest.Server, *batchkit.Plan) []batchkit.SubmitOption {
				return []batchkit.SubmitOption{batchkit.WithJournal(&memory{records: []batchkit.Record{{Kind: batchkit.RecordBegun, Version: 1, Run: "r", Plan: "other"}}})}
			},
		},
		{
			name: "journal of another run", reason: "its jobs are others", want: new(*batchkit.RunMismatchError),
			prepare: func(_ *testing.T, _ *batchtest.Server, plan *batchkit.Plan) []batchkit.SubmitOption {
				return []batchkit.SubmitOption{batchkit.RunID("r2"), batchkit.WithJournal(&memory{records: []batchkit.Record{{Kind: batchkit.RecordBegun, Version: 1, Run: "r", Plan: plan.Digest()}}})}
			},
		},
		{
			name: "journal of another release", reason: "its records mean something else", want: new(*batchkit.JournalError),
			prepare: func(*testing.T, *batchtest.Server, *batchkit.Plan) []batchkit.SubmitOption {
				return []batchkit.SubmitOption{batchkit.WithJournal(&memory{records: []batchkit.Record{{Kind: batchkit.RecordBegun, Version: 2, Run: "r"}}})}
			},
		},
		{
			name: "run of another plan", reason: "the service has jobs of it", want: new(*batchkit.RunMismatchError),
			prepare: func(t *testing.T, srv *batchtest.Server, plan *batchkit.Plan) []batchkit.SubmitOption {
				if _, err := start(srv, house(t), forever, batchkit.RunID("r"), batchkit.FirstStart()); err != nil {
					t.Fatal(err)
				}
				return []batchkit.SubmitOption{batchkit.RunID("r")}
			},
		},
		{
			name: "foreign job", reason: "a job of that name that is not ours must not be adopted", want: new(*batchkit.ConflictError),
			prepare: func(t *testing.T, srv *batchtest.Server, plan *batchkit.Plan) []batchkit.SubmitOption {
				other, err := batchkit.Job("r-b", "default", batchkit.Define("d", batchkit.EC2("busybox").VCPU(1).Memory(128))).Plan()
				if err != nil {
					t.Fatal(err)
				}
				in := *other.Steps[0].Input
				in.JobDefinition = aws.String(registered(t, srv))
				if _, err := srv.Client().SubmitJob(t.Context(), &in); err != nil {
					t.Fatal(err)
				}
				return []batchkit.SubmitOption{batchkit.RunID("r")}
			},
		},
		{
			name: "full disk", reason: "what cannot be written down is not sent", want: new(*batchkit.JournalError), submitted: []string{"a"},
			prepare: func(t *testing.T, _ *batchtest.Server, plan *batchkit.Plan) []batchkit.SubmitOption {
				j := withRoom(4) // begun, registered, sending a, submitted a
				return []batchkit.SubmitOption{batchkit.WithJournal(j)}
			},
		},
		{
			name: "full disk after an answer", reason: "the job exists all the same", want: new(*batchkit.JournalError), submitted: []string{"a"},
			prepare: func(*testing.T, *batchtest.Server, *batchkit.Plan) []batchkit.SubmitOption {
				return []batchkit.SubmitOption{batchkit.WithJournal(withRoom(3))}
			},
		},
		{
			name: "given up", reason: "what the service said each time is told", want: new(*types.ServerException),
			prepare: func(_ *testing.T, srv *batchtest.Server, _ *batchkit.Plan) []batchkit.SubmitOption {
				srv.Inject(batchtest.FailBefore(1).On("SubmitJob"))
				return nil
			},
		},
		{
			name: "cannot look", reason: "the outcome stays unknown", want: new(*types.ServerException), submitted: []string{"a"}, unknown: []string{"b"},
			prepare: func(_ *testing.T, srv *batchtest.Server, _ *batchkit.Plan) []batchkit.SubmitOption {
				srv.Inject(batchtest.FailBefore(1).On("ListJobs"))
				sent := 0
				srv.Intercept(func(_ context.Context, r *batchtest.Request) batchtest.Action {
					if r.Operation == "SubmitJob" {
						if sent++; sent == 2 {
							return batchtest.After(func(_ context.Context, a *batchtest.Answer) { a.Drop() })
						}
					}
					return batchtest.Action{}
				}, batchtest.Keep())
				return nil
			},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv := embedded(t)
				defer srv.Close()
				wf := batchkit.NewWorkflow("three")
				def := batchkit.Define("d", batchkit.EC2("busybox").VCPU(1).Memory(128))
				wf.Add(batchkit.Job("a", "default", def))
				wf.Add(batchkit.Job("b", "default", def), batchkit.After("a"))
				wf.Add(batchkit.Job("c", "default", def), batchkit.After("b"))
				plan, err := wf.Plan()
				if err != nil {
					t.Fatal(err)
				}
				run, err := start(srv, plan, forever, row.prepare(t, srv, plan)...)
				if !errors.As(err, row.want) {
					t.Fatalf("got %v, want %T: %s", err, row.want, row.reason)
				}
				var failed *batchkit.SubmitError
				if !errors.As(err, &failed) {
					t.Fatalf("got %v, want a *SubmitError", err)
				}
				rest := []string{"a", "b", "c"}[len(row.submitted)+len(row.unknown):]
				got := [][]string{failed.Submitted, failed.Unknown, failed.NotSubmitted}
				if diff := cmp.Diff([][]string{row.submitted, row.unknown, rest}, got); diff != "" {
					t.Errorf("-want +got\n%s%s", diff, row.reason)
				}
				for _, name := range row.submitted {
					if _, ok := run.ID(batchkit.Node(name)); !ok {
						t.Errorf("the run does not hold %q", name)
					}
				}
			})
		})
	}
}

// full is a journal with room for some writes.
type full struct {
	memory
	room atomic.Int64
}

func withRoom(n int64) *full {
	f := &full{}
	f.room.Store(n)
	return f
}

func (f *full) Append(ctx context.Context, records ...batchkit.Record) error {
	if f.room.Add(-1) < 0 {
		return &batchkit.JournalError{Path: "full", Op: "write", Err: syscall.ENOSPC}
	}
	return f.memory.Append(ctx, records...)
}

func registered(t *testing.T, srv *batchtest.Server) string {
	t.Helper()
	arn, err := batchkit.NewClient(srv.Client()).Register(t.Context(), batchkit.Define("d", batchkit.EC2("busybox").VCPU(1).Memory(128)))
	if err != nil {
		t.Fatal(err)
	}
	return arn
}

// A submission whose context ends stops, and is gone on with.
func TestSubmitInterrupted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := embedded(t)
		defer srv.Close()
		wf := batchkit.NewWorkflow("many")
		def := batchkit.Define("d", batchkit.EC2("busybox").VCPU(1).Memory(128))
		for i := range 500 {
			wf.Add(batchkit.Job(fmt.Sprint("j", i), "default", def))
		}
		plan, err := wf.Plan()
		if err != nil {
			t.Fatal(err)
		}
		journal := &memory{}
		ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
		defer cancel()
		client := batchkit.NewClient(srv.Client())
		_, err = client.Submit(ctx, plan, batchkit.WithJournal(journal))
		var failed *batchkit.SubmitError
		if !errors.As(err, &failed) || !errors.Is(err, context.DeadlineExceeded) || len(failed.Submitted) == 0 || len(failed.NotSubmitted) == 0 {
			t.Fatalf("got %v, want a *SubmitError in the midst", err)
		}
		run, err := client.Submit(t.Context(), plan, batchkit.WithJournal(journal))
		if err != nil || run.RunID() != failed.RunID {
			t.Errorf("got run %q after %q, %v", run.RunID(), failed.RunID, err)
		}
		exactly(t, srv, plan, run)
	})
}

func TestOpen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, plan := embedded(t), house(t)
		defer srv.Close()
		if _, err := start(srv, plan, forever, batchkit.RunID("r"), batchkit.FirstStart()); err != nil {
			t.Fatal(err)
		}
		if _, err := start(srv, plan, forever, batchkit.RunID("r-2"), batchkit.FirstStart()); err != nil {
			t.Fatal(err)
		}
		client := batchkit.NewClient(srv.Client())
		run, err := client.Open(t.Context(), "r")
		if err != nil {
			t.Fatal(err)
		}
		result, err := run.Wait(t.Context())
		if err != nil || len(result.Jobs) != len(plan.Steps) {
			t.Errorf("got %d jobs, %v", len(result.Jobs), err)
		}
		var unknown *batchkit.UnknownRunError
		if _, err := client.Open(t.Context(), "s"); !errors.As(err, &unknown) || cmp.Diff([]string{"default"}, unknown.Queues) != "" {
			t.Errorf("got %v, want an *UnknownRunError", err)
		}
		var queue *batchkit.QueueError
		if _, err := client.Open(t.Context(), "r", "ghost"); !errors.As(err, &queue) || queue.Queue != "ghost" {
			t.Errorf("got %v, want a *QueueError", err)
		}
		var bad *batchkit.RunIDError
		if _, err := client.Open(t.Context(), "*"); !errors.As(err, &bad) {
			t.Errorf("got %v, want a *RunIDError", err)
		}
	})
}

// What it costs to go on with names and tags alone.
func TestResumeCalls(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const n = 1000
		srv, plan := embedded(t), manyJobs(t, n)
		defer srv.Close()
		client := batchkit.NewClient(srv.Client())
		if _, err := client.Submit(t.Context(), plan, batchkit.RunID("r"), batchkit.FirstStart()); err != nil {
			t.Fatal(err)
		}
		before := len(srv.Requests())
		run, err := client.Submit(t.Context(), plan, batchkit.RunID("r"))
		if err != nil {
			t.Fatal(err)
		}
		calls := map[string]int{}
		for _, r := range srv.Requests()[before:] {
			calls[r.Operation]++
		}
		if diff := cmp.Diff(map[string]int{"ListJobs": n / 100, "DescribeJobs": n / 100}, calls); diff != "" {
			t.Errorf("calls: -want +got\n%s", diff)
		}
		exactly(t, srv, plan, run)
	})
}

// A plan that was put together by hand may be wrong; nothing waits for ever, nothing panics, and nothing is sent.
func TestSubmitBadPlan(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, reason string
		spoil        func(*batchkit.Plan)
		want         string
	}{
		{"unknown", "waits for a job that is not there", func(p *batchkit.Plan) { p.Steps[1].DependsOn[0].On = "nobody" }, "jobs[b].dependsOn[0]: must name a job of the workflow"},
		{"itself", "waits for itself", func(p *batchkit.Plan) { p.Steps[1].DependsOn[0].On = "b" }, "jobs[b].dependsOn[0]: must name another job"},
		{"order", "waits for one that comes later", func(p *batchkit.Plan) { p.Steps[0], p.Steps[1] = p.Steps[1], p.Steps[0] }, `job "b": waits for "a", which does not come before it`},
		{"twice", "has a name that is taken", func(p *batchkit.Plan) { p.Steps[1].Name, p.Steps[1].DependsOn = "a", nil }, "jobs[a]: must be unique"},
		{"no input", "a step has to submit something", func(p *batchkit.Plan) { p.Steps[1].Input = nil }, "jobs[b].jobQueue: must be set"},
		{"no queue", "a queue is asked for jobs of the run before any is sent", func(p *batchkit.Plan) { p.Steps[1].Input.JobQueue = nil }, "jobs[b].jobQueue: must be set"},
		{"definition", "a definition that is not there", func(p *batchkit.Plan) { p.Steps[1].Definition = 3 }, `job "b": its definition is number 3 of 0`},
		{"no such definition", "a definition that is nil", func(p *batchkit.Plan) {
			p.Definitions, p.Steps[1].Definition = []*batch.RegisterJobDefinitionInput{nil}, 0
		}, `job "b": its definition is number 0 of 1, and is not there`},
		{"gate", "a step behind a gate on nobody would never be submitted", func(p *batchkit.Plan) {
			p.Steps[1].Gates = []batchkit.Gate{{On: "nobody", When: batchkit.GateEnded}}
		}, `job "b": waits for the end of "nobody", which does not come before it`},
		{"gates in a circle", "nor would these", func(p *batchkit.Plan) {
			p.Steps[0].Gates = []batchkit.Gate{{On: "b", When: batchkit.GateEnded}}
		}, `job "a": waits for the end of "b", which does not come before it`},
		{"kind of gate", "nobody knows when it opens", func(p *batchkit.Plan) {
			p.Steps[1].Gates = []batchkit.Gate{{On: "a", When: "SOMETIMES"}}
		}, `job "b": waits for "a" with a gate of the unknown kind "SOMETIMES"`},
		{"tags", "has no room for the tags of the run", func(p *batchkit.Plan) {
			p.Steps[1].Input.Tags = map[string]string{}
			for i := range 48 {
				p.Steps[1].Input.Tags[fmt.Sprint(i)] = ""
			}
		}, "jobs[b].tags: must be at most 50 tags, found 51; three of them mark the run"},
		{"size", "has no room for the name and the tags of the run", func(p *batchkit.Plan) {
			p.Steps[1].Input.Parameters = map[string]string{"p": strings.Repeat("x", 30<<10-400)}
		}, "jobs[b]: must be at most 30720 bytes"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv, plan := embedded(t), two(t)
				defer srv.Close()
				arn := registered(t, srv)
				for i := range plan.Steps {
					plan.Steps[i].Input.JobQueue, plan.Steps[i].Input.JobDefinition = aws.String("default"), &arn
				}
				row.spoil(plan)
				before := len(srv.Requests())
				_, err := start(srv, plan, forever, batchkit.RunID("bad"))
				var failed *batchkit.SubmitError
				if !errors.As(err, &failed) || !strings.Contains(err.Error(), row.want) {
					t.Fatalf("got %v, want a *SubmitError with %q: %s", err, row.want, row.reason)
				}
				if len(failed.Submitted)+len(failed.Unknown) > 0 || len(failed.NotSubmitted) != 2 {
					t.Errorf("got %d submitted, %d unknown and %d not submitted, want 2 of the last", len(failed.Submitted), len(failed.Unknown), len(failed.NotSubmitted))
				}
				if n := len(srv.Requests()) - before; n > 0 {
					t.Errorf("%d calls were made", n)
				}
			})
		})
	}
}

func TestSubmitNoPlan(t *testing.T) {
	t.Parallel()
	var failed *batchkit.SubmitError
	if _, err := batchkit.NewClient(&instant{}).Submit(t.Context(), nil); !errors.As(err, &failed) {
		t.Errorf("got %v, want a *SubmitError", err)
	}
}

// Of two that submit with one journal at the same time one is told so: it would not see what the other is writing.
func TestSubmitSharedJournal(t *testing.T) {
	t.Parallel()
	j, err := batchkit.OpenJournal(filepath.Join(t.TempDir(), "journal"))
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	plan := manyJobs(t, 3)
	var second error
	api := &meanwhile{do: func() { _, second = unlimited(&instant{}).Submit(t.Context(), plan, batchkit.WithJournal(j)) }}
	if _, err := unlimited(api).Submit(t.Context(), plan, batchkit.WithJournal(j)); err != nil {
		t.Fatal(err)
	}
	var locked *batchkit.JournalLockedError
	if !errors.As(second, &locked) {
		t.Errorf("while the first submitted: got %v, want a *JournalLockedError", second)
	}
	var failed *batchkit.SubmitError
	if !errors.As(second, &failed) || len(failed.NotSubmitted) != failed.Total {
		t.Errorf("got %v, want a *SubmitError that has submitted nothing", second)
	}
	if _, err := unlimited(&instant{}).Submit(t.Context(), plan, batchkit.WithJournal(j)); err != nil {
		t.Errorf("afterwards: got %v", err)
	}
}

// meanwhile does something else once, while a definition is registered.
type meanwhile struct {
	instant
	do func()
}

func (m *meanwhile) RegisterJobDefinition(ctx context.Context, in *batch.RegisterJobDefinitionInput, opts ...func(*batch.Options)) (*batch.RegisterJobDefinitionOutput, error) {
	m.do()
	return m.instant.RegisterJobDefinition(ctx, in, opts...)
}
