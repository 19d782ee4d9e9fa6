package validate_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/batchkit/batchkit-go/validate"
)

// TestEveryRuleIsAccountedFor holds the rules and the reasons for those left out to the list of all ids.
func TestEveryRuleIsAccountedFor(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/ids.txt")
	if err != nil {
		t.Fatal(err)
	}
	where := map[string]string{}
	for _, r := range validate.Rules() {
		if where[r.ID] != "" {
			t.Errorf("%s is in the catalogue twice", r.ID)
		}
		where[r.ID] = "judged"
	}
	var ids []string
	for _, n := range validate.NotJudgedRules() {
		if where[n.ID] != "" {
			t.Errorf("%s is not judged, and is also %s", n.ID, where[n.ID])
		}
		where[n.ID] = "not judged"
		ids = append(ids, n.ID)
		if n.Title == "" || n.Reason == "" {
			t.Errorf("%s is not judged and has title %q and reason %q, want both", n.ID, n.Title, n.Reason)
		}
	}
	if !slices.IsSorted(ids) {
		t.Errorf("the ids not judged are not sorted: %v", ids)
	}
	known := strings.Fields(string(data))
	for _, id := range known {
		if where[id] == "" {
			t.Errorf("%s is neither judged nor among those with a reason not to be", id)
		}
		delete(where, id)
	}
	for id := range where {
		t.Errorf("%s is not in testdata/ids.txt", id)
	}
}
