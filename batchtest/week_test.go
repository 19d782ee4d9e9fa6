package batchtest_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchtest"
)

// A week passes at once, timeouts and all.
func TestWeek(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := batchtest.Start(t) // closes itself
		began := time.Now()
		id := submitExample(srv, "train", batchtest.Takes(7*24*time.Hour, batchtest.Exit(0)))
		if err := srv.WaitFor(t.Context(), id, types.JobStatusSucceeded); err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took != 7*24*time.Hour {
			t.Errorf("it took %s", took)
		}
	})
}
