package validate_test

import (
	"strconv"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/validate"
)

// What a plan makes of a workflow is judged: the dependencies that are submitted, the size of the whole array, and the
// order that the submitting program keeps.
func TestWorkflowAsPlanned(t *testing.T) {
	t.Parallel()
	job := func(name string, size int32) validate.Job {
		in := &batch.SubmitJobInput{JobName: &name, JobQueue: aws.String("q"), JobDefinition: aws.String("d")}
		if size > 0 {
			in.ArrayProperties = &types.ArrayProperties{Size: &size}
		}
		return validate.Job{Name: name, Input: in}
	}
	many := make([]validate.Dependency, 1000)
	crowd := make([]validate.Job, len(many))
	for i := range many {
		crowd[i] = job("one"+strconv.Itoa(i), 0)
		many[i].On = crowd[i].Name
	}
	for _, tc := range []struct {
		name, reason string
		jobs         func() []validate.Job
		want         []string
	}{
		{"crowd", "its size is no fault beside its number", func() []validate.Job {
			j := job("a", 0)
			j.DependsOn = many
			return append([]validate.Job{j}, crowd...)
		}, []string{"DEP001 jobs[a].dependsOn"}},
		{"joined", "the plan submits fewer", func() []validate.Job {
			j := job("a", 0)
			j.DependsOn, j.Submitted = many, many[:20]
			return append([]validate.Job{j}, crowd...)
		}, nil},
		{"parts", "arrays are compared as a whole", func() []validate.Job {
			a, b := job("a", 10_000), job("b", 10_000)
			a.Size, b.Size = 20_000, 30_000
			b.DependsOn = []validate.Dependency{{On: "a", Type: types.ArrayJobDependencyNToN}}
			return []validate.Job{a, b}
		}, []string{"DEP007 jobs[b].dependsOn[0].type"}},
		{"follows", "an order without a dependency can be a circle too", func() []validate.Job {
			a, b, c := job("a", 0), job("b", 0), job("c", 0)
			a.Follows = []string{"c", "b"}
			b.DependsOn = []validate.Dependency{{On: "a"}}
			c.Follows = []string{"c", "nobody"}
			return []validate.Job{a, b, c}
		}, []string{"DEP011 jobs[a].gates[1]", "DEP011 jobs[c].gates[0]", "DEP012 jobs[c].gates[1]"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, f := range validate.Workflow(tc.jobs()) {
				got = append(got, f.Rule+" "+f.Path)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: -want +got\n%s", tc.reason, diff)
			}
		})
	}
}
