package batchkit_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/batchtest"
)

// A placeholder and a string of its name are the same thing.
func TestParameter(t *testing.T) {
	t.Parallel()
	input := batchkit.Parameter("input")
	if input.Name() != "input" || input.Ref() != "Ref::input" {
		t.Errorf("got %s and %s", input.Name(), input.Ref())
	}
	base := small.Default(input, "a")
	if diff := cmp.Diff(small.Param("input", "a").Input().Parameters, base.Input().Parameters); diff != "" {
		t.Errorf("Default and Param differ: %s", diff)
	}
	job := batchkit.Job("a", "queue", base)
	if diff := cmp.Diff(job.Param("input", "b").Input().Parameters, job.Set(input, "b").Input().Parameters); diff != "" {
		t.Errorf("Set and Param differ: %s", diff)
	}
	if got := job.Set(input, "b").Set(input, "c").Input().Parameters; got["input"] != "c" {
		t.Errorf("the last value counts, got %v", got)
	}
}

// The placeholder stands in the command; a job gives it a value, or takes the default.
func ExampleParameter() {
	ctx := context.Background()
	srv := batchtest.New()
	defer srv.Close()
	srv.Image("acme/resize:1", batchtest.Image{Run: batchtest.Func(func(_ context.Context, c *batchtest.Container) int {
		fmt.Println(c.Command())
		return 0
	})})
	client := batchkit.NewClient(srv.Client(), batchkit.WithPollInterval(10*time.Millisecond, time.Second))

	input, width := batchkit.Parameter("input"), batchkit.Parameter("width")
	def := batchkit.Define("resize",
		batchkit.EC2("acme/resize:1").VCPU(1).Memory(512).Command("resize", input.Ref(), "--width", width.Ref())).
		Default(width, "640")

	plan, err := batchkit.Job("one", "default", def).Set(input, "s3://acme/in.jpg").Plan()
	if err != nil {
		fmt.Println(err)
		return
	}
	run, err := client.Submit(ctx, plan)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = run.Wait(ctx)
	fmt.Println(err)
	// Output:
	// [resize s3://acme/in.jpg --width 640]
	// <nil>
}
