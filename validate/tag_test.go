package validate_test

import "testing"

func TestTagsAndConsumables(t *testing.T) {
	t.Parallel()
	const (
		def    = "definition."
		sub    = "submission."
		list   = "consumableResourceProperties.consumableResourceList"
		nodes  = "nodeProperties.nodeRangeProperties[0]." + list
		change = "consumableResourcePropertiesOverride.consumableResourceList"
	)
	runFindings(t, []findingsTest{
		{
			name: "tag without a key", reason: "a path has no empty step", on: "submit",
			set: map[string]string{sub + "tags": `{"":"a"}`}, want: []string{"TAG002 tags"},
		},
		{
			name: "tag without a value", reason: "the value may be empty", on: "submit",
			set: map[string]string{sub + "tags": `{"a":""}`},
		},
		{
			name: "scripts and spaces", reason: "letters, numbers and spaces of all scripts are allowed", on: "submit",
			set: map[string]string{sub + "tags": `{"Équipe":"é","數據":"Ⅷ ½","नमस्ते":"a\u00a0b"}`},
		},
		{
			name: "characters that are neither", reason: "each tag is named", on: "submit",
			set:  map[string]string{sub + "tags": `{"a":"x\ny","b":"50%","c*":"a","d":"😀"}`},
			want: []string{"TAG004 tags.a", "TAG004 tags.b", "TAG004 tags.c*", "TAG004 tags.d"},
		},
		{
			name: "array of tagged jobs", reason: "the children go without", on: "submit-multinode", only: "TAG006",
			set: map[string]string{sub + "tags": `{"a":"b"}`}, want: []string{"TAG006 tags"},
		},
		{
			name: "consumables of nodes", reason: "each range has a list of its own", on: "multinode",
			set: map[string]string{def + nodes: `[{"consumableResource":"a"},{"quantity":1},{"consumableResource":"a b","quantity":-1}]`},
			want: []string{
				"CR004 " + nodes + "[0].quantity", "CR003 " + nodes + "[1].consumableResource",
				"CR003 " + nodes + "[2].consumableResource", "CR004 " + nodes + "[2].quantity",
			},
		},
		{
			name: "consumables of a submission", reason: "the same rules, and every repetition", on: "submit",
			set:  map[string]string{sub + change: `[{"consumableResource":"a","quantity":1},{"consumableResource":"a","quantity":1},{"consumableResource":"a","quantity":1}]`},
			want: []string{"CR002 " + change + "[1].consumableResource", "CR002 " + change + "[2].consumableResource"},
		},
		{
			name: "array of a definition with consumables", reason: "each child takes them", on: "submit-container-ec2", only: "CR006",
			set:  map[string]string{def + list: `[{"consumableResource":"a","quantity":1}]`, sub + "arrayProperties.size": `4`},
			want: []string{"CR006 arrayProperties"},
		},
		{
			name: "array that takes none of its definition's", reason: "the override is empty", on: "submit-container-ec2", only: "CR006",
			set: map[string]string{
				def + list: `[{"consumableResource":"a","quantity":1}]`, sub + change: `[]`, sub + "arrayProperties.size": `4`,
			},
		},
		{
			name: "nodes with consumables", reason: "each range takes them", on: "submit-multinode", only: "CR006",
			set:  map[string]string{def + nodes: `[{"consumableResource":"a","quantity":1}]`},
			want: []string{"CR006 "},
		},
	})
}
