package validate_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/batchkit/batchkit-go/validate"
)

// TestRulesHoldInNodeRanges moves the failing inputs of containers and their resources into a node range,
// where the same rules hold.
func TestRulesHoldInNodeRanges(t *testing.T) {
	t.Parallel()
	const (
		member = "containerProperties."
		inside = "nodeProperties.nodeRangeProperties[0].container."
	)
	moved := 0
	for _, c := range loadCases(t) {
		rule, ok := validate.Lookup(c.Rule)
		if !ok || c.On != "container-ec2" || !strings.HasPrefix(c.Fail.At, member) || !slices.Contains([]string{"CP", "RR", "FG"}, c.Rule[:2]) {
			continue
		}
		if c.Rule == "CP003" {
			continue // an instance type is at home in a range
		}
		moved++
		t.Run(c.Rule, func(t *testing.T) {
			t.Parallel()
			set := map[string]json.RawMessage{}
			for path, value := range c.Fail.Set {
				set[strings.Replace(path, "definition."+member, "definition."+inside, 1)] = value
			}
			var opts []validate.Option
			if rule.Uncertain || rule.Severity == validate.Info {
				opts = append(opts, validate.Strict())
			}
			at := strings.Replace(c.Fail.At, member, inside, 1)
			findings := judge(t, "multinode", set, opts...)
			if !slices.ContainsFunc(findings, func(f validate.Finding) bool { return f.Rule == c.Rule && f.Path == at }) {
				t.Errorf("%s: no %s at %q, only %v", c.Fail.Reason, c.Rule, at, findings)
			}
			for _, f := range findings.Errors() {
				if f.Rule != c.Rule {
					t.Errorf("%s: also got %v", c.Fail.Reason, f)
				}
			}
		})
	}
	if moved < 15 {
		t.Errorf("only %d cases were moved", moved)
	}
}
