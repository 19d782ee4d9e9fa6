package batchkit_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/batchtest"
)

func TestChildren(t *testing.T) {
	t.Parallel()
	only := batchkit.Define("only", batchkit.EC2("app").VCPU(1).Memory(128))
	pair := batchkit.Define("pair", batchkit.Nodes(
		batchkit.Main(batchkit.EC2("app").VCPU(1).Memory(128)), batchkit.Workers(2, batchkit.EC2("app").VCPU(1).Memory(128))))
	for _, row := range []struct {
		name, reason string
		job          batchkit.Node
		in           []types.JobStatus
		want         []string
		more         int // how many are yielded after those
		calls        [2]int
	}{
		{"array", "all, by index", "array", nil, []string{"0 array[0] FAILED 1", "1 array[1] SUCCEEDED 0"}, 148, [2]int{3, 0}},
		{"some", "those that have failed", "array", []types.JobStatus{"FAILED"}, []string{"0 array[0] FAILED 1", "100 array[100] FAILED 1"}, 0, [2]int{2, 1}},
		{"several states", "in the order of the index", "array", []types.JobStatus{"SUCCEEDED", "FAILED"}, []string{"0 array[0] FAILED 1", "1 array[1] SUCCEEDED 0"}, 148, [2]int{3, 2}},
		{"none", "nothing is RUNNING", "array", []types.JobStatus{"RUNNING"}, nil, 0, [2]int{1, 1}},
		{"nodes", "all", "nodes", nil, []string{"0 nodes#0 SUCCEEDED 0", "1 nodes#1 FAILED -", "2 nodes#2 FAILED -"}, 0, [2]int{2, 0}},
		{"main node", "the state tells it", "nodes", []types.JobStatus{"SUCCEEDED"}, []string{"0 nodes#0 SUCCEEDED 0"}, 0, [2]int{2, 1}},
		{"plain", "it has none", "plain", nil, nil, 0, [2]int{1, 0}},
		{"unknown", "a name that was misspelt", "aray", nil, []string{`run "r" has submitted no job "aray"`}, 0, [2]int{0, 0}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv := batchtest.Start(t)
				srv.Image("app", batchtest.Image{Run: batchtest.Func(func(ctx context.Context, c *batchtest.Container) int {
					if i, ok := c.ArrayIndex(); ok && i%100 == 0 {
						return 1
					}
					if c.Env("AWS_BATCH_JOB_NODE_INDEX") != "" && c.Env("AWS_BATCH_JOB_NODE_INDEX") != "0" {
						<-ctx.Done()
						return 143
					}
					return 0
				})})
				wf := batchkit.NewWorkflow("test")
				wf.Add(batchkit.Job("array", "default", only).Array(150))
				wf.Add(batchkit.Job("nodes", "default", pair))
				wf.Add(batchkit.Job("plain", "default", only))
				plan, err := wf.Plan()
				if err != nil {
					t.Fatal(err)
				}
				run, err := batchkit.NewClient(srv.Client()).Submit(t.Context(), plan, batchkit.RunID("r"), batchkit.FirstStart())
				if err != nil {
					t.Fatal(err)
				}
				if _, err := run.Wait(t.Context()); err == nil {
					t.Fatal("the array did not fail")
				}
				before := [2]int{len(batchtest.Inputs[batch.DescribeJobsInput](srv)), len(batchtest.Inputs[batch.ListJobsInput](srv))}
				var got []string
				more := 0
				for c, err := range run.Children(t.Context(), row.job, row.in...) {
					switch {
					case err != nil:
						var unknown *batchkit.UnknownJobError
						if !errors.As(err, &unknown) {
							t.Fatal(err)
						}
						got = append(got, err.Error())
					case len(got) == len(row.want):
						more++
					default:
						exit := "-"
						if code := c.Containers()[0].ExitCode; code != nil && c.Status == "SUCCEEDED" || c.Name[:5] == "array" {
							exit = fmt.Sprint(*code)
						}
						got = append(got, fmt.Sprint(c.Index, " ", c.Name, " ", c.Status, " ", exit))
					}
				}
				if diff := cmp.Diff(row.want, got); diff != "" || more != row.more {
					t.Errorf("%s: %d more, want %d; -want +got\n%s", row.reason, more, row.more, diff)
				}
				after := [2]int{len(batchtest.Inputs[batch.DescribeJobsInput](srv)) - before[0], len(batchtest.Inputs[batch.ListJobsInput](srv)) - before[1]}
				if diff := cmp.Diff(row.calls, after); diff != "" {
					t.Errorf("DescribeJobs and ListJobs calls: -want +got\n%s", diff)
				}
			})
		})
	}
}

// The index is that in the whole array, of one that the plan has cut; and who leaves pays for no more calls.
func TestChildrenOfACutArray(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := batchtest.Start(t)
		srv.Image("app", batchtest.Image{Run: batchtest.Exit(0)})
		wf := batchkit.NewWorkflow("test")
		wf.Add(batchkit.Job("big", "default", lasting).Array(10_010))
		run := submittedPlan(t, srv.Client(), wf)
		time.Sleep(time.Hour)
		var part batchkit.Node
		for _, s := range run.Plan().Steps {
			if s.Offset > 0 {
				part = batchkit.Node(s.Name)
			}
		}
		n, next := 0, 0
		for c, err := range run.Children(t.Context(), part) {
			if err != nil {
				t.Fatal(err)
			}
			if n == 0 {
				next = c.Index
			}
			if c.Index != next+n || c.Status != types.JobStatusSucceeded {
				t.Errorf("child %d is %d, %s", n, c.Index, c.Status)
			}
			n++
		}
		if next == 0 || next+n != 10_010 {
			t.Errorf("%d children from %d, want the rest of the array", n, next)
		}
		before := len(batchtest.Inputs[batch.DescribeJobsInput](srv))
		for c, err := range run.Children(t.Context(), "big") {
			if err != nil || c.Index != 0 {
				t.Errorf("got %d, %v", c.Index, err)
			}
			break
		}
		if calls := len(batchtest.Inputs[batch.DescribeJobsInput](srv)) - before; calls != 2 {
			t.Errorf("%d calls for the first child, want 2", calls)
		}
	})
}
