package batchtest_test

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchtest"
)

// All times come from one clock, so that there is one place to make them up in.
func TestOnlyTheClockAsksForTheTime(t *testing.T) {
	t.Parallel()
	asks := map[string][]string{
		"time":    {"Now", "Since", "Until", "AfterFunc", "After", "NewTimer", "NewTicker", "Tick", "Sleep"},
		"context": {"WithTimeout", "WithDeadline", "WithTimeoutCause", "WithDeadlineCause"},
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	looked, clock := 0, 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		looked++
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		imported := map[string]string{} // the path of each name
		for _, i := range file.Imports {
			path, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			local := filepath.Base(path)
			if i.Name != nil {
				local = i.Name.Name
			}
			imported[local] = path
		}
		ast.Inspect(file, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			of, ok := sel.X.(*ast.Ident)
			if !ok {
				return true
			}
			for _, f := range asks[imported[of.Name]] {
				if sel.Sel.Name != f {
					continue
				}
				if name == "clock.go" {
					clock++
					continue
				}
				t.Errorf("%s: %s.%s: ask the server's clock", set.Position(sel.Pos()), of.Name, f)
			}
			return true
		})
	}
	if looked < 50 || clock == 0 {
		t.Errorf("looked at %d files and found the clock asking %d times, which cannot be", looked, clock)
	}
}

var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// when returns the times of a job's history in seconds since the epoch.
func (b *bench) when(id string) (out []string) {
	for _, h := range b.History(id) {
		out = append(out, fmt.Sprintf("%s %g", h.To, h.At.Sub(epoch).Seconds()))
	}
	return out
}

func (b *bench) advance(d time.Duration) {
	b.tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := b.Advance(ctx, d); err != nil {
		b.tb.Fatalf("Advance: %v", err)
	}
}

func TestVirtualClock(t *testing.T) {
	t.Parallel()
	b := start(t, batchtest.WithVirtualClock(epoch), batchtest.WithPace(batchtest.Pace{Submitted: time.Second, Runnable: 2 * time.Second, Starting: 3 * time.Second}))
	b.define("hour", batchtest.Takes(time.Hour, nil))
	b.define("fails", batchtest.Takes(time.Minute, batchtest.Exit(1)))
	first := b.submit("hour")
	next := b.submit("hour", after(first))
	failing := b.submit("fails", attempts(2))
	late := b.submit("hour", timeout(60))

	b.advance(6 * time.Second)
	if diff := cmp.Diff([]string{"SUBMITTED 0", "RUNNABLE 1", "STARTING 3", "RUNNING 6"}, b.when(first)); diff != "" {
		t.Errorf("after six seconds (-want +got):\n%s", diff)
	}
	b.advance(0)
	if got := b.Now(); !got.Equal(epoch.Add(6 * time.Second)) {
		t.Errorf("the clock shows %s", got)
	}
	b.advance(24 * time.Hour)
	for _, tt := range []struct {
		name, reason, id string
		want             []string
	}{
		{"dependent", "a job starts when the one before it ends, not when the clock was moved", next, []string{
			"SUBMITTED 0", "PENDING 1", "RUNNABLE 3606", "STARTING 3608", "RUNNING 3611", "SUCCEEDED 7211",
		}},
		{"retry", "each attempt takes its time", failing, []string{
			"SUBMITTED 0", "RUNNABLE 1", "STARTING 3", "RUNNING 6", "RUNNABLE 66", "STARTING 68", "RUNNING 71", "FAILED 131",
		}},
		{"timeout", "a sleeping container is told to stop, and does at once", late, []string{
			"SUBMITTED 0", "RUNNABLE 1", "STARTING 3", "RUNNING 6", "FAILED 66",
		}},
	} {
		if diff := cmp.Diff(tt.want, b.when(tt.id)); diff != "" {
			t.Errorf("%s: %s (-want +got):\n%s", tt.name, tt.reason, diff)
		}
	}
	if got := b.Now(); !got.Equal(epoch.Add(6*time.Second + 24*time.Hour)) {
		t.Errorf("the clock shows %s", got)
	}
}

// Containers that wake at one time can meet, so all of them wake before the clock waits for them.
func TestVirtualClockWakesTogether(t *testing.T) {
	t.Parallel()
	b := start(t, batchtest.WithVirtualClock(epoch))
	meet := meeting(3)
	b.define("meet", batchtest.Takes(time.Minute, batchtest.Func(func(context.Context, *batchtest.Container) int {
		meet()
		return 0
	})))
	id := b.submit("meet", size(3))
	b.advance(time.Minute)
	if d, _ := b.Job(id); d.Status != types.JobStatusSucceeded {
		t.Errorf("%s, want SUCCEEDED", d.Status)
	}
}

