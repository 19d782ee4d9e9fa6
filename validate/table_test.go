package validate_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/validate"
)

// A findingsTest wants every finding of an input, of every severity, as "rule path".
type findingsTest struct {
	name   string
	reason string
	on     string            // the base, a file of testdata/bases
	set    map[string]string // members by path, in JSON
	want   []string
	// only is one rule that the findings are of, judged strictly.
	only string
}

func runFindings(t *testing.T, tests []findingsTest) {
	t.Helper()
	for _, test := range tests {
		if test.name == "" || test.reason == "" {
			t.Fatalf("a row needs a name and a reason: %+v", test)
		}
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			if test.only == "" {
				got = found(judge(t, test.on, raw(test.set)))
			} else {
				for _, f := range judge(t, test.on, raw(test.set), validate.Strict()) {
					if f.Rule == test.only {
						got = append(got, f.Rule+" "+f.Path)
					}
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s: findings (-want +got):\n%s", test.reason, diff)
			}
		})
	}
}
