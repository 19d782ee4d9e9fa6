package nearest_test

import (
	"slices"
	"testing"

	"github.com/batchkit/batchkit-go/internal/nearest"
)

func TestOf(t *testing.T) {
	t.Parallel()
	members := []string{"command", "dependsOn", "environment", "essential", "image", "mountPoints", "name", "privileged", "user"}
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
			if got := nearest.Of(test.given, slices.Values(members)); got != test.want {
				t.Errorf("Of(%q) = %q, want %q", test.given, got, test.want)
			}
		})
	}
}
