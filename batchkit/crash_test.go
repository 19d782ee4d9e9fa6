package batchkit_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"iter"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/batchtest"
)

var (
	crashSeeds = flag.Int("crash-seeds", 2000, "how many random runs TestRandomFaults makes; a twentieth with -short")
	crashSeed  = flag.Uint64("crash-seed", 1, "the first seed of TestRandomFaults")
)

var errKilled = errors.New("the process is dead")

// fuse ends a process at a boundary: from there on nothing that it does has an effect.
type fuse struct {
	mu     sync.Mutex
	left   int // boundaries to pass; less than 0 for no end
	killed bool
}

func (f *fuse) pass() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.left == 0 {
		f.killed = true
		return errKilled
	}
	f.left--
	return nil
}

// set has the fuse burn after some boundaries more.
func (f *fuse) set(left int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.left = left
}

func (f *fuse) burnt() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.killed
}

// fusedJournal has a boundary before and after each write.
type fusedJournal struct {
	batchkit.Journal
	fuse *fuse
}

func (j fusedJournal) Append(ctx context.Context, records ...batchkit.Record) error {
	if err := j.fuse.pass(); err != nil {
		return err
	}
	if err := j.Journal.Append(ctx, records...); err != nil {
		return err
	}
	return j.fuse.pass()
}

// fusedAPI has a boundary before each call is sent and after it was answered.
type fusedAPI struct {
	batchkit.API
	fuse *fuse
}

func fused[In, Out any](f *fuse, call func(context.Context, *In, ...func(*batch.Options)) (*Out, error)) func(context.Context, *In, ...func(*batch.Options)) (*Out, error) {
	return func(ctx context.Context, in *In, opts ...func(*batch.Options)) (*Out, error) {
		if err := f.pass(); err != nil {
			return nil, err
		}
		out, err := call(ctx, in, opts...)
		if f.pass() != nil {
			return nil, errKilled
		}
		return out, err
	}
}

func (a fusedAPI) RegisterJobDefinition(ctx context.Context, in *batch.RegisterJobDefinitionInput, opts ...func(*batch.Options)) (*batch.RegisterJobDefinitionOutput, error) {
	return fused(a.fuse, a.API.RegisterJobDefinition)(ctx, in, opts...)
}

func (a fusedAPI) DescribeJobDefinitions(ctx context.Context, in *batch.DescribeJobDefinitionsInput, opts ...func(*batch.Options)) (*batch.DescribeJobDefinitionsOutput, error) {
	return fused(a.fuse, a.API.DescribeJobDefinitions)(ctx, in, opts...)
}

func (a fusedAPI) SubmitJob(ctx context.Context, in *batch.SubmitJobInput, opts ...func(*batch.Options)) (*batch.SubmitJobOutput, error) {
	return fused(a.fuse, a.API.SubmitJob)(ctx, in, opts...)
}

func (a fusedAPI) ListJobs(ctx context.Context, in *batch.ListJobsInput, opts ...func(*batch.Options)) (*batch.ListJobsOutput, error) {
	return fused(a.fuse, a.API.ListJobs)(ctx, in, opts...)
}

func (a fusedAPI) DescribeJobs(ctx context.Context, in *batch.DescribeJobsInput, opts ...func(*batch.Options)) (*batch.DescribeJobsOutput, error) {
	return fused(a.fuse, a.API.DescribeJobs)(ctx, in, opts...)
}

func (a fusedAPI) TerminateJob(ctx context.Context, in *batch.TerminateJobInput, opts ...func(*batch.Options)) (*batch.TerminateJobOutput, error) {
	return fused(a.fuse, a.API.TerminateJob)(ctx, in, opts...)
}

// memory is a journal that outlives its process and not the machine.
type memory struct {
	mu      sync.Mutex
	records []batchkit.Record
}

