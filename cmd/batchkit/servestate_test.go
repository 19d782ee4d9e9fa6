package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchtest"
)

// A state that cannot be written leaves the one before, and nothing else.
func TestSaveIsAtomic(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file := filepath.Join(folder, "state.json")
	text := func(s string) func(io.Writer) error {
		return func(w io.Writer) error { _, err := io.WriteString(w, s); return err }
	}
	if err := save(file, text("first")); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	err := save(file, func(w io.Writer) error { return errors.Join(text("sec")(w), broken) })
	if !errors.Is(err, broken) {
		t.Errorf("%v, want the error of the writer", err)
	}
	// What a killed program has left behind is in nobody's way.
	if err := os.WriteFile(file+".tmp", []byte("torn"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(file); err != nil || string(got) != "first" {
		t.Errorf("%q, %v; want the first state", got, err)
	}
	if err := save(file, text("third")); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(file); err != nil || string(got) != "third" {
		t.Errorf("%q, %v; want the third state", got, err)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 1 {
		t.Errorf("%v, %v; want one file", left, err)
	}
}

// Changes are saved soon, also when nobody ends the service.
func TestServeSavesChanges(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "state.json")
	url, end := startServe(t, "--state", file)
	id := submitted(t, clientOf(url))
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for ctx.Err() == nil {
		s, err := open(file, nil)
		if err != nil {
			t.Fatalf("while the service runs: %v", err)
		}
		d, _ := s.Job(id)
		s.Close()
		if d.Status == types.JobStatusSucceeded {
			break
		}
	}
	if ctx.Err() != nil {
		t.Error("the job was never saved")
	}
	if status := end(); status != statusOK {
		t.Errorf("exit status %d", status)
	}
	url, _ = startServe(t, "--state", file)
	if got := statusOfJob(t.Context(), t, clientOf(url), id); got != types.JobStatusSucceeded {
		t.Errorf("%s after a restart", got)
	}
}

// Two services that keep their state in one file would undo each other's.
func TestServeLocksState(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "state.json")
	_, end := startServe(t, "--state", file)
	var out, errs strings.Builder
	args := []string{"serve", "--addr", "127.0.0.1:0", "--state", file}
	if status := run(t.Context(), args, strings.NewReader(""), &out, &errs); status != statusUnreadable || out.String() != "" || !strings.Contains(errs.String(), "another batchkit serve keeps its state in "+file) {
		t.Errorf("exit status %d, output %q, error %q", status, out.String(), errs.String())
	}
	var locked *stateLockedError
	if _, err := reserve(file); !errors.As(err, &locked) || locked.file != file {
		t.Errorf("%v, want a stateLockedError", err)
	}
	if status := end(); status != statusOK {
		t.Errorf("exit status %d", status)
	}
	held, err := reserve(file)
	if err != nil {
		t.Fatalf("after the first has ended: %v", err)
	}
	held.Close()
}

// A state that cannot be saved is told, and the service goes on.
func TestServeCannotSave(t *testing.T) {
	t.Parallel()
	s := batchtest.New()
	defer s.Close()
	ctx, cancel := context.WithCancel(t.Context())
	told := make(chan error)
	done := make(chan struct{})
	go func() {
		defer close(done)
		keep(ctx, s, s.Changed(), func() error { return save(filepath.Join(t.TempDir(), "no", "state.json"), s.Save) }, func(err error) { told <- err })
	}()
	var err error
	for n := 0; err == nil; n++ {
		if _, failed := s.Client().CreateSchedulingPolicy(t.Context(), &batch.CreateSchedulingPolicyInput{Name: aws.String(fmt.Sprint("p", n))}); failed != nil {
			t.Fatal(failed)
		}
		select {
		case err = <-told:
		default:
		}
	}
	if !errors.Is(err, os.ErrNotExist) || !strings.HasPrefix(err.Error(), "--state: ") {
		t.Errorf("%v", err)
	}
	cancel()
	<-done
}

// What changes while the state is being saved is saved next, although nothing changes after it.
func TestServeSavesWhatChangesMeanwhile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := batchtest.Start(t)
		change := func(name string) {
			if _, err := s.Client().CreateSchedulingPolicy(t.Context(), &batch.CreateSchedulingPolicyInput{Name: aws.String(name)}); err != nil {
				t.Error(err)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		saves, done := 0, make(chan struct{})
		changed := s.Changed()
		go func() {
			defer close(done)
			keep(ctx, s, changed, func() error {
				if saves++; saves == 1 {
					change("meanwhile")
				}
				return nil
			}, func(err error) { t.Error(err) })
		}()
		change("first")
		time.Sleep(time.Minute)
		synctest.Wait()
		if saves != 2 {
			t.Errorf("saved %d times, want once more for what changed during the first", saves)
		}
		cancel()
		<-done
	})
}
