package validate_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/validate"
)

// TestNodeRanges goes through sets of ranges. What is wanted are the rules found broken, the uncertain ones too.
func TestNodeRanges(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		reason string
		nodes  int
		ranges string // targetNodes of each, with blanks between
		want   []string
	}{
		{"one node", "the index is the range", 1, "0", nil},
		{"a colon", "all nodes", 7, ":", nil},
		{"no start", "it is node 0", 3, ":2", nil},
		{"single nodes", "each has its own", 3, "2 0 1", nil},
		{"one open range in another", "an acceptance test registers it", 2, "0: 1:", nil},
		{"three open ranges", "a deployed template has it", 20, "0: 11: 15:", nil},
		{"one in the other", "the reference has it as its example", 11, "0:10 4:5", nil},
		{"same start", "the shorter one lies in the other", 8, "0:7 0:3", nil},
		{"side by side", "they touch and share nothing", 21, "0:10 11:20", nil},
		{"end one too high", "a report says that it is taken", 1, "0:1", nil},
		{"five ranges", "as many as there may be", 5, "0 1 2 3 4", nil},

		{"six ranges", "one too many", 6, "0 1 2 3 4 5", []string{"MNP003"}},
		{"no ranges", "nothing to run", 2, "", []string{"MNP003"}},
		{"a word", "no digits", 2, "all", []string{"MNP004"}},
		{"a list", "no such form", 2, "0,1", []string{"MNP004"}},
		{"two colons", "no such form", 2, "0:1:2", []string{"MNP004"}},
		{"negative", "no digits", 2, "-1:1", []string{"MNP004"}},
		{"end far too high", "beyond the nodes", 4, "0:9", []string{"MNP005"}},
		{"start too high", "an open range that holds nothing", 4, "0: 4:", []string{"MNP005"}},
		{"single node too high", "beyond the nodes", 4, "0: 4", []string{"MNP005"}},
		{"number too long to read", "beyond the nodes of any job", 4, "0:99999999999999999999", []string{"MNP005"}},
		{"reversed", "no node in it", 4, "3:0", []string{"MNP006"}},
		{"reversed and too high", "one finding for one range", 4, "0: 9:8", []string{"MNP006"}},
		{"gap", "node 2 is in none", 4, "0:1 3:", []string{"MNP007"}},
		{"gap at the start", "node 0 is in none", 4, "1:", []string{"MNP007"}},
		{"gap at the end", "node 3 is in none", 4, "0:2", []string{"MNP007"}},
		{"gap hidden by another fault", "a range to be mended may well fill it", 4, "0:1 3:x", []string{"MNP004"}},
		{"gap beside a range too high", "that range may well be meant to fill it", 4, "0:2 4", []string{"MNP005"}},
		{"overlap", "which of them counts is not said", 8, "0:5 3:7", []string{"MNP008"}},
		{"overlap in one node", "it is in both", 8, "0:3 3:7", []string{"MNP008"}},
		{"twice the same", "which of them counts is not said", 4, "0: 0:", []string{"MNP008"}},
		{"twice the same in other words", "both are all nodes", 4, ": 0:3", []string{"MNP008"}},
		{"no nodes", "the ranges are judged once the number is right", 0, "0:", []string{"MNP001"}},
		{"too many nodes", "the ranges are judged once the number is right", 1001, "0:2000", []string{"MNP001"}},
	}
	for _, test := range tests {
		if test.name == "" || test.reason == "" {
			t.Fatal("a row needs a name and a reason")
		}
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			ranges := []any{}
			for target := range strings.FieldsSeq(test.ranges) {
				ranges = append(ranges, map[string]any{"targetNodes": target, "container": map[string]any{
					"image": "a", "resourceRequirements": []map[string]string{{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "512"}},
				}})
			}
			list, err := json.Marshal(ranges)
			if err != nil {
				t.Fatal(err)
			}
			findings := judge(t, "multinode", raw(map[string]string{
				"definition.nodeProperties.numNodes":            fmt.Sprint(test.nodes),
				"definition.nodeProperties.nodeRangeProperties": string(list),
			}), validate.Strict())
			if diff := cmp.Diff(append([]string{}, test.want...), ofAreas(findings, "MNP", "RR", "JD").Rules()); diff != "" {
				t.Errorf("%s: rules (-want +got):\n%s\n%v", test.reason, diff, findings)
			}
		})
	}
}

