package batchkit_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchkit"
)

func TestWhy(t *testing.T) {
	task := func(containers ...types.TaskContainerDetails) types.JobDetail {
		return types.JobDetail{EcsProperties: &types.EcsPropertiesDetail{
			TaskProperties: []types.EcsTaskDetails{{Containers: containers}},
		}}
	}
	tests := []struct {
		name   string
		job    batchkit.JobResult
		want   string
		reason string
	}{
		{
			name:   "success",
			job:    batchkit.JobResult{Status: types.JobStatusSucceeded, Reason: "Essential container in task exited"},
			want:   "",
			reason: "nothing is wrong",
		},
		{
			name: "an image that cannot be pulled",
			job: batchkit.JobResult{Status: types.JobStatusFailed, Reason: "Task failed to start", Detail: types.JobDetail{
				Container: &types.ContainerDetail{Reason: aws.String("CannotPullContainerError: no such\nimage")},
			}},
			want:   "Task failed to start (CannotPullContainerError: no such image)",
			reason: "the status reason alone says nothing, and all stands in a line",
		},
		{
			name: "out of memory",
			job: batchkit.JobResult{Status: types.JobStatusFailed, Reason: "Essential container in task exited", Detail: types.JobDetail{
				Container: &types.ContainerDetail{ExitCode: aws.Int32(137), Reason: aws.String("OutOfMemoryError: Container killed due to memory usage")},
			}},
			want:   "Essential container in task exited (exit code 137: OutOfMemoryError: Container killed due to memory usage)",
			reason: "137 alone may be anything",
		},
		{
			name: "a timeout, with exit code 0",
			job: batchkit.JobResult{Status: types.JobStatusFailed, Reason: "Job attempt duration exceeded timeout", Detail: types.JobDetail{
				Container: &types.ContainerDetail{ExitCode: aws.Int32(0)},
			}},
			want:   "Job attempt duration exceeded timeout",
			reason: "0 of the only container explains nothing",
		},
		{
			name: "several containers",
			job: batchkit.JobResult{Status: types.JobStatusFailed, Reason: "Task failed to start", Detail: task(
				types.TaskContainerDetails{Name: aws.String("tool"), ExitCode: aws.Int32(252)},
				types.TaskContainerDetails{Name: aws.String("app"), Reason: aws.String("dependency on container tool not met")},
				types.TaskContainerDetails{Name: aws.String("idle")},
			)},
			want:   "Task failed to start (tool exit code 252, app: dependency on container tool not met)",
			reason: "each container that has something to tell, by its name",
		},
		{
			name: "a pod",
			job: batchkit.JobResult{Status: types.JobStatusFailed, Reason: "Pod failed", Detail: types.JobDetail{
				EksProperties: &types.EksPropertiesDetail{PodProperties: &types.EksPodPropertiesDetail{
					InitContainers: []types.EksContainerDetail{{Name: aws.String("tool"), ExitCode: aws.Int32(0), Reason: aws.String("Completed")}},
					Containers: []types.EksContainerDetail{
						{Name: aws.String("app"), ExitCode: aws.Int32(137), Reason: aws.String("OOMKilled")},
						{Name: aws.String("side"), ExitCode: aws.Int32(1), Reason: aws.String("Error")},
					},
				}},
			}},
			want:   "Pod failed (tool exit code 0, app exit code 137: OOMKilled, side exit code 1)",
			reason: "Completed and Error say no more than the exit code",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.job.Why()); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tt.reason, diff)
			}
		})
	}
}
