package batchtest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchtest"
)

// What the service looks at only when it starts a job does not refuse the
// submission: the job fails.
func TestFaultsFoundLate(t *testing.T) {
	t.Parallel()
	long := types.KeyValuePair{Name: aws.String("LONG"), Value: aws.String(strings.Repeat("x", 9000))}
	many := func(first int) map[string]string {
		tags := map[string]string{}
		for i := range 30 {
			tags[fmt.Sprint("k", first+i)] = ""
		}
		return tags
	}
	tooLong := func(in *batch.SubmitJobInput) {
		in.ContainerOverrides = &types.ContainerOverrides{Environment: []types.KeyValuePair{long}}
	}
	const words = "Container Overrides length must be at most 8192"
	type row struct {
		name, reason string
		edits        []func(*batch.SubmitJobInput)
		want         string // status reason
		of           string // child
		whole        string // status reason of its parent
	}
	rows := []row{
		{"overrides", "Amazon ECS takes no more", []func(*batch.SubmitJobInput){tooLong}, words, "", ""},
		{"array", "of each child", []func(*batch.SubmitJobInput){tooLong, size(2)}, words, ":1", "Array Child Job failed"},
		{"retries", "another attempt would meet the same", []func(*batch.SubmitJobInput){tooLong, attempts(3)}, words, "", ""},
		{"parameters", "put into the command", []func(*batch.SubmitJobInput){func(in *batch.SubmitJobInput) {
			in.Parameters = map[string]string{"word": strings.Repeat("x", 9000)}
			in.ContainerOverrides = &types.ContainerOverrides{Command: []string{"Ref::word"}}
		}}, words, "", ""},
		{"tags", "60 of job and definition together", []func(*batch.SubmitJobInput){func(in *batch.SubmitJobInput) {
			in.Tags, in.PropagateTags = many(30), aws.Bool(true)
		}}, "Propagated tags must be at most 50", "", ""},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			b := start(t, batchtest.WithPace(batchtest.Pace{Runnable: time.Second}))
			ran := false
			b.define("app", batchtest.Func(func(context.Context, *batchtest.Container) int { ran = true; return 0 }), func(in *batch.RegisterJobDefinitionInput) { in.Tags = many(0) })
			id := b.submit("app", r.edits...)
			if d := b.described(id + r.of); d.Status != "RUNNABLE" {
				t.Errorf("%s, want it accepted, and its turn to come", d.Status)
			}
			waits := b.submit("app", after(id))
			if d := b.ended(id); r.whole != "" && (d.Status != "FAILED" || *d.StatusReason != r.whole) {
				t.Errorf("the parent is %s %q, want FAILED %q", d.Status, aws.ToString(d.StatusReason), r.whole)
			}
			d := b.described(id + r.of)
			if d.Status != "FAILED" || aws.ToString(d.StatusReason) != r.want || len(d.Attempts) != 0 || ran {
				t.Errorf("%s %q with %d attempts, ran %v; want FAILED %q without any: %s", d.Status, aws.ToString(d.StatusReason), len(d.Attempts), ran, r.want, r.reason)
			}
			if d := b.ended(waits); d.Status != "FAILED" || *d.StatusReason != "Dependent Job failed" {
				t.Errorf("a dependent is %s %q", d.Status, aws.ToString(d.StatusReason))
			}
			if d := b.ended(b.submit("app")); d.Status != "SUCCEEDED" || !ran {
				t.Errorf("the next job is %s, want nobody held up", d.Status)
			}
		})
	})
}

// A job that waits to fail does so in a restored server too.
func TestFaultFoundLateIsRestored(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := start(t, batchtest.WithPace(batchtest.Pace{Runnable: time.Second}))
		b.define("app", batchtest.Exit(0))
		id := b.submit("app", func(in *batch.SubmitJobInput) {
			in.ContainerOverrides = &types.ContainerOverrides{Environment: []types.KeyValuePair{{Name: aws.String("L"), Value: aws.String(strings.Repeat("x", 9000))}}}
		})
		again := restored(t, b, batchtest.WithPace(batchtest.Pace{Runnable: time.Second}))
		d := again.ended(id)
		if diff := cmp.Diff("FAILED Container Overrides length must be at most 8192", string(d.Status)+" "+aws.ToString(d.StatusReason)); diff != "" {
			t.Errorf("after a restart (-want +got):\n%s", diff)
		}
	})
}
