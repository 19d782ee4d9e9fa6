package batchtest_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch"

	"github.com/batchkit/batchkit-go/batchtest"
)

// A synctest bubble fails a test that leaves a goroutine, so this one checks
// that Close ends containers, timers and waiters of every kind.
func TestCloseLeavesNoGoroutine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := start(t, batchtest.WithPace(batchtest.Pace{Submitted: time.Second, Runnable: time.Second, Starting: time.Second}))
		b.define("block", block)
		running := b.submit("block", timeout(3600))
		<-time.After(10 * time.Second)
		b.submit("block", after(running))
		b.submit("block", size(100))
		waited := make(chan error, 1)
		go func() { waited <- b.Wait(context.Background(), running) }()
		synctest.Wait()
		b.Close()
		b.Close()
		if err := <-waited; !errors.Is(err, batchtest.ErrClosed) {
			t.Errorf("Wait: %v, want ErrClosed", err)
		}
		if d, _ := b.Job(running); d.Status != "RUNNING" {
			t.Errorf("%s after Close, want the state kept", d.Status)
		}
	})
}

func TestCloseKillsProcesses(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("needs sh")
	}
	b := start(t)
	ready := make(chan struct{})
	b.define("p", announced(ready), func(in *batch.RegisterJobDefinitionInput) {
		// It does not mind SIGTERM, and leaves a child behind.
		in.ContainerProperties.Command = []string{"sh", "-c", "trap '' TERM; sleep 600 & echo ready; sleep 600"}
	})
	b.submit("p")
	<-ready
	began := time.Now()
	b.Close()
	if took := time.Since(began); took > 15*time.Second {
		t.Errorf("Close took %v, want no wait for the stop timeout", took)
	}
}

func TestWaitErrors(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.define("block", block)
	id := b.submit("block")
	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	cancel(enough)
	if err := b.Wait(ctx, id); !errors.Is(err, enough) {
		t.Errorf("Wait: %v, want the cause of the context", err)
	}
	if err := b.Wait(t.Context(), "nope"); !errors.Is(err, batchtest.ErrUnknownJob) || !strings.Contains(err.Error(), "nope") {
		t.Errorf("Wait: %v, want ErrUnknownJob with the id", err)
	}
}

func TestIDsAreTheSameInEachRun(t *testing.T) {
	t.Parallel()
	ids := func(seed uint64) string {
		b := start(t, batchtest.WithSeed(seed))
		b.define("ok", batchtest.Exit(0))
		return b.submit("ok") + b.submit("ok")
	}
	first, again, other := ids(1), ids(1), ids(2)
	if first != again || first == other {
		t.Errorf("%s, %s and, with another seed, %s: want ids that depend on the seed alone", first, again, other)
	}
}

func TestRunnerThatEndsItsGoroutine(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.define("exit", batchtest.Func(func(_ context.Context, c *batchtest.Container) int {
		runtime.Goexit()
		return 0
	}))
	d := b.ended(b.submit("exit"))
	if log := b.Log(*d.Container.LogStreamName); *d.Container.ExitCode != 2 || len(log) != 1 {
		t.Errorf("exit code %d, log %q; want 2 and why", *d.Container.ExitCode, log)
	}
}
