package eksprops_test

import (
	"testing"

	"github.com/batchkit/batchkit-go/internal/compiletest"
)

func TestWhatDoesNotCompile(t *testing.T) {
	t.Parallel()
	compiletest.Run(t)
}
