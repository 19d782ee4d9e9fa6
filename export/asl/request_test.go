package asl_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/export/asl"
	"github.com/batchkit/batchkit-go/export/asl/asltest"
	"github.com/batchkit/batchkit-go/internal/exporttest"
)

// recorder takes every submission, and says that its job has succeeded.
type recorder struct {
	asltest.API
	got *batch.SubmitJobInput
}

func (r *recorder) SubmitJob(_ context.Context, in *batch.SubmitJobInput, _ ...func(*batch.Options)) (*batch.SubmitJobOutput, error) {
	r.got = in
	return &batch.SubmitJobOutput{JobId: aws.String("id")}, nil
}

func (r *recorder) DescribeJobs(context.Context, *batch.DescribeJobsInput, ...func(*batch.Options)) (*batch.DescribeJobsOutput, error) {
	return &batch.DescribeJobsOutput{Jobs: []types.JobDetail{{JobId: aws.String("id"), Status: types.JobStatusSucceeded}}}, nil
}

func (r *recorder) ListJobs(context.Context, *batch.ListJobsInput, ...func(*batch.Options)) (*batch.ListJobsOutput, error) {
	return &batch.ListJobsOutput{JobSummaryList: []types.JobSummary{}}, nil
}

// Whatever a job's request holds is submitted as it is, but for its name, three tags more, and what .sync adds.
func TestRequests(t *testing.T) {
	t.Parallel()
	texts := []string{"{% 1 %}", "{%", " %}", "$.run", "States.UUID()", `{% "\u0025 %}`}
	for _, language := range languages {
		kinds := map[string]int{}
		for seed := range uint64(80) {
			dice := rand.New(rand.NewPCG(seed, 4))
			in := exporttest.Fill[batch.SubmitJobInput](dice)
			in.JobName, in.JobQueue, in.JobDefinition = aws.String("j"), aws.String("q"), aws.String("d")
			if len(in.Parameters) > 0 {
				in.Parameters["text"] = texts[dice.IntN(len(texts))]
			}
			plan := &batchkit.Plan{Name: "p", Steps: []batchkit.Step{{Name: "j", Job: "j", Definition: -1, Input: in}}}
			m, _, err := asl.Export(plan, asl.Options{Language: language})
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			synctest.Test(t, func(t *testing.T) {
				r := &recorder{}
				if e, err := asltest.Run(t.Context(), r, m.JSON(), nil); err != nil || !e.Succeeded() {
					t.Fatal(seed, e, err)
				}
				for _, tag := range []string{batchkit.TagRun, batchkit.TagJob, batchkit.TagPlan} {
					if r.got.Tags[tag] == "" {
						t.Errorf("seed %d: no tag %s", seed, tag)
					}
					delete(r.got.Tags, tag)
				}
				if o := r.got.ContainerOverrides; o != nil && strings.Contains(m.JSON(), "submitJob.sync") {
					kinds["sync"]++
					o.Environment = slices.DeleteFunc(o.Environment, func(v types.KeyValuePair) bool { return aws.ToString(v.Name) == "MANAGED_BY_AWS" })
					if len(o.Environment) == 0 {
						o.Environment = in.ContainerOverrides.Environment
					}
				} else {
					kinds["sdk"]++
				}
				r.got.JobName = in.JobName
				if len(in.Tags) == 0 {
					r.got.Tags = in.Tags
				}
				if diff := cmp.Diff(exporttest.Wire(t, in), exporttest.Wire(t, r.got)); diff != "" {
					t.Errorf("seed %d: -plan +submitted\n%s", seed, diff)
				}
			})
		}
		if kinds["sdk"] == 0 || kinds["sync"] == 0 {
			t.Errorf("%s: %v of the integrations were tried", language, kinds)
		}
	}
}
