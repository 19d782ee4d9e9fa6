package batchkit_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/batchtest"
)

// toTheEnd is a process that submits a plan and waits for its end. It returns no result if it died before that.
func toTheEnd(ctx context.Context, srv *batchtest.Server, plan *batchkit.Plan, f *fuse, opts ...batchkit.SubmitOption) (*batchkit.Result, error) {
	run, err := start(srv, plan, f, opts...)
	if err != nil {
		return nil, err
	}
	result, err := run.Wait(ctx)
	var failed *batchkit.FailedError
	if err != nil && !errors.As(err, &failed) || f.burnt() {
		return nil, err
	}
	return result, nil
}

// A process is killed at every single boundary of a run with gates. The next one goes on, and all comes to the same end.
func TestKilledBehindGates(t *testing.T) {
	t.Parallel()
	build := func(w *batchkit.Workflow) {
		w.Add(job("a", bad))
		w.Add(job("b", good).Array(2))
		w.Add(job("help", good), batchkit.AfterFailure("a"))
		w.Add(job("helped", good), batchkit.After("help", "b"))
		w.Add(job("why", good), batchkit.When("exit 3", exited(3), "a"))
		w.Add(job("not", good), batchkit.AfterFailure("b"))
		w.Add(job("clean", good), batchkit.AfterEnd("helped", "not"))
	}
	const want = "a- b+ help+ why+ nots helped+ clean+"
	for _, row := range []struct {
		name, reason   string
		journal, keeps bool
		delay          time.Duration // until the service shows a job
	}{
		{"journal", "what it tells is enough", true, true, 0},
		{"journal, late", "a job that is not shown yet is not sent again", true, true, 50 * time.Second},
		{"no journal", "names and tags are enough", false, false, 0},
		{"journal gone, late", "jobs that are not shown yet are waited for", true, false, 50 * time.Second},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			plan := gatedPlan(t, build)
			for kill := 0; ; kill++ {
				survived := false
				synctest.Test(t, func(t *testing.T) {
					srv := outcomes(t)
					defer srv.Close()
					if row.delay > 0 {
						srv.Inject(batchtest.DelayVisibility(row.delay))
					}
					path := filepath.Join(t.TempDir(), "journal")
					first := &fuse{left: kill}
					_ = journalled(t, row.journal, path, first, func(o ...batchkit.SubmitOption) error {
						_, err := toTheEnd(t.Context(), srv, plan, first, append(o, batchkit.RunID("r"), batchkit.FirstStart())...)
						return err
					})
					survived = !first.burnt()
					if !row.keeps {
						path += "-new"
					}
					err := journalled(t, row.journal, path, forever, func(o ...batchkit.SubmitOption) error {
						result, err := toTheEnd(t.Context(), srv, plan, forever, append(o, batchkit.RunID("r"))...)
						if err != nil {
							return err
						}
						if got := ends(result); got != want {
							t.Errorf("killed at %d: got %s, want %s", kill, got, want)
						}
						onceEach(t, srv, result)
						return nil
					})
					if err != nil {
						t.Errorf("killed at %d: %v", kill, err)
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

// A process is killed at every single boundary of a Cancel. The next one cancels again, and nothing is left of the run but
// its clean-ups.
func TestKilledWhileCancelling(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, reason string
		journal      bool
		after        time.Duration
		want         string
	}{
		{"at once, journal", "jobs that are not shown yet are ended too", true, 0, "ac bc cc helpC clean+ tell+ alarmC"},
		{"at once, no journal", "names and tags are enough", false, 0, "ac bc cc helpC clean+ tell+ alarmC"},
		{"running", "some of the jobs were ended by the first", true, time.Minute, "ac bc cc helpC clean+ tell+ alarmC"},
		{"cleaning up", "the clean-up is spared by both", true, 90 * time.Minute, "a+ b+ c+ helpC clean+ tell+ alarmC"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			plan := gatedPlan(t, building)
			for kill, survived := 0, false; !survived && !t.Failed(); kill++ {
				synctest.Test(t, func(t *testing.T) {
					srv := outcomes(t)
					defer srv.Close()
					path, first := filepath.Join(t.TempDir(), "journal"), &fuse{left: -1}
					_ = journalled(t, row.journal, path, first, func(o ...batchkit.SubmitOption) error {
						run, err := start(srv, plan, first, append(o, batchkit.RunID("r"), batchkit.FirstStart())...)
						if err != nil {
							return err
						}
						ctx, cancel := context.WithTimeout(t.Context(), row.after)
						defer cancel()
						_, _ = run.Wait(ctx)
						first.set(kill)
						return run.Cancel(t.Context(), "no more")
					})
					survived = !first.burnt()
					err := journalled(t, row.journal, path, forever, func(o ...batchkit.SubmitOption) error {
						run, err := start(srv, plan, forever, append(o, batchkit.RunID("r"))...)
						if err != nil {
							return err
						}
						if err := run.Cancel(t.Context(), "no more"); err != nil {
							return err
						}
						result, _ := run.Wait(t.Context())
						if got := ends(result); got != row.want {
							t.Errorf("killed at %d: got %s, want %s: %s", kill, got, row.want, row.reason)
						}
						onceEach(t, srv, result)
						return nil
					})
					if err != nil {
						t.Errorf("killed at %d: %v", kill, err)
					}
				})
			}
		})
	}
}

// Random workflows with gates, random trouble, random deaths: what is to run runs once, and nothing else.
func TestRandomGates(t *testing.T) {
	t.Parallel()
	n := *crashSeeds / 20
	if testing.Short() {
		n /= 20
	}
	const groups = 4
	for g := range groups {
		t.Run(fmt.Sprint("group ", g), func(t *testing.T) {
			t.Parallel()
			for i := g; i < n; i += groups {
				seed := *crashSeed + uint64(i)
				synctest.Test(t, func(t *testing.T) { randomGates(t, seed) })
				if t.Failed() {
					t.Fatalf("failed with -crash-seeds 20 -crash-seed %d", seed)
				}
			}
		})
	}
}

// howItEnds works out how each step of a plan must end: +, -, or s for skipped. The codes are those of its containers.
func howItEnds(plan *batchkit.Plan, codes map[string]int) string {
	said := map[string]byte{}
	var words []string
	for _, step := range plan.Steps {
		said[step.Name] = howStepEnds(step, said, codes[step.Name])
		words = append(words, fmt.Sprintf("%s%c", step.Name, said[step.Name]))
	}
	return strings.Join(words, " ")
}

func howStepEnds(step batchkit.Step, said map[string]byte, code int) byte {
	failures, failed := false, false
	for _, g := range step.Gates {
		switch end := said[g.On]; g.When {
		case batchkit.GateFailed:
			failures, failed = true, failed || end == '-'
		case batchkit.GateCondition: // it asks for no success
			if end == '+' {
				return 's'
			}
		}
	}
	if failures && !failed {
		return 's'
	}
	end := byte('+')
	for _, d := range step.DependsOn {
		switch said[d.On] {
		case '-':
			return '-'
		case 's':
			end = 's'
		}
	}
	if end == '+' && code != 0 {
		return '-'
	}
	return end
}

// randomWorkflow returns a workflow and the exit codes of its jobs.
func randomWorkflow(srv *batchtest.Server, random *rand.Rand) (*batchkit.Workflow, map[string]int) {
	unsuccessful := func(r batchkit.JobResult) bool { return r.Status != types.JobStatusSucceeded }
	wf := batchkit.NewWorkflow("random")
	codes := map[string]int{}
	var names []batchkit.Node
	for i := range 2 + random.IntN(12) {
		name := fmt.Sprintf("j%02d", i)
		if random.IntN(3) == 0 {
			codes[name] = 1
		}
		srv.Image(name, batchtest.Image{Run: after(time.Duration(random.Int64N(int64(time.Hour))), codes[name])})
		request := job(name, batchkit.Define(name, batchkit.EC2(name).VCPU(1).Memory(128)))
		if random.IntN(5) == 0 {
			request = request.Array(2 + random.IntN(3))
		}
		var waits []batchkit.Dependency
		for _, on := range names {
			switch random.IntN(12) {
			case 0:
				waits = append(waits, batchkit.After(on))
			case 1:
				waits = append(waits, batchkit.AfterEnd(on))
			case 2:
				waits = append(waits, batchkit.AfterFailure(on))
			case 3:
				waits = append(waits, batchkit.When("no success", unsuccessful, on))
			}
		}
		names = append(names, wf.Add(request, waits...))
	}
	return wf, codes
}

func randomGates(t *testing.T, seed uint64) {
	random := rand.New(rand.NewPCG(seed, 7))
	srv := batchtest.Start(t, batchtest.WithSeed(seed))
	defer srv.Close()
	wf, codes := randomWorkflow(srv, random)
	plan, err := wf.Plan()
	if err != nil {
		t.Fatal(err)
	}
	var faults []batchtest.Fault
	for _, f := range []batchtest.Fault{
		batchtest.Throttle(1+random.Float64()*50, 1+random.IntN(10)).On("SubmitJob"),
		batchtest.FailBefore(random.Float64() * 0.2), batchtest.DropAnswer(random.Float64() * 0.2),
		batchtest.DelayVisibility(time.Duration(random.Int64N(int64(grace)))), batchtest.ReorderPages(),
	} {
		if random.IntN(3) == 0 {
			faults = append(faults, f)
		}
	}
	defer srv.Inject(faults...)()
	var journal batchkit.Journal = &memory{}
	none := random.IntN(3) == 0
	for starts := 1; ; starts++ {
		f := &fuse{left: random.IntN(100 * starts)}
		opts := []batchkit.SubmitOption{batchkit.RunID("r")}
		if !none {
			opts = append(opts, batchkit.WithJournal(fusedJournal{journal, f}))
		}
		result, err := toTheEnd(t.Context(), srv, plan, f, opts...)
		if err == nil && result != nil {
			got, want := strings.ReplaceAll(ends(result), "!", "-"), howItEnds(plan, codes)
			if got != want {
				t.Errorf("got %s, want %s\n%v", got, want, plan)
			}
			onceEach(t, srv, result)
			return
		}
		if starts > 100 {
			t.Fatalf("no end after %d starts: %v", starts, err)
		}
		if random.IntN(4) == 0 { // another machine goes on
			journal = &memory{}
		}
		time.Sleep(time.Duration(random.Int64N(int64(time.Minute))))
	}
}
