package batchkit_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"
)

func TestLook(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := newScript(phases(types.JobStatusFailed))
		run := submitted(t, api, "a", "b")
		began := time.Now()
		for _, want := range []types.JobStatus{types.JobStatusRunnable, types.JobStatusRunning, types.JobStatusFailed} {
			result, err := run.Look(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]types.JobStatus{}
			for _, j := range result.Jobs {
				got[j.Name] = j.Status
			}
			if diff := cmp.Diff(map[string]types.JobStatus{"a": want, "b": want}, got); diff != "" {
				t.Errorf("after %s (-want +got):\n%s", time.Since(began), diff)
			}
			time.Sleep(15 * time.Second)
		}
		if diff := cmp.Diff([]int{2, 2, 2}, api.describes); diff != "" {
			t.Errorf("a look is one call for a hundred jobs (-want +got):\n%s", diff)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if result, err := run.Look(ctx); !errors.Is(err, context.Canceled) || len(result.Jobs) != 2 {
			t.Errorf("got %v, %v, want the jobs and the context's error", result, err)
		}
	})
}
