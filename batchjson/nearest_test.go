package batchjson

import (
	"reflect"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

func TestNearest(t *testing.T) {
	t.Parallel()
	p, err := planOf(reflect.TypeFor[types.TaskContainerProperties]())
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		reason string
		given  string
		want   string
	}{
		{"lower case", "case does not count", "dependson", "dependsOn"},
		{"pascal case", "the spelling of CloudFormation", "DependsOn", "dependsOn"},
		{"snake case", "the spelling of Terraform", "depends_on", "dependsOn"},
		{"kebab case", "the spelling of the command line", "mount-points", "mountPoints"},
		{"letter added", "one edit", "imagee", "image"},
		{"letter dropped", "one edit", "imge", "image"},
		{"letter replaced", "one edit", "imaga", "image"},
		{"letters swapped", "one edit, not two", "imgae", "image"},
		{"three edits in a long name", "one for every three letters", "envirment", "environment"},
		{"plural", "one edit", "commands", "command"},
		{"two edits in a short name", "too far", "imxx", ""},
		{"another word", "no guess is better than a wrong one", "colour", ""},
		{"empty", "nothing is near it", "", ""},
		{"one letter", "too short for an edit", "n", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if test.name == "" || test.reason == "" {
				t.Fatal("a row needs a name and a reason")
			}
			if got := nearest(p, test.given); got != test.want {
				t.Errorf("nearest(%q) = %q, want %q", test.given, got, test.want)
			}
		})
	}
}

// A type may refer to itself; its plan must be finished and finite.
func TestPlanOfRecursiveType(t *testing.T) {
	t.Parallel()
	type tree struct {
		Name  *string
		Left  *tree
		Trees []tree
	}
	var got tree
	const data = `{"name":"a","left":{"trees":[{"name":"b"}]}}`
	if err := Unmarshal([]byte(data), &got); err != nil {
		t.Fatal(err)
	}
	if out, err := Marshal(got); err != nil || string(out) != data {
		t.Errorf("got %s, %v, want %s", out, err, data)
	}
}
