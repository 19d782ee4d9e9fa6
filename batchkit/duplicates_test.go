package batchkit_test

import (
	"errors"
	"path/filepath"
	"sync"
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

// One process has the journal; the other is told so. Afterwards there is nothing left for it to do.
func TestTwoProcessesOneJournal(t *testing.T) {
	t.Parallel()
	srv, plan := embedded(t), house(t)
	path := filepath.Join(t.TempDir(), "journal")
	var locked *batchkit.JournalLockedError
	if err := journalled(t, true, path, forever, func(o ...batchkit.SubmitOption) error {
		if _, err := batchkit.OpenJournal(path); !errors.As(err, &locked) {
			t.Errorf("got %v, want a *JournalLockedError", err)
		}
		_, err := start(srv, plan, forever, o...)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := journalled(t, true, path, forever, func(o ...batchkit.SubmitOption) error {
		calls := len(srv.Requests())
		run, err := start(srv, plan, forever, o...)
		if n := len(srv.Requests()) - calls; n != 0 {
			t.Errorf("%d calls for a run that the journal knows to be submitted", n)
		}
		exactly(t, srv, plan, run)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// Without a journal in common there are duplicates. Submit finds them afterwards, ends them, and leaves one run whose
// jobs wait for each other.
func TestTwoProcessesNoJournal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, plan := embedded(t, batchtest.WithPace(batchtest.Pace{Runnable: time.Hour})), house(t)
		defer srv.Close()
		srv.Inject(batchtest.DelayVisibility(10 * time.Second))
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() {
				if _, err := start(srv, plan, forever, batchkit.RunID("r")); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		if n := len(batchtest.Inputs[batch.SubmitJobInput](srv)); n != 2*len(plan.Steps) {
			t.Fatalf("%d submissions: this test is about the case where nothing can keep the two apart", n)
		}
		time.Sleep(time.Minute)
		run, err := start(srv, plan, forever, batchkit.RunID("r"))
		if err != nil {
			t.Fatal(err)
		}
		if n := len(run.Duplicates()); n != len(plan.Steps) {
			t.Errorf("%d duplicates, want one of each job", n)
		}
		for _, d := range run.Duplicates() {
			job, _ := srv.Job(d.ID)
			if id, _ := run.ID(batchkit.Node(d.Job)); id != d.Kept || job.Status != types.JobStatusFailed || *job.StatusReason != "batchkit: duplicate of "+d.Kept {
				t.Errorf("%+v: the job is %s, %s", d, job.Status, aws.ToString(job.StatusReason))
			}
		}
		again, err := start(srv, plan, forever, batchkit.RunID("r"))
		if err != nil || len(again.Duplicates()) != len(plan.Steps) {
			t.Errorf("looking again: %v, %v", again.Duplicates(), err)
		}
		opened, err := batchkit.NewClient(srv.Client()).Open(t.Context(), "r")
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range plan.Steps {
			id, _ := run.ID(batchkit.Node(s.Name))
			same, _ := again.ID(batchkit.Node(s.Name))
			shown, _ := opened.ID(batchkit.Node(s.Name))
			if id != same || id != shown {
				t.Errorf("%q is %s, and then %s, and opened %s", s.Name, id, same, shown)
			}
		}
		result, err := run.Wait(t.Context())
		if err != nil || len(result.Jobs) != len(plan.Steps) {
			t.Errorf("the jobs that were kept: %v", err)
		}
	})
}

// A job that was ended as a duplicate is not taken for the run's, although it is the oldest.
func TestEndedDuplicate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, plan := embedded(t, batchtest.WithPace(batchtest.Pace{Runnable: time.Hour})), manyJobs(t, 1)
		defer srv.Close()
		var ids []string
		for range 2 {
			run, err := start(srv, plan, forever, batchkit.RunID("r"), batchkit.FirstStart())
			if err != nil {
				t.Fatal(err)
			}
			id, _ := run.ID("j0")
			ids = append(ids, id)
			time.Sleep(time.Second)
		}
		_, err := srv.Client().TerminateJob(t.Context(), &batch.TerminateJobInput{JobId: &ids[0], Reason: aws.String("batchkit: duplicate of " + ids[1])})
		if err != nil {
			t.Fatal(err)
		}
		run, err := start(srv, plan, forever, batchkit.RunID("r"))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]batchkit.Duplicate{{Job: "j0", ID: ids[0], Kept: ids[1]}}, run.Duplicates()); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	})
}
