package batchkit_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/batchtest"
	"github.com/batchkit/batchkit-go/validate"
)

// A program that has less time than the grace gets there all the same, by its journal: each start waits for the rest only.
func TestGraceOverStarts(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, reason string
		journal      []batchkit.Record // what is in it already
		before       bool              // somebody submitted a moment before, and had no journal
	}{
		{name: "new journal", reason: "nobody has begun the run"},
		{name: "new journal, begun run", reason: "the jobs are not shown yet, and must be waited for all the same", before: true},
		{name: "repaired journal", reason: "records may be lost, which were written before the repair", before: true, journal: []batchkit.Record{
			{Kind: batchkit.RecordBegun, Version: 1, Run: "r"}, {Kind: batchkit.RecordSurveyed}, {Kind: batchkit.RecordRepaired},
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv, plan := embedded(t), house(t)
				defer srv.Close()
				remove := srv.Inject(batchtest.DelayVisibility(grace - time.Second))
				defer remove()
				if row.before {
					if _, err := start(srv, plan, forever, batchkit.RunID("r"), batchkit.FirstStart()); err != nil {
						t.Fatal(err)
					}
				}
				journal := &memory{}
				for _, r := range row.journal {
					r.At = time.Now()
					if r.Kind == batchkit.RecordBegun {
						r.Plan = plan.Digest()
					}
					journal.records = append(journal.records, r)
				}
				client := batchkit.NewClient(srv.Client(), batchkit.WithGrace(grace))
				for starts := 1; ; starts++ {
					ctx, cancel := context.WithTimeout(t.Context(), grace*2/5)
					run, err := client.Submit(ctx, plan, batchkit.RunID("r"), batchkit.WithJournal(journal))
					cancel()
					if err == nil {
						remove()
						exactly(t, srv, plan, run)
						if starts != 3 {
							t.Errorf("it took %d starts, want 3: %s", starts, row.reason)
						}
						return
					}
					if !errors.Is(err, context.DeadlineExceeded) || starts > 3 {
						t.Fatalf("start %d: %v", starts, err)
					}
				}
			})
		})
	}
}

// A journal that does not keep when things happened makes nobody hasty.
func TestGraceWithoutTimes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, plan := embedded(t), house(t)
		defer srv.Close()
		remove := srv.Inject(batchtest.DelayVisibility(grace - time.Second))
		if _, err := start(srv, plan, forever, batchkit.RunID("r"), batchkit.FirstStart()); err != nil {
			t.Fatal(err)
		}
		journal := &memory{records: []batchkit.Record{
			{Kind: batchkit.RecordBegun, Version: 1, Run: "r", Plan: plan.Digest()}, {Kind: batchkit.RecordSurveyed},
			{Kind: batchkit.RecordSending, Step: "ground"}, {Kind: batchkit.RecordRepaired},
		}}
		run, err := start(srv, plan, forever, batchkit.WithJournal(journal))
		if err != nil {
			t.Fatal(err)
		}
		remove()
		exactly(t, srv, plan, run)
	})
}

// Run and job make a name together, and another run and another job may make the same. Their tags tell them apart.
func TestRunsWithNamesInCommon(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := embedded(t)
		defer srv.Close()
		plan := func(name string) *batchkit.Plan {
			p, err := batchkit.Job(name, "default", batchkit.Define("d", batchkit.EC2("busybox").VCPU(1).Memory(128))).Plan()
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		ids := map[string]bool{}
		for _, of := range []struct{ run, job string }{{"nightly", "2-report"}, {"nightly-2", "report"}} {
			for range 2 {
				run, err := start(srv, plan(of.job), forever, batchkit.RunID(of.run))
				if err != nil {
					t.Fatalf("run %s: %v", of.run, err)
				}
				id, _ := run.ID(batchkit.Node(of.job))
				ids[id] = true
				if job, _ := srv.Job(id); aws.ToString(job.JobName) != "nightly-2-report" {
					t.Errorf("the job is named %q", aws.ToString(job.JobName))
				}
			}
		}
		if len(ids) != 2 {
			t.Errorf("two runs of one job each are %d jobs", len(ids))
		}
	})
}

// The largest job that passes is one that the service takes: name, tags and the ARN of the definition count.
func TestSubmitAtTheLimitOfSize(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := embedded(t)
		defer srv.Close()
		definition := batchkit.Define("d", batchkit.EC2("busybox").VCPU(1).Memory(128))
		client := batchkit.NewClient(srv.Client())
		for n := 30 << 10; n > 29<<10; n-- {
			plan, err := batchkit.Job("a", "default", definition).Param("p", strings.Repeat("x", n)).Plan()
			if err == nil {
				_, err = client.Submit(t.Context(), plan, batchkit.RunID(strings.Repeat("r", 64)), batchkit.FirstStart())
			}
			var invalid *validate.InvalidError
			if errors.As(err, &invalid) {
				continue
			}
			if err != nil {
				t.Errorf("with a parameter of %d bytes: %v", n, err)
			}
			return
		}
		t.Error("no job passes")
	})
}
