package conformance_test

import (
	"context"
	"fmt"
	"time"

	"github.com/batchkit/batchkit-go/batchtest"
	"github.com/batchkit/batchkit-go/batchtest/conformance"
)

// Outside of a test, the checks can be run one by one.
func ExampleCheck_Run() {
	s := batchtest.New()
	defer s.Close()
	s.Image("busybox", batchtest.Image{Run: box})
	for _, c := range conformance.Checks()[:3] {
		err := c.Run(context.Background(), s.Client(), conformance.Config{Poll: time.Millisecond})
		fmt.Println(c.Name, err)
	}
	// Output:
	// revisions <nil>
	// registration-refused <nil>
	// submission-refused <nil>
}
