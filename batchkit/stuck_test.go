package batchkit_test

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

	"github.com/batchkit/batchkit-go/batchkit"
)

func TestExplain(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, reason, status, want string }{
		{"capacity", "as DescribeJobs gives it", "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - Service cannot fulfill the capacity requested for instance type [m5.large]", "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY"},
		{"most", "as DescribeJobs gives it", "MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE - CE(s) associated with the job queue cannot meet the CPU requirement of the job.", "MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE"},
		{"requirement", "the code alone", "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT", "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT"},
		{"role", "the guide has another dash here", "MISCONFIGURATION:SERVICE_ROLE_PERMISSIONS – Batch service role has a permission issue.", "MISCONFIGURATION:SERVICE_ROLE_PERMISSIONS"},
		{"instances", "the youngest of them", "MISCONFIGURATION:EC2_INSTANCE_CONFIGURATION_UNSUPPORTED - Your compute environment associated with this job queue has an unsupported instance type configuration.", "MISCONFIGURATION:EC2_INSTANCE_CONFIGURATION_UNSUPPORTED"},
		{"invalid", "no code with a colon", "ACTION_REQUIRED - CE(s) associated with the job queue are invalid.", "ACTION_REQUIRED"},
		{"undetermined", "the service knows that it does not know", "UNDETERMINED - Batch job is blocked, root cause is undetermined.", "UNDETERMINED"},
		{"cancelled", "the time limit of a queue keeps the code", "Canceled by JobStateTimeLimit action due to reason: CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY", "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY"},
		{"none", "most jobs that wait for their turn", "", ""},
		{"another", "not of a job that waits", "Essential container in task exited", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			got, known := batchkit.Explain(row.status)
			if got.Code != row.want || known != (row.want != "") {
				t.Errorf("got %q, %v, want %q: %s", got.Code, known, row.want, row.reason)
			}
			if got.Meaning == "" || got.Mend == "" || !strings.HasPrefix(got.Source, "https://docs.aws.amazon.com/batch/") || got.String() != got.Meaning+": "+got.Mend {
				t.Errorf("incomplete: %+v", got)
			}
		})
	}
	if s := (batchkit.Advice{}).String(); s != "" {
		t.Errorf("no advice reads %q", s)
	}
}

// waiting is a script whose arrays have children that wait for a reason.
type waiting struct {
	*script
	lists int
}

func (w *waiting) ListJobs(_ context.Context, in *batch.ListJobsInput, _ ...func(*batch.Options)) (*batch.ListJobsOutput, error) {
	w.lists++
	if in.JobStatus != types.JobStatusRunnable || aws.ToString(in.ArrayJobId) != "id-a" {
		return nil, fmt.Errorf("asked for %s children of %s", in.JobStatus, aws.ToString(in.ArrayJobId))
	}
	return &batch.ListJobsOutput{JobSummaryList: []types.JobSummary{
		{JobId: aws.String("id-a:0")}, {JobId: aws.String("id-a:1"), StatusReason: aws.String("MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - too much")},
	}}, nil
}

func TestStuck(t *testing.T) {
	t.Parallel()
	array := func(runnable, running, done int32) *types.JobDetail {
		return &types.JobDetail{Status: types.JobStatusPending, ArrayProperties: &types.ArrayPropertiesDetail{
			Size: aws.Int32(3), StatusSummary: map[string]int32{"RUNNABLE": runnable, "RUNNING": running, "SUCCEEDED": done},
		}}
	}
	runnable := func(reason string) *types.JobDetail {
		d := &types.JobDetail{Status: types.JobStatusRunnable}
		if reason != "" {
			d.StatusReason = &reason
		}
		return d
	}
	done := &types.JobDetail{Status: types.JobStatusSucceeded}
	for _, row := range []struct {
		name, reason string
		after        time.Duration
		detail       func(age time.Duration) *types.JobDetail
		want         []string
		lists        int
	}{
		{"no reason", "the advice is general", 5 * time.Minute, func(age time.Duration) *types.JobDetail {
			if age < 20*time.Minute {
				return runnable("")
			}
			return done
		}, []string{`RUNNABLE "" 0s`, `RUNNABLE "" 5m +`, `SUCCEEDED "" 0s`}, 0},
		{"a reason that comes", "it is told when it comes, and again with the time", 5 * time.Minute, func(age time.Duration) *types.JobDetail {
			switch {
			case age < time.Minute:
				return runnable("")
			case age < 20*time.Minute:
				return runnable("CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - none")
			}
			return done
		}, []string{`RUNNABLE "" 0s`, `RUNNABLE "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY" 0s +`, `RUNNABLE "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY" 5m +`, `SUCCEEDED "" 0s`}, 0},
		{"never", "nobody wants to know", 0, func(age time.Duration) *types.JobDetail {
			if age < 20*time.Minute {
				return runnable("")
			}
			return done
		}, []string{`RUNNABLE "" 0s`, `SUCCEEDED "" 0s`}, 0},
		{"retried", "the time begins again with each attempt", 5 * time.Minute, func(age time.Duration) *types.JobDetail {
			d := runnable("")
			switch {
			case age > 8*time.Minute:
				return done
			case age > 4*time.Minute:
				d.Attempts = []types.AttemptDetail{{StoppedAt: aws.Int64(1)}}
			}
			return d
		}, []string{`RUNNABLE "" 0s`, `SUCCEEDED "" 0s`}, 0},
		{"array", "a child knows the reason", 5 * time.Minute, func(age time.Duration) *types.JobDetail {
			if age < 20*time.Minute {
				return array(3, 0, 0)
			}
			return done
		}, []string{`PENDING "" 0s`, `PENDING "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT" 5m +`, `SUCCEEDED "" 0s`}, 1},
		{"array under way", "a child runs, so others wait for it", 5 * time.Minute, func(age time.Duration) *types.JobDetail {
			if age < 20*time.Minute {
				return array(2, 1, 0)
			}
			return done
		}, []string{`PENDING "" 0s`, `SUCCEEDED "" 0s`}, 0},
		{"array that moves on", "a child has ended in between", 5 * time.Minute, func(age time.Duration) *types.JobDetail {
			switch {
			case age < 4*time.Minute:
				return array(3, 0, 0)
			case age < 8*time.Minute:
				return array(2, 0, 1)
			}
			return done
		}, []string{`PENDING "" 0s`, `PENDING "" 0s`, `SUCCEEDED "" 0s`}, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := &waiting{script: newScript(func(_ string, age time.Duration) *types.JobDetail { return row.detail(age) })}
				var got []string
				for e, err := range submitted(t, api, "a").Events(t.Context(), batchkit.StuckAfter(row.after)) {
					if err != nil {
						t.Fatal(err)
					}
					code, _, _ := strings.Cut(e.Reason, " - ")
					line := fmt.Sprintf("%s %q %s", e.To, code, strings.TrimSuffix(e.Stuck.Truncate(time.Minute).String(), "0s"))
					if e.Stuck.Truncate(time.Minute) == 0 {
						line += "0s"
					}
					if e.Advice.Mend != "" {
						line += " +"
					}
					got = append(got, line)
				}
				if diff := cmp.Diff(row.want, got); diff != "" {
					t.Errorf("%s: -want +got\n%s", row.reason, diff)
				}
				if api.lists != row.lists {
					t.Errorf("%d ListJobs calls, want %d", api.lists, row.lists)
				}
			})
		})
	}
}