// A container that does not heed its stop is given up when the stop timeout has passed on the clock.
func TestVirtualClockStopTimeout(t *testing.T) {
	t.Parallel()
	b := start(t, batchtest.WithVirtualClock(epoch))
	b.define("deaf", batchtest.Func(func(_ context.Context, c *batchtest.Container) int {
		if c.Sleep(context.Background(), time.Hour) != nil {
			return 1
		}
		return 0
	}))
	id := b.submit("deaf", timeout(60))
	b.advance(30 * time.Minute)
	if diff := cmp.Diff([]string{"SUBMITTED 0", "RUNNABLE 0", "STARTING 0", "RUNNING 0", "FAILED 90"}, b.when(id)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestVirtualClockFinish(t *testing.T) {
	t.Parallel()
	b := start(t, batchtest.WithVirtualClock(epoch))
	b.define("manual", batchtest.Manual())
	id, stopped := b.submit("manual"), b.submit("manual", timeout(60))
	b.advance(time.Hour)
	if err := b.Finish(id, 0); err != nil {
		t.Fatal(err)
	}
	b.advance(0)
	if diff := cmp.Diff([]string{"SUBMITTED 0", "RUNNABLE 0", "STARTING 0", "RUNNING 0", "SUCCEEDED 3600"}, b.when(id)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if d, _ := b.Job(stopped); d.Status != types.JobStatusFailed || *d.StoppedAt != epoch.Add(time.Minute).UnixMilli() {
		t.Errorf("%s at %d, want FAILED after a minute", d.Status, *d.StoppedAt)
	}
}

func TestAdvanceErrors(t *testing.T) {
	t.Parallel()
	b := start(t)
	if err := b.Advance(t.Context(), time.Second); !errors.Is(err, batchtest.ErrNotVirtual) {
		t.Errorf("real clock: %v", err)
	}
	synctest.Test(t, func(t *testing.T) {
		b := start(t, batchtest.WithVirtualClock(epoch))
		b.define("block", block)
		b.define("second", batchtest.Takes(time.Second, block))
		b.submit("second")
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		err := b.Advance(ctx, time.Hour)
		if !errors.Is(err, batchtest.ErrBusy) || !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "container default of job ") {
			t.Errorf("a container at work: %v", err)
		}
		if got := b.Now(); !got.Equal(epoch.Add(time.Second)) {
			t.Errorf("the clock shows %s, want where it had got to", got)
		}
		var all sync.WaitGroup
		for range 2 {
			all.Go(func() {
				if err := b.Advance(t.Context(), time.Hour); !errors.Is(err, batchtest.ErrClosed) {
					t.Errorf("closed meanwhile: %v", err)
				}
			})
		}
		synctest.Wait()
		b.Close()
		all.Wait()
	})
}

func TestTimeScale(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, reason string
		factor       float64
		took         time.Duration // in real time
	}{
		{"fast", "an hour in a second", 3600, time.Second},
		{"slow", "an hour in ten", 0.1, 10 * time.Hour},
		{"one", "the default", 1, time.Hour},
		{"zero", "counts as one", 0, time.Hour},
		{"negative", "counts as one", -5, time.Hour},
		{"not a number", "counts as one", math.NaN(), time.Hour},
		{"infinite", "counts as one", math.Inf(1), time.Hour},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.reason == "" {
				t.Fatal("a row needs a reason")
			}
			synctest.Test(t, func(t *testing.T) {
				b := start(t, batchtest.WithTimeScale(tt.factor))
				b.define("hour", batchtest.Takes(time.Hour, nil))
				began, shown := time.Now(), b.Now()
				id := b.submit("hour")
				if err := b.Wait(t.Context(), id); err != nil {
					t.Fatal(err)
				}
				if took := time.Since(began); took != tt.took {
					t.Errorf("took %s, want %s: %s", took, tt.took, tt.reason)
				}
				if passed := b.Now().Sub(shown); passed != time.Hour {
					t.Errorf("%s passed on the clock, want an hour", passed)
				}
			})
		})
	}
}

// Sleep ends with whatever comes first.
func TestSleep(t *testing.T) {
	t.Parallel()
	enough := errors.New("enough")
	for _, tt := range []struct {
		name, reason string
		d            time.Duration
		ctx          func(context.Context) context.Context
		want         error
		took         time.Duration
	}{
		{"passes", "nothing comes between", time.Hour, func(ctx context.Context) context.Context { return ctx }, nil, time.Hour},
		{"nothing", "zero does not wait", 0, func(ctx context.Context) context.Context { return ctx }, nil, 0},
		{"context", "done before", time.Hour, func(ctx context.Context) context.Context {
			ctx, cancel := context.WithCancelCause(ctx)
			cancel(enough)
			return ctx
		}, enough, 0},
		{"deadline", "done meanwhile", time.Hour, func(ctx context.Context) context.Context {
			ctx, cancel := context.WithTimeout(ctx, time.Minute)
			context.AfterFunc(ctx, cancel)
			return ctx
		}, context.DeadlineExceeded, time.Minute},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.reason == "" {
				t.Fatal("a row needs a reason")
			}
			synctest.Test(t, func(t *testing.T) {
				b := start(t)
				began := time.Now()
				var got error
				b.define("sleeps", batchtest.Func(func(ctx context.Context, c *batchtest.Container) int {
					got = c.Sleep(tt.ctx(ctx), tt.d)
					return 0
				}))
				b.ended(b.submit("sleeps"))
				if took := time.Since(began); !errors.Is(got, tt.want) || took != tt.took {
					t.Errorf("%v after %s, want %v after %s: %s", got, took, tt.want, tt.took, tt.reason)
				}
			})
		})
	}
}
