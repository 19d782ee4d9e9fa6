package batchtest_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchtest"
)

// A container may live in the goroutine of the one before; that one may have
// ended it.
func TestContainersAfterOneAnother(t *testing.T) {
	t.Parallel()
	b := start(t, batchtest.WithCapacity(1))
	b.define("app", batchtest.Func(func(_ context.Context, c *batchtest.Container) int {
		switch index, _ := c.ArrayIndex(); index % 3 {
		case 0:
			runtime.Goexit()
		case 1:
			panic("on purpose")
		}
		return 0
	}))
	id := b.submit("app", size(9))
	b.ended(id)
	for i, want := range []types.JobStatus{types.JobStatusFailed, types.JobStatusFailed, types.JobStatusSucceeded} {
		for k := i; k < 9; k += 3 {
			if d, _ := b.Job(fmt.Sprint(id, ":", k)); d.Status != want {
				t.Errorf("child %d is %s, want %s", k, d.Status, want)
			}
		}
	}
}
