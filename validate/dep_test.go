package validate_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/validate"
)

// TestWorkflowNotes holds the notes on a workflow, which are worth nothing without their text, to that text.
func TestWorkflowNotes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		reason string
		set    map[string]string
		rule   string
		want   []string
	}{
		{
			name: "order of a chain", reason: "each job after the one before", rule: "DEP013",
			want: []string{"is submitted in 3 steps, in this order: leader, followers, merge"},
		},
		{
			name: "order of a fan", reason: "jobs of one step keep the order given", rule: "DEP013",
			set:  map[string]string{"workflow[0].dependsOn": `[{"on":"merge"}]`, "workflow[1].dependsOn": `[{"on":"merge"}]`, "workflow[2].dependsOn": `[]`},
			want: []string{"is submitted in 2 steps, in this order: merge, leader, followers"},
		},
		{
			name: "no order", reason: "the circle is reported instead", rule: "DEP013",
			set: map[string]string{"workflow[0].dependsOn": `[{"on":"merge"}]`},
		},
		{
			name: "reach of a failure", reason: "of the first job of a chain, and not of the second again", rule: "DEP018",
			set:  map[string]string{"workflow[3]": `{"name":"report","input":{},"dependsOn":[{"on":"merge"}]}`},
			want: []string{"takes 3 jobs with it when it fails for good: followers, merge, report"},
		},
		{
			name: "number of attempts", reason: "size times attempts", rule: "ARR005",
			set:  map[string]string{"workflow[1].input.retryStrategy": `{"attempts":10}`, "workflow[1].input.arrayProperties.size": `10000`},
			want: []string{"makes up to 100000 attempts in all, 10 for each of 10000 children"},
		},
		{
			name: "attempts of the definition", reason: "the submission says nothing", rule: "ARR005",
			set:  map[string]string{"workflow[1].definition": `{"retryStrategy":{"attempts":2}}`},
			want: []string{"makes up to 24 attempts in all, 2 for each of 12 children"},
		},
		{
			name: "attempts of a plain job", reason: "it has no children", rule: "ARR005",
			set: map[string]string{"workflow[0].input.retryStrategy": `{"attempts":10}`},
		},
		{
			name: "plain job after an array", reason: "it has no children to pair", rule: "DEP016",
		},
		{
			name: "clean-up that waits for nothing", reason: "no failure keeps it from running", rule: "DEP015",
			set: map[string]string{"workflow[0].input.jobName": `"clean_up"`},
		},
	}
	for _, test := range tests {
		if test.name == "" || test.reason == "" {
			t.Fatal("a row needs a name and a reason")
		}
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, f := range judge(t, "workflow", raw(test.set), validate.Strict()) {
				if f.Rule == test.rule {
					got = append(got, f.Message)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s: messages (-want +got):\n%s", test.reason, diff)
			}
			if notes := judge(t, "workflow", raw(test.set)); slices.ContainsFunc(notes, func(f validate.Finding) bool { return f.Severity == validate.Info }) {
				t.Errorf("notes without Strict: %v", notes)
			}
		})
	}
}