func (m *memory) Records(context.Context) iter.Seq2[batchkit.Record, error] {
	m.mu.Lock()
	defer m.mu.Unlock()
	records := slices.Clone(m.records)
	return func(yield func(batchkit.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func (m *memory) Append(_ context.Context, records ...batchkit.Record) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.records = append(m.records, records...)
	return nil
}

func embedded(t *testing.T, opts ...batchtest.Option) *batchtest.Server {
	t.Helper()
	opts = append(opts, batchtest.WithFallback(batchtest.Image{Run: batchtest.Exit(0)}))
	return batchtest.Start(t, opts...)
}

// exactly checks that each step is one job, which waits for the jobs that it has to wait for.
func exactly(t *testing.T, srv *batchtest.Server, plan *batchkit.Plan, run *batchkit.Run) {
	t.Helper()
	api := srv.Client()
	found := map[string][]types.JobDetail{}
	pages := batch.NewListJobsPaginator(api, &batch.ListJobsInput{
		JobQueue: aws.String("default"), Filters: []types.KeyValuesPair{{Name: aws.String("JOB_NAME"), Values: []string{"*"}}},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range page.JobSummaryList {
			d, _ := srv.Job(*s.JobId)
			found[d.Tags[batchkit.TagJob]] = append(found[d.Tags[batchkit.TagJob]], d)
		}
	}
	if len(found) != len(plan.Steps) {
		t.Errorf("%d names of jobs, want %d", len(found), len(plan.Steps))
	}
	for _, step := range plan.Steps {
		jobs := found[step.Name]
		if len(jobs) != 1 {
			t.Errorf("%q is %d jobs, want one", step.Name, len(jobs))
			continue
		}
		if id, _ := run.ID(batchkit.Node(step.Name)); id != *jobs[0].JobId {
			t.Errorf("%q is %s, and the run has %q", step.Name, *jobs[0].JobId, id)
		}
		var on []string
		for _, d := range step.DependsOn {
			id, _ := run.ID(batchkit.Node(d.On))
			on = append(on, id)
		}
		for i, d := range jobs[0].DependsOn {
			if aws.ToString(d.JobId) != on[i] {
				t.Errorf("%q waits for %v, want %v", step.Name, jobs[0].DependsOn, on)
			}
		}
		if len(jobs[0].DependsOn) != len(on) {
			t.Errorf("%q waits for %d jobs, want %d", step.Name, len(jobs[0].DependsOn), len(on))
		}
	}
	if d := run.Duplicates(); len(d) > 0 {
		t.Errorf("duplicates: %v", d)
	}
}

// house is a plan with several waves, an array and two definitions.
func house(t *testing.T) *batchkit.Plan {
	t.Helper()
	def := batchkit.Define("one", batchkit.EC2("busybox").VCPU(1).Memory(128))
	other := batchkit.Define("two", batchkit.EC2("busybox").VCPU(1).Memory(256))
	wf := batchkit.NewWorkflow("house")
	ground := wf.Add(batchkit.Job("ground", "default", def))
	left := wf.Add(batchkit.Job("left", "default", def).Array(3), batchkit.After(ground))
	right := wf.Add(batchkit.Job("right", "default", other), batchkit.After(ground))
	roof := wf.Add(batchkit.Job("roof", "default", other), batchkit.After(left, right))
	wf.Add(batchkit.Job("flag", "default", def), batchkit.After(roof))
	wf.Add(batchkit.Job("garden", "default", def))
	plan, err := wf.Plan()
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

const grace = time.Minute

func start(srv *batchtest.Server, plan *batchkit.Plan, f *fuse, opts ...batchkit.SubmitOption) (*batchkit.Run, error) {
	api := fusedAPI{srv.Client(), f}
	return batchkit.NewClient(api, batchkit.WithGrace(grace)).Submit(context.Background(), plan, opts...)
}

// The submitter is killed at every single boundary: before and after each write to the journal, and before each call is
// sent and after it was answered. The next start goes on, and each job exists once.
func TestKilledAnywhere(t *testing.T) {
	t.Parallel()
	plan := house(t)
	for _, row := range []struct {
		name, reason   string
		journal, keeps bool
		delay          time.Duration // until the service shows a job
	}{
		{"journal", "what it tells is enough", true, true, 0},
		{"journal, late", "a job that is not shown yet is not sent again", true, true, 50 * time.Second},
		{"journal gone", "names and tags are enough", true, false, 0},
		{"no journal, late", "jobs that are not shown yet are waited for", false, false, 50 * time.Second},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			for kill := 0; ; kill++ {
				survived := false
				synctest.Test(t, func(t *testing.T) {
					srv := embedded(t)
					defer srv.Close()
					show := srv.Inject(batchtest.DelayVisibility(row.delay))
					path := filepath.Join(t.TempDir(), "journal")
					first := &fuse{left: kill}
					opts := []batchkit.SubmitOption{batchkit.RunID("r"), batchkit.FirstStart()}
					err := journalled(t, row.journal, path, first, func(o ...batchkit.SubmitOption) error {
						_, err := start(srv, plan, first, append(opts, o...)...)
						return err
					})
					survived = !first.burnt()
					if survived != (err == nil) {
						t.Errorf("killed at %d: %v", kill, err)
					}
					if !row.keeps {
						path += "-new"
					}
					second := &fuse{left: -1}
					if err := journalled(t, row.journal, path, second, func(o ...batchkit.SubmitOption) error {
						run, err := start(srv, plan, second, append(o, batchkit.RunID("r"))...)
						show()
						exactly(t, srv, plan, run)
						return err
					}); err != nil {
						t.Errorf("killed at %d: %v", kill, err)
					}
					if n := revisionsOf(t, srv); n != 2 {
						t.Errorf("killed at %d: %d revisions of two definitions", kill, n)
					}
				})
				if survived {
					t.Logf("%d boundaries", kill)
					return
				}
				if t.Failed() {
					t.Fatalf("killed at %d: %s", kill, row.reason)
				}
			}
		})
	}
}

// journalled calls f with a journal in a file, if there is to be one.
func journalled(t *testing.T, wanted bool, path string, f *fuse, do func(...batchkit.SubmitOption) error) error {
	t.Helper()
	if !wanted {
		return do()
	}
	j, err := batchkit.OpenJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := j.Close(); err != nil {
			t.Error(err)
		}
	}()
	return do(batchkit.WithJournal(fusedJournal{j, f}))
}

func revisionsOf(t *testing.T, srv *batchtest.Server) (n int) {
	t.Helper()
	out, err := srv.Client().DescribeJobDefinitions(t.Context(), &batch.DescribeJobDefinitionsInput{})
	if err != nil {
		t.Fatal(err)
	}
	return len(out.JobDefinitions)
}

// Random plans, random trouble, random deaths: each run ends with exactly the planned jobs.
func TestRandomFaults(t *testing.T) {
	t.Parallel()
	n := *crashSeeds
	if testing.Short() {
		n /= 20
	}
	const groups = 4
	for g := range groups {
		t.Run(fmt.Sprint("group ", g), func(t *testing.T) {
			t.Parallel()
			for i := g; i < n; i += groups {
				seed := *crashSeed + uint64(i)
				synctest.Test(t, func(t *testing.T) { randomRun(t, seed) })
				if t.Failed() {
					t.Fatalf("failed with -crash-seeds 1 -crash-seed %d", seed)
				}
			}
		})
	}
}

func randomRun(t *testing.T, seed uint64) {
	random := rand.New(rand.NewPCG(seed, 6))
	srv := embedded(t, batchtest.WithSeed(seed))
	defer srv.Close()
	plan := randomPlan(t, random)
	share := func() float64 { return random.Float64() * 0.3 }
	var faults []batchtest.Fault
	for _, f := range []batchtest.Fault{
		batchtest.Throttle(1+random.Float64()*50, 1+random.IntN(10)).On("SubmitJob"),
		batchtest.FailBefore(share()), batchtest.FailAfter(share()), batchtest.DropAnswer(share()),
		batchtest.DelayVisibility(time.Duration(random.Int64N(int64(grace)))), batchtest.ReorderPages(),
	} {
		if random.IntN(2) == 0 {
			faults = append(faults, f)
		}
	}
	remove := srv.Inject(faults...)
	var journal batchkit.Journal = &memory{}
	none := random.IntN(3) == 0
	for starts := 1; ; starts++ {
		f := &fuse{left: random.IntN(20 * starts)}
		opts := []batchkit.SubmitOption{batchkit.RunID("r")}
		if !none {
			opts = append(opts, batchkit.WithJournal(fusedJournal{journal, f}))
		}
		if starts == 1 && random.IntN(2) == 0 {
			opts = append(opts, batchkit.FirstStart())
		}
		run, err := start(srv, plan, f, opts...)
		if err == nil {
			remove()
			exactly(t, srv, plan, run)
			return
		}
		var failed *batchkit.SubmitError
		if !errors.As(err, &failed) || len(failed.Submitted)+len(failed.Unknown)+len(failed.NotSubmitted) != failed.Total {
			t.Fatalf("got %v, want a *SubmitError that tells of every job", err)
		}
		if starts > 200 {
			t.Fatalf("no end after %d starts: %v", starts, err)
		}
		if random.IntN(4) == 0 { // another machine goes on
			journal = &memory{}
		}
		time.Sleep(time.Duration(random.Int64N(int64(3 * time.Second))))
	}
}

func randomPlan(t *testing.T, random *rand.Rand) *batchkit.Plan {
	t.Helper()
	wf := batchkit.NewWorkflow("random")
	var nodes []batchkit.Node
	for i := range 1 + random.IntN(10) {
		var on []batchkit.Node
		for _, n := range nodes {
			if random.IntN(4) == 0 {
				on = append(on, n)
			}
		}
		job := batchkit.Job(fmt.Sprint("j", i), "default", batchkit.Define(fmt.Sprint("d", random.IntN(2)), batchkit.EC2("busybox").VCPU(1).Memory(128)))
		if random.IntN(4) == 0 {
			job = job.Array(2 + random.IntN(3))
		}
		nodes = append(nodes, wf.Add(job, batchkit.After(on...)))
	}
	plan, err := wf.Plan()
	if err != nil {
		t.Fatal(err)
	}
	return plan
}