// TestNodes holds what ranges run to one finding for one fault. What is wanted is every error, as "rule path".
func TestNodes(t *testing.T) {
	t.Parallel()
	const (
		nodes  = "definition.nodeProperties."
		ranges = nodes + "nodeRangeProperties"
		at     = "nodeProperties.nodeRangeProperties"
		figure = `[{"type":"VCPU","value":"2"},{"type":"MEMORY","value":"4096"}]`
		task   = `{"taskProperties":[{"containers":[{"name":"a","image":"a","resourceRequirements":` + figure + `}]}]}`
		pod    = `{"podProperties":{"containers":[{"image":"a","resources":{"limits":{"cpu":"1","memory":"512Mi"}}}]}}`
	)
	tests := []struct {
		name   string
		reason string
		set    map[string]string
		want   []string
	}{
		{name: "three ranges", reason: "nothing is wrong with them"},
		{
			name: "everything absent", reason: "the rule on what is required says so",
			set:  map[string]string{"definition.nodeProperties": `{"nodeRangeProperties":[{"container":{"image":"a","resourceRequirements":` + figure + `}}]}`},
			want: []string{"JD022 nodeProperties.mainNode", "JD022 " + at + "[0].targetNodes", "JD022 nodeProperties.numNodes"},
		},
		{
			name: "negative main node", reason: "wrong whatever the number of nodes", set: map[string]string{nodes + "mainNode": `-1`, nodes + "numNodes": `null`},
			want: []string{"MNP002 nodeProperties.mainNode", "JD022 nodeProperties.numNodes"},
		},
		{
			name: "container and task", reason: "the kinds of the ranges are compared once each has one",
			set:  map[string]string{ranges + "[1].ecsProperties": task},
			want: []string{"MNP009 " + at + "[1]"},
		},
		{
			name: "task, then pod", reason: "each differs from the first range",
			set: map[string]string{
				ranges + "[1]": `{"targetNodes":"1:","ecsProperties":` + task + `}`, ranges + "[2]": `{"targetNodes":"4:5","eksProperties":` + pod + `}`,
			},
			want: []string{"MNP010 " + at + "[1]", "MNP010 " + at + "[2]"},
		},
		{
			name: "instance types of a container", reason: "they have to go, however many there are",
			set:  map[string]string{ranges + "[1].instanceTypes": `["c7i.4xlarge","c7i.large"]`},
			want: []string{"MNP012 " + at + "[1].instanceTypes"},
		},
		{
			name: "instance type of a task", reason: "it is compared with those of containers",
			set: map[string]string{
				ranges: `[{"targetNodes":"0","instanceTypes":["c7i.large"],"ecsProperties":` + task + `},{"targetNodes":"1:","instanceTypes":["c7i.xlarge"],"ecsProperties":` + task + `}]`,
			},
			want: []string{"MNP013 " + at + "[1].instanceTypes[0]"},
		},
		{
			name: "no figure anywhere", reason: "the rule on figures of containers says so, of each range",
			set: map[string]string{
				ranges: `[{"targetNodes":"0","container":{"image":"a","resourceRequirements":[{"type":"VCPU","value":"1"}]}},{"targetNodes":"1:","container":{"image":"a","resourceRequirements":[{"type":"VCPU","value":"1"}]}}]`,
			},
			want: []string{"RR002 " + at + "[0].container.resourceRequirements", "RR002 " + at + "[1].container.resourceRequirements"},
		},
		{
			name: "figures in older members", reason: "they count",
			set: map[string]string{ranges + "[0].container.resourceRequirements": `null`, ranges + "[0].container.vcpus": `1`, ranges + "[0].container.memory": `512`},
		},
		{
			name: "a figure for some of the nodes", reason: "the inner range gives it to two of them only",
			set: map[string]string{
				ranges + "[1].container.resourceRequirements": `[{"type":"VCPU","value":"1"}]`,
			},
			want: []string{"MNP019 " + at + "[1].container.resourceRequirements"},
		},
		{
			name: "a range that ends one too high", reason: "there is no such node to give a figure to",
			set: map[string]string{
				ranges: `[{"targetNodes":"0:10","container":{"image":"a"}},{"targetNodes":"0:9","container":{"image":"a","resourceRequirements":` + figure + `}}]`,
			},
		},
		{
			name: "a type with a typo", reason: "the figure is not missing", set: map[string]string{ranges + "[0].container.resourceRequirements[0].type": `"vcpu"`},
			want: []string{"RR003 " + at + "[0].container.resourceRequirements[0].type"},
		},
	}
	for _, test := range tests {
		if test.name == "" || test.reason == "" {
			t.Fatal("a row needs a name and a reason")
		}
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, found(judge(t, "multinode-ranges", raw(test.set)).Errors())); diff != "" {
				t.Errorf("%s: findings (-want +got):\n%s", test.reason, diff)
			}
		})
	}
}

// ofAreas keeps the findings of rules whose ids begin so.
func ofAreas(findings validate.Findings, areas ...string) validate.Findings {
	var out validate.Findings
	for _, f := range findings {
		for _, area := range areas {
			if strings.HasPrefix(f.Rule, area) {
				out = append(out, f)
			}
		}
	}
	return out
}
