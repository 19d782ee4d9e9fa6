package batchkit_test

import (
	"context"
	"fmt"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/batchtest"
)

// Clients of one account and Region share its limit, of which this program leaves a third to others.
func ExampleWithLimiter() {
	ctx := context.Background()
	srv := batchtest.New()
	defer srv.Close()
	srv.Image("acme/report:1", batchtest.Image{Run: batchtest.Exit(0)})
	report := batchkit.Define("report", batchkit.EC2("acme/report:1").VCPU(1).Memory(128))

	limiter := batchkit.NewLimiter(batchkit.WithRate(batchkit.SubmitRate * 2. / 3))
	for _, name := range []string{"nightly", "adhoc"} {
		client := batchkit.NewClient(srv.Client(), batchkit.WithLimiter(limiter))
		plan, err := batchkit.Job(name, "default", report).Plan()
		if err != nil {
			fmt.Println(err)
			return
		}
		if _, err := client.Submit(ctx, plan); err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(name, "submitted")
	}
	// Output:
	// nightly submitted
	// adhoc submitted
}
